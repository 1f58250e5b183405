//! The outermost fields of an ONNX file.
//!
//! ONNX has no magic bytes: it is known by the fields that its protobuf message has.

use std::io::{self, Read, Seek};

use crate::bytes::fault::{Fault, FaultKind};
use crate::bytes::input::Input;
use crate::words::grouped;

/// How many outermost fields are looked at. Real files have some ten.
const MAX_FIELDS: usize = 1000;

/// How far the outermost fields could be followed.
pub(crate) struct Shape {
    /// Whether version and graph are where ONNX has them.
    pub(crate) is_onnx: bool,
    /// The field that runs over the end of the file: where it ends by its own length.
    pub(crate) missing: Option<u64>,
}

/// Follows the outermost fields. Reads nothing but their tags and lengths. Under a name that promises ONNX, every message that
/// protobuf reads counts: fields in any order, unknown ones among them, as onnxruntime takes them. Under another name only
/// what exporters write does, as a stray graph may stand in other bytes.
pub(crate) fn fields<R: Read + Seek>(input: &mut Input<R>, is_named: bool) -> io::Result<Shape> {
    const NOT: Shape = Shape { is_onnx: false, missing: None };
    let mut stream = input.stream(0);
    let mut has_graph = false;
    for number in 0..MAX_FIELDS {
        if stream.remaining() == 0 {
            break;
        }
        let Some(tag) = varint(&mut stream)? else { break };
        let (field, wire) = (tag >> 3, tag & 7);
        match wire {
            0 => {
                let Some(value) = varint(&mut stream)? else { break };
                // Field 1, a number: the version of the format.
                if number == 0 && !is_named && (field != 1 || !(1..=32).contains(&value)) {
                    return Ok(NOT);
                }
            }
            _ if field == 0 || (number == 0 && !is_named) => break,
            1 => stream.skip(8),
            5 => stream.skip(4),
            2 => {
                let Some(length) = varint(&mut stream)? else { break };
                let mut left = length;
                if field == 7 && length > 0 && !has_graph {
                    // The graph's own first field: node, name, initializer, doc_string, or a list of values.
                    let first = stream.bytes(1)?.and_then(|bytes| bytes.first().copied());
                    left = length - 1;
                    has_graph =
                        is_named || matches!(first, Some(0x0A | 0x12 | 0x2A | 0x52 | 0x5A | 0x62 | 0x6A | 0x72 | 0x7A));
                    if !has_graph {
                        return Ok(NOT);
                    }
                }
                if left > stream.remaining() {
                    let missing = has_graph.then(|| stream.position().saturating_add(left));
                    return Ok(Shape { is_onnx: has_graph, missing });
                }
                stream.skip(left);
            }
            _ => break,
        }
    }
    Ok(Shape { is_onnx: has_graph, missing: None })
}

/// The fault of a file that ends inside one of its fields.
pub(crate) fn cut_short(size: u64, promised: u64) -> Fault {
    let message = format!("the model needs at least {} bytes, the file has {}", grouped(promised), grouped(size));
    let help =
        "Upload the file again from the original. It was cut short, for example by a broken upload or a full disk.";
    Fault::new(FaultKind::CutShort, message, help).at(size)
}

pub(in crate::weights) fn varint<R: Read + Seek>(
    stream: &mut crate::bytes::input::Stream<'_, R>,
) -> io::Result<Option<u64>> {
    // A negative number takes all ten bytes; what does not fit into 64 bits is dropped, as protobuf's readers do.
    let mut value = 0_u64;
    for shift in (0..70).step_by(7) {
        let Some([byte]) = stream.array::<1>()? else { return Ok(None) };
        value |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

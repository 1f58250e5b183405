//! From bytes to what a model says, one field at a time.

use std::collections::HashSet;
use std::io::{self, Read, Seek};

use super::super::Tensor;
use super::domains::Owner;
use super::frame::varint;
use super::{
    External, MAX_DEPTH, MAX_FETCHED_BYTES, MAX_FIELDS, MAX_KEPT_BYTES, MAX_NAME_BYTES, MAX_OPERATORS, MAX_TENSORS,
    Onnx, type_bits, type_name,
};
use crate::bytes::fault::{Fault, FaultKind, Faults, Stop, shown};
use crate::bytes::input::{Input, Stream};
use crate::words::grouped;

const NOT_CHECKED: &str = "The rest of the file was not checked.";
const DAMAGED: &str = "Export the file again. Readers reject it, so loading fails.";

/// How many dimensions are kept of a tensor; ONNX sets no limit, and runtimes stop at eight.
const MAX_RANK: usize = 64;

/// The messages that are entered, with what is gathered of each until it ends.
enum Message {
    Model,
    Graph,
    Node {
        operator: String,
        domain: String,
    },
    /// Its tensor may come in several pieces, which protobuf merges.
    Attribute {
        tensor: Option<Box<TensorParts>>,
    },
    Tensor(Box<TensorParts>),
    /// Its values and their indices may, too.
    Sparse {
        values: Option<Box<TensorParts>>,
        indices: Option<Box<TensorParts>>,
    },
    Function {
        name: String,
        domain: String,
    },
    Opset {
        domain: String,
        version: u64,
    },
    /// A key and its value; whose they are, the message around says.
    Pair {
        key: String,
        value: String,
    },
    Training,
}

#[derive(Default)]
struct TensorParts {
    tensor: Tensor,
    /// The number of its type; see [`type_name`].
    kind: u64,
    is_external: bool,
    external: External,
    /// As written: readers want a number.
    offset: Option<String>,
    length: Option<String>,
    /// Stands among the weights of a graph, not in an attribute.
    is_weight: bool,
    /// How many bytes stand in the file.
    raw: Option<u64>,
    /// Which field of the message around it this is, where a later piece of the same field is a part of it.
    piece_of: Option<u64>,
}

/// A message that is being read: where it ends, and what was gathered.
struct Open {
    end: u64,
    message: Message,
}

/// Reads a whole model, and the reason where that was not possible. A file that is cut short at its outermost level is reported
/// by [`super::fields`]; here it is read as far as it goes.
pub(crate) fn read<R: Read + Seek>(input: &mut Input<R>) -> io::Result<(Onnx, Vec<Fault>)> {
    let end = input.size();
    let mut reader = Reader {
        stream: input.stream(0),
        onnx: Onnx::default(),
        open: vec![Open { end, message: Message::Model }],
        defined: HashSet::new(),
        kept: 0,
        fields: 0,
        faults: Faults::default(),
    };
    match reader.walk() {
        Ok(()) => {}
        Err(Stop::Fault(fault)) => reader.faults.push(*fault),
        Err(Stop::Io(error)) => return Err(error),
    }
    let Reader { mut onnx, defined, faults, .. } = reader;
    onnx.operators.retain(|operator, _| !defined.contains(operator));
    Ok((onnx, faults.into_vec()))
}

struct Reader<'i, R> {
    stream: Stream<'i, R>,
    onnx: Onnx,
    open: Vec<Open>,
    /// Domain and name of the functions that the file brings along.
    defined: HashSet<(String, String)>,
    kept: usize,
    fields: u64,
    faults: Faults,
}

impl<R: Read + Seek> Reader<'_, R> {
    fn walk(&mut self) -> Result<(), Stop> {
        while let Some(open) = self.open.last() {
            let at = self.stream.position();
            if at >= open.end {
                if at > open.end {
                    return Err(damaged(format!("a field runs over the end of its message at byte {}", open.end), at));
                }
                self.leave();
                continue;
            }
            self.fields += 1;
            if self.fields > MAX_FIELDS || self.stream.fetched() > MAX_FETCHED_BYTES {
                let message = "the model has more parts than are read";
                return Err(Fault::new(FaultKind::Limit, message, NOT_CHECKED).into());
            }
            let end = open.end;
            let tag = self.number(at)?;
            let (field, wire) = (tag >> 3, tag & 7);
            match wire {
                0 => {
                    let value = self.number(at)?;
                    self.take_number(field, value);
                }
                1 => self.stream.skip(8),
                5 => self.stream.skip(4),
                2 => {
                    let length = self.number(at)?;
                    let start = self.stream.position();
                    let stop = start.checked_add(length).filter(|stop| *stop <= end);
                    let Some(stop) = stop else {
                        // Told by the outermost fields.
                        if self.open.len() == 1 {
                            return Ok(());
                        }
                        let message =
                            format!("a field of {length} bytes at byte {at} runs over the end of its message");
                        return Err(damaged(message, at));
                    };
                    self.take_bytes(field, length, stop)?;
                }
                _ => return Err(damaged(format!("there is no field of a protobuf message at byte {at}"), at)),
            }
        }
        Ok(())
    }

    fn number(&mut self, at: u64) -> Result<u64, Stop> {
        match varint(&mut self.stream)? {
            Some(number) => Ok(number),
            None => Err(damaged(format!("the number at byte {at} has no end"), at)),
        }
    }

    /// Takes a field that is a number.
    fn take_number(&mut self, field: u64, value: u64) {
        let Some(open) = self.open.last_mut() else { return };
        match (&mut open.message, field) {
            (Message::Model, 1) => self.onnx.ir_version = value,
            (Message::Opset { version, .. }, 2) => *version = value,
            (Message::Tensor(parts), 1) if parts.tensor.shape.len() < MAX_RANK => parts.tensor.shape.push(value),
            (Message::Tensor(parts), 2) => parts.kind = value,
            (Message::Tensor(parts), 14) => parts.is_external = value == 1,
            _ => {}
        }
    }

    /// Takes a field that has a length: enters it, keeps it or skips it.
    fn take_bytes(&mut self, field: u64, length: u64, stop: u64) -> Result<(), Stop> {
        if let Some(Open { message: Message::Tensor(parts), .. }) = self.open.last_mut()
            && field == 9
        {
            parts.raw = Some(length);
        }
        let Some(open) = self.open.last() else { return Ok(()) };
        let entered = match (&open.message, field) {
            (Message::Model, 7) | (Message::Attribute { .. }, 6 | 11) | (Message::Training, 1 | 2) => Message::Graph,
            (Message::Model, 20) => Message::Training,
            (Message::Model, 25) => Message::Function { name: String::new(), domain: String::new() },
            (Message::Model, 8) => Message::Opset { domain: String::new(), version: 0 },
            (Message::Model, 14) | (Message::Tensor(_), 13) => {
                Message::Pair { key: String::new(), value: String::new() }
            }
            (Message::Graph, 1) | (Message::Function { .. }, 7) => {
                Message::Node { operator: String::new(), domain: String::new() }
            }
            (Message::Node { .. }, 5) | (Message::Function { .. }, 11) => Message::Attribute { tensor: None },
            (Message::Graph, 5) => Message::Tensor(Box::new(TensorParts { is_weight: true, ..TensorParts::default() })),
            (Message::Attribute { .. }, 10) => Message::Tensor(Box::default()),
            (Message::Attribute { .. }, 5) | (Message::Sparse { .. }, 1 | 2) => Message::Tensor(self.piece(field)),
            (Message::Graph, 15) | (Message::Attribute { .. }, 22 | 23) => {
                Message::Sparse { values: None, indices: None }
            }
            _ => return self.take_text(field, length),
        };
        if self.open.len() >= MAX_DEPTH {
            let message = format!("graphs are nested more than {MAX_DEPTH} levels deep");
            return Err(Fault::new(FaultKind::Limit, message, NOT_CHECKED).into());
        }
        self.open.push(Open { end: stop, message: entered });
        Ok(())
    }

    /// Takes a string or a list of numbers, if it is one that matters.
    fn take_text(&mut self, field: u64, length: u64) -> Result<(), Stop> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        let in_model = matches!(open.message, Message::Model);
        let target = match (&mut open.message, field) {
            (Message::Model, 2 | 3) => &mut self.onnx.producer,
            (Message::Node { operator, .. }, 4) => operator,
            (Message::Node { domain, .. }, 7) => domain,
            (Message::Function { name, .. }, 1) => name,
            (Message::Function { domain, .. }, 10) | (Message::Opset { domain, .. }, 1) => domain,
            (Message::Pair { key, .. }, 1) => key,
            (Message::Pair { value, .. }, 2) => value,
            (Message::Tensor(parts), 8) => &mut parts.tensor.name,
            (Message::Tensor(parts), 1) => {
                let end = self.stream.position().saturating_add(length);
                while self.stream.position() < end && parts.tensor.shape.len() < MAX_RANK {
                    let Some(size) = varint(&mut self.stream)? else { break };
                    parts.tensor.shape.push(size);
                }
                self.stream.skip(end.saturating_sub(self.stream.position()));
                return Ok(());
            }
            _ => {
                self.stream.skip(length);
                return Ok(());
            }
        };
        let keep = length.min(MAX_NAME_BYTES as u64);
        if let Some(bytes) = self.stream.bytes(keep as usize)? {
            let text = String::from_utf8_lossy(bytes);
            // Of a repeated field the last one counts; the version follows the name of the program.
            if in_model && field == 3 && !target.is_empty() && target.len() < MAX_NAME_BYTES {
                target.push(' ');
                target.push_str(&text);
            } else {
                *target = text.into_owned();
            }
        }
        self.stream.skip(length - keep);
        Ok(())
    }

    /// Whether there is room to keep so many more bytes.
    fn has_room(&mut self, bytes: usize) -> bool {
        self.kept = self.kept.saturating_add(bytes);
        self.kept <= MAX_KEPT_BYTES
    }

    /// Ends the innermost message and keeps what it said.
    fn leave(&mut self) {
        let Some(open) = self.open.pop() else { return };
        match open.message {
            Message::Node { operator, domain } => {
                self.onnx.nodes += 1;
                let is_foreign = Owner::of(&domain, &operator) != Owner::Everywhere;
                let key = (domain, operator);
                if is_foreign && (self.onnx.operators.len() < MAX_OPERATORS || self.onnx.operators.contains_key(&key)) {
                    *self.onnx.operators.entry(key).or_default() += 1;
                }
            }
            Message::Function { name, domain } if self.has_room(64 + name.len() + domain.len()) => {
                self.defined.insert((domain, name));
            }
            Message::Opset { domain, version } if self.onnx.opsets.len() < MAX_OPERATORS => {
                self.onnx.opsets.push((domain, version));
            }
            Message::Pair { key, value } => self.pair(key, value),
            Message::Tensor(parts) => {
                let around = self.open.last_mut().map(|open| &mut open.message);
                match around.and_then(|around| around.pieces(parts.piece_of?)) {
                    Some(pieces) => *pieces = Some(parts),
                    None => self.tensor(*parts),
                }
            }
            Message::Attribute { tensor } => tensor.into_iter().for_each(|parts| self.tensor(*parts)),
            Message::Sparse { values, indices } => {
                values.into_iter().chain(indices).for_each(|parts| self.tensor(*parts));
            }
            _ => {}
        }
    }

    /// What was read of the tensor in this field of the innermost message.
    fn piece(&mut self, field: u64) -> Box<TensorParts> {
        let before = self.open.last_mut().and_then(|open| open.message.pieces(field)).and_then(Option::take);
        before.unwrap_or_else(|| Box::new(TensorParts { piece_of: Some(field), ..TensorParts::default() }))
    }

    fn pair(&mut self, key: String, value: String) {
        let has_room = self.has_room(64 + key.len() + value.len());
        let Some(Open { message, .. }) = self.open.last_mut() else { return };
        match message {
            Message::Tensor(parts) => match key.as_str() {
                "location" => parts.external.location = value,
                "offset" => parts.offset = Some(value),
                "length" => parts.length = Some(value),
                _ => {}
            },
            _ if has_room => self.onnx.metadata.push((key, value)),
            _ => {}
        }
    }

    fn tensor(&mut self, mut parts: TensorParts) {
        parts.check(&mut self.faults);
        let TensorParts { mut tensor, kind, is_external, mut external, is_weight, .. } = parts;
        // A location counts where the tensor says so; without the word, readers take the bytes in the file.
        if is_external && self.has_room(80 + external.location.len() + tensor.name.len()) {
            external.tensor.clone_from(&tensor.name);
            self.onnx.external.push(external);
        }
        if !is_weight {
            return;
        }
        let (dtype, elements) = (type_name(kind), tensor.elements());
        tensor.dtype = dtype.into();
        self.onnx.tensor_count += 1;
        self.onnx.parameters = self.onnx.parameters.saturating_add(elements);
        let sum = self.onnx.elements.entry(dtype).or_default();
        *sum = sum.saturating_add(elements);
        let size = 80 + tensor.name.len() + 8 * tensor.shape.len();
        if self.onnx.tensors.len() < MAX_TENSORS && self.has_room(size) {
            self.onnx.tensors.push(tensor);
        }
    }
}

impl TensorParts {
    /// Says where the tensor contradicts itself, and takes its place in another file as numbers.
    fn check(&mut self, faults: &mut Faults) {
        let name = shown(&self.tensor.name);
        let mut wrong = |kind, message: String| {
            faults.push(Fault::new(kind, message, DAMAGED).tensor(self.tensor.name.as_str()));
        };
        if let Some(negative) = self.tensor.shape.iter().map(|size| size.cast_signed()).find(|size| *size < 0) {
            return wrong(
                FaultKind::Size,
                format!("{name} has a dimension of {negative}, and no dimension is below 0"),
            );
        }
        let needed = self.needed();
        let bytes = needed.unwrap_or_default();
        match self.raw.filter(|_| self.is_weight && !self.is_external) {
            Some(raw) if needed.is_some_and(|needed| needed != raw) => {
                let message = format!("{name} needs {} bytes by its shape, and has {}", grouped(bytes), grouped(raw));
                wrong(FaultKind::Size, message);
            }
            _ => {}
        }
        if !self.is_external {
            return;
        }
        self.external.needed = needed;
        self.external.offset = self.offset.as_deref().and_then(whole);
        self.external.length = self.length.as_deref().and_then(whole);
        let stated = [("offset", &self.offset, self.external.offset), ("length", &self.length, self.external.length)];
        if self.external.location.is_empty() {
            wrong(FaultKind::Field, format!("the bytes of {name} are in another file, which is not named"));
        } else if let Some((key, Some(text), _)) =
            stated.iter().find(|(_, text, value)| text.is_some() && value.is_none())
        {
            let message =
                format!("the {key} of {name} in its data file is {}, which is not a number from 0 up", shown(text));
            wrong(FaultKind::Field, message);
        } else if let (Some(length), true) = (self.external.length.filter(|length| *length > 0), needed.is_some())
            && length != bytes
        {
            let message =
                format!("{name} needs {} bytes by its shape, and {} are stated", grouped(bytes), grouped(length));
            wrong(FaultKind::Size, message);
        }
    }

    /// How many bytes type and shape need.
    fn needed(&self) -> Option<u64> {
        let shape = Some(&self.tensor.shape).filter(|shape| shape.len() < MAX_RANK)?;
        if shape.contains(&0) {
            return Some(0);
        }
        let elements = shape.iter().try_fold(1_u64, |product, size| product.checked_mul(*size))?;
        Some(elements.checked_mul(type_bits(self.kind)?)?.div_ceil(8))
    }
}

/// A number as Python's `int` takes it.
fn whole(text: &str) -> Option<u64> {
    text.trim().replace('_', "").parse().ok()
}

impl Message {
    /// The place of the tensor whose pieces stand in this field.
    fn pieces(&mut self, field: u64) -> Option<&mut Option<Box<TensorParts>>> {
        match (self, field) {
            (Self::Attribute { tensor }, 5) => Some(tensor),
            (Self::Sparse { values, .. }, 1) => Some(values),
            (Self::Sparse { indices, .. }, 2) => Some(indices),
            _ => None,
        }
    }
}

fn damaged(message: String, at: u64) -> Stop {
    Fault::new(FaultKind::Syntax, message, DAMAGED).at(at).into()
}

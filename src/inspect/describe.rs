//! From a file's bytes to what is said of it.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek};

use super::text::{cut, entry};
use super::{Imported, Inspected, MAX_ENTRIES, Wanted, is_opaque, opcodes, producer};
use crate::bytes::{Format, Input};
use crate::source::RepoPath;
use crate::weights::gguf::{Gguf, Value};
use crate::weights::onnx::Onnx;
use crate::weights::safetensors::Header;
use crate::weights::scan::UnreadPart;
use crate::weights::{Contents, Role, Tensor, Weight, examine, tensors};

impl Inspected {
    /// Reads what one file of `size` bytes is; none where it is not a weight file and could hold none: a text, a picture, a
    /// vocabulary. `wanted` says what is listed, and `beside` how many
    /// bytes a file has that this one names.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn read<R: Read + Seek>(
        path: &RepoPath,
        mut reader: R,
        size: u64,
        wanted: Wanted,
        beside: &dyn Fn(&str) -> Option<u64>,
    ) -> io::Result<Option<Self>> {
        let mut weight = examine(path, &mut reader, size)?;
        let more = weight.beside(path, beside);
        weight.faults.extend(more);
        if !weight.is_about_weights(path) {
            return Ok(None);
        }
        let mut inspected = Self::new(path, size, &weight);
        inspected.metadata.extend(producer::metadata(&weight, &mut reader)?);
        let mut input = Input::new(&mut reader, size)?;
        if let Some(tensors) = tensors(&mut input, &weight, wanted.tensors)? {
            inspected.count(&tensors);
            inspected.tensors = if wanted.tensors { tensors } else { Vec::new() };
        }
        if let Contents::Onnx(onnx) = &weight.contents {
            // The header counts more tensors than are listed.
            inspected.tensor_count = Some(onnx.tensor_count);
            inspected.parameters = Some(onnx.parameters);
            inspected.dtypes = by_frequency(onnx.elements.iter().map(|(name, count)| ((*name).to_owned(), *count)));
        }
        if wanted.opcodes {
            opcodes::list(&mut inspected, &weight, &mut reader)?;
        }
        Ok(Some(inspected))
    }

    fn new(path: &RepoPath, size: u64, weight: &Weight) -> Self {
        let promised = weight.expected.and_then(|formats| formats.first()).copied();
        let mut inspected = Self {
            path: path.to_string(),
            size,
            format: weight.format,
            named: weight.named.filter(|named| {
                named.role == Role::Weights && (is_opaque(weight.format) || weight.format == Format::Text)
            }),
            also: weight.also.clone(),
            promised: promised.filter(|_| weight.is_disguised()),
            is_misnamed: weight.is_misnamed(path),
            pointer: None,
            tensor_count: None,
            parameters: None,
            dtypes: Vec::new(),
            tensors: Vec::new(),
            metadata: Vec::new(),
            faults: weight.faults.clone(),
            active: weight.active.clone(),
            imports: None,
            unseen: weight.unseen(),
            unread: weight.pickles.unread.iter().map(unread).collect(),
            opcodes: Vec::new(),
            opcodes_left_out: None,
        };
        if !weight.pickles.found.is_empty() {
            let each = weight.pickles.found.iter().flat_map(|pickle| {
                pickle.scan.imports.list().iter().map(|import| Imported {
                    member: pickle.member.clone(),
                    in_file: pickle.in_file,
                    import: import.clone(),
                })
            });
            inspected.imports = Some(each.collect());
        }
        match &weight.contents {
            Contents::Pointer(pointer) => inspected.pointer = Some((pointer.sha256.clone(), pointer.size)),
            Contents::Safetensors(header) => inspected.metadata = safetensors_metadata(header),
            Contents::Gguf(gguf) => inspected.metadata = gguf_metadata(gguf),
            Contents::Npy(npy) if npy.fortran_order => inspected.metadata.push(entry("order", "column-major")),
            Contents::Onnx(onnx) => inspected.metadata = onnx_metadata(onnx),
            _ => {}
        }
        inspected
    }

    /// Counts tensors and their elements by type. Elements of a type without a name are not counted.
    fn count(&mut self, tensors: &[Tensor]) {
        let mut dtypes: BTreeMap<&str, u64> = BTreeMap::new();
        for tensor in tensors.iter().filter(|tensor| !tensor.dtype.is_empty()) {
            let sum = dtypes.entry(&tensor.dtype).or_default();
            *sum = sum.saturating_add(tensor.elements());
        }
        self.tensor_count = Some(tensors.len() as u64);
        self.parameters = Some(dtypes.values().fold(0, |sum: u64, count| sum.saturating_add(*count)));
        self.dtypes = by_frequency(dtypes.into_iter().map(|(dtype, count)| (cut(dtype), count)));
    }
}

fn safetensors_metadata(header: &Header) -> Vec<(String, String)> {
    header.metadata().take(MAX_ENTRIES).map(|(key, value)| entry(&key, &value)).collect()
}

fn gguf_metadata(gguf: &Gguf) -> Vec<(String, String)> {
    // The rest is the tokenizer's and the architecture's, in hundreds of lines.
    let general = gguf.metadata.iter().filter(|(key, _)| key.starts_with("general."));
    let shown = general.filter_map(|(key, value)| Some(entry(key, &text(value)?))).take(MAX_ENTRIES);
    std::iter::once(entry("GGUF version", &gguf.version.to_string())).chain(shown).collect()
}

fn onnx_metadata(onnx: &Onnx) -> Vec<(String, String)> {
    let mut metadata = vec![entry("IR version", &onnx.ir_version.to_string())];
    if !onnx.producer.is_empty() {
        metadata.push(entry("producer", &onnx.producer));
    }
    let opsets = onnx.opsets.iter().map(|(domain, version)| entry("opset", format!("{domain} {version}").trim()));
    metadata.extend(opsets.take(MAX_ENTRIES));
    metadata.extend(onnx.metadata.iter().take(MAX_ENTRIES).map(|(key, value)| entry(key, value)));
    metadata
}

/// `archive/data.pkl, byte 12: the pickle ends before its STOP`
fn unread(part: &UnreadPart) -> String {
    let member = part.member.as_ref().map(|member| format!("{member}, ")).unwrap_or_default();
    format!("{member}byte {}: {}", part.unread.at, part.unread.why)
}

/// The most frequent first; among equals by name.
fn by_frequency(dtypes: impl IntoIterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut dtypes: Vec<(String, u64)> = dtypes.into_iter().collect();
    dtypes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    dtypes
}

/// A value on one line; none for a long list, which is only counted by its reader.
fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Unsigned(number) => number.to_string(),
        Value::Signed(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::String(text) => text.clone(),
        Value::Strings(texts) => texts.join(", "),
        Value::Array(_) => return None,
    })
}

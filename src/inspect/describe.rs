//! From a file's bytes to what is said of it.

use std::collections::BTreeMap;
use std::io::{self, Read, Seek};

use super::{Imported, Inspected, MAX_ENTRIES, MAX_VALUE_BYTES, Tensor, Wanted, opcodes, producer};
use crate::bytes::{Format, Input};
use crate::source::RepoPath;
use crate::weights::gguf::{Gguf, Value};
use crate::weights::npy::Npy;
use crate::weights::onnx::{self, Onnx};
use crate::weights::safetensors::Header;
use crate::weights::scan::UnreadPart;
use crate::weights::{Contents, Weight, examine, npz, torch};

impl Inspected {
    /// Reads what one file of `size` bytes is; none where it is no weight file and could hold none: a text, a picture, a
    /// vocabulary. `wanted` says what is listed.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn read<R: Read + Seek>(path: &RepoPath, mut reader: R, size: u64, wanted: Wanted) -> io::Result<Option<Self>> {
        let weight = examine(path, &mut reader, size)?;
        let is_other = weight.format.is_text() || weight.format == Format::Unknown;
        if is_other && weight.expected.is_none() && weight.format != Format::LfsPointer {
            return Ok(None);
        }
        // A pointer to anything but weights is a picture or a vocabulary.
        let is_named = weight.expected.is_some()
            || ["bin", "model", "ot", "nemo", "skops", "pte"].contains(&path.extension().as_ref());
        if weight.format == Format::LfsPointer && !is_named {
            return Ok(None);
        }
        let mut inspected = Self::new(path, size, &weight, wanted.tensors);
        inspected.metadata.extend(producer::metadata(&weight, &mut reader)?);
        let mut input = Input::new(&mut reader, size)?;
        if let Some(tensors) = torch::tensors(&mut input, &weight, wanted.tensors)? {
            inspected.torch(tensors, wanted.tensors);
        }
        if let (Contents::Zip(directory), Format::Npz) = (&weight.contents, weight.format) {
            inspected.npz(&npz::arrays(&mut input, directory)?, wanted.tensors);
        }
        if wanted.opcodes {
            opcodes::list(&mut inspected, &weight, &mut reader)?;
        }
        Ok(Some(inspected))
    }

    fn new(path: &RepoPath, size: u64, weight: &Weight, list: bool) -> Self {
        let promised = weight.expected.and_then(|formats| formats.first()).copied();
        let mut inspected = Self {
            path: path.to_string(),
            size,
            format: weight.format,
            also: weight.also.clone(),
            promised: promised.filter(|_| weight.is_disguised()),
            pointer: None,
            tensor_count: None,
            parameters: None,
            dtypes: Vec::new(),
            tensors: Vec::new(),
            metadata: Vec::new(),
            faults: weight.faults.clone(),
            active: weight.active.clone(),
            imports: None,
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
            Contents::Safetensors(header) => inspected.safetensors(header, list),
            Contents::Gguf(gguf) => inspected.gguf(gguf, list),
            Contents::Npy(npy) => inspected.npy(npy, size, list),
            Contents::Onnx(onnx) => inspected.onnx(onnx, list),
            _ => {}
        }
        inspected
    }

    fn safetensors(&mut self, header: &Header, list: bool) {
        self.tensor_count = Some(header.len() as u64);
        self.parameters = Some(header.parameters());
        self.dtypes = by_frequency(header.dtypes().into_iter().map(|(dtype, count)| (dtype.name().to_owned(), count)));
        self.metadata = header.metadata().take(MAX_ENTRIES).map(|(key, value)| entry(&key, &value)).collect();
        if list {
            self.tensors = header
                .tensors()
                .map(|tensor| Tensor {
                    name: tensor.name.into_owned(),
                    dtype: tensor.dtype.map(|dtype| dtype.name().to_owned()).unwrap_or_default(),
                    shape: tensor.shape,
                    range: Some(tensor.range),
                })
                .collect();
        }
    }

    fn gguf(&mut self, gguf: &Gguf, list: bool) {
        self.tensor_count = Some(gguf.tensors.len() as u64);
        self.parameters = Some(gguf.parameters());
        let mut dtypes: BTreeMap<String, u64> = BTreeMap::new();
        for tensor in &gguf.tensors {
            let sum = dtypes.entry(gguf_type(tensor)).or_default();
            *sum = sum.saturating_add(tensor.elements().unwrap_or(u64::MAX));
        }
        self.dtypes = by_frequency(dtypes);
        self.metadata.push(("GGUF version".to_owned(), gguf.version.to_string()));
        // The rest is the tokenizer's and the architecture's, in hundreds of lines.
        let general = gguf.metadata.iter().filter(|(key, _)| key.starts_with("general."));
        let shown = general.filter_map(|(key, value)| Some(entry(key, &text(value)?)));
        self.metadata.extend(shown.take(MAX_ENTRIES));
        if list {
            let place = |tensor: &crate::weights::gguf::Tensor| {
                let start = gguf.data_start?.checked_add(tensor.offset)?;
                Some(start..start.checked_add(tensor.bytes()?)?)
            };
            self.tensors = gguf
                .tensors
                .iter()
                .map(|tensor| Tensor {
                    name: tensor.name.clone(),
                    dtype: gguf_type(tensor),
                    shape: tensor.dimensions.clone(),
                    range: place(tensor),
                })
                .collect();
        }
    }

    fn onnx(&mut self, onnx: &Onnx, list: bool) {
        self.tensor_count = Some(onnx.tensor_count);
        self.parameters = Some(onnx.parameters);
        self.dtypes = by_frequency(onnx.elements.iter().map(|(name, count)| ((*name).to_owned(), *count)));
        self.metadata.push(("IR version".to_owned(), onnx.ir_version.to_string()));
        if !onnx.producer.is_empty() {
            self.metadata.push(entry("producer", &onnx.producer));
        }
        let opsets = onnx.opsets.iter().map(|(domain, version)| entry("opset", format!("{domain} {version}").trim()));
        self.metadata.extend(opsets.take(MAX_ENTRIES));
        self.metadata.extend(onnx.metadata.iter().take(MAX_ENTRIES).map(|(key, value)| entry(key, value)));
        if list {
            let tensor = |tensor: &onnx::Tensor| Tensor {
                name: tensor.name.clone(),
                dtype: onnx::type_name(tensor.kind).to_owned(),
                shape: tensor.dimensions.clone(),
                range: None,
            };
            self.tensors = onnx.tensors.iter().map(tensor).collect();
        }
    }

    fn torch(&mut self, tensors: Vec<torch::Tensor>, list: bool) {
        let of_file = |tensor: torch::Tensor| Tensor {
            name: tensor.name,
            dtype: tensor.dtype,
            shape: tensor.shape,
            range: tensor.range,
        };
        self.count(tensors.into_iter().map(of_file).collect(), list);
    }

    fn npz(&mut self, arrays: &[npz::Array], list: bool) {
        let of_member = |array: &npz::Array| Tensor {
            name: array.name.clone(),
            dtype: cut(&array.header.descr),
            shape: array.header.shape.clone(),
            range: array.range(),
        };
        self.count(arrays.iter().map(of_member).collect(), list);
    }

    /// Counts tensors, and keeps them where they are wanted.
    fn count(&mut self, tensors: Vec<Tensor>, list: bool) {
        let elements = |tensor: &Tensor| tensor.shape.iter().fold(1_u64, |product, size| product.saturating_mul(*size));
        let mut dtypes: BTreeMap<String, u64> = BTreeMap::new();
        for tensor in &tensors {
            let sum = dtypes.entry(tensor.dtype.clone()).or_default();
            *sum = sum.saturating_add(elements(tensor));
        }
        self.tensor_count = Some(tensors.len() as u64);
        self.parameters = Some(dtypes.values().fold(0, |sum: u64, count| sum.saturating_add(*count)));
        self.dtypes = by_frequency(dtypes);
        if list {
            self.tensors = tensors;
        }
    }

    fn npy(&mut self, npy: &Npy, size: u64, list: bool) {
        let elements = npy.shape.iter().fold(1_u64, |product, size| product.saturating_mul(*size));
        self.tensor_count = Some(1);
        self.parameters = Some(elements);
        self.dtypes = vec![(cut(&npy.descr), elements)];
        if npy.fortran_order {
            self.metadata.push(("order".to_owned(), "column-major".to_owned()));
        }
        if list {
            let range = Some(npy.start..size);
            self.tensors =
                vec![Tensor { name: String::new(), dtype: cut(&npy.descr), shape: npy.shape.clone(), range }];
        }
    }
}

/// `archive/data.pkl, byte 12: the pickle ends before its STOP`
fn unread(part: &UnreadPart) -> String {
    let member = part.member.as_ref().map(|member| format!("{member}, ")).unwrap_or_default();
    format!("{member}byte {}: {}", part.unread.at, part.unread.why)
}

fn gguf_type(tensor: &crate::weights::gguf::Tensor) -> String {
    tensor.kind.name().map_or_else(|| format!("type {}", tensor.kind.0), str::to_owned)
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

pub(super) fn entry(key: &str, value: &str) -> (String, String) {
    (cut(key), cut(value))
}

/// The start of a long text.
fn cut(text: &str) -> String {
    if text.len() <= MAX_VALUE_BYTES {
        return text.to_owned();
    }
    format!("{}…", text.get(..text.floor_char_boundary(MAX_VALUE_BYTES)).unwrap_or_default())
}

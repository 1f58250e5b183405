//! The header of a safetensors file, read strictly.
//!
//! Accepts exactly what the reference reader (the `safetensors` crate) accepts, and says more: where it refuses, in
//! words for the person that uploaded the file; and what it lets pass although other tools do not (repeated names, unknown
//! fields, control characters), as faults that do not break loading. Costs what the header costs: the header's text
//! stays as one buffer, and a tensor is a few numbers that point into it.

mod dtype;
mod layout;
mod parse;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Read, Seek};

pub use dtype::Dtype;

use super::Tensor;
use crate::bytes::fault::{Fault, FaultKind, Faults};
use crate::bytes::input::{Input, u64_at};
use crate::source::json::{Dialect, EventKind, Parser};
use crate::words::grouped;

/// The longest header that the reference reader accepts, in bytes.
pub const MAX_HEADER_BYTES: u64 = 100_000_000;

/// The longest header that is read here, in bytes: more than the Hub reads (25 MB, hub-docs), and little enough that
/// a hostile file cannot swell the process.
pub const READ_HEADER_BYTES: u64 = 26_000_000;

/// What a safetensors header says.
#[derive(Clone, Debug)]
pub struct Header {
    text: String,
    tensors: Vec<Entry>,
    metadata: Vec<(u32, u32)>,
}

/// A tensor as numbers: offsets in the header's text and in the file's bytes after the header.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Offset of the name's opening quote.
    name: u32,
    /// Offset of the shape's opening bracket.
    shape: u32,
    dtype: Option<Dtype>,
    begin: u64,
    end: u64,
}

impl Header {
    /// Reads the header of a file. Gives it when its JSON could be read to its end, and everything that is wrong.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn read<R: Read + Seek>(input: &mut Input<R>) -> io::Result<(Option<Self>, Vec<Fault>)> {
        let mut faults = Faults::default();
        let header = Self::read_into(input, &mut faults)?;
        Ok((header, faults.into_vec()))
    }

    fn read_into<R: Read + Seek>(input: &mut Input<R>, faults: &mut Faults) -> io::Result<Option<Self>> {
        let size = input.size();
        let Some(length) = u64_at(input.head(), 0) else {
            let message = format!("the file has {size} bytes, and the length of the header alone takes 8");
            faults.push(Fault::new(FaultKind::CutShort, message, "Upload the file again. It was cut short.").at(size));
            return Ok(None);
        };
        let present = size - 8;
        if length > MAX_HEADER_BYTES {
            let message = format!(
                "the first 8 bytes announce a header of {} bytes, and readers accept at most {}",
                grouped(length),
                grouped(MAX_HEADER_BYTES)
            );
            faults.push(Fault::new(FaultKind::HeaderLength, message, NOT_SAFETENSORS).at(0));
            return Ok(None);
        }
        if length > present {
            let message = format!("the header promises {} bytes, the file has {}", grouped(length), grouped(present));
            faults.push(Fault::new(FaultKind::CutShort, message, CUT_SHORT).at(size));
            return Ok(None);
        }
        if length > READ_HEADER_BYTES {
            let message = format!(
                "the header has {} bytes, and only headers up to {} bytes are read",
                grouped(length),
                grouped(READ_HEADER_BYTES)
            );
            faults.push(Fault::new(FaultKind::Limit, message, TOO_LONG).at(0));
            return Ok(None);
        }
        let bytes = input.read(8, length as usize)?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = 8 + error.utf8_error().valid_up_to() as u64;
                let message = format!("the header is not UTF-8 text: byte {at} of the file");
                faults.push(Fault::new(FaultKind::Syntax, message, NOT_SAFETENSORS).at(at));
                return Ok(None);
            }
        };
        let Some(mut header) = parse::parse(text, faults) else { return Ok(None) };
        layout::check(&mut header, size, faults);
        Ok(Some(header))
    }

    /// The offset of the first byte after the header.
    pub fn end(&self) -> u64 {
        8 + self.text.len() as u64
    }

    /// How many tensors there are, a repeated name counted once.
    pub fn len(&self) -> usize {
        self.tensors.len()
    }

    /// Whether there is no tensor.
    pub fn is_empty(&self) -> bool {
        self.tensors.is_empty()
    }

    /// The tensors in the order of their bytes; of a repeated name the last one, as every reader has it.
    pub fn tensors(&self) -> impl Iterator<Item = Tensor> {
        let start = self.end();
        self.tensors.iter().map(move |entry| Tensor {
            name: self.string(entry.name).into_owned(),
            dtype: entry.dtype.map_or("", Dtype::name).into(),
            shape: self.shape(entry).collect(),
            range: Some(start.saturating_add(entry.begin)..start.saturating_add(entry.end)),
        })
    }

    /// How many tensors take no bytes.
    pub fn empty_tensors(&self) -> usize {
        self.tensors.iter().filter(|entry| entry.begin == entry.end).count()
    }

    /// Whether a tensor is of a type without a name: what it counts is not known.
    pub fn has_unknown_types(&self) -> bool {
        self.tensors.iter().any(|entry| entry.dtype.is_none())
    }

    /// The names alone, in the order of the tensors.
    pub fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.tensors.iter().map(|entry| self.string(entry.name))
    }

    /// The entries of `__metadata__`, in order, repeated keys kept.
    pub fn metadata(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        self.metadata.iter().map(|(key, value)| (self.string(*key), self.string(*value)))
    }

    /// How many elements all tensors have together, at most `u64::MAX`. Packed formats store several weights in one
    /// element, so this is the number of parameters only where the types are plain numbers.
    pub fn parameters(&self) -> u64 {
        self.dtypes().values().fold(0, |sum, elements| sum.saturating_add(*elements))
    }

    /// How many elements there are of each type.
    pub fn dtypes(&self) -> BTreeMap<Dtype, u64> {
        let mut dtypes = BTreeMap::new();
        for entry in &self.tensors {
            if let Some(dtype) = entry.dtype {
                let elements = self.shape(entry).fold(1, |product: u64, size| product.saturating_mul(size));
                let sum: &mut u64 = dtypes.entry(dtype).or_default();
                *sum = sum.saturating_add(elements);
            }
        }
        dtypes
    }

    /// The bytes of all tensors together: what a shard index counts in `total_size`.
    pub fn tensor_bytes(&self) -> u64 {
        let lengths = self.tensors.iter().map(|entry| entry.end.saturating_sub(entry.begin));
        lengths.fold(0, u64::saturating_add)
    }

    /// The string whose opening quote stands at an offset of the text.
    fn string(&self, offset: u32) -> Cow<'_, str> {
        let text = self.text.get(offset as usize..).unwrap_or_default();
        match Parser::new(text, Dialect::Strict).next() {
            Some(Ok(event)) => match event.kind {
                EventKind::String(text) => text,
                _ => Cow::default(),
            },
            _ => Cow::default(),
        }
    }

    /// The sizes of the list at a tensor's shape.
    fn shape(&self, entry: &Entry) -> impl Iterator<Item = u64> {
        let text = self.text.get(entry.shape as usize..).unwrap_or_default();
        let list = text.strip_prefix('[').and_then(|text| text.split_once(']')).map_or("", |(list, _)| list);
        list.split(',').filter_map(|size| size.trim_matches([' ', '\t', '\n', '\r']).parse().ok())
    }
}

const NOT_SAFETENSORS: &str =
    "Save it again with `save_file` or `save_pretrained`. Readers reject it: it is not safetensors, or it is damaged.";

const TOO_LONG: &str = "Store fewer or larger tensors in each file. Neither this check nor the Hub reads a header \
                        this long.";

const CUT_SHORT: &str =
    "Upload the file again from the original. It was cut short, for example by a broken upload or a full disk.";

#[cfg(test)]
mod tests;

//! The header of a GGUF file: its key-value metadata and the list of its tensors.
//!
//! Versions 1 to 3, little- and big-endian. Arrays are skipped without being kept, but for short lists of strings;
//! memory is bounded by the caps below, whatever the file claims.

mod check;
mod read;
pub(crate) mod split;
mod types;

use std::io::{self, Read, Seek};
use std::ops::Range;

pub use types::TensorType;

use super::Tensor;
use crate::bytes::fault::{Fault, Faults};
use crate::bytes::input::Input;

/// How many keys are read. Real files have under a hundred.
pub const MAX_KEYS: u64 = 10_000;
/// How many tensors are read. Real files have a few thousand.
pub const MAX_TENSORS: u64 = 200_000;
/// How many bytes of one string are kept; chat templates are the longest.
pub const MAX_STRING_BYTES: usize = 1024 * 1024;
/// How many bytes of strings and names are kept in all.
pub const MAX_KEPT_BYTES: usize = 32 * 1024 * 1024;
/// How many items of an array of strings are kept; longer arrays, such as vocabularies, are only counted.
pub const MAX_LISTED_STRINGS: u64 = 64;
/// How many strings and arrays inside arrays are skipped. The largest vocabularies have a million words.
pub const MAX_PASSED_ITEMS: u64 = 5_000_000;
/// How many bytes of the file are fetched for arrays of strings.
pub const MAX_FETCHED_BYTES: u64 = 256 * 1024 * 1024;

/// What a GGUF header says.
#[derive(Clone, Debug, PartialEq)]
pub struct Gguf {
    /// 1 to 3.
    pub version: u32,
    /// Numbers are big-endian.
    pub big_endian: bool,
    /// Keys and values, in order, repeated keys kept.
    pub metadata: Vec<(String, Value)>,
    /// The tensors, in order.
    pub tensors: Vec<TensorInfo>,
    /// Where the tensors' bytes start, counted from the start of the file; none where the header could not be read to
    /// its end.
    pub data_start: Option<u64>,
}

/// A value of the metadata.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// u8, u16, u32 or u64.
    Unsigned(u64),
    /// i8, i16, i32 or i64.
    Signed(i64),
    /// f32 or f64.
    Float(f64),
    /// bool.
    Bool(bool),
    /// A string; bytes that are not UTF-8 read as U+FFFD, and what exceeds [`MAX_STRING_BYTES`] is left out.
    String(String),
    /// A short array of strings.
    Strings(Vec<String>),
    /// Any other array: how many items it has.
    Array(u64),
}

impl Value {
    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// About how many bytes of memory it takes.
    pub(crate) fn held_bytes(&self) -> usize {
        let texts = match self {
            Self::String(text) => text.len(),
            Self::Strings(texts) => texts.iter().map(|text| 24 + text.len()).sum(),
            _ => 0,
        };
        32 + texts
    }

    /// A whole number from 0 up.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Unsigned(number) => Some(*number),
            Self::Signed(number) => u64::try_from(*number).ok(),
            _ => None,
        }
    }
}

/// What the header says of one tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorInfo {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: TensorType,
    /// Its dimensions, the fastest one first; at most four in a good file.
    pub dimensions: Vec<u64>,
    /// Where its bytes start, counted from [`Gguf::data_start`].
    pub offset: u64,
}

impl TensorInfo {
    /// How many elements it has; none where they are too many to count.
    pub fn elements(&self) -> Option<u64> {
        if self.dimensions.contains(&0) {
            return Some(0);
        }
        self.dimensions.iter().try_fold(1_u64, |product, size| product.checked_mul(*size))
    }

    /// How many bytes it takes; none where its type is unknown, or they are too many to count.
    pub fn bytes(&self) -> Option<u64> {
        let (elements, bytes) = self.kind.block()?;
        self.elements()?.div_ceil(elements).checked_mul(bytes)
    }
}

impl Gguf {
    /// Reads the header of a file, and everything that is wrong with it. None where the version is unknown.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn read<R: Read + Seek>(input: &mut Input<R>) -> io::Result<(Option<Self>, Vec<Fault>)> {
        let mut faults = Faults::default();
        let gguf = read::read(input, &mut faults)?;
        if let Some(gguf) = &gguf {
            check::check(gguf, input.size(), &mut faults);
        }
        Ok((gguf, faults.into_vec()))
    }

    /// The value of a key; the first one where a key is repeated, as llama.cpp has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.metadata.iter().find(|(found, _)| found == key).map(|(_, value)| value)
    }

    /// How many elements all tensors have together, at most `u64::MAX`: the number of parameters.
    pub fn parameters(&self) -> u64 {
        let elements = self.tensors.iter().map(|tensor| tensor.elements().unwrap_or(u64::MAX));
        elements.fold(0, u64::saturating_add)
    }

    /// The tensors, with the places of their bytes where those are known.
    pub fn tensors(&self) -> impl Iterator<Item = Tensor> {
        self.tensors.iter().map(|info| Tensor {
            name: info.name.clone(),
            dtype: info.kind.label(),
            shape: info.dimensions.clone(),
            range: self.place(info),
        })
    }

    fn place(&self, info: &TensorInfo) -> Option<Range<u64>> {
        let start = self.data_start?.checked_add(info.offset)?;
        Some(start..start.checked_add(info.bytes()?)?)
    }

    /// What every tensor's offset is a multiple of.
    pub fn alignment(&self) -> u64 {
        const DEFAULT: u64 = 32;
        self.get("general.alignment").and_then(Value::as_u64).filter(|bytes| *bytes > 0).unwrap_or(DEFAULT)
    }
}

#[cfg(test)]
mod tests;

//! ONNX: a protobuf message that contains a graph of operators and its weights.
//!
//! Read as a stream: tags and lengths are followed with an explicit stack, weights are skipped by seeking, and what is
//! kept is bounded by the caps below. Sub-graphs (the branches of `If`, the body of `Loop`), functions and training graphs
//! are walked as the main graph is. Which operators exist is not known here, only whose they are: a domain.

mod beside;
mod domains;
mod frame;
mod read;

use std::collections::BTreeMap;

pub(super) use beside::beside;
pub(super) use domains::in_onnx;
pub(super) use frame::{cut_short, fields, varint};
pub(super) use read::read;

use super::Tensor;

/// How many weights are listed; of the others only the sums are known.
pub const MAX_TENSORS: usize = 100_000;
/// How many bytes of one name or path are kept.
pub const MAX_NAME_BYTES: usize = 4096;
/// How many bytes of memory are kept in all. A path to another file beyond it is lost, and no real model has such.
pub const MAX_KEPT_BYTES: usize = 32 * 1024 * 1024;
/// How many messages may lie within each other. A sub-graph takes four levels.
pub const MAX_DEPTH: usize = 200;
/// How many fields are followed. A graph of a hundred thousand operators has some two million.
pub const MAX_FIELDS: u64 = 20_000_000;
/// How many bytes of the file are fetched, without the weights that are skipped.
pub const MAX_FETCHED_BYTES: u64 = 512 * 1024 * 1024;
/// How many kinds of operators of foreign domains are kept.
pub const MAX_OPERATORS: usize = 1000;

/// What an ONNX file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Onnx {
    /// The version of the format.
    pub ir_version: u64,
    /// The program that wrote it, with its version: `pytorch 2.15.0`.
    pub producer: String,
    /// The operator sets it needs: domain (empty for ONNX's own) and version.
    pub opsets: Vec<(String, u64)>,
    /// `metadata_props`, in order.
    pub metadata: Vec<(String, String)>,
    /// How many operators there are, in all graphs and functions.
    pub nodes: u64,
    /// The operators that are not ONNX's own and not defined in the file: domain and name, and how often each is used.
    pub operators: BTreeMap<(String, String), u64>,
    /// The weights: initializers of all graphs, in order.
    pub tensors: Vec<Tensor>,
    /// How many weights there are, those that are not listed included.
    pub tensor_count: u64,
    /// How many elements all weights have together, at most `u64::MAX`.
    pub parameters: u64,
    /// Elements by number type, as [`type_name`] spells it.
    pub elements: BTreeMap<&'static str, u64>,
    /// Tensors of any kind whose bytes lie in another file.
    pub external: Vec<External>,
}

/// Where the bytes of a tensor lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct External {
    /// The tensor.
    pub tensor: String,
    /// How many bytes it has by its type and shape; none where that is not known.
    pub needed: Option<u64>,
    /// The file, relative to the model's folder, as it is written.
    pub location: String,
    /// The first byte; none where nothing is said.
    pub offset: Option<u64>,
    /// How many bytes; none where nothing is said.
    pub length: Option<u64>,
}

impl Onnx {
    /// About how many bytes of memory it takes.
    pub(super) fn held_bytes(&self) -> usize {
        let tensors: usize = self.tensors.iter().map(|t| 72 + t.name.len() + 8 * t.shape.len()).sum();
        let external: usize = self.external.iter().map(|found| 80 + found.tensor.len() + found.location.len()).sum();
        let metadata: usize = self.metadata.iter().map(|(key, value)| 48 + key.len() + value.len()).sum();
        tensors + external + metadata
    }
}

/// The name of a number type (onnx.proto, `TensorProto.DataType`, onnx 1.23), in the spelling of safetensors where that has the type.
pub fn type_name(kind: u64) -> &'static str {
    match kind {
        1 => "F32",
        2 => "U8",
        3 => "I8",
        4 => "U16",
        5 => "I16",
        6 => "I32",
        7 => "I64",
        8 => "STRING",
        9 => "BOOL",
        10 => "F16",
        11 => "F64",
        12 => "U32",
        13 => "U64",
        14 => "C64",
        15 => "C128",
        16 => "BF16",
        17 => "F8_E4M3",
        18 => "F8_E4M3FNUZ",
        19 => "F8_E5M2",
        20 => "F8_E5M2FNUZ",
        21 => "U4",
        22 => "I4",
        23 => "F4",
        24 => "F8_E8M0",
        25 => "U2",
        26 => "I2",
        _ => "unknown",
    }
}

/// Bits of one number of a type; none for strings and unknown types.
pub(super) fn type_bits(kind: u64) -> Option<u64> {
    Some(match kind {
        2 | 3 | 9 | 17..=20 | 24 => 8,
        4 | 5 | 10 | 16 => 16,
        1 | 6 | 12 => 32,
        7 | 11 | 13 | 14 => 64,
        15 => 128,
        21..=23 => 4,
        25 | 26 => 2,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;

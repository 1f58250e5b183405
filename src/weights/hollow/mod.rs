//! Weight files that are sound and contain nothing: no tensors, tensors without elements, matrices of zero bytes.
//!
//! The first two follow from the header. For the third a few KiB of a few matrices are read ([`zeros`]), within a
//! number of reads that all files of a repository share. What is rightly zero or without elements is not counted:
//! biases, norms, masks, the second half of an adapter before training, state that a library stores as no bytes.

mod matrices;
mod zeros;

use std::io::{self, Read, Seek};

use super::expected::is_torch_bin;
use super::gguf::{Gguf, Value};
use super::safetensors::Header;
use super::scan::is_storage;
use super::{Contents, Tensor, Weight};
use crate::bytes::zip::Directory;
use crate::bytes::{Format, Input};
use crate::source::RepoPath;

/// How many reads all files of one repository may cost together: one for each layer of the largest models, and some for what
/// turns out to be zero.
pub const MAX_READS: usize = 512;

/// Why a file says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hollow {
    /// It has no tensors.
    NoTensors,
    /// So many of its tensors have no elements.
    NoElements {
        /// The first of them; none where only the storages of a checkpoint were looked at.
        first: Option<String>,
        /// How many there are.
        count: usize,
        /// How many tensors there are in all.
        of: usize,
    },
    /// Its matrices are zero bytes, wherever they were read.
    ZeroFile {
        /// How many were read.
        count: usize,
    },
    /// All matrices of some layers are zero bytes, wherever they were read.
    ZeroLayers {
        /// The first of these layers.
        first: String,
        /// How many there are.
        count: usize,
    },
}

/// Looks whether a sound file says anything. `reads` is what the repository may still cost.
///
/// # Errors
/// What the reader reports.
pub fn hollow<R: Read + Seek>(
    path: &RepoPath,
    reader: R,
    size: u64,
    weight: &Weight,
    reads: &mut usize,
) -> io::Result<Option<Hollow>> {
    if weight.is_disguised() || weight.faults.iter().any(|fault| fault.breaks) {
        return Ok(None);
    }
    let input = &mut Input::without_head(reader, size);
    match (&weight.contents, weight.format) {
        (Contents::Safetensors(header), _) => match in_safetensors(header) {
            None => zeros::in_tensors(input, header.tensors(), reads),
            found => Ok(found),
        },
        (Contents::Gguf(gguf), _) if gguf.tensors.is_empty() => {
            Ok((!is_without_tensors_by_design(path, gguf)).then_some(Hollow::NoTensors))
        }
        (Contents::Gguf(gguf), _) => zeros::in_tensors(input, gguf.tensors(), reads),
        (Contents::Zip(directory), Format::TorchZip) if is_checkpoint(path) => match in_torch(directory) {
            None => zeros::in_storages(input, directory, reads),
            found => Ok(found),
        },
        (Contents::Zip(directory), Format::Zip) if is_archive_of_arrays(path) && directory.members.is_empty() => {
            Ok(Some(Hollow::NoTensors))
        }
        _ => Ok(None),
    }
}

/// What the header alone says.
fn in_safetensors(header: &Header) -> Option<Hollow> {
    if header.is_empty() {
        return Some(Hollow::NoTensors);
    }
    if header.empty_tensors() == 0 {
        return None;
    }
    without_elements(header.tensors())
}

/// Placeholders as DeepSpeed's ZeRO-3 leaves them: a matrix whose shape became `[0]`. One is enough, because no layer has
/// such a shape; of other tensors without elements, most of the file must be.
fn without_elements(tensors: impl Iterator<Item = Tensor>) -> Option<Hollow> {
    // Transformer Engine stores the state of each layer as a tensor of no bytes.
    let tensors: Vec<Tensor> = tensors.filter(|tensor| !tensor.name.ends_with("_extra_state")).collect();
    let is_placeholder =
        |tensor: &Tensor| tensor.shape == [0] && tensor.name.rsplit('.').next().is_some_and(|last| last == "weight");
    let has_placeholder = tensors.iter().any(is_placeholder);
    let mut empty = tensors.iter().filter(|tensor| tensor.elements() == 0);
    let (first, count) = (empty.next()?, 1 + empty.count());
    let is_hollow = has_placeholder || count * 2 > tensors.len();
    is_hollow.then(|| Hollow::NoElements { first: Some(first.name.clone()), count, of: tensors.len() })
}

/// The storages of a checkpoint stand for its tensors: `archive/data/0`.
fn in_torch(directory: &Directory) -> Option<Hollow> {
    let storages: Vec<u64> =
        directory.members.iter().filter(|member| is_storage(&member.name)).map(|member| member.size).collect();
    let count = storages.iter().filter(|size| **size == 0).count();
    match storages.len() {
        0 => Some(Hollow::NoTensors),
        of if count * 2 > of => Some(Hollow::NoElements { first: None, count, of }),
        _ => None,
    }
}

/// A vocabulary alone, as llama.cpp tests with, and the first part of a split that keeps the metadata apart.
fn is_without_tensors_by_design(path: &RepoPath, gguf: &Gguf) -> bool {
    let parts = gguf.get("split.count").and_then(Value::as_u64).unwrap_or(0);
    parts > 1 || path.name().to_ascii_lowercase().contains("vocab")
}

/// A name that only checkpoints of a whole model or adapter have. A `.pt` may be any object that torch saves.
fn is_checkpoint(path: &RepoPath) -> bool {
    let name = path.name().to_ascii_lowercase();
    match name.rsplit_once('.') {
        Some((stem, "bin")) => is_torch_bin(stem),
        Some((stem, "pt" | "pth" | "ckpt")) => ["model", "pytorch_model", "state_dict"].contains(&stem),
        _ => false,
    }
}

fn is_archive_of_arrays(path: &RepoPath) -> bool {
    ["weights.npz", "model.npz"].contains(&path.name().to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests;

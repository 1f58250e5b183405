//! The tensors of a file, whatever its format.
//!
//! Each reader says name, type, dimensions and, where the bytes stand in the file as they are, their place: safetensors and
//! GGUF from their header, ONNX from the message (its reader looks up no place), torch from the values of the pickle and the
//! storages, numpy from the header of each array. HDF5, Flax, TensorFlow Lite and GGML have no reader. A new format is a
//! file of its own, a line in `examine` and a line here.

use std::io::{self, Read, Seek};

use super::{Contents, Tensor, Weight, npz, torch};
use crate::bytes::{Format, Input};

/// The tensors of a file, in its order; none where the format has no reader, or the reader could not follow the file.
/// With `places`, torch's storages are looked up as well: a small read for each.
///
/// # Errors
/// What the file's reader reports.
pub fn tensors<R: Read + Seek>(input: &mut Input<R>, weight: &Weight, places: bool) -> io::Result<Option<Vec<Tensor>>> {
    Ok(match (&weight.contents, weight.format) {
        (Contents::Safetensors(header), _) => Some(header.tensors().collect()),
        (Contents::Gguf(gguf), _) => Some(gguf.tensors().collect()),
        (Contents::Onnx(onnx), _) => Some(onnx.tensors.clone()),
        (Contents::Npy(npy), _) => Some(vec![npy.tensor(input.size())]),
        (Contents::Zip(directory), Format::Npz) => Some(npz::tensors(input, directory)?),
        _ => torch::tensors(input, weight, places)?,
    })
}

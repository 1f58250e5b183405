//! The superblock of an HDF5 file.

mod objects;

use std::io::{self, Read, Seek};

pub(super) use objects::check as check_objects;

use crate::bytes::Format;
use crate::bytes::fault::{Fault, FaultKind};
use crate::bytes::input::{HEAD_BYTES, Input};
use crate::words::grouped;

const SIGNATURE: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Where the superblock starts: at 0, or after a user block of 512, 1024, 2048, … bytes. Beyond the head of the file it
/// is only looked for where `far` is set: a small read for each doubling of the file.
pub(super) fn find<R: Read + Seek>(input: &mut Input<R>, far: bool) -> io::Result<Option<u64>> {
    let mut at = 0_u64;
    while at < input.size() {
        if at >= HEAD_BYTES as u64 && !far {
            break;
        }
        if input.read(at, SIGNATURE.len())? == SIGNATURE {
            return Ok(Some(at));
        }
        at = if at == 0 { 512 } else { at.saturating_mul(2) };
    }
    Ok(None)
}

/// Whether Keras wrote it: its attribute names stand in the root object, near the start. Keras writes other files that
/// do not show it this cheaply.
pub(super) fn kind<R: Read + Seek>(input: &mut Input<R>, start: u64) -> io::Result<Format> {
    let near = input.read(start, HEAD_BYTES)?;
    let names = [b"keras_version\0".as_slice(), b"layer_names\0".as_slice(), b"model_config\0".as_slice()];
    let is_keras = names.iter().any(|name| near.windows(name.len()).any(|window| window == *name));
    Ok(if is_keras { Format::KerasHdf5 } else { Format::Hdf5 })
}

/// Compares the end of the file with the one that the superblock promises, as the HDF5 library does on opening.
pub(super) fn check<R: Read + Seek>(input: &mut Input<R>, start: u64) -> io::Result<Option<Fault>> {
    let block = input.read(start, 64)?;
    // Version, then the width of offsets and the place of the end address (base, one more address, end).
    let (width_at, base_at) = match block.get(8) {
        Some(0) => (13, 24),
        Some(1) => (13, 28),
        Some(2 | 3) => (9, 12),
        _ => return Ok(None),
    };
    let Some(width @ (2 | 4 | 8)) = block.get(width_at).copied().map(usize::from) else { return Ok(None) };
    let Some(field) = block.get(base_at + 2 * width..base_at + 3 * width) else { return Ok(None) };
    let end = field.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    let undefined = field.iter().all(|byte| *byte == 0xFF);
    if undefined || end <= input.size() {
        return Ok(None);
    }
    let message = format!("the file promises {} bytes and has {}", grouped(end), grouped(input.size()));
    let help = "Upload the file again from the original. It was cut short, so HDF5 readers reject it.";
    Ok(Some(Fault::new(FaultKind::CutShort, message, help).at(input.size())))
}

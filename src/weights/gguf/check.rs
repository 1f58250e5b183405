//! Whether names are unique and the tensors' bytes are there.

use std::collections::HashSet;
use std::ops::Range;

use super::Gguf;
use crate::bytes::fault::{Fault, FaultKind, Faults, shown};
use crate::words::grouped;

const DAMAGED: &str = "Convert the file again from the original weights. Readers reject it, so loading fails.";

/// The longest name of a tensor in bytes that ggml keeps: `GGML_MAX_NAME` is 64, a closing zero included.
const MAX_NAME: usize = 63;

/// The longest key in bytes (GGUF specification).
const MAX_KEY: usize = 65_535;

/// Checks what was read against itself and the size of the file. Nothing is said about tensors of unknown types.
pub(super) fn check(gguf: &Gguf, size: u64, faults: &mut Faults) {
    let mut seen = HashSet::new();
    for (key, _) in gguf.metadata.iter().filter(|(key, _)| !seen.insert(key.as_str())) {
        faults.push(Fault::new(FaultKind::Duplicate, format!("the key {} occurs twice", shown(key)), DAMAGED));
    }
    for (key, _) in gguf.metadata.iter().filter(|(key, _)| key.is_empty() || key.len() > MAX_KEY) {
        let message =
            format!("the key {} has {} bytes, and must have 1 to {MAX_KEY}", shown(key), grouped(key.len() as u64));
        faults.push(Fault::new(FaultKind::Name, message, DAMAGED).tolerated());
    }
    check_alignment(gguf, faults);
    let mut seen = HashSet::new();
    for tensor in gguf.tensors.iter().filter(|tensor| !seen.insert(tensor.name.as_str())) {
        let message = format!("the tensor {} occurs twice", shown(&tensor.name));
        faults.push(Fault::new(FaultKind::Duplicate, message, DAMAGED).tensor(tensor.name.as_str()));
    }
    for tensor in gguf.tensors.iter().filter(|tensor| tensor.name.len() > MAX_NAME) {
        let length = grouped(tensor.name.len() as u64);
        let message =
            format!("the name {} has {length} bytes, and llama.cpp reads at most {MAX_NAME}", shown(&tensor.name));
        faults.push(Fault::new(FaultKind::Name, message, DAMAGED).tensor(tensor.name.as_str()));
    }
    let Some(start) = gguf.data_start else { return };
    let alignment = gguf.alignment();
    // The tensor that reaches farthest stands for all that are cut off: one cause, one fault.
    let mut farthest: Option<(u64, &str)> = None;
    let mut ranges: Vec<(Range<u64>, &str)> = Vec::new();
    for tensor in &gguf.tensors {
        let name = shown(&tensor.name);
        let fault = |kind, message| Fault::new(kind, message, DAMAGED).tensor(tensor.name.as_str());
        if !tensor.offset.is_multiple_of(alignment) {
            let message =
                format!("{name} starts at byte {} of the data, which is not a multiple of {alignment}", tensor.offset);
            faults.push(fault(FaultKind::Size, message));
            continue;
        }
        if tensor.kind.is_removed() {
            let message = format!("{name} is of type {}, which was removed from the format", tensor.kind.0);
            let help = "Convert the file again from the original weights. Current readers reject it, so loading fails.";
            faults.push(Fault::new(FaultKind::Dtype, message, help).tensor(tensor.name.as_str()));
            continue;
        }
        let Some((elements, _)) = tensor.kind.block() else { continue };
        if tensor.dimensions.first().is_some_and(|row| !row.is_multiple_of(elements)) {
            let message = format!(
                "{name} has rows of {} elements, which do not fill blocks of {elements} ({})",
                grouped(tensor.dimensions.first().copied().unwrap_or_default()),
                tensor.kind.name().unwrap_or_default()
            );
            faults.push(fault(FaultKind::Size, message));
            continue;
        }
        let end = tensor.bytes().and_then(|bytes| start.checked_add(tensor.offset)?.checked_add(bytes));
        let Some(end) = end else {
            faults.push(fault(FaultKind::Size, format!("{name} claims more bytes than can be counted")));
            continue;
        };
        ranges.push((tensor.offset..end - start, tensor.name.as_str()));
        if end > size && farthest.is_none_or(|(other, _)| end > other) {
            farthest = Some((end, &tensor.name));
        }
    }
    check_overlaps(ranges, start, faults);
    if let Some((end, name)) = farthest {
        let message = format!("{} ends at byte {}, the file has {}", shown(name), grouped(end), grouped(size));
        let help =
            "Upload the file again from the original. It was cut short, for example by a broken upload or a full disk.";
        faults.push(Fault::new(FaultKind::CutShort, message, help).tensor(name).at(size));
    }
}

fn check_alignment(gguf: &Gguf, faults: &mut Faults) {
    let Some(value) = gguf.get("general.alignment") else { return };
    if !value.as_u64().is_some_and(u64::is_power_of_two) {
        let message = match value.as_u64() {
            Some(number) => format!("`general.alignment` is {number}, and must be a power of two"),
            None => "`general.alignment` is not a whole number".to_owned(),
        };
        faults.push(Fault::new(FaultKind::Field, message, DAMAGED));
    }
}

/// Each byte belongs to one tensor: llama.cpp wants them one after the other.
fn check_overlaps(mut ranges: Vec<(Range<u64>, &str)>, start: u64, faults: &mut Faults) {
    ranges.sort_unstable_by_key(|(range, _)| (range.start, range.end));
    let mut previous: Option<(Range<u64>, &str)> = None;
    for (range, name) in ranges {
        if let Some((other, other_name)) = &previous
            && range.start < other.end
            && !range.is_empty()
        {
            let message = format!(
                "{} ({}..{}) shares bytes with {} ({}..{})",
                shown(name),
                range.start,
                range.end,
                shown(other_name),
                other.start,
                other.end
            );
            let at = start.saturating_add(range.start);
            faults.push(Fault::new(FaultKind::Overlap, message, DAMAGED).tensor(name).at(at));
        }
        if previous.as_ref().is_none_or(|(other, _)| range.end >= other.end) {
            previous = Some((range, name));
        }
    }
}

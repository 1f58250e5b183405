//! Whether names are unique and the tensors' bytes are there.

use std::collections::HashSet;
use std::ops::Range;

use super::types::TypeReach;
use super::{Gguf, TensorInfo};
use crate::bytes::fault::{Fault, FaultKind, Faults, shown};
use crate::words::grouped;

const DAMAGED: &str = "Convert the file again from the original weights. Readers reject it, so loading fails.";

const ORDER: &str = "Convert the file again from the original weights. `llama.cpp` expects tensors in the order of the list, without gaps.";

const EMPTY: &str =
    "Convert the file again from the original weights. Some versions of `llama.cpp` crash on a tensor without numbers.";

/// The longest name of a tensor in bytes that ggml keeps: `GGML_MAX_NAME` is 64, a closing zero included.
const MAX_NAME: usize = 63;

/// The longest key in bytes (GGUF specification).
const MAX_KEY: usize = 65_535;

/// Checks what was read against itself and the size of the file.
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
    // The tensor that reaches farthest stands for all that are cut off: one cause, one fault.
    let mut farthest: Option<(u64, &str)> = None;
    let mut ranges: Vec<(Range<u64>, &str)> = Vec::new();
    // A tensor of a wrong size or place shifts all that follow.
    let mut is_wrong = false;
    for tensor in &gguf.tensors {
        match place(tensor, start, gguf.alignment()) {
            Ok(None) => {}
            Ok(Some(end)) => {
                ranges.push((tensor.offset..end - start, tensor.name.as_str()));
                if end > size && farthest.is_none_or(|(other, _)| end > other) {
                    farthest = Some((end, &tensor.name));
                }
            }
            Err(fault) => {
                is_wrong |= fault.breaks;
                faults.push(fault.tensor(tensor.name.as_str()));
            }
        }
    }
    for tensor in gguf.tensors.iter().filter(|tensor| tensor.dimensions.contains(&0)) {
        let message = format!("{} has a dimension of 0, so it contains no numbers", shown(&tensor.name));
        let fault = Fault::new(FaultKind::Size, message, EMPTY).tensor(tensor.name.as_str());
        faults.push(fault.tolerated());
    }
    if check_overlaps(ranges, start, faults) && !is_wrong {
        check_order(gguf, start, faults);
    }
    if let Some((end, name)) = farthest {
        let message = format!("{} ends at byte {}, the file has {}", shown(name), grouped(end), grouped(size));
        let help =
            "Upload the file again from the original. It was cut short, for example by a broken upload or a full disk.";
        faults.push(Fault::new(FaultKind::CutShort, message, help).tensor(name).at(size));
    }
}

/// Where a tensor ends in the file; none where its type has no known size. What is wrong with it, without its name's place.
fn place(tensor: &TensorInfo, start: u64, alignment: u64) -> Result<Option<u64>, Fault> {
    let name = shown(&tensor.name);
    let wrong = |message| Err(Fault::new(FaultKind::Size, message, DAMAGED));
    if let Some(negative) = tensor.dimensions.iter().map(|size| size.cast_signed()).find(|size| *size < 0) {
        return wrong(format!("{name} has a dimension of {negative}, and no dimension is below 0"));
    }
    if !tensor.offset.is_multiple_of(alignment) {
        return wrong(format!(
            "{name} starts at byte {} of the data, which is not a multiple of {alignment}",
            tensor.offset
        ));
    }
    let number = tensor.kind.0;
    match tensor.kind.reach() {
        TypeReach::Known => {}
        TypeReach::Fork => return Ok(None),
        TypeReach::Newer => {
            let message = format!("{name} is of type {number}, which is newer than what is known here");
            return Err(Fault::new(FaultKind::Limit, message, "Check this tensor by other means. It was not checked."));
        }
        TypeReach::Removed => {
            let message = format!("{name} is of type {number}, which was removed from the format");
            let help = "Convert the file again from the original weights. Current readers reject it, so loading fails.";
            return Err(Fault::new(FaultKind::Dtype, message, help));
        }
        TypeReach::Unknown => {
            let message = format!("{name} is of type {number}, which `llama.cpp` does not have");
            return Err(Fault::new(FaultKind::Dtype, message, DAMAGED));
        }
    }
    let Some((elements, _)) = tensor.kind.block() else { return Ok(None) };
    if tensor.dimensions.first().is_some_and(|row| !row.is_multiple_of(elements)) {
        return wrong(format!(
            "{name} has rows of {} elements, which do not fill blocks of {elements} ({})",
            grouped(tensor.dimensions.first().copied().unwrap_or_default()),
            tensor.kind.label()
        ));
    }
    match tensor.bytes().and_then(|bytes| start.checked_add(tensor.offset)?.checked_add(bytes)) {
        Some(end) => Ok(Some(end)),
        None => wrong(format!("{name} claims more bytes than can be counted")),
    }
}

/// Each tensor starts where the one before it in the list ends: `llama.cpp` adds up the sizes and rejects any other offset
/// (`gguf_init_from_file`). After a tensor whose size is not known, the next one is believed. One fault stands for all.
fn check_order(gguf: &Gguf, start: u64, faults: &mut Faults) {
    let alignment = gguf.alignment();
    let mut expected = Some(0);
    for tensor in &gguf.tensors {
        if let Some(expected) = expected.filter(|expected| *expected != tensor.offset) {
            let name = shown(&tensor.name);
            let message = match tensor.offset > expected {
                true => format!(
                    "{name} starts at byte {} of the data, and the tensors listed before it end at {}",
                    grouped(tensor.offset),
                    grouped(expected)
                ),
                false => format!("{name} is listed after tensors that follow it in the file"),
            };
            let fault = Fault::new(FaultKind::Leftover, message, ORDER).tensor(tensor.name.as_str());
            faults.push(fault.at(start.saturating_add(tensor.offset)));
            return;
        }
        let size = tensor.kind.stored().and_then(|_| tensor.bytes());
        let end = size.and_then(|size| tensor.offset.checked_add(size));
        expected = end.and_then(|end| end.checked_next_multiple_of(alignment));
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

/// Whether each byte belongs to one tensor.
fn check_overlaps(mut ranges: Vec<(Range<u64>, &str)>, start: u64, faults: &mut Faults) -> bool {
    let mut is_apart = true;
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
            is_apart = false;
            faults.push(Fault::new(FaultKind::Overlap, message, DAMAGED).tensor(name).at(at));
        }
        if previous.as_ref().is_none_or(|(other, _)| range.end >= other.end) {
            previous = Some((range, name));
        }
    }
    is_apart
}

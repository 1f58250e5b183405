//! Whether the tensors fill the file: no byte twice, none left over, each as large as its shape.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{CUT_SHORT, Entry, Header};
use crate::bytes::fault::{Fault, FaultKind, Faults, shown};
use crate::words::grouped;

/// Checks a header against the size of its file, and brings its tensors into the order of their bytes. Of a repeated
/// name only the last tensor remains, as in every reader.
pub(super) fn check(header: &mut Header, size: u64, faults: &mut Faults) {
    // An entry that could not be read leaves a hole that is not one.
    let complete = !faults.breaking();
    remove_repeated(header, faults);
    header.tensors.sort_by_key(|entry| (entry.begin, entry.end));
    if faults.is_full() {
        return;
    }
    for entry in &header.tensors {
        check_size(header, entry, faults);
    }
    if complete {
        check_ranges(header, size, faults);
    }
}

fn remove_repeated(header: &mut Header, faults: &mut Faults) {
    let hash = |entry: &Entry| {
        let mut hasher = DefaultHasher::new();
        header.string(entry.name).hash(&mut hasher);
        hasher.finish()
    };
    let mut hashes: Vec<(u64, u32)> =
        header.tensors.iter().enumerate().map(|(index, entry)| (hash(entry), index as u32)).collect();
    hashes.sort_unstable();
    if !hashes.windows(2).any(|pair| matches!(pair, [(first, _), (second, _)] if first == second)) {
        return;
    }
    let mut repeated = vec![false; header.tensors.len()];
    for group in hashes.chunk_by(|first, second| first.0 == second.0).filter(|group| group.len() > 1) {
        let mut names = std::collections::HashMap::new();
        for (_, index) in group {
            let Some(entry) = header.tensors.get(*index as usize) else { continue };
            let name = header.string(entry.name);
            let Some(earlier) = names.insert(name.clone(), *index) else { continue };
            if let Some(flag) = repeated.get_mut(earlier as usize) {
                *flag = true;
            }
            let range = |index: u32| {
                header
                    .tensors
                    .get(index as usize)
                    .map_or_else(String::new, |entry| format!("{}..{}", entry.begin, entry.end))
            };
            let (first, second) = (range(earlier), range(*index));
            let message = format!("the name {} occurs twice in the header ({first} and {second})", shown(&name));
            let help = "Give each tensor its own name and save the file again. Readers see only one of the two.";
            let fault = Fault::new(FaultKind::Duplicate, message, help).tensor(name);
            faults.push(fault.at(8 + u64::from(entry.name)).tolerated());
        }
    }
    let mut flags = repeated.into_iter();
    header.tensors.retain(|_| !flags.next().unwrap_or(false));
}

fn check_size(header: &Header, entry: &Entry, faults: &mut Faults) {
    let name = || header.string(entry.name);
    let (begin, end) = (entry.begin, entry.end);
    let fault = |message: String| {
        let help = "Save the file again from the original weights. Shape and bytes contradict each other, so readers reject it.";
        Fault::new(FaultKind::Size, message, help).tensor(name()).at(8 + u64::from(entry.name))
    };
    if end < begin {
        faults.push(fault(format!("{} ends at byte {end}, before it begins at byte {begin}", shown(&name()))));
        return;
    }
    let Some(dtype) = entry.dtype else { return };
    // In this order, so that an overflow before a 0 is one, as in the reference.
    let elements = header.shape(entry).try_fold(1_u64, u64::checked_mul);
    let Some(bits) = elements.and_then(|elements| elements.checked_mul(dtype.bits())) else {
        faults.push(fault(format!("the shape of {} makes more elements than can be counted", shown(&name()))));
        return;
    };
    if !bits.is_multiple_of(8) {
        let message = format!("{} of {dtype} does not fill whole bytes: {} bits", shown(&name()), grouped(bits));
        faults.push(fault(message));
    } else if end - begin != bits / 8 {
        let shape: Vec<String> = header.shape(entry).take(8).map(|size| size.to_string()).collect();
        let message = format!(
            "{} of shape [{}] in {dtype} needs {} bytes, and its range {begin}..{end} has {}",
            shown(&name()),
            shape.join(", "),
            grouped(bits / 8),
            grouped(end - begin)
        );
        faults.push(fault(message));
    }
}

fn check_ranges(header: &Header, size: u64, faults: &mut Faults) {
    let mut start = 0;
    let mut previous: Option<&Entry> = None;
    for entry in &header.tensors {
        if entry.begin > start {
            let name = header.string(entry.name);
            let before = previous.map_or("the start".to_owned(), |other| {
                format!("{} ({}..{})", shown(&header.string(other.name)), other.begin, other.end)
            });
            let message = format!(
                "{} bytes between {before} and {} ({}..{}) belong to no tensor",
                grouped(entry.begin - start),
                shown(&name),
                entry.begin,
                entry.end
            );
            let help = "Save the file again. Readers reject a file with holes, because holes can hide other content.";
            let at = header.end().saturating_add(start);
            faults.push(Fault::new(FaultKind::Leftover, message, help).tensor(name).at(at));
        } else if entry.begin < start {
            let name = header.string(entry.name);
            let other = previous.map_or_else(String::new, |other| {
                format!("{} ({}..{})", shown(&header.string(other.name)), other.begin, other.end)
            });
            let message = format!("{} ({}..{}) shares bytes with {other}", shown(&name), entry.begin, entry.end);
            let help = "Save the file again, tied weights under one name. Each tensor needs its own bytes, so readers reject this file.";
            let at = header.end().saturating_add(entry.begin);
            faults.push(Fault::new(FaultKind::Overlap, message, help).tensor(name).at(at));
        }
        if entry.end >= start {
            start = entry.end;
            previous = Some(entry);
        }
    }
    check_alignment(header, faults);
    let promised = header.end().saturating_add(start);
    if promised > size {
        let message = format!("the header promises {} bytes, the file has {}", grouped(promised), grouped(size));
        faults.push(Fault::new(FaultKind::CutShort, message, CUT_SHORT).at(size));
    } else if promised < size {
        let message = format!("{} bytes after the last tensor belong to nothing", grouped(size - promised));
        let help = "Save the file again. Readers reject a file that is longer than its header says.";
        faults.push(Fault::new(FaultKind::Leftover, message, help).at(promised));
    }
}

/// Tells the first tensor whose numbers do not start where the processor would have them: readers copy all of them. Files
/// of the format's first year have headers of any length, and open all the same.
fn check_alignment(header: &Header, faults: &mut Faults) {
    let is_off = |entry: &&Entry| {
        let bytes = entry.dtype.map_or(1, |dtype| (dtype.bits() / 8).max(1));
        entry.end > entry.begin && !header.end().saturating_add(entry.begin).is_multiple_of(bytes)
    };
    let Some((entry, dtype)) = header.tensors.iter().find(is_off).and_then(|entry| Some((entry, entry.dtype?))) else {
        return;
    };
    let name = header.string(entry.name);
    let at = header.end().saturating_add(entry.begin);
    let message = format!(
        "{} ({dtype}) starts at byte {at} of the file, which is not a multiple of {}",
        shown(&name),
        dtype.bits() / 8
    );
    let help = "Save the file again with a current `safetensors`, which pads its header. Readers copy unaligned bytes, which costs time.";
    faults.push(Fault::new(FaultKind::Alignment, message, help).tensor(name).at(at).tolerated());
}

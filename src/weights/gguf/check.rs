//! Whether names are unique and the tensors' bytes are there.

use std::collections::HashSet;

use super::super::fault::{Fault, FaultKind, Faults, count, shown};
use super::Gguf;

const DAMAGED: &str = "No reader opens the file: convert it again from the original weights.";

/// Checks what was read against itself and the size of the file. Nothing is said about tensors of unknown types.
pub(super) fn check(gguf: &Gguf, size: u64, faults: &mut Faults) {
    let mut seen = HashSet::new();
    for (key, _) in gguf.metadata.iter().filter(|(key, _)| !seen.insert(key.as_str())) {
        faults.push(Fault::new(FaultKind::Duplicate, format!("the key {} stands twice", shown(key)), DAMAGED));
    }
    let mut seen = HashSet::new();
    for tensor in gguf.tensors.iter().filter(|tensor| !seen.insert(tensor.name.as_str())) {
        let message = format!("the tensor {} stands twice", shown(&tensor.name));
        faults.push(Fault::new(FaultKind::Duplicate, message, DAMAGED).tensor(tensor.name.as_str()));
    }
    let Some(start) = gguf.data_start else { return };
    let alignment = gguf.alignment();
    // The tensor that reaches farthest stands for all that are cut off: one cause, one fault.
    let mut farthest: Option<(u64, &str)> = None;
    for tensor in &gguf.tensors {
        let name = shown(&tensor.name);
        let fault = |kind, message| Fault::new(kind, message, DAMAGED).tensor(tensor.name.as_str());
        if !tensor.offset.is_multiple_of(alignment) {
            let message = format!("{name} starts at byte {} of the data, no multiple of {alignment}", tensor.offset);
            faults.push(fault(FaultKind::Size, message));
            continue;
        }
        let Some((elements, _)) = tensor.kind.block() else { continue };
        if tensor.dimensions.first().is_some_and(|row| !row.is_multiple_of(elements)) {
            let message = format!(
                "{name} has rows of {} elements, which do not fill blocks of {elements} ({})",
                count(tensor.dimensions.first().copied().unwrap_or_default()),
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
        if end > size && farthest.is_none_or(|(other, _)| end > other) {
            farthest = Some((end, &tensor.name));
        }
    }
    if let Some((end, name)) = farthest {
        let message = format!("{} ends at byte {}, the file has {}", shown(name), count(end), count(size));
        let help = "The file was cut short, as a broken upload or a full disk leaves it: upload it again from the \
                    original.";
        faults.push(Fault::new(FaultKind::CutShort, message, help).tensor(name).at(size));
    }
}

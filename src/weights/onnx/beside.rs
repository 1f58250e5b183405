//! The files in which a model keeps the bytes of its tensors.

use std::collections::BTreeMap;

use super::{External, Onnx};
use crate::bytes::fault::{Fault, FaultKind, shown};
use crate::words::grouped;

const ABSENT: &str = "Upload this file beside the model. Without it, loading fails.";
const SHORT: &str = "Upload the data file again from the original. It was cut short, or belongs to another export.";

/// What is wrong between a model and the files beside it: one fault a file. `size` gives the bytes of a file by its path as the
/// model writes it; none where it is absent. Paths that leave the folder are for others to judge.
pub(crate) fn beside(onnx: &Onnx, size: &dyn Fn(&str) -> Option<u64>) -> Vec<Fault> {
    let mut places: BTreeMap<&str, Vec<&External>> = BTreeMap::new();
    for external in onnx.external.iter().filter(|external| !external.location.is_empty()) {
        places.entry(&external.location).or_default().push(external);
    }
    places.into_iter().filter_map(|(location, tensors)| fault(location, &tensors, size(location))).collect()
}

fn fault(location: &str, tensors: &[&External], size: Option<u64>) -> Option<Fault> {
    let first = tensors.first()?;
    let Some(size) = size else {
        let of = match tensors.len() {
            1 => format!("the bytes of {}", shown(&first.tensor)),
            count => format!("the bytes of {} tensors", grouped(count as u64)),
        };
        let message = format!("{of} are in {}, which is absent", shown(location));
        return Some(Fault::new(FaultKind::CutShort, message, ABSENT));
    };
    // The tensor that reaches farthest stands for all.
    let (end, last) = tensors.iter().map(|tensor| (end(tensor), tensor)).max_by_key(|(end, _)| *end)?;
    if end <= size {
        return None;
    }
    let message = format!(
        "{} ends at byte {} of {}, which has {}",
        shown(&last.tensor),
        grouped(end),
        shown(location),
        grouped(size)
    );
    Some(Fault::new(FaultKind::CutShort, message, SHORT).tensor(last.tensor.as_str()))
}

/// Where the bytes of a tensor end in its file.
fn end(external: &External) -> u64 {
    let length = external.length.or(external.needed).unwrap_or(0);
    external.offset.unwrap_or(0).saturating_add(length)
}

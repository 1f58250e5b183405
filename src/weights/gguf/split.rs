//! A model in several files: whether a file is the part that its name says.
//!
//! `llama.cpp` makes the names of all parts from the first one and from `split.count`, and rejects a part whose `split.no` is
//! another than its place (`llama_model_loader`, `llama_split_prefix`).

use std::collections::HashSet;

use super::{Gguf, Value};
use crate::bytes::fault::{Fault, FaultKind, shown};
use crate::words::grouped;

const RENAME: &str =
    "Name every part `NAME-00001-of-00002.gguf`, with its own numbers. `llama.cpp` finds the parts by these names.";
const AGAIN: &str = "Split the model again with `llama-gguf-split`. `llama.cpp` rejects a part with another number.";

/// What is wrong between the header and the name of its file.
pub(crate) fn check(gguf: &Gguf, name: &str) -> Option<Fault> {
    let is_named = name.to_ascii_lowercase().ends_with(".gguf");
    let count = gguf.get("split.count").and_then(Value::as_u64).filter(|count| is_named && *count > 1)?;
    let Some((number, of)) = part(name) else {
        let message = format!("the file is one of {count} parts, and its name {} does not say which", shown(name));
        return Some(Fault::new(FaultKind::Name, message, RENAME));
    };
    if of != count {
        let message = format!("`split.count` is {count}, and the name {} says {of} parts", shown(name));
        return Some(Fault::new(FaultKind::Field, message, AGAIN));
    }
    let Some(found) = gguf.get("split.no") else {
        let message = format!("`split.no` is absent, and `split.count` says {count} parts");
        return Some(Fault::new(FaultKind::Field, message, AGAIN));
    };
    match found.as_u64().and_then(|found| found.checked_add(1)) {
        Some(found) if found == number => None,
        Some(found) => {
            let message =
                format!("`split.no` is {}, and the name {} says part {number} of {of}", found - 1, shown(name));
            Some(Fault::new(FaultKind::Field, message, AGAIN))
        }
        None => Some(Fault::new(FaultKind::Field, "`split.no` is not a whole number from 0 up", AGAIN)),
    }
}

/// What is wrong between all parts of one model, which are given in their order.
pub(crate) fn check_whole(parts: &[&Gguf]) -> Option<Fault> {
    let first = parts.first()?;
    let stated = first.get("split.tensors.count").and_then(Value::as_u64);
    let found: usize = parts.iter().map(|part| part.tensors.len()).sum();
    if let Some(stated) = stated.filter(|stated| *stated != found as u64) {
        let message = format!(
            "`split.tensors.count` is {}, and the parts have {} tensors",
            grouped(stated),
            grouped(found as u64)
        );
        return Some(Fault::new(FaultKind::Field, message, AGAIN));
    }
    let mut seen = HashSet::new();
    let mut tensors = parts.iter().flat_map(|part| &part.tensors);
    let twice = tensors.find(|tensor| !seen.insert(tensor.name.as_str()))?;
    let message = format!("the tensor {} is in two parts", shown(&twice.name));
    Some(Fault::new(FaultKind::Duplicate, message, AGAIN))
}

/// The number of a part, from 1, and of how many, by the end of a file's name.
pub(crate) fn part(name: &str) -> Option<(u64, u64)> {
    let (start, of) = name.strip_suffix(".gguf")?.rsplit_once("-of-")?;
    let (_, number) = start.rsplit_once('-')?;
    let is_number = |digits: &str| digits.len() >= 5 && digits.bytes().all(|digit| digit.is_ascii_digit());
    (is_number(number) && is_number(of)).then_some((number.parse().ok()?, of.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::super::{TensorInfo, TensorType};
    use super::*;

    fn part_of(count: u64, no: Option<Value>) -> Gguf {
        let mut metadata = vec![("split.count".to_owned(), Value::Unsigned(count))];
        metadata.extend(no.map(|no| ("split.no".to_owned(), no)));
        Gguf { version: 3, big_endian: false, metadata, tensors: Vec::new(), data_start: None }
    }

    #[test]
    fn parts_have_each_tensor_once_and_all_of_them() {
        let part = |count, names: &[&str]| {
            let tensor = |name: &&str| TensorInfo {
                name: (*name).to_owned(),
                kind: TensorType(0),
                dimensions: vec![1],
                offset: 0,
            };
            let metadata = vec![("split.tensors.count".to_owned(), Value::Signed(count))];
            let tensors = names.iter().map(tensor).collect();
            Gguf { version: 3, big_endian: false, metadata, tensors, data_start: Some(0) }
        };
        let said =
            |parts: [Gguf; 2]| check_whole(&[&parts[0], &parts[1]]).map(|fault| fault.message).unwrap_or_default();
        assert_eq!(said([part(3, &["a", "b"]), part(3, &["c"])]), "");
        assert_eq!(
            said([part(4, &["a", "b"]), part(4, &["c"])]),
            "`split.tensors.count` is 4, and the parts have 3 tensors"
        );
        assert_eq!(said([part(3, &["a", "b"]), part(3, &["a"])]), "the tensor `a` is in two parts");
    }

    #[test]
    fn a_part_is_the_one_that_its_name_says() {
        let said = |name, count, no| check(&part_of(count, no), name).map(|fault| fault.message).unwrap_or_default();
        let no = |number| Some(Value::Unsigned(number));
        for (name, count, number) in [
            ("m-00001-of-00002.gguf", 2, no(0)),
            ("m-00012-of-00012.gguf", 12, Some(Value::Signed(11))),
            ("m.gguf", 1, no(0)),
            ("m.gguf", 0, None),
        ] {
            assert_eq!(said(name, count, number), "", "{name}");
        }
        assert_eq!(
            said("m-00002-of-00002.gguf", 2, no(0)),
            "`split.no` is 0, and the name `m-00002-of-00002.gguf` says part 2 of 2"
        );
        assert_eq!(
            said("m-00001-of-00003.gguf", 2, no(0)),
            "`split.count` is 2, and the name `m-00001-of-00003.gguf` says 3 parts"
        );
        assert_eq!(said("m.gguf", 2, no(0)), "the file is one of 2 parts, and its name `m.gguf` does not say which");
        assert_eq!(said("m-00001-of-00002.gguf", 2, None), "`split.no` is absent, and `split.count` says 2 parts");
        let negative = Some(Value::Signed(-1));
        assert_eq!(said("m-00001-of-00002.gguf", 2, negative), "`split.no` is not a whole number from 0 up");
    }
}

//! Whether a checkpoint's tensors fit into their storages, as torch 2.15 demands when it loads them.

use std::collections::{HashMap, HashSet};

use super::{Walk, class_of, dtype_of, element_size, size};
use crate::bytes::fault::{Fault, FaultKind, Faults, shown};
use crate::pickle::{Id, Value};
use crate::words::grouped;

const DAMAGED: &str = "Save the checkpoint again with `torch.save`. torch rejects this one.";

/// How many storages are followed.
pub(in crate::weights) const MAX_STORAGES: usize = 1024 * 1024;

/// How a checkpoint keeps its storages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::weights) enum Layout {
    /// As members of the zip around the pickle.
    Zip,
    /// The same, in a program: it may share storages with other parts of the archive.
    Script,
    /// After the pickle, in a list of their own.
    Legacy,
}

/// A storage, as a pickle asks for it.
struct Storage<'a> {
    key: &'a str,
    /// The bytes that a tensor may use.
    bytes: u64,
}

/// A problem with a tensor or a storage, said of its name.
struct Problem<'a> {
    tensor: Option<Id>,
    key: Option<&'a str>,
    kind: FaultKind,
    /// What follows the name of the tensor.
    text: String,
}

/// What is wrong between the values of a pickle and its storages. `record` gives how many bytes a storage has by its key; none
/// where it is absent.
pub(in crate::weights) fn check(
    walk: &Walk<'_, '_>,
    result: Id,
    layout: Layout,
    record: &dyn Fn(&str) -> Option<u64>,
) -> Vec<Fault> {
    let (mut storages, mut known) = (HashMap::new(), HashSet::new());
    let mut problems = Vec::new();
    for pid in walk.machine.persistent() {
        if known.insert(*pid) && problems.len() < crate::bytes::fault::MAX_FAULTS {
            match walk.storage(*pid, layout, record) {
                Ok(Some(storage)) => drop(storages.insert(*pid, storage)),
                Ok(None) => {}
                Err(problem) => problems.push(problem),
            }
        }
    }
    for id in walk.arena.ids() {
        if problems.len() >= crate::bytes::fault::MAX_FAULTS {
            break;
        }
        problems.extend(walk.view(id, &storages));
    }
    named(walk, result, problems)
}

/// A storage as a pickle describes it: the size of an element and how many there are, as far as that is known.
pub(in crate::weights) type Described = (Option<u64>, Option<u64>);

/// All storages that a pickle asks for, by key.
pub(in crate::weights) fn keys_of(walk: &Walk<'_, '_>) -> HashMap<String, Described> {
    let mut keys = HashMap::new();
    for pid in walk.machine.persistent() {
        let &[_, class, key, _, count, ..] = walk.arena.items(*pid) else { continue };
        let unit = class_of(walk.machine, class).and_then(element_size);
        if let (Some(key), true) = (walk.arena.text(key), keys.len() < MAX_STORAGES) {
            keys.entry(key.to_owned()).or_insert((unit, walk.arena.size(count)));
        }
    }
    keys
}

/// Each problem with the name of a tensor that it concerns. Names are only looked up where there is a problem.
fn named(walk: &Walk<'_, '_>, result: Id, problems: Vec<Problem<'_>>) -> Vec<Fault> {
    let mut faults = Faults::default();
    if problems.is_empty() {
        return faults.into_vec();
    }
    let (mut tensors, mut keys) = (HashMap::new(), HashMap::new());
    walk.each(result, |id, name| {
        let Some((inner, _, given)) = walk.unwrapped(id) else { return };
        if let Some(key) = given.first().and_then(|storage| walk.key(*storage)) {
            keys.entry(key).or_insert_with(|| name.clone());
        }
        tensors.entry(inner).or_insert(name);
    });
    for Problem { tensor, key, kind, text } in problems {
        let name = tensor.and_then(|id| tensors.get(&id)).or_else(|| keys.get(key?));
        let name = name.filter(|name| !name.is_empty());
        let subject = name.map_or_else(|| "a tensor".to_owned(), |name| shown(name));
        let fault = Fault::new(kind, format!("{subject} {text}"), DAMAGED);
        faults.push(match name {
            Some(name) => fault.tensor(name.as_str()),
            None => fault,
        });
    }
    faults.into_vec()
}

impl<'m> Walk<'m, '_> {
    /// The key of a storage.
    fn key(&self, storage: Id) -> Option<&'m str> {
        let Value::Persistent(pid) = self.arena.get(storage) else { return None };
        self.arena.text(*self.arena.items(pid).get(2)?)
    }

    /// The storage that a persistent id asks for; none where the pickle does not tell enough.
    fn storage(
        &self,
        pid: Id,
        layout: Layout,
        record: &dyn Fn(&str) -> Option<u64>,
    ) -> Result<Option<Storage<'m>>, Problem<'m>> {
        let items = self.arena.items(pid);
        let problem = |kind, text: String| {
            let key = items.get(2).and_then(|key| self.arena.text(*key));
            Err(Problem { tensor: None, key, kind, text })
        };
        match self.arena.get(pid) {
            Value::Tuple(_) => {}
            Value::Int(_) | Value::Text(_) | Value::None => {
                return problem(FaultKind::Field, "has a storage that is not described".to_owned());
            }
            _ => return Ok(None),
        }
        let what = items.first().map(|what| (self.arena.text(*what), self.arena.bytes(*what)));
        match what {
            Some((Some("storage"), _) | (_, Some(b"storage"))) => {}
            Some((Some("module"), _) | (_, Some(b"module"))) if layout == Layout::Legacy => return Ok(None),
            Some((Some(other), _)) => {
                return problem(FaultKind::Field, format!("is in {}, where torch knows storages", shown(other)));
            }
            _ => return Ok(None),
        }
        let wanted = if layout == Layout::Legacy { 6 } else { 5 };
        if items.len() != wanted {
            let text = format!("has a storage that is described by {} values, and torch reads {wanted}", items.len());
            return problem(FaultKind::Field, text);
        }
        let &[_, class, key, _, count, ..] = items else { return Ok(None) };
        let (Some(class), Some(key)) = (self.class(class), self.arena.text(key)) else { return Ok(None) };
        let Some(unit) = element_size(class) else {
            return if self.is_torch_class(items.get(1).copied()) {
                problem(FaultKind::Dtype, format!("has a storage of type {}, which torch does not have", shown(class)))
            } else {
                Ok(None)
            };
        };
        let Some(count) = self.integer(count) else { return Ok(None) };
        let Some(bytes) = u64::try_from(count).ok().and_then(|count| count.checked_mul(unit)) else {
            return problem(FaultKind::Size, format!("has a storage of {count} elements"));
        };
        if layout == Layout::Legacy {
            return Ok(Some(Storage { key, bytes: self.part(items.get(5).copied(), unit, bytes).unwrap_or(bytes) }));
        }
        match (record(key), layout) {
            (Some(found), Layout::Zip) if found != bytes => {
                let text = format!(
                    "has a storage of {} bytes, and its record `data/{}` has {}",
                    grouped(bytes),
                    key.chars().take(MAX_KEY).collect::<String>(),
                    grouped(found)
                );
                problem(FaultKind::Size, text)
            }
            (Some(found), _) => Ok(Some(Storage { key, bytes: found })),
            (None, Layout::Zip) => {
                let key: String = key.chars().take(MAX_KEY).collect();
                problem(FaultKind::CutShort, format!("is in the record `data/{key}`, which is absent"))
            }
            (None, _) => Ok(Some(Storage { key, bytes })),
        }
    }

    /// The bytes of a part of a storage of so many bytes: old files describe one as key, offset and size.
    fn part(&self, view: Option<Id>, unit: u64, bytes: u64) -> Option<u64> {
        let &[_, offset, count] = self.arena.items(view?) else { return None };
        let left = bytes.saturating_sub(self.arena.size(offset)?.saturating_mul(unit));
        // torch cuts a part that goes beyond the storage.
        Some(self.arena.size(count)?.saturating_mul(unit).min(left))
    }

    fn class(&self, class: Id) -> Option<&'m str> {
        class_of(self.machine, class)
    }

    /// Whether a class is one that torch itself would have to have.
    fn is_torch_class(&self, class: Option<Id>) -> bool {
        let global = class.and_then(|class| self.global(class));
        global.is_some_and(|(module, name)| {
            matches!(module, "torch" | "torch.cuda") && name.ends_with("Storage") && !name.contains("TypedStorage")
        })
    }

    /// What is wrong with a value that is a tensor over a storage.
    fn view<'a>(&self, id: Id, storages: &HashMap<Id, Storage<'a>>) -> Option<Problem<'a>> {
        let (inner, function, given) = self.unwrapped(id)?;
        // What stands around a tensor is looked at as the tensor itself.
        if inner != id || !function.starts_with("_rebuild_") {
            return None;
        }
        let (&storage, &offset, &shape, &strides) = (given.first()?, given.get(1)?, given.get(2)?, given.get(3)?);
        let Value::Persistent(pid) = self.arena.get(storage) else { return None };
        let storage = storages.get(&pid)?;
        let class = self.class(*self.arena.items(pid).get(1)?)?;
        let unit = match function {
            "_rebuild_tensor" | "_rebuild_tensor_v2" | "_rebuild_qtensor" => size(dtype_of(class)?)?,
            "_rebuild_tensor_v3" => size(self.global(*given.get(6)?)?.1)?,
            _ => return None,
        };
        let problem =
            |text: String| Some(Problem { tensor: Some(id), key: Some(storage.key), kind: FaultKind::Size, text });
        let (shape, strides) = (self.integers(shape)?, self.integers(strides)?);
        let offset = self.integer(offset)?;
        if shape.len() != strides.len() {
            return problem(format!("has {} dimensions and {} strides", shape.len(), strides.len()));
        }
        for (what, numbers) in [("offset", [offset].as_slice()), ("size", &shape), ("stride", &strides)] {
            if let Some(negative) = numbers.iter().find(|number| **number < 0) {
                return problem(format!("has the {what} {negative}, and torch allows none below 0"));
            }
        }
        if shape.contains(&0) {
            return None;
        }
        let end = end(offset, &shape, &strides).and_then(|end| end.checked_mul(i128::from(unit)));
        if end.is_some_and(|end| end <= i128::from(storage.bytes)) {
            return None;
        }
        let end = end.and_then(|end| u64::try_from(end).ok());
        let end =
            end.map_or_else(|| "more bytes than can be counted".to_owned(), |end| format!("{} bytes", grouped(end)));
        problem(format!("needs {end} of its storage, which has {}", grouped(storage.bytes)))
    }

    fn integers(&self, tuple: Id) -> Option<Vec<i64>> {
        self.numbers(tuple)?.iter().map(|id| self.integer(*id)).collect()
    }

    /// A whole number; what does not fit into 64 bits is too much in any case.
    fn integer(&self, id: Id) -> Option<i64> {
        match self.arena.get(id) {
            Value::Int(number) => Some(number),
            Value::Big => Some(i64::MAX),
            _ => None,
        }
    }
}

/// How many characters of a key are shown.
const MAX_KEY: usize = 40;

/// The number of elements from the first of a storage to the last of a tensor.
fn end(offset: i64, shape: &[i64], strides: &[i64]) -> Option<i128> {
    let mut dimensions = shape.iter().zip(strides);
    let last = dimensions.try_fold(i128::from(offset), |last, (size, stride)| {
        last.checked_add(i128::from(*size - 1).checked_mul(i128::from(*stride))?)
    });
    last?.checked_add(1)
}

//! What the functions make that torch's pickles call: tensors, from storages that stand outside of the pickle.
//!
//! Knows the values of a pickle, and neither files nor containers.

mod check;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

pub(super) use check::{Described, Layout, MAX_STORAGES, check, keys_of};

use super::Tensor;
use crate::pickle::{Arena, Id, Machine, Reach, Trust, Value, trust};

/// How many tensors of one checkpoint are listed. The largest have some ten thousand.
pub const MAX_TENSORS: usize = 200_000;

/// How many bytes of names are kept of one checkpoint: a name contains the keys of all dicts around a tensor.
const MAX_NAMES_BYTES: usize = 32 * 1024 * 1024;

/// How many layers of parameters and subclasses stand around a tensor.
const MAX_WRAPPINGS: usize = 8;

/// What torch puts between a module's name and that of a part of it, where a whole module was saved.
const SLOTS: &[&str] = &["_modules", "_parameters", "_buffers"];

/// A tensor and its storage, which tells where its bytes stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Found {
    pub(super) tensor: Tensor,
    /// The key of its storage, and the bytes of one element of that.
    pub(super) storage: Option<(String, u64)>,
    /// The bytes of its storage from its first to its last number.
    pub(super) extent: Option<Range<u64>>,
}

impl Found {
    /// Without a name or a place.
    fn bare(dtype: Cow<'static, str>, shape: Vec<u64>) -> Self {
        Self { tensor: Tensor { dtype, shape, ..Tensor::default() }, ..Self::default() }
    }
}

/// What the pickle of a checkpoint gives to who loads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A mapping of names to tensors and nothing else: what safetensors can hold as it is.
    StateDict,
    /// Something else that is made of plain values, such as tensors beside settings.
    Nested,
    /// An object of a class that its loader must have, such as a whole module.
    Object,
}

/// Looking for tensors among values.
pub(super) struct Walk<'m, 'i> {
    machine: &'m Machine<'i>,
    arena: &'m Arena,
}

impl<'m, 'i> Walk<'m, 'i> {
    /// Over the values of a pickle that was run.
    pub(super) fn new(machine: &'m Machine<'i>) -> Self {
        Self { machine, arena: machine.arena() }
    }

    /// Every tensor that can be reached from a value, in the order of the pickle. What is shared is listed under each key of
    /// one container, but no container is gone through twice.
    pub(super) fn all(&self, result: Id) -> Vec<Found> {
        let mut found = Vec::new();
        self.each(result, |id, name| {
            if let Some(mut tensor) = self.tensor(id) {
                tensor.tensor.name = name;
                found.push(tensor);
            }
        });
        found
    }

    /// Gives every tensor that can be reached from a value, with its name; those that torch rejects, too.
    fn each(&self, result: Id, mut take: impl FnMut(Id, String)) {
        let (mut count, mut named) = (0, 0);
        let mut seen = HashSet::new();
        let mut waiting = vec![(result, String::new())];
        while let Some((id, name)) = waiting.pop() {
            if count >= MAX_TENSORS || named > MAX_NAMES_BYTES {
                break;
            }
            if self.unwrapped(id).is_some_and(|(_, function, _)| function.starts_with("_rebuild_")) {
                count += 1;
                named += name.len();
                take(id, name);
            } else if seen.insert(id) {
                let first = waiting.len();
                self.children(id, &name, &mut waiting);
                waiting.get_mut(first..).unwrap_or_default().reverse();
            }
        }
    }

    /// What a whole checkpoint is.
    pub(super) fn holds(&self, result: Id) -> Holds {
        let is_dict = match self.arena.get(result) {
            Value::Dict(_) => true,
            Value::Made { callee, .. } => match self.global(callee) {
                Some(("collections", "OrderedDict")) => true,
                Some((module, name)) if trust(module, name) == Trust::Known => false,
                _ => return Holds::Object,
            },
            _ => false,
        };
        let pairs = self.arena.items(result).chunks_exact(2).filter_map(|pair| pair.first().zip(pair.get(1)));
        let mut pairs = pairs.peekable();
        let is_plain = is_dict
            && pairs.peek().is_some()
            && pairs.all(|(key, value)| self.arena.text(*key).is_some() && self.tensor(*value).is_some());
        if is_plain { Holds::StateDict } else { Holds::Nested }
    }

    /// What stands in a container or an object, with its name.
    fn children(&self, id: Id, name: &str, into: &mut Vec<(Id, String)>) {
        let items = self.arena.items(id);
        match self.arena.get(id) {
            Value::Dict(_) | Value::Made { .. } => {
                let pairs = items.chunks_exact(2).filter_map(|pair| pair.first().zip(pair.get(1)));
                into.extend(pairs.filter_map(|(key, value)| Some((*value, self.joined(name, *key)?))));
                into.extend(self.arena.state(id).map(|state| (state, name.to_owned())));
            }
            Value::Tuple(_) | Value::List(_) => {
                let numbered = items.iter().enumerate();
                into.extend(numbered.map(|(index, item)| (*item, joined(name, &index.to_string()))));
            }
            _ => {}
        }
    }

    fn joined(&self, name: &str, key: Id) -> Option<String> {
        match self.arena.get(key) {
            Value::Int(number) => Some(joined(name, &number.to_string())),
            _ => self.arena.text(key).map(|key| if SLOTS.contains(&key) { name.to_owned() } else { joined(name, key) }),
        }
    }

    /// The tensor that a value is, without its name.
    fn tensor(&self, id: Id) -> Option<Found> {
        let (_, function, given) = self.unwrapped(id)?;
        self.rebuilt(function, given)
    }

    /// The call of one of torch's functions under the parameters and subclasses around it: which value it gives, the function's
    /// name and what it is given.
    fn unwrapped(&self, mut id: Id) -> Option<(Id, &str, &[Id])> {
        let Value::Made { mut callee, mut arguments } = self.arena.get(id) else { return None };
        for _ in 0..MAX_WRAPPINGS {
            let (module, name) = self.global(callee)?;
            let given = self.arena.items(arguments);
            match (module, name) {
                ("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state") => {
                    id = *given.first()?;
                    let Value::Made { callee: inner, arguments: given } = self.arena.get(id) else { return None };
                    (callee, arguments) = (inner, given);
                }
                ("torch._tensor" | "torch.tensor", "_rebuild_from_type_v2") => {
                    (callee, arguments) = (*given.first()?, *given.get(2)?);
                }
                ("torch._utils", _) => return Some((id, name, given)),
                _ => return None,
            }
        }
        None
    }

    /// What one of torch's functions gives.
    fn rebuilt(&self, function: &str, given: &[Id]) -> Option<Found> {
        match function {
            "_rebuild_tensor" | "_rebuild_tensor_v2" | "_rebuild_tensor_v3" | "_rebuild_qtensor" => {}
            "_rebuild_meta_tensor_no_storage" => {
                let dtype = self.global(*given.first()?)?.1.to_owned();
                return Some(Found::bare(dtype.into(), self.sizes(*given.get(1)?)?));
            }
            "_rebuild_sparse_tensor" => {
                return Some(Found::bare("sparse".into(), self.sizes(*self.arena.items(*given.get(1)?).get(2)?)?));
            }
            _ => return None,
        }
        let Value::Persistent(pid) = self.arena.get(*given.first()?) else { return None };
        let &[_, class, key, ..] = self.arena.items(pid) else { return None };
        let class = class_of(self.machine, class)?;
        let dtype = match function {
            "_rebuild_tensor_v3" => self.global(*given.get(6)?)?.1,
            _ => dtype_of(class)?,
        };
        let (offset, shape, strides) =
            (self.arena.size(*given.get(1)?)?, self.sizes(*given.get(2)?)?, self.sizes(*given.get(3)?)?);
        let storage = self.arena.text(key).map(str::to_owned).zip(element_size(class));
        let extent = size(dtype).and_then(|size| extent(size, offset, &shape, &strides));
        Some(Found { storage, extent, ..Found::bare(dtype.to_owned().into(), shape) })
    }

    fn sizes(&self, tuple: Id) -> Option<Vec<u64>> {
        self.numbers(tuple)?.iter().map(|size| self.arena.size(*size)).collect()
    }

    /// The items of a tuple of numbers.
    fn numbers(&self, tuple: Id) -> Option<&[Id]> {
        // `torch.Size` is made of a tuple.
        let tuple = match self.arena.get(tuple) {
            Value::Made { arguments, .. } => *self.arena.items(arguments).first()?,
            _ => tuple,
        };
        Some(self.arena.items(tuple))
    }

    /// Module and name of an import.
    fn global(&self, id: Id) -> Option<(&str, &str)> {
        let Value::Global(number) = self.arena.get(id) else { return None };
        match &self.machine.imports().get(number)?.reach {
            Reach::Named { module, name } => Some((module, name)),
            _ => None,
        }
    }
}

fn joined(name: &str, key: &str) -> String {
    if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") }
}

/// The bytes of a storage between the first and the last number of a tensor.
fn extent(size: u64, offset: u64, shape: &[u64], strides: &[u64]) -> Option<Range<u64>> {
    let start = offset.checked_mul(size)?;
    if shape.contains(&0) {
        return Some(start..start);
    }
    let last = shape
        .iter()
        .zip(strides)
        .try_fold(offset, |last, (length, stride)| last.checked_add(length.checked_sub(1)?.checked_mul(*stride)?))?;
    Some(start..last.checked_add(1)?.checked_mul(size)?)
}

/// What torch calls the numbers of a storage class.
fn dtype_of(class: &str) -> Option<&'static str> {
    Some(match class {
        "FloatStorage" => "float32",
        "DoubleStorage" => "float64",
        "HalfStorage" => "float16",
        "BFloat16Storage" => "bfloat16",
        "LongStorage" => "int64",
        "IntStorage" => "int32",
        "ShortStorage" => "int16",
        "CharStorage" => "int8",
        "ByteStorage" | "UntypedStorage" => "uint8",
        "BoolStorage" => "bool",
        "ComplexFloatStorage" => "complex64",
        "ComplexDoubleStorage" => "complex128",
        "QInt8Storage" => "qint8",
        "QUInt8Storage" => "quint8",
        "QInt32Storage" => "qint32",
        "QUInt4x2Storage" => "quint4x2",
        "QUInt2x4Storage" => "quint2x4",
        _ => return None,
    })
}

/// Bytes of one number of a type.
fn size(dtype: &str) -> Option<u64> {
    Some(match dtype {
        "complex128" => 16,
        "float64" | "int64" | "uint64" | "complex64" => 8,
        "float32" | "int32" | "uint32" | "qint32" | "complex32" => 4,
        "float16" | "bfloat16" | "int16" | "uint16" => 2,
        "int8" | "uint8" | "bool" | "qint8" | "quint8" => 1,
        name if name.starts_with("float8_") => 1,
        _ => return None,
    })
}

/// The name of a class that a pickle imports.
pub(super) fn class_of<'m>(machine: &'m Machine<'_>, class: Id) -> Option<&'m str> {
    let Value::Global(number) = machine.arena().get(class) else { return None };
    match &machine.imports().get(number)?.reach {
        Reach::Named { name, .. } => Some(name),
        _ => None,
    }
}

/// Bytes of an element of a storage class.
pub(super) fn element_size(class: &str) -> Option<u64> {
    Some(match class {
        "DoubleStorage" | "LongStorage" | "ComplexFloatStorage" => 8,
        "FloatStorage" | "IntStorage" | "QInt32Storage" => 4,
        "HalfStorage" | "BFloat16Storage" | "ShortStorage" => 2,
        "CharStorage" | "ByteStorage" | "BoolStorage" | "QInt8Storage" | "QUInt8Storage" | "QUInt4x2Storage"
        | "QUInt2x4Storage" | "UntypedStorage" => 1,
        "ComplexDoubleStorage" => 16,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;

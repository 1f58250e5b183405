//! The tensors of a torch checkpoint, from the values of its pickle. Storages are never read; of each only the place is looked
//! up.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::io::{self, Read, Seek};
use std::ops::Range;

use super::npz::moved;
use super::scan::{element_size, is_torch_pickle, storage_class};
use super::{Contents, Tensor, Weight};
use crate::bytes::unpack::Content;
use crate::bytes::zip::{Directory, Local, Member};
use crate::bytes::{Format, Input};
use crate::pickle::{Arena, Budget, Ending, Id, Imports, Machine, Reach, Source, Stream, Trust, Value, trust};

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
struct Found {
    tensor: Tensor,
    /// The key of its storage, and the bytes of one element of that.
    storage: Option<(String, u64)>,
    /// The bytes of its storage from its first to its last number.
    extent: Option<Range<u64>>,
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

/// The tensors of a checkpoint in the order of its pickle. None where it is not a checkpoint or its pickle is not sound. With
/// `places`, the storages are looked up as well: a small read for each.
///
/// # Errors
/// What the reader reports.
pub fn tensors<R: Read + Seek>(input: &mut Input<R>, weight: &Weight, places: bool) -> io::Result<Option<Vec<Tensor>>> {
    let Some(mut found) = look(input, weight, |walk, result| walk.all(result))? else { return Ok(None) };
    match &weight.contents {
        _ if !places => {}
        Contents::Zip(directory) => place_in_zip(input, directory, &mut found)?,
        _ => place_in_legacy(input, weight, &mut found)?,
    }
    Ok(Some(found.into_iter().map(|found| found.tensor).collect()))
}

/// What a checkpoint contains. None where it is not a checkpoint or its pickle is not sound.
///
/// # Errors
/// What the reader reports.
pub fn holds<R: Read + Seek>(input: &mut Input<R>, weight: &Weight) -> io::Result<Option<Holds>> {
    look(input, weight, |walk, result| walk.holds(result))
}

/// Runs the pickle of a checkpoint that contains its object, and looks at what that gives.
fn look<R: Read + Seek, T>(
    input: &mut Input<R>,
    weight: &Weight,
    what: impl FnOnce(&Walk<'_, '_>, Id) -> T,
) -> io::Result<Option<T>> {
    match (&weight.contents, weight.format) {
        (Contents::Zip(directory), Format::TorchZip | Format::TorchScript) => {
            let Some(member) = data_member(directory) else { return Ok(None) };
            let Some(local) = Local::read(input, member.offset)? else { return Ok(None) };
            let archive = Content::file(input);
            let Some(content) = member.content(&archive, local.start) else { return Ok(None) };
            // Damaged compression is a fault of the file, and reported as such.
            match run(&mut Source::new(Budget::new(content.open()?, member.size), 0), what) {
                Err(_) if content.offset().is_none() => Ok(None),
                found => found,
            }
        }
        (_, Format::TorchLegacy) => match legacy_streams(weight) {
            Some((object, _)) => run(&mut Source::part(input, object.start, object.end), what),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

/// The member with the object. Of equal names torch takes the first.
fn data_member(directory: &Directory) -> Option<&Member> {
    let mut members = directory.members.iter();
    members.find(|member| is_torch_pickle(&member.name) && member.name.to_ascii_lowercase().ends_with("/data.pkl"))
}

/// Before torch 1.6: the fourth of five pickles is the object, the fifth the list of storages, which follow it.
fn legacy_streams(weight: &Weight) -> Option<(&Stream, &Stream)> {
    let whole = weight.pickles.found.iter().find(|pickle| pickle.member.is_none() && pickle.in_file)?;
    let [_, _, _, object, keys, ..] = whole.scan.streams.as_slice() else { return None };
    Some((object, keys))
}

fn place_in_zip<R: Read + Seek>(input: &mut Input<R>, directory: &Directory, found: &mut [Found]) -> io::Result<()> {
    let root = data_member(directory).and_then(|member| member.name.split('/').next()).unwrap_or_default();
    let members: HashMap<&str, _> =
        directory.members.iter().rev().map(|member| (member.name.as_str(), member)).collect();
    let mut starts: HashMap<String, Option<u64>> = HashMap::new();
    for Found { tensor, storage, extent } in found {
        let (Some((key, _)), Some(extent)) = (storage, extent) else { continue };
        let start = match starts.get(key) {
            Some(start) => *start,
            None => {
                let storage = members.get(format!("{root}/data/{key}").as_str());
                let stored = storage.filter(|storage| storage.method == 0);
                let local = stored.map(|storage| Local::read(input, storage.offset)).transpose()?.flatten();
                *starts.entry(key.clone()).or_insert(local.map(|local| local.start))
            }
        };
        tensor.range = start.and_then(|start| moved(extent, start));
    }
    Ok(())
}

fn place_in_legacy<R: Read + Seek>(input: &mut Input<R>, weight: &Weight, found: &mut [Found]) -> io::Result<()> {
    let Some((_, keys)) = legacy_streams(weight) else { return Ok(()) };
    let mut imports = Imports::default();
    let mut machine = Machine::new(&mut imports);
    machine.run(&mut Source::part(input, keys.start, keys.end))?;
    let arena = machine.arena();
    let order = machine.result().map(|list| arena.items(list)).unwrap_or_default();
    let units: HashMap<&str, u64> =
        found.iter().filter_map(|found| found.storage.as_ref()).map(|(key, unit)| (key.as_str(), *unit)).collect();
    let (mut starts, mut at) = (HashMap::new(), keys.end);
    for key in order.iter().filter_map(|key| arena.text(*key)) {
        let count = input.read(at, 8)?;
        let Ok(count) = count.as_slice().try_into().map(u64::from_le_bytes) else { break };
        let Some(start) = at.checked_add(8) else { break };
        starts.insert(key.to_owned(), start);
        let bytes = units.get(key).and_then(|unit| count.checked_mul(*unit));
        let Some(next) = bytes.and_then(|bytes| start.checked_add(bytes)) else { break };
        at = next;
    }
    for Found { tensor, storage, extent } in found {
        let start = storage.as_ref().and_then(|(key, _)| starts.get(key));
        tensor.range = start.zip(extent.as_ref()).and_then(|(start, extent)| moved(extent, *start));
    }
    Ok(())
}

/// Runs one pickle and looks at what it gives.
fn run<T>(source: &mut Source<'_>, what: impl FnOnce(&Walk<'_, '_>, Id) -> T) -> io::Result<Option<T>> {
    let mut imports = Imports::default();
    let mut machine = Machine::new(&mut imports);
    let stream = machine.run(source)?;
    let result = machine.result().filter(|_| stream.ending == Ending::Stopped);
    Ok(result.map(|result| what(&Walk { machine: &machine, arena: machine.arena() }, result)))
}

/// Looking for tensors among values.
struct Walk<'m, 'i> {
    machine: &'m Machine<'i>,
    arena: &'m Arena,
}

impl Walk<'_, '_> {
    /// Every tensor that can be reached from a value, in the order of the pickle. What is shared is listed under each key of
    /// one container, but no container is gone through twice.
    fn all(&self, result: Id) -> Vec<Found> {
        let mut found = Vec::new();
        let mut named = 0;
        let mut seen = HashSet::new();
        let mut waiting = vec![(result, String::new())];
        while let Some((id, name)) = waiting.pop() {
            if found.len() >= MAX_TENSORS || named > MAX_NAMES_BYTES {
                break;
            }
            if let Some(mut tensor) = self.tensor(id) {
                named += name.len();
                tensor.tensor.name = name;
                found.push(tensor);
            } else if seen.insert(id) {
                let first = waiting.len();
                self.children(id, &name, &mut waiting);
                waiting.get_mut(first..).unwrap_or_default().reverse();
            }
        }
        found
    }

    /// What a whole checkpoint is.
    fn holds(&self, result: Id) -> Holds {
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
        let Value::Made { mut callee, mut arguments } = self.arena.get(id) else { return None };
        for _ in 0..MAX_WRAPPINGS {
            let (module, name) = self.global(callee)?;
            let given = self.arena.items(arguments);
            match (module, name) {
                ("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state") => {
                    let Value::Made { callee: inner, arguments: given } = self.arena.get(*given.first()?) else {
                        return None;
                    };
                    (callee, arguments) = (inner, given);
                }
                ("torch._tensor" | "torch.tensor", "_rebuild_from_type_v2") => {
                    (callee, arguments) = (*given.first()?, *given.get(2)?);
                }
                ("torch._utils", _) => return self.rebuilt(name, given),
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
        let class = storage_class(self.machine, class)?;
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
        // `torch.Size` is made of a tuple.
        let tuple = match self.arena.get(tuple) {
            Value::Made { arguments, .. } => *self.arena.items(arguments).first()?,
            _ => tuple,
        };
        self.arena.items(tuple).iter().map(|size| self.arena.size(*size)).collect()
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

#[cfg(test)]
mod tests;

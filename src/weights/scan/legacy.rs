//! torch before 1.6: five pickles back to back, then the numbers of each storage after their count.

use std::collections::HashMap;
use std::io::{self, Read, Seek};

use super::super::Input;
use super::super::pickle::{Ending, Id, Imports, Machine, Reach, Scan, Source, Value};
use super::Pickles;

/// Magic number, version, system, the object, the keys of its storages.
const PICKLES: usize = 5;

/// How many storages are followed.
pub(in crate::weights) const MAX_STORAGES: usize = 1024 * 1024;

/// Scans the five pickles, and follows the storages to see whether something stands behind them.
pub(super) fn scan<R: Read + Seek>(input: &mut Input<R>, pickles: &mut Pickles) -> io::Result<()> {
    let end = input.size();
    let mut source = Source::part(input, 0, end);
    let mut scan = Scan::default();
    let mut imports = Imports::default();
    let mut sizes = HashMap::new();
    let mut keys = Vec::new();
    for number in 0..PICKLES {
        let mut machine = Machine::new(&mut imports);
        let stream = machine.run(&mut source)?;
        let ending = stream.ending;
        match number {
            3 => sizes = element_sizes(&machine),
            4 => keys = names(&machine),
            _ => {}
        }
        let (capped, blobs) = machine.finish();
        scan.add(stream, capped, blobs)?;
        if ending != Ending::Stopped {
            break;
        }
    }
    scan.take_imports(imports);
    scan.read_by_torch(false);
    if scan.unread.is_none() {
        let at = follow(&mut source, &keys, &sizes)?;
        scan.tail = (at < end).then_some(at);
    }
    if let Some(at) = scan.tail {
        pickles.skip(None, at, "what follows the tensors is none of them");
    }
    pickles.add(None, true, scan);
    Ok(())
}

/// Goes over the storages and says where they end.
fn follow(source: &mut Source<'_>, keys: &[String], sizes: &HashMap<String, u64>) -> io::Result<u64> {
    for key in keys.iter().take(MAX_STORAGES) {
        let at = source.position();
        let Some(count) = source.array()?.map(u64::from_le_bytes) else { return Ok(at) };
        let Some(bytes) = sizes.get(key).and_then(|size| count.checked_mul(*size)) else { return Ok(at) };
        if !source.skip(bytes)? {
            break;
        }
    }
    Ok(source.position())
}

/// The size of an element of each storage, by key, from the ids `("storage", class, key, location, count, view)`.
fn element_sizes(machine: &Machine<'_>) -> HashMap<String, u64> {
    let arena = machine.arena();
    let mut sizes = HashMap::new();
    for pid in machine.persistent() {
        let &[_, class, key, ..] = arena.items(*pid) else { continue };
        let size = class_name(machine, class).and_then(element_size);
        if let (Some(key), Some(size), true) = (arena.text(key), size, sizes.len() < MAX_STORAGES) {
            sizes.insert(key.to_owned(), size);
        }
    }
    sizes
}

fn class_name<'m>(machine: &'m Machine<'_>, class: Id) -> Option<&'m str> {
    let Value::Global(number) = machine.arena().get(class) else { return None };
    match &machine.imports().get(number)?.reach {
        Reach::Named { name, .. } => Some(name),
        _ => None,
    }
}

/// Bytes of an element of a storage class.
fn element_size(class: &str) -> Option<u64> {
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

/// The strings of the list that a pickle gives.
fn names(machine: &Machine<'_>) -> Vec<String> {
    let arena = machine.arena();
    let items = machine.result().map(|list| arena.items(list)).unwrap_or_default();
    items.iter().filter_map(|item| arena.text(*item)).map(str::to_owned).collect()
}

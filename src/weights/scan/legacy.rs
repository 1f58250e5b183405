//! torch before 1.6: five pickles back to back, then the numbers of each storage after their count.

use std::collections::HashMap;
use std::io;

use super::super::recognize::is_legacy_torch;
use super::search::{Part, Search};
use crate::bytes::fault::{Fault, FaultKind};
use crate::pickle::{Ending, Id, Imports, Machine, Reach, Scan, Source, Value, opcode};
use crate::words::grouped;

/// Magic number, version, system, the object, the keys of its storages.
const PICKLES: usize = 5;

/// So many bytes show the magic number.
const MAGIC_BYTES: usize = 32;

/// How many storages are followed.
pub(crate) const MAX_STORAGES: usize = 1024 * 1024;

/// Streams that are run one by one, with what is between them left to the caller.
#[derive(Default)]
pub(super) struct Streams {
    scan: Scan,
    imports: Imports,
}

impl Streams {
    /// Runs one stream and looks at what it gave; none where it does not reach its end.
    pub(super) fn next<T>(
        &mut self,
        source: &mut Source<'_>,
        look: impl FnOnce(&Machine<'_>) -> T,
    ) -> io::Result<Option<T>> {
        let mut machine = Machine::new(&mut self.imports);
        let stream = machine.run(source)?;
        let seen = (stream.ending == Ending::Stopped).then(|| look(&machine));
        let (capped, blobs) = machine.finish();
        self.scan.add(stream, capped, blobs)?;
        Ok(seen)
    }

    /// Whether something was not read to its end.
    pub(super) fn is_unread(&self) -> bool {
        self.scan.unread.is_some()
    }

    pub(super) fn into_scan(mut self) -> Scan {
        self.scan.take_imports(self.imports);
        self.scan.read_by_torch(false);
        self.scan
    }
}

/// How the storages end.
enum Followed {
    /// All are there.
    Complete,
    /// The file ends inside this one.
    Cut { storage: u64, storages: u64 },
    /// What the pickles say of the storages is not enough to follow them.
    Unclear,
}

/// Scans the five pickles, and follows the storages to see whether something follows them: `torch.save` may have
/// been called on one file more than once.
pub(super) fn scan<'i>(search: &mut Search<'i>, part: &Part<'i>) -> io::Result<()> {
    let (mut source, sum) = part.source()?;
    let mut streams = Streams::default();
    let (mut unread, mut cut) = (None, None);
    loop {
        let (mut sizes, mut keys, mut is_big) = (HashMap::new(), Vec::new(), false);
        let mut complete = true;
        for number in 0..PICKLES {
            let seen = streams.next(&mut source, |machine| match number {
                2 => is_big = is_big_endian(machine),
                3 => sizes = element_sizes(machine),
                4 => keys = names(machine),
                _ => {}
            })?;
            complete = seen.is_some();
            if !complete {
                break;
            }
        }
        if !complete || streams.is_unread() {
            break;
        }
        match follow(&mut source, &keys, &sizes, is_big)? {
            Followed::Complete => {}
            Followed::Cut { storage, storages } => {
                cut = Some(format!("ends inside tensor data {} of {}", grouped(storage), grouped(storages)));
                break;
            }
            Followed::Unclear => {
                unread = Some((source.position(), "the end of the tensors is not known"));
                break;
            }
        }
        // Other pickles may follow as well.
        while matches!(source.peek(2)?, [opcode::PROTO, 2..=5]) && !is_legacy_torch(source.peek(MAGIC_BYTES)?) {
            if streams.next(&mut source, |_| ())?.is_none() {
                break;
            }
        }
        if source.peek(1)?.is_empty() || streams.is_unread() {
            break;
        }
        if !is_legacy_torch(source.peek(MAGIC_BYTES)?) {
            unread = Some((source.position(), "the bytes after the last tensor are not a pickle"));
            break;
        }
    }
    search.add(part, &sum, streams.into_scan())?;
    let at = source.position();
    match (unread, cut) {
        (Some((at, why)), _) => search.skip(part, Some(at), why),
        // Of the file itself it is a fault, and reported as such.
        (_, Some(what)) if part.member.is_none() && part.content.offset().is_some() => {
            let help = "Upload the file again from the original. It was cut short, for example by a broken upload or a full disk.";
            let fault = Fault::new(FaultKind::CutShort, format!("the file {what}"), help);
            search.faults.push(fault.at(at));
        }
        (_, Some(what)) => search.skip(part, Some(at), format!("it {what}")),
        (None, None) => {}
    }
    Ok(())
}

/// Goes over the storages.
fn follow(
    source: &mut Source<'_>,
    keys: &[String],
    sizes: &HashMap<String, u64>,
    is_big: bool,
) -> io::Result<Followed> {
    let storages = keys.len() as u64;
    for (storage, key) in (1_u64..).zip(keys) {
        let cut = Followed::Cut { storage, storages };
        let Some(number) = source.array()? else { return Ok(cut) };
        let elements = if is_big { u64::from_be_bytes(number) } else { u64::from_le_bytes(number) };
        let Some(size) = sizes.get(key) else { return Ok(Followed::Unclear) };
        let Some(bytes) = elements.checked_mul(*size) else { return Ok(cut) };
        if storage > MAX_STORAGES as u64 {
            return Ok(Followed::Unclear);
        }
        if !source.skip(bytes)? {
            return Ok(cut);
        }
    }
    Ok(Followed::Complete)
}

/// Whether the third pickle says that numbers are big-endian.
fn is_big_endian(machine: &Machine<'_>) -> bool {
    let arena = machine.arena();
    let little = machine.result().and_then(|system| arena.item(system, "little_endian"));
    little.is_some_and(|little| arena.get(little) == Value::Bool(false))
}

/// The size of an element of each storage, by key, from the ids `("storage", class, key, location, count, view)`.
fn element_sizes(machine: &Machine<'_>) -> HashMap<String, u64> {
    let arena = machine.arena();
    let mut sizes = HashMap::new();
    for pid in machine.persistent() {
        let &[_, class, key, ..] = arena.items(*pid) else { continue };
        let size = class_of(machine, class).and_then(element_size);
        if let (Some(key), Some(size), true) = (arena.text(key), size, sizes.len() < MAX_STORAGES) {
            sizes.insert(key.to_owned(), size);
        }
    }
    sizes
}

/// The name of a class that a pickle imports.
pub(crate) fn class_of<'m>(machine: &'m Machine<'_>, class: Id) -> Option<&'m str> {
    let Value::Global(number) = machine.arena().get(class) else { return None };
    match &machine.imports().get(number)?.reach {
        Reach::Named { name, .. } => Some(name),
        _ => None,
    }
}

/// Bytes of an element of a storage class.
pub(crate) fn element_size(class: &str) -> Option<u64> {
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

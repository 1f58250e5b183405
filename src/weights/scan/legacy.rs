//! torch before 1.6: five pickles back to back, then the numbers of each storage after their count.

use std::collections::{HashMap, HashSet};
use std::io;

use super::super::rebuilt::{Described, Layout, MAX_STORAGES, Walk, check, keys_of};
use super::super::recognize::is_legacy_torch;
use super::search::{Part, Search};
use crate::bytes::fault::{Fault, FaultKind, Faults, shown};
use crate::pickle::{Ending, Imports, Machine, Reading, Scan, Source, Value, opcode};
use crate::words::{grouped, unlisted};

/// Magic number, version, system, the object, the keys of its storages.
const PICKLES: usize = 5;

/// So many bytes show the magic number.
const MAGIC_BYTES: usize = 32;

/// The number that the second pickle is, in every version of this layout.
const VERSION: i64 = 1001;

const DAMAGED: &str = "Save the checkpoint again with `torch.save`. torch rejects this one.";

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
        let mut machine = Machine::new(&mut self.imports, Reading::Plain);
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
    /// A storage is not what the pickles say.
    Wrong(String),
    /// What the pickles say of the storages is not enough to follow them.
    Unclear,
}

/// Scans the five pickles, and follows the storages to see whether something follows them: `torch.save` may have
/// been called on one file more than once.
pub(super) fn scan<'i>(search: &mut Search<'i>, part: &Part<'i>) -> io::Result<()> {
    let (mut source, sum) = part.source()?;
    let mut streams = Streams::default();
    // Of the file itself it is a fault, and reported as such.
    let is_file = part.member.is_none() && part.content.offset().is_some();
    let (mut unread, mut faults) = (None, Faults::default());
    loop {
        let (mut storages, mut keys) = (HashMap::new(), Vec::new());
        let mut complete = true;
        for number in 0..PICKLES {
            let seen = streams.next(&mut source, |machine| match number {
                1 => wrong_version(machine).into_iter().for_each(|fault| faults.push(fault)),
                3 => {
                    let walk = Walk::new(machine);
                    storages = keys_of(&walk);
                    let found = machine.result().map(|object| check(&walk, object, Layout::Legacy, &|_| None));
                    found.into_iter().flatten().for_each(|fault| faults.push(fault));
                }
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
        match follow(&mut source, &keys, &storages)? {
            Followed::Complete => faults_of_absent(&keys, &storages).into_iter().for_each(|fault| faults.push(fault)),
            Followed::Cut { storage, storages } => {
                let what = format!("ends inside tensor data {} of {}", grouped(storage), grouped(storages));
                let help = "Upload the file again from the original. It was cut short, for example by a broken upload or a full disk.";
                let at = source.position();
                if !is_file {
                    unread = Some((at, format!("it {what}")));
                }
                faults.push(Fault::new(FaultKind::CutShort, format!("the file {what}"), help).at(at));
                break;
            }
            Followed::Wrong(message) => {
                let at = source.position();
                unread = Some((at, message.clone()));
                faults.push(Fault::new(FaultKind::Size, message, DAMAGED).at(at));
                break;
            }
            Followed::Unclear => {
                unread = Some((source.position(), "the end of the tensors is not known".to_owned()));
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
            unread = Some((source.position(), "the bytes after the last tensor are not a pickle".to_owned()));
            break;
        }
    }
    search.add(part, &sum, streams.into_scan())?;
    if let Some((at, why)) = unread {
        search.skip(part, Some(at), why);
    }
    faults.into_vec().into_iter().filter(|_| is_file).for_each(|fault| search.faults.push(fault));
    Ok(())
}

/// The second pickle is not the number that torch wants.
fn wrong_version(machine: &Machine<'_>) -> Option<Fault> {
    let message = match machine.arena().get(machine.result()?) {
        Value::Int(VERSION) => return None,
        Value::Int(other) => format!("the layout is of version {other}, and torch reads {VERSION}"),
        _ => format!("the version of the layout is not the number {VERSION}"),
    };
    Some(Fault::new(FaultKind::HeaderLength, message, DAMAGED))
}

/// Storages that the object uses and the list leaves out: torch does not fill them.
fn faults_of_absent(keys: &[String], storages: &HashMap<String, Described>) -> Option<Fault> {
    let listed: HashSet<&str> = keys.iter().map(String::as_str).collect();
    let absent = storages.iter().filter(|(key, (_, count))| *count != Some(0) && !listed.contains(key.as_str()));
    let mut absent: Vec<&str> = absent.map(|(key, _)| key.as_str()).collect();
    absent.sort_unstable();
    let first = absent.first()?;
    let message = format!("the numbers of the storage {} are not in the file{}", shown(first), unlisted(absent.len()));
    let help = "Save the checkpoint again with `torch.save`. torch fills these tensors with whatever is in memory.";
    Some(Fault::new(FaultKind::CutShort, message, help).tolerated())
}

/// Goes over the storages.
fn follow(source: &mut Source<'_>, keys: &[String], described: &HashMap<String, Described>) -> io::Result<Followed> {
    let storages = keys.len() as u64;
    for (storage, key) in (1_u64..).zip(keys) {
        let cut = Followed::Cut { storage, storages };
        let Some(number) = source.array()? else { return Ok(cut) };
        // In little-endian order whatever the machine.
        let elements = u64::from_le_bytes(number);
        let Some((unit, count)) = described.get(key) else {
            return Ok(Followed::Wrong(format!("the list of storages names {}, which no tensor uses", shown(key))));
        };
        if let Some(count) = count.filter(|count| *count != elements) {
            let message = format!(
                "the storage {} has {} elements, and its numbers say {}",
                shown(key),
                grouped(count),
                elements.cast_signed()
            );
            return Ok(Followed::Wrong(message));
        }
        let Some(unit) = unit else { return Ok(Followed::Unclear) };
        let Some(bytes) = elements.checked_mul(*unit) else { return Ok(cut) };
        if storage > MAX_STORAGES as u64 {
            return Ok(Followed::Unclear);
        }
        if !source.skip(bytes)? {
            return Ok(cut);
        }
    }
    Ok(Followed::Complete)
}

/// The strings of the list that a pickle gives.
fn names(machine: &Machine<'_>) -> Vec<String> {
    let arena = machine.arena();
    let items = machine.result().map(|list| arena.items(list)).unwrap_or_default();
    items.iter().filter_map(|item| arena.text(*item)).map(str::to_owned).collect()
}

//! The tensors of a torch checkpoint, from the values of its pickle. Storages are never read; of each only the place is looked
//! up.

use std::collections::HashMap;
use std::io::{self, Read, Seek};

use super::npz::moved;
use super::rebuilt::{Found, Walk};
use super::scan::is_torch_pickle;
use super::{Contents, Tensor, Weight};
use crate::bytes::unpack::Content;
use crate::bytes::zip::{Directory, Local, Member};
use crate::bytes::{Format, Input};
use crate::pickle::{Budget, Ending, Id, Imports, Machine, Reading, Source, Stream};

pub use super::rebuilt::Holds;

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
    let mut machine = Machine::new(&mut imports, Reading::Plain);
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
    let mut machine = Machine::new(&mut imports, Reading::Plain);
    let stream = machine.run(source)?;
    let result = machine.result().filter(|_| stream.ending == Ending::Stopped);
    Ok(result.map(|result| what(&Walk::new(&machine), result)))
}

#[cfg(test)]
mod tests;

//! The configuration inside of a `.keras` archive.

use std::io::{self, Read, Seek};

use super::super::active::Actives;
use super::super::hdf5;
use super::{MAX_CONFIG_BYTES, config};
use crate::bytes::fault::{Fault, FaultKind, shown};
use crate::bytes::input::Input;
use crate::bytes::unpack::Content;
use crate::bytes::zip::{Directory, Local, Member};

/// The member that Keras reads first, and the only one that it needs.
const CONFIG: &str = "config.json";

/// Whether Keras would make a model of the archive: one of its own, or any with a configuration under its extension.
pub(crate) fn is_model(directory: &Directory, is_named_so: bool) -> bool {
    let is_own = directory.has("metadata.json") || directory.has_ending(".weights.h5");
    directory.has(CONFIG) && (is_own || is_named_so)
}

/// Reads every `config.json` of the archive: Python's reader takes the last of several, others the first.
pub(crate) fn scan_archive<R: Read + Seek>(
    input: &mut Input<R>,
    directory: &Directory,
    found: &mut Actives,
) -> io::Result<Vec<Fault>> {
    /// More of the same name are a trap, and two prove it.
    const MOST: usize = 4;
    let mut unread = None;
    for member in directory.members.iter().filter(|member| member.python_name() == CONFIG).take(MOST) {
        let name = shown(&member.name);
        let Some(bytes) = content(input, member)? else {
            let message = format!("the archive's {name} could not be read to its end");
            unread = Some(Fault::new(FaultKind::Limit, message, "Check it by other means. It was not read."));
            continue;
        };
        let is_whole = String::from_utf8(bytes).is_ok_and(|text| config::scan(&text, found).end.is_some());
        if !is_whole {
            let message = format!("the archive's {name} is not JSON that can be read to its end");
            unread = Some(Fault::new(FaultKind::Syntax, message, AGAIN).at(member.offset));
        }
    }
    Ok(unread.into_iter().chain(weights(input, directory, found)?).collect())
}

/// What is wrong with the weights, where they are not packed: `model.weights.h5` is HDF5.
fn weights<R: Read + Seek>(input: &mut Input<R>, directory: &Directory, found: &mut Actives) -> io::Result<Vec<Fault>> {
    let is_weights = |member: &&Member| member.name.ends_with(".h5") && member.method == 0;
    let Some(member) = directory.members.iter().find(is_weights) else { return Ok(Vec::new()) };
    let Some(local) = Local::read(input, member.offset)? else { return Ok(Vec::new()) };
    let archive = Content::file(input);
    let Some(content) = member.content(&archive, local.start) else { return Ok(Vec::new()) };
    let (mut replay, length) = content.replay()?;
    let mut inner = Input::new(&mut replay, length)?;
    let name = shown(&member.name);
    let Some(start) = hdf5::find(&mut inner, false)? else {
        let message = format!("the archive's {name} is not HDF5");
        return Ok(vec![Fault::new(FaultKind::WrongFormat, message, AGAIN).at(member.offset)]);
    };
    let mut faults: Vec<Fault> = hdf5::check(&mut inner, start)?.into_iter().collect();
    if faults.is_empty() {
        faults = hdf5::check_objects(&mut inner, start, found)?;
    }
    let inside = faults.into_iter().map(|fault| Fault { message: format!("in {name}, {}", fault.message), ..fault });
    Ok(inside.collect())
}

const AGAIN: &str = "Save the model again with `model.save`. Keras rejects this archive, so loading fails.";

/// A member's content, up to [`MAX_CONFIG_BYTES`]; none where it is longer, encrypted or packed in another way.
fn content<R: Read + Seek>(input: &mut Input<R>, member: &Member) -> io::Result<Option<Vec<u8>>> {
    const ENCRYPTED: u16 = 1;
    let cap = MAX_CONFIG_BYTES as u64;
    if member.flags & ENCRYPTED != 0 || member.compressed > cap || member.size > cap {
        return Ok(None);
    }
    let Some(local) = Local::read(input, member.offset)? else { return Ok(None) };
    let packed = input.read(local.start, member.compressed as usize)?;
    match member.method {
        0 => Ok(Some(packed)),
        8 => {
            let mut bytes = Vec::new();
            // Of damaged bytes the sound start is judged, which is not whole JSON.
            let whole = flate2::read::DeflateDecoder::new(packed.as_slice()).take(cap + 1).read_to_end(&mut bytes);
            Ok((whole.is_err() || bytes.len() as u64 <= cap).then_some(bytes))
        }
        _ => Ok(None),
    }
}

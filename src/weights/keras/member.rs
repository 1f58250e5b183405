//! The configuration inside of a `.keras` archive.

use std::io::{self, Read, Seek};

use super::super::active::Actives;
use super::{MAX_CONFIG_BYTES, config};
use crate::bytes::fault::{Fault, FaultKind, shown};
use crate::bytes::input::Input;
use crate::bytes::zip::{Directory, Local, Member};

/// Reads every `config.json` of the archive: Python's reader takes the last of several, others the first.
pub(crate) fn scan_archive<R: Read + Seek>(
    input: &mut Input<R>,
    directory: &Directory,
    found: &mut Actives,
) -> io::Result<Option<Fault>> {
    /// More of the same name are a trap, and two prove it.
    const MOST: usize = 4;
    let mut unread = None;
    for member in directory.members.iter().filter(|member| member.name == "config.json").take(MOST) {
        let name = shown(&member.name);
        let Some(bytes) = content(input, member)? else {
            let message = format!("the archive's {name} could not be read to its end");
            unread = Some(Fault::new(FaultKind::Limit, message, "Check it by other means. It was not read."));
            continue;
        };
        let is_whole = String::from_utf8(bytes).is_ok_and(|text| config::scan(&text, found).end.is_some());
        if !is_whole {
            let message = format!("the archive's {name} is not JSON that can be read to its end");
            let help = "Save the model again with `model.save`. Keras rejects this archive, so loading fails.";
            unread = Some(Fault::new(FaultKind::Syntax, message, help).at(member.offset));
        }
    }
    Ok(unread)
}

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

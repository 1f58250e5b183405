//! Programs in weight files beside pickles and Keras configurations: graphs of TensorFlow, scripts of TorchScript, and
//! configurations that an archive or a header keeps and that name what the loader calls.
//!
//! Nothing is run. Each reader knows one format and looks for the few operators and names that do more than compute.

mod nemo;
mod script;
mod skops;
mod tensorflow;

use std::io::{self, Read, Seek};

use super::active::{Active, Actives, Danger};
use super::keras;
use super::safetensors::Header;
use crate::bytes::fault::{Fault, FaultKind, shown};
use crate::bytes::unpack::{Content, HeadEnd};
use crate::bytes::zip::{Directory, Local, Member};
use crate::bytes::{Format, Input};
use crate::source::RepoPath;
use crate::targets::{Worth, effect_of, in_text};

/// The largest text of an archive that is read. Configurations and scripts are far smaller.
const MAX_TEXT_BYTES: usize = 16 * 1024 * 1024;

const RUNS: &str = "Do not publish or load this file. A model does not need this function, and its loader calls it.";
const MAY_RUN: &str = "Replace it by a class of the model's library. Its loader calls it with what the file says.";

/// Looks for what runs in a file of this path, format and header. The faults say what was not read.
pub(super) fn scan<R: Read + Seek>(
    path: &RepoPath,
    format: Format,
    header: Option<&Header>,
    zip: Option<&Directory>,
    input: &mut Input<R>,
    found: &mut Actives,
) -> io::Result<Option<Fault>> {
    let extension = path.extension();
    match (format, header, zip) {
        (_, Some(header), _) => {
            for (key, value) in header.metadata() {
                for (name, worth) in in_text(&value) {
                    found.extend(named(&format!("the metadata {}", shown(&key)), name, worth));
                }
            }
            Ok(None)
        }
        (Format::TorchScript, _, Some(directory)) => script::scan(input, directory, found),
        (_, _, Some(directory)) if directory.has(skops::SCHEMA) => skops::scan(input, directory, found),
        (Format::Tar | Format::Gzip, ..) if extension.eq_ignore_ascii_case("nemo") => nemo::scan(input, format, found),
        _ if path.name() == "keras_metadata.pb" => keras::scan_hdf5(input, found),
        (Format::Unknown | Format::Text, ..) if extension.eq_ignore_ascii_case("pb") => {
            let is_saved_model = path.name() == "saved_model.pb";
            // Before TensorFlow 2.5 the layers of Keras stand among the objects of the model.
            if is_saved_model && input.size() <= keras::MAX_SEARCHED_BYTES {
                keras::scan_hdf5(input, found)?;
            }
            tensorflow::scan(input, is_saved_model, found)
        }
        (Format::Text, ..) if extension.eq_ignore_ascii_case("pbtxt") => tensorflow::scan_text(input, found),
        _ => Ok(None),
    }
}

/// What is said of a name that a configuration tells its loader; nothing of an ordinary one.
fn named(place: &str, name: &str, worth: Worth) -> Option<Active> {
    let (danger, help) = match worth {
        Worth::Runs => (Danger::Attack, RUNS),
        Worth::MayRun => (Danger::MayRun, MAY_RUN),
        Worth::Ordinary => return None,
    };
    Some(Active::new(danger, format!("{place} names {}, which {}", shown(name), effect_of(name)), help))
}

/// The bytes of a member of a zip; none where it is longer than what is read, or damaged.
fn member<R: Read + Seek>(input: &mut Input<R>, member: &Member) -> io::Result<Option<Vec<u8>>> {
    let Some(local) = Local::read(input, member.offset)? else { return Ok(None) };
    let archive = Content::file(input);
    let Some(content) = member.content(&archive, local.start) else { return Ok(None) };
    Ok(match content.head(MAX_TEXT_BYTES) {
        Ok((bytes, HeadEnd::Complete)) => Some(bytes),
        Ok(_) => None,
        Err(_) if content.offset().is_none() => None,
        Err(error) => return Err(error),
    })
}

/// The fault of a part that was not read.
fn unread(what: &str) -> Fault {
    let message = format!("{what} could not be read to its end");
    Fault::new(FaultKind::Limit, message, "Check it by other means. It was not read.")
}

#[cfg(test)]
mod tests;

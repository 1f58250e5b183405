//! The configuration inside of an HDF5 file, found by what it opens with.

use std::io::{self, Read, Seek};

use super::super::active::Actives;
use super::{MAX_CONFIG_BYTES, MAX_SEARCHED_BYTES, config};
use crate::bytes::fault::{Fault, FaultKind};
use crate::bytes::input::Input;
use crate::words::grouped;

/// How Keras 2 and 3 begin `model_config` and `training_config`, by the first key that Python's `json.dumps` writes.
const OPENINGS: &[&[u8]] =
    &[b"{\"class_name\":", b"{\"module\":", b"{\"config\":", b"{\"name\":", b"{\"registered_name\":", b"{\"optimizer"];

/// Words that no configuration has by accident, looked for where no configuration could be read.
const WORDS: &[&[u8]] = &[b"\"class_name\": \"Lambda\"", b"\"class_name\":\"Lambda\"", b"\"__lambda__\""];

/// How much is read at once, and how much of it is seen twice so that nothing is cut in two.
const CHUNK: usize = 1024 * 1024;
const OVERLAP: usize = 64;

/// How many configurations are read: real files have two.
const MAX_CONFIGS: usize = 8;

/// Searches the start of a file. A fault says what was not searched.
pub(crate) fn scan<R: Read + Seek>(input: &mut Input<R>, found: &mut Actives) -> io::Result<Option<Fault>> {
    let end = input.size().min(MAX_SEARCHED_BYTES);
    let (mut at, mut read, mut broken) = (0_u64, 0, false);
    while at < end {
        let chunk = input.read(at, CHUNK.min((end - at) as usize))?;
        let is_last = at + chunk.len() as u64 >= end;
        let opening = first(&chunk, OPENINGS);
        let word = first(&chunk, WORDS);
        broken |= word.is_some_and(|word| opening.is_none_or(|opening| word < opening));
        match opening {
            Some(offset) if read < MAX_CONFIGS => {
                read += 1;
                let start = at + offset as u64;
                // What opens like one and is none may still stand before one.
                let length = configuration(input, start, found)?.map_or(1, |length| length as u64);
                at = start + length;
            }
            _ => {
                broken |= word.is_some();
                if is_last || chunk.is_empty() {
                    break;
                }
                at += (chunk.len() - OVERLAP.min(chunk.len() - 1)) as u64;
            }
        }
    }
    let message = if broken {
        "the file mentions a Keras `Lambda` in a configuration that could not be read".to_owned()
    } else if input.size() > end {
        let parts = (grouped(end), grouped(input.size()));
        format!(
            "only the first {} of its {} bytes were searched for Keras configurations that run code",
            parts.0, parts.1
        )
    } else {
        return Ok(None);
    };
    Ok(Some(Fault::new(FaultKind::Limit, message, "Check the rest by other means. It was not read.")))
}

/// Reads the configuration that starts here; its length, where it could be read to its end.
fn configuration<R: Read + Seek>(input: &mut Input<R>, start: u64, found: &mut Actives) -> io::Result<Option<usize>> {
    let mut window = 64 * 1024;
    loop {
        let bytes = input.read(start, window)?;
        let is_all = bytes.len() < window || window >= MAX_CONFIG_BYTES;
        // JSON as Python writes it is ASCII, and a string in HDF5 may end with a zero.
        let text = bytes.split(|byte| *byte == 0 || *byte >= 0x80).next().unwrap_or_default();
        let text_ends = text.len() < bytes.len();
        let text = std::str::from_utf8(text).unwrap_or_default();
        let mut inside = Actives::default();
        if let Some(end) = config::scan(text, &mut inside).end {
            inside.into_vec().into_iter().for_each(|active| found.push(active));
            return Ok(Some(end));
        }
        if is_all || text_ends {
            return Ok(None);
        }
        window *= 16;
    }
}

/// Where the first of several words begins.
fn first(bytes: &[u8], words: &[&[u8]]) -> Option<usize> {
    let starts = |at: usize| words.iter().any(|word| bytes.get(at..).is_some_and(|rest| rest.starts_with(word)));
    // All of them hold a quote as their first or second byte.
    let quotes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'"').map(|(at, _)| at);
    quotes.flat_map(|at| [at.checked_sub(1), Some(at)]).flatten().find(|at| starts(*at))
}

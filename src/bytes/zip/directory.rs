//! Finding and reading the list of members at the end of a zip file.

use std::io::{self, Read, Seek};

use super::{Directory, LOCAL_BYTES, Local, MAX_DIRECTORY_BYTES, MAX_MEMBERS, MAX_NAME_BYTES, METHODS, Member};
use crate::bytes::fault::{Fault, FaultKind, Faults, shown};
use crate::bytes::input::{Input, u16_at, u32_at, u64_at};
use crate::words::grouped;

/// What to do about a zip without its directory.
pub(super) const CUT_SHORT: &str = "Upload the file again from the original. It was cut short, so readers reject it.";

/// The end record without its comment, and the longest comment.
const END_BYTES: usize = 22;
const LONGEST_COMMENT: usize = u16::MAX as usize;

/// What the end record says, in offsets of the file.
struct End {
    start: u64,
    prefix: u64,
    entries: u64,
}

impl Directory {
    /// Reads the members of a file; none where it has no central directory. Memory is bounded by the caps above and
    /// by what the file contains.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn read<R: Read + Seek>(input: &mut Input<R>) -> io::Result<(Option<Self>, Vec<Fault>)> {
        Self::read_before(input, LONGEST_COMMENT)
    }

    /// As [`Directory::read`], with a comment of at most so many bytes after the directory: what finding it may cost.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn read_before<R: Read + Seek>(input: &mut Input<R>, comment: usize) -> io::Result<(Option<Self>, Vec<Fault>)> {
        let Some(end) = find_end(input, comment)? else {
            let message = "the zip has no directory at its end";
            return Ok((None, vec![Fault::new(FaultKind::CutShort, message, CUT_SHORT).at(input.size())]));
        };
        let is_inner = end.prefix > 0 && is_inside_a_zip(input, end.prefix)?;
        let mut directory = Self { members: Vec::new(), prefix: end.prefix, start: end.start, is_inner };
        let mut faults = Faults::default();
        let mut stream = input.stream(end.start);
        let mut name_bytes = 0;
        for index in 0..end.entries {
            let at = stream.position();
            let Some(fixed) = stream.array::<46>()?.filter(|fixed| fixed.starts_with(b"PK\x01\x02")) else {
                let message =
                    format!("the zip's directory lists {} members, and breaks off after {index}", end.entries);
                let help = "Save the file again from the original. It is damaged.";
                faults.push(Fault::new(FaultKind::Syntax, message, help).at(at));
                break;
            };
            let length = |offset| usize::from(u16_at(&fixed, offset).unwrap_or_default());
            let (name_length, extra_length, comment_length) = (length(28), length(30), length(32));
            name_bytes += name_length;
            let too_long = name_bytes > MAX_NAME_BYTES || stream.fetched() > MAX_DIRECTORY_BYTES;
            if directory.members.len() >= MAX_MEMBERS || too_long {
                let message = format!("the zip's directory is longer than what is read ({index} members were)");
                faults.push(Fault::new(FaultKind::Limit, message, "Check the rest by other means. It was not read."));
                break;
            }
            let Some(rest) = stream.bytes(name_length + extra_length)? else {
                let message = "the zip's directory breaks off inside a name";
                faults.push(Fault::new(FaultKind::Syntax, message, "Save the file again. It is damaged.").at(at));
                break;
            };
            let (name, extra) = rest.split_at_checked(name_length).unwrap_or_default();
            let member = member(&fixed, name, extra, end.prefix);
            stream.skip(comment_length as u64);
            let needed = member.offset.saturating_add(LOCAL_BYTES).saturating_add(member.compressed);
            if needed > end.start {
                let message = format!(
                    "the member {} claims {} bytes from byte {}, beyond the zip's content",
                    shown(&member.name),
                    grouped(member.compressed),
                    member.offset
                );
                let help = "Save the file again. The archive states a wrong size or place, so readers cannot read this member.";
                faults.push(Fault::new(FaultKind::Size, message, help).at(at));
            }
            directory.members.push(member);
        }
        Ok((Some(directory), faults.into_vec()))
    }
}

/// Whether the archive that starts at `prefix` is a member of another one, which begins where the file does: a member
/// stands there, and no directory between the two, as there is between zips that were put one after the other.
fn is_inside_a_zip<R: Read + Seek>(input: &mut Input<R>, prefix: u64) -> io::Result<bool> {
    let Some(first) = Local::read(input, 0)? else { return Ok(false) };
    let is_member = METHODS.contains(&first.method) && !first.name.is_empty() && first.name.chars().all(is_of_name);
    let before = input.read(prefix.saturating_sub(END_BYTES as u64), END_BYTES)?;
    Ok(is_member && first.start <= prefix && !before.starts_with(b"PK\x05\x06"))
}

fn is_of_name(letter: char) -> bool {
    !letter.is_control() && letter != char::REPLACEMENT_CHARACTER
}

fn member(fixed: &[u8; 46], name: &[u8], extra: &[u8], prefix: u64) -> Member {
    let small = |offset| u16_at(fixed, offset).unwrap_or_default();
    let large = |offset| u32_at(fixed, offset).unwrap_or_default();
    let [mut size, mut compressed, mut offset] = [large(24), large(20), large(42)].map(u64::from);
    // A zip64 field contains, in this order, those of the three that do not fit.
    let mut wide = zip64_field(extra).unwrap_or_default();
    for value in [&mut size, &mut compressed, &mut offset] {
        if *value == u64::from(u32::MAX) {
            let Some(large) = u64_at(wide, 0) else { break };
            *value = large;
            wide = wide.get(8..).unwrap_or_default();
        }
    }
    Member {
        name: String::from_utf8_lossy(name).into_owned(),
        flags: small(8),
        method: small(10),
        crc: large(16),
        compressed,
        size,
        offset: offset.saturating_add(prefix),
    }
}

/// The content of the extra field with id 1.
fn zip64_field(mut extra: &[u8]) -> Option<&[u8]> {
    loop {
        let length = usize::from(u16_at(extra, 2)?);
        let field = extra.get(4..4 + length)?;
        if u16_at(extra, 0) == Some(1) {
            return Some(field);
        }
        extra = extra.get(4 + length..)?;
    }
}

/// Looks for the end record, backwards from the end, as zip tools do.
fn find_end<R: Read + Seek>(input: &mut Input<R>, comment: usize) -> io::Result<Option<End>> {
    let size = input.size();
    for length in [END_BYTES, END_BYTES + comment] {
        let from = size.saturating_sub(length as u64);
        let tail = input.read(from, length)?;
        // A tail full of false records would be checked one by one: the cap keeps that cheap.
        const TRIES: usize = 16;
        let records = tail.windows(4).enumerate().rev().filter(|(_, four)| *four == b"PK\x05\x06");
        let places: Vec<usize> = records.map(|(at, _)| at).take(TRIES).collect();
        for at in places {
            let record = tail.get(at..at + END_BYTES).unwrap_or_default();
            if let Some(end) = read_end(input, from + at as u64, record)? {
                return Ok(Some(end));
            }
        }
        if from == 0 || comment == 0 {
            break;
        }
    }
    Ok(None)
}

/// Reads an end record, and checks that a directory stands where it says.
fn read_end<R: Read + Seek>(input: &mut Input<R>, at: u64, record: &[u8]) -> io::Result<Option<End>> {
    let fields = (u16_at(record, 10), u32_at(record, 12), u32_at(record, 16));
    let (Some(entries), Some(length), Some(offset)) = fields else { return Ok(None) };
    let (mut entries, mut length, mut offset) = (u64::from(entries), u64::from(length), u64::from(offset));
    let mut directory_end = at;
    if let Some((place, record)) = zip64_end(input, at)? {
        let fields = (u64_at(&record, 32), u64_at(&record, 40), u64_at(&record, 48));
        let (Some(wide_entries), Some(wide_length), Some(wide_offset)) = fields else { return Ok(None) };
        (entries, length, offset) = (wide_entries, wide_length, wide_offset);
        directory_end = place;
    }
    let Some(start) = directory_end.checked_sub(length) else { return Ok(None) };
    let Some(prefix) = start.checked_sub(offset) else { return Ok(None) };
    let is_directory = if entries == 0 { length == 0 } else { input.read(start, 4)? == b"PK\x01\x02" };
    Ok(is_directory.then_some(End { start, prefix, entries }))
}

/// The zip64 end record and its place, where a locator stands before the end record at `at`.
fn zip64_end<R: Read + Seek>(input: &mut Input<R>, at: u64) -> io::Result<Option<(u64, Vec<u8>)>> {
    let Some(locator_at) = at.checked_sub(20) else { return Ok(None) };
    let locator = input.read(locator_at, 20)?;
    if !locator.starts_with(b"PK\x06\x07") {
        return Ok(None);
    }
    // Where it says, or directly before the locator: with bytes in front of the archive only the latter is right.
    let places = [locator_at.checked_sub(56), u64_at(&locator, 8)];
    for place in places.into_iter().flatten() {
        let record = input.read(place, 56)?;
        if record.starts_with(b"PK\x06\x06") {
            return Ok(Some((place, record)));
        }
    }
    Ok(None)
}

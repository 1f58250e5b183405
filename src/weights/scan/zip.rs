//! Pickles among the members of a zip.

use std::io::{self, Read, Seek};

use super::super::input::u16_at;
use super::super::pickle::{self, Budget, Part, Source, Verdict, judge};
use super::super::zip::{Directory, Member};
use super::super::{Format, HEAD_BYTES, Input};
use super::{MAX_UNPACKED_BYTES, Pickles};

/// A local header without name and extra field.
const LOCAL_HEADER_BYTES: u64 = 30;

/// Scans every member that is a pickle by its name or by its first bytes.
pub(super) fn scan<R: Read + Seek>(
    input: &mut Input<R>,
    directory: &Directory,
    format: Format,
    pickles: &mut Pickles,
) -> io::Result<()> {
    let is_torch = matches!(format, Format::TorchZip | Format::TorchScript);
    for member in &directory.members {
        // Torch reads its storages as numbers, whatever they hold; and they are what costs.
        if !(is_torch && is_storage(&member.name)) {
            scan_member(input, member, format, pickles)?;
        }
    }
    Ok(())
}

/// `archive/data/12`.
fn is_storage(name: &str) -> bool {
    name.rsplit_once("/data/").is_some_and(|(_, key)| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a member is a pickle for those who open it by its name.
fn is_pickle_by_name(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["pkl", "pickle", "joblib", "debug_pkl"].iter().any(|pickled| extension.eq_ignore_ascii_case(pickled))
}

fn scan_member<R: Read + Seek>(
    input: &mut Input<R>,
    member: &Member,
    format: Format,
    pickles: &mut Pickles,
) -> io::Result<()> {
    let name = member.name.as_str();
    let Some((start, end)) = place(input, member)? else {
        if is_pickle_by_name(name) {
            pickles.skip(Some(name), member.offset, "the member has no header where the directory says");
        }
        return Ok(());
    };
    // Whoever reads a member twice starts at its start twice.
    let is_stored = member.method == 0;
    let mut source = match member.method {
        0 => Source::part(input, start, end),
        8 => inflated(input, start, end, member.size),
        _ if is_pickle_by_name(name) => {
            pickles.skip(Some(name), start, "the member is packed in a way that is not read");
            return Ok(());
        }
        _ => return Ok(()),
    };
    let head = source.peek(HEAD_BYTES)?;
    let is_text = std::str::from_utf8(head).is_ok();
    let is_complete = head.len() < HEAD_BYTES;
    if !is_pickle_by_name(name) && judge(head, is_complete, is_text) != Verdict::Pickle {
        return Ok(());
    }
    let mut scan = pickle::scan(&mut source)?;
    if matches!(format, Format::TorchZip | Format::TorchScript) {
        scan.read_by_torch(format == Format::TorchScript);
    }
    if let Some(at) = scan.tail {
        pickles.skip(Some(name), at, "what follows the pickle is none");
    }
    pickles.add(Some(name), is_stored, scan);
    Ok(())
}

/// Where the content of a member starts and ends. Its local header has lengths of its own.
fn place<R: Read + Seek>(input: &mut Input<R>, member: &Member) -> io::Result<Option<(u64, u64)>> {
    let header = input.read(member.offset, LOCAL_HEADER_BYTES as usize)?;
    let lengths = u16_at(&header, 26).zip(u16_at(&header, 28)).filter(|_| header.starts_with(b"PK\x03\x04"));
    Ok(lengths.map(|(name, extra)| {
        let start = member.offset + LOCAL_HEADER_BYTES + u64::from(name) + u64::from(extra);
        (start, start.saturating_add(member.compressed))
    }))
}

/// What a deflated member unpacks to, at most what it claims and what is unpacked at all.
fn inflated<R: Read + Seek>(input: &mut Input<R>, start: u64, end: u64, size: u64) -> Source<'_> {
    let unpacked = flate2::read::DeflateDecoder::new(Part::new(input, start, end));
    Source::new(Budget::new(unpacked, MAX_UNPACKED_BYTES.min(size.saturating_add(1))), 0)
}

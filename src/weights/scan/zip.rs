//! Pickles among the members of a zip.

use std::io::{self, Read, Seek};

use super::super::input::u16_at;
use super::super::pickle::{self, Budget, Part, Source};
use super::super::zip::{Directory, Member};
use super::super::{Format, Input};
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
        // Storages are numbers; torch gives them names of digits.
        if !(is_torch && is_storage(&member.name)) && may_be_pickle(&member.name, format) {
            scan_member(input, member, pickles)?;
        }
    }
    Ok(())
}

fn is_storage(name: &str) -> bool {
    name.rsplit_once("/data/").is_some_and(|(_, key)| key.bytes().all(|byte| byte.is_ascii_digit()))
}

fn may_be_pickle(name: &str, format: Format) -> bool {
    let pickled = name.rsplit_once('.').is_some_and(|(_, extension)| {
        ["pkl", "pickle", "joblib", "bin", "pt", "pth", "debug_pkl"].contains(&extension.to_ascii_lowercase().as_str())
    });
    pickled || format == Format::TorchZip
}

fn scan_member<R: Read + Seek>(input: &mut Input<R>, member: &Member, pickles: &mut Pickles) -> io::Result<()> {
    let name = member.name.as_str();
    let header = input.read(member.offset, LOCAL_HEADER_BYTES as usize)?;
    let lengths = u16_at(&header, 26).zip(u16_at(&header, 28));
    let Some((name_length, extra_length)) = lengths.filter(|_| header.starts_with(b"PK\x03\x04")) else {
        pickles.skip(Some(name), member.offset, "the member has no header where the directory says");
        return Ok(());
    };
    let start = member.offset + LOCAL_HEADER_BYTES + u64::from(name_length) + u64::from(extra_length);
    let end = start.saturating_add(member.compressed);
    let (scan, in_file) = match member.method {
        0 => (pickle::scan(&mut Source::part(input, start, end))?, true),
        8 => {
            let compressed = Part::new(input, start, end);
            let unpacked = flate2::read::DeflateDecoder::new(compressed);
            let budget = MAX_UNPACKED_BYTES.min(member.size);
            (pickle::scan(&mut Source::new(Budget::new(unpacked, budget), 0))?, false)
        }
        _ => {
            pickles.skip(Some(name), start, "the member is packed in a way that is not read");
            return Ok(());
        }
    };
    pickles.add(Some(name), in_file, scan);
    Ok(())
}

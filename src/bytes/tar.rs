//! Tar archives: torch's old layout, NeMo's, and any other.

use std::io::{self, Read, Seek};

use crate::bytes::Format;
use crate::bytes::input::Input;

/// How many headers are read: of members, links, folders and long names.
pub(crate) const MAX_HEADERS: usize = 100_000;

/// The longest name that is kept.
const MAX_NAME_BYTES: u64 = 4096;

const BLOCK: u64 = 512;

/// How many members tell the kind of archive: torch's layout has four.
const FEW: usize = 8;

/// A file in a tar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its name; bytes that are not UTF-8 read as U+FFFD.
    pub name: String,
    /// Where its bytes start.
    pub start: u64,
    /// How many they are.
    pub size: u64,
}

/// The kind of tar, where the file is one. A header counts by its checksum: older tars say no more.
pub(crate) fn recognize<R: Read + Seek>(input: &mut Input<R>) -> io::Result<Option<Format>> {
    if !input.head().get(..BLOCK as usize).is_some_and(is_header) {
        return Ok(None);
    }
    let mut names = Vec::new();
    walk(input, FEW, |entry, _| names.push(entry.name))?;
    let has = |wanted: &str| names.iter().any(|name| name.strip_prefix("./").unwrap_or(name) == wanted);
    let torch = has("pickle") && (has("storages") || has("tensors"));
    Ok(Some(if torch { Format::TorchTar } else { Format::Tar }))
}

/// How a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TarEnd {
    /// At the end mark, or at bytes that are not a header, where Python's reader stops too.
    Here(u64),
    /// The archive has more headers than were to be read.
    More(u64),
    /// At a member whose size is beyond the end of the archive, or too large to be counted.
    Cut(u64),
}

/// Goes through the files in order, and gives each with its first bytes. Links are skipped: they are names.
pub(crate) fn walk<R: Read + Seek>(
    input: &mut Input<R>,
    most: usize,
    mut each: impl FnMut(Entry, &[u8]),
) -> io::Result<TarEnd> {
    /// How much of a member comes with it.
    const HEAD: usize = 4096;
    let mut at = 0_u64;
    let (mut long_name, mut pax) = (None, Pax::default());
    for _ in 0..most {
        let bytes = input.read(at, BLOCK as usize + HEAD)?;
        let (Some(header), Some(head)) = (bytes.get(..BLOCK as usize), bytes.get(BLOCK as usize..)) else {
            return Ok(TarEnd::Here(at));
        };
        if !is_header(header) {
            return Ok(TarEnd::Here(at));
        }
        let Some(mut size) = number(header.get(124..136).unwrap_or_default()) else {
            return Ok(TarEnd::Cut(at));
        };
        let start = at + BLOCK;
        match header.get(156) {
            Some(b'L') => long_name = Some(text(&input.read(start, size.min(MAX_NAME_BYTES) as usize)?)),
            Some(b'x') => pax = Pax::parse(&input.read(start, size.min(MAX_NAME_BYTES * 4) as usize)?),
            Some(b'g' | b'K') => {}
            kind => {
                let pax = std::mem::take(&mut pax);
                size = pax.size.unwrap_or(size);
                let name = pax.path.or(long_name.take()).unwrap_or_else(|| name(header));
                // Links and folders have no bytes, whatever size they state.
                let has_bytes = !matches!(kind, Some(b'1'..=b'6'));
                size = if has_bytes { size } else { 0 };
                if has_bytes {
                    let head = head.get(..head.len().min(usize::try_from(size).unwrap_or(HEAD))).unwrap_or_default();
                    each(Entry { name, start, size }, head);
                }
            }
        }
        let length = size.div_ceil(BLOCK).checked_mul(BLOCK);
        match length.and_then(|length| length.checked_add(start)).filter(|next| *next < input.size()) {
            Some(next) => at = next,
            None if start.checked_add(size).is_none_or(|end| end > input.size()) => return Ok(TarEnd::Cut(at)),
            None => return Ok(TarEnd::Here(start.saturating_add(size))),
        }
    }
    Ok(TarEnd::More(at))
}

/// What an extended header says of the member that follows.
#[derive(Default)]
struct Pax {
    path: Option<String>,
    size: Option<u64>,
}

impl Pax {
    /// Records of the form `LENGTH key=value\n`.
    fn parse(mut bytes: &[u8]) -> Self {
        let mut pax = Self::default();
        while let Some(space) = bytes.iter().position(|byte| *byte == b' ') {
            let length = bytes.get(..space).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok());
            let Some(length) = length.filter(|length| *length > space) else { break };
            let record = bytes.get(space + 1..length.min(bytes.len())).unwrap_or_default();
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            if let Some(path) = record.strip_prefix(b"path=") {
                pax.path = Some(text(path));
            } else if let Some(size) = record.strip_prefix(b"size=") {
                pax.size = std::str::from_utf8(size).ok().and_then(|size| size.parse().ok());
            }
            bytes = bytes.get(length..).unwrap_or_default();
        }
        pax
    }
}

/// Whether a block's checksum is right: the sum of its bytes, those of the checksum taken as spaces. Old writers added
/// signed bytes.
pub(crate) fn is_header(block: &[u8]) -> bool {
    let Some(stated) = block.get(148..156).and_then(number) else { return false };
    let (mut unsigned, mut signed) = (0_i64, 0_i64);
    for (at, byte) in block.iter().take(BLOCK as usize).enumerate() {
        let byte = if (148..156).contains(&at) { b' ' } else { *byte };
        unsigned += i64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    i64::try_from(stated).is_ok_and(|stated| stated == unsigned || stated == signed)
}

/// The name; in newer headers a folder stands apart.
fn name(header: &[u8]) -> String {
    let name = text(header.get(..100).unwrap_or_default());
    let folder = match header.get(257..263) {
        Some(b"ustar\0") => text(header.get(345..500).unwrap_or_default()),
        _ => String::new(),
    };
    if folder.is_empty() { name } else { format!("{folder}/{name}") }
}

/// Text up to a NUL.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned()
}

/// A tar number: octal digits between spaces and NULs, or, with the first bit set, big-endian bytes.
fn number(field: &[u8]) -> Option<u64> {
    if let Some((0x80, rest)) = field.split_first() {
        return rest.iter().try_fold(0_u64, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(*byte)));
    }
    let field = field.split(|byte| *byte == 0).next().unwrap_or_default().trim_ascii();
    field.iter().try_fold(0_u64, |sum, digit| {
        let digit = char::from(*digit).to_digit(8)?;
        sum.checked_mul(8)?.checked_add(u64::from(digit))
    })
}

#[cfg(test)]
mod tests;

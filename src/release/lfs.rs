//! Git LFS pointers: small texts in the place of large files.

use std::fs::File;
use std::io::Read;
use std::ops::RangeInclusive;
use std::path::Path;

use super::file::LfsPointer;

/// The sizes a pointer can have, in bytes: version, oid and size lines take over 100, and the specification stops
/// readers at 1024 (git-lfs, docs/spec.md).
pub(super) const POINTER_SIZES: RangeInclusive<u64> = 100..=1024;

const VERSION: &str = "version https://git-lfs.github.com/spec/v1";

/// Reads a regular file no larger than a pointer, whole; nothing when it cannot be read (the reader of its text will
/// say why) or is larger than it was said to be.
pub(super) fn read_small(path: &Path) -> Option<([u8; *POINTER_SIZES.end() as usize + 1], usize)> {
    // One read and no allocation: a release may hold a hundred thousand small files.
    let mut bytes = [0; *POINTER_SIZES.end() as usize + 1];
    let length = File::open(path).ok()?.read(&mut bytes).ok()?;
    (length < bytes.len()).then_some((bytes, length))
}

/// Reads a pointer's text: the version first, then `oid` and `size`, once each, `ext-…` lines between; LF or CRLF.
pub(super) fn parse(bytes: &[u8]) -> Option<LfsPointer> {
    if !bytes.starts_with(VERSION.as_bytes()) {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.lines();
    if lines.next() != Some(VERSION) {
        return None;
    }
    let mut oid = None;
    let mut size = None;
    for line in lines {
        match line.split_once(' ')? {
            ("oid", value) if oid.is_none() && size.is_none() => oid = Some(sha256(value)?),
            ("size", value) if oid.is_some() && size.is_none() => size = Some(decimal(value)?),
            (key, _) if key.starts_with("ext-") && oid.is_none() => {}
            _ => return None,
        }
    }
    Some(LfsPointer { oid: oid?, size: size? })
}

fn sha256(value: &str) -> Option<String> {
    let hex = value.strip_prefix("sha256:")?;
    let valid = hex.len() == 64 && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    valid.then(|| hex.to_owned())
}

fn decimal(value: &str) -> Option<u64> {
    value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse().ok()).flatten()
}

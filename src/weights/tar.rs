//! Enough of tar to tell torch's old layout from any other archive.

use std::io::{self, Read, Seek};

use super::Format;
use super::input::Input;

/// How many members are looked at: torch's layout has four.
const MEMBERS: usize = 8;

/// The kind of tar, where the file is one.
pub(super) fn recognise<R: Read + Seek>(input: &mut Input<R>) -> io::Result<Option<Format>> {
    if input.head().get(257..262) != Some(b"ustar") {
        return Ok(None);
    }
    let mut names = Vec::new();
    let mut at = 0;
    for _ in 0..MEMBERS {
        let header = input.read(at, 512)?;
        let (Some(name), Some(size), Some(b"ustar")) = (header.get(..100), header.get(124..136), header.get(257..262))
        else {
            break;
        };
        names.push(name.split(|byte| *byte == 0).next().unwrap_or_default().to_vec());
        let Some(size) = octal(size) else { break };
        let Some(next) = size.div_ceil(512).checked_mul(512).and_then(|length| length.checked_add(at + 512)) else {
            break;
        };
        if next >= input.size() {
            break;
        }
        at = next;
    }
    let has = |wanted: &str| names.iter().any(|name| name.strip_prefix(b"./").unwrap_or(name) == wanted.as_bytes());
    let torch = has("pickle") && (has("storages") || has("tensors"));
    Ok(Some(if torch { Format::TorchTar } else { Format::Tar }))
}

/// A tar number: octal digits, ended by a space or NUL.
fn octal(field: &[u8]) -> Option<u64> {
    let digits = field.iter().skip_while(|byte| **byte == b' ').take_while(|byte| byte.is_ascii_digit());
    digits.map(|digit| char::from(*digit).to_digit(8)).try_fold(0, |sum, digit| Some(sum * 8 + u64::from(digit?)))
}

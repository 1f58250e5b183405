//! What the bytes of a text file are.

use std::ops::Range;

/// How a file's bytes become text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 that opens with a byte order mark (`EF BB BF`).
    Utf8WithBom,
    /// UTF-16 by its byte order mark, as some Windows tools write it; nothing of it can be read as a card.
    Utf16,
    /// Mostly UTF-8, with the given runs of bytes that are not.
    Invalid(Vec<Range<u32>>),
}

/// The line ends of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnds {
    /// Only `\n`, or no line break at all.
    Lf,
    /// Only `\r\n`.
    CrLf,
    /// Both.
    Mixed,
}

impl LineEnds {
    /// Counts the line ends of a text.
    pub fn of(text: &str) -> Self {
        let lf = text.bytes().filter(|byte| *byte == b'\n').count();
        let crlf = text.matches("\r\n").count();
        match (lf, crlf) {
            (_, 0) => Self::Lf,
            (lf, crlf) if lf == crlf => Self::CrLf,
            _ => Self::Mixed,
        }
    }
}

/// Turns bytes into text of the same length, so that offsets in the text are offsets in the file: each byte that is
/// not UTF-8 becomes one `?`, and the runs of them are returned.
pub(super) fn decode(bytes: Vec<u8>) -> (String, Option<Vec<u8>>, Encoding) {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let blank = "?".repeat(bytes.len());
        return (blank, Some(bytes), Encoding::Utf16);
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.starts_with('\u{feff}') => (text, None, Encoding::Utf8WithBom),
        Ok(text) => (text, None, Encoding::Utf8),
        Err(error) => {
            let bytes = error.into_bytes();
            let mut text = String::with_capacity(bytes.len());
            let mut invalid: Vec<Range<u32>> = Vec::new();
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                let start = text.len() as u32;
                let bad = chunk.invalid().len();
                if bad > 0 {
                    text.extend(std::iter::repeat_n('?', bad));
                    match invalid.last_mut() {
                        Some(last) if last.end == start => last.end = start + bad as u32,
                        _ => invalid.push(start..start + bad as u32),
                    }
                }
            }
            (text, Some(bytes), Encoding::Invalid(invalid))
        }
    }
}

//! What every JSON document has in common.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use super::visible::is_hidden;

/// What wrote the document.
#[derive(Debug, Serialize)]
pub struct Tool<'a> {
    /// The version of hf-release.
    pub version: &'a str,
    /// The date of its tables of the Hub.
    pub data: &'a str,
}

/// Writes a document on one line.
pub(crate) fn write(document: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    document.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, Visible))?;
    writeln!(out)
}

/// Writes the characters that JSON allows but a terminal obeys, such as U+009B, as escapes.
struct Visible;

impl Formatter for Visible {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut plain = 0;
        for (at, c) in fragment.char_indices().filter(|(_, c)| is_hidden(*c)) {
            CompactFormatter.write_string_fragment(out, fragment.get(plain..at).unwrap_or_default())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            plain = at + c.len_utf8();
        }
        CompactFormatter.write_string_fragment(out, fragment.get(plain..).unwrap_or_default())
    }
}

//! The header before a member's bytes.

use std::io::{self, Read, Seek};

use super::LOCAL_BYTES;
use crate::bytes::Input;
use crate::bytes::input::u16_at;

/// What stands directly before a member's bytes. Writers that do not know sizes and checksum yet leave them zero here, so
/// only the place of the bytes and the name are taken from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Local {
    /// The name; bytes that are not UTF-8 read as U+FFFD.
    pub name: String,
    /// General-purpose flags.
    pub flags: u16,
    /// How the member is packed.
    pub method: u16,
    /// Where the member's bytes start, counted from the start of the file.
    pub start: u64,
}

impl Local {
    /// Reads the header at `offset`; none where no header stands.
    ///
    /// # Errors
    /// What the reader reports.
    pub(crate) fn read<R: Read + Seek>(input: &mut Input<R>, offset: u64) -> io::Result<Option<Self>> {
        let fixed = input.read(offset, LOCAL_BYTES as usize)?;
        let lengths = (u16_at(&fixed, 26), u16_at(&fixed, 28), u16_at(&fixed, 6), u16_at(&fixed, 8));
        let (Some(name_length), Some(extra_length), Some(flags), Some(method)) = lengths else { return Ok(None) };
        if !fixed.starts_with(b"PK\x03\x04") {
            return Ok(None);
        }
        let name_at = offset.saturating_add(LOCAL_BYTES);
        let name = input.read(name_at, usize::from(name_length))?;
        let start = name_at.saturating_add(u64::from(name_length)).saturating_add(u64::from(extra_length));
        Ok(Some(Self { name: String::from_utf8_lossy(&name).into_owned(), flags, method, start }))
    }
}

//! Zip archives, read more strictly than most readers do.
//!
//! Members are listed as the central directory has them, repeated names kept: readers differ in which of two equal names
//! they take, so a scan must see both. `Directory::check` says where readers would disagree or refuse, from the
//! directory alone; [`Local`] is the second description of a member, which stands before its bytes.

mod check;
mod directory;
mod local;

pub(crate) use local::Local;

use crate::bytes::unpack::{Content, Packing};

/// How many members are read: some ten times what the largest checkpoints have.
pub(crate) const MAX_MEMBERS: usize = 100_000;

/// How many bytes of names are kept of one file.
pub(crate) const MAX_NAME_BYTES: usize = 16 * 1024 * 1024;

/// How many bytes of the directory are read.
pub(crate) const MAX_DIRECTORY_BYTES: u64 = 64 * 1024 * 1024;

/// A local header without its name and extra fields.
const LOCAL_BYTES: u64 = 30;

/// How members are packed, of the ways that are undone here. Torch's reader knows the first two.
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const BZIPPED: u16 = 12;
const LZMA: u16 = 14;
const METHODS: &[u16] = &[STORED, DEFLATED, BZIPPED, LZMA];

/// One member, as the central directory describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name; bytes that are not UTF-8 read as U+FFFD.
    pub name: String,
    /// General-purpose flags; bit 0 is encryption.
    pub flags: u16,
    /// 0 stored, 8 deflated.
    pub method: u16,
    /// CRC-32 of the content.
    pub crc: u32,
    /// Bytes in the file.
    pub compressed: u64,
    /// Bytes of the content.
    pub size: u64,
    /// Where its local header starts, counted from the start of the file.
    pub offset: u64,
}

/// The members of a zip file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// In the order of the central directory.
    pub members: Vec<Member>,
    /// How many bytes stand before the archive; not 0 where something else was put in front.
    pub prefix: u64,
    /// Where the central directory starts, counted from the start of the file.
    pub start: u64,
    /// Whether it is that of a zip stored inside the file's own, which has none any more: the file was cut short.
    pub is_inner: bool,
}

impl Directory {
    /// Whether some member ends with these characters, whatever their case: torch's reader does not mind it.
    pub fn has_ending(&self, ending: &str) -> bool {
        let ends = |name: &str| {
            let start = name.len().checked_sub(ending.len());
            start.and_then(|start| name.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
        };
        self.members.iter().any(|member| ends(member.python_name()))
    }

    /// Whether a member of exactly this name stands in it.
    pub fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.python_name() == name)
    }
}

impl Member {
    /// Whether it is packed in a way that is undone here.
    pub(crate) fn is_known_packing(&self) -> bool {
        METHODS.contains(&self.method)
    }

    /// The name as Python's `zipfile` has it, which ends at a NUL.
    pub fn python_name(&self) -> &str {
        self.name.split('\0').next().unwrap_or_default()
    }

    /// The content of a member whose bytes start at `start` of the archive; none where it is packed in a way that is not
    /// undone here, or too many things are packed in one another.
    pub(crate) fn content<'i>(&self, archive: &Content<'i>, start: u64) -> Option<Content<'i>> {
        let bytes = archive.part(start, self.compressed);
        match self.method {
            STORED => Some(bytes),
            DEFLATED => bytes.unpacked(Packing::Deflate),
            BZIPPED => bytes.unpacked(Packing::Bzip2),
            LZMA => bytes.unpacked(Packing::ZipLzma),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;

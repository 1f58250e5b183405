//! Git's index, `.git/index`: the files the next commit will hold (git, Documentation/gitformat-index.txt).
//! Versions 2, 3 and 4, with SHA-1 or SHA-256.

use std::borrow::Cow;

use sha1::{Digest, Sha1};
use sha2::Sha256;
use thiserror::Error;

use crate::release::{MAX_ENTRIES, MAX_PATH_BYTES};

/// The hash a repository names its objects with, which also ends its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
}

impl Hash {
    fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    pub(super) fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(bytes).to_vec(),
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
        }
    }
}

/// Why an index cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum IndexError {
    #[error("the git index cannot be read: {0}")]
    Unreadable(String),
    #[error("the git index is too large")]
    TooLarge,
    #[error("`.git/index` is not a git index")]
    NotAnIndex,
    #[error("the git index has version {0}, but only versions 2, 3 and 4 are known")]
    Version(u32),
    #[error("the git index is damaged: its checksum is wrong")]
    Checksum,
    #[error("the git index is damaged: it ends within an entry")]
    Truncated,
    #[error("the git index is damaged: entry {0} is malformed")]
    BadEntry(u32),
    #[error("the git index contains the path `{0}`, which git would reject")]
    BadPath(String),
    #[error("the git index is split: make it one file with `git update-index --no-split-index`")]
    Split,
    #[error("the git index uses the extension `{0}`, which is not known")]
    Extension(String),
}

/// What an entry stands for, by its mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// A file or a link to one.
    File,
    /// A commit of another repository.
    Submodule,
    /// A whole folder that a sparse checkout leaves in git.
    Folder,
}

/// One path of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Without a slash at the end, also of a folder.
    pub(crate) path: Box<[u8]>,
    pub(crate) kind: EntryKind,
    /// Size on disk when it was added, modulo 4 GiB.
    pub(crate) size: u32,
    /// One side of a merge that is not finished.
    pub(crate) unmerged: bool,
    /// A sparse checkout may leave it out of the work tree.
    pub(crate) skip_worktree: bool,
    /// `git add --intent-to-add`: announced, not added.
    pub(crate) intent_to_add: bool,
}

/// The entries, sorted by path, each path once.
#[derive(Debug, Default)]
pub(crate) struct Index {
    entries: Vec<Entry>,
}

/// The most bytes that the paths of an index may take: version 4 can repeat a long path in a few bytes.
const MAX_ALL_PATHS_BYTES: usize = 256 * 1024 * 1024;

const ENTRY_STAT_BYTES: usize = 40;
const MODE_AT: usize = 24;
const SIZE_AT: usize = 36;

impl Index {
    /// Reads a whole index.
    pub(crate) fn parse(bytes: &[u8], hash: Hash) -> Result<Self, IndexError> {
        let body_length = bytes.len().checked_sub(hash.length()).ok_or(IndexError::NotAnIndex)?;
        let (body, checksum) = bytes.split_at_checked(body_length).ok_or(IndexError::NotAnIndex)?;
        let mut reader = Reader { bytes: body, at: 0 };
        if reader.take(4) != Ok(b"DIRC") {
            return Err(IndexError::NotAnIndex);
        }
        let version = reader.number()?;
        if !(2..=4).contains(&version) {
            return Err(IndexError::Version(version));
        }
        // Zeros stand there when `index.skipHash` is set.
        if checksum.iter().any(|byte| *byte != 0) && hash.of(body) != checksum {
            return Err(IndexError::Checksum);
        }
        let count = reader.number()?;
        if count as usize > MAX_ENTRIES {
            return Err(IndexError::TooLarge);
        }
        let mut entries: Vec<Entry> = Vec::new();
        let mut previous = Vec::new();
        let mut all_paths = 0;
        for number in 0..count {
            let entry = reader.entry(version, hash, &mut previous, number)?;
            all_paths += entry.path.len();
            if all_paths > MAX_ALL_PATHS_BYTES {
                return Err(IndexError::TooLarge);
            }
            entries.push(entry);
        }
        reader.extensions(hash)?;
        // Only now: a split index may hold entries without a path, and should be called split.
        if let Some(entry) = entries.iter().find(|entry| !is_sound(&entry.path)) {
            return Err(IndexError::BadPath(String::from_utf8_lossy(&entry.path).chars().take(200).collect()));
        }
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        // The sides of a merge share a path, and the mark of one is the mark of all.
        entries.dedup_by(|later, kept| kept.path == later.path);
        Ok(Self { entries })
    }

    /// All entries.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The number of the entry with this path.
    pub(crate) fn find(&self, path: &[u8]) -> Option<usize> {
        self.entries.binary_search_by(|entry| (*entry.path).cmp(path)).ok()
    }

    /// Whether any entry lies below a folder.
    pub(crate) fn has_below(&self, folder: &[u8]) -> bool {
        // `a/` sorts after `a-b`, so the slash must be part of the comparison.
        let before = |entry: &Entry| entry.path.iter().lt(folder.iter().chain(b"/"));
        let first = self.entries.get(self.entries.partition_point(before));
        first.is_some_and(|entry| entry.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with(b"/")))
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], IndexError> {
        let taken = self.rest().get(..length).ok_or(IndexError::Truncated)?;
        self.at += length;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32, IndexError> {
        let bytes = self.take(4)?.first_chunk().ok_or(IndexError::Truncated)?;
        Ok(u32::from_be_bytes(*bytes))
    }

    fn short(&mut self) -> Result<u16, IndexError> {
        let bytes = self.take(2)?.first_chunk().ok_or(IndexError::Truncated)?;
        Ok(u16::from_be_bytes(*bytes))
    }

    fn entry(&mut self, version: u32, hash: Hash, previous: &mut Vec<u8>, number: u32) -> Result<Entry, IndexError> {
        let start = self.at;
        let stat = self.take(ENTRY_STAT_BYTES)?;
        let field = |at: usize| stat.get(at..).and_then(|bytes| bytes.first_chunk()).map(|at| u32::from_be_bytes(*at));
        let mode = field(MODE_AT).ok_or(IndexError::Truncated)?;
        let size = field(SIZE_AT).ok_or(IndexError::Truncated)?;
        self.take(hash.length())?;
        let flags = self.short()?;
        let extended = if flags & 0x4000 == 0 { 0 } else { self.short()? };
        let kind = match mode >> 12 {
            0o10 | 0o12 => EntryKind::File,
            0o16 => EntryKind::Submodule,
            0o4 => EntryKind::Folder,
            _ => return Err(IndexError::BadEntry(number)),
        };
        let path = match version {
            4 => self.compressed_path(previous, number)?,
            _ => Cow::Borrowed(self.padded_path(start, flags, number)?),
        };
        let path = path.strip_suffix(b"/").filter(|_| kind == EntryKind::Folder).unwrap_or(&path);
        Ok(Entry {
            path: path.into(),
            kind,
            size,
            unmerged: flags & 0x3000 != 0,
            skip_worktree: extended & 0x4000 != 0,
            intent_to_add: extended & 0x2000 != 0,
        })
    }

    /// Versions 2 and 3: the path, then one to eight zeros, so that the entry's length is a multiple of eight.
    fn padded_path(&mut self, start: usize, flags: u16, number: u32) -> Result<&'b [u8], IndexError> {
        let window = self.rest().get(..=MAX_PATH_BYTES).unwrap_or(self.rest());
        let length = window.iter().position(|byte| *byte == 0).ok_or(IndexError::BadEntry(number))?;
        if length.min(0xFFF) != usize::from(flags & 0xFFF) {
            return Err(IndexError::BadEntry(number));
        }
        let path = self.take(length)?;
        let padding = self.take(8 - (self.at - start) % 8)?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(IndexError::BadEntry(number));
        }
        Ok(path)
    }

    /// Version 4: how many bytes to drop from the end of the previous path, then what to append, then one zero.
    fn compressed_path(&mut self, previous: &mut Vec<u8>, number: u32) -> Result<Cow<'b, [u8]>, IndexError> {
        let mut dropped: usize = 0;
        for place in 0.. {
            let byte = *self.take(1)?.first().ok_or(IndexError::Truncated)?;
            // Each further byte counts one more, so that no number has two spellings.
            let carried = if place == 0 { 0 } else { dropped + 1 };
            if carried > MAX_PATH_BYTES {
                return Err(IndexError::BadEntry(number));
            }
            dropped = (carried << 7) | usize::from(byte & 0x7F);
            if byte & 0x80 == 0 {
                break;
            }
        }
        let kept = previous.len().checked_sub(dropped).ok_or(IndexError::BadEntry(number))?;
        let window = self.rest().get(..=MAX_PATH_BYTES).unwrap_or(self.rest());
        let length = window.iter().position(|byte| *byte == 0).ok_or(IndexError::BadEntry(number))?;
        if kept + length > MAX_PATH_BYTES {
            return Err(IndexError::BadEntry(number));
        }
        previous.truncate(kept);
        previous.extend_from_slice(self.take(length)?);
        self.take(1)?;
        Ok(Cow::Owned(previous.clone()))
    }

    /// What follows the entries. An extension whose name begins with a capital letter may be ignored.
    fn extensions(&mut self, hash: Hash) -> Result<(), IndexError> {
        while !self.rest().is_empty() {
            let name = self.take(4)?;
            let length = self.number()? as usize;
            let content = self.take(length)?;
            match name {
                // A split index without a base is a whole one.
                b"link" if content.get(..hash.length()).is_some_and(|base| base.iter().all(|byte| *byte == 0)) => {}
                b"link" => return Err(IndexError::Split),
                // Folders of a sparse checkout stand as one entry.
                b"sdir" => {}
                [b'A'..=b'Z', ..] => {}
                _ => return Err(IndexError::Extension(String::from_utf8_lossy(name).into_owned())),
            }
        }
        Ok(())
    }
}

/// Whether git would write this path to a work tree: relative, no empty part, no `.`, `..` or `.git`.
fn is_sound(path: &[u8]) -> bool {
    path.len() <= MAX_PATH_BYTES && !path.contains(&0) && !path.split(|byte| *byte == b'/').any(is_odd)
}

fn is_odd(part: &[u8]) -> bool {
    part.is_empty() || part == b"." || part == b".." || part.eq_ignore_ascii_case(b".git")
}

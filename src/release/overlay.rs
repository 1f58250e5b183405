//! Texts that count in the place of what lies on disk: a release as it would be after a change that is not written yet.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;

use crate::source::RepoPath;

/// The whole bytes of files, by path.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    texts: BTreeMap<RepoPath, Arc<[u8]>>,
}

impl Overlay {
    /// What stands in the place of a file, or where none is.
    pub fn get(&self, path: &RepoPath) -> Option<&Arc<[u8]>> {
        self.texts.get(path)
    }

    /// The texts, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&RepoPath, &Arc<[u8]>)> {
        self.texts.iter()
    }
}

impl FromIterator<(RepoPath, Arc<[u8]>)> for Overlay {
    fn from_iter<T: IntoIterator<Item = (RepoPath, Arc<[u8]>)>>(texts: T) -> Self {
        Self { texts: texts.into_iter().collect() }
    }
}

/// The bytes of a file of a release, on disk or in memory.
#[derive(Debug)]
pub enum Reader<'r> {
    /// A file on disk.
    Disk(fs::File),
    /// A text of an overlay, or a file that was read already.
    Memory(Cursor<&'r [u8]>),
}

impl Read for Reader<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Disk(file) => file.read(into),
            Self::Memory(text) => text.read(into),
        }
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::Disk(file) => file.seek(to),
            Self::Memory(text) => text.seek(to),
        }
    }
}

//! Files as they would be after the fixes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::source::RepoPath;

/// A file that the fixes change or create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where, inside the repository.
    pub path: RepoPath,
    /// Its bytes as they were read; nothing for a file that did not exist.
    pub before: Option<Arc<[u8]>>,
    /// Its bytes after the fixes.
    pub after: Arc<[u8]>,
}

/// The texts that stand in place of those on disk. Cheap to clone: bytes are shared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    changes: BTreeMap<RepoPath, Change>,
}

impl Texts {
    /// The bytes of a file that differs from the one on disk; nothing where the disk is right.
    pub fn get(&self, path: &RepoPath) -> Option<&[u8]> {
        self.changes.get(path).map(|change| &*change.after)
    }

    /// The changed and new files, sorted by path.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.changes.values()
    }

    /// The files that are not on disk.
    pub fn new_files(&self) -> impl Iterator<Item = &RepoPath> {
        self.changes().filter(|change| change.before.is_none()).map(|change| &change.path)
    }

    /// Sets the bytes of a file. `before` is what was there until now: on the first change, that is the disk.
    pub(super) fn set(&mut self, path: &RepoPath, before: Option<&[u8]>, after: Vec<u8>) {
        let first = match self.changes.remove(path) {
            Some(change) => change.before,
            None => before.map(Arc::from),
        };
        if first.as_deref() != Some(&*after) {
            let change = Change { path: path.clone(), before: first, after: after.into() };
            self.changes.insert(path.clone(), change);
        }
    }
}

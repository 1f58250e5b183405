//! One file of a release.

use std::path::{Path, PathBuf};

use crate::source::{FileId, RepoPath};

/// What git knows about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracking {
    /// In the index, ignored or not.
    Tracked,
    /// Not in the index (or only as "intent to add"), and not ignored: `git add --all` would add it.
    Untracked,
    /// There is no git here.
    Plain,
}

/// A git LFS pointer that stands where the file's content should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LfsPointer {
    /// SHA-256 of the content, 64 lower-case hexadecimal digits.
    pub oid: String,
    /// Size of the content in bytes.
    pub size: u64,
}

/// Where a link to a file ends, links on the way resolved. Nothing may be written through one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// At another file of the same folder.
    Inside(PathBuf),
    /// In the blob folder of the Hub's cache.
    Blob(PathBuf),
}

impl Link {
    /// The absolute path of the file that contains the bytes.
    pub fn target(&self) -> &Path {
        match self {
            Self::Inside(target) | Self::Blob(target) => target,
        }
    }
}

/// A file that would be pushed.
#[derive(Clone, Debug)]
pub struct File {
    /// Its number: its index in [`super::Release::files`].
    pub id: FileId,
    /// Its path as the Hub would name it.
    pub path: RepoPath,
    /// Bytes on disk; of a link, the target's; of a missing file, what the index remembers (modulo 4 GiB).
    pub size: u64,
    /// What the content says, when it is an LFS pointer instead of the file itself.
    pub lfs: Option<LfsPointer>,
    /// What git knows about it.
    pub tracking: Tracking,
    /// Whether `.gitattributes` gives it to LFS (`filter=lfs`).
    pub lfs_covered: bool,
    /// Where it leads, when it is a link. A git push sends the link itself, `hf upload` what it leads to.
    pub link: Option<Link>,
    /// Whether git would push it although it is not on disk: it cannot be read.
    pub missing: bool,
    /// Its path below the root as the file system spells it, where [`File::path`] cannot say it.
    pub(super) spelled: Option<PathBuf>,
    /// All its bytes, where listing it had to read them.
    pub(super) bytes: Option<Box<[u8]>>,
}

impl File {
    pub(super) fn on_disk(&self, root: &Path) -> PathBuf {
        match &self.spelled {
            Some(spelled) => root.join(spelled),
            None => root.join(self.path.as_str()),
        }
    }
}

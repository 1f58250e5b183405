//! What can go wrong between a path and its files.

use std::path::PathBuf;

use thiserror::Error;

use super::repo_id::BadRepoId;
use crate::source::{MAX_TEXT_BYTES, RepoPath};
use crate::words::size as in_units;

const PERMIT: &str = "Give yourself permission to read it, then run the check again.";
const RESTORE: &str = "Restore it with `git restore`, or remove it from the index with `git rm --cached`.";

/// Why there is no release.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Nothing is there.
    #[error("`{}` does not exist", path.display())]
    NotFound {
        /// As the user named it.
        path: PathBuf,
    },
    /// Something else than a folder is there.
    #[error("`{}` is not a folder", path.display())]
    NotAFolder {
        /// As the user named it.
        path: PathBuf,
    },
    /// The folder cannot be opened.
    #[error("`{}` cannot be read: {source}", path.display())]
    Unreadable {
        /// As the user named it.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// `--repo-id` is not a repository id.
    #[error(transparent)]
    RepoId(#[from] BadRepoId),
}

impl OpenError {
    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "Name the folder that contains the model's README.md.",
            Self::NotAFolder { .. } => "Name the folder that contains the file. A release is checked as a whole.",
            Self::Unreadable { .. } => "Give yourself permission to list the folder. `ls -ld` shows its permissions.",
            Self::RepoId(_) => "Write it as on the model's page: `--repo-id owner/name`.",
        }
    }
}

/// Why a file's bytes cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The number is not one of this release.
    #[error("the release has no such file")]
    NoSuchFile,
    /// Too large to be read as text.
    #[error("`{path}` is too large: it has {}, and text is read up to {}", in_units(*size), in_units(MAX_TEXT_BYTES))]
    TooLarge {
        /// The file.
        path: RepoPath,
        /// Its size in bytes.
        size: u64,
    },
    /// Only git has it.
    #[error("`{path}` is in git's index but not on disk")]
    Missing {
        /// The file.
        path: RepoPath,
    },
    /// The system refused.
    #[error("`{path}` cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: RepoPath,
        /// What the system said.
        reason: String,
    },
}

impl ReadError {
    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NoSuchFile => "Report this: it is a mistake in hf-release.",
            Self::TooLarge { .. } => "Split or compress the file. Nothing in it was checked.",
            Self::Missing { .. } => RESTORE,
            Self::Unreadable { .. } => PERMIT,
        }
    }
}

/// The kinds of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A folder, or a file that must be looked at, cannot be read.
    Unreadable,
    /// A link leads to nothing, or in circles.
    DeadLink,
    /// A link leads out of the repository.
    LinkLeaves,
    /// More than [`super::MAX_ENTRIES`] files and folders: the rest is not listed.
    TooMany,
    /// Folders within folders beyond [`super::MAX_DEPTH`].
    TooDeep,
    /// A path longer than [`super::MAX_PATH_BYTES`].
    PathTooLong,
    /// A `.gitignore` or `.gitattributes` beyond its caps, or one that cannot be used.
    BadPatterns,
    /// `.git` does not lead to a git repository.
    BadGit,
    /// The git index cannot be used: every file that is not ignored counts as untracked.
    BadIndex,
    /// A merge of the file is not finished.
    Unmerged,
    /// In the index, not on disk.
    Missing,
}

impl ProblemKind {
    /// What to do next.
    pub fn help(self) -> &'static str {
        match self {
            Self::Unreadable => PERMIT,
            Self::DeadLink => "Remove the link, or put the file in its place.",
            Self::LinkLeaves => {
                "Put the file itself in the place of the link. After a download, the link would lead nowhere."
            }
            Self::TooMany => "Pack the small files together. The Hub advises at most 100,000 files.",
            Self::TooDeep | Self::PathTooLong => "Shorten the path. Many systems could not download the file.",
            Self::BadPatterns => "Shorten or fix the file. Its patterns were not read.",
            Self::BadGit => "Fix `.git`, or remove it. Until then, the folder is read as `hf upload` would send it.",
            Self::BadIndex => "Let git write the index again. `git status` says what is wrong with it.",
            Self::Unmerged => "Finish the merge. Until then, git pushes nothing.",
            Self::Missing => RESTORE,
        }
    }
}

/// Something in the folder that could not be listed or judged: the run is not complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where; empty for the release as a whole.
    pub path: RepoPath,
    /// What kind.
    pub kind: ProblemKind,
    /// What is wrong: one sentence without a final dot.
    pub message: String,
}

impl Problem {
    pub(super) fn new(path: &str, kind: ProblemKind, message: impl Into<String>) -> Self {
        Self { path: RepoPath::new(path), kind, message: message.into() }
    }

    /// What to do next.
    pub fn help(&self) -> &'static str {
        self.kind.help()
    }
}

/// Why something in the folder is not pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A link to a folder: `hf upload` does not follow it, git sends the bare link.
    FolderLink,
    /// Neither file nor folder: a pipe, a socket, a device.
    NotAFile,
    /// A git repository of its own that is not a submodule: git does not add what is in it.
    NestedRepository,
    /// A submodule: git sends its commit's name, not its files.
    Submodule,
    /// A folder that a sparse checkout leaves in git: it is pushed, but not on disk.
    Sparse,
}

/// Something that stands in the folder, or in git's index, and is not among the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Where.
    pub path: RepoPath,
    /// Why.
    pub why: Why,
}

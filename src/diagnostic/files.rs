//! The files that findings point into.

use crate::source::{FileId, RepoPath, SourceFile};

/// The files of one repository, as far as a place needs them.
pub trait Files {
    /// The path of a file.
    fn path(&self, file: FileId) -> Option<&RepoPath>;

    /// The text of a file, where it was read as text.
    fn source(&self, file: FileId) -> Option<&SourceFile>;
}

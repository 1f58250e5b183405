//! Files as the rules saw them: the card in memory wins over the one on disk.

use crate::release::Release;
use crate::source::{FileId, RepoPath, SourceFile};

pub(super) fn source<'a>(release: &'a Release, readme: Option<&'a SourceFile>, file: FileId) -> Option<&'a SourceFile> {
    readme.filter(|readme| readme.id() == file).or_else(|| release.text(file).ok())
}

pub(super) fn path<'a>(release: &'a Release, readme: Option<&'a SourceFile>, file: FileId) -> Option<&'a RepoPath> {
    let readme = readme.filter(|readme| readme.id() == file).map(SourceFile::path);
    readme.or_else(|| release.file(file).map(|file| &file.path))
}

//! What the Hub takes for a block, and what is kept and said of a broken one.

mod blocks;
mod changes;
mod fences;
mod hostile;
mod trees;

use super::*;
use crate::source::{FileId, RepoPath, SourceFile};

fn file(text: &str) -> SourceFile {
    SourceFile::new(FileId(0), RepoPath::new("README.md"), text.as_bytes().to_vec())
}

/// A file whose block contains the given YAML.
fn card(yaml: &str) -> SourceFile {
    file(&format!("---\n{yaml}\n---\n# Title\n"))
}

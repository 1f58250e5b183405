//! What `fix` promises, by part.

mod converge;
mod diff;
mod edits;
mod plan;
mod properties;
mod toy;
mod verify;
mod write;

use crate::diagnostic::{Edit, Fix, Safety};
use crate::source::{FileId, RepoPath, SourceFile, Span};

fn source(path: &str, text: impl AsRef<[u8]>) -> SourceFile {
    SourceFile::new(FileId(0), RepoPath::new(path), text.as_ref().to_vec())
}

fn span(range: std::ops::Range<u32>) -> Span {
    Span::new(FileId(0), range)
}

fn edit(range: std::ops::Range<u32>, text: &str) -> Edit {
    Edit { at: span(range), text: text.to_owned() }
}

fn fix(edits: &[(std::ops::Range<u32>, &str)]) -> Fix {
    edits.iter().fold(Fix::new("a fix", Safety::Safe), |fix, (range, text)| fix.edit(span(range.clone()), *text))
}

/// The range of the first `part` in `text`.
fn at(text: &str, part: &str) -> std::ops::Range<u32> {
    let start = text.find(part).unwrap();
    start as u32..(start + part.len()) as u32
}

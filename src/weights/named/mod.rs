//! Formats that people publish and that nothing here reads: they are told by their first bytes, or by an exact name where they
//! have none.
//!
//! What is named counts as weights, and is never called checked. Containers among them (NeMo, TorchServe, wheels) are
//! searched for pickles by [`super::scan`], which looks at content and needs no name.

mod table;

use memchr::memmem;

use crate::bytes::Format;
use crate::source::RepoPath;
use table::{ROWS, Row, Start};

/// A format that is known by its name alone.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    /// For programs: lower case, with hyphens, and the same in every version.
    pub id: &'static str,
    /// In words that fit into "this is …".
    pub name: &'static str,
    /// What files of the format are for.
    pub role: Role,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It contains weights, or a graph that names the file with them.
    Weights,
    /// It lies beside weights and has none: an index, a description.
    Beside,
    /// It contains a vocabulary.
    Tokenizer,
}

/// Names that many programs use, so that they tell nothing of a file that is not here.
const SHARED: &[&str] =
    &["*.bin", "*.json", "*.xml", "*.model", "*.param", "*.params", "*.mdl", "*.raw", "*.mat", "model.bin", "model"];

/// The format of a file that has no reader here. Of a pointer and of an empty file only the name tells.
pub(super) fn named(path: &RepoPath, head: &[u8], format: Format) -> Option<&'static Named> {
    let path = path.as_str().to_ascii_lowercase();
    let by_name = |row: &Row| row.names.is_empty() || row.names.iter().any(|pattern| fits(&path, pattern));
    let by_bytes = |row: &Row| row.starts.iter().any(|start| is_at(head, start));
    let is_told = |row: &&Row| match format {
        Format::LfsPointer | Format::Empty => {
            row.names.iter().any(|pattern| is_telling(pattern) && fits(&path, pattern))
        }
        // A text needs more than a name: `engine.plan` may be notes. What costs less is asked first, since most files are
        // texts: first bytes, then names, then a search.
        Format::Text if row.starts.iter().all(is_first) => by_bytes(row) && by_name(row),
        Format::Text => by_name(row) && by_bytes(row),
        Format::Unknown | Format::Zip | Format::Tar | Format::Gzip | Format::Pickle => {
            by_name(row) && (row.starts.is_empty() || by_bytes(row))
        }
        _ => false,
    };
    ROWS.iter().find(is_told).map(|row| &row.format)
}

/// Whether a path ends as a pattern says: as many of its parts as the pattern has, in which `*` is any text.
fn fits(path: &str, pattern: &str) -> bool {
    // Almost every file fails here.
    if path.bytes().last() != pattern.bytes().last() && !pattern.ends_with('*') {
        return false;
    }
    let Some((before, last)) = pattern.rsplit_once('*') else {
        let rest = path.strip_suffix(pattern);
        return rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    };
    if !path.ends_with(last) {
        return false;
    }
    let parts = pattern.matches('/').count();
    let start = path.rmatch_indices('/').nth(parts).map_or(0, |(at, _)| at + 1);
    let tail = path.get(start..).unwrap_or_default();
    let mut pieces = before.split('*');
    let first = pieces.next().unwrap_or_default();
    let rest = tail.strip_prefix(first);
    let rest = pieces.try_fold(rest, |rest, piece| Some(rest?.split_once(piece).map(|(_, after)| after)));
    rest.flatten().is_some_and(|rest| rest.len() >= last.len())
}

/// Whether a name of this pattern tells the format without the content.
fn is_telling(pattern: &str) -> bool {
    !SHARED.contains(&pattern)
}

/// Whether a look at a few bytes decides.
fn is_first(start: &Start) -> bool {
    matches!(start, Start::At(..))
}

fn is_at(head: &[u8], start: &Start) -> bool {
    match start {
        Start::At(offset, bytes) => head.get(*offset..).is_some_and(|rest| rest.starts_with(bytes)),
        Start::Within(text) => memmem::find(head, text.as_bytes()).is_some(),
    }
}

/// Whether the empty file is a defect of its own: TensorFlow writes a shard for each device, and some have no variable.
pub(super) fn must_have_bytes(path: &RepoPath, named: &Named) -> bool {
    named.role != Role::Beside && !path.name().contains("-of-")
}

#[cfg(test)]
mod tests;

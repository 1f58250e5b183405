//! Text with positions: files, byte spans, lines and columns, and trees of nodes that know where they stand.
//!
//! This module knows bytes, encodings, line ends and nested values. It does not know what a model card, a
//! configuration or a rule is, and it never touches a disk: bytes come in, positions go out.

mod encoding;
mod file;
pub mod json;
mod lines;
mod list;
mod path;
mod phrases;
pub mod reading;
mod span;
pub mod tree;

pub use encoding::{Encoding, LineEnds};
pub use file::{MAX_TEXT_BYTES, SourceFile};
pub use lines::{LineIndex, Position};
#[cfg(test)]
pub(crate) use list::without;
pub use list::{List, Row};
pub(crate) use list::{word_list, word_senses};
pub use path::RepoPath;
pub use phrases::Phrases;
pub use span::{FileId, Span};

#[cfg(test)]
mod tests;

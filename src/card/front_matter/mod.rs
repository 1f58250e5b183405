//! The metadata block of a card: where it is, what it contains, what is wrong with it, and how to change it.
//!
//! Knows fences and YAML. Does not know any field.

mod build;
pub mod edits;
mod error;
mod explain;
pub mod fence;
mod key_line;
mod keys;
pub mod list_edits;
mod lookup;
mod quote;
mod recover;

#[cfg(test)]
mod tests;

use std::sync::OnceLock;

pub use error::{YamlError, YamlErrorKind};
pub use fence::Fence;

use lookup::Lookup;

use crate::source::tree::{NodeRef, Tree};
use crate::source::{SourceFile, Span};

/// How many collections may be nested. The Hub's reader (js-yaml 4.3) stops at the same number.
pub const MAX_DEPTH: usize = 100;

/// How many values one block may hold: more than results fill in the longest block that is read.
pub const MAX_NODES: usize = 1_500_000;

/// How long a block may be, in bytes: the Hub takes no card that is longer.
pub const MAX_YAML_BYTES: usize = 10 * 1024 * 1024;

/// How many errors are told apart before the rest of the block is left unread.
pub const MAX_ERRORS: usize = 20;

/// The metadata of a card.
#[derive(Debug)]
pub struct FrontMatter {
    /// Where the block is, or why there is none.
    pub fence: Fence,
    /// What it contains: every key that could be read, duplicates kept. Empty when there is no block.
    pub tree: Tree,
    /// What keeps the Hub from reading it, in order of place.
    pub errors: Vec<YamlError>,
    /// Its comments, each from `#` to the end of the line.
    pub comments: Vec<Span>,
    /// Keys at the start of a line whose values were lost to an error: neither absent nor known.
    pub lost: Vec<Span>,
    body_start: u32,
    line_end: &'static str,
    lookup: OnceLock<Lookup>,
}

/// A top-level key and its value.
#[derive(Clone, Copy, Debug)]
pub struct Field<'t> {
    /// The key.
    pub key: NodeRef<'t>,
    /// The value; an empty span and no text when nothing is written.
    pub value: NodeRef<'t>,
}

impl FrontMatter {
    /// Finds and reads the block of a file.
    pub fn parse(source: &SourceFile) -> Self {
        recover::front_matter(source)
    }

    /// Reads a whole YAML file as if it were a block, with no fence around it. Its root may be a list.
    pub fn parse_file(source: &SourceFile) -> Self {
        recover::whole_file(source)
    }

    /// Reads some lines of a file as if they were a block, with no fence around them.
    pub fn parse_lines(source: &SourceFile, lines: Span) -> Self {
        recover::lines(source, lines)
    }

    /// A field by name; the last one where it is repeated. Keys that a merge key (`<<`) would bring are not seen.
    pub fn get(&self, key: &str) -> Option<Field<'_>> {
        let (key, value) = self.tree.root()?.pair(key)?;
        Some(Field { key, value })
    }

    /// The fields in order, duplicates included.
    pub fn fields(&self) -> impl DoubleEndedIterator<Item = Field<'_>> {
        self.tree.root().into_iter().flat_map(|root| root.pairs()).map(|(key, value)| Field { key, value })
    }

    /// Whether there is no block, or one in which nothing is written but comments.
    pub fn is_empty(&self) -> bool {
        self.tree.root().is_none() && self.errors.is_empty()
    }

    /// Where the Markdown starts.
    pub fn body_start(&self) -> u32 {
        self.body_start
    }

    /// What edits ask of all nodes, found when it is first asked for.
    fn lookup(&self) -> &Lookup {
        self.lookup.get_or_init(|| Lookup::new(&self.tree))
    }

    /// The line end that the fence uses: `\n` or `\r\n`.
    pub fn line_end(&self) -> &'static str {
        self.line_end
    }
}

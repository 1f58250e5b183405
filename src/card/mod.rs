//! README.md as data with positions.
//!
//! This module knows how the Hub finds and reads a card's metadata block and how CommonMark reads what follows. It
//! does not know what a field should hold, what a card should say, or anything about other files.

pub mod body;
pub mod front_matter;

use std::sync::OnceLock;

use crate::source::{Encoding, FileId, SourceFile};
use body::Body;
use front_matter::FrontMatter;

/// A model card.
#[derive(Debug)]
pub struct Card<'s> {
    /// The file it was read from.
    pub file: FileId,
    /// The metadata block.
    pub front_matter: FrontMatter,
    source: &'s SourceFile,
    body: OnceLock<Body>,
}

impl<'s> Card<'s> {
    /// Reads the metadata block. Never fails: what is wrong is in [`FrontMatter::errors`]. A file in UTF-16 has
    /// neither metadata nor body; its [`Encoding`] says why.
    pub fn parse(source: &'s SourceFile) -> Self {
        Self { file: source.id(), front_matter: FrontMatter::parse(source), source, body: OnceLock::new() }
    }

    /// The Markdown below the block, read when it is first asked for.
    pub fn body(&self) -> &Body {
        self.body.get_or_init(|| {
            let start = match self.source.encoding() {
                Encoding::Utf16 => self.source.text().len(),
                _ => self.front_matter.body_start() as usize,
            };
            Body::parse(self.source, start)
        })
    }

    /// The file.
    pub fn source(&self) -> &'s SourceFile {
        self.source
    }
}

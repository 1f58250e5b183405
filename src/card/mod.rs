//! README.md as data with positions.
//!
//! This module knows how the Hub finds and reads a card's metadata block and how CommonMark reads what follows. It
//! does not know what a field should hold, what a card should say, or anything about other files.

pub mod body;
pub mod front_matter;

use std::sync::OnceLock;

use crate::source::{Encoding, SourceFile};
use body::Body;
use front_matter::FrontMatter;

/// A model card.
#[derive(Debug)]
pub struct Card<'s> {
    /// The metadata block.
    pub front_matter: FrontMatter,
    source: &'s SourceFile,
    body: OnceLock<Body>,
}

impl<'s> Card<'s> {
    /// Reads the metadata block. Never fails: what is wrong is in [`FrontMatter::errors`]. A file in UTF-16 has
    /// neither metadata nor body; its [`Encoding`] says why.
    pub fn parse(source: &'s SourceFile) -> Self {
        Self { front_matter: FrontMatter::parse(source), source, body: OnceLock::new() }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::source::RepoPath;

    fn file(bytes: &[u8]) -> SourceFile {
        SourceFile::new(FileId(3), RepoPath::new("README.md"), bytes.to_vec())
    }

    #[test]
    fn the_body_starts_below_the_block() {
        let source = file(b"\xef\xbb\xbf---\r\nlicense: mit\r\n---\r\n# Title\r\n");
        let card = Card::parse(&source);
        assert_eq!(card.front_matter.get("license").unwrap().value.text(), Some("mit"));
        let heading = &card.body().headings[0];
        assert_eq!((heading.text.as_str(), heading.level, source.slice(heading.span)), ("Title", 1, "# Title"));
    }

    #[test]
    fn utf16_has_neither_block_nor_body() {
        let bytes: Vec<u8> = "\u{feff}---\na: b\n---\n# T\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let source = file(&bytes);
        let card = Card::parse(&source);
        assert!(card.front_matter.is_empty() && card.body().headings.is_empty() && card.body().prose.is_empty());
    }

    #[test]
    fn bytes_that_are_not_utf8_do_no_harm_in_the_body() {
        let source = file(b"---\na: b\n---\n# T\xff\n");
        let card = Card::parse(&source);
        assert_eq!((card.front_matter.errors.len(), card.body().headings.len()), (0, 1));
    }
}

//! One text file in memory.

use std::sync::OnceLock;

use super::encoding::decode;
use super::{Encoding, FileId, LineEnds, LineIndex, Position, RepoPath, Span};

/// The largest text file that is read whole: larger than any card or configuration that the Hub would read (it stops
/// at 10 MiB for README.md), small enough that a hostile one costs little.
pub const MAX_TEXT_BYTES: u64 = 16 * 1024 * 1024;

/// A text file: its bytes, the text they make, and the positions in it.
#[derive(Debug)]
pub struct SourceFile {
    id: FileId,
    path: RepoPath,
    text: String,
    /// The bytes on disk where they differ from `text`.
    original: Option<Vec<u8>>,
    encoding: Encoding,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// Takes the bytes of a file. Never fails: bytes that are not UTF-8 are replaced one for one in the text.
    pub fn new(id: FileId, path: RepoPath, bytes: Vec<u8>) -> Self {
        let (text, original, encoding) = decode(bytes);
        Self { id, path, text, original, encoding, lines: OnceLock::new() }
    }

    /// The file's name in its release.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// Its path in the repository.
    pub fn path(&self) -> &RepoPath {
        &self.path
    }

    /// The text, a byte order mark included; as long as the file, so offsets in it are offsets in the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes as they are on disk.
    pub fn bytes(&self) -> &[u8] {
        self.original.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// What the bytes are.
    pub fn encoding(&self) -> &Encoding {
        &self.encoding
    }

    /// Which line ends the text uses.
    pub fn line_ends(&self) -> LineEnds {
        LineEnds::of(&self.text)
    }

    /// The text of a span; empty when the span does not fit this file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// A span of this file.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.id, start as u32..end as u32)
    }

    /// The part of a span that is on its first line: a short place that stands for a value or section of many lines.
    pub fn first_line(&self, span: Span) -> Span {
        let width = self.slice(span).find(['\r', '\n']).unwrap_or(span.range().len());
        Span { end: span.start + width as u32, ..span }
    }

    /// The starts of the lines, found on first use.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and column of a byte.
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.text, offset)
    }
}

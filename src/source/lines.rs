//! From byte offsets to lines and columns.

/// A place as an editor shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in Unicode scalar values; a byte order mark has no column.
    pub column: u32,
}

/// Where each line of a text starts. A line ends at `\n`; a `\r` before it belongs to the line end.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Reads the text once.
    pub fn new(text: &str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        let starts = std::iter::once(0).chain(breaks).collect();
        Self { starts }
    }

    /// How many lines there are; a text that ends with a line break has an empty last line.
    pub fn count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The line, from 1, in which a byte stands.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset) as u32
    }

    /// Offset of the first byte of a line (from 1); the last line's when there are not so many.
    pub fn start(&self, line: u32) -> u32 {
        let index = (line.max(1) - 1) as usize;
        self.starts.get(index).or(self.starts.last()).copied().unwrap_or(0)
    }

    /// The position of a byte of `text`. An offset inside a character counts as that character's start.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self.start(line) as usize;
        let end = text.floor_char_boundary(offset as usize);
        let before = text.get(start..end).unwrap_or_default();
        let columns = before.chars().count() - usize::from(start == 0 && before.starts_with('\u{feff}'));
        Position { line, column: columns as u32 + 1 }
    }
}

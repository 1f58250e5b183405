//! Where a finding is, in words and numbers.

use crate::diagnostic::Place;
use crate::source::{FileId, Position, SourceFile, Span};

use super::Files;

/// The path of a place as it is in the repository; `None` when the run does not know the file.
pub(super) fn path<'a>(files: &'a dyn Files, place: &'a Place) -> Option<&'a str> {
    match place {
        Place::Absent(path) => Some(path.as_str()),
        Place::Bytes(Span { file, .. }) | Place::File(file) | Place::Tensor { file, .. } => {
            files.path(*file).or_else(|| files.source(*file).map(SourceFile::path)).map(|path| path.as_str())
        }
    }
}

/// A file's path as seen from where the repository's own path is: `a` and `README.md` make `a/README.md`. Without
/// `.` parts and doubled slashes, so that it equals what other tools write.
pub(super) fn join(repository: &str, path: &str) -> String {
    let repository = if cfg!(windows) { repository.replace('\\', "/") } else { repository.to_owned() };
    let parts = repository.split('/').chain(path.split('/')).filter(|part| !part.is_empty() && *part != ".");
    let joined = parts.collect::<Vec<_>>().join("/");
    match (repository.starts_with('/'), joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// Lines and columns of spans. Remembers the last place, as counting columns from the start of a long line for each
/// of its findings would cost the square of its length.
#[derive(Default)]
pub(super) struct Positions {
    last: Option<(FileId, u32, Position)>,
}

impl Positions {
    /// Start and end of a span, clamped to the text.
    pub(super) fn of(&mut self, source: &SourceFile, span: Span) -> (Position, Position) {
        let from = self.last.filter(|(file, ..)| *file == span.file).map(|(_, offset, at)| (offset, at));
        let start = position(source, span.start, from);
        self.last = Some((span.file, span.start, start));
        let end = position(source, span.end.max(span.start), Some((span.start, start)));
        (start, end)
    }
}

/// The position of an offset, counted from a known one where that is nearer than the start of the line. One inside a
/// byte order mark, which has no column, is not counted from.
fn position(source: &SourceFile, offset: u32, known: Option<(u32, Position)>) -> Position {
    let line = source.lines().line(offset);
    let line_start = source.lines().start(line);
    let Some((from, at)) = known.filter(|(from, at)| at.line == line && *from > line_start + 2) else {
        return source.position(offset);
    };
    let columns = |a: u32, b: u32| {
        source.text().get(boundary(source.text(), a)..boundary(source.text(), b)).unwrap_or_default().chars().count()
            as u32
    };
    if offset >= from {
        Position { line, column: at.column + columns(from, offset) }
    } else if from - offset < offset - line_start {
        Position { line, column: at.column.saturating_sub(columns(offset, from)).max(1) }
    } else {
        source.position(offset)
    }
}

/// The start of the character that an offset is in.
pub(super) fn boundary(text: &str, offset: u32) -> usize {
    text.floor_char_boundary(offset as usize)
}

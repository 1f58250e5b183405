//! The few lines of a file that a finding shows: windows on them that fit the terminal, made of visible text only.
//!
//! It costs as much as is shown and never as much as the line is long.

use std::ops::Range;

use crate::source::{SourceFile, Span};

use super::place::boundary;
use crate::report::visible::{columns_of, is_hidden, push_visible, width};

/// A marked span of more lines than this is cut.
const MAX_SPAN_LINES: u32 = 4;
/// How many lines of a span are left when it is cut.
const CUT_SPAN_LINES: u32 = 3;
/// Two marks with more lines between them are two excerpts.
const MAX_GAP_LINES: u32 = 2;
/// An excerpt that several marks share does not grow beyond this.
const MAX_LINES: u32 = 12;
/// Columns from one tab stop to the next.
const TAB_COLUMNS: usize = 4;

/// What a line's text is fitted into.
#[derive(Clone, Copy)]
pub(super) struct Room<'a> {
    /// Columns, those of the ellipses included.
    pub(super) columns: usize,
    /// What stands for text that is left out.
    pub(super) ellipsis: &'a str,
}

/// What is asked for: a span, and what to say there.
pub(super) struct Wanted {
    /// Where.
    pub(super) span: Span,
    /// What to say there: visible text.
    pub(super) text: String,
}

/// Consecutive lines, ready to be shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The number of the first line, from 1.
    pub(super) first_line: u32,
    /// The lines, each ended by `\n`; no other hidden character is in them.
    pub(super) text: String,
    /// What is marked in them: at least one, sorted by start, on character boundaries.
    pub(super) marks: Vec<Mark>,
    /// The span that the excerpt was made for; others were near enough to join it.
    pub(super) at: Span,
}

/// A marked range of an excerpt's text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Bytes of the excerpt's text; empty for an empty span.
    pub(super) range: Range<usize>,
    /// What is said there.
    pub(super) text: String,
    /// Whether this is the first of all that were wanted of the file.
    pub(super) first: bool,
}

impl Excerpt {
    /// The number of the last line.
    pub(super) fn last_line(&self) -> u32 {
        self.first_line + (self.text.matches('\n').count() as u32).saturating_sub(1)
    }

    /// The number of the line that a byte of the text is in.
    pub(super) fn line(&self, at: usize) -> u32 {
        self.first_line + self.text.get(..at).unwrap_or_default().matches('\n').count() as u32
    }

    /// The lines with their numbers.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u32, &str)> {
        (self.first_line..).zip(self.text.lines())
    }

    /// Columns before a byte of the text, in its line.
    pub(super) fn column(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default();
        width(before.rsplit('\n').next().unwrap_or_default())
    }
}

/// Makes the excerpts of one file: one for each run of lines that have marks close to each other, in the order of the
/// first mark of each.
pub(super) fn excerpts(source: &SourceFile, wanted: &[Wanted], room: Room<'_>) -> Vec<Excerpt> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, wanted) in wanted.iter().enumerate() {
        let target = Target::new(source, wanted, index == 0);
        match groups.iter_mut().find(|group| group.takes(source, &target, room)) {
            Some(group) => group.add(target),
            None => groups.push(Group { lines: target.lines.clone(), targets: vec![target] }),
        }
    }
    groups.into_iter().map(|group| group.show(source, room)).collect()
}

/// A wanted span on character boundaries, with the lines (from 1, end included) that are shown of it.
struct Target {
    bytes: Range<usize>,
    lines: Range<u32>,
    text: String,
    span: Span,
    first: bool,
}

impl Target {
    fn new(source: &SourceFile, wanted: &Wanted, is_first: bool) -> Self {
        let Range { start, mut end } = clamped(source, wanted.span);
        let Range { start: first, end: last } = lines_of(source, wanted.span);
        let mut label = wanted.text.clone();
        let mut shown = last;
        if last - first >= MAX_SPAN_LINES {
            shown = first + CUT_SPAN_LINES - 1;
            end = line_bytes(source, shown).end;
            let more = format!("(and {} more lines)", last - shown);
            label = if label.is_empty() { more } else { format!("{label} {more}") };
        }
        Self { bytes: start..end, lines: first..shown, text: label, span: wanted.span, first: is_first }
    }
}

/// Marks that share their lines.
struct Group {
    lines: Range<u32>,
    targets: Vec<Target>,
}

impl Group {
    /// Whether a target is near enough to be shown in the same lines, and visible in them.
    fn takes(&self, source: &SourceFile, target: &Target, room: Room<'_>) -> bool {
        let first = self.lines.start.min(target.lines.start);
        let last = self.lines.end.max(target.lines.end);
        let near = target.lines.start <= self.lines.end.saturating_add(MAX_GAP_LINES + 1)
            && self.lines.start <= target.lines.end.saturating_add(MAX_GAP_LINES + 1);
        near && last - first < MAX_LINES && {
            let window = Window::new(source, target.lines.start, self.focus(target.lines.start), room);
            window.bytes.start <= target.bytes.start && target.bytes.start <= window.bytes.end
        }
    }

    fn add(&mut self, target: Target) {
        self.lines = self.lines.start.min(target.lines.start)..self.lines.end.max(target.lines.end);
        self.targets.push(target);
    }

    /// The byte that must be seen in a line: where the first mark on it starts.
    fn focus(&self, line: u32) -> Option<usize> {
        self.targets.iter().find(|target| target.lines.start == line).map(|target| target.bytes.start)
    }

    fn show(self, source: &SourceFile, room: Room<'_>) -> Excerpt {
        let mut text = String::new();
        // Where each shown character comes from and where it went; both rise, so that a search finds either.
        let mut moved: Vec<(usize, usize)> = Vec::new();
        for line in self.lines.start..=self.lines.end {
            Window::new(source, line, self.focus(line), room).show(source, room.ellipsis, &mut text, &mut moved);
            text.push('\n');
        }
        let place = |offset: usize| {
            let index = moved.partition_point(|(from, _)| *from < offset);
            moved.get(index).map_or(text.len().saturating_sub(1), |(_, to)| *to)
        };
        let at = self.targets.first().map_or(Span::at(source.id(), 0), |target| target.span);
        let mut marks: Vec<Mark> = self
            .targets
            .iter()
            .map(|target| {
                let start = place(target.bytes.start);
                let mut end = place(target.bytes.end).max(start);
                // The mark of a whole line must not run into the next one, nor over the line end.
                while end > start && text.get(..end).is_some_and(|before| before.ends_with('\n')) {
                    end -= 1;
                }
                Mark { range: start..end, text: target.text.clone(), first: target.first }
            })
            .collect();
        marks.sort_by_key(|mark| (mark.range.start, mark.range.end));
        Excerpt { first_line: self.lines.start, text, marks, at }
    }
}

/// The part of a line that fits.
struct Window {
    bytes: Range<usize>,
    cut_before: bool,
    cut_after: bool,
}

impl Window {
    /// Chooses the part of a line: all of it where it fits, else the start where that shows the focus, else what is
    /// around the focus, with most of the room after it for the marked text and its label.
    fn new(source: &SourceFile, line: u32, focus: Option<usize>, room: Room<'_>) -> Self {
        let Room { columns, ellipsis } = room;
        let whole = line_bytes(source, line);
        let text = source.text();
        let from = |start: usize| text.get(start..whole.end).unwrap_or_default();
        let focus = focus.unwrap_or(whole.start).clamp(whole.start, whole.end);
        let all = fitting(from(whole.start).chars(), columns);
        if whole.start + all == whole.end {
            return Self { bytes: whole, cut_before: false, cut_after: false };
        }
        let near = fitting(from(whole.start).chars(), columns / 2);
        let start = if focus < whole.start + near {
            whole.start
        } else {
            let before = text.get(whole.start..focus).unwrap_or_default();
            focus - fitting(before.chars().rev(), columns / 4)
        };
        let ends = width(ellipsis) * if start > whole.start { 2 } else { 1 };
        let shown = fitting(from(start).chars(), columns.saturating_sub(ends).max(1));
        let end = start + shown;
        Self { bytes: start..end, cut_before: start > whole.start, cut_after: end < whole.end }
    }

    /// Writes the part as visible text, and where each of its bytes went.
    fn show(&self, source: &SourceFile, ellipsis: &str, out: &mut String, moved: &mut Vec<(usize, usize)>) {
        if self.cut_before {
            out.push_str(ellipsis);
        }
        let text = source.text().get(self.bytes.clone()).unwrap_or_default();
        let mut filled = 0;
        for (at, c) in text.char_indices() {
            moved.push((self.bytes.start + at, out.len()));
            match c {
                '\t' => {
                    let tab = TAB_COLUMNS - filled % TAB_COLUMNS;
                    out.extend(std::iter::repeat_n(' ', tab));
                    filled += tab;
                }
                c => {
                    push_visible(out, c);
                    filled += shown_columns(c);
                }
            }
        }
        moved.push((self.bytes.end, out.len()));
        if self.cut_after {
            out.push_str(ellipsis);
        }
    }
}

/// A span on character boundaries of the text, without a byte order mark.
fn clamped(source: &SourceFile, span: Span) -> Range<usize> {
    let text = source.text();
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let start = boundary(text, span.start).max(bom);
    start..boundary(text, span.end).max(start)
}

/// The first and the last line (both from 1, the last included) that a span touches; a line break that ends the span
/// does not touch the next line.
pub(super) fn lines_of(source: &SourceFile, span: Span) -> Range<u32> {
    let Range { start, end } = clamped(source, span);
    let last = end.saturating_sub(1).max(start);
    source.lines().line(start as u32)..source.lines().line(last as u32)
}

/// The bytes of a line without its line end and without a byte order mark.
fn line_bytes(source: &SourceFile, line: u32) -> Range<usize> {
    let text = source.text();
    let start = source.lines().start(line) as usize;
    let end = if line < source.lines().count() { source.lines().start(line + 1) as usize } else { text.len() };
    let content = text.get(start..end).unwrap_or_default();
    let content = content.strip_suffix('\n').unwrap_or(content);
    let content = content.strip_suffix('\r').unwrap_or(content);
    let bom = if start == 0 && content.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    start + bom..start + content.len()
}

/// How many bytes the characters have that fit into the columns.
fn fitting(text: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut room = columns;
    let kept = text.take_while(|c| {
        let fits = shown_columns(*c) <= room;
        room = room.saturating_sub(shown_columns(*c));
        fits
    });
    kept.map(char::len_utf8).sum()
}

/// Columns that a character fills once it is visible; a tab counts as its widest.
fn shown_columns(c: char) -> usize {
    match c {
        ' '..='~' => 1,
        '\t' => TAB_COLUMNS,
        c if is_hidden(c) => {
            let mut name = String::new();
            push_visible(&mut name, c);
            name.len()
        }
        c => columns_of(c),
    }
}

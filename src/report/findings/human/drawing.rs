//! Excerpts as drawings. miette draws the marks; the edge that joins the places of a finding is drawn here.
//!
//! miette is only ever handed a prepared [`Excerpt`]: a few short lines of visible text. So neither the size of a file
//! nor what is written in it can trouble it.

use std::fmt;
use std::io;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters, ThemeStyles,
};

use crate::diagnostic::Level;
use crate::report::findings::excerpt::{Excerpt, Room, excerpts, lines_of};
use crate::report::findings::place::Positions;
use crate::report::style::Paint;
use crate::report::visible::{width, wrap};
use crate::report::{Graphics, Style};

use super::places::Part;

/// A label that has less room than this beside its mark stands below the drawing.
const MIN_LABEL_COLUMNS: usize = 24;
/// What miette draws between a mark and its label: `╰── `.
const LABEL_STROKE: usize = 4;
/// What miette draws before the text when a mark has several lines, and what each further such mark adds.
const GUTTER: usize = 4;

/// Writes the places of a finding as drawings.
pub(super) fn draw(
    parts: &[Part<'_>],
    style: Style,
    level: Level,
    positions: &mut Positions,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let drawn: Vec<_> = parts.iter().map(|part| drawings(part, style, positions)).collect();
    // All places of a finding share one edge, so the longest line number sets it.
    let last = drawn.iter().flatten().map(|drawing| drawing.excerpt.last_line()).max().unwrap_or(1);
    let digits = last.to_string().len();
    let edge = " ".repeat(digits + 1);
    let room = style.columns().saturating_sub(digits + 3);
    let (open, join, gap) = strokes(style);
    let mut corner = open;
    for (part, drawings) in parts.iter().zip(drawn) {
        if let Part::Whole { name, text } = part {
            let place = style.paint(Paint::Info, name);
            if text.is_empty() {
                writeln!(out, "{edge}{corner}[{place}]")?;
            } else if width(name) + width(text) + 3 <= room {
                writeln!(out, "{edge}{corner}[{place}] {text}")?;
            } else {
                writeln!(out, "{edge}{corner}[{place}]")?;
                write_below(out, &edge, gap, text, room)?;
            }
            corner = join;
        }
        for drawing in drawings {
            writeln!(out, "{edge}{corner}[{}]", style.paint(Paint::Info, &drawing.name))?;
            corner = join;
            let pad = digits.saturating_sub(drawing.excerpt.last_line().to_string().len());
            for line in drawing.lines(style, level).map_err(io::Error::other)? {
                writeln!(out, "{:pad$}{line}", "")?;
            }
            for text in &drawing.below {
                write_below(out, &edge, gap, text, room)?;
            }
        }
    }
    Ok(())
}

/// Text under a drawing, in the columns of the file's text.
fn write_below(out: &mut dyn io::Write, edge: &str, gap: &str, text: &str, room: usize) -> io::Result<()> {
    wrap(text, room).iter().try_for_each(|line| writeln!(out, "{edge}{gap} {line}"))
}

/// The strokes before the first place, before each further one, and where a line has no number.
fn strokes(style: Style) -> (&'static str, &'static str, &'static str) {
    match style.graphics {
        Graphics::Unicode => ("╭─", "├─", "·"),
        Graphics::Ascii | Graphics::None => (",-", "|-", ":"),
    }
}

/// The drawings of one file; none for a file as a whole.
fn drawings(part: &Part<'_>, style: Style, positions: &mut Positions) -> Vec<Drawing> {
    let Part::Marked { name, source, wanted } = part else { return Vec::new() };
    let lines = wanted.iter().map(|one| lines_of(source, one.span));
    let digits = lines.clone().map(|lines| lines.end).max().unwrap_or(1).to_string().len();
    let gutter = match lines.filter(|lines| lines.start != lines.end).count() {
        0 => 0,
        several => GUTTER + several - 1,
    };
    let room = style.columns().saturating_sub(digits + 3 + gutter);
    let made = excerpts(source, wanted, Room { columns: room, ellipsis: style.ellipsis() });
    let draw = |excerpt: Excerpt| {
        let (start, _) = positions.of(source, excerpt.at);
        Drawing::new(format!("{name}:{}:{}", start.line, start.column), excerpt, room)
    };
    made.into_iter().map(draw).collect()
}

/// An excerpt as miette takes it.
#[derive(Debug)]
struct Drawing {
    /// Path, line and column.
    name: String,
    excerpt: Excerpt,
    labels: Vec<LabeledSpan>,
    /// Labels that have no room beside their marks.
    below: Vec<String>,
}

impl Drawing {
    /// Decides for each mark where its label goes. `room` is the columns for a line's text.
    fn new(name: String, excerpt: Excerpt, room: usize) -> Self {
        let mut below = Vec::new();
        let alone = excerpt.marks.len() == 1;
        let mut label = |text: &str, before: usize, at: usize| {
            let room = room.saturating_sub(before + LABEL_STROKE);
            if text.is_empty() {
                None
            } else if width(text) <= room {
                Some(text.to_owned())
            } else if room >= MIN_LABEL_COLUMNS {
                Some(wrap(text, room).join("\n"))
            } else {
                below.push(if alone { text.to_owned() } else { format!("line {}: {text}", excerpt.line(at)) });
                None
            }
        };
        let labels = excerpt.marks.iter().map(|mark| {
            let marked = excerpt.text.get(mark.range.clone()).unwrap_or_default();
            // The stroke to the label leaves the middle of the mark, or the gutter when the mark has several lines.
            let before = if marked.contains('\n') { 0 } else { excerpt.column(mark.range.start) + width(marked) / 2 };
            LabeledSpan::new(label(&mark.text, before, mark.range.start), mark.range.start, mark.range.len())
        });
        let labels = labels.collect();
        Self { name, excerpt, labels, below }
    }

    /// The lines, without the left margin, the header and the closing stroke that miette puts around them.
    fn lines(&self, style: Style, level: Level) -> Result<Vec<String>, fmt::Error> {
        let characters = match style.graphics {
            Graphics::Unicode => ThemeCharacters::unicode(),
            Graphics::Ascii | Graphics::None => ThemeCharacters::ascii(),
        };
        let mut styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
        let (own, other) = match level {
            Level::Error => (styles.error, styles.help),
            Level::Warning => (styles.warning, styles.help),
            Level::Info => (styles.advice, styles.advice),
        };
        // One for each mark, in the order of the marks.
        styles.highlights = self.excerpt.marks.iter().map(|mark| if mark.first { own } else { other }).collect();
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_context_lines(0)
            .without_primary_span_start()
            .without_syntax_highlighting();
        let mut drawn = String::new();
        handler.render_report(&mut drawn, self)?;
        // Before the excerpt come miette's empty message and its header, after it the stroke.
        let mut lines: Vec<String> =
            drawn.lines().skip(2).map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()).collect();
        lines.pop();
        Ok(lines)
    }
}

impl fmt::Display for Drawing {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Drawing {}

impl miette::Diagnostic for Drawing {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl SourceCode for Excerpt {
    /// Always all of it: what is not to be seen is not in it.
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let whole = SourceSpan::from((0, self.text.len()));
        let first = self.first_line.saturating_sub(1) as usize;
        let count = self.lines().count();
        Ok(Box::new(MietteSpanContents::new(self.text.as_bytes(), whole, first, 0, count)))
    }
}

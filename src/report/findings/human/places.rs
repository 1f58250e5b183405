//! Where a finding is: its places sorted into files, and as sentences for terminals that cannot show a drawing.

use std::io;

use crate::diagnostic::{Label, Place};
use crate::report::Style;
use crate::report::findings::Repository;
use crate::report::findings::excerpt::{Room, Wanted, excerpts};
use crate::report::findings::place::{Positions, path};
use crate::report::visible::{visible, wrap};
use crate::source::SourceFile;

/// How many related places of one finding are shown.
pub(super) const MAX_RELATED: usize = 8;

/// What a finding shows of one file.
pub(super) enum Part<'a> {
    /// The file as a whole, a tensor in it, or its absence.
    Whole {
        /// What to call the place, visible.
        name: String,
        /// What is said there, visible.
        text: String,
    },
    /// Spans of its text.
    Marked {
        /// The path, visible.
        name: String,
        /// The file.
        source: &'a SourceFile,
        /// The spans; never empty.
        wanted: Vec<Wanted>,
    },
}

/// The places of a finding, those of one file together, the finding's own first.
pub(super) fn parts<'a>(repository: &'a Repository<'_>, primary: &Label, related: &[Label]) -> Vec<Part<'a>> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    for Label { place, text } in std::iter::once(primary).chain(related.iter().take(MAX_RELATED)) {
        let name = repository.shown(path(repository.files, place).unwrap_or("?"));
        let text = visible(text).into_owned();
        if let Some(span) = place.span()
            && let Some(source) = repository.files.source(span.file)
        {
            let same = parts.iter_mut().find_map(|part| match part {
                Part::Marked { source, wanted, .. } if source.id() == span.file => Some(wanted),
                _ => None,
            });
            let one = Wanted { span, text };
            match same {
                Some(wanted) => wanted.push(one),
                None => parts.push(Part::Marked { name, source, wanted: vec![one] }),
            }
        } else if let Place::Tensor { name: tensor, .. } = place {
            parts.push(Part::Whole { name: format!("{name}: {}", visible(tensor)), text });
        } else {
            parts.push(Part::Whole { name, text });
        }
    }
    parts
}

/// Writes the places as sentences, each followed by the lines of the file that it is about.
pub(super) fn tell(
    parts: &[Part<'_>],
    style: Style,
    positions: &mut Positions,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let columns = style.columns();
    let say = |out: &mut dyn io::Write, place: &str, text: &str| {
        let text = if text.is_empty() { place.to_owned() } else { format!("{place}: {text}") };
        writeln!(out, "  {}", wrap(&text, columns.saturating_sub(4)).join("\n    "))
    };
    for part in parts {
        match part {
            Part::Whole { name, text } => say(out, name, text)?,
            Part::Marked { name, source, wanted } => {
                for one in wanted {
                    let (start, _) = positions.of(source, one.span);
                    let room = Room { columns: columns.saturating_sub(6), ellipsis: style.ellipsis() };
                    for excerpt in excerpts(source, std::slice::from_ref(one), room) {
                        let text = excerpt.marks.first().map_or("", |mark| &mark.text);
                        say(out, &format!("{name}:{}:{}", start.line, start.column), text)?;
                        for (_, line) in excerpt.lines().filter(|(_, line)| !line.trim().is_empty()) {
                            writeln!(out, "      {}", line.trim_end())?;
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

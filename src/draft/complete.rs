//! What is added to a card that is there: code below a heading that has none, and sections at the end. Nothing that stands
//! is changed.

use super::sections::{title, usage};
use super::{Material, Section, specs};
use crate::card::Card;
use crate::card::body::{Body, Heading};
use crate::diagnostic::{Edit, Fix, Safety};
use crate::source::{LineEnds, SourceFile};

/// What a card lacks.
#[derive(Clone, Debug, Default)]
pub struct Lacking<'c> {
    /// Sections, in the order in which they are to stand.
    pub sections: Vec<&'static Section>,
    /// The heading that speaks of use and has no code below it.
    pub code_below: Option<&'c Heading>,
    /// The heading for technical specifications that has nothing below it.
    pub specs_below: Option<&'c Heading>,
}

/// The change that adds what is lacking and can be added; nothing when there is nothing.
pub fn complete(card: &Card<'_>, lacking: &Lacking<'_>, material: &Material<'_>) -> Option<Fix> {
    let source = card.source();
    let end = source.text().len();
    let mut added: Vec<&str> = Vec::new();
    let mut edits = Vec::new();
    let mut tail = String::new();
    let code = lacking.code_below.and_then(|heading| Some((place(card, heading)?, usage(material)?)));
    let table = lacking.specs_below.and_then(|heading| Some((place(card, heading)?, specs::table(material)?)));
    for (name, below) in [("usage code", code), ("technical facts", table)] {
        let Some((at, text)) = below else { continue };
        added.push(name);
        if at < end {
            edits.push(edit(source, at, format!("{text}\n")));
        } else {
            tail.push_str(&text);
        }
    }
    edits.sort_by_key(|edit| edit.at.start);
    let is_bare = card.body().headings.is_empty() && card.body().prose.is_empty();
    let title = (is_bare && !lacking.sections.is_empty()).then(|| title(material));
    for text in title.into_iter().chain(lacking.sections.iter().map(|section| section.text(material))) {
        if !tail.is_empty() {
            tail.push('\n');
        }
        tail.push_str(&text);
    }
    added.extend(lacking.sections.iter().map(|section| section.title));
    if !tail.is_empty() {
        edits.push(edit(source, end, format!("{}{tail}", gap(source))));
    }
    if edits.is_empty() {
        return None;
    }
    let mut fix = Fix::new(format!("add {}", added.join(", ")), Safety::Safe).stub();
    fix.edits = edits;
    Some(fix)
}

fn edit(source: &SourceFile, at: usize, text: String) -> Edit {
    let text = if source.line_ends() == LineEnds::CrLf { text.replace('\n', "\r\n") } else { text };
    Edit { at: source.span(at, at), text }
}

/// What makes one blank line of the end of a text.
fn gap(source: &SourceFile) -> &'static str {
    let text = source.text().trim_start_matches('\u{feff}');
    let breaks = text.bytes().rev().filter(|byte| *byte != b'\r').take_while(|byte| *byte == b'\n').count();
    match breaks {
        _ if text.is_empty() => "",
        0 => "\n\n",
        1 => "\n",
        _ => "",
    }
}

/// The end of what stands directly below a heading: before the next one, where a Markdown heading follows a blank line, or
/// the end of the text.
fn place(card: &Card<'_>, heading: &Heading) -> Option<usize> {
    let text = card.source().text();
    let Some(next) = card.body().headings.iter().find(|next| next.span.start > heading.span.start) else {
        return Some(text.len());
    };
    let at = next.span.start as usize;
    let (before, after) = (text.get(..at)?, text.get(at..)?);
    let is_apart = before.ends_with("\n\n") || before.ends_with("\n\r\n");
    (after.starts_with('#') && is_apart).then_some(at)
}

/// Whether a completed card still says everything that it said, and the sections are read as sections: behind a code
/// block that nobody closed they would be part of it. The metadata must be the same in both.
pub fn keeps(before: &Card<'_>, after: &SourceFile, lacking: usize) -> bool {
    let (old, new) = (before.body(), &Body::parse(after, before.front_matter.body_start() as usize));
    let texts = |body: &Body| body.prose.iter().map(|prose| prose.text.clone()).collect::<Vec<_>>();
    let titles = |body: &Body| body.headings.iter().map(|heading| heading.text.clone()).collect::<Vec<_>>();
    is_within(&texts(old), &texts(new))
        && is_within(&titles(old), &titles(new))
        && new.headings.len() >= old.headings.len() + lacking
        && new.code_blocks.len() >= old.code_blocks.len()
}

/// Whether all of a list stands in another one, in order.
fn is_within(part: &[String], whole: &[String]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|text| rest.any(|other| other == text))
}

//! The sections of a card: which headings belong to a topic, what stands above all of them, and where a place lies.

use crate::card::Card;
use crate::card::body::{Body, Heading, Topic};
use crate::card::front_matter::Fence;
use crate::source::{Phrases, SourceFile, Span};

/// How the table starts that `hf-release init` writes. What it says follows from the files; it does not say how the model was
/// made, and is not an answer to that.
pub(crate) const SPECS_HEAD: &str = "| Read from the files |";

/// A short place that stands for the whole card: its first heading, else the end of its metadata, else its first line.
pub(crate) fn top(card: &Card<'_>) -> Span {
    let source = card.source();
    if let Some(heading) = card.body().headings.first() {
        return first_line(source, heading.span);
    }
    if let Fence::Block(block) = &card.front_matter.fence {
        return first_line(source, block.close);
    }
    let start = source.text().len() - source.text().trim_start_matches('\u{feff}').len();
    first_line(source, source.span(start, source.text().len()))
}

/// What of a span stands on its first line, without spaces at the end.
pub(super) fn first_line(source: &SourceFile, span: Span) -> Span {
    let line = source.first_line(span);
    Span { end: line.start + source.slice(line).trim_end().len() as u32, ..line }
}

/// The headings of a topic. Not a title, whose section is the whole card, and not the versions that a library wrote.
pub(crate) fn sections(body: &Body, topic: Topic) -> impl Iterator<Item = &Heading> {
    body.about(topic).filter(move |heading| !is_title(body, heading) && !is_versions(heading))
}

/// A list of installed packages, as trainers write it.
pub(super) fn is_versions(heading: &Heading) -> bool {
    static VERSIONS: Phrases = Phrases::new(&["framework versions"]);
    VERSIONS.are_in(&heading.text)
}

fn is_title(body: &Body, heading: &Heading) -> bool {
    let first = body.headings.first().is_some_and(|first| first.span == heading.span);
    let deeper = body.headings.get(1).is_none_or(|second| second.level > heading.level);
    first && ((heading.level == 1 && deeper) || names_a_model(heading))
}

/// The heading that names the model: the first one, unless it is about something that a reader looks for.
pub(crate) fn title(body: &Body) -> Option<&Heading> {
    body.headings.first().filter(|first| first.topics().is_empty() || is_title(body, first))
}

/// So many words make the name of a work that has a topic's word in it; fewer are the heading of a section.
const NAME_WORDS: usize = 5;

/// Whether a heading is a name with a topic's word in it, such as "LampBERT: Multimodal Pre-training for Lamps": at its start,
/// where a section's heading has that word, it is about nothing.
fn names_a_model(heading: &Heading) -> bool {
    heading.text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).count() >= NAME_WORDS
        && heading.topics_of_start(1).is_empty()
        && (heading.topics_of_start(2).is_empty()
            || heading.text.split_once(": ").is_some_and(|(name, _)| !name.contains(' ')))
}

/// Whether a card has no more than a title.
pub(crate) fn is_bare(card: &Card<'_>) -> bool {
    let body = card.body();
    body.headings.len() <= 1
        && body.prose.is_empty()
        && body.code_blocks.is_empty()
        && body.images.is_empty()
        && body.html.is_empty()
}

/// The last heading above a place.
pub(super) fn heading_above(body: &Body, at: u32) -> Option<&Heading> {
    let next = body.headings.partition_point(|heading| heading.span.start <= at);
    body.headings.get(next.checked_sub(1)?)
}

/// Whether a place lies in a table of what headers and configurations say: sizes, not how the model was made.
pub(super) fn is_read_from_files(card: &Card<'_>, at: u32) -> bool {
    let tables = &card.body().tables;
    let next = tables.partition_point(|table| table.start <= at);
    let table = next.checked_sub(1).and_then(|last| tables.get(last)).filter(|table| at < table.end);
    table.is_some_and(|table| card.source().slice(*table).starts_with(SPECS_HEAD))
}

/// Where the first section starts that is about something that a reader looks for. Above it stand the title, a line that is
/// set as a heading, the name of a version.
pub(super) fn introduction_end(body: &Body) -> u32 {
    // A heading above all others is the title, whatever its level, unless its words are those of a section.
    let first = body.headings.first().filter(|first| first.level >= 2 && !names_a_model(first));
    let section = first.into_iter().chain(below_title(body)).find(|heading| !heading.topics().is_empty());
    section.map_or(body.span.end, |next| next.span.start)
}

/// The headings below the first one that are not titles. A line right below a title may be set as a heading, most often one of
/// a lower level than a section's: that is left out.
pub(super) fn below_title(body: &Body) -> impl Iterator<Item = &Heading> {
    let title = body.headings.first().map_or(0, |title| title.level);
    let headings = body.headings.iter().enumerate().skip(1).filter(|(_, heading)| heading.level >= 2);
    headings.filter(move |(index, heading)| *index > 1 || heading.level <= title + 1).map(|(_, heading)| heading)
}

/// The items that start inside a section, of a list in the order of the text.
pub(super) fn within<T>(items: &[T], section: Span, span: impl Fn(&T) -> Span) -> impl Iterator<Item = &T> {
    let from = items.partition_point(|item| span(item).start < section.start);
    items.iter().skip(from).take_while(move |item| span(item).start < section.end)
}

/// Whether an HTML element shows something.
pub(super) fn is_media(name: &str) -> bool {
    matches!(name, "img" | "video" | "audio" | "iframe" | "gallery")
}

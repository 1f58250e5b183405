//! Whether a card speaks of a topic, and where it does not: the only place that decides it. A card speaks of usage when it
//! has code that can be run; of another topic when a section about it says something, or when it is said elsewhere: in the
//! introduction, the metadata, a table, or in passing.

use super::context::Context;
use super::description::describes;
use super::placeholders::says_nothing;
use super::presence;
use super::sections::{first_line, heading_above, is_media, is_read_from_files, is_versions, sections, top, within};
use super::usage;
use crate::card::Card;
use crate::card::body::{Heading, Prose, Topic};
use crate::source::Span;

/// Where a gap shows.
pub(crate) struct Gap {
    /// An empty section's heading; else the card's title, or the end of its metadata.
    pub(crate) at: Span,
    /// The heading of that section, if nothing at all stands below it.
    pub(crate) heading: Option<String>,
    /// The sections that are about the topic and do not speak of it.
    pub(crate) empty: Vec<Span>,
    /// A line that describes the model in a few words, where the card has no longer text.
    pub(crate) short: Option<Span>,
}

/// Where a card speaks of a topic.
pub(crate) enum Said {
    /// In the section of this heading.
    Section(String),
    /// In the introduction, the metadata, a table or in passing.
    Elsewhere,
    /// In code that a reader can run.
    Code,
}

/// Where a card speaks of a topic; nothing where it has a gap, or where there is no card.
pub(crate) fn said(cx: &Context<'_>, topic: Topic) -> Option<Said> {
    let card = cx.card().filter(|_| gap(cx, topic).is_none())?;
    if topic == Topic::Usage {
        return Some(Said::Code);
    }
    let section = sections(card.body(), topic).find(|heading| says_something(cx, card, heading, topic));
    Some(section.map_or(Said::Elsewhere, |heading| Said::Section(heading.text.clone())))
}

/// The gap of a topic; nothing when the card speaks of it, or when there is no card.
pub(crate) fn gap(cx: &Context<'_>, topic: Topic) -> Option<Gap> {
    let card = cx.card()?;
    let empty = match topic {
        Topic::Usage if usage::has_code(card) => return None,
        Topic::Usage => usage::heading(card.body()).into_iter().collect(),
        _ => empty_sections(cx, card, topic)?,
    };
    // "Bias, Risks, and Limitations" stands for "Out-of-Scope Use", too.
    let heading = empty.iter().min_by_key(|heading| heading.level);
    let is_untouched = topic == Topic::Description && empty.is_empty();
    Some(Gap {
        short: is_untouched.then(|| presence::short_description(cx.content(), card)).flatten(),
        at: heading.map_or_else(|| top(card), |heading| first_line(card.source(), heading.span)),
        heading: heading.filter(|heading| cx.content().is_empty(heading)).map(|heading| heading.text.clone()),
        empty: empty.iter().map(|heading| heading.span.to(heading.section)).collect(),
    })
}

/// The sections of a topic that say nothing; `None` when the card speaks of it, there or elsewhere.
fn empty_sections<'c>(cx: &Context<'_>, card: &'c Card<'_>, topic: Topic) -> Option<Vec<&'c Heading>> {
    let is_said = |heading: &&Heading| says_something(cx, card, heading, topic);
    let (said, empty): (Vec<&Heading>, Vec<&Heading>) = sections(card.body(), topic).partition(is_said);
    // An author who left a section for it empty has not said it in passing; "Training results" may be about the training.
    let is_left_out = empty.iter().any(|heading| heading.topics() == [topic]);
    let is_said = !said.is_empty()
        || presence::is_there(cx, card, topic)
        || (!is_left_out && presence::is_said_in_passing(cx, card, topic));
    (!is_said).then_some(empty)
}

/// Whether a section has more than placeholders, parts of it about something else aside; for a description, more than
/// what a library writes of every model.
fn says_something(cx: &Context<'_>, card: &Card<'_>, heading: &Heading, topic: Topic) -> bool {
    let (body, content) = (card.body(), cx.content());
    if content.is_empty(heading) {
        return false;
    }
    let is_ours = |at: u32| {
        heading_above(body, at).is_none_or(|inner| {
            let topics = inner.topics();
            inner.span == heading.span || topics.is_empty() || (topics.contains(&topic) && !is_versions(inner))
        })
    };
    let is_said = |prose: &Prose| match topic {
        Topic::Description => describes(&prose.text),
        Topic::Technical => !is_read_from_files(card, prose.span.start),
        _ => true,
    };
    let section = heading.section;
    let mut prose = content.prose_in(body, section);
    prose.any(|(prose, words)| words > 0 && is_said(prose) && is_ours(prose.span.start))
        || within(&body.code_blocks, section, |code| code.span)
            .any(|code| is_ours(code.span.start) && !says_nothing(&code.text))
        || within(&body.images, section, |image| image.span).any(|image| is_ours(image.span.start))
        || within(&body.html, section, |element| element.span)
            .any(|element| is_media(&element.name) && is_ours(element.span.start))
}

//! Whether a card says what a reader looks for: in a section of its own, in its metadata, or in passing.

mod evaluation;
mod technical;
mod words;

use words::{LICENSE_LINES, LIMITATION_WORDS, POINTERS};

use super::content::Content;
use super::context::Context;
use super::description::describes;
use super::sections::{below_title, introduction_end, is_versions};
use crate::card::Card;
use crate::card::body::{Body, Prose, Topic};
use crate::source::{Phrases, Span};

/// So many words of prose above the first section say what a model is.
const INTRODUCTION_WORDS: u32 = 25;

/// So many do when they are one paragraph of whole sentences; fewer right below the title.
const SENTENCE_WORDS: u32 = 15;
const FIRST_SENTENCE_WORDS: u32 = 8;

/// Whether something other than a section of its own says it: the introduction, the metadata, a table.
pub(super) fn is_there(cx: &Context<'_>, card: &Card<'_>, topic: Topic) -> bool {
    let body = card.body();
    match topic {
        Topic::Description => introduces(cx.content(), body) || is_described_in_parts(cx.content(), body),
        Topic::Technical => technical::has_recipe(body) || technical::lists_quants(card),
        Topic::Evaluation => evaluation::is_there(cx, card),
        _ => false,
    }
}

/// Whether some sentence says it although no section is about it.
pub(super) fn is_said_in_passing(cx: &Context<'_>, card: &Card<'_>, topic: Topic) -> bool {
    // "**Accuracy:** 0.93" says it; what a model cannot do takes a sentence.
    let fewest = if topic == Topic::Limitations { 4 } else { 2 };
    let prose = cx.content().prose(card.body()).filter(|(_, words)| *words >= fewest);
    let mut prose = prose.map(|(prose, _)| prose);
    match topic {
        Topic::Technical => {
            technical::is_in_a_table(card) || prose.any(|prose| technical::is_said(card.source(), prose))
        }
        Topic::Evaluation => prose.any(evaluation::is_said) || evaluation::is_printed(card.body()),
        Topic::Limitations => prose.any(|prose| says(prose, &LIMITATION_WORDS) && !is_license(&prose.text)),
        _ => false,
    }
}

/// The words of a license limit what its readers may do, not what the model can.
fn is_license(text: &str) -> bool {
    LICENSE_LINES.phrases().any(|line| text.contains(line))
}

fn has_digit(prose: &Prose) -> bool {
    prose.text.contains(|letter: char| letter.is_ascii_digit())
}

/// Prose above the first section.
fn introduces(content: &Content, body: &Body) -> bool {
    let end = introduction_end(body);
    let second = below_title(body).next().map(|heading| heading.span.start);
    let enough = |prose: &Prose| {
        let is_first = second.is_none_or(|second| prose.span.start < second);
        if is_first && !leads_elsewhere(&prose.text) { FIRST_SENTENCE_WORDS } else { SENTENCE_WORDS }
    };
    let above = || content.prose(body).filter(|(prose, _)| prose.span.start < end && describes(&prose.text));
    above().map(|(_, words)| words).sum::<u32>() >= INTRODUCTION_WORDS
        || above().any(|(prose, words)| words >= enough(prose) && is_sentence(&prose.text))
}

/// So many words on one line say what a model is, but not what it is for.
const SHORT_WORDS: u32 = 3;

/// The line below the title that describes the model in a few words. An item of a list or a cell does not.
pub(super) fn short_description(content: &Content, card: &Card<'_>) -> Option<Span> {
    let (body, source) = (card.body(), card.source());
    let end = introduction_end(body);
    let (first, words) = content.prose(body).find(|(_, words)| *words > 0)?;
    let before = source.text().get(..first.span.start as usize).unwrap_or_default();
    let mark = before.rsplit('\n').next().unwrap_or_default().trim_end_matches(['_', '*']);
    let text = first.text.trim();
    let is_value = |value: &str| value.split_whitespace().count() <= SHORT_WORDS as usize;
    let is_fact = text.split_once(':').is_some_and(|(_, value)| is_value(value)) || text.contains("://");
    let is_line = mark.trim().is_empty() && !is_fact && !text.contains('|');
    let is_short = is_line && words >= SHORT_WORDS && describes(text) && !leads_elsewhere(text);
    (is_short && first.span.start < end).then_some(first.span)
}

/// Whether a text sends its readers somewhere, which in a short one is all that it says.
fn leads_elsewhere(text: &str) -> bool {
    POINTERS.phrases().any(|start| text.trim_start().starts_with(start))
}

fn is_sentence(text: &str) -> bool {
    text.trim_end_matches(|letter: char| letter.is_whitespace() || matches!(letter, ')' | '"' | '”' | '*'))
        .ends_with(['.', '!', '。', '！', '।', '؟', '۔'])
}

/// A description that is divided into parts, about the data and the hardware for example.
fn is_described_in_parts(content: &Content, body: &Body) -> bool {
    let mut whole =
        body.about(Topic::Description).filter(|heading| heading.text.to_lowercase().contains("description"));
    whole.any(|heading| {
        let next = body.headings.partition_point(|other| other.span.start <= heading.span.start);
        let part = body.headings.get(next).filter(|part| part.span.start < heading.section.end);
        part.is_some_and(|part| !is_versions(part) && !content.is_empty(part))
    })
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// Whether a run of prose has one of some words, in the singular or plural.
fn says(prose: &Prose, words: &Phrases) -> bool {
    let text = prose.text.as_str();
    let is_word = |at: usize, word: &str| {
        // Scripts without spaces have no ends of words.
        if !word.is_ascii() {
            return true;
        }
        let starts = text.get(..at).is_some_and(|before| !before.ends_with(char::is_alphanumeric));
        let after = text.get(at + word.len()..).unwrap_or_default();
        let after = after.strip_prefix(['s', 'S']).unwrap_or(after);
        // `lr=` has its end in itself.
        starts && (!word.ends_with(char::is_alphanumeric) || !after.starts_with(char::is_alphanumeric))
    };
    words.matches(text).any(|(at, word)| is_word(at, word) && !is_in_an_address(text, at))
}

/// Whether a place lies in an address: what that says is the name of a page.
fn is_in_an_address(text: &str, at: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else { return false };
    let start = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let end = after.split(char::is_whitespace).next().unwrap_or_default();
    start.contains("://") || start.contains("www.") || (start.is_empty() && end.contains("://"))
}

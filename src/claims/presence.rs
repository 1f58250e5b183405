//! Whether a card says what a reader looks for: in a section of its own, in its metadata, or in passing.

mod technical;
mod words;

use words::{EVALUATION_WORDS, LICENSE_LINES, LIMITATION_WORDS, METRIC_KEYS, POINTERS};

use super::content::Content;
use super::context::Context;
use super::description::describes;
use super::fields::{claims, filled};
use super::sections::{below_title, heading_above, introduction_end, is_media, is_versions};
use super::usage::is_program;
use crate::card::Card;
use crate::card::body::{Body, Prose, Topic};
use crate::hub::tasks;
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
        Topic::Evaluation => {
            has_results(cx) || has_result_files(cx) || has_result_table(card) || shows_results(cx, body)
        }
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
        Topic::Evaluation => {
            prose.any(|prose| (has_digit(prose) || prose.text.ends_with(':')) && measures(prose))
                || card.body().code_blocks.iter().any(|code| !is_program(code) && prints_metric(&code.text))
        }
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

/// In lower case it is a map.
fn measures(prose: &Prose) -> bool {
    says(prose, &EVALUATION_WORDS) || prose.text.contains("mAP")
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

/// A model-index with at least one value.
fn has_results(cx: &Context<'_>) -> bool {
    let Some(index) = filled(cx, "model-index") else { return false };
    let results = index.value.items().filter_map(|model| model.get("results")).flat_map(|results| results.items());
    let metrics = results.filter_map(|result| result.get("metrics")).flat_map(|metrics| metrics.items());
    let mut values = metrics.filter_map(|metric| metric.get("value"));
    values.any(|value| value.text().is_some_and(|text| !text.trim().is_empty()))
}

fn has_result_files(cx: &Context<'_>) -> bool {
    let mut files = cx.release().files().iter().map(|file| &file.path);
    files.any(|path| path.folder() == ".eval_results" && path.extension() == "yaml")
}

/// What a model that makes pictures can do is seen, not measured.
fn shows_results(cx: &Context<'_>, body: &Body) -> bool {
    let shows = !body.images.is_empty() || body.html.iter().any(|element| is_media(&element.name));
    if !shows && filled(cx, "widget").is_none_or(|widget| widget.value.items().next().is_none()) {
        return false;
    }
    let stated = ["library_name", "pipeline_tag", "tags"].into_iter().flat_map(|key| claims(cx, key));
    let mut tags = stated.map(|(_, tag)| tag).chain(cx.facts().task.one.as_ref().map(|task| task.value));
    tags.any(|tag| tag == "diffusers" || tasks::get(tag).is_some_and(|task| task.generates().is_some()))
}

/// A table of numbers, unless it is about hyperparameters or the sizes of datasets.
fn has_result_table(card: &Card<'_>) -> bool {
    let body = card.body();
    body.tables.iter().any(|table| holds_numbers(card.source().slice(*table)) && !is_about_training(body, *table))
}

/// Whether a table has at least two cells that are numbers, with their signs and units.
fn holds_numbers(table: &str) -> bool {
    table.lines().skip(2).flat_map(|line| line.split('|')).filter(|cell| is_number(cell)).nth(1).is_some()
}

fn is_number(cell: &str) -> bool {
    // "78.7 (average: 75.3)"
    let cell = cell.split_once('(').map_or(cell, |(number, _)| number);
    let bare = cell.trim_matches(['*', '_', '`', '~', '%', '±', '+', '-', '<', '>', '=', ' ']);
    starts_with_digit(bare)
        && bare
            .chars()
            .all(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ',' | '%' | '±' | ' ' | '/' | '-' | 'e'))
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

fn is_about_training(body: &Body, table: Span) -> bool {
    heading_above(body, table.start).is_some_and(|heading| {
        let topics = heading.topics();
        topics.contains(&Topic::Technical) && !topics.contains(&Topic::Evaluation)
    })
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
    words.matches(text).any(|(at, word)| is_word(at, word))
}

/// A line such as `'f1': 81.9` or `eval_accuracy = 0.97`.
fn prints_metric(code: &str) -> bool {
    let code = code.to_lowercase();
    // A report of scikit-learn.
    if ["precision", "recall", "f1-score", "support"].iter().all(|column| code.contains(column)) {
        return true;
    }
    let mut pairs = code.split(['\n', ',', '{']).filter_map(|part| part.split_once([':', '=']));
    pairs.any(|(key, value)| {
        let key = key.trim_matches(|letter: char| !letter.is_alphanumeric());
        let bare = ["eval_", "test_", "dev_"].iter().find_map(|stage| key.strip_prefix(stage)).unwrap_or(key);
        METRIC_KEYS.contains(bare) && starts_with_digit(value.trim_start())
    })
}

//! Whether a card says what a reader looks for: in a section of its own, in its metadata, or in passing.

mod words;

use words::{
    CELLS, DATA_UNITS, EVALUATION_WORDS, LIMITATION_WORDS, METRIC_KEYS, POINTERS, QUANTIZATIONS, SETTINGS,
    TECHNICAL_UNITS, TECHNICAL_WORDS, TRAININGS, UNITS,
};

use super::content::{Content, is_yaml};
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
        Topic::Technical => holds_recipe(body) || lists_quants(card),
        Topic::Evaluation => {
            has_results(cx) || has_result_files(cx) || has_result_table(card) || shows_results(cx, body)
        }
        _ => false,
    }
}

/// What a line about it starts with.
const LABEL: &str = "architecture:";

/// Whether some sentence says it although no section is about it.
pub(super) fn is_said_in_passing(cx: &Context<'_>, card: &Card<'_>, topic: Topic) -> bool {
    // "**Accuracy:** 0.93" says it; what a model cannot do takes a sentence.
    let fewest = if topic == Topic::Limitations { 4 } else { 2 };
    let prose = cx.content().prose(card.body()).filter(|(_, words)| *words >= fewest);
    let mut prose = prose.map(|(prose, _)| prose);
    match topic {
        Topic::Technical => {
            card.body().prose.iter().any(is_cell)
                || prose.any(|prose| {
                    is_labeled(prose)
                        || (has_digit(prose) && (says(prose, &TECHNICAL_WORDS) || tells_a_size(&prose.text)))
                })
        }
        Topic::Evaluation => {
            prose.any(|prose| (has_digit(prose) || prose.text.ends_with(':')) && measures(prose))
                || card.body().code_blocks.iter().any(|code| !is_program(code) && prints_metric(&code.text))
        }
        Topic::Limitations => prose.any(|prose| says(prose, &LIMITATION_WORDS)),
        _ => false,
    }
}

fn has_digit(prose: &Prose) -> bool {
    prose.text.contains(|letter: char| letter.is_ascii_digit())
}

fn is_labeled(prose: &Prose) -> bool {
    prose.text.get(..LABEL.len()).is_some_and(|start| start.eq_ignore_ascii_case(LABEL))
}

fn is_cell(prose: &Prose) -> bool {
    CELLS.phrases().any(|cell| prose.text.trim().eq_ignore_ascii_case(cell))
}

/// In lower case it is a map.
fn measures(prose: &Prose) -> bool {
    says(prose, &EVALUATION_WORDS) || prose.text.contains("mAP")
}

/// Whether a text tells the size of a model or of its training.
fn tells_a_size(text: &str) -> bool {
    // Nothing but these words makes a size, and hardly any line has one.
    (UNITS.are_in(text) || TRAININGS.are_in(text)) && (tells_sizes(text) || labels_a_size(text))
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

/// A merge is made by its configuration, and so is what was trained by one.
fn holds_recipe(body: &Body) -> bool {
    let blocks = body.code_blocks.iter();
    let mut code = blocks.filter(|code| code.language.as_deref().is_none_or(is_yaml));
    code.any(|code| {
        let settings = SETTINGS.phrases().filter(|setting| code.text.contains(setting));
        code.text.contains("merge_method:") || settings.count() >= 2
    })
}

/// The list of files by which people choose among quantizations.
fn lists_quants(card: &Card<'_>) -> bool {
    card.body().tables.iter().any(|table| {
        let head = card.source().slice(*table).lines().next().unwrap_or_default().to_lowercase();
        QUANTIZATIONS.phrases().any(|word| head.contains(word))
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
        starts && !after.starts_with(char::is_alphanumeric)
    };
    words.matches(text).any(|(at, word)| is_word(at, word))
}

/// Whether a text has two numbers of layers, tokens and the like, or one and a word on the training, or the number of the
/// parameters.
fn tells_sizes(text: &str) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '.').filter(|word| !word.is_empty()).collect();
    let is_trained = TRAININGS.are_in(&text);
    let is_unit = |word: &str| {
        let unit = word.trim_end_matches('.').trim_end_matches('s');
        TECHNICAL_UNITS.contains(unit) || (is_trained && DATA_UNITS.contains(unit))
    };
    let sizes = words.iter().enumerate().filter(|(at, word)| {
        // "12-layer", "180M parameters", "3 billion tokens", "20GB".
        let glued = word.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
        starts_with_digit(word) && (is_unit(glued) || words.iter().skip(at + 1).take(2).any(|next| is_unit(next)))
    });
    let are_parameters =
        || words.windows(2).any(|pair| matches!(pair, [size, unit] if is_size(size) && unit.starts_with("param")));
    sizes.count() >= (if is_trained { 1 } else { 2 }) || are_parameters()
}

/// `Layers: 12`, `Params (M): 21.7`.
fn labels_a_size(text: &str) -> bool {
    let Some((label, value)) = text.split_once(':') else { return false };
    let label = label.trim().to_lowercase();
    let mut words = label.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_unit = words.next().is_some_and(|word| TECHNICAL_UNITS.contains(word.trim_end_matches('s')));
    let value = value.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    is_unit && words.count() <= 1 && starts_with_digit(value)
}

/// `7B`, `66M`, `billion`, the last part of `1,234,567`; not the `2` of a function that "takes 2 parameters".
fn is_size(word: &str) -> bool {
    let unit = word.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    match word.len() - unit.len() {
        0 => matches!(unit, "million" | "billion" | "trillion"),
        digits => matches!(unit, "k" | "m" | "b" | "t") || (unit.is_empty() && digits >= 3),
    }
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

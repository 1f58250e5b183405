//! How a card shows without a section of its own how good a model is: in its metadata, a table, a sentence, a printed result,
//! or by pictures.

use super::words::{EVALUATION_WORDS, METRIC_KEYS, SPECS, SPLITS};
use super::{has_digit, says, starts_with_digit};
use crate::card::Card;
use crate::card::body::{Body, Prose, Topic};
use crate::claims::context::Context;
use crate::claims::fields::{claims, filled};
use crate::claims::sections::{heading_above, is_media};
use crate::claims::usage::is_program;
use crate::hub::tasks;
use crate::source::{Phrases, Span};

/// Whether metadata, a file, a table or pictures show it.
pub(super) fn is_there(cx: &Context<'_>, card: &Card<'_>) -> bool {
    has_results(cx) || has_result_files(cx) || has_result_table(card) || shows_results(cx, card.body())
}

/// Whether a paragraph, an item or a cell has a metric with its number, or announces some.
pub(super) fn is_said(prose: &Prose) -> bool {
    (has_digit(prose) || prose.text.ends_with(':')) && measures(prose)
}

/// Whether a block of output has a metric.
pub(super) fn is_printed(body: &Body) -> bool {
    body.code_blocks.iter().any(|code| !is_program(code) && prints_metric(&code.text))
}

/// In lower case it is a map.
fn measures(prose: &Prose) -> bool {
    says(prose, &EVALUATION_WORDS) || prose.text.contains("mAP")
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

/// A table of scores, under any heading.
fn has_result_table(card: &Card<'_>) -> bool {
    let body = card.body();
    body.tables.iter().any(|span| {
        let table = Table::of(card.source().slice(*span));
        // Between what a model was trained with, only what is named a score is one.
        table.scores(is_about_training(body, *span)).nth(1).is_some()
    })
}

/// The cells of a table.
struct Table<'t> {
    head: Vec<&'t str>,
    rows: Vec<Vec<&'t str>>,
}

impl<'t> Table<'t> {
    fn of(text: &'t str) -> Self {
        let mut lines = text.lines();
        let head = lines.next().map(cells).unwrap_or_default();
        Self { head, rows: lines.skip(1).map(cells).collect() }
    }

    /// The cells that are scores: numbers that no column and no row calls a size, a setting or a part of a dataset; with
    /// `named`, only those that a column or row calls a metric.
    fn scores(&self, named: bool) -> impl Iterator<Item = &'t str> {
        let named = named || self.head.first().is_some_and(|first| is_setting(first));
        let kinds: Vec<(bool, bool)> = self.head.iter().map(|head| (is_spec(head), is_metric(head))).collect();
        let is_split: Vec<bool> = self.head.iter().map(|head| is_part(head)).collect();
        let rows = self.rows.iter().flat_map(move |row| {
            let first = row.first().copied().unwrap_or_default();
            let (is_spec_row, is_metric_row) = (is_spec(first), is_metric(first));
            let (kinds, is_split) = (kinds.clone(), is_split.clone());
            row.iter().copied().enumerate().filter(move |(column, cell)| {
                let (is_spec, is_metric) = kinds.get(*column).copied().unwrap_or_default();
                let is_named = is_metric || is_metric_row;
                let is_count = is_split.get(*column).copied().unwrap_or_default() && !is_named && counts(cell);
                is_number(cell) && (!named || is_named) && (is_named || !(is_spec || is_spec_row || is_count))
            })
        });
        rows.map(|(_, cell)| cell)
    }
}

/// The cells of a line, without the bars at its ends.
fn cells(line: &str) -> Vec<&str> {
    let line = line.trim().trim_start_matches('>').trim_start();
    let line = line.strip_prefix('|').unwrap_or(line);
    line.strip_suffix('|').unwrap_or(line).split('|').map(str::trim).collect()
}

/// Whether a column or row is about a size, a setting, a file.
fn is_spec(label: &str) -> bool {
    has_word(label, &SPECS)
}

/// Whether it is about a metric.
fn is_metric(label: &str) -> bool {
    has_word(label, &EVALUATION_WORDS) || METRIC_KEYS.contains(&label.to_lowercase())
}

/// Whether a column is a part of a dataset.
fn is_part(label: &str) -> bool {
    let label = label.to_lowercase();
    SPLITS.contains(label.trim_matches(|letter: char| !letter.is_alphanumeric()))
}

/// Whether the first column lists settings, so that each row is about one.
fn is_setting(label: &str) -> bool {
    let label = label.to_lowercase();
    ["parameter", "setting", "config", "argument", "option"].iter().any(|word| label.contains(word))
}

fn has_word(label: &str, words: &Phrases) -> bool {
    words.matches(label).any(|(at, word)| {
        let starts = label.get(..at).is_some_and(|before| !before.ends_with(char::is_alphanumeric));
        let after = label.get(at + word.len()..).unwrap_or_default();
        let after = after.strip_prefix('s').unwrap_or(after);
        starts && !after.starts_with(char::is_alphabetic)
    })
}

/// Whether a number is one of examples rather than a score.
fn counts(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    digits >= 3 && !cell.contains('.')
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

fn is_about_training(body: &Body, table: Span) -> bool {
    heading_above(body, table.start).is_some_and(|heading| {
        let topics = heading.topics();
        topics.contains(&Topic::Technical) && !topics.contains(&Topic::Evaluation)
    })
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

//! How a card says without a section of its own how a model was made and what it needs: in a label, a sentence with numbers,
//! a table, a configuration.

use super::words::{
    CELLS, DATA_UNITS, LABELS, MERGES, QUANTIZATIONS, SETTINGS, TECHNICAL_UNITS, TECHNICAL_WORDS, TRAININGS, UNITS,
};
use super::{has_digit, says, starts_with_digit};
use crate::card::Card;
use crate::card::body::{Body, CodeBlock, Prose};
use crate::claims::content::is_yaml;
use crate::claims::placeholders::says_nothing;
use crate::claims::sections::{is_read_from_files, within};
use crate::claims::usage::is_plain;
use crate::source::SourceFile;

/// A longer text is no label, in bytes.
const LONGEST_LABEL: usize = 40;

/// Whether a paragraph, an item or a cell says it.
pub(super) fn is_said(source: &SourceFile, prose: &Prose) -> bool {
    says(prose, &MERGES)
        || is_labeled(source, prose)
        || (has_digit(prose)
            && (says(prose, &TECHNICAL_WORDS) || tells_a_size(&prose.text) || tells_ranks(&prose.text)))
}

/// Whether a row or column of a table is about it, or a cell tells how much memory something takes.
pub(super) fn is_in_a_table(card: &Card<'_>) -> bool {
    let body = card.body();
    let is_read = |prose: &Prose| is_read_from_files(card, prose.span.start);
    body.prose.iter().any(|prose| is_cell(&prose.text) && !is_read(prose))
        || body.tables.iter().any(|table| {
            let mut cells = within(&body.prose, *table, |prose| prose.span);
            cells.any(|cell| is_memory(&cell.text) && !is_read(cell))
        })
}

/// A merge is made by its configuration, and so is what was trained by one.
pub(super) fn has_recipe(body: &Body) -> bool {
    body.code_blocks.iter().filter(|code| is_data(code)).any(|code| {
        let settings = SETTINGS.phrases().filter(|setting| code.text.contains(setting));
        code.text.contains("merge_method") || settings.count() >= 2
    })
}

/// Whether a block may be a configuration: a program that trains is one for the reader's own training.
fn is_data(code: &CodeBlock) -> bool {
    code.language.as_deref().is_none_or(|language| {
        is_yaml(language) || is_plain(language) || matches!(language, "json" | "toml" | "ini" | "cfg" | "config")
    })
}

/// The list of files by which people choose among quantizations.
pub(super) fn lists_quants(card: &Card<'_>) -> bool {
    card.body().tables.iter().any(|table| {
        let head = card.source().slice(*table).lines().next().unwrap_or_default().to_lowercase();
        QUANTIZATIONS.phrases().any(|word| head.contains(word))
    })
}

fn is_cell(text: &str) -> bool {
    text.len() <= LONGEST_LABEL && CELLS.contains(&plain(text))
}

/// A label without its decoration: `#Params (M)`, `Num. layers`, `Total parameters`.
fn plain(label: &str) -> String {
    let mut label = label.to_lowercase();
    if let Some((name, _)) = label.split_once(['(', '[', '/']) {
        label = name.to_owned();
    }
    let mut bare = label.trim_matches(|letter: char| !letter.is_alphanumeric());
    for start in ["number of ", "num ", "num. ", "no. of ", "total ", "of "] {
        bare = bare.strip_prefix(start).unwrap_or(bare);
    }
    bare.to_owned()
}

/// Whether a line is such a label with a value after it: `pre-processing: normalization`, `**Training data** orders`.
fn is_labeled(source: &SourceFile, prose: &Prose) -> bool {
    let text = source.slice(prose.span);
    let mut rest = text;
    while !rest.is_empty() {
        let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
        let bare = line.trim_start_matches(|letter: char| !letter.is_alphanumeric());
        let end = bare.find([':', '=', '：', '*', '`']).filter(|end| *end <= LONGEST_LABEL);
        if let Some((label, value)) = end.and_then(|end| bare.split_at_checked(end)) {
            let is_filled = |value: &str| value.contains(char::is_alphanumeric) && !says_nothing(value);
            let label = plain(label);
            if (CELLS.contains(&label) || LABELS.contains(&label)) && (is_filled(value) || is_filled(below)) {
                return true;
            }
        }
        rest = below;
    }
    false
}

/// `4.5 GB`, `~738MB`.
fn is_memory(text: &str) -> bool {
    let text = text.trim_start_matches(['~', '≈', '<', '>', '+', ' ']);
    let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',' | ' '));
    starts_with_digit(text) && matches!(unit.trim_end(), "GB" | "GiB" | "MB" | "MiB" | "G" | "gb" | "mb")
}

/// Whether a text tells the rank of an adapter: `rank: 64 (alpha=128)`, `LoRA r=16`.
fn tells_ranks(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_adapter = || text.contains("lora") || text.contains("alpha") || text.contains("dora");
    text.contains('r') && is_adapter() && {
        let mut last = "";
        words.any(|word| {
            let is_rank = matches!(last, "rank" | "r" | "dim") && starts_with_digit(word);
            last = word;
            is_rank
        })
    }
}

/// Whether a text tells the size of a model or of its training.
fn tells_a_size(text: &str) -> bool {
    // Nothing but these words makes a size, and hardly any line has one.
    (UNITS.are_in(text) || TRAININGS.are_in(text)) && (tells_sizes(text) || labels_a_size(text))
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
    // "22 million backbone parameters"
    let are_parameters = || {
        words.windows(3).any(|three| matches!(three, [size, .., unit] if is_size(size) && unit.starts_with("param")))
            || words.windows(2).any(|two| matches!(two, [size, unit] if is_size(size) && unit.starts_with("param")))
    };
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

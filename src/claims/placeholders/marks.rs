//! Where marks stand in a text that say "to be filled in": to be pointed at, one by one.

use std::ops::Range;

use super::prose::{OPENINGS, find};
use crate::source::{List, Phrases, word_list};

/// Names of the variables of the Hub's template. Others may be part of a text about templates, or of a formula.
static VARIABLES: List = word_list!("template_variables");

/// `{{ model_id }}`, `{{ license | default("…") }}`.
pub(crate) fn has_variable(text: &str) -> bool {
    let Some((_, inside)) = text.split_once("{{") else { return false };
    let name = inside.trim_start().split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next();
    name.is_some_and(|name| VARIABLES.contains(name))
}

/// The placeholders in a text, the words by which people and libraries mark what is to be written, sentences about
/// nothing, and the ids that libraries write into a card before the model has one.
pub(crate) fn marks(text: &str) -> Vec<Range<usize>> {
    static PHRASES: Phrases = Phrases::new(&[
        OPENINGS[0],
        OPENINGS[1],
        OPENINGS[2],
        "cross_encoder_model_id",
        "fixme",
        "hub_model_id",
        "lorem ipsum",
        "more info needed",
        "needs more information",
        "on an unknown dataset",
        "on the none dataset",
        "sentence_transformers_model_id",
        "setfit_model_id",
        "sparse_encoder_model_id",
        "tbd",
        "this model card has been automatically generated",
        "todo",
    ]);
    let mut found = Vec::new();
    let mut has_placeholders = false;
    for (at, phrase) in PHRASES.matches(text) {
        if OPENINGS.contains(&phrase) {
            has_placeholders = true;
            continue;
        }
        let end = at + phrase.len();
        let written = text.get(at..end).unwrap_or_default();
        if !matches!(phrase, "todo" | "fixme" | "tbd") {
            // In upper case an id is the name of a variable.
            if !phrase.ends_with("_model_id") || written == phrase {
                found.push(at..end);
            }
            continue;
        }
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(end..).and_then(|after| after.chars().next());
        let inside = |letter: Option<char>| {
            letter.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '/'))
        };
        if written.bytes().all(|letter| letter.is_ascii_uppercase())
            && !inside(before)
            && !inside(after)
            && stands_alone(text, at, end)
        {
            found.push(at..end);
        }
    }
    if has_placeholders {
        found.extend(find(text));
    }
    found
}

/// Whether a mark stands where a note starts: at the start of a line, cell, item, sentence or value, or before a colon.
/// Inside a sentence ("we added TODO comments") and in the name of a file it is a word.
/// "TBD" is never part of one.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let after = text.get(end..).unwrap_or_default();
    if after.starts_with(':') || text.get(start..end) == Some("TBD") {
        return true;
    }
    if after.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphanumeric)) {
        return false;
    }
    let before = text.get(..start).unwrap_or_default();
    let before = before.trim_end_matches([' ', '\t', '*', '_', '>', '-', '#']);
    before.is_empty() || before.ends_with(['\n', '\r', '|', '[', '(', ':', '：', '.', '!', '?', '。', '•'])
}

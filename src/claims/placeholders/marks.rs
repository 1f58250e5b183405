//! Where marks stand in a text that say "to be filled in": to be pointed at, one by one.

use std::ops::Range;

use super::prose::{OPENINGS, find, opens_a_note};
use crate::source::{List, Phrases, word_list};

/// Names of the variables of the Hub's template. Others may be part of a text about templates, or of a formula.
static VARIABLES: List = word_list!("template_variables");

/// `{{ model_id }}`, `{{ license | default("…") }}`.
pub(crate) fn has_variable(text: &str) -> bool {
    let Some((_, inside)) = text.split_once("{{") else { return false };
    let name = inside.trim_start().split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next();
    name.is_some_and(|name| VARIABLES.contains(name))
}

/// By which templates, libraries and people mark what is to be filled in.
static MARKS: Phrases = Phrases::of(&word_list!("marks"));

/// The placeholders in a text, the words by which people and libraries mark what is to be written, sentences about
/// nothing, and the ids that libraries write into a card before the model has one.
pub(crate) fn marks(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut has_placeholders = false;
    for (at, phrase) in MARKS.matches(text) {
        if OPENINGS.contains(&phrase) {
            has_placeholders = true;
            continue;
        }
        let end = at + phrase.len();
        let written = text.get(at..end).unwrap_or_default();
        // A single word is a mark in upper case only.
        if phrase.contains([' ', '_']) {
            // In upper case an id is the name of a variable.
            let is_note = phrase != "more info needed" || opens_a_note(text, at);
            if is_note && (!phrase.ends_with("_model_id") || written == phrase) {
                found.push(at..end);
            }
            continue;
        }
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(end..).and_then(|after| after.chars().next());
        if written.bytes().all(|letter| letter.is_ascii_uppercase())
            && !before.is_some_and(is_inside)
            && !after.is_some_and(is_inside)
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

/// Whether a letter next to a word makes it part of another one.
fn is_inside(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '/')
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
    opens_a_note(text, start)
}

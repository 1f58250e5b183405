//! The words that people use as headings, in several languages, by what a reader looks for. Taken from headings of
//! published cards; the rare ones are there because a section that exists must not be called missing.

use super::plain_forms::plain_forms;
use crate::source::{List, word_senses};

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// What the model is and does.
    Description,
    /// How to use it, and for what.
    Usage,
    /// How it was made: training, data, hardware, software.
    Technical,
    /// How good it is.
    Evaluation,
    /// What it cannot or must not do.
    Limitations,
    /// How to cite it, and what it builds on.
    Citation,
    /// Its license.
    License,
    /// Energy and emissions.
    Environment,
    /// Who made it, and how to reach them.
    Contact,
}

use Topic::{Citation, Contact, Description, Environment, Evaluation, License, Limitations, Technical, Usage};

/// Headings that mean exactly this, and nothing that their words would suggest besides.
static WHOLE: List<(&str, &[Topic])> = word_senses!("headings_whole");

/// Runs of words that say so wherever they stand in a heading.
static WITHIN: List<(&str, Topic)> = word_senses!("headings_within");

/// Signs that say so inside a heading of a script without spaces.
static SIGNS: List<(&str, Topic)> = word_senses!("heading_signs");

/// The topics of a heading, in the order of [`Topic`], each once.
pub(super) fn of(text: &str) -> Vec<Topic> {
    let mut found = Vec::new();
    for form in plain_forms(text) {
        if let Some((_, topics)) = WHOLE.iter().find(|(whole, _)| *whole == form) {
            found.extend_from_slice(topics);
            continue;
        }
        for text in word_starts(&form).filter_map(|at| form.get(at..)) {
            found.extend(WITHIN.iter().filter(|(words, _)| begins_with(text, words)).map(|(_, topic)| *topic));
        }
        if form.is_ascii() {
            continue;
        }
        if form.starts_with("使用") && !form.contains("协议") {
            found.push(Usage);
        }
        found.extend(SIGNS.iter().filter(|(signs, _)| form.contains(signs)).map(|(_, topic)| *topic));
    }
    found.sort();
    found.dedup();
    // "News | Models | Usage | Evaluation | License" leads to sections, and is none.
    if found.len() > MOST_TOPICS { Vec::new() } else { found }
}

/// What a section may be about at once.
const MOST_TOPICS: usize = 3;

/// Where the words of a plain form start.
fn word_starts(form: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(form.match_indices(' ').map(|(at, _)| at + 1))
}

/// Whether a text begins with these words, and not only with letters of a longer one.
fn begins_with(text: &str, words: &str) -> bool {
    // Hardly any does: the first bytes spare the call that compares the rest.
    text.as_bytes().get(..2) == words.as_bytes().get(..2)
        && text.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

//! Placeholders in running text: what templates leave, and what people write until they know better.

use super::count;
use crate::source::{List, Phrases, word_list};

/// What templates print inside a text: the sentence around one says nothing. Two braces need two others after them.
static FILLERS: Phrases = Phrases::of(&word_list!("fillers"));

/// What people write as a whole paragraph, item or cell until they know better.
static STOPGAPS: List = word_list!("stopgaps");

const LONGEST_STOPGAP: usize = 16;

/// How far after `[TODO` its bracket is looked for, in bytes.
const LONGEST_TASK: usize = 2000;

/// The words of a text that say something: sentences with a placeholder and labels without a value do not count.
pub(crate) fn filled_words(text: &str) -> u32 {
    // All that is found below contains one of these.
    if !FILLERS.are_in(text) {
        return if is_stopgap_or_label(text) { 0 } else { count::words(text) };
    }
    let rest = without_brackets(text);
    if rest_says_nothing(&rest) {
        return 0;
    }
    if rest.len() == text.len() && !is_suspicious(&rest) {
        return count::words(text);
    }
    sentences(&rest).filter(|sentence| !is_suspicious(sentence) && !is_label(sentence)).map(count::words).sum()
}

/// Whether a text as a whole says nothing: `[More Information Needed]`, `TBD`, `{{ name }}`, `Developed by: TODO`.
pub(crate) fn says_nothing(text: &str) -> bool {
    if !FILLERS.are_in(text) {
        return is_stopgap_or_label(text);
    }
    rest_says_nothing(&without_brackets(text))
}

/// The same of a text that has lost its bracketed placeholders.
fn rest_says_nothing(text: &str) -> bool {
    is_stopgap_or_label(text)
        || is_suspicious(text)
            && sentences(text)
                .all(|sentence| is_suspicious(sentence) || is_label(sentence) || trim(sentence).is_empty())
}

/// Whether a text is a stopgap, a label without a value or with a stopgap, or no more than marks.
fn is_stopgap_or_label(text: &str) -> bool {
    let bare = trim(text);
    let is_value = || text.split_once(':').is_some_and(|(_, value)| is_stopgap(trim(value)));
    bare.is_empty() || is_stopgap(bare) || is_label(text) || is_value()
}

/// What placeholders that [`find`] finds start with, after a bracket.
pub(super) const OPENINGS: [&str; 3] = ["more information needed", "[todo", "{{"];

/// The bytes of the placeholders in a text: `[More Information Needed]` with its brackets, `{{ name }}` with its
/// braces.
pub(super) fn find(text: &str) -> Vec<std::ops::Range<usize>> {
    static MARKS: Phrases = Phrases::new(&OPENINGS);
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    // Braces inside braces, and those of a line where nothing closes them, open nothing new.
    let mut after_braces = 0;
    for (at, mark) in MARKS.matches(text) {
        let end = at + mark.len();
        let rest = text.get(end..).unwrap_or_default();
        let line = || rest.split('\n').next().unwrap_or_default();
        match mark {
            "{{" if at < after_braces => {}
            "{{" => match line().find("}}") {
                Some(close) => {
                    after_braces = end + close + 2;
                    found.push(at..after_braces);
                }
                None => after_braces = end + line().len(),
            },
            "[todo" => {
                // `[TODO.md](…)` is the name of a file, `[todos]` a word.
                let name = rest.strip_prefix(['.', '-', '_']).unwrap_or(rest);
                if !name.starts_with(char::is_alphanumeric) {
                    let near = rest.bytes().take(LONGEST_TASK).take_while(|byte| *byte != b'\n');
                    let close = near.enumerate().find(|(_, byte)| *byte == b']');
                    found.push(at..end + close.map_or(0, |(close, _)| close + 1));
                }
            }
            _ if !opens_a_note(text, at) => {}
            _ => {
                let bracketed = text.get(..at).is_some_and(|before| before.ends_with('[')) && rest.starts_with(']');
                found.push(if bracketed { at - 1..end + 1 } else { at..end });
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found
}

/// The text without placeholders that bring their own brackets.
fn without_brackets(text: &str) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut at = 0;
    for range in find(text) {
        let bracketed = text.get(range.clone()).is_some_and(|found| found.starts_with(['[', '{']));
        if bracketed && range.start >= at {
            rest.push_str(text.get(at..range.start).unwrap_or_default());
            at = range.end;
        }
    }
    rest.push_str(text.get(at..).unwrap_or_default());
    rest
}

fn is_suspicious(text: &str) -> bool {
    let closes = |at: usize| text.get(at + 2..).is_some_and(|rest| rest.contains("}}"));
    FILLERS.matches(text).any(|(at, phrase)| match phrase {
        "{{" => closes(at),
        "more information needed" | "more info needed" => opens_a_note(text, at),
        _ => true,
    })
}

/// Whether a place is the start of a line, a cell, a bracket, a sentence or a value: there "more information needed" is what a
/// template left, and in "no more information needed to rebuild it" it is part of what is said.
pub(super) fn opens_a_note(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let before = before.trim_end_matches([' ', '\t', '*', '_', '>', '-', '#']);
    before.is_empty() || before.ends_with(['\n', '\r', '|', '[', '(', ':', '：', '.', '!', '?', '。', '•'])
}

fn is_stopgap(bare: &str) -> bool {
    bare.len() <= LONGEST_STOPGAP && STOPGAPS.phrases().any(|stopgap| stopgap.eq_ignore_ascii_case(bare))
}

/// `Developed by:` with nothing after it.
fn is_label(sentence: &str) -> bool {
    let bare = sentence.trim();
    bare.ends_with([':', '：']) && bare.split_whitespace().count() <= 6
}

fn trim(text: &str) -> &str {
    text.trim_matches(|letter: char| !letter.is_alphanumeric())
}

/// Splits at the ends of sentences, at line breaks and after labels.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', '\n', '。', ':']).map(str::trim).filter(|sentence| !sentence.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_have_places() {
        let text = "a [More Information Needed] b {{ x }} c [TODO: d] e. more information needed. {{ open";
        let found: Vec<&str> = find(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["[More Information Needed]", "{{ x }}", "[TODO: d]", "more information needed"]);
    }
}

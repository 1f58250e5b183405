//! Addresses that merely stand in a text, as GitHub and the Hub link them.

use std::ops::Range;

/// The addresses in a text that start with `http://`, `https://` or `www.` at the start of a word.
pub(super) fn bare(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = next_start(text, at) {
        let rest = text.get(start..).unwrap_or_default();
        let width = rest
            .find(|letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '"' | '`' | '|'))
            .unwrap_or(rest.len());
        let word = rest.get(..width).unwrap_or_default();
        let kept = trim(word);
        if kept.split_once("//").map_or(kept.len() > 4, |(_, host)| !host.is_empty()) {
            found.push(start..start + kept.len());
        }
        at = start + width.max(1);
    }
    found
}

fn next_start(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = text.get(at..)?;
        let found = rest.find(['h', 'H', 'w', 'W'])?;
        let start = at + found;
        let here = text.get(start..)?;
        let starts = ["http://", "https://", "www."]
            .iter()
            .any(|scheme| here.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)));
        let before = text.get(..start)?.chars().next_back();
        let bounded = before.is_none_or(|letter| !letter.is_alphanumeric() && !matches!(letter, '/' | '.' | '-' | '@'));
        let dense = before.is_some_and(super::scripts::is_dense);
        if starts && (bounded || dense) {
            return Some(start);
        }
        at = start + 1;
    }
}

/// Leaves the punctuation of the sentence out, and a closing bracket that nothing in the address opens.
fn trim(word: &str) -> &str {
    // Full-width punctuation and Han signs never belong to an address in running text.
    let cut = word.find(|letter: char| {
        super::scripts::is_dense(letter) || matches!(letter, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
    });
    let mut rest = word.get(..cut.unwrap_or(word.len())).unwrap_or(word);
    let mut open = rest.matches('(').count();
    let mut close = rest.matches(')').count();
    loop {
        let Some(last) = rest.chars().next_back() else { return rest };
        let drop = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | ']' | '}' | '\\' => true,
            ')' => close > open,
            _ => false,
        };
        if !drop {
            return rest;
        }
        close -= usize::from(last == ')');
        open -= usize::from(last == '(');
        rest = rest.get(..rest.len() - last.len_utf8()).unwrap_or_default();
    }
}

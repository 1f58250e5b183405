//! What is left of a heading when its decoration is taken off.

use super::scripts::is_dense;

/// The plain forms of a heading: lower case, without emoji, numbering, `[optional]`, brackets and marks. The first is
/// the whole; a bilingual heading ("评测效果（Evaluation）", "Usage / 使用方法") gives its parts too.
pub(super) fn plain_forms(text: &str) -> Vec<String> {
    let mut lower = without_shortcodes(text.to_lowercase());
    if !lower.contains(|letter: char| !letter.is_ascii_alphanumeric() && letter != ' ' && PARTS.contains(&letter)) {
        let form = tidy(&lower);
        return if form.is_empty() { Vec::new() } else { vec![form] };
    }
    lower = lower.replace("[optional]", " ").replace("(optional)", " ");
    let mut parts = vec![String::new()];
    for letter in lower.chars() {
        if PARTS.contains(&letter) {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
    }
    let mut forms = vec![tidy(&lower)];
    for part in parts.iter().map(|part| tidy(part)) {
        if !part.is_empty() && !forms.contains(&part) {
            forms.push(part);
        }
    }
    forms.retain(|form| !form.is_empty());
    forms
}

/// Without names of emoji, such as `:fountain_pen:`.
fn without_shortcodes(mut text: String) -> String {
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find(':')).map(|at| from + at) {
        let name = text.get(open + 1..).unwrap_or_default();
        let length =
            name.bytes().take_while(|letter| letter.is_ascii_alphanumeric() || b"_+-".contains(letter)).count();
        if length > 1 && name.as_bytes().get(length) == Some(&b':') {
            text.replace_range(open..open + length + 2, " ");
        }
        from = open + 1;
    }
    text
}

/// Keeps letters, digits and apostrophes inside of words; drops leading numbers ("3.1 Usage", "2、使用").
fn tidy(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut previous_dense = false;
    // A space at the start is not needed either.
    let mut after_space = true;
    for letter in text.chars() {
        if letter.is_alphanumeric() || letter == '\'' || letter == '’' {
            let dense = !letter.is_ascii() && is_dense(letter);
            // "使用m3e" and "使用 m3e" are one heading.
            if dense != previous_dense && !after_space {
                plain.push(' ');
            }
            plain.push(if letter == '’' { '\'' } else { letter });
            (previous_dense, after_space) = (dense, false);
        } else if letter != '\u{fe0f}' && letter != '\u{200d}' && !after_space {
            plain.push(' ');
            after_space = true;
        }
    }
    let mut rest = plain.trim_end();
    while let Some((_, others)) = rest.split_once(' ').filter(|(word, _)| is_number(word)) {
        rest = others;
    }
    if rest.len() == plain.len() { plain } else { rest.to_owned() }
}

/// What stands between the parts of a bilingual heading.
const PARTS: [char; 11] = ['(', '（', '[', '【', ')', '）', ']', '】', '/', '|', '｜'];

/// `3`, `iv`, `a` are numbering when a word follows; so is a digit of a keycap emoji.
fn is_number(word: &str) -> bool {
    word.chars().all(|letter| letter.is_numeric()) || matches!(word, "ii" | "iii" | "iv" | "vi" | "vii" | "viii" | "ix")
}

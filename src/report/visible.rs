//! Hostile text made visible, and text set in columns.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// Whether a character must not reach a terminal as it is: it would move the cursor, hide, or reorder its neighbours.
/// The joiners of emoji and of Indic scripts are not among them.
pub(super) fn is_hidden(c: char) -> bool {
    // Nearly all text is this, and all text comes through here.
    if matches!(c, ' '..='~') {
        return false;
    }
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Writes a character, or its name where it is hidden: `\n`, `\u{1b}`.
pub(super) fn push_visible(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if is_hidden(c) => out.extend(c.escape_unicode()),
        c => out.push(c),
    }
}

/// Text on one line, with everything hidden written out.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    text.chars().for_each(|c| push_visible(&mut out, c));
    Cow::Owned(out)
}

/// Columns that a visible character fills. A mark that stands on the letter before it counts too: a line of nothing but
/// marks must not be endless.
pub(super) fn columns_of(c: char) -> usize {
    c.width().unwrap_or(1).max(1)
}

/// Columns that visible text fills.
pub(crate) fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(columns_of).sum() }
}

/// Breaks visible text at spaces into lines of at most `columns`. A longer word keeps its own line unbroken, so that
/// a path or a link can still be copied. Line breaks in the text are kept.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut filled = 0;
        line.reserve(paragraph.len().min(columns));
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let wide = width(word);
            if filled > 0 && filled + 1 + wide > columns {
                lines.push(std::mem::take(&mut line));
                filled = 0;
            }
            if filled > 0 {
                line.push(' ');
                filled += 1;
            }
            line.push_str(word);
            filled += wide;
        }
        lines.push(line);
    }
    lines
}

//! Counting words in any script.

use crate::card::body::is_dense;

/// Words are runs between white space that contain a letter or a digit. Scripts without spaces count one word
/// for every two signs.
pub(super) fn words(text: &str) -> u32 {
    if text.is_ascii() {
        return in_ascii(text);
    }
    text.split_whitespace().map(in_run).sum()
}

fn in_ascii(text: &str) -> u32 {
    let (mut words, mut is_counted) = (0, false);
    for letter in text.bytes() {
        if letter.is_ascii_alphanumeric() {
            words += u32::from(!is_counted);
            is_counted = true;
        } else if letter.is_ascii_whitespace() || letter == b'\x0b' {
            is_counted = false;
        }
    }
    words
}

fn in_run(run: &str) -> u32 {
    if run.is_ascii() {
        return u32::from(run.bytes().any(|letter| letter.is_ascii_alphanumeric()));
    }
    let signs = run.chars().filter(|letter| is_dense(*letter)).count() as u32;
    let other = run.chars().any(|letter| letter.is_alphanumeric() && !is_dense(letter));
    signs.div_ceil(2) + u32::from(other)
}

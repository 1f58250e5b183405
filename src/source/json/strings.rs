//! Strings and numbers: what lies between one structural character and the next.

use std::borrow::Cow;
use std::ops::Range;

use super::{JsonError, Mistake};

/// Reads the string whose opening quote stands at `start`. Gives its text and the offset after the closing quote.
/// With `lone_surrogates`, half a pair reads as U+FFFD.
pub(super) fn string(text: &str, start: usize, lone_surrogates: bool) -> Result<(Cow<'_, str>, usize), JsonError> {
    let bytes = text.as_bytes();
    let mut unescaped: Option<String> = None;
    // First byte that is not yet in `unescaped`.
    let mut pending = start + 1;
    let mut at = pending;
    loop {
        match bytes.get(at) {
            None => return Err(error(start, text.len(), Mistake::OpenString)),
            Some(b'"') => {
                let rest = text.get(pending..at).unwrap_or_default();
                let whole = match unescaped {
                    None => Cow::Borrowed(rest),
                    Some(mut before) => {
                        before.push_str(rest);
                        Cow::Owned(before)
                    }
                };
                return Ok((whole, at + 1));
            }
            Some(b'\\') => {
                let (character, end) = escape(bytes, at, lone_surrogates)?;
                let before = unescaped.get_or_insert_with(String::new);
                before.push_str(text.get(pending..at).unwrap_or_default());
                before.push(character);
                pending = end;
                at = end;
            }
            Some(0..0x20) => return Err(error(at, at + 1, Mistake::ControlCharacter)),
            Some(_) => {
                let rest = bytes.get(at..).unwrap_or_default();
                let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
                at += plain.unwrap_or(rest.len());
            }
        }
    }
}

/// Where a part of a string's text stands in its literal, quotes included: escapes are longer than what they say. A part
/// beyond the text is the empty place at its end.
pub fn within(literal: &str, part: Range<usize>) -> Range<usize> {
    let bytes = literal.as_bytes();
    let (mut at, mut said) = (1, 0);
    let mut start = None;
    while said < part.end {
        if said >= part.start {
            start.get_or_insert(at);
        }
        match bytes.get(at) {
            None | Some(b'"') => break,
            Some(b'\\') => match escape(bytes, at, true) {
                Ok((character, end)) => {
                    said += character.len_utf8();
                    at = end;
                }
                Err(_) => break,
            },
            Some(_) => {
                said += 1;
                at += 1;
            }
        }
    }
    start.unwrap_or(at)..at
}

/// Reads the escape whose backslash stands at `start`: the character, and the offset after it.
fn escape(bytes: &[u8], start: usize, lone_surrogates: bool) -> Result<(char, usize), JsonError> {
    let simple = match bytes.get(start + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(bytes, start, lone_surrogates),
        None => return Err(error(start, start + 1, Mistake::OpenString)),
        Some(_) => return Err(error(start, start + 1, Mistake::BadEscape)),
    };
    Ok((simple, start + 2))
}

/// `\uXXXX`, or two of them that make a pair.
fn unicode_escape(bytes: &[u8], start: usize, lone_surrogates: bool) -> Result<(char, usize), JsonError> {
    let first = four_digits(bytes, start + 2).ok_or_else(|| error(start, start + 2, Mistake::BadEscape))?;
    let end = start + 6;
    if let Some(character) = char::from_u32(first) {
        return Ok((character, end));
    }
    let second = bytes.get(end..end + 2).filter(|next| next == b"\\u").and_then(|_| four_digits(bytes, end + 2));
    match second {
        Some(low @ 0xDC00..=0xDFFF) if first < 0xDC00 => {
            let code = 0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00);
            Ok((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), end + 6))
        }
        _ if lone_surrogates => Ok((char::REPLACEMENT_CHARACTER, end)),
        _ => Err(error(start, end, Mistake::LoneSurrogate)),
    }
}

fn four_digits(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 4)?;
    digits.iter().try_fold(0, |value, digit| Some(value << 4 | char::from(*digit).to_digit(16)?))
}

/// Reads the number that starts at `start`: the offset after it.
pub(super) fn number(bytes: &[u8], start: usize) -> Result<usize, JsonError> {
    let mut at = start + usize::from(bytes.get(start) == Some(&b'-'));
    let whole = at;
    at = digits(bytes, whole);
    let mut good = at == whole + 1 || (at > whole && bytes.get(whole) != Some(&b'0'));
    if bytes.get(at) == Some(&b'.') {
        let fraction = at + 1;
        at = digits(bytes, fraction);
        good &= at > fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let exponent = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at = digits(bytes, exponent);
        good &= at > exponent;
    }
    // `1_000`, `0x10`, `1f`: a number that runs into a word is not a number.
    let word = bytes.iter().skip(at).take_while(|byte| is_word(**byte)).count();
    if good && word == 0 { Ok(at) } else { Err(error(start, (at + word).max(start + 1), Mistake::BadNumber)) }
}

/// Where the digits end that start at `from`.
fn digits(bytes: &[u8], from: usize) -> usize {
    from + bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count()
}

/// Whether a byte belongs to a bare word such as `true` or `NaN`.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Offsets fit: the parser refuses texts of 4 GiB and more.
pub(super) fn error(start: usize, end: usize, mistake: Mistake) -> JsonError {
    JsonError { span: start as u32..end as u32, mistake }
}

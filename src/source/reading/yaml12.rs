//! js-yaml 4, default schema.

use super::{Reading, all, date, is_base64, sign, special_float, whole};

/// A plain scalar without a tag.
pub(super) fn plain(text: &str) -> Reading {
    null(text)
        .or_else(|| boolean(text))
        .or_else(|| integer(text))
        .or_else(|| float(text))
        .or_else(|| date::matches(text).then_some(Reading::Date))
        .unwrap_or(Reading::Text)
}

/// A scalar with an explicit tag. The style does not matter, but an empty plain scalar is nothing at all, which most
/// types refuse.
pub(super) fn tagged(tag: &str, text: &str, plain: bool) -> Reading {
    let absent = plain && text.is_empty();
    let found = match tag {
        "!" | "str" => Some(Reading::Text),
        "null" if absent => Some(Reading::Null),
        "null" => null(text),
        _ if absent && matches!(tag, "seq" | "map" | "omap" | "pairs" | "set") => Some(Reading::Collection),
        _ if absent => None,
        "bool" => boolean(text),
        "int" => integer(text),
        "float" => float(text),
        "timestamp" => date::matches(text).then_some(Reading::Date),
        "binary" => is_base64(text).then_some(Reading::Binary),
        "merge" => (text == "<<").then_some(Reading::Text),
        _ => None,
    };
    found.unwrap_or(Reading::Refused)
}

fn null(text: &str) -> Option<Reading> {
    matches!(text, "" | "~" | "null" | "Null" | "NULL").then_some(Reading::Null)
}

fn boolean(text: &str) -> Option<Reading> {
    match text {
        "true" | "True" | "TRUE" => Some(Reading::Bool(true)),
        "false" | "False" | "FALSE" => Some(Reading::Bool(false)),
        _ => None,
    }
}

/// Digits in base 10 (leading zeros mean nothing), or after `0b`, `0o`, `0x`. No underscores. A number that is
/// infinite in JavaScript is text.
fn integer(text: &str) -> Option<Reading> {
    let (negative, digits) = sign(text);
    let (base, digits) = match digits.get(..2) {
        Some("0b") => (2, digits.get(2..)?),
        Some("0o") => (8, digits.get(2..)?),
        Some("0x") => (16, digits.get(2..)?),
        _ => (10, digits),
    };
    match whole(negative, digits, base) {
        Reading::Refused => None,
        Reading::Float(value) if value.is_infinite() => None,
        found => Some(found),
    }
}

/// `1.5`, `1e3`, `.5` (unsigned only), `.inf`, `.nan`.
fn float(text: &str) -> Option<Reading> {
    let (negative, rest) = sign(text);
    let signed = rest.len() != text.len();
    if let Some(found) = special_float(negative, signed, rest) {
        return Some(found);
    }
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (rest, None),
    };
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => !signed && digits(fraction),
        Some((units, fraction)) => digits(units) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    if !mantissa_fits || exponent.is_some_and(|exponent| !digits(sign(exponent).1)) {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    value.is_finite().then_some(Reading::Float(value))
}

fn digits(part: &str) -> bool {
    all(part, |digit| digit.is_ascii_digit())
}

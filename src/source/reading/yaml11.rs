//! PyYAML, `SafeLoader`.

use super::{Reading, all, date, is_base64, sign, special_float, whole};

/// A plain scalar without a tag. `=` and `<<` get tags for which the loader has no constructor, so as values they are
/// refused.
pub(super) fn plain(text: &str) -> Reading {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Reading::Null,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Reading::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Reading::Bool(false),
        "=" | "<<" => Reading::Refused,
        _ if looks_float(text) => float_value(text),
        _ if looks_integer(text) => integer_value(text),
        _ if date::matches(text) => {
            if date::exists(text) {
                Reading::Date
            } else {
                Reading::Refused
            }
        }
        _ => Reading::Text,
    }
}

/// A scalar with an explicit tag; `!` alone means "as if plain", even for a quoted scalar.
pub(super) fn tagged(tag: &str, text: &str, _plain: bool) -> Reading {
    match tag {
        "!" => plain(text),
        "str" => Reading::Text,
        "null" => Reading::Null,
        "bool" => match text.to_lowercase().as_str() {
            "yes" | "true" | "on" => Reading::Bool(true),
            "no" | "false" | "off" => Reading::Bool(false),
            _ => Reading::Refused,
        },
        "int" => integer_value(text),
        "float" => float_value(text),
        "timestamp" if date::matches(text) && date::exists(text) => Reading::Date,
        "binary" if is_base64(text) => Reading::Binary,
        _ => Reading::Refused,
    }
}

fn is_digit_or_underscore(digit: char) -> bool {
    digit.is_ascii_digit() || digit == '_'
}

/// A digit, then digits and underscores.
fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit()) && all(text, is_digit_or_underscore)
}

/// `:0` to `:59`, once or more: the tail of a base 60 number.
fn is_sixties(text: &str) -> bool {
    text.split(':').all(|part| match part.as_bytes() {
        [digit] => digit.is_ascii_digit(),
        [tens, digit] => (b'0'..=b'5').contains(tens) && digit.is_ascii_digit(),
        _ => false,
    })
}

fn looks_integer(text: &str) -> bool {
    let (_, digits) = sign(text);
    match digits.as_bytes() {
        [b'0'] => true,
        [b'0', b'b', ..] => all(digits.get(2..).unwrap_or(""), |digit| matches!(digit, '0' | '1' | '_')),
        [b'0', b'x', ..] => all(digits.get(2..).unwrap_or(""), |digit| digit.is_ascii_hexdigit() || digit == '_'),
        [b'0', ..] => all(digits.get(1..).unwrap_or(""), |digit| matches!(digit, '0'..='7' | '_')),
        [b'1'..=b'9', ..] => match digits.split_once(':') {
            Some((head, tail)) => all(head, is_digit_or_underscore) && is_sixties(tail),
            None => all(digits, is_digit_or_underscore),
        },
        _ => false,
    }
}

fn integer_value(text: &str) -> Reading {
    let bare: String = text.chars().filter(|digit| *digit != '_').collect();
    let (negative, digits) = sign(bare.trim());
    match digits.as_bytes() {
        [b'0'] => Reading::Int(0),
        [b'0', b'b', ..] => whole(negative, digits.get(2..).unwrap_or(""), 2),
        [b'0', b'x', ..] => whole(negative, digits.get(2..).unwrap_or(""), 16),
        [b'0', ..] => whole(negative, digits, 8),
        _ if digits.contains(':') => sixties(negative, digits),
        _ => whole(negative, digits, 10),
    }
}

fn looks_float(text: &str) -> bool {
    let (negative, rest) = sign(text);
    let signed = rest.len() != text.len();
    if special_float(negative, signed, rest).is_some() {
        return true;
    }
    let Some((units, tail)) = rest.split_once('.') else { return false };
    let (fraction, exponent) = match tail.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (tail, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        exponent.starts_with(['+', '-']) && all(exponent.get(1..).unwrap_or(""), |digit| digit.is_ascii_digit())
    });
    let fraction_fits = fraction.chars().all(is_digit_or_underscore);
    match units.split_once(':') {
        Some((head, sixties)) => is_number(head) && is_sixties(sixties) && fraction_fits && exponent.is_none(),
        None if units.is_empty() => !signed && is_number(fraction) && exponent_fits,
        None => is_number(units) && fraction_fits && exponent_fits,
    }
}

fn float_value(text: &str) -> Reading {
    let bare: String = text.chars().filter(|digit| *digit != '_').collect::<String>().trim().to_lowercase();
    let (negative, rest) = sign(&bare);
    let value = match rest {
        ".inf" => f64::INFINITY,
        ".nan" => f64::NAN,
        _ if rest.contains(':') => {
            let parts: Option<Vec<f64>> = rest.split(':').map(|part| part.parse().ok()).collect();
            let Some(parts) = parts else { return Reading::Refused };
            parts.iter().fold(0.0, |sum, part| sum * 60.0 + part)
        }
        _ => match rest.parse() {
            Ok(value) => value,
            Err(_) => return Reading::Refused,
        },
    };
    Reading::Float(if negative { -value } else { value })
}

fn sixties(negative: bool, digits: &str) -> Reading {
    let mut sum: i128 = 0;
    for part in digits.split(':') {
        let Reading::Int(part) = whole(false, part, 10) else { return Reading::Refused };
        let Some(next) = sum.checked_mul(60).and_then(|sum| sum.checked_add(part)) else {
            return float_value(&format!("{}{digits}", if negative { "-" } else { "" }));
        };
        sum = next;
    }
    Reading::Int(if negative { -sum } else { sum })
}

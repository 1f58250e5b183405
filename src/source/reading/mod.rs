//! What a scalar means: the same text is one thing to the Hub (YAML 1.2, as js-yaml 4 reads it) and may be another to
//! Python tools (YAML 1.1, as PyYAML reads it).
//!
//! Knows the two readers' rules and nothing of fields: whether a difference matters is for a rule to say. Both tables
//! follow the readers' source (js-yaml 4.3.2 default schema, PyYAML 6.0.3 `SafeLoader`), not the specifications.

mod date;
mod yaml11;
mod yaml12;

#[cfg(test)]
mod tests;

use super::tree::{Kind, NodeRef, Style};

/// What a reader makes of a node. The value of text is the node's own text.
#[derive(Clone, Copy, Debug)]
pub enum Reading {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number; one too large for 128 bits is a [`Reading::Float`], as it is in JavaScript.
    Int(i128),
    /// Any other number, infinities and NaN included.
    Float(f64),
    /// A date or a moment. js-yaml 3 and 4 and PyYAML make an object of it that is not a string; js-yaml 5 a string.
    Date,
    /// A string.
    Text,
    /// Bytes (`!!binary`).
    Binary,
    /// A list or a mapping, or an alias to one.
    Collection,
    /// The reader fails: a tag that does not fit the text, a day that no calendar has, an alias without an anchor.
    Refused,
}

impl PartialEq for Reading {
    /// NaN equals NaN: the question is whether two readers agree.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl<'t> NodeRef<'t> {
    /// What the Hub reads (js-yaml 4). JSON trees read the same way.
    pub fn hub(self) -> Reading {
        self.read(yaml12::plain, yaml12::tagged)
    }

    /// What `huggingface_hub` and other Python tools read (PyYAML's `safe_load`).
    pub fn python(self) -> Reading {
        self.read(yaml11::plain, yaml11::tagged)
    }

    /// The text of a scalar that is a string for the Hub; nothing for numbers, dates, booleans and the like.
    pub fn as_str(self) -> Option<&'t str> {
        if self.hub() == Reading::Text { self.text() } else { None }
    }

    /// Whether readers disagree: the Hub's and Python's differ, or the value is a date, which only some versions of
    /// the Hub's reader keep as a string.
    pub fn readings_differ(self) -> bool {
        let hub = self.hub();
        hub == Reading::Date || hub != self.python()
    }

    fn read(self, plain: fn(&str) -> Reading, tagged: fn(&str, &str, bool) -> Reading) -> Reading {
        let target = self.resolved();
        match &target.kind {
            Kind::Sequence { .. } | Kind::Mapping { .. } => Reading::Collection,
            Kind::Alias(_) => Reading::Refused,
            Kind::Scalar { text, style } => match &target.tag {
                Some(tag) => tagged(core_name(tag), text, *style == Style::Plain),
                None if *style == Style::Plain => plain(text),
                None => Reading::Text,
            },
        }
    }
}

/// The short name of a tag of YAML's own namespace: `str` for `!!str` and for its long form. Any other tag as it is.
pub fn core_name(tag: &str) -> &str {
    let long = tag.strip_prefix("!<tag:yaml.org,2002:").and_then(|rest| rest.strip_suffix('>'));
    long.or_else(|| tag.strip_prefix("!!")).unwrap_or(tag)
}

/// Splits a leading sign off a number; the flag says whether it was a minus.
fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// A whole number of a base, as a float when it does not fit; `Refused` when there is no digit or a wrong one.
fn whole(negative: bool, digits: &str, base: u32) -> Reading {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(base)) {
        return Reading::Refused;
    }
    match i128::from_str_radix(digits, base) {
        Ok(value) => Reading::Int(if negative { -value } else { value }),
        Err(_) => {
            let add = |sum: f64, digit: char| sum * f64::from(base) + f64::from(digit.to_digit(base).unwrap_or(0));
            let value = if base == 10 { digits.parse().unwrap_or(f64::NAN) } else { digits.chars().fold(0.0, add) };
            Reading::Float(if negative { -value } else { value })
        }
    }
}

/// Whether a text is one or more of the characters that `allowed` names.
fn all(text: &str, allowed: fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(allowed)
}

/// `.inf` and `.nan` in the three spellings that both readers know.
fn special_float(negative: bool, signed: bool, text: &str) -> Option<Reading> {
    match text {
        ".inf" | ".Inf" | ".INF" => Some(Reading::Float(if negative { f64::NEG_INFINITY } else { f64::INFINITY })),
        ".nan" | ".NaN" | ".NAN" if !signed => Some(Reading::Float(f64::NAN)),
        _ => None,
    }
}

/// Whether a text is base64 with right padding, line breaks ignored.
fn is_base64(text: &str) -> bool {
    let body: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let padding = body.iter().rev().take_while(|byte| **byte == b'=').count();
    let digits = body.len().saturating_sub(padding);
    padding <= 2 && body.len().is_multiple_of(4) && body.iter().take(digits).all(is_base64_digit)
}

fn is_base64_digit(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

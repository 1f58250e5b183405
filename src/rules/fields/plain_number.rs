//! Writing a number so that the Hub and Python tools read the same.

use crate::source::reading::Reading;
use crate::source::tree::{Kind, Node, Style, Tree};
use crate::source::{FileId, Span};

/// The longest number that is written out without an exponent.
const LONGEST: usize = 16;

/// A number in a form that both readers take for exactly it: `0.001` for `1e-3`. Nothing for what is not a number.
pub(crate) fn plain_number(value: Reading) -> Option<String> {
    let text = match value {
        Reading::Int(whole) => whole.to_string(),
        Reading::Float(number) if number.is_finite() => decimal(number),
        _ => return None,
    };
    same_to_both(&text, value).then_some(text)
}

fn decimal(number: f64) -> String {
    let written = format!("{number:?}");
    let plain = format!("{number}");
    if plain.len() <= LONGEST {
        return if plain.contains('.') { plain } else { format!("{plain}.0") };
    }
    // PyYAML wants a point before the exponent and a sign after the `e`.
    let scientific = if written.contains('e') { written } else { format!("{number:e}") };
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with('-') { "" } else { "+" };
    format!("{mantissa}{point}e{sign}{exponent}")
}

fn same_to_both(text: &str, value: Reading) -> bool {
    let mut tree = Tree::new(FileId(0));
    let kind = Kind::Scalar { text: text.to_owned(), style: Style::Plain };
    let id = tree.push(Node { span: Span::at(FileId(0), 0), kind, anchor: None, tag: None });
    tree.node(id).is_some_and(|node| node.hub() == value && node.python() == value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_read_the_same_number() {
        for (value, text) in [
            (Reading::Int(12), "12"),
            (Reading::Int(-750), "-750"),
            (Reading::Float(1000.0), "1000.0"),
            (Reading::Float(0.001), "0.001"),
            (Reading::Float(1e-30), "1.0e-30"),
            (Reading::Float(-1.5e30), "-1.5e+30"),
            (Reading::Float(1.25e-12), "0.00000000000125"),
        ] {
            assert_eq!(plain_number(value).as_deref(), Some(text));
        }
        for value in [Reading::Text, Reading::Date, Reading::Bool(true), Reading::Float(f64::NAN)] {
            assert_eq!(plain_number(value), None);
        }
    }
}

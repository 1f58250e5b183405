//! What counts as the value of a metric.

use crate::source::reading::Reading;
use crate::source::tree::NodeRef;

/// What is written after `value:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A number, also with its deviation, or a value that another rule reports.
    Number,
    /// Nothing.
    Nothing,
    /// Something else.
    Other,
}

impl Value {
    pub(super) fn of(node: NodeRef<'_>) -> Self {
        if node.readings_differ() {
            return Self::Number;
        }
        match node.hub() {
            Reading::Null => Self::Nothing,
            Reading::Int(_) => Self::Number,
            Reading::Float(value) if value.is_finite() => Self::Number,
            Reading::Text => match node.text().unwrap_or_default().trim() {
                "" => Self::Nothing,
                text if is_number(text) => Self::Number,
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }
}

/// `0.9`, `1,024.5`, and as agents are measured `250.30 +/- 20.10`.
fn is_number(text: &str) -> bool {
    match ["+/-", "±", "+-"].into_iter().find_map(|sign| text.split_once(sign)) {
        Some((mean, deviation)) => is_finite(mean) && is_finite(deviation),
        None => is_finite(text),
    }
}

fn is_finite(text: &str) -> bool {
    text.trim().replace(',', "").parse::<f64>().is_ok_and(f64::is_finite)
}

//! One text in the place of a list.

use crate::card::front_matter::edits;
use crate::diagnostic::Safety;
use crate::source::tree::Style;

/// A list with the text in it, as YAML. With commas it may be meant to be several, which is for a person to say.
pub(crate) fn as_list(text: &str) -> (String, Safety) {
    let parts: Vec<String> = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| edits::scalar(part, Style::DoubleQuoted))
        .collect();
    let safety = if parts.len() == 1 { Safety::Safe } else { Safety::Unsafe };
    (format!("[{}]", parts.join(", ")), safety)
}

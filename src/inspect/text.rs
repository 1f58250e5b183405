//! Texts of a file, cut to what is kept.

use super::MAX_VALUE_BYTES;

/// An entry of the metadata.
pub(super) fn entry(key: &str, value: &str) -> (String, String) {
    (cut(key), cut(value))
}

/// The start of a long text.
pub(super) fn cut(text: &str) -> String {
    match text.get(..text.floor_char_boundary(MAX_VALUE_BYTES)) {
        Some(start) if start.len() < text.len() => format!("{start}…"),
        _ => text.to_owned(),
    }
}

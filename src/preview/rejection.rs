//! Why there would be no page at all.

/// A reason for which the Hub rejects a push.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Rejection {
    /// The rule that found it.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// The file, inside the repository.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u32>,
}

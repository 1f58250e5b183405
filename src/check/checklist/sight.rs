//! What was seen of an item.

/// What was seen of an item that no finding tells against.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// What meets it.
    Positive(String),
    /// Why it is not known whether it is met: nothing was there, it was not read, or no rule looks at it.
    Unclear(String),
}

//! A value on the page, and how it is known.

use serde::Serialize;

use super::MAX_LISTED;

/// Whether the page will show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Public sources say that it is there.
    Shown,
    /// Public sources say that the Hub deduces it, and not exactly how.
    Likely,
    /// Public sources say that it is not there.
    Absent,
    /// Public sources do not say.
    Unknown,
}

/// What something on the page follows from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "kind", content = "name", rename_all = "kebab-case")]
pub enum Origin {
    /// A key of the card's metadata.
    Metadata(&'static str),
    /// A tag of the card.
    Tag(String),
    /// A file, by its path.
    File(String),
    /// The card's text.
    Text(&'static str),
}

impl Origin {
    pub(super) fn file(path: &str) -> Self {
        Self::File(path.to_owned())
    }

    /// Its words after "from".
    pub fn words(&self) -> String {
        match self {
            Self::Metadata(key) => format!("`{key}`"),
            Self::Tag(tag) => format!("the tag `{tag}`"),
            Self::File(path) => format!("`{path}`"),
            Self::Text(what) => format!("the {what} of the card"),
        }
    }
}

/// One area of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown<T> {
    /// Whether it is there.
    pub state: State,
    /// What is there; of an unknown area what can be known of it.
    pub value: Option<T>,
    /// What it follows from.
    pub from: Vec<Origin>,
    /// What it depends on, or why it is not there: one sentence without a final dot.
    pub note: Option<String>,
}

impl<T> Shown<T> {
    pub(super) fn there(value: T, from: Origin) -> Self {
        Self { state: State::Shown, value: Some(value), from: vec![from], note: None }
    }

    pub(super) fn likely(value: T, from: Origin) -> Self {
        Self { state: State::Likely, ..Self::there(value, from) }
    }

    pub(super) fn absent() -> Self {
        Self { state: State::Absent, value: None, from: Vec::new(), note: None }
    }

    pub(super) fn unknown(note: impl Into<String>) -> Self {
        Self { state: State::Unknown, ..Self::absent() }.noted(note)
    }

    #[must_use]
    pub(super) fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    #[must_use]
    pub(super) fn about(mut self, value: T) -> Self {
        self.value = Some(value);
        self
    }

    #[must_use]
    pub(super) fn and(mut self, from: impl IntoIterator<Item = Origin>) -> Self {
        self.from.extend(from);
        self
    }

    /// The same, following from what something else follows from.
    #[must_use]
    pub(super) fn following(mut self, from: &[Origin]) -> Self {
        self.from = from.to_vec();
        self
    }

    /// The value, where the page shows it or is likely to.
    pub fn certain(&self) -> Option<&T> {
        self.value.as_ref().filter(|_| matches!(self.state, State::Shown | State::Likely))
    }
}

impl<T> Shown<Vec<T>> {
    /// What is listed, or nothing; no more than [`MAX_LISTED`].
    pub(super) fn list(mut values: Vec<T>, from: Origin) -> Self {
        let more = values.len().saturating_sub(MAX_LISTED);
        values.truncate(MAX_LISTED);
        match (values.is_empty(), more) {
            (true, _) => Self::absent(),
            (false, 0) => Self::there(values, from),
            (false, more) => Self::there(values, from).noted(format!("{more} more are not listed here")),
        }
    }
}

//! Headings, their sections and topics.

use super::topics::{self, Topic};
use crate::source::Span;

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// All of it, marks or tags included.
    pub span: Span,
    /// What belongs to it: from its end to the next heading of its level or a higher one.
    pub section: Span,
    topics: Vec<Topic>,
}

impl Heading {
    /// A heading with this text.
    pub(super) fn new(level: u8, text: String, span: Span, section: Span) -> Self {
        let topics = topics::of(&text);
        Self { level, text, span, section, topics }
    }

    /// What the first of its words are about, without the others.
    pub(crate) fn topics_of_start(&self, words: usize) -> Vec<Topic> {
        let parts = self.text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        topics::of(&parts.take(words).collect::<Vec<_>>().join(" "))
    }

    /// What it is about, as far as its words tell: none, one, or more ("Intended uses & limitations").
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }
}

//! In which language a card is written, as far as that decides in which one its headings are.

use super::MIN_SAMPLE_WORDS;
use super::language;
use crate::card::body::{Body, Topic};
use crate::claims::context::Context;
use crate::source::{List, word_senses};

/// Headings for what a card lacks, by language and topic.
static TITLES: List<(&str, (&str, Topic))> = word_senses!("section_titles");

/// The language of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// English, or a short text in Latin letters; or a text in any language whose sections have English headings.
    English,
    /// One that its words or letters tell.
    In(&'static str),
    /// Another one.
    Unknown,
}

impl Written {
    /// The language of a card's text.
    pub(crate) fn of(cx: &Context<'_>) -> Self {
        let Some(card) = cx.card() else { return Self::English };
        let body = card.body();
        let texts =
            || body.prose.iter().map(|prose| &prose.text).chain(body.headings.iter().map(|heading| &heading.text));
        let letters = || texts().flat_map(|text| text.chars()).filter(|letter| letter.is_alphabetic());
        let latin = letters().filter(|letter| is_latin(*letter)).count();
        let is_latin = latin * 2 >= letters().count();
        if !is_latin && has_english_sections(body) {
            return Self::English;
        }
        let sentences = cx.content().prose(body).filter(|(_, words)| *words >= MIN_SAMPLE_WORDS);
        match language::detect(sentences.map(|(prose, _)| prose.text.as_str())) {
            Some(code) => Self::In(code),
            None if is_latin => Self::English,
            None => Self::Unknown,
        }
    }
}

/// The heading of a section in a language; none where the language has no list of headings.
pub(crate) fn section_title(code: &str, topic: Topic) -> Option<&'static str> {
    let mut titles = TITLES.iter();
    titles.find(|(_, (language, of))| *language == code && *of == topic).map(|(title, _)| *title)
}

fn has_english_sections(body: &Body) -> bool {
    body.headings.iter().skip(1).any(|heading| heading.text.is_ascii() && !heading.topics().is_empty())
}

fn is_latin(letter: char) -> bool {
    matches!(letter as u32, 0x41..=0x24F | 0x1E00..=0x1EFF)
}

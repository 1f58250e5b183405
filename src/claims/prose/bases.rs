//! The models that a card's text calls the base of this one.
//!
//! A sentence counts only when it speaks of the model itself and names the other one straight away: a card, a tokenizer
//! or an encoder may be "based on" something, too, and a sentence about another model tells where that one comes from.

mod words;

use words::{
    AFTER_A_TRAINED_NAME, BEFORE_A_BARE_NAME, BEFORE_A_TRAINED_NAME, COPULAS, DENIALS, Other, SAYINGS, Saying,
    TRAINED_ANEW, TURNS, VERBS,
};

use super::MAX_LISTED;
use crate::card::Card;
use crate::card::body::Prose;
use crate::diagnostic::Label;
use crate::evidence::{Evidence, id_in_url, is_id, looks_like_a_path, merged};
use crate::hub::readings;
use crate::source::Span;

/// How far after such words the name may stand, in bytes.
const REACH: usize = 120;

/// The words that may speak of an architecture alone.
const BASED_ON: &str = "based on";

/// How much may stand between a name and "fine-tuned on", in bytes: " model that was ".
const MODEL_WORDS: usize = 24;

/// How far before such words the sentence is read, in bytes.
const BEFORE: usize = 240;

/// A model that the text names.
struct Name {
    id: String,
    place: Span,
    /// What it is called, its first and last byte within the paragraph.
    text: String,
    start: usize,
    end: usize,
}

/// The models that the text calls the base of this one, which is `own` where that is known. Several only for a merge.
pub(crate) fn base_models(card: &Card<'_>, own: Option<&str>) -> Vec<Evidence<String>> {
    let mut found: Vec<Evidence<String>> = Vec::new();
    let (mut copied, mut is_merge) = (Vec::new(), false);
    for prose in card.body().prose.iter().filter(|prose| SAYINGS.are_in(card.source().slice(prose.span))) {
        let paragraph = Paragraph::new(card, prose, own);
        for (start, end, saying) in paragraph.sayings() {
            for Name { id, place, .. } in paragraph.names(start, end, saying) {
                let proof = paragraph.proof(start, end, saying, place);
                is_merge |= saying == Saying::Merge;
                if saying == Saying::Converted && copied.len() < MAX_LISTED {
                    copied.push(Evidence::weak(id.clone(), proof.clone()));
                }
                if found.iter().all(|known| known.proof.iter().all(|label| label.place != proof.place))
                    && found.len() < MAX_LISTED
                {
                    found.push(Evidence::weak(id, proof));
                }
            }
        }
        if found.len() >= MAX_LISTED {
            break;
        }
    }
    let found = merged(if copied.is_empty() { found } else { copied });
    if found.len() > 1 && !is_merge { Vec::new() } else { found }
}

struct Paragraph<'c> {
    card: &'c Card<'c>,
    span: Span,
    raw: &'c str,
    lower: String,
    own: Option<&'c str>,
}

impl<'c> Paragraph<'c> {
    fn new(card: &'c Card<'c>, prose: &Prose, own: Option<&'c str>) -> Self {
        let raw = card.source().slice(prose.span);
        Self { card, span: prose.span, raw, lower: raw.to_ascii_lowercase(), own }
    }

    /// Where a name stands, and by which words it is a base.
    fn proof(&self, start: usize, end: usize, saying: Saying, place: Span) -> Label {
        let words = self.lower.get(start..end).unwrap_or_default();
        let side = if saying == Saying::Trained { "before" } else { "after" };
        Label::at(place, format!("the text names it {side} `{words}`"))
    }

    /// Where words of [`SAYINGS`] start and end that stand here as whole words, in order, each end once, with what they say.
    fn sayings(&self) -> Vec<(usize, usize, Saying)> {
        let lower = self.lower.as_str();
        let alone = |at: usize, words: &str| {
            let before = lower.get(..at).and_then(|before| before.chars().next_back());
            let after = lower.get(at + words.len()..).and_then(|after| after.chars().next());
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        };
        let found = SAYINGS.matches(lower).filter(|(at, words)| alone(*at, words));
        let found = found.filter_map(|(at, words)| Some((at, at + words.len(), Saying::of(words)?)));
        let mut found: Vec<_> = found.collect();
        // The longest of those that end together comes first.
        found.sort_unstable_by_key(|(start, end, _)| (*end, *start));
        found.dedup_by_key(|(_, end, _)| *end);
        found
    }

    /// The models that the words at this place lead to.
    fn names(&self, start: usize, end: usize, saying: Saying) -> Vec<Name> {
        if saying == Saying::Trained {
            return self.trained_name(start).into_iter().collect();
        }
        let mut names = Vec::new();
        if !self.speaks_of_the_model(start) {
            return names;
        }
        let near = sentence(cut(self.raw, end, end.saturating_add(REACH)));
        let Some(first) = self.first_name(near, end) else { return names };
        let between = self.lower.get(end..first.start).unwrap_or_default();
        let leads = if saying == Saying::Label {
            words(between).all(|word| COPULAS.contains(word))
        } else {
            !words(between).any(|word| TURNS.contains(word) || Other::of(word) == Some(Other::Thing))
        };
        let is_architecture = self.lower.get(start..end) == Some(BASED_ON)
            && TRAINED_ANEW.are_in(sentence(cut(&self.lower, first.end, first.end.saturating_add(REACH))));
        if !leads || is_architecture || self.is_of_another_thing(&first) {
            return names;
        }
        names.push(first);
        while let Some(next) = names.last().and_then(|name| self.listed_after(name.end))
            && names.len() < MAX_LISTED
            && !self.is_of_another_thing(&next)
        {
            names.push(next);
        }
        names
    }

    /// The model right before "fine-tuned on" and its like: "This is the [b](…) model fine-tuned on …", or at the start of a
    /// paragraph. Items of lists may name sisters of this model.
    fn trained_name(&self, at: usize) -> Option<Name> {
        let name = self.name_before(at)?;
        let between = self.lower.get(name.end..at)?;
        let joined = words(between).all(|word| AFTER_A_TRAINED_NAME.contains(word));
        // "[c](…) was fine-tuned on …" is about that model.
        let is_subject = words(between).next().is_some_and(|word| VERBS.contains(word));
        let before = cut(&self.lower, name.start.saturating_sub(BEFORE), name.start);
        let before = before.get(sentence_start(before)..).unwrap_or(before);
        let told = words(before).rev().take_while(|word| !VERBS.contains(word)).collect::<Vec<_>>();
        let follows_a_verb = told.len() < words(before).count();
        let leads = told.iter().all(|word| BEFORE_A_TRAINED_NAME.contains(word));
        let begins = words(before).all(|word| BEFORE_A_TRAINED_NAME.contains(word)) && !self.is_item();
        let tells = joined && !is_subject && leads && (follows_a_verb || begins);
        (tells && self.speaks_of_the_model(name.start)).then_some(name)
    }

    /// The link, or the name in backticks, that ends last before a place, with few words between.
    fn name_before(&self, at: usize) -> Option<Name> {
        let links = &self.card.body().links;
        let next = links.partition_point(|link| link.span.start < self.absolute(at));
        let link =
            next.checked_sub(1).and_then(|index| links.get(index)).filter(|link| link.span.end > self.span.start);
        if let Some(link) = link.filter(|link| self.relative(link.span.end) + MODEL_WORDS >= at) {
            let (start, end) = (self.relative(link.span.start), self.relative(link.span.end));
            let id = model_in_url(&link.url).filter(|id| !self.is_own(id) && end <= at)?;
            return Some(Name { id, place: link.span, text: link.text.clone(), start, end });
        }
        let from = at.saturating_sub(MODEL_WORDS);
        let near = cut(self.raw, from, at);
        let (head, _) = near.rsplit_once('`')?;
        let end = self.raw.floor_char_boundary(at) - near.len() + head.len();
        let start = self.raw.get(..end)?.rfind('`')? + 1;
        let text = self.raw.get(start..end)?;
        let id = owned(text).filter(|id| !self.is_own(id))?;
        let place = Span::new(self.span.file, self.absolute(start)..self.absolute(end));
        Some(Name { id, place, text: text.to_owned(), start: start - 1, end: end + 1 })
    }

    /// Whether the text is an item of a list, or a cell.
    fn is_item(&self) -> bool {
        let before = self.card.source().text().get(..self.span.start as usize).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.contains(['-', '|', '+']) || line.contains("* ") || line.contains(|c: char| c.is_ascii_digit())
    }

    /// Whether the sentence before a place is about this model: not about its card or a part of it, not about a model
    /// that it links, and no denial.
    fn speaks_of_the_model(&self, at: usize) -> bool {
        let before = cut(&self.lower, at.saturating_sub(BEFORE), at);
        let before = before.get(sentence_start(before)..).unwrap_or(before);
        let mut subject = words(before).take_while(|word| !VERBS.contains(word));
        let about_card = words(before).any(|word| Other::of(word) == Some(Other::Card));
        if about_card || subject.any(|word| Other::of(word).is_some()) {
            return false;
        }
        // "from `a/b`, which is based on `c/d`" tells where that model comes from.
        if before.rsplit_once("which").is_some_and(|(head, _)| head.contains('`')) {
            return false;
        }
        if words(before).next_back().is_some_and(|word| DENIALS.contains(word)) {
            return false;
        }
        let is_another = |word| is_name_of_a_model(word) && !self.is_called(word);
        if words(before).all(|word| word != "this") && before.split_whitespace().any(is_another) {
            return false;
        }
        let (from, to) = (self.absolute(at - before.len()), self.absolute(at));
        let links = &self.card.body().links;
        let first = links.partition_point(|link| link.span.start < from);
        let mut linked = links.iter().skip(first).take_while(|link| link.span.start < to);
        !linked.any(|link| model_in_url(&link.url).is_some_and(|id| !self.is_own(&id)))
    }

    /// Whether a word is part of this model's id or of the card's title; of any model where neither is known.
    fn is_called(&self, word: &str) -> bool {
        let word = bare_name(word);
        let title = self.card.body().headings.first().map(|heading| heading.text.as_str());
        let mut names = self.own.into_iter().chain(title).peekable();
        names.peek().is_none() || names.any(|name| name.to_ascii_lowercase().contains(word))
    }

    fn is_own(&self, id: &str) -> bool {
        self.own.is_some_and(|own| own.eq_ignore_ascii_case(id))
    }

    /// Whether the name is one of a tokenizer, a card or the like: "the `a/b` tokenizer".
    fn is_of_another_thing(&self, name: &Name) -> bool {
        let after = sentence(cut(&self.lower, name.end, name.end.saturating_add(REACH)));
        let called = name.text.to_ascii_lowercase();
        let mut following = words(after).take(2);
        let first = following.next().unwrap_or_default();
        words(&called).next_back().is_some_and(is_other_thing)
            || is_other_thing(first)
            || (first == "model" && following.next().is_some_and(is_other_thing))
    }

    /// The first link, name in backticks or name after a colon in a part of this text that starts at `at`. Nothing
    /// where the first is not a model.
    fn first_name(&self, near: &str, at: usize) -> Option<Name> {
        let start = self.absolute(at);
        let links = &self.card.body().links;
        let next = links.partition_point(|link| link.span.start < start);
        let link = links.get(next).filter(|link| link.span.start < start + near.len() as u32);
        let quoted = near.find('`').and_then(|open| {
            let inner = near.get(open + 1..)?;
            Some((inner.get(..inner.find('`')?)?, open + 1))
        });
        // Whichever stands first; a link's text may itself stand in backticks.
        if let Some(link) = link.filter(|link| quoted.is_none_or(|(_, open)| link.span.start < start + open as u32)) {
            let id = model_in_url(&link.url)?;
            let (start, end) = (self.relative(link.span.start), self.relative(link.span.end));
            return Some(Name { id, place: link.span, text: link.text.clone(), start, end });
        }
        let (text, from, marks) = match quoted {
            Some((text, from)) => (text, from, 1),
            None => after_colon(near).or_else(|| bare_id(near)).map(|(text, from)| (text, from, 0))?,
        };
        let id = owned(text)?;
        let span = Span::new(self.span.file, start + from as u32..start + (from + text.len()) as u32);
        let start = at + from - marks;
        Some(Name { id, place: span, text: text.to_owned(), start, end: start + text.len() + 2 * marks })
    }

    /// The name that continues a list: ", `c/d`", " and [c](…)".
    fn listed_after(&self, end: usize) -> Option<Name> {
        let rest = self.raw.get(end..)?;
        let mut next = rest.trim_start();
        let untouched = next;
        for joint in [",", "and ", "&", "+"] {
            next = next.strip_prefix(joint).unwrap_or(next).trim_start();
        }
        if next.len() == untouched.len() {
            return None;
        }
        let at = end + rest.len() - next.len();
        let name = self.first_name(sentence(cut(next, 0, REACH)), at)?;
        (name.start == at).then_some(name)
    }

    fn absolute(&self, at: usize) -> u32 {
        self.span.start + at as u32
    }

    fn relative(&self, at: u32) -> usize {
        at.saturating_sub(self.span.start) as usize
    }
}

fn is_other_thing(word: &str) -> bool {
    matches!(Other::of(word), Some(Other::Thing | Other::Card))
}

/// Whether a word of a sentence names a model, as `llama-2` or `DeepSeek-R1-Distill-Llama-8B` do.
fn is_name_of_a_model(word: &str) -> bool {
    let name = bare_name(word);
    name.contains('-') && name.contains(|letter: char| letter.is_ascii_digit()) && name.starts_with(char::is_alphabetic)
}

/// A word without markup and punctuation around it.
fn bare_name(word: &str) -> &str {
    let name = word.split(['(', ']']).find(|part| !part.is_empty()).unwrap_or(word);
    name.trim_matches(|letter: char| !letter.is_alphanumeric())
}

/// A part of a text, its ends moved inwards to where characters end.
fn cut(text: &str, from: usize, to: usize) -> &str {
    text.get(text.ceil_char_boundary(from)..text.floor_char_boundary(to)).unwrap_or_default()
}

fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The first word after a colon that follows directly, markup aside: `Base model:** owner/name`. Elsewhere a word with a slash
/// is too often no id.
fn after_colon(near: &str) -> Option<(&str, usize)> {
    let (label, value) = near.split_once(':')?;
    let label = label.trim().trim_matches('*').trim();
    if !(label.is_empty() || label.eq_ignore_ascii_case("[optional]")) {
        return None;
    }
    let name = value.trim_start_matches(|c: char| c.is_whitespace() || c == '*');
    let at = near.len() - name.len();
    let word = name.split(char::is_whitespace).next()?.trim_end_matches(['.', ',', ';']);
    Some((word, at))
}

/// An id without markup right after the words. One with a number and a hyphen only: `train/test`, `and/or` are none.
fn bare_id(near: &str) -> Option<(&str, usize)> {
    let mut at = 0;
    for word in near.split_inclusive(char::is_whitespace) {
        let text = word.trim_end().trim_end_matches(['.', ',', ';', ')']);
        let is_named = |name: &str| name.contains('-') && name.contains(|letter: char| letter.is_ascii_digit());
        if text.split_once('/').is_some_and(|(_, name)| is_named(name)) {
            return Some((text, at));
        }
        let lower = text.to_ascii_lowercase();
        if !lower.is_empty() && !BEFORE_A_BARE_NAME.contains(&lower) {
            return None;
        }
        at += word.len();
    }
    None
}

/// What ends a sentence: a full stop, a question mark, a new paragraph.
const ENDS: [&str; 6] = [". ", ".\n", "? ", "! ", "\n\n", ".\r"];

fn sentence(text: &str) -> &str {
    let end = ENDS.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

fn sentence_start(text: &str) -> usize {
    ENDS.iter().filter_map(|end| Some(text.rfind(end)? + end.len())).max().unwrap_or(0)
}

fn model_in_url(url: &str) -> Option<String> {
    if let Some(id) = id_in_url(url, false) {
        return Some(id.to_owned());
    }
    let (_, name) = url.trim_end_matches('/').split_once("huggingface.co/")?;
    readings::with_owner(name).map(str::to_owned)
}

fn owned(text: &str) -> Option<String> {
    if let Some(id) = readings::with_owner(text) {
        return Some(id.to_owned());
    }
    (text.contains('/') && is_id(text) && !looks_like_a_path(text)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;

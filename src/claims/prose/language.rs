//! In which language a text is written: by its script, and by words that are frequent in one language and in no relative
//! of it. Made to be silent: a short text, two languages side by side or a relative that is not listed give nothing.
//! Held against the Universal Declaration of Human Rights in 530 languages and dialects, whole and in pieces of three
//! paragraphs, it is wrong for Asturian and Ladino, which it takes for Spanish now and then, and for what is written in the
//! characters of Chinese.

use std::collections::HashMap;

use crate::source::{List, word_senses};

/// So much of a text is read, in characters: enough to tell.
const MAX_READ: usize = 40_000;

/// The fewest words that tell a language; see `weight` for scripts without spaces.
const MIN_WORDS: usize = 50;

/// The share of the words that are written in the script of the language, in percent.
const MIN_SCRIPT_PERCENT: usize = 60;

/// The share of a language's telling words among those of its script, in percent, and how many different ones.
const MIN_TELLING_PERCENT: usize = 4;
const MIN_DIFFERENT: usize = 5;

/// How often more than those of the next language.
const LEAD: usize = 3;

/// A language of a script that several share: words that tell it from its relatives, its code and its script. The code is empty
/// for a language that is only there so that no relative is taken for it.
type Profile = (&'static str, (&'static str, Script));

const PROFILES: List<Profile> = word_senses!("frequent_words");

/// Told apart from the others, and never reported: models of all languages are described in it.
const ENGLISH: &str = "en";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Devanagari,
    Han,
    Kana,
    /// A script of one language that matters here, by its code.
    Of(&'static str),
    Other,
}

use Script::{Arabic, Cyrillic, Devanagari, Latin};

/// Letters of a script that the listed languages do not have: the text is in another one.
const FOREIGN: &[(Script, &str)] = &[
    (Cyrillic, "ўјљњђћџәөүқңғһұҳҷӣӏӑӗӝҡҙҫ"),
    (Script::Of("bn"), "ৰৱ"),
    (Script::Of("he"), "װױײ"),
    (Script::Han, "嘅咗喺哋"),
];

/// The code of the language in which the texts are written, unless it is English.
pub(super) fn detect<'t>(texts: impl Iterator<Item = &'t str>) -> Option<&'static str> {
    let counted = Counted::new(texts);
    let all: usize = counted.scripts.iter().map(|(_, weight)| weight).sum();
    let (japanese, han) = (counted.weight(Script::Kana), counted.weight(Script::Han));
    let dominates = |weight: usize| weight >= MIN_WORDS * WORD && weight * 100 >= all * MIN_SCRIPT_PERCENT;
    if dominates(japanese + han) {
        // Japanese without kana, or Chinese with some, is a list of names.
        return match japanese * 100 / (japanese + han) {
            15.. if counted.foreign == 0 => Some("ja"),
            0 if counted.foreign == 0 => Some("zh"),
            _ => None,
        };
    }
    let (script, weight) = counted.scripts.iter().max_by_key(|(_, weight)| *weight).copied()?;
    // A foreign letter in a quoted name does no harm.
    if !dominates(weight) || counted.foreign * 200 > weight / WORD {
        return None;
    }
    match script {
        Script::Of(code) => Some(code),
        Latin | Cyrillic | Arabic | Devanagari => counted.by_words(script, weight / WORD),
        _ => None,
    }
}

/// The weight of a word, and of a letter in a script without spaces, where three make two words.
const WORD: usize = 3;
const LETTER: usize = 2;

/// What a text consists of.
#[derive(Default)]
struct Counted {
    scripts: Vec<(Script, usize)>,
    /// How often words stand there that may be in a profile.
    words: HashMap<String, usize>,
    /// Which these are, at a glance.
    met: Filter,
    foreign: usize,
}

impl Counted {
    fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut counted = Self::default();
        let mut left = MAX_READ;
        for text in texts {
            for word in text.split(|c: char| !is_part(c)) {
                if left == 0 {
                    return counted;
                }
                left = left.saturating_sub(word.len());
                counted.add(word);
            }
        }
        counted
    }

    fn add(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        let Some(script) = word.chars().find(|c| c.is_alphabetic()).map(script_of) else { return };
        let unspaced = |c: &char| matches!(script_of(*c), Script::Han | Script::Kana);
        if !word.is_ascii() && word.chars().any(|c| unspaced(&c)) {
            for letter in word.chars().filter(unspaced) {
                self.add_script(script_of(letter), LETTER);
                self.foreign += usize::from(is_foreign(Script::Han, letter));
            }
            return;
        }
        // Thai puts no spaces between words.
        let weight = if script == Script::Of("th") { word.chars().count().div_ceil(5) * WORD } else { WORD };
        self.add_script(script, weight);
        self.foreign += usize::from(!word.is_ascii() && word.chars().any(|letter| is_foreign(script, letter)));
        if word.is_ascii() && !TELLING.may_hold(word) {
            return;
        }
        match self.words.get_mut(word) {
            Some(count) => *count += 1,
            None => {
                let lower = word.to_lowercase();
                if TELLING.may_hold(&lower) {
                    self.met.add(lower.as_bytes());
                    *self.words.entry(lower).or_default() += 1;
                }
            }
        }
    }

    fn add_script(&mut self, script: Script, weight: usize) {
        match self.scripts.iter_mut().find(|(known, _)| *known == script) {
            Some((_, sum)) => *sum += weight,
            None => self.scripts.push((script, weight)),
        }
    }

    fn weight(&self, script: Script) -> usize {
        self.scripts.iter().find(|(known, _)| *known == script).map_or(0, |(_, weight)| *weight)
    }

    /// The language of a script whose words are there, and those of no other.
    fn by_words(&self, script: Script, words: usize) -> Option<&'static str> {
        let score = |words: &str| {
            let words = words.split(' ').filter(|word| self.met.may_hold(word));
            let hits = words.filter_map(|word| self.words.get(word));
            hits.fold((0, 0), |(sum, different), count| (sum + count, different + 1))
        };
        // Most cards are in English: then no other language can lead, whichever words are whose.
        let english = PROFILES.iter().find(|(_, (code, _))| *code == ENGLISH).map_or(0, |(words, _)| score(words).0);
        if script == Latin && self.words.values().sum::<usize>() < english * LEAD {
            return None;
        }
        let profiles = PROFILES.iter().filter(|(_, (_, of))| *of == script);
        let mut scores: Vec<(usize, usize, &'static str)> = profiles
            .map(|(words, (code, _))| {
                let (sum, different) = score(words);
                (sum, different, *code)
            })
            .collect();
        scores.sort_by_key(|(sum, ..)| std::cmp::Reverse(*sum));
        let (best, different, code) = scores.first()?;
        let next = scores.get(1).map_or(0, |(sum, ..)| *sum);
        let is_clear = best * 100 >= words * MIN_TELLING_PERCENT && *different >= MIN_DIFFERENT && *best >= next * LEAD;
        (is_clear && !["", ENGLISH].contains(code)).then_some(*code)
    }
}

/// Which words the profiles may have, by their first two bytes, their last and their length: most words of a text need not be kept.
struct Filter([u64; FILTER_WORDS]);

const FILTER_WORDS: usize = 256;

/// Longer ones are in none.
const MAX_WORD_BYTES: usize = 32;

static TELLING: Filter = Filter::of_profiles();

impl Default for Filter {
    fn default() -> Self {
        Self::NONE
    }
}

impl Filter {
    const NONE: Self = Self([0; FILTER_WORDS]);

    const fn of_profiles() -> Self {
        let mut filter = Self::NONE;
        let mut profiles = PROFILES.rows();
        while let Some(((words, _), others)) = profiles.split_first() {
            let mut rest = words.as_bytes();
            let mut length = 0;
            loop {
                match rest.split_at(length) {
                    (word, [b' ', next @ ..]) => {
                        filter.add(word);
                        (rest, length) = (next, 0);
                    }
                    (word, []) => {
                        filter.add(word);
                        break;
                    }
                    _ => length += 1,
                }
            }
            profiles = others;
        }
        filter
    }

    const fn add(&mut self, word: &[u8]) {
        let bit = Self::bit(word);
        let (words, _) = self.0.split_at_mut(bit / 64 + 1);
        if let Some(word) = words.last_mut() {
            *word |= 1 << (bit % 64);
        }
    }

    fn may_hold(&self, word: &str) -> bool {
        let bit = Self::bit(word.as_bytes());
        word.len() <= MAX_WORD_BYTES && self.0.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1)
    }

    /// The same for both cases of a letter of ASCII.
    const fn bit(word: &[u8]) -> usize {
        match word {
            [first, second, .., last] => {
                let letters = (*first as usize & 31) << 10 | (*second as usize & 31) << 5 | *last as usize & 31;
                (letters ^ (word.len() * 0x9E5)) % (FILTER_WORDS * 64)
            }
            [first, last] => (*first as usize & 31) << 5 | *last as usize & 31,
            [one] => *one as usize & 31,
            [] => 0,
        }
    }
}

fn is_foreign(script: Script, letter: char) -> bool {
    FOREIGN.iter().any(|(of, letters)| *of == script && letters.contains(letter))
}

/// Letters, and the marks that belong to them in Indic scripts and Thai.
fn is_part(c: char) -> bool {
    c.is_ascii_alphabetic()
        || (!c.is_ascii() && (c.is_alphabetic() || matches!(c as u32, 0x0300..=0x036F | 0x0900..=0x0E7F)))
}

/// The blocks of Unicode, as far as they matter here.
fn script_of(letter: char) -> Script {
    match letter as u32 {
        0x41..=0x24F | 0x1E00..=0x1EFF => Latin,
        0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Of("el"),
        0x400..=0x52F => Cyrillic,
        0x531..=0x58F => Script::Of("hy"),
        0x590..=0x5FF => Script::Of("he"),
        0x600..=0x6FF | 0x750..=0x77F => Arabic,
        0x900..=0x97F => Devanagari,
        0x980..=0x9FF => Script::Of("bn"),
        0xA80..=0xAFF => Script::Of("gu"),
        0xB80..=0xBFF => Script::Of("ta"),
        0xC00..=0xC7F => Script::Of("te"),
        0xC80..=0xCFF => Script::Of("kn"),
        0xD00..=0xD7F => Script::Of("ml"),
        0xE00..=0xE7F => Script::Of("th"),
        0x10A0..=0x10FF => Script::Of("ka"),
        0x3040..=0x30FF => Script::Kana,
        0x4E00..=0x9FFF | 0x3400..=0x4DBF => Script::Han,
        0xAC00..=0xD7AF | 0x1100..=0x11FF => Script::Of("ko"),
        _ => Script::Other,
    }
}

#[cfg(test)]
#[path = "language_tests.rs"]
mod tests;

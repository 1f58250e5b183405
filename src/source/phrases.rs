//! Looking for many phrases in one pass over a text.

use super::list::{List, is_dropped};

/// Phrases that are looked for together, in upper or lower case of ASCII. Searching a short text for each by itself costs
/// more in preparing the searches than in reading the text. Here each eighth of the list is a bucket, and the next three
/// bytes at each place say which buckets may have a phrase that stands there: the more alike the phrases of a bucket begin,
/// the fewer places are looked at in vain.
#[derive(Debug)]
pub struct Phrases {
    /// The file that the phrases come from; empty where they stand in the code.
    name: &'static str,
    phrases: &'static [&'static str],
    /// Phrases in a bucket; fewer in the last.
    share: usize,
    /// For the first, second and third byte: the buckets with a phrase that has it there.
    first: Buckets,
    second: Buckets,
    third: Buckets,
}

impl Phrases {
    /// Prepares a search for phrases in lower case. They have at least two bytes; shorter ones are never found. Made in a
    /// `static`, it costs nothing at run time.
    pub const fn new(phrases: &'static [&'static str]) -> Self {
        Self::named("", phrases)
    }

    /// Prepares a search for the phrases of a list.
    pub const fn of(list: &List) -> Self {
        Self::named(list.name, list.rows)
    }

    const fn named(name: &'static str, phrases: &'static [&'static str]) -> Self {
        let share = phrases.len().div_ceil(8);
        let mut made = Self { name, phrases, share, first: Buckets::NONE, second: Buckets::NONE, third: Buckets::NONE };
        let mut rest = phrases;
        while let Some((phrase, others)) = rest.split_first() {
            let bucket = 1 << ((phrases.len() - rest.len()) / share);
            if let [one, two, rest @ ..] = phrase.as_bytes() {
                made.first.put(*one, bucket);
                made.second.put(*two, bucket);
                match rest {
                    [three, ..] => made.third.put(*three, bucket),
                    [] => made.third.put_everywhere(bucket),
                }
            }
            rest = others;
        }
        made
    }

    /// Where phrases stand in a text, in the order of their places; of several at one place, in the order of the list.
    /// Those that overlap are all found.
    pub fn matches<'t>(&self, text: &'t str) -> Matches<'_, 't> {
        Matches { phrases: self, text: text.as_bytes(), from: 0, at: 0, buckets: 0, tried: 0 }
    }

    /// Whether any phrase stands in a text.
    pub fn are_in(&self, text: &str) -> bool {
        self.matches(text).next().is_some()
    }
}

/// What [`Phrases::matches`] finds.
#[derive(Debug)]
pub struct Matches<'p, 't> {
    phrases: &'p Phrases,
    text: &'t [u8],
    /// Up to here the text has been looked through.
    from: usize,
    /// Where phrases of these buckets are being tried, and how many of the lowest bucket have been.
    at: usize,
    buckets: u8,
    tried: usize,
}

impl Iterator for Matches<'_, '_> {
    type Item = (usize, &'static str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let here = self.text.get(self.at..).unwrap_or_default();
            while self.buckets != 0 {
                let start = self.buckets.trailing_zeros() as usize * self.phrases.share;
                let bucket = self.phrases.phrases.iter().skip(start).take(self.phrases.share);
                for phrase in bucket.skip(self.tried) {
                    self.tried += 1;
                    if starts_with(here, phrase.as_bytes()) && !is_dropped(self.phrases.name, phrase) {
                        return Some((self.at, phrase));
                    }
                }
                self.buckets &= self.buckets - 1;
                self.tried = 0;
            }
            self.go_on()?;
        }
    }
}

/// Whether a text starts with a phrase. Nearly always one of the first bytes says no.
fn starts_with(text: &[u8], phrase: &[u8]) -> bool {
    text.len() >= phrase.len() && text.iter().zip(phrase).all(|(byte, lower)| byte.to_ascii_lowercase() == *lower)
}

impl Matches<'_, '_> {
    /// Goes to the next place where a phrase may stand.
    fn go_on(&mut self) -> Option<()> {
        let Phrases { first, second, third, .. } = self.phrases;
        let rest = self.text.get(self.from..)?;
        let buckets = |next: &[u8]| match next {
            [one, two, three] => first.of(*one) & second.of(*two) & third.of(*three),
            [one, two] => first.of(*one) & second.of(*two),
            _ => 0,
        };
        let found =
            rest.windows(3).enumerate().map(|(at, next)| (at, buckets(next))).find(|(_, buckets)| *buckets != 0);
        let last = || {
            Some((rest.len().checked_sub(2)?, buckets(rest.get(rest.len() - 2..)?)))
                .filter(|(_, buckets)| *buckets != 0)
        };
        let (at, buckets) = found.or_else(last)?;
        (self.at, self.buckets, self.tried) = (self.from + at, buckets, 0);
        self.from = self.at + 1;
        Some(())
    }
}

/// For each byte some buckets, a bit each.
#[derive(Debug)]
struct Buckets([u8; 256]);

#[expect(clippy::indexing_slicing, reason = "there are as many places as bytes")]
impl Buckets {
    const NONE: Self = Self([0; 256]);

    const fn of(&self, byte: u8) -> u8 {
        self.0[byte as usize]
    }

    /// Puts a bucket under a byte, and under the same letter in upper case.
    const fn put(&mut self, byte: u8, bucket: u8) {
        self.0[byte as usize] |= bucket;
        self.0[byte.to_ascii_uppercase() as usize] |= bucket;
    }

    const fn put_everywhere(&mut self, bucket: u8) {
        let mut byte = 0;
        while byte < self.0.len() {
            self.0[byte] |= bucket;
            byte += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static FRUIT: Phrases = Phrases::new(&["apple", "apple pie", "pear", "日本", "ana"]);

    #[test]
    fn phrases_are_found_where_they_stand() {
        let found: Vec<_> = FRUIT.matches("a pear, apple pie: 日本").collect();
        assert_eq!(found, [(2, "pear"), (8, "apple"), (8, "apple pie"), (19, "日本")]);
        assert_eq!(FRUIT.matches("An Apple, PEAR").collect::<Vec<_>>(), [(3, "apple"), (10, "pear")]);
        assert_eq!(FRUIT.matches("banana").collect::<Vec<_>>(), [(1, "ana"), (3, "ana")]);
        for text in ["", "p", "pea", "appl", "日"] {
            assert!(!FRUIT.are_in(text), "{text}");
        }
    }

    /// More than there are buckets, some the start of others.
    static MANY: Phrases = Phrases::new(&[
        "ab", "abc", "aab", "ba", "bba", "cab", "ca", "ccc", "c b", "b c", "bcb", "abab", "ccab", "  a", "cb", "acb",
        "é",
    ]);

    proptest::proptest! {
        #[test]
        fn nothing_is_missed_that_a_plain_search_finds(text in "[abcABC é]{0,40}") {
            let lower = text.to_ascii_lowercase();
            let places = lower.char_indices().map(|(at, _)| at);
            let plain: Vec<_> = places
                .flat_map(|at| MANY.phrases.iter().map(move |phrase| (at, *phrase)))
                .filter(|(at, phrase)| lower[*at..].starts_with(phrase))
                .collect();
            proptest::prop_assert_eq!(MANY.matches(&text).collect::<Vec<_>>(), plain);
        }
    }
}

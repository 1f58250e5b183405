//! Looking for many phrases in one pass over a text.

/// Phrases that are looked for together, in upper or lower case of ASCII. Searching a short text for each by itself costs
/// more in preparing the searches than in reading the text. Here each eighth of the list is a bucket, and the next three
/// bytes at each place say which buckets may have a phrase that stands there: the more alike the phrases of a bucket begin,
/// the fewer places are looked at in vain.
#[derive(Debug)]
pub struct Phrases {
    phrases: &'static [&'static str],
    /// Phrases in a bucket; fewer in the last.
    share: usize,
    /// For the first, second and third byte: the buckets with a phrase that has it there, a bit each.
    first: [u8; 256],
    second: [u8; 256],
    third: [u8; 256],
}

impl Phrases {
    /// Prepares a search for phrases in lower case. They have at least two bytes; shorter ones are never found. Made in a
    /// `static`, it costs nothing at run time.
    pub const fn new(phrases: &'static [&'static str]) -> Self {
        let share = phrases.len().div_ceil(8);
        let mut made = Self { phrases, share, first: [0; 256], second: [0; 256], third: [0; 256] };
        let mut rest = phrases;
        while let Some((phrase, others)) = rest.split_first() {
            let bucket = 1 << ((phrases.len() - rest.len()) / share);
            match phrase.as_bytes() {
                [one, two, behind @ ..] => {
                    put(&mut made.first, *one, bucket);
                    put(&mut made.second, *two, bucket);
                    match behind {
                        [three, ..] => put(&mut made.third, *three, bucket),
                        [] => put_everywhere(&mut made.third, bucket),
                    }
                }
                _ => {}
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
                    if starts_with(here, phrase.as_bytes()) {
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
        let of = |table: &[u8; 256], byte: u8| table[usize::from(byte)];
        let rest = self.text.get(self.from..)?;
        let buckets = |next: &[u8]| match next {
            [one, two, three] => of(first, *one) & of(second, *two) & of(third, *three),
            [one, two] => of(first, *one) & of(second, *two),
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

/// Puts a bucket under a byte, and under the same letter in upper case.
const fn put(table: &mut [u8; 256], byte: u8, bucket: u8) {
    table[byte as usize] |= bucket;
    table[byte.to_ascii_uppercase() as usize] |= bucket;
}

const fn put_everywhere(table: &mut [u8; 256], bucket: u8) {
    let mut byte = 0;
    while byte < table.len() {
        table[byte] |= bucket;
        byte += 1;
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

    #[test]
    fn nothing_is_missed_that_a_plain_search_finds() {
        let text = "the base model is based on a fine-tuned version of x, finetuned from y; adapter for z";
        static WORDS: Phrases =
            Phrases::new(&["based on", "base model", "fine-tuned version of", "adapter for", "is", "z"]);
        let mut plain: Vec<_> = WORDS.phrases.iter().flat_map(|word| text.match_indices(word)).collect();
        plain.retain(|(_, word)| word.len() > 1);
        plain.sort_unstable();
        assert_eq!(WORDS.matches(text).collect::<Vec<_>>(), plain);
    }
}

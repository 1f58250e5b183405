//! Looking for many phrases in one pass over a text.

/// Phrases that are looked for together. Searching a short text for each by itself costs more in preparing the searches
/// than in reading the text; here the first two bytes at each place say whether any phrase can start there.
#[derive(Debug)]
pub struct Phrases {
    phrases: &'static [&'static str],
    /// A bit for each hash of two bytes with which a phrase starts.
    starts: [u64; WORDS],
}

const WORDS: usize = 64;

impl Phrases {
    /// Prepares a search. Phrases have at least two bytes; shorter ones are never found. Made in a `static`, it costs
    /// nothing at run time.
    pub const fn new(phrases: &'static [&'static str]) -> Self {
        let mut starts = [0; WORDS];
        let mut rest = phrases;
        while let Some((phrase, others)) = rest.split_first() {
            if let [first, second, ..] = phrase.as_bytes() {
                let hash = hash(*first, *second);
                let (words, _) = starts.split_at_mut(hash / 64 + 1);
                if let Some(word) = words.last_mut() {
                    *word |= 1 << (hash % 64);
                }
            }
            rest = others;
        }
        Self { phrases, starts }
    }

    /// Where phrases stand in a text, in the order of their places; of several at one place, in the order of the list.
    /// Those that overlap are all found.
    pub fn matches<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (usize, &'static str)> + 't {
        let bytes = text.as_bytes();
        let pairs = bytes.iter().zip(bytes.iter().skip(1)).enumerate();
        let possible = pairs.filter(|(_, (first, second))| self.may_start(**first, **second)).map(|(at, _)| at);
        possible.flat_map(move |at| {
            let rest = bytes.get(at..).unwrap_or_default();
            self.phrases
                .iter()
                .filter(move |phrase| rest.starts_with(phrase.as_bytes()))
                .map(move |phrase| (at, *phrase))
        })
    }

    /// Whether any phrase stands in a text.
    pub fn are_in(&self, text: &str) -> bool {
        self.matches(text).next().is_some()
    }

    fn may_start(&self, first: u8, second: u8) -> bool {
        let hash = hash(first, second);
        self.starts.get(hash / 64).is_some_and(|word| word >> (hash % 64) & 1 == 1)
    }
}

const fn hash(first: u8, second: u8) -> usize {
    ((first as usize) << 5 ^ second as usize) % (WORDS * 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    static FRUIT: Phrases = Phrases::new(&["apple", "apple pie", "pear", "日本", "ana"]);

    #[test]
    fn phrases_are_found_where_they_stand() {
        let found: Vec<_> = FRUIT.matches("a pear, apple pie: 日本").collect();
        assert_eq!(found, [(2, "pear"), (8, "apple"), (8, "apple pie"), (19, "日本")]);
        assert_eq!(FRUIT.matches("banana").collect::<Vec<_>>(), [(1, "ana"), (3, "ana")]);
        for text in ["", "p", "pea", "appl", "日", "APPLE"] {
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

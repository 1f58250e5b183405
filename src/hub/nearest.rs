//! Which known word was meant by a misspelled word. Prefers silence: a wrong guess is worse than no guess, because a safe fix
//! may write it. Digits and short words are never corrected (`sam2` is not `sam`, `text-to-md` is not `text-to-3d`).

use std::cmp::Ordering;

/// Longer texts are not misspelled words; also bounds the work that hostile input can ask for.
const LONGEST: usize = 80;
/// Below this many letters every neighbour is another word.
const SHORTEST: usize = 6;

const SEPARATORS: [char; 5] = ['-', '_', ' ', '.', '/'];

/// `text` in lower case without separators: what stays when case and punctuation do not count.
pub(super) fn compact(text: &str) -> String {
    text.chars().filter(|c| !SEPARATORS.contains(c)).flat_map(char::to_lowercase).collect()
}

/// The one known word that `text` spells differently or misspells slightly. `None` when it is one of them, when none is near,
/// or when two are equally near.
pub(super) fn nearest(text: &str, known: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let meant = compact(text);
    let mut best: Option<(usize, &'static str)> = None;
    let mut tie = false;
    for word in known {
        if word == text {
            return None;
        }
        let Some(distance) = distance(text, &meant, word) else {
            continue;
        };
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, _)) if distance == least => tie = true,
            _ => (best, tie) = (Some((distance, word)), false),
        }
    }
    best.filter(|_| !tie).map(|(_, word)| word)
}

/// How many letters lie between `text` (`meant` in compact form) and `word`, if so few that it can only be a slip.
fn distance(text: &str, meant: &str, word: &str) -> Option<usize> {
    // Cheap and decisive for most words: nothing below accepts more than two letters more or less.
    let letters = word.chars().filter(|c| !SEPARATORS.contains(c)).count();
    if letters.abs_diff(meant.chars().count()) > 2 {
        return None;
    }
    let wanted = compact(word);
    if meant == wanted {
        return Some(0);
    }
    let letters = meant.chars().count().min(wanted.chars().count());
    if letters < SHORTEST || !digits(meant).eq(digits(&wanted)) {
        return None;
    }
    let distance = strsim::osa_distance(meant, &wanted);
    let near = match parts(text).count().cmp(&parts(word).count()) {
        // A word more is another thing (`…-v2`), a word less may be a lost hyphen.
        Ordering::Greater => false,
        Ordering::Less => distance <= 1 && letters >= 10,
        // Words are compared one by one, so that a short one cannot hide its change among long neighbors.
        Ordering::Equal => distance <= 2 && parts(text).zip(parts(word)).all(|(a, b)| is_slip(a, b)),
    };
    near.then_some(distance)
}

/// Whether one word is another with at most one letter in five wrong, missing, added or swapped.
fn is_slip(a: &str, b: &str) -> bool {
    let letters = a.chars().count().max(b.chars().count());
    strsim::osa_distance(&a.to_lowercase(), &b.to_lowercase()) <= letters / 5
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(SEPARATORS).filter(|part| !part.is_empty())
}

fn digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 6] = ["text-generation", "text-to-3d", "sam2", "sapiens2", "licence", "license"];

    fn meant(text: &str) -> Option<&'static str> {
        nearest(text, KNOWN.into_iter())
    }

    #[test]
    fn separators_case_and_one_slip_in_a_long_word() {
        for text in ["Text Generation", "text_generation", "textgeneration", "text-genration", "text-generatoin"] {
            assert_eq!(meant(text), Some("text-generation"), "{text}");
        }
        assert_eq!(meant("text-to-3D"), Some("text-to-3d"));
    }

    #[test]
    fn prefers_silence() {
        let long = "text-generation".repeat(1000);
        for text in [
            "text-to-md",
            "test-generation",
            "text-generation-v",
            "text-to-2d",
            "sam",
            "sam3",
            "sapiens3",
            "licensee-x",
            "",
            "-",
            "text",
            long.as_str(),
        ] {
            assert_eq!(meant(text), None, "{text:.30}");
        }
    }

    #[test]
    fn a_known_word_and_a_tie_have_no_other_meaning() {
        assert_eq!(meant("licence"), None);
        assert_eq!(meant("licende"), None, "as near to licence as to license");
    }
}

//! The Hub's license ids. The list is closed: the Hub rejects a card whose `license` is not in it, case included.

use super::table::{Row, Table};

const LICENSES: &str = include_str!("tables/licenses.tsv");
const WORDS: &str = include_str!("tables/license-words.tsv");

/// Longer texts are licenses, not names of one; also bounds the work that hostile input can ask for.
const LONGEST: usize = 120;

/// A license of the Hub's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct License {
    /// The value of `license`, e.g. `apache-2.0`.
    pub id: &'static str,
    /// The name on the Hub's pages.
    pub name: &'static str,
    /// Whether it names a family (`gpl`, `cc`) and leaves the version open.
    pub is_family: bool,
    /// Where the Hub links the text, for licenses that have no SPDX id.
    pub text_url: Option<&'static str>,
    /// Where the Hub links an explanation.
    pub info_url: Option<&'static str>,
}

/// An id that was probably meant, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// An id of the list.
    pub id: &'static str,
    /// What the correction changes.
    pub kind: Kind,
}

/// What a corrected license id changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Upper to lower case only.
    Case,
    /// The same license in other words or another spelling: `Apache License, Version 2.0`, `GPL-3.0-only`.
    Spelling,
    /// Drops "or any later version", which the Hub cannot say: a narrower permission.
    OrLater,
    /// Adds what was not said (a version), or gives up what was (`other`), or a slip of letters: a person must look.
    Guess,
}

impl Suggestion {
    /// Whether the correction keeps the meaning, so that a fix may write it unasked.
    #[must_use]
    pub fn keeps_meaning(&self) -> bool {
        matches!(self.kind, Kind::Case | Kind::Spelling)
    }
}

impl License {
    fn of(row: Row) -> Self {
        Self {
            id: row.key(),
            name: row.column(1),
            is_family: row.column(2) == "family",
            text_url: row.optional(3),
            info_url: row.optional(4),
        }
    }
}

/// Whether the Hub accepts `id`, compared exactly.
#[must_use]
pub fn is_id(id: &str) -> bool {
    get(id).is_some()
}

/// The license with this id, compared exactly.
#[must_use]
pub fn get(id: &str) -> Option<License> {
    Table::new(LICENSES).find(id).map(License::of)
}

/// Every license, ordered by id.
pub fn all() -> impl Iterator<Item = License> {
    Table::new(LICENSES).rows().map(License::of)
}

/// The id that was probably meant by a wrong value. `None` for ids, for texts that name several licenses or another version,
/// and for words that only look alike (`unlicensed` is not `unlicense`, `MIT-0` is not `mit`).
#[must_use]
pub fn suggest(text: &str) -> Option<Suggestion> {
    let text = text.trim();
    if text.len() > LONGEST || is_id(text) {
        return None;
    }
    let lower = text.to_lowercase();
    if let Some(license) = get(&lower) {
        return Some(Suggestion { id: license.id, kind: Kind::Case });
    }
    if let Some(exact) = without_or_later(&lower) {
        let id = get(exact).map(|license| license.id).or_else(|| same_words(exact).map(|found| found.id))?;
        return Some(Suggestion { id, kind: Kind::OrLater });
    }
    same_words(&lower).or_else(|| slip(&lower))
}

/// The text before "or later" or a plus after a version number.
fn without_or_later(lower: &str) -> Option<&str> {
    const ENDINGS: [&str; 6] =
        ["-or-later", " or later", " or any later version", " or later version", "-or-any-later-version", ", or later"];
    let cut = ENDINGS.iter().find_map(|ending| lower.strip_suffix(ending)).or_else(|| {
        let version = lower.strip_suffix('+')?;
        version.ends_with(|c: char| c.is_ascii_digit()).then_some(version)
    })?;
    Some(cut.trim_end_matches([',', ' ']))
}

/// The license whose id, name or known alias consists of the same telling words.
fn same_words(lower: &str) -> Option<Suggestion> {
    let words = telling_words(lower);
    if words.is_empty() {
        return None;
    }
    let row = Table::new(WORDS).find(&words)?;
    let kind = if row.column(2) == "guess" { Kind::Guess } else { Kind::Spelling };
    Some(Suggestion { id: row.column(1), kind })
}

/// One wrong, missing or swapped letter in one long word, everything else equal.
fn slip(lower: &str) -> Option<Suggestion> {
    let mut near = all().filter(|license| {
        let (a, b) = (lower.split(['-', ' ', '_']), license.id.split('-'));
        if a.clone().count() != b.clone().count() {
            return false;
        }
        let mut slips = 0;
        let alike = a.zip(b).all(|(a, b)| {
            let short = a.len().min(b.len()) < 6;
            let extends = a.starts_with(b) || b.starts_with(a);
            a == b
                || (!short && !extends && strsim::osa_distance(a, b) == 1 && {
                    slips += 1;
                    slips == 1
                })
        });
        alike && slips == 1
    });
    let license = near.next()?;
    near.next().is_none().then_some(Suggestion { id: license.id, kind: Kind::Guess })
}

/// `lower` (lower case) reduced to what distinguishes licenses: no punctuation, no "license", "version", "v"; `2.0` is `2`.
pub(super) fn telling_words(lower: &str) -> String {
    const NOISE: [&str; 14] = [
        "the",
        "license",
        "licence",
        "licenses",
        "version",
        "v",
        "gnu",
        "only",
        "agreement",
        "international",
        "unported",
        "universal",
        "deed",
        "meta",
    ];
    let mut words: Vec<&str> = Vec::new();
    for chunk in lower.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '+')) {
        for word in letters_and_numbers(chunk) {
            let word = word.trim_matches('.');
            let word = word.strip_suffix(".0").filter(|w| w.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(word);
            if !word.is_empty() && !NOISE.contains(&word) && words.last() != Some(&word) {
                words.push(word);
            }
        }
    }
    words.concat()
}

/// `chunk` cut between letters and numbers: `gplv3.0` is `gplv`, `3.0`, and a trailing v is cut off as well.
fn letters_and_numbers(chunk: &str) -> impl Iterator<Item = &str> {
    let mut rest = chunk;
    std::iter::from_fn(move || {
        let first_is_number = is_of_number(rest.chars().next()?);
        let end = rest.find(|c| is_of_number(c) != first_is_number).unwrap_or(rest.len());
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        let before_number = !first_is_number && !after.is_empty();
        Some(word.strip_suffix('v').filter(|_| before_number).unwrap_or(word))
    })
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str) -> Option<(&'static str, Kind)> {
        suggest(text).map(|found| (found.id, found.kind))
    }

    #[test]
    fn ids_are_exact() {
        assert_eq!(all().count(), 83);
        assert!(is_id("apache-2.0") && is_id("openrail++") && is_id("other"));
        for text in ["Apache-2.0", "apache2", "gpl-3.0-or-later", "", "mit ", "MIT"] {
            assert!(!is_id(text), "{text}");
        }
        let gemma = get("gemma").unwrap();
        assert_eq!((gemma.name, gemma.is_family), ("Gemma Terms of Use", false));
        assert_eq!(gemma.text_url, Some("https://ai.google.dev/gemma/terms"));
        assert_eq!(get("mit").unwrap().text_url, None);
        assert!(get("gpl").unwrap().is_family);
    }

    #[test]
    fn case() {
        for (text, id) in [
            ("Apache-2.0", "apache-2.0"),
            ("MIT", "mit"),
            ("CC-BY-NC-SA-4.0", "cc-by-nc-sa-4.0"),
            ("Llama3.1", "llama3.1"),
        ] {
            assert_eq!(meant(text), Some((id, Kind::Case)), "{text}");
        }
    }

    #[test]
    fn other_words_for_the_same_license() {
        for (text, id) in [
            ("Apache License 2.0", "apache-2.0"),
            ("Apache License, Version 2.0", "apache-2.0"),
            ("apache2", "apache-2.0"),
            ("apache 2.0", "apache-2.0"),
            ("apache-2", "apache-2.0"),
            ("MIT License", "mit"),
            ("The MIT License (MIT)", "mit"),
            ("GPLv3", "gpl-3.0"),
            ("GPL v3.0", "gpl-3.0"),
            ("gpl-3.0-only", "gpl-3.0"),
            ("GNU General Public License v3.0", "gpl-3.0"),
            ("AGPL-3.0-only", "agpl-3.0"),
            ("LGPLv2.1", "lgpl-2.1"),
            ("BSD 3-Clause", "bsd-3-clause"),
            ("bsd-3", "bsd-3-clause"),
            ("BSD-2-Clause License", "bsd-2-clause"),
            ("CC BY 4.0", "cc-by-4.0"),
            ("CC-BY-NC-SA 4.0", "cc-by-nc-sa-4.0"),
            ("cc_by_sa_4.0", "cc-by-sa-4.0"),
            ("Creative Commons Attribution 4.0 International", "cc-by-4.0"),
            ("Creative Commons Attribution-NonCommercial 4.0", "cc-by-nc-4.0"),
            ("CC0", "cc0-1.0"),
            ("CC0 1.0 Universal", "cc0-1.0"),
            ("The Unlicense", "unlicense"),
            ("Mozilla Public License 2.0", "mpl-2.0"),
            ("llama-3.1", "llama3.1"),
            ("llama3_1", "llama3.1"),
            ("Llama 3.1 Community License", "llama3.1"),
            ("Llama 2", "llama2"),
            ("CreativeML Open RAIL-M", "creativeml-openrail-m"),
            ("openrail++-m", "openrail++"),
            ("MPL2.0", "mpl-2.0"),
            ("3-clause BSD license", "bsd-3-clause"),
            ("ODC-BY v1.0", "odc-by"),
            ("Meta Llama 3 Community License", "llama3"),
        ] {
            assert_eq!(meant(text), Some((id, Kind::Spelling)), "{text}");
        }
    }

    #[test]
    fn or_later_narrows() {
        for (text, id) in [
            ("gpl-3.0-or-later", "gpl-3.0"),
            ("GPL-2.0-or-later", "gpl-2.0"),
            ("GPLv3+", "gpl-3.0"),
            ("gpl-2.0+", "gpl-2.0"),
            ("LGPL-3.0-or-later", "lgpl-3.0"),
            ("GNU General Public License v3 or later", "gpl-3.0"),
        ] {
            assert_eq!(meant(text), Some((id, Kind::OrLater)), "{text}");
            assert!(!suggest(text).unwrap().keeps_meaning());
        }
        assert_eq!(meant("apache-1.1-or-later"), None);
    }

    #[test]
    fn guesses_are_marked() {
        for (text, id) in [
            ("apache", "apache-2.0"),
            ("Apache License", "apache-2.0"),
            ("cc-by", "cc-by-4.0"),
            ("CC-BY-NC", "cc-by-nc-4.0"),
            ("agpl", "agpl-3.0"),
            ("proprietary", "other"),
            ("custom", "other"),
            ("none", "unknown"),
            ("openrail-m", "openrail"),
            ("apcahe-2.0", "apache-2.0"),
        ] {
            assert_eq!(meant(text), Some((id, Kind::Guess)), "{text}");
            assert!(!suggest(text).unwrap().keeps_meaning());
        }
    }

    #[test]
    fn near_misses_that_stay_unanswered() {
        let long = "mit ".repeat(100_000);
        for text in [
            "mit",
            "MIT-0",
            "unlicensed",
            "apache-1.1",
            "apache-2.1",
            "gpl-4.0",
            "lgpl-2.0",
            "cc-by-5.0",
            "cc-by-nc-sa-2.5",
            "Apache-2.0 OR MIT",
            "mit and apache-2.0",
            "apache-2.0 with llvm-exception",
            "bsd-4-clause",
            "llama5",
            "llama3.4",
            "public domain",
            "qwen",
            "",
            "-",
            "license",
            "v",
            "+",
            "++",
            "2.0",
            "research-only",
            "gpl+",
            "cc-by-na-4.0",
            "not mit",
            long.as_str(),
        ] {
            assert_eq!(meant(text), None, "{text:.40}");
        }
    }

    #[test]
    fn no_two_licenses_share_their_telling_words() {
        let mut seen = std::collections::HashMap::new();
        for license in all() {
            for words in [telling_words(license.id), telling_words(&license.name.to_lowercase())] {
                assert!(!words.is_empty(), "{license:?}");
                assert_eq!(*seen.entry(words).or_insert(license.id), license.id);
            }
        }
    }

    #[test]
    fn every_alias_leads_to_an_id() {
        for row in Table::new(WORDS).rows() {
            assert!(is_id(row.column(1)) && ["guess", "spelling"].contains(&row.column(2)), "{row:?}");
        }
    }
}

//! What a license of models asks for and the repository does not have: its text, a notice, words in the card, a name. One finding
//! says all of it: of the license of the base where a base is named, else of the license file.

use super::lineage::{bases, ships_some_text};
use crate::claims::{claim, filled};
use crate::evidence::Relation;
use crate::hub::families::Source;
use crate::hub::obligations::Terms;
use crate::rules::Context;
use crate::words::either;

/// What one license asks for and the release does not show.
pub(super) struct Duties {
    terms: Terms,
    text: bool,
    others: Vec<String>,
}

impl Duties {
    pub(super) fn of(cx: &Context<'_>, terms: Terms) -> Self {
        let mut others = Vec::new();
        let is_quantized = relation(cx) == Some(Relation::Quantized.as_str());
        others.extend(notice(cx, terms));
        let words: Vec<&str> = terms.display().collect();
        if !words.is_empty() && !words.iter().any(|words| says(cx, words)) && !is_quantized {
            others.push(format!("{} in the card", either(words.iter().map(|words| format!("`{words}`")))));
        }
        let name = cx.release().repo_id().map(ToString::to_string);
        let name = name.as_deref().map(|id| id.rsplit('/').next().unwrap_or(id));
        if let Some((prefix, name)) = terms.prefix.zip(name) {
            let begins = plain(name).trim_start_matches("meta").starts_with(&plain(prefix));
            if !begins && !is_quantized {
                others.push(format!("a name starting with `{prefix}`"));
            }
        }
        Self { terms, text: lacks_text(cx, terms), others }
    }

    /// Nothing is asked for, or only the text, which is `missing-license-file`'s.
    pub(super) fn is_text_alone(&self) -> bool {
        self.others.is_empty()
    }

    /// All of it, where the card declares this license.
    pub(super) fn all(self) -> Vec<String> {
        let text = self.text.then(|| "its text as `LICENSE`".to_owned());
        text.into_iter().chain(self.others).collect()
    }

    /// All of it, where the card declares another license: that one has to take over the limits.
    pub(super) fn of_other_license(self) -> Vec<String> {
        let limits = self.terms.passes_on_limits().then(|| "its use limits in your terms".to_owned());
        let text = self.text.then(|| "its text".to_owned());
        text.into_iter().chain(limits).chain(self.others).collect()
    }
}

/// Whether the repository lacks the text that a license asks for. A gate may show it to each user who asks for access, and a
/// link to a file that is not there is another rule's finding.
pub(super) fn lacks_text(cx: &Context<'_>, terms: Terms) -> bool {
    let is_shown = filled(cx, "extra_gated_prompt").is_some();
    let names_a_file = claim(cx, "license_link").is_some_and(|(_, link)| !link.contains("://"));
    terms.ships_text() && terms.source == Source::Read && !ships_some_text(cx) && !is_shown && !names_a_file
}

/// The notice that a license asks for, where the release does not have it.
pub(super) fn notice(cx: &Context<'_>, terms: Terms) -> Option<String> {
    terms.notice.filter(|line| !says(cx, line)).map(|line| format!("`NOTICE` with `{line}`"))
}

/// Whether the license is that of a base, and [`super::looser_license_than_base`] says what it asks for.
pub(super) fn are_those_of_a_base(cx: &Context<'_>, terms: Terms) -> bool {
    bases(cx).iter().any(|base| base.family.license == Some(terms.license)) && !Duties::of(cx, terms).is_text_alone()
}

/// How the model came from its base, as the card says, or else the files.
pub(super) fn relation<'c>(cx: &'c Context<'_>) -> Option<&'c str> {
    let written = claim(cx, "base_model_relation").map(|(_, written)| written);
    written.or_else(|| cx.facts().relation.as_ref().map(|found| found.value.as_str()))
}

/// Whether the card or a notice says so, however it is set.
fn says(cx: &Context<'_>, words: &str) -> bool {
    let words = plain(words);
    // The name and year after "Copyright" are written in many ways; what is before it decides.
    let words = words.split("copyright").next().unwrap_or_default();
    let card = cx.readme().map(|readme| readme.text());
    let release = cx.release();
    let notices = release.files().iter().filter(|file| {
        let name = file.path.name().to_ascii_uppercase();
        file.size <= MAX_NOTICE_BYTES && ["NOTICE", "LICENSE", "LICENCE"].iter().any(|word| name.contains(word))
    });
    let notices = notices.take(MAX_NOTICES).filter_map(|file| release.text(file.id).ok()).map(|source| source.text());
    card.into_iter().chain(notices).any(|text| plain(text).contains(words))
}

/// The largest file that is searched for a notice, in bytes, and how many are.
const MAX_NOTICE_BYTES: u64 = 200_000;
const MAX_NOTICES: usize = 16;

/// Letters and digits in lower case.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

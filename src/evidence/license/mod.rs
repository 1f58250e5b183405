//! The licence, from the text of a licence file at the root.
//!
//! Model licences are told by phrases that stand in them and nowhere else (`phrases.tsv`); then the licences of SPDX by the
//! share of their three-word runs (`spdx.tsv`, hashes only). A text that is none of these is no evidence. A file that
//! holds several licences, or more than the licence's text, never gives a strong one.

mod phrases;
mod shingles;

use super::{Evidence, Strength};
use crate::diagnostic::Label;
use crate::release::{File, Release};

/// The largest licence file that is looked at, in bytes.
pub const MAX_LICENSE_BYTES: u64 = 200_000;

/// More licence files than this are not looked at.
const MAX_LICENSE_FILES: usize = 16;

/// A licence that was recognised by its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// An id of the Hub; `other` for a known licence that has none.
    pub id: &'static str,
    /// What `license_name` would be, where the id is `other`.
    pub name: Option<&'static str>,
    /// Whether the text is the licence and nothing else.
    pub whole: bool,
}

/// The licence whose text this is. `None` for a text that is none, that holds several, or that is not known.
pub fn recognise(text: &str) -> Option<Recognised> {
    if text.len() as u64 > MAX_LICENSE_BYTES {
        return None;
    }
    let by_words = shingles::recognise(text);
    // A text that is a licence of SPDX and nothing else is no model licence; most are, and it spares the search.
    if by_words.is_some_and(|license| license.whole) {
        return by_words;
    }
    match phrases::recognise(text) {
        phrases::Verdict::One(license) => Some(license),
        phrases::Verdict::Unclear => None,
        phrases::Verdict::None => by_words,
    }
}

/// The files at the root whose text may be the licence of the weights. LICENSE-CODE and NOTICE speak of something else.
pub fn license_files(release: &Release) -> impl Iterator<Item = &File> {
    release.files().iter().filter(|file| file.path.is_at_root() && is_license_name(file.path.name()))
}

/// What all licence files agree on; where they do not, what the one for the model says.
pub(super) fn gather(release: &Release) -> Option<Evidence<Recognised>> {
    let mut found = Vec::new();
    for file in license_files(release).take(MAX_LICENSE_FILES) {
        if file.size > MAX_LICENSE_BYTES || file.lfs.is_some() {
            continue;
        }
        let Ok(source) = release.text(file.id) else { continue };
        let license = recognise(source.text());
        found.push((file, license));
    }
    if found.iter().any(|(file, _)| is_for_model(file.path.name())) {
        found.retain(|(file, _)| is_for_model(file.path.name()));
    }
    let license = found.first()?.1?;
    let mut evidence = Evidence { value: license, strength: Strength::Strong, proof: Vec::new() };
    for (file, other) in found {
        // A second file of another or of an unknown licence leaves open which one holds.
        let other = other.filter(|other| other.id == license.id && other.name == license.name)?;
        let name = other.name.unwrap_or(other.id);
        let text = if other.whole {
            format!("the text is {name}")
        } else {
            evidence.strength = Strength::Weak;
            format!("the text contains {name} and more")
        };
        evidence.proof.push(Label::file(file.id, text));
    }
    Some(evidence)
}

fn is_for_model(name: &str) -> bool {
    name.to_ascii_uppercase().contains("MODEL")
}

fn is_license_name(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let stem = match upper.rsplit_once('.') {
        Some((stem, "MD" | "TXT" | "RST" | "MARKDOWN")) => stem,
        _ => &upper,
    };
    let whole = [
        "LICENSE",
        "LICENCE",
        "COPYING",
        "COPYING.LESSER",
        "UNLICENSE",
        "LICENSE_MODEL",
        "MODEL_LICENSE",
        "LICENSE-MODEL",
    ];
    if whole.contains(&stem) || stem == "MODEL-LICENSE" {
        return true;
    }
    // LICENSE-MIT, LICENSE.apache-2.0, LICENSE-WEIGHTS: but not what is about code, data or third parties.
    let Some(rest) = stem.strip_prefix("LICENSE").and_then(|rest| rest.strip_prefix(['-', '_', '.'])) else {
        return false;
    };
    let about_others = ["CODE", "DATA", "NOTICE", "THIRD", "3RD", "SOURCE", "DOC", "ASSET", "FONT", "CONTRIB"];
    !about_others.iter().any(|word| rest.contains(word)) && !["PY", "JSON", "PDF", "HTML"].contains(&rest)
}

#[cfg(test)]
mod tests;

//! The license, from the text of a license file at the root.
//!
//! Model licenses are recognized by phrases of their own (`phrases.tsv`); then the licenses of SPDX by the
//! share of their three-word runs (`spdx.tsv`, hashes only). A text that is not one of these is not evidence. A file that
//! contains several licenses, or more than the license's text, never gives a strong one.

mod phrases;
mod shingles;

use super::{Evidence, Strength};
use crate::diagnostic::Label;
use crate::release::{File, Release};

/// The largest license file that is looked at, in bytes.
pub const MAX_LICENSE_BYTES: u64 = 200_000;

/// More license files than this are not looked at.
const MAX_LICENSE_FILES: usize = 16;

/// A license that was recognized by its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognized {
    /// An id of the Hub; `other` for a known license that has none.
    pub id: &'static str,
    /// What `license_name` would be, where the id is `other`.
    pub name: Option<&'static str>,
    /// Whether the text is the license and nothing else.
    pub whole: bool,
}

/// The license whose text this is. `None` for a text that is none, that contains several, or that is not known.
pub fn recognize(text: &str) -> Option<Recognized> {
    if text.len() as u64 > MAX_LICENSE_BYTES {
        return None;
    }
    let by_words = shingles::recognize(text);
    // A text that is a license of SPDX and nothing else is not a model license. Most texts are such, and the search is spared.
    if by_words.is_some_and(|license| license.whole) {
        return by_words;
    }
    match phrases::recognize(text) {
        phrases::Verdict::One(license) => Some(license),
        phrases::Verdict::Unclear => None,
        phrases::Verdict::None => by_words,
    }
}

/// The files at the root whose text may be the license of the weights. LICENSE-CODE and NOTICE speak of something else.
pub fn license_files(release: &Release) -> impl Iterator<Item = &File> {
    release.files().iter().filter(|file| file.path.is_at_root() && is_license_name(file.path.name()))
}

/// What all license files agree on; where they do not, what the one for the model says.
pub(super) fn gather(release: &Release) -> Option<Evidence<Recognized>> {
    let mut found = Vec::new();
    for file in license_files(release).take(MAX_LICENSE_FILES) {
        if file.size > MAX_LICENSE_BYTES || file.lfs.is_some() {
            continue;
        }
        let Ok(source) = release.text(file.id) else { continue };
        let license = recognize(source.text());
        found.push((file, license));
    }
    if found.iter().any(|(file, _)| is_for_model(file.path.name())) {
        found.retain(|(file, _)| is_for_model(file.path.name()));
    }
    let license = found.first()?.1?;
    let mut evidence = Evidence { value: license, strength: Strength::Strong, proof: Vec::new() };
    for (file, other) in found {
        // Two files with different or unknown texts: it is open which of them applies.
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

//! What the metadata inside GGUF files says of the model's origin: llama.cpp copies it from the card of the model that was
//! converted.

use super::license::Recognized;
use super::repo_name::{id_in_url, is_id};
use super::{Evidence, Strength, Weights};
use crate::diagnostic::Label;
use crate::hub::{languages, licenses};
use crate::release::File;
use crate::weights::gguf::{Gguf, Value};

/// More base models or datasets than this in one file are not looked at.
const MAX_LISTED: u64 = 64;

/// The models a GGUF file comes from: what it was converted from, or else that model's base.
pub(super) fn base_models(weights: &Weights<'_>) -> Vec<Evidence<String>> {
    let mut found = Vec::new();
    for (file, gguf) in weights.gguf() {
        let source = ["general.source.huggingface.repository", "general.source.repo_url", "general.source.url"];
        let source = source.iter().find_map(|key| {
            let text = gguf.get(key)?.as_str()?;
            let id = id_in_url(text, false).or_else(|| is_owned_id(text).then_some(text))?;
            Some(Evidence::strong(id.to_owned(), says(file, key, id)))
        });
        // With a source, the bases are the source's bases: true, but one step further up.
        let limit = if source.is_some() { Strength::Weak } else { Strength::Strong };
        found.extend(source);
        found.extend(listed(file, gguf, "base_model", false).map(|base| base.at_most(limit)));
    }
    merged(found)
}

/// The datasets that GGUF files name.
pub(super) fn datasets(weights: &Weights<'_>) -> Vec<Evidence<String>> {
    merged(weights.gguf().flat_map(|(file, gguf)| listed(file, gguf, "dataset", true)))
}

/// The languages that GGUF files name, as far as the Hub has a code for them.
pub(super) fn languages(weights: &Weights<'_>) -> Vec<Evidence<String>> {
    merged(weights.gguf().flat_map(|(file, gguf)| {
        let codes: &[String] = match gguf.get("general.languages") {
            Some(Value::Strings(codes)) => codes,
            _ => &[],
        };
        let known = codes.iter().filter(|code| languages::name(code).is_some());
        known.map(move |code| Evidence::weak(code.clone(), says(file, "general.languages", code)))
    }))
}

/// The license that a GGUF file names, where that is an id of the Hub: of the model it was made from.
pub(super) fn license(weights: &Weights<'_>) -> Option<Evidence<Recognized>> {
    weights.gguf().find_map(|(file, gguf)| {
        let license = licenses::get(gguf.get("general.license")?.as_str()?)?;
        let value = Recognized { id: license.id, name: None, whole: false };
        Some(Evidence::weak(value, says(file, "general.license", license.id)))
    })
}

/// `general.base_model.N.*` or `general.dataset.N.*`: an address on the Hub is strong, organization and name are not.
fn listed<'w>(
    file: &'w File,
    gguf: &'w Gguf,
    what: &'static str,
    datasets: bool,
) -> impl Iterator<Item = Evidence<String>> + 'w {
    let count = gguf.get(&format!("general.{what}.count")).and_then(Value::as_u64).unwrap_or(0).min(MAX_LISTED);
    (0..count).filter_map(move |number| {
        let key = |end: &str| format!("general.{what}.{number}.{end}");
        let text = |end: &str| gguf.get(&key(end))?.as_str();
        let by_url = ["repo_url", "url"].iter().find_map(|end| {
            let id = id_in_url(text(end)?, datasets)?;
            Some(Evidence::strong(id.to_owned(), says(file, &key(end), id)))
        });
        by_url.or_else(|| {
            let id = format!("{}/{}", text("organization")?.replace(' ', "-"), text("name")?.replace(' ', "-"));
            is_id(&id).then(|| Evidence::weak(id.clone(), says(file, &key("name"), &id)))
        })
    })
}

fn is_owned_id(text: &str) -> bool {
    text.contains('/') && is_id(text)
}

fn says(file: &File, key: &str, value: &str) -> Label {
    Label::file(file.id, format!("the header's `{key}` names {value}"))
}

/// Each value once, the strongest evidence first said for it, proofs of a value together.
pub(crate) fn merged(found: impl IntoIterator<Item = Evidence<String>>) -> Vec<Evidence<String>> {
    let mut merged: Vec<Evidence<String>> = Vec::new();
    for evidence in found.into_iter().take(MAX_FOUND) {
        match merged.iter_mut().find(|known| known.value == evidence.value) {
            Some(known) => {
                known.strength = known.strength.max(evidence.strength);
                if known.proof.len() < MAX_PROOFS {
                    known.proof.extend(evidence.proof);
                }
            }
            None => merged.push(evidence),
        }
    }
    merged
}

/// More than this is not looked at: a release has a few bases and datasets.
const MAX_FOUND: usize = 1024;

/// A value needs no more proofs than a reader would look at.
const MAX_PROOFS: usize = 4;

//! The base models, and how the release came from them.

use super::repo_name::{is_id, looks_like_a_path};
use super::{Contents, Evidence, Strength, Weights, metadata, records};
use crate::configs::{Configs, Spanned};
use crate::diagnostic::Label;
use crate::hub::readings;
use crate::release::Release;
use crate::source::SourceFile;

/// How a model came from its base: the values of `base_model_relation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Trained further.
    Finetune,
    /// Stored with fewer bits.
    Quantized,
    /// Weights to be added to the base's.
    Adapter,
    /// Several models in one.
    Merge,
}

impl Relation {
    /// As the card's metadata spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Finetune => "finetune",
            Self::Quantized => "quantized",
            Self::Adapter => "adapter",
            Self::Merge => "merge",
        }
    }
}

/// mergekit's record of what it merged.
const MERGE_CONFIG: [&str; 2] = ["mergekit_config.yml", "mergekit_config.yaml"];

/// The largest mergekit configuration that is read, in bytes; real ones have under ten thousand.
const MAX_MERGE_BYTES: usize = 256 * 1024;

/// The most models of a merge that are listed.
const MAX_MERGED: usize = 64;

/// Methods whose tools copy config.json from the model that they store with fewer bits: `_name_or_path` then names that
/// model's base.
const COPYING: [&str; 2] = ["awq", "gptq"];

pub(super) fn gather(
    release: &Release,
    configs: &Configs<'_>,
    weights: &Weights<'_>,
    contents: &Contents,
) -> Vec<Evidence<String>> {
    let mut found = Vec::new();
    if let Some(adapter) = configs.adapter() {
        found.extend(adapter.base_model().and_then(|base| named(base, "base_model_name_or_path", Strength::Strong)));
        found.extend(adapter.adapterhub_base().and_then(|base| named(base, "model_name", Strength::Strong)));
    }
    found.extend(merged_models(release));
    found.extend(metadata::base_models(weights));
    found.extend(records::bases(configs));
    // Also what a model was saved from without training; often a path.
    let copied = contents.quantized.as_ref().is_some_and(|found| COPYING.contains(&found.value.method.as_str()));
    if let Some(model) = configs.model().filter(|_| !copied) {
        found.extend(model.name_or_path().and_then(|base| named(base, "_name_or_path", Strength::Weak)));
    }
    let mut found = metadata::merged(found);
    // A release is not its own base: `_name_or_path` is its own id where someone loaded it and saved it again.
    if let Some(own) = release.repo_id() {
        let own = own.to_string();
        found.retain(|base| !base.value.eq_ignore_ascii_case(&own));
    }
    found
}

/// The relation that the files show, whichever base they name.
pub(super) fn relation(
    release: &Release,
    contents: &Contents,
    bases: &[Evidence<String>],
) -> Option<Evidence<Relation>> {
    if let Some(file) = MERGE_CONFIG.iter().find_map(|name| release.find(name)) {
        return Some(Evidence::strong(Relation::Merge, Label::file(file.id, "mergekit writes this file")));
    }
    if let Some(label) = &contents.adapter {
        return Some(Evidence::strong(Relation::Adapter, label.clone()));
    }
    if let Some(quantized) = &contents.quantized {
        let proof = quantized.proof.clone();
        return Some(Evidence { value: Relation::Quantized, strength: quantized.strength, proof });
    }
    let trace = contents.trained_here.first().filter(|_| !bases.is_empty())?;
    Some(Evidence::weak(Relation::Finetune, trace.clone()))
}

/// Whether GGUF files bear the name of a model, so that they are this model in another form, and not one trained from it.
pub fn is_named_after(weights: &Weights<'_>, base: &str) -> bool {
    let name = letters(base.rsplit('/').next().unwrap_or(base));
    !name.is_empty()
        && weights.gguf().any(|(file, gguf)| {
            let named = gguf.get("general.name").and_then(|value| value.as_str());
            named.into_iter().chain([file.path.name()]).any(|text| letters(text).starts_with(&name))
        })
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A base that a configuration names; nothing for a path, and weak for what may be one.
fn named((text, span): Spanned<'_>, key: &str, strength: Strength) -> Option<Evidence<String>> {
    let label = Label::at(span, format!("`{key}` names {text}"));
    if let Some(id) = readings::with_owner(text) {
        return Some(Evidence { value: id.to_owned(), strength, proof: vec![label] });
    }
    if !is_id(text) {
        return None;
    }
    // Without an owner it is a folder's name, or one of the old names.
    let doubtful = !text.contains('/') || looks_like_a_path(text);
    if doubtful && (strength == Strength::Weak || !text.contains('/')) {
        return None;
    }
    let strength = if doubtful { Strength::Weak } else { strength };
    Some(Evidence { value: text.to_owned(), strength, proof: vec![label] })
}

fn merged_models(release: &Release) -> Vec<Evidence<String>> {
    let file = MERGE_CONFIG.iter().find_map(|name| release.find(name));
    let Some(source) = file.and_then(|file| release.text(file.id).ok()) else { return Vec::new() };
    if source.text().len() > MAX_MERGE_BYTES {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut at = 0;
    for line in source.text().split_inclusive('\n') {
        if let Some(model) = model_of(line)
            && let Some(start) = line.find(model)
            && is_id(model)
            && model.contains('/')
            && found.len() < MAX_MERGED
        {
            found.push(merge_evidence(source, at + start, model));
        }
        at += line.len();
    }
    found
}

fn merge_evidence(source: &SourceFile, at: usize, model: &str) -> Evidence<String> {
    let span = source.span(at, at + model.len());
    let label = Label::at(span, format!("mergekit merged {model}"));
    if looks_like_a_path(model) {
        Evidence::weak(model.to_owned(), label)
    } else {
        Evidence::strong(model.to_owned(), label)
    }
}

/// The model of a line such as `- model: owner/name+owner/lora  # comment`. mergekit's files are plain block YAML, one
/// value a line.
fn model_of(line: &str) -> Option<&str> {
    let line = line.trim_start_matches([' ', '-', '\t']);
    let (key, value) = line.split_once(':')?;
    if !["model", "base_model", "path"].contains(&key.trim()) {
        return None;
    }
    let value = value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    Some(value.split(['+', '@']).next().unwrap_or_default())
}

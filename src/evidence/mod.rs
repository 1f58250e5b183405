//! What the files of a release show, each fact with its proof: the task, the library, the base models, the license, the
//! datasets, and what the weights are.
//!
//! This module deduces; it judges nothing. [`Facts::gather`] never looks at the model card, so that a rule may hold the card
//! against the facts; what the card says is apart, in `claims`. It does not know what a rule is, and asks no
//! network. Where the files leave room for doubt the evidence is [`Strength::Weak`] or absent: a fix may write what is
//! [`Strength::Strong`], and nothing else, unasked.

mod base_model;
mod contents;
mod downloads;
mod emissions;
mod language;
mod library;
mod license;
mod metadata;
mod records;
pub mod remote_code;
mod repo_name;
mod subject;
mod tags;
mod task;
mod weights;

pub use base_model::{Relation, is_named_after};
pub use contents::{Contents, WHOLE_MODELS};
pub use downloads::counted;
pub use emissions::{grams, measured, rounded};
pub use license::license_files;
pub(crate) use metadata::merged;
pub(crate) use repo_name::id_in_url;
pub use repo_name::{is_id, looks_like_a_path};
pub use subject::Subject;
pub(crate) use task::is_of_senses;
pub use task::{PROCESSORS, Task};
pub(crate) use weights::is_training_state;
pub use weights::{WeightFile, Weights};

use crate::configs::Configs;
use crate::diagnostic::Label;
use crate::release::Release;

/// How far evidence can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Likely: worth a question to a person, or an unsafe fix.
    Weak,
    /// The files leave no other reading: a safe fix may write it.
    Strong,
}

/// A value that files show, and where they show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence<T> {
    /// The value, as the card's metadata would hold it.
    pub value: T,
    /// How sure it is.
    pub strength: Strength,
    /// What shows it. A text reads on its own: "`architectures` names LlamaForCausalLM".
    pub proof: Vec<Label>,
}

impl<T> Evidence<T> {
    /// A value that follows from the files.
    pub fn strong(value: T, proof: Label) -> Self {
        Self { value, strength: Strength::Strong, proof: vec![proof] }
    }

    /// A value that the files suggest.
    pub fn weak(value: T, proof: Label) -> Self {
        Self { value, strength: Strength::Weak, proof: vec![proof] }
    }

    /// Whether a safe fix may write the value.
    pub fn is_strong(&self) -> bool {
        self.strength == Strength::Strong
    }

    /// The same evidence for something that follows from the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Evidence<U> {
        Evidence { value: change(self.value), strength: self.strength, proof: self.proof }
    }

    /// The same evidence with no more than this strength.
    #[must_use]
    pub fn at_most(mut self, strength: Strength) -> Self {
        self.strength = self.strength.min(strength);
        self
    }
}

/// Everything that the files of one release show, its card aside.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// `pipeline_tag`.
    pub task: Task,
    /// `library_name`: a key that the Hub knows.
    pub library: Option<Evidence<String>>,
    /// Every library that could load the files, [`Facts::library`] included: a card that names one of them is not wrong.
    pub plausible_libraries: Vec<&'static str>,
    /// `base_model`: ids on the Hub, in the files' order, each once.
    pub base_models: Vec<Evidence<String>>,
    /// `base_model_relation`.
    pub relation: Option<Evidence<Relation>>,
    /// `license`: an id of the Hub, from a license text at the root.
    pub license: Option<Evidence<&'static str>>,
    /// `license_name`, where the text is a known license that the Hub calls `other`.
    pub license_name: Option<Evidence<&'static str>>,
    /// `datasets`: ids on the Hub, each once.
    pub datasets: Vec<Evidence<String>>,
    /// `language`: codes that the Hub knows, each once.
    pub languages: Vec<Evidence<String>>,
    /// `co2_eq_emissions`, in grams.
    pub emissions: Option<Evidence<f64>>,
    /// `tags` that tools give to what they make.
    pub tags: Vec<Evidence<&'static str>>,
    /// What the weights are, and what training left.
    pub contents: Contents,
}

impl Facts {
    /// Deduces everything once. Reads configurations, license texts and the headers of weights; never the card.
    pub fn gather(release: &Release, configs: &Configs<'_>, weights: &Weights<'_>) -> Self {
        let contents = contents::gather(release, configs, weights);
        let license = license::gather(release).or_else(|| metadata::license(weights));
        let library = library::gather(release, configs, weights);
        let base_models = base_model::gather(release, configs, weights, &contents);
        Self {
            task: task::gather(release, configs, weights, &contents),
            library: library.one,
            plausible_libraries: library.plausible,
            relation: base_model::relation(release, &contents, &base_models),
            base_models,
            license: license.clone().map(|found| found.map(|license| license.id)),
            license_name: license.and_then(|found| {
                let name = found.value.name?;
                Some(found.map(|_| name))
            }),
            datasets: metadata::merged(metadata::datasets(weights).into_iter().chain(records::datasets(configs))),
            languages: language::gather(configs, weights),
            emissions: emissions::gather(release),
            tags: tags::gather(release, configs, &contents),
            contents,
        }
    }
}

#[cfg(test)]
mod tests;

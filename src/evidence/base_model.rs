//! The base models, and how the release came from them.

use super::{Contents, Evidence, Weights};
use crate::configs::Configs;
use crate::release::Release;

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

pub(super) fn gather(_: &Release, _: &Configs<'_>, _: &Weights<'_>) -> Vec<Evidence<String>> {
    Vec::new()
}

pub(super) fn relation(_: &Release, _: &Configs<'_>, _: &Contents) -> Option<Evidence<Relation>> {
    None
}

//! What is checked: a release, and everything that is read from it at most once.

use std::sync::OnceLock;

use super::{Facts, Weights};
use crate::configs::Configs;
use crate::release::Release;

/// A release together with what its files show. Nothing is read before a rule asks.
pub struct Subject<'r> {
    release: &'r Release,
    configs: Configs<'r>,
    weights: Weights<'r>,
    facts: OnceLock<Facts>,
}

impl<'r> Subject<'r> {
    /// Nothing is read yet.
    pub fn new(release: &'r Release) -> Self {
        Self { release, configs: Configs::new(release), weights: Weights::new(release), facts: OnceLock::new() }
    }

    /// The files that would be pushed.
    pub fn release(&self) -> &'r Release {
        self.release
    }

    /// config.json and its relatives.
    pub fn configs(&self) -> &Configs<'r> {
        &self.configs
    }

    /// Every file by content, with the headers of weight files.
    pub fn weights(&self) -> &Weights<'r> {
        &self.weights
    }

    /// What the files prove, without the card.
    pub fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| Facts::gather(self.release, &self.configs, self.weights()))
    }
}

//! config.json and its relatives as trees with positions, and thin views that know the keys others ask for.
//!
//! This module knows the names and keys of the files that libraries write beside weights. It does not know what a key's
//! value means for the release (that is evidence), what a card says, or what is wrong with a file: a broken JSON keeps
//! what was read of it. A value of another type than the key's is not a value.

mod adapter;
mod diffusers;
mod model;
mod sentence_transformers;
mod templates;

use std::sync::OnceLock;

pub use adapter::AdapterConfig;
pub use diffusers::ModelIndex;
pub use model::ModelConfig;
pub use sentence_transformers::{Modules, SentenceTransformersConfig};

use crate::release::Release;
use crate::source::json;
use crate::source::tree::{NodeRef, Tree};
use crate::source::{FileId, Span};

/// Text of a file and its place, quotes included.
pub type Spanned<'c> = (&'c str, Span);

/// One JSON file.
#[derive(Debug)]
pub struct Config {
    file: FileId,
    tree: Tree,
}

impl Config {
    /// The file.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// What was read of it.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The value of a key of the outermost object.
    pub fn get(&self, key: &str) -> Option<NodeRef<'_>> {
        self.tree.root()?.get(key)
    }

    /// The string under a key of an object in the outermost one.
    pub fn string_in(&self, above: &str, key: &str) -> Option<Spanned<'_>> {
        self.get(above)?.get(key).and_then(string)
    }

    /// The string under a key of the outermost object.
    pub fn string(&self, key: &str) -> Option<Spanned<'_>> {
        self.get(key).and_then(string)
    }
}

/// The configurations of a release. A file is read when it is first asked for, and kept.
#[derive(Debug)]
pub struct Configs<'r> {
    release: &'r Release,
    read: Vec<OnceLock<Option<Box<Config>>>>,
}

impl<'r> Configs<'r> {
    /// Reads nothing yet.
    pub fn new(release: &'r Release) -> Self {
        Self { release, read: release.files().iter().map(|_| OnceLock::new()).collect() }
    }

    /// Any file read as JSON. `None` when it cannot be read ([`Release::failed_reads`] says why), or when an LFS pointer stands in
    /// its place.
    pub fn json(&self, file: FileId) -> Option<&Config> {
        self.read.get(file.0 as usize)?.get_or_init(|| self.read_json(file)).as_deref()
    }

    /// The file at a path, read as JSON; `None` also when there is no such file.
    pub fn at(&self, path: &str) -> Option<&Config> {
        self.json(self.release.find(path)?.id)
    }

    /// `config.json` at the root.
    pub fn model(&self) -> Option<ModelConfig<'_>> {
        self.model_at("config.json")
    }

    /// A `config.json` anywhere, such as `text_encoder/config.json`.
    pub fn model_at(&self, path: &str) -> Option<ModelConfig<'_>> {
        self.at(path).map(ModelConfig)
    }

    /// `adapter_config.json` at the root.
    pub fn adapter(&self) -> Option<AdapterConfig<'_>> {
        self.adapter_at("adapter_config.json")
    }

    /// An `adapter_config.json` anywhere.
    pub fn adapter_at(&self, path: &str) -> Option<AdapterConfig<'_>> {
        self.at(path).map(AdapterConfig)
    }

    /// `model_index.json`, or else `modular_model_index.json`: a diffusers pipeline.
    pub fn model_index(&self) -> Option<ModelIndex<'_>> {
        self.at("model_index.json").or_else(|| self.at("modular_model_index.json")).map(ModelIndex)
    }

    /// `modules.json`: the modules of a sentence-transformers model.
    pub fn modules(&self) -> Option<Modules<'_>> {
        self.at("modules.json").map(Modules)
    }

    /// `config_sentence_transformers.json`.
    pub fn sentence_transformers(&self) -> Option<SentenceTransformersConfig<'_>> {
        self.at("config_sentence_transformers.json").map(SentenceTransformersConfig)
    }

    /// `config_setfit.json`.
    pub fn setfit(&self) -> Option<&Config> {
        self.at("config_setfit.json")
    }

    /// `open_clip_config.json`.
    pub fn open_clip(&self) -> Option<&Config> {
        self.at("open_clip_config.json")
    }

    fn read_json(&self, file: FileId) -> Option<Box<Config>> {
        if self.release.file(file)?.lfs.is_some() {
            return None;
        }
        let source = self.release.text(file).ok()?;
        let (tree, _) = json::tree(file, source.text());
        Some(Box::new(Config { file, tree }))
    }
}

/// The text of a string, not of a number or a word.
fn string(node: NodeRef<'_>) -> Option<Spanned<'_>> {
    if node.style() == Some(crate::source::tree::Style::Plain) {
        return None;
    }
    Some((node.text()?, node.span()))
}

/// A whole number that is not negative.
fn number(node: NodeRef<'_>) -> Option<u64> {
    node.text()?.parse().ok()
}

#[cfg(test)]
mod tests;

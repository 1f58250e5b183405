//! modules.json and config_sentence_transformers.json, as sentence-transformers writes them.

use super::{Config, Spanned, string};
use crate::source::FileId;
use crate::source::tree::NodeRef;

/// A modules.json.
#[derive(Clone, Copy, Debug)]
pub struct Modules<'c>(pub(super) &'c Config);

impl<'c> Modules<'c> {
    /// The file.
    pub fn file(self) -> FileId {
        self.0.file()
    }

    /// The modules' classes, in order, with the module they come from: `sentence_transformers.models.Pooling`.
    pub fn types(self) -> impl Iterator<Item = Spanned<'c>> {
        self.entries().filter_map(|entry| string(entry.get("type")?))
    }

    /// The modules' folders, in order; empty for one that lies at the root.
    pub fn paths(self) -> impl Iterator<Item = Spanned<'c>> {
        self.entries().filter_map(|entry| string(entry.get("path")?))
    }

    fn entries(self) -> impl Iterator<Item = NodeRef<'c>> {
        self.0.tree().root().into_iter().flat_map(NodeRef::items)
    }
}

/// A config_sentence_transformers.json.
#[derive(Clone, Copy, Debug)]
pub struct SentenceTransformersConfig<'c>(pub(super) &'c Config);

impl<'c> SentenceTransformersConfig<'c> {
    /// The file.
    pub fn file(self) -> FileId {
        self.0.file()
    }

    /// `model_type` (since 5.0): `SentenceTransformer`, `SparseEncoder` or `CrossEncoder`.
    pub fn model_type(self) -> Option<Spanned<'c>> {
        self.0.string("model_type")
    }
}

//! model_index.json, as diffusers writes it.

use super::{Config, Spanned, string};
use crate::source::{FileId, Span};

/// A model_index.json or modular_model_index.json.
#[derive(Clone, Copy, Debug)]
pub struct ModelIndex<'c>(pub(super) &'c Config);

/// A part of a pipeline, in a folder of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component<'c> {
    /// Its name and folder: `unet`.
    pub name: &'c str,
    /// Where its name is written.
    pub span: Span,
    /// The library of its class; `None` when the pipeline goes without this part.
    pub library: Option<Spanned<'c>>,
    /// Its class; `None` when the pipeline goes without this part.
    pub class: Option<Spanned<'c>>,
}

impl<'c> ModelIndex<'c> {
    /// The file.
    pub fn file(self) -> FileId {
        self.0.file()
    }

    /// `_class_name`: the pipeline's class. A custom pipeline may write `[module, class]`; then the class.
    pub fn class_name(self) -> Option<Spanned<'c>> {
        let node = self.0.get("_class_name")?;
        string(node).or_else(|| node.items().filter_map(string).last())
    }

    /// The parts of the pipeline, in order.
    pub fn components(self) -> impl Iterator<Item = Component<'c>> {
        let pairs = self.0.tree().root().into_iter().flat_map(|root| root.pairs());
        pairs.filter(|(_, value)| value.is_sequence()).filter_map(|(key, value)| {
            let name = key.text().filter(|name| !name.starts_with('_'))?;
            let mut items = value.items();
            let library = items.next().and_then(string);
            let class = items.next().and_then(string);
            Some(Component { name, span: key.span(), library, class })
        })
    }
}

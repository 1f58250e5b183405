//! The index of a model in several files: `model.safetensors.index.json`, `pytorch_model.bin.index.json`.

use crate::source::Span;
use crate::source::tree::{Style, Tree};

/// What an index says, with the places where it says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// `metadata.total_size`: bytes of all tensors together, as the program that wrote it counts them.
    pub total_size: Option<(u64, Span)>,
    /// `weight_map`: each tensor with its shard, in order, repeated names kept.
    pub weights: Vec<Mapped>,
}

/// One line of `weight_map`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// The tensor's name.
    pub tensor: String,
    /// Where the name stands.
    pub tensor_span: Span,
    /// The file it should be in, relative to the index; empty where the value is not a string.
    pub shard: String,
    /// Where the file's name stands.
    pub shard_span: Span,
}

impl Index {
    /// Takes a text that was read already.
    pub fn from_tree(tree: &Tree) -> Self {
        let Some(root) = tree.root() else { return Self::default() };
        let total = root.get("metadata").and_then(|metadata| metadata.get("total_size"));
        let total_size = total.and_then(|node| Some((whole(node.text()?)?, node.span())));
        let pairs = root.get("weight_map").into_iter().flat_map(|map| map.pairs());
        let weights = pairs.map(|(name, shard)| Mapped {
            tensor: name.text().unwrap_or_default().to_owned(),
            tensor_span: name.span(),
            shard: match (shard.style(), shard.text()) {
                (Some(Style::DoubleQuoted), Some(text)) => text.to_owned(),
                _ => String::new(),
            },
            shard_span: shard.span(),
        });
        Self { total_size, weights: weights.collect() }
    }
}

/// A whole number; some tools write it as `1234.0`.
fn whole(text: &str) -> Option<u64> {
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, json};

    fn read(file: FileId, text: &str) -> (Index, Vec<json::JsonError>) {
        let (tree, errors) = json::tree(file, text);
        (Index::from_tree(&tree), errors)
    }

    #[test]
    fn an_index_is_read_with_its_places() {
        let text = r#"{"metadata": {"total_size": 12.0}, "weight_map": {"a": "x-2.safetensors", "b": "x-1.safetensors", "a": 3}}"#;
        let (index, errors) = read(FileId(4), text);
        assert!(errors.is_empty());
        assert_eq!(index.total_size.map(|(size, span)| (size, &text[span.range()])), Some((12, "12.0")));
        let weights: Vec<_> =
            index.weights.iter().map(|line| (line.tensor.as_str(), &text[line.shard_span.range()])).collect();
        assert_eq!(weights, [("a", "\"x-2.safetensors\""), ("b", "\"x-1.safetensors\""), ("a", "3")]);
        let shards: Vec<_> = index.weights.iter().map(|line| line.shard.as_str()).collect();
        assert_eq!(shards, ["x-2.safetensors", "x-1.safetensors", ""]);
    }

    #[test]
    fn a_broken_index_keeps_its_start() {
        let (index, errors) = read(FileId(0), r#"{"weight_map": {"a": "s", "b": "t" "c""#);
        assert_eq!((index.weights.len(), errors.len()), (2, 1));
        assert_eq!(read(FileId(0), "[]").0, Index::default());
    }
}

//! What GGUF headers say of a model.

use std::collections::BTreeMap;

use super::Row;
use crate::draft::Material;
use crate::release::File;
use crate::weights::gguf::{Gguf, Value};
use crate::words::grouped;

/// The headers of the model's files; a projector for images is another model.
fn models<'m>(material: &Material<'m>) -> impl Iterator<Item = &'m Gguf> {
    model_files(material).map(|(_, gguf)| gguf)
}

/// The same with the files.
fn model_files<'m>(material: &Material<'m>) -> impl Iterator<Item = (&'m File, &'m Gguf)> {
    material.weights().gguf().filter(is_model_file)
}

fn is_model_file((_, gguf): &(&File, &Gguf)) -> bool {
    let text = |key: &str| gguf.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    text("general.architecture") != "clip" && !matches!(text("general.type").as_str(), "mmproj" | "adapter")
}

/// `general.architecture`, when every file has the same.
pub(super) fn architecture<'m>(material: &Material<'m>) -> Option<&'m str> {
    let mut names = models(material).map(|gguf| gguf.get("general.architecture").and_then(Value::as_str));
    let first = names.next()??;
    names.all(|name| name == Some(first)).then_some(first)
}

/// The elements by type of the one model file, and the file. Several may be the same model in several forms, or parts of
/// one.
pub(super) fn counts<'m>(material: &Material<'m>) -> Option<(&'m File, BTreeMap<&'static str, u64>)> {
    let mut models = model_files(material);
    let (file, only) = models.next()?;
    let parts = only.get("split.count").and_then(Value::as_u64).unwrap_or(1);
    if models.next().is_some() || parts > 1 {
        return None;
    }
    let mut counts = BTreeMap::new();
    for tensor in &only.tensors {
        let (name, elements) = (tensor.kind.name()?, tensor.elements()?);
        let total: &mut u64 = counts.entry(name).or_default();
        *total = total.saturating_add(elements);
    }
    Some((file, counts))
}

/// Context, vocabulary and dimensions, where every file says the same.
pub(super) fn sizes(material: &Material<'_>) -> Vec<Row> {
    let Some(architecture) = architecture(material) else { return Vec::new() };
    let agreed = |value: &dyn Fn(&Gguf) -> Option<u64>| {
        // Only the first part of a split model has the keys.
        let mut values = models(material).filter_map(value);
        let first = values.next()?;
        values.all(|value| value == first).then_some(first)
    };
    let number = |key: &str| agreed(&|gguf| gguf.get(&format!("{architecture}.{key}"))?.as_u64());
    let tokens = agreed(&|gguf| match gguf.get("tokenizer.ggml.tokens")? {
        Value::Array(count) => Some(*count),
        Value::Strings(words) => Some(words.len() as u64),
        _ => None,
    });
    let found = [
        ("Context length", number("context_length").map(|tokens| format!("{} tokens", grouped(tokens)))),
        ("Vocabulary", number("vocab_size").or(tokens).map(grouped)),
        ("Layers", number("block_count").map(grouped)),
        ("Hidden size", number("embedding_length").map(grouped)),
        ("Attention heads", number("attention.head_count").map(grouped)),
    ];
    found.into_iter().filter_map(|(name, value)| Some(Row::new(name, value?, "GGUF header"))).collect()
}

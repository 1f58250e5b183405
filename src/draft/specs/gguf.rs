//! What GGUF headers say of a model.

use std::collections::BTreeMap;

use super::Row;
use crate::draft::Material;
use crate::evidence::WeightFile;
use crate::release::File;
use crate::weights::Contents;
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

/// How a file is stored, as people choose among files: by its header, or else by its name.
pub(super) fn form(found: WeightFile<'_>) -> Option<String> {
    let by_header = match &found.weight.contents {
        Contents::Gguf(gguf) => gguf.get("general.file_type").and_then(Value::as_u64),
        _ => None,
    };
    let named = || {
        let name = found.file.path.name().to_ascii_uppercase();
        FORMS.iter().map(|(_, form)| *form).filter(|form| name.contains(form)).max_by_key(|form| form.len())
    };
    let known = |kind: u64| FORMS.iter().find(|(number, _)| u64::from(*number) == kind).map(|(_, form)| *form);
    // A name says more than the header, which has one number for mixtures of the same bits.
    named().or_else(|| by_header.and_then(known)).map(str::to_owned)
}

/// `general.file_type` in words (`llama_ftype` of llama.cpp).
const FORMS: [(u8, &str); 34] = [
    (0, "F32"),
    (1, "F16"),
    (2, "Q4_0"),
    (3, "Q4_1"),
    (7, "Q8_0"),
    (8, "Q5_0"),
    (9, "Q5_1"),
    (10, "Q2_K"),
    (11, "Q3_K_S"),
    (12, "Q3_K_M"),
    (13, "Q3_K_L"),
    (14, "Q4_K_S"),
    (15, "Q4_K_M"),
    (16, "Q5_K_S"),
    (17, "Q5_K_M"),
    (18, "Q6_K"),
    (19, "IQ2_XXS"),
    (20, "IQ2_XS"),
    (21, "Q2_K_S"),
    (22, "IQ3_XS"),
    (23, "IQ3_XXS"),
    (24, "IQ1_S"),
    (25, "IQ4_NL"),
    (26, "IQ3_S"),
    (27, "IQ3_M"),
    (28, "IQ2_S"),
    (29, "IQ2_M"),
    (30, "IQ4_XS"),
    (31, "IQ1_M"),
    (32, "BF16"),
    (36, "TQ1_0"),
    (37, "TQ2_0"),
    (38, "MXFP4_MOE"),
    (39, "NVFP4"),
];

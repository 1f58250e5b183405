//! A table of technical facts: only what headers and configurations say, each with the file that says it.

mod gguf;
mod parameters;

#[cfg(test)]
mod tests;

pub use parameters::{Counted, counted, counted_gguf};

use std::borrow::Cow;

use super::Material;
use super::material::is_plain;
use crate::bytes::Format;
use crate::claims::sections::SPECS_HEAD;
use crate::configs::ModelConfig;
use crate::weights::Contents;
use crate::words::{grouped, size};

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The file that says so, or what kind of files.
    pub source: String,
}

impl Row {
    fn new(name: &str, value: impl Into<String>, source: &str) -> Self {
        Self { name: name.to_owned(), value: value.into(), source: source.to_owned() }
    }
}

/// So many files are listed one by one.
const MAX_FILES: usize = 32;

/// The facts, in the order in which people ask for them.
pub fn rows(material: &Material<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    rows.extend(architecture(material));
    rows.extend(parameters::rows(material));
    rows.extend(adapter(material));
    match material.configs().model() {
        Some(model) => rows.extend(sizes(material, model)),
        None => rows.extend(gguf::sizes(material)),
    }
    rows.extend(embedding(material));
    // Of GGUF files each says its own.
    if !material.facts().contents.only_gguf {
        rows.extend(quantization(material));
    }
    rows.extend(files(material));
    rows
}

/// The facts as a table; nothing where there are none.
pub fn table(material: &Material<'_>) -> Option<String> {
    let rows = rows(material);
    if rows.is_empty() {
        return None;
    }
    let mut text = format!("{SPECS_HEAD} Value | Source |\n|---|---|---|\n");
    for Row { name, value, source } in rows {
        text.push_str(&format!("| {name} | {value} | {source} |\n"));
    }
    Some(text)
}

fn architecture(material: &Material<'_>) -> Option<Row> {
    if let Some(index) = material.configs().model_index() {
        // Or modular_model_index.json.
        let file = material.release().file(index.file())?.path.as_str();
        return architecture_row(index.class_name()?.0, &format!("`{file}`"));
    }
    if let Some(model) = material.configs().model() {
        let named = model.timm_architecture().or_else(|| model.architectures().next());
        let named = named.or_else(|| model.config().string("_class_name"));
        return architecture_row(named?.0, "`config.json`");
    }
    gguf::architecture(material).and_then(|name| architecture_row(name, "GGUF header"))
}

fn architecture_row(name: &str, source: &str) -> Option<Row> {
    is_plain(name).then(|| Row::new("Architecture", format!("`{name}`"), source))
}

/// Numbers of config.json, those of a part for text included.
fn sizes(material: &Material<'_>, model: ModelConfig<'_>) -> Vec<Row> {
    let number = |keys: &[&str]| {
        keys.iter().find_map(|key| {
            let nested = || model.get("text_config")?.get(key)?.text()?.parse::<u64>().ok();
            model.number(key).map(|(number, _)| number).or_else(nested)
        })
    };
    let source = "`config.json`";
    let mut rows = Vec::new();
    let positions = context_length(model, number(&["max_position_embeddings", "n_positions", "max_seq_len"]));
    let length = positions.map(|tokens| (tokens, source.to_owned())).into_iter().chain(encoder_lengths(material));
    if let Some((tokens, source)) = length.min_by_key(|(tokens, _)| *tokens) {
        rows.push(Row::new("Context length", format!("{} tokens", grouped(tokens)), &source));
    }
    for (name, keys) in [
        ("Vocabulary", &["vocab_size"][..]),
        ("Layers", &["num_hidden_layers", "n_layer", "n_layers", "num_layers"]),
        ("Hidden size", &["hidden_size", "n_embd", "d_model"]),
        ("Attention heads", &["num_attention_heads", "n_head", "n_heads"]),
    ] {
        rows.extend(number(keys).filter(|number| *number > 0).map(|number| Row::new(name, grouped(number), source)));
    }
    rows
}

/// Where an encoder of sentences cuts a text: sentence-transformers' own setting, and the tokenizer's.
fn encoder_lengths(material: &Material<'_>) -> Vec<(u64, String)> {
    if material.configs().modules().is_none() {
        return Vec::new();
    }
    let places = [
        ("sentence_bert_config.json", "max_seq_length"),
        ("0_Transformer/sentence_bert_config.json", "max_seq_length"),
        ("tokenizer_config.json", "model_max_length"),
    ];
    let found = places.iter().filter_map(|(path, key)| {
        let tokens: u64 = material.configs().at(path)?.get(key)?.text()?.parse().ok()?;
        (tokens > 0).then(|| (tokens, format!("`{path}`")))
    });
    found.collect()
}

/// Models whose positions begin after the padding token's number, as RoBERTa's do.
const PADDED_POSITIONS: &[&str] = &[
    "camembert",
    "data2vec-text",
    "ibert",
    "layoutlmv3",
    "longformer",
    "luke",
    "mpnet",
    "roberta",
    "roberta-prelayernorm",
    "xlm-roberta",
    "xlm-roberta-xl",
];

/// How many tokens fit; nothing for models whose positions have no end (T5 keeps `n_positions` of another age).
fn context_length(model: ModelConfig<'_>, positions: Option<u64>) -> Option<u64> {
    let model_type = model.model_type().map_or("", |(name, _)| name);
    if matches!(model_type, "t5" | "mt5" | "umt5" | "longt5") {
        return None;
    }
    let reserved = if PADDED_POSITIONS.contains(&model_type) {
        1 + model.number("pad_token_id").map_or(1, |(number, _)| number)
    } else {
        0
    };
    positions?.checked_sub(reserved).filter(|tokens| *tokens > 0)
}

/// What PEFT says of an adapter.
fn adapter(material: &Material<'_>) -> Option<Row> {
    let adapter = material.configs().adapter()?;
    let (kind, _) = adapter.peft_type().filter(|(kind, _)| is_plain(kind))?;
    let number = |key: &str| adapter.config().get(key)?.text()?.parse::<u64>().ok();
    let mut value = kind.to_owned();
    for (name, key) in [("rank", "r"), ("alpha", "lora_alpha")] {
        if let Some(number) = number(key) {
            value.push_str(&format!(", {name} {number}"));
        }
    }
    Some(Row::new("Adapter", value, "`adapter_config.json`"))
}

/// How long a sentence's vector is: what the pooling module says, where that is the last one that changes it.
fn embedding(material: &Material<'_>) -> Option<Row> {
    let modules = material.configs().modules()?;
    if !modules.types().all(|(class, _)| keeps_the_dimension(class)) {
        return None;
    }
    let folder = modules.paths().map(|(path, _)| path).find(|path| path.ends_with("Pooling"))?;
    let config = material.configs().at(&format!("{folder}/config.json"))?;
    let node = config.get("embedding_dimension").or_else(|| config.get("word_embedding_dimension"))?;
    let dimension: u64 = node.text()?.parse().ok()?;
    // Several ways of pooling at once are put one after the other.
    let flags = ["pooling_mode_cls_token", "pooling_mode_mean_tokens", "pooling_mode_max_tokens"];
    let modes = flags.iter().filter(|key| config.get(key).and_then(|node| node.text()) == Some("true")).count();
    if modes > 1 || !is_plain(folder) {
        return None;
    }
    Some(Row::new("Embedding dimension", grouped(dimension), &format!("`{folder}/config.json`")))
}

fn keeps_the_dimension(class: &str) -> bool {
    let last = class.rsplit('.').next().unwrap_or_default();
    matches!(last, "Transformer" | "Pooling" | "Normalize" | "Dropout" | "LayerNorm")
}

fn quantization(material: &Material<'_>) -> Option<Row> {
    let found = material.facts().contents.quantized.as_ref()?;
    let method = Some(found.value.method.as_str()).filter(|method| is_plain(method))?;
    let bits = found.value.bits.map_or(String::new(), |bits| format!(", {bits} bits"));
    let file = found.proof.first().and_then(|proof| material.release().file(proof.place.file()?));
    let source = file.map_or("", |file| file.path.as_str());
    let source = if is_plain(source) { format!("`{source}`") } else { String::new() };
    Some(Row::new("Quantization", format!("{method}{bits}"), &source))
}

/// The weight files: each GGUF file, since people choose among them; of other formats number and bytes.
fn files(material: &Material<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut kinds: Vec<(Cow<'_, str>, u64, u64)> = Vec::new();
    for found in material.weights().files() {
        let path = found.file.path.as_str();
        let is_gguf = found.weight.format == Format::Gguf || matches!(found.weight.contents, Contents::Gguf(_));
        if is_gguf && rows.len() < MAX_FILES && is_plain(path) {
            let form = gguf::form(found);
            let name = form.map_or("File".to_owned(), |form| format!("File, {form}"));
            rows.push(Row::new(&name, size(found.size()), &format!("`{path}`")));
            continue;
        }
        let extension = Some(found.file.path.extension()).filter(|extension| is_plain(extension));
        let kind = extension.unwrap_or(Cow::Borrowed("other"));
        match kinds.iter_mut().find(|(known, ..)| *known == kind) {
            Some((_, count, sum)) => (*count, *sum) = (*count + 1, sum.saturating_add(found.size())),
            None => kinds.push((kind, 1, found.size())),
        }
    }
    kinds.sort();
    let totals = kinds.into_iter().map(|(kind, count, sum)| {
        let files = if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
        Row::new("Weights", format!("{} in {files}", size(sum)), &format!("`*.{kind}`"))
    });
    totals.chain(rows).collect()
}

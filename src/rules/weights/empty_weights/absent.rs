//! No weight file at all, where config.json names a model.

use crate::configs::ModelConfig;
use crate::diagnostic::Label;
use crate::release::File;
use crate::rules::Context;
use crate::weights::expected;

/// A file of no known format may contain weights from this size on.
const LARGE_BYTES: u64 = 1024 * 1024;

/// Files that say that the weights are elsewhere, or come in parts that another rule looks for.
const ELSEWHERE: &[&str] = &["adapter_config.json", "model_index.json", "modular_model_index.json"];

/// Extensions of archives and raw numbers, in which weights may be.
const CONTAINERS: &[&str] = &["bin", "zip", "tar", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "npy", "dat", "data"];

/// Words beside "weights" by which a card says where they are, or that there are none.
const SAID: &[&str] = &[
    "not",
    "no",
    "without",
    "soon",
    "request",
    "available",
    "download",
    "hosted",
    "released",
    "elsewhere",
    "separate",
    "separately",
    "base",
    "original",
    "only",
];

/// Words in the name or title of a repository that is not meant to contain a model.
const PARTS: &[&str] = &["tokenizer", "tokeniser", "processor", "config", "vocab"];

/// Where config.json names a model whose weights are nowhere.
pub(super) fn absent(cx: &Context<'_>) -> Option<Label> {
    let model = cx.configs().model()?;
    let (_, span) = model.architectures().next()?;
    let release = cx.release();
    let is_used =
        ["README.md", "generation_config.json", "tokenizer_config.json", "tokenizer.json", "preprocessor_config.json"]
            .iter()
            .any(|name| release.find(name).is_some());
    let is_hidden = release.left_out().iter().any(|left| expected(&left.path).is_some())
        || release.problems().iter().any(|problem| !problem.path.as_str().is_empty());
    if !is_used || is_hidden || cx.weights().files().next().is_some() || cx.weights().failed().next().is_some() {
        return None;
    }
    if has_own_code(model) || cx.space().is_some() || release.files().iter().any(may_stand_for_weights) {
        return None;
    }
    // The text is read last: it costs more than the names of files.
    (!is_a_part(cx) && !speaks_of_weights(cx)).then(|| Label::at(span, "the model that it names"))
}

/// Classes beside config.json may make their own weights, or fetch them.
fn has_own_code(model: ModelConfig<'_>) -> bool {
    model.auto_map().next().is_some()
}

fn may_stand_for_weights(file: &File) -> bool {
    let name = file.path.name();
    file.missing
        || ELSEWHERE.contains(&name)
        || name.ends_with(".index.json")
        || CONTAINERS.contains(&file.path.extension().as_ref())
        || (file.size >= LARGE_BYTES && !is_read_as_text(file))
}

/// Large files that are not weights: vocabularies, tables, pictures.
fn is_read_as_text(file: &File) -> bool {
    let known =
        ["json", "jsonl", "txt", "md", "csv", "model", "spm", "png", "jpg", "jpeg", "gif", "svg", "pdf", "webp"];
    known.contains(&file.path.extension().as_ref())
}

/// Whether the repository is a tokenizer, by its name or its title.
fn is_a_part(cx: &Context<'_>) -> bool {
    let id = cx.release().repo_id().map(|id| id.to_string().to_ascii_lowercase());
    let title = cx.readme().and_then(|readme| readme.text().lines().find(|line| line.starts_with("# ")));
    let title = title.map(str::to_ascii_lowercase);
    [id, title].iter().flatten().any(|name| PARTS.iter().any(|part| name.contains(part)))
}

/// Whether a line of the card speaks of weights and of where they are.
fn speaks_of_weights(cx: &Context<'_>) -> bool {
    let Some(readme) = cx.readme() else { return false };
    readme.text().lines().map(str::to_ascii_lowercase).any(|line| {
        let mut words = line.split(|letter: char| !letter.is_ascii_alphanumeric());
        let names = line.contains("weights") || line.contains("checkpoint");
        names && words.any(|word| SAID.contains(&word))
    })
}

//! `several-variants`: more than one model in one repository.
//!
//! A repository of many weight files is mostly one model: shards, precisions, exports, the parts of a pipeline, a system
//! of encoders. So only what cannot be read in such a way is reported: several adapters, the same architecture in several folders or
//! several sizes, and quantized copies beside the full weights.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::bytes::Format;
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::WeightFile;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::FileId;
use crate::weights::Contents;
use crate::words::all_of;

use super::names::{folders_with, in_checkpoint, is_size, series, without_size, words};

pub(crate) struct SeveralVariants;

static META: Meta = Meta {
    name: "several-variants",
    section: Section::Weights,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::WEIGHTS_SEPARATE_REPOS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("several_variants.md"),
};

const HELP: &str = "Publish each in its own repository, and show them together in a collection. Harder to find: the Hub has \
                    one page and one download count a repository.";

/// Variants of one sort.
struct Variants<'r> {
    /// What they are: `adapters`.
    what: &'static str,
    /// Their names and files, sorted.
    each: Vec<(String, FileId)>,
    help: &'r str,
    level: Level,
}

impl<'r> Variants<'r> {
    fn of(what: &'static str, each: Vec<(String, FileId)>) -> Self {
        Self { what, each, help: HELP, level: Level::Warning }
    }
}

impl Rule for SeveralVariants {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let weights: Vec<WeightFile<'_>> =
            cx.weights().files().filter(|found| !in_checkpoint(found.file.path.folder())).collect();
        // The first that is found says it all; a repository of small and large adapters is one defect.
        let found = adapters(cx, &weights)
            .or_else(|| lora_folders(cx))
            .or_else(|| lora_files(cx, &weights))
            .or_else(|| pipelines(cx))
            .or_else(|| models(cx, &weights))
            .or_else(|| sizes(&weights))
            .or_else(|| quantized(&weights));
        if let Some(variants) = found {
            report(&variants, out);
        }
    }
}

fn report(variants: &Variants<'_>, out: &mut Sink<'_>) {
    let Some(((_, first), others)) = variants.each.split_first() else { return };
    let number = variants.each.len();
    let names = variants.each.iter().take(4).map(|(name, _)| format!("`{name}`"));
    let names =
        if number > 4 { format!("{}, …", names.take(3).collect::<Vec<_>>().join(", ")) } else { all_of(names) };
    let message = format!("{number} {} in one repository: {names}", variants.what);
    let finding = out.finding_at(variants.level, message, Label::file(*first, "")).help(variants.help);
    out.push(finding.also(others.iter().map(|(_, file)| Label::file(*file, ""))));
}

/// The folders that contain an adapter and its weights.
fn adapters<'r>(cx: &Context<'_>, weights: &[WeightFile<'_>]) -> Option<Variants<'r>> {
    let release = cx.release();
    if cx.configs().model().is_some_and(|model| names_adapters(model.config())) {
        return None;
    }
    let folders = folders_with(release, "adapter_config.json");
    // X-LoRA mixes the adapters below its own folder: they are parts of it.
    let is_mixed = |folder: &&&str| {
        let path =
            if folder.is_empty() { "adapter_config.json".to_owned() } else { format!("{folder}/adapter_config.json") };
        let config = cx.configs().adapter_at(&path);
        config.and_then(|config| config.peft_type()).is_some_and(|(kind, _)| kind == "XLORA")
    };
    let mixtures: Vec<&str> = folders.iter().filter(is_mixed).copied().collect();
    let is_below = |folder: &str| {
        mixtures.iter().any(|mixture| {
            let rest = folder.strip_prefix(mixture);
            folder != *mixture && (mixture.is_empty() || rest.is_some_and(|rest| rest.starts_with('/')))
        })
    };
    let mut each: Vec<(String, FileId)> = Vec::new();
    for folder in folders.into_iter().filter(|folder| !is_below(folder)) {
        let file = weights
            .iter()
            .find(|found| found.file.path.folder() == folder && found.file.path.name().starts_with("adapter_model"));
        if let Some(found) = file {
            each.push((shown(folder), found.file.id));
        }
    }
    // Steps of one training are not variants.
    let bases: BTreeSet<String> = each.iter().map(|(name, _)| without_digits(name)).collect();
    let is_run = bases.len() == 1 && each.iter().all(|(name, _)| name.bytes().any(|byte| byte.is_ascii_digit()));
    (each.len() > 1 && !is_run).then_some(Variants::of("adapters", each))
}

/// A model whose own configuration names its adapters needs all of them at once.
fn names_adapters(config: &crate::configs::Config) -> bool {
    config.tree().nodes().any(|node| node.text().is_some_and(|text| text.to_ascii_lowercase().contains("lora")))
}

/// Folders with a LoRA each, as diffusers writes it, and none at the root, where diffusers looks. A name that differs only
/// by a number is a step of one training: the last one has to stand at the root.
fn lora_folders<'r>(cx: &Context<'_>) -> Option<Variants<'r>> {
    const STEPS: &str = "Copy the best of them to the root, and delete the others. Users cannot load a LoRA that stands only \
                         in folders by the id of the repository.";
    let files = || cx.weights().files().filter(|found| found.file.path.name() == LORA_NAME);
    let at_root = files().any(|found| found.file.path.is_at_root());
    let step = |folder: &str| in_checkpoint(folder) || folder.bytes().any(|byte| byte.is_ascii_digit());
    let each: Vec<(String, FileId)> = files().map(|found| (shown(found.file.path.folder()), found.file.id)).collect();
    let names: BTreeSet<String> = each.iter().map(|(name, _)| without_role(&without_digits(name))).collect();
    let is_run = names.len() == 1 && each.iter().all(|(name, _)| step(name));
    let others = each.iter().filter(|(name, _)| !in_checkpoint(name)).count();
    match (at_root, is_run) {
        (false, true) if each.len() > 1 => {
            Some(Variants { help: STEPS, ..Variants::of("checkpoints of a LoRA", each) })
        }
        (false, false) if others > 1 && names.len() > 1 => Some(Variants::of("LoRA files", each)),
        _ => None,
    }
}

/// The one LoRA of a folder, in diffusers.
const LORA_NAME: &str = "pytorch_lora_weights.safetensors";

/// LoRA files of image models side by side.
fn lora_files<'r>(cx: &Context<'_>, weights: &[WeightFile<'_>]) -> Option<Variants<'r>> {
    let mut folders: BTreeMap<&str, Vec<(String, FileId)>> = BTreeMap::new();
    for found in weights {
        let Contents::Safetensors(header) = &found.weight.contents else { continue };
        let path = &found.file.path;
        // PEFT's own names belong to the folder, which is judged above; diffusers' stands for the one LoRA of a folder.
        let is_plain = path.name().starts_with("adapter_model") || path.name() == LORA_NAME;
        let mut names = header.names().peekable();
        let is_lora = names.peek().is_some()
            && names.all(|name| {
                ["lora_", ".lora", ".alpha", ".dora_scale", ".diff"].iter().any(|mark| name.contains(mark))
            });
        if is_lora && !is_plain {
            folders.entry(path.folder()).or_default().push((series(path), found.file.id));
        }
    }
    for each in folders.into_values() {
        // `style-000004.safetensors`: epochs of one training. The high- and low-noise halves of one video LoRA are one.
        let reduced: BTreeSet<String> = each.iter().map(|(name, _)| without_digits(&without_role(name))).collect();
        // Under one name with additions, such as `lamp` and `lamp_comfyui`, stands one LoRA in two spellings.
        let shortest = reduced.iter().min_by_key(|name| name.len()).cloned().unwrap_or_default();
        let is_one = reduced.iter().all(|name| name.starts_with(&shortest));
        if each.len() > 1 && !is_one && cx.release().find("model_index.json").is_none() {
            return Some(Variants::of("LoRA files", each));
        }
    }
    None
}

/// Whole diffusers pipelines in folders.
fn pipelines<'r>(cx: &Context<'_>) -> Option<Variants<'r>> {
    let release = cx.release();
    let mut each = Vec::new();
    for folder in folders_with(release, "model_index.json") {
        let path = if folder.is_empty() { "model_index.json".to_owned() } else { format!("{folder}/model_index.json") };
        if let Some(file) = release.find(&path) {
            each.push((shown(folder), file.id));
        }
    }
    (each.len() > 1).then_some(Variants::of("pipelines", each))
}

/// Folders with the configuration of a model of the same kind and its weights.
fn models<'r>(cx: &Context<'_>, weights: &[WeightFile<'_>]) -> Option<Variants<'r>> {
    let (release, configs) = (cx.release(), cx.configs());
    if release.find("model_index.json").is_some() || configs.modules().is_some() {
        return None;
    }
    let mut kinds: BTreeMap<String, Vec<(String, FileId, bool)>> = BTreeMap::new();
    for folder in folders_with(release, "config.json") {
        let is_part = words(folder).any(|word| is_role(&word.to_ascii_lowercase()));
        let path = if folder.is_empty() { "config.json".to_owned() } else { format!("{folder}/config.json") };
        let Some(config) = configs.model_at(&path).filter(|_| !is_part) else { continue };
        let holds = |found: &&WeightFile<'_>| {
            let name = found.file.path.name();
            let is_full = found.file.path.folder() == folder;
            let is_whole = name.starts_with("model") || name.starts_with("pytorch_model");
            is_full && is_whole && !name.ends_with(".onnx") && found.weight.named.is_none()
        };
        let (Some((kind, _)), Some(found)) = (config.model_type(), weights.iter().find(holds)) else { continue };
        let is_quantized = config.quantization_config().is_some() || config.get("quantization").is_some();
        kinds.entry(kind.to_owned()).or_default().push((shown(folder), found.file.id, is_quantized));
    }
    let found = kinds.into_values().find(|found| found.len() > 1)?;
    let is_quantized = found.iter().any(|(.., quantized)| *quantized);
    let each = found.into_iter().map(|(name, file, _)| (name, file)).collect();
    let what = if is_quantized { "models, quantized ones among them," } else { "models of the same kind" };
    Some(Variants::of(what, each))
}

/// Files of one folder, or folders beside each other, whose names differ by a size alone.
fn sizes<'r>(weights: &[WeightFile<'_>]) -> Option<Variants<'r>> {
    // Folder, extension and the name without its size; for each, the sizes.
    let mut named: BTreeMap<(&str, Cow<'_, str>, String), BTreeMap<String, SizedWeights>> = BTreeMap::new();
    for found in weights {
        let path = &found.file.path;
        // ONNX files are exports in several precisions, GGUF files quantizations.
        if is_export(found) {
            continue;
        }
        let name = series(path);
        let Some((rest, size)) = without_size(&name) else { continue };
        let same = named.entry((path.folder(), path.extension(), rest)).or_default();
        let sized = same.entry(size).or_insert(SizedWeights { name, file: found.file.id, bytes: 0 });
        sized.bytes = sized.bytes.saturating_add(found.size());
    }
    for same in named.into_values().filter(|same| same.len() > 1) {
        // The same number of bytes under two sizes is a version or a task, not a size.
        let smallest = same.values().map(|sized| sized.bytes).min().unwrap_or_default();
        let largest = same.values().map(|sized| sized.bytes).max().unwrap_or_default();
        if largest > smallest.saturating_add(smallest / 4) {
            let each = same.into_values().map(|sized| (sized.name, sized.file)).collect();
            return Some(Variants::of("sizes of a model", each));
        }
    }
    None
}

/// Whether a file is a copy for another program; a pointer is what its name says.
fn is_export(found: &WeightFile<'_>) -> bool {
    let by_name = ["onnx", "gguf", "tflite"].contains(&found.file.path.extension().as_ref());
    // NeMo archives are what that library trains; other formats without a reader here are exports.
    let is_foreign = found.weight.named.is_some_and(|named| named.id != "nemo");
    by_name || is_foreign || matches!(found.weight.format, Format::Onnx | Format::Gguf | Format::TfLite)
}

/// The weights of one size, shards together.
struct SizedWeights {
    name: String,
    file: FileId,
    bytes: u64,
}

/// Quantized GGUF files beside the full weights they were made of.
fn quantized<'r>(weights: &[WeightFile<'_>]) -> Option<Variants<'r>> {
    const QUANTIZED: &str = "Publish quantized copies in their own repository, with `base_model` and \
                             `base_model_relation: quantized` in its card. The Hub then lists it on this model's page.";
    let full = weights.iter().find(|found| {
        let name = found.file.path.name();
        let is_model = name.starts_with("model") || name.starts_with("pytorch_model");
        found.file.path.is_at_root() && is_model && !is_export(found)
    })?;
    let mut each: BTreeMap<String, FileId> = BTreeMap::new();
    for found in weights.iter().filter(|found| found.file.path.extension() == "gguf") {
        let name = found.file.path.name().to_ascii_lowercase();
        if !name.starts_with("mmproj") && words(&name).any(is_quantization) {
            each.entry(series(&found.file.path)).or_insert(found.file.id);
        }
    }
    // One copy for people without a large machine is a habit; several are a repository of their own.
    let level = match each.len() {
        0 => return None,
        1 => Level::Info,
        _ => Level::Warning,
    };
    let each = each.into_iter().chain([(full.file.path.name().to_owned(), full.file.id)]).collect();
    Some(Variants { what: "forms of a model, full and quantized,", each, help: QUANTIZED, level })
}

/// `q4`, `q8`, `iq2`: what llama.cpp calls a quantization.
fn is_quantization(word: &str) -> bool {
    let digits = word.strip_prefix("iq").or_else(|| word.strip_prefix('q')).or_else(|| word.strip_prefix("tq"));
    digits.is_some_and(|digits| matches!(digits.as_bytes(), [b'1'..=b'8', ..]) && digits.len() <= 2)
}

/// Words in the names of folders that contain a part of a system rather than a variant of a model, or the same model in
/// another form.
fn is_role(word: &str) -> bool {
    const ROLES: &[&str] = &[
        "encoder",
        "decoder",
        "encoders",
        "decoders",
        "tower",
        "query",
        "question",
        "passage",
        "document",
        "doc",
        "context",
        "ctx",
        "text",
        "image",
        "vision",
        "visual",
        "audio",
        "speech",
        "video",
        "actor",
        "critic",
        "reward",
        "value",
        "generator",
        "discriminator",
        "draft",
        "drafter",
        "assistant",
        "reranker",
        "retriever",
        "prior",
        "unet",
        "transformer",
        "vae",
        "controlnet",
        "expert",
        "experts",
        "teacher",
        "student",
        "semantic",
        "coarse",
        "fine",
        "acoustic",
        "codec",
        "tokenizer",
        "vocoder",
        "backbone",
        "head",
        "detector",
        "recognizer",
        "router",
        "embedding",
        "embeddings",
        "embedder",
        "source",
        "target",
        "high",
        "low",
        "stage1",
        "stage2",
        "stage",
        "onnx",
        "openvino",
        "tflite",
        "coreml",
        "original",
        "ema",
        "flax",
        "tf",
        "hf",
        "mtp",
        "eagle",
        "medusa",
        "llm",
        "language",
        "thinker",
        "talker",
        "planner",
    ];
    ROLES.contains(&word)
}

fn without_role(name: &str) -> String {
    words(name)
        .filter(|word| !is_role(word) && !matches!(*word, "noise" | "lownoise" | "highnoise"))
        .collect::<Vec<_>>()
        .join("-")
}

/// A name without its numbers, which count steps and epochs; a size keeps its number.
fn without_digits(name: &str) -> String {
    let kept = words(name).map(|word| {
        let word = word.to_ascii_lowercase();
        if is_size(&word) { word } else { word.trim_matches(|c: char| c.is_ascii_digit()).to_owned() }
    });
    let counts = ["", "step", "steps", "epoch", "e", "s", "iter", "checkpoint", "ckpt", "k"];
    kept.filter(|word| !counts.contains(&word.as_str())).collect::<Vec<_>>().join("-")
}

fn shown(folder: &str) -> String {
    if folder.is_empty() { ".".to_owned() } else { format!("{folder}/") }
}

#[cfg(test)]
mod tests;

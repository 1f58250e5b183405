//! What the weights are, and what training left: enough to tell which questions to a card make sense.

use super::weights::is_training_state;
use super::{Evidence, Weights};
use crate::bytes::Format;
use crate::configs::{Config, Configs};
use crate::diagnostic::Label;
use crate::release::{File, Release};
use crate::source::tree::NodeRef;
use crate::weights::gguf::Gguf;

/// Weights stored with fewer bits than they were trained with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantization {
    /// How, as the file spells it: `gptq`, `awq`, `bitsandbytes`, `mlx`, `Q4_K`.
    pub method: String,
    /// Bits of a weight, where the files say.
    pub bits: Option<u64>,
}

/// What a release contains.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Weights of any format, also as an LFS pointer.
    pub has_weights: bool,
    /// Every weight file is GGUF, and there is at least one.
    pub only_gguf: bool,
    /// The root contains an adapter and no full model beside it.
    pub adapter: Option<Label>,
    /// The weights are quantized. Weak where models are also trained in that form (`fp8`, `mxfp4`). A GGUF file beside the
    /// full weights is an offer, and not what the repository is.
    pub quantized: Option<Evidence<Quantization>>,
    /// What only a training run leaves: trainer_state.json, training_args.bin, optimizers, logs.
    pub trained_here: Vec<Label>,
    /// A tokenizer is among the files: the model reads or writes text, or tokens of another kind.
    pub has_tokenizer: bool,
}

/// The files at the root from which transformers loads a whole model; shards are named by the indexes.
pub const WHOLE_MODELS: [&str; 4] =
    ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"];

/// Forms in which models are published by those who trained them, so that they prove no derivative; bitsandbytes packs
/// weights while they are loaded for training.
const ALSO_NATIVE: &[&str] =
    &["bitsandbytes", "fp8", "mxfp4", "compressed-tensors", "modelopt", "nvfp4", "fbgemm_fp8", "bitnet"];

/// More traces of training than this are not listed.
const MAX_TRACES: usize = 8;

pub(super) fn gather(release: &Release, configs: &Configs<'_>, weights: &Weights<'_>) -> Contents {
    let (mut has_weights, mut only_gguf) = (false, true);
    for found in weights.files() {
        has_weights = true;
        only_gguf &= found.weight.format == Format::Gguf
            || found.weight.format == Format::LfsPointer && found.file.path.extension() == "gguf";
    }
    let traces = release.files().iter().filter(|file| is_training_trace(file));
    Contents {
        has_weights,
        only_gguf: has_weights && only_gguf,
        adapter: adapter(release, configs),
        quantized: quantized(configs).or_else(|| gguf_type(weights).filter(|_| only_gguf)),
        trained_here: traces.take(MAX_TRACES).map(|file| Label::file(file.id, "written by a training run")).collect(),
        has_tokenizer: release.files().iter().any(is_tokenizer)
            || weights.gguf().any(|(_, gguf)| gguf.get("tokenizer.ggml.model").is_some()),
    }
}

/// An adapter's configuration, unless the whole model stands beside it.
fn adapter(release: &Release, configs: &Configs<'_>) -> Option<Label> {
    let file = configs.adapter()?.file();
    let full = |name: &str| release.find(name).is_some();
    if full("config.json") && WHOLE_MODELS.into_iter().any(full) {
        return None;
    }
    Some(Label::file(file, "this file describes an adapter"))
}

fn quantized(configs: &Configs<'_>) -> Option<Evidence<Quantization>> {
    if let Some(model) = configs.model() {
        // What mlx-lm writes; newer versions copy it to `quantization_config`, without a method.
        if let Some(node) = model.get("quantization").filter(|node| node.get("group_size").is_some()) {
            let value = Quantization { method: "mlx".to_owned(), bits: number(node, "bits") };
            return Some(Evidence::strong(
                value,
                Label::at(node.span(), "`quantization` says how mlx packed the weights"),
            ));
        }
        if let Some(node) = model.quantization_config() {
            let method = model.quantization_method().map(|(method, _)| method.to_owned());
            let loads = |key: &str| node.get(key).is_some_and(|flag| flag.text() == Some("true"));
            let bits = ["bits", "w_bit", "num_bits", "nbits"].iter().find_map(|key| number(node, key));
            let bits =
                bits.or_else(|| loads("load_in_4bit").then_some(4)).or_else(|| loads("load_in_8bit").then_some(8));
            let text = match &method {
                Some(method) => format!("`quantization_config` says {method}"),
                None => "`quantization_config` is set".to_owned(),
            };
            let native = method.as_deref().is_none_or(|method| ALSO_NATIVE.contains(&method));
            let value = Quantization { method: method.unwrap_or_default(), bits };
            let label = Label::at(node.span(), text);
            return Some(if native { Evidence::weak(value, label) } else { Evidence::strong(value, label) });
        }
    }
    // Before `quantization_config`, AutoGPTQ and AutoAWQ wrote files of their own.
    let old = [("quantize_config.json", "gptq", "bits"), ("quant_config.json", "awq", "w_bit")];
    old.iter().find_map(|(path, method, key)| old_config(configs.at(path)?, method, key))
}

fn number(node: NodeRef<'_>, key: &str) -> Option<u64> {
    node.get(key)?.text()?.parse().ok()
}

fn old_config(config: &Config, method: &str, key: &str) -> Option<Evidence<Quantization>> {
    let bits = config.get(key)?;
    let value = Quantization { method: method.to_owned(), bits: bits.text()?.parse().ok() };
    Some(Evidence::strong(value, Label::at(bits.span(), format!("{method} packed the weights"))))
}

/// The type of most weights of a GGUF file; of several files, of the first that is quantized.
fn gguf_type(weights: &Weights<'_>) -> Option<Evidence<Quantization>> {
    weights.gguf().find_map(|(file, gguf)| {
        let name = main_type(gguf)?;
        if !name.starts_with(['Q', 'I', 'T', 'M', 'N']) || matches!(name, "I8" | "I16" | "I32" | "I64") {
            return None;
        }
        let digits = name.find(|c: char| c.is_ascii_digit()).and_then(|at| name.get(at..at + 1));
        let bits = digits.and_then(|digit| digit.parse().ok());
        let label = Label::file(file.id, format!("most weights are {name}"));
        Some(Evidence::strong(Quantization { method: name.to_owned(), bits }, label))
    })
}

/// The type that contains the most elements.
fn main_type(gguf: &Gguf) -> Option<&'static str> {
    let mut counts: Vec<(&'static str, u64)> = Vec::new();
    for tensor in &gguf.tensors {
        let (Some(name), Some(elements)) = (tensor.kind.name(), tensor.elements()) else { continue };
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count = count.saturating_add(elements),
            None => counts.push((name, elements)),
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name)
}

fn is_training_trace(file: &File) -> bool {
    let name = file.path.name();
    let logs =
        ["trainer_state.json", "train_results.json", "eval_results.json", "all_results.json", "trainer_log.jsonl"];
    logs.contains(&name) || name.starts_with("events.out.tfevents") || is_training_state_file(name)
}

fn is_training_state_file(name: &str) -> bool {
    is_training_state(name) && [".pt", ".bin", ".pth", ".pkl"].iter().any(|end| name.ends_with(end))
}

/// Files that transformers' and sentencepiece's tokenizers write, at the root or in a pipeline's folder.
fn is_tokenizer(file: &File) -> bool {
    let names = [
        "tokenizer.json",
        "tokenizer.model",
        "tokenizer_config.json",
        "spiece.model",
        "sentencepiece.bpe.model",
        "source.spm",
        "vocab.txt",
        "vocab.json",
        "merges.txt",
        "tekken.json",
    ];
    names.contains(&file.path.name()) && !file.path.folder().contains('/')
}

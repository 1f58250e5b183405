//! Signs that a language model sees or hears, too. Training tools call such models causal language models like any other:
//! PEFT's `task_type` is `CAUSAL_LM`, and `auto_map` gives `AutoModelForCausalLM` a class.

use super::Task;
use crate::configs::{AdapterConfig, Configs};
use crate::diagnostic::Label;
use crate::evidence::Evidence;
use crate::release::{File, Release};
use crate::weights::gguf::Gguf;

/// The tags of models that take more than text and write text.
pub(super) const TAGS: [&str; 4] = ["image-text-to-text", "audio-text-to-text", "video-text-to-text", "any-to-any"];

/// Files that prepare images or sound; a tokenizer alone has none of them.
pub const PROCESSORS: [&str; 3] =
    ["preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json"];

/// Parts of the names of models that see, hear or speak.
const NAMES: [&str; 41] = [
    "audio",
    "cogvlm",
    "cosmos-reason",
    "florence",
    "fuyu",
    "gemma-3-12b",
    "gemma-3-27b",
    "gemma-3-4b",
    "gemma-3n",
    "gemma-4",
    "glm-4.1v",
    "glm-4.5v",
    "glm-4.6v",
    "glm-4v",
    "idefics",
    "internvl",
    "kosmos",
    "llama-4",
    "llava",
    "medgemma",
    "minicpm-o",
    "minicpm-v",
    "mistral-small-3",
    "molmo",
    "moondream",
    "multimodal",
    "ocr",
    "omni",
    "orpheus",
    "ovis",
    "paligemma",
    "pixtral",
    "qwen3.5",
    "smolvlm",
    "speech",
    "tts",
    "ui-tars",
    "ultravox",
    "vision",
    "vlm",
    "voxtral",
];

/// Parts of an adapted model that belong to no language model.
const MODULES: [&str; 4] = ["vision", "visual", "mm_projector", "audio_tower"];

/// What shows that a model takes more than text.
pub(super) struct Sign {
    label: Label,
    /// It is images that it takes, for certain.
    sees: bool,
}

/// A file that prepares images or sound.
pub(super) fn processor(release: &Release, configs: &Configs<'_>) -> Option<Sign> {
    PROCESSORS.iter().find_map(|name| {
        let file = release.find(name)?;
        // transformers 5 writes a processor's settings for a tokenizer of text alone, too: then no part is named.
        let parts = ["image_processor", "image_processor_type", "feature_extractor", "feature_extractor_type"];
        let config = configs.json(file.id);
        let is_text = config.is_some_and(|config| {
            *name == "processor_config.json" && parts.iter().all(|part| config.get(part).is_none())
        });
        let sees = config.is_some_and(|config| {
            config.get("image_processor").is_some() || config.get("image_processor_type").is_some()
        });
        let what = if sees { "this file prepares images" } else { "this file prepares images or sound" };
        (!is_text).then(|| Sign { label: Label::file(file.id, what), sees })
    })
}

/// What an adapter's configuration says of eyes or ears: the name of its base, or the parts that it adapts.
pub(super) fn of_adapter(adapter: AdapterConfig<'_>) -> Option<Sign> {
    if let Some((base, span)) = adapter.base_model().filter(|(base, _)| is_name(base)) {
        return Some(Sign {
            label: Label::at(span, format!("{base} may take more than text")),
            sees: is_of_images(base),
        });
    }
    let modules = adapter.config().get("target_modules")?;
    let texts = modules.text().into_iter().chain(modules.items().filter_map(|item| item.text()));
    let mut texts = texts.map(str::to_lowercase);
    texts.any(|text| MODULES.iter().any(|part| text.contains(part))).then(|| {
        let label = Label::at(modules.span(), "these include parts for images or sound");
        Sign { label, sees: false }
    })
}

/// What a GGUF file's header says of eyes or ears: the name of the model, or of the one it was made from.
pub(super) fn of_gguf(file: &File, gguf: &Gguf) -> Option<Label> {
    NAME_KEYS.iter().find_map(|key| {
        let name = gguf.get(key)?.as_str()?.replace(' ', "-");
        is_name(&name).then(|| Label::file(file.id, format!("`{key}` is {name}, which may take more than text")))
    })
}

/// Where a GGUF header names the model, and what it was made from.
const NAME_KEYS: [&str; 4] =
    ["general.name", "general.basename", "general.base_model.0.name", "general.source.huggingface.repository"];

/// Whether the name of a model says that it takes images or sound.
pub fn is_name(base: &str) -> bool {
    let lower = base.to_lowercase();
    is_of_images(base) || NAMES.iter().any(|part| last_part(&lower).contains(part))
}

/// `Qwen2-VL`, `VL2`; not the letters within a word.
fn is_of_images(base: &str) -> bool {
    let lower = base.to_lowercase();
    last_part(&lower).split(|c: char| !c.is_alphabetic()).any(|word| word == "vl" || word.ends_with("vl"))
}

fn last_part(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// Leaves open what a language model with this sign is for; one that takes images is most likely asked about them.
pub(super) fn leave_open(task: &mut Task, sign: Sign) {
    task.one = sign.sees.then(|| Evidence::weak("image-text-to-text", sign.label.clone()));
    task.plausible = vec!["text-generation"];
    task.allow(TAGS);
    task.proof.push(sign.label);
}

/// A model whose class takes more than text, and whose files show the part for texts alone.
pub(super) fn leave_to_text(task: &mut Task, sign: Label) {
    task.one = Some(Evidence::weak("text-generation", sign.clone()));
    task.allow(["text-generation"]);
    task.allow(TAGS);
    task.proof.push(sign);
}

/// Makes the tags of such a model plausible, and nothing sure.
pub(super) fn weaken(task: &mut Task) {
    task.weaken();
    task.allow(TAGS);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for base in [
            "unsloth/llama-3.2-11b-vision-instruct-bnb-4bit",
            "Qwen/Qwen3-VL-8B-Instruct",
            "HuggingFaceTB/SmolVLM-256M-Instruct",
            "OpenGVLab/InternVL3-8B",
            "google/gemma-3-4b-it",
            "deepseek-ai/deepseek-vl2",
            "/data/llava-1.5-7b",
        ] {
            assert!(is_name(base), "{base}");
        }
        for base in ["meta-llama/Llama-3.2-1B", "google/gemma-3-1b-it", "vision-lab/gpt2", "Qwen/Qwen3-8B", ""] {
            assert!(!is_name(base), "{base}");
        }
    }
}

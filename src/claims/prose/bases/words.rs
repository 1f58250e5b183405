//! The words by which a text tells that a model is made from another one, or that it speaks of something else.

use crate::source::Phrases;

/// Words before a model's name that make it the base of this one.
pub(super) static SAYINGS: Phrases = Phrases::new(&[
    "adapter for",
    "adapter of",
    "based on",
    "basis of",
    "conversion of",
    "converted from",
    "converted version of",
    "derived from",
    "distilled from",
    "distilled version of",
    "fine tune of",
    "fine tuned from",
    "fine tuned on top of",
    "fine tuned version of",
    "fine tuning",
    "fine-tune of",
    "fine-tuned from",
    "fine-tuned on top of",
    "fine-tuned version of",
    "fine-tuning of",
    "finetune of",
    "finetuned from",
    "finetuned from model",
    "finetuned version of",
    "format from",
    "gguf version of",
    "initialised from",
    "initialized from",
    "lora adapter for",
    "lora for",
    "merge method using",
    "merge of",
    "model files for",
    "quantised from",
    "quantised version of",
    "quantization of",
    "quantizations of",
    "quantized from",
    "quantized version of",
    "quants of",
    "version of the base",
    // Names of the base itself: what follows has to be its name; see [`LABELS`].
    "base model",
    "base language model",
]);

/// Those of [`SAYINGS`] after which only a name may follow.
pub(super) const LABELS: &[&str] = &["base model", "base language model"];

/// Parts of those of [`SAYINGS`] that speak of a copy in another format. Below such a sentence often stands the card of the
/// original, which tells of its own base.
pub(super) const COPYING: &[&str] = &["conver", "format", "gguf", "model files", "quant"];

/// Those that speak of a merge, which has several bases. Elsewhere several names are those of a family's models, or of one's
/// forebears, and nothing tells them apart.
pub(super) const MERGING: &[&str] = &["merge"];

/// What else than a model may be based on a model: as the subject of a sentence, or after the name.
pub(super) const OTHER_THINGS: &[&str] = &[
    "architecture",
    "code",
    "config",
    "configuration",
    "corpus",
    "data",
    "dataset",
    "datasets",
    "decoder",
    "encoder",
    "framework",
    "notebook",
    "paper",
    "pipeline",
    "recipe",
    "refiner",
    "retriever",
    "script",
    "template",
    "tokeniser",
    "tokenizer",
    "vae",
    "vocab",
    "vocabulary",
    "work",
];

/// What a sentence is about besides, when it does not tell of the model as a whole.
pub(super) const OTHER_SUBJECTS: &[&str] = &[
    "approach",
    "idea",
    "licence",
    "license",
    "method",
    "our",
    "result",
    "results",
    "showcase",
    "showcases",
    "task",
    "tasks",
    "training",
];

/// Words of a text about the card, wherever in a sentence.
pub(super) const CARDS: &[&str] = &["card", "cards", "readme"];

/// Verbs after which no subject follows.
pub(super) const VERBS: &[&str] = &["is", "are", "was", "were", "has", "have", "can", "will"];

/// Words before the name after which the sentence speaks of something else: data, tools, another step.
pub(super) const TURNS: &[&str] =
    &["can", "found", "including", "offer", "offers", "on", "see", "that", "then", "this", "using", "via", "which"];

/// All that may stand between a label and the name.
pub(super) const COPULAS: &[&str] = &["is", "are", "was", "used", "here", "the", "optional", "id", "name", "s"];

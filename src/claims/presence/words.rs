//! The words by which a card says in passing what others have a section for.

use crate::source::{Phrases, word_list};

/// What a card that tells how a model was made, and what it needs, has words like.
pub(super) static TECHNICAL_WORDS: Phrases = Phrases::new(&[
    "a100",
    "architecture:",
    "batch size",
    "batch_size",
    "context length",
    "epoch",
    "gpu",
    "h100",
    "learning rate",
    "learning_rate",
    "lora_rank",
    "lr=",
    "tpu",
    "training steps",
    "vram",
    "パラメータ",
    "参数",
    "显存",
    "파라미터",
]);

/// What stands beside a number that was measured.
pub(super) static EVALUATION_WORDS: Phrases = Phrases::of(&word_list!("evaluations"));

/// Metrics as programs print them.
pub(super) const METRIC_KEYS: &[&str] = &[
    "accuracy",
    "acc",
    "f1",
    "exact",
    "exact_match",
    "precision",
    "recall",
    "bleu",
    "rouge1",
    "rouge2",
    "rougel",
    "wer",
    "cer",
    "mcc",
    "perplexity",
    "map",
    "mmlu",
    "gsm8k",
    "hellaswag",
    "truthfulqa",
    "winogrande",
    "humaneval",
    "sdr",
    "si_sdr",
    "pesq",
    "stoi",
];

/// What numbers count that tell the size of a model or of its training.
pub(super) const TECHNICAL_UNITS: &[&str] = &[
    "layer",
    "hidden",
    "head",
    "param",
    "parameter",
    "step",
    "epoch",
    "token",
    "gb",
    "gpu",
    "tpu",
    "sentence",
    "hour",
    "day",
    "week",
    "iteration",
];

/// What they count besides where a text tells of a training.
pub(super) const DATA_UNITS: &[&str] = &[
    "block",
    "cell",
    "channel",
    "conversation",
    "dialogue",
    "document",
    "entrie",
    "example",
    "image",
    "instruction",
    "mask",
    "molecule",
    "pair",
    "sample",
    "sequence",
    "tb",
    "transcriptome",
    "video",
];

pub(super) static UNITS: Phrases = Phrases::new(TECHNICAL_UNITS);

/// Without one of these no text tells of a training.
pub(super) static TRAININGS: Phrases = Phrases::new(&["trained", "training", "tuned on"]);

pub(super) static LIMITATION_WORDS: Phrases = Phrases::of(&word_list!("limitations"));

//! What the weights are, and what training left.

use super::{Evidence, Weights};
use crate::configs::Configs;
use crate::diagnostic::Label;
use crate::release::Release;

/// Weights stored with fewer bits than they were trained with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantization {
    /// How, as the file spells it: `gptq`, `awq`, `bitsandbytes`, `Q4_K_M`, `mlx`.
    pub method: String,
    /// Bits of a weight, where the files say.
    pub bits: Option<u64>,
}

/// What a release holds.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Weights of any format, also as an LFS pointer.
    pub has_weights: bool,
    /// Every weight file is GGUF, and there is at least one.
    pub only_gguf: bool,
    /// adapter_config.json at the root, and no full model beside it.
    pub adapter: bool,
    /// The weights are quantized.
    pub quantized: Option<Evidence<Quantization>>,
    /// What only a training run leaves: trainer_state.json, training_args.bin, checkpoints, logs.
    pub trained_here: Vec<Label>,
    /// A tokenizer is among the files: the model reads or writes text (or tokens of another kind).
    pub has_tokenizer: bool,
}

pub(super) fn gather(_: &Release, _: &Configs<'_>, _: &Weights<'_>) -> Contents {
    Contents::default()
}

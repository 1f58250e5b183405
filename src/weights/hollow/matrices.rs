//! Which tensors are matrices that a trained model never has as zeros.

use super::super::Tensor;

/// A matrix of fewer bytes says too little.
const MIN_BYTES: u64 = 128;

/// What the last parts of a matrix's name say, in the layouts of torch, flax and llama.cpp, packed forms included.
const MATRICES: &[&str] = &["weight", "kernel", "proj", "embedding", "packed", "blocks", "lora_a"];

/// What is rightly zero: offsets, masks, tables that are only filled when they are used, and the half of an adapter that
/// starts as zero (LoRA B, LoHa, LoKr, OFT).
const RIGHTLY_ZERO: &[&str] = &[
    "zero",
    "scale",
    "bias",
    "mask",
    "position",
    "running",
    "cache",
    "norm",
    "lora_b",
    "lora_up",
    "lora.up",
    ".up.weight",
    "embedding_a",
    "embedding_b",
    "magnitude",
    "hada_",
    "lokr_",
    "oft_",
    "vera_",
    "exp_avg",
];

/// Whether a tensor has the shape of a matrix. Its name has the last word: [`is_trained`].
pub(super) fn is_wide(tensor: &Tensor) -> bool {
    let bytes = tensor.range.as_ref().map_or(0, |range| range.end.saturating_sub(range.start));
    let wide = tensor.shape.iter().filter(|size| **size > 1).count();
    bytes >= MIN_BYTES && wide >= 2 && !tensor.dtype.eq_ignore_ascii_case("bool")
}

/// Whether a matrix of this name is one that training leaves without zeros.
pub(super) fn is_trained(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let tail = name.rmatch_indices('.').nth(1).map_or(name.as_str(), |(at, _)| name.get(at + 1..).unwrap_or_default());
    MATRICES.iter().any(|word| tail.contains(word)) && !RIGHTLY_ZERO.iter().any(|word| name.contains(word))
}

/// The name up to its first number, `model.layers.1` of `model.layers.1.mlp.up_proj.weight`; none where it has none.
pub(super) fn layer(name: &str) -> Option<&str> {
    let mut end = 0;
    for part in name.split('.') {
        let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        end += part.len();
        if is_number && end < name.len() {
            return name.get(..end);
        }
        end += 1;
    }
    None
}

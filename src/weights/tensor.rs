//! One shape of a tensor for all formats.

use std::borrow::Cow;
use std::ops::Range;

/// One tensor of a weight file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tensor {
    /// Its name: of torch the keys that lead to it, with dots between them; empty for a numpy array that is a file.
    pub name: String,
    /// Its type as the format spells it: `F32`, `Q4_K`, `float32`, `<f4`; empty where the name of the type is unknown.
    pub dtype: Cow<'static, str>,
    /// Its dimensions, as the file has them; GGUF has the fastest one first.
    pub shape: Vec<u64>,
    /// Its bytes, counted from the start of the file; none where they are packed or not known.
    pub range: Option<Range<u64>>,
}

impl Tensor {
    /// How many elements it has, at most `u64::MAX`.
    pub fn elements(&self) -> u64 {
        self.shape.iter().fold(1, |product: u64, size| product.saturating_mul(*size))
    }
}

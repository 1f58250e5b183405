//! hf-release reads a model repository as the Hugging Face Hub would receive it, compares what the model card says
//! with what the files show, and reports what does not hold.

pub mod diagnostic;
/// Prints what a run found, one file an output format; knows findings and positions, never a rule.
pub mod report;
pub mod source;

//! hf-release reads a model repository as the Hugging Face Hub would receive it, compares what the model card says
//! with what the files show, and reports what does not hold.

/// README.md as data with positions: front matter as a tree, Markdown as headings, code, links and images.
pub mod card;
pub mod checklist;
pub mod configs;
pub mod diagnostic;
pub mod evidence;
pub mod hub;
/// The folder as it would be pushed.
pub mod release;
pub mod source;
pub mod weights;

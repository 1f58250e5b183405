//! hf-release reads a model repository as the Hugging Face Hub would receive it, compares what the model card says
//! with what the files show, and reports what does not hold.

/// README.md as data with positions: front matter as a tree, Markdown as headings, code, links and images.
pub mod card;
pub mod diagnostic;
/// From the edits that findings propose to proven texts, and from there to files.
pub mod fix;
pub mod source;

//! Whether a text describes the model.

use crate::source::{List, word_list};

/// How the sentences start that libraries write of every model.
static GENERATED: List = word_list!("generated");

/// Labels of facts that belong to the metadata.
static FACTS: List = word_list!("metadata_labels");

/// Whether a text is more than what a library writes of every model (its base, its dataset, its numbers) and than facts
/// that belong to the metadata.
pub(super) fn describes(text: &str) -> bool {
    let text = text.trim_start();
    let is_fact = text.split_once(':').is_some_and(|(label, value)| {
        let label = label.to_lowercase().replace("[optional]", "").replace("(nlp)", "");
        // Lines that are one paragraph are several facts, or more.
        let is_one = !value.contains(": ");
        value.trim().parse::<f64>().is_ok() || (is_one && FACTS.contains(label.trim()))
    });
    !is_fact && !GENERATED.phrases().any(|start| text.starts_with(start))
}

//! Whether a text describes the model.

/// Whether a text is more than what a library writes of every model (its base, its dataset, its numbers) and than facts
/// that belong to the metadata.
pub(super) fn describes(text: &str) -> bool {
    let generated = [
        "This model is a fine-tuned version of",
        "It achieves the following results",
        "It has been trained using",
        "This is the model card of a",
    ];
    let facts = [
        "developed by",
        "funded by",
        "shared by",
        "language",
        "languages",
        "language(s)",
        "license",
        "finetuned from model",
        "repository",
        "paper",
        "demo",
    ];
    let text = text.trim_start();
    let is_fact = text.split_once(':').is_some_and(|(label, value)| {
        let label = label.to_lowercase().replace("[optional]", "").replace("(nlp)", "");
        // Lines that are one paragraph are several facts, or more.
        let is_one = !value.contains(": ");
        value.trim().parse::<f64>().is_ok() || (is_one && facts.contains(&label.trim()))
    });
    !is_fact && !generated.iter().any(|start| text.starts_with(start))
}

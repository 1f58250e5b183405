//! Values that say "to be filled in": what templates, examples and libraries leave where a value belongs.

/// Whether a metadata value is a placeholder: a word such as `TODO`, a template's variable, an example's id, or what a
/// library writes when it knows no name. A real id, licence or language is never one.
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    let lower = text.to_lowercase();
    is_word(&lower) || is_bracketed(text) || is_example_id(&lower)
}

fn is_word(lower: &str) -> bool {
    let word = lower.trim_matches(['[', ']', '<', '>', '(', ')', '.', '!', ':', ' ']);
    matches!(
        word,
        "todo"
            | "tbd"
            | "tba"
            | "fixme"
            | "xxx"
            | "more information needed"
            | "to be added"
            | "fill me"
            | "fill in"
            | "your-license-here"
            | "your license here"
            | "placeholder"
            | "none"
            | "n/a"
    ) || lower.starts_with("todo:")
        || lower.starts_with("todo ")
}

/// `{{ license }}`, `<license>`, `${LICENSE}`.
fn is_bracketed(text: &str) -> bool {
    (text.contains("{{") && text.contains("}}"))
        || (text.starts_with('<') && text.ends_with('>') && text.len() > 2 && !text.starts_with("<http"))
        || (text.starts_with("${") && text.ends_with('}'))
}

/// `username/dataset`, `your-username/your-model`, `owner/name`, `org/model`: ids that only examples have.
fn is_example_id(lower: &str) -> bool {
    let Some((owner, name)) = lower.split_once('/') else { return false };
    let stands_in =
        |word: &str, words: &[&str]| words.contains(&word.trim_matches(['[', ']', '<', '>', '{', '}', ' ']));
    let owners = [
        "username",
        "user-name",
        "user_name",
        "your-username",
        "your_username",
        "yourusername",
        "your-name",
        "your-org",
        "your_org",
        "your-organization",
        "your-hf-username",
        "<username>",
        "owner",
    ];
    let names = [
        "dataset",
        "dataset-2",
        "dataset-name",
        "dataset_name",
        "model",
        "model-name",
        "model_name",
        "base-model",
        "base_model",
        "original-model",
        "updated-model",
        "your-model",
        "your_model",
        "your-dataset",
        "your-model-name",
        "name",
        "repo",
        "repo-name",
    ];
    stands_in(owner, &owners) && (stands_in(name, &names) || owner.starts_with("your") || owner.starts_with("username"))
}

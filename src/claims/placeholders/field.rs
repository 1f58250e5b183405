//! Values that say "to be filled in": what templates, examples and libraries leave where a value belongs.

use crate::hub::languages;

/// A longer text says something, in bytes.
const LONGEST: usize = 200;

/// Whether the values of a field name something, so that a word such as `none` names nothing. Other fields hold texts in
/// which `<s0>` or `[MASK]` are honest values.
fn names_something(key: &str) -> bool {
    matches!(
        key,
        "base_model"
            | "base_model_relation"
            | "buckets"
            | "datasets"
            | "finetuned_from"
            | "language"
            | "language_bcp47"
            | "library_name"
            | "license"
            | "license_link"
            | "license_name"
            | "metrics"
            | "model_name"
            | "new_version"
            | "pipeline_tag"
            | "tags"
            | "thumbnail"
    )
}

/// Whether the text of a metadata field is a placeholder; which words are depends on the field.
pub(crate) fn stands_in(key: &str, text: &str) -> bool {
    names_something(key) && (is_placeholder(text) || is_nothing(key, text)) && !is_honest(key, text)
}

/// Words that are placeholders elsewhere, and a value of this field: `xxx` is a subject, as a tag, and so may `todo` be;
/// `tba` and `nan` are languages.
fn is_honest(key: &str, text: &str) -> bool {
    match key {
        "tags" => matches!(text.trim(), "xxx" | "todo" | "placeholder" | "fixme"),
        "language" | "language_bcp47" => languages::name(text.trim()).is_some(),
        _ => false,
    }
}

/// What says that there is none, where a key without a value would say so: Python's `None`, `n/a`. A license `none` is
/// a statement about rights, and a tag `none` a word.
fn is_nothing(key: &str, text: &str) -> bool {
    let text = text.trim();
    match key {
        "tags" => matches!(text, "None" | "tag1" | "tag2" | "tag3"),
        "license" => text == "None",
        _ => matches!(text, "None" | "none" | "NONE" | "N/A" | "n/a" | "nan" | "NaN"),
    }
}

/// Whether a text is a placeholder wherever it stands: a word such as `TODO`, a template's variable, or the id of an
/// example. A real id, license or language is never one.
fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    if text.len() > LONGEST {
        return false;
    }
    let lower = text.to_lowercase();
    is_word(&lower) || is_bracketed(text) || is_example_id(&lower)
}

fn is_word(lower: &str) -> bool {
    let word = lower.trim_matches(['[', ']', '<', '>', '(', ')', '.', '…', '!', ':', '?', ' ']);
    let empty = word.is_empty() && !lower.is_empty();
    empty
        || matches!(
            word,
            "todo"
                | "tbd"
                | "tba"
                | "fixme"
                | "xxx"
                | "more information needed"
                | "to be added"
                | "to be determined"
                | "to be filled"
                | "fill me"
                | "fill me in"
                | "fill in"
                | "your-license-here"
                | "your license here"
                | "placeholder"
        )
        || ["todo:", "todo ", "tbd:", "fixme:"].iter().any(|start| lower.starts_with(start))
}

/// `{{ license }}`, `<license>`, `${LICENSE}`.
fn is_bracketed(text: &str) -> bool {
    (text.contains('{') && text.contains("{{") && text.contains("}}"))
        || (text.starts_with('<') && text.ends_with('>') && text.len() > 2 && !text.starts_with("<http"))
        || (text.starts_with("${") && text.ends_with('}'))
}

/// `username/dataset`, `your-username/your-model`, `owner/name`, `path/to/model`, `your-dataset`: ids that only
/// examples have. A user may be called `owner`; only with a name that is an example's, too, is it one.
fn is_example_id(lower: &str) -> bool {
    const ADDRESSED: [&str; 10] = [
        "username",
        "user-name",
        "user_name",
        "your-username",
        "your_username",
        "yourusername",
        "your-hf-username",
        "your-name",
        "your-org",
        "your_org",
    ];
    const OWNERS: [&str; 9] =
        ["owner", "user", "org", "organization", "namespace", "author", "my-org", "my-username", "your-organization"];
    const NAMES: [&str; 19] = [
        "dataset",
        "dataset-1",
        "dataset-2",
        "dataset-name",
        "dataset_name",
        "model",
        "model-id",
        "model_id",
        "model-name",
        "model_name",
        "base-model",
        "base_model",
        "original-model",
        "updated-model",
        "name",
        "repo",
        "repo-name",
        "repo_name",
        "repository",
    ];
    let brackets = ['[', ']', '<', '>', '{', '}', ' '];
    let yours = |word: &str| word.starts_with("your-") || word.starts_with("your_");
    if lower.trim_start_matches(['/', '.']).starts_with("path/to/") {
        return true;
    }
    match lower.split_once('/') {
        Some((owner, name)) => {
            let (owner, name) = (owner.trim_matches(brackets), name.trim_matches(brackets));
            ADDRESSED.contains(&owner) || (OWNERS.contains(&owner) && (NAMES.contains(&name) || yours(name)))
        }
        None => yours(lower),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_templates_and_examples_leave() {
        for text in [
            "TODO",
            "[TODO]",
            "TODO: choose one",
            "tbd",
            "???",
            "...",
            "[More Information Needed]",
            "More information needed",
            "{{ license }}",
            "{{base_model}}/x",
            "<license>",
            "${LICENSE}",
            "username/dataset",
            "your-username/lamps",
            "<username>/model",
            "owner/name",
            "user/your-model",
            "path/to/model",
            "/path/to/dataset",
            "your-model-name",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn honest_values() {
        for text in [
            "",
            "mit",
            "owner/lamp-orders",
            "user/gpt2-lamps",
            "models/bert",
            "name/dataset",
            "yourtts",
            "coqui/YourTTS",
            "todo-list-classifier",
            "en",
            "none",
            "<https://example.com>",
            "orders/username-detection",
            "username-detection",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn nothing_has_a_name_only_where_names_are_due() {
        for (key, text) in [
            ("base_model", "None"),
            ("datasets", "none"),
            ("license", "None"),
            ("library_name", "n/a"),
            ("tags", "tag1"),
            ("language", "TBA"),
            ("language", "None"),
        ] {
            assert!(stands_in(key, text), "{key}: {text}");
        }
        for (key, text) in [
            ("license", "none"),
            ("tags", "none"),
            ("tags", "xxx"),
            ("language", "non"),
            ("language", "nan"),
            ("language", "tba"),
            ("mask_token", "<mask>"),
            ("instance_prompt", "<s0><s1>"),
            ("description", "TODO"),
        ] {
            assert!(!stands_in(key, text), "{key}: {text}");
        }
    }
}

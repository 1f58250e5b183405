//! Values that say "to be filled in": what templates, examples and libraries leave where a value belongs.

use crate::hub::languages;
use crate::source::{List, word_list};

/// Words for what is still to be written.
static UNFILLED: List = word_list!("unfilled");

/// How notes on it start.
static STARTS: List = word_list!("unfilled_starts");

/// What programs and people write for a value that there is not.
static NOTHING: List = word_list!("nothing");
static NOTHING_TAGS: List = word_list!("nothing_tags");

/// Tags that are subjects, though the words are placeholders elsewhere.
static HONEST_TAGS: List = word_list!("honest_tags");

/// Owners of repositories that only examples have, and those that somebody may be called.
static OWNERS: List = word_list!("example_owners");
static MAYBE_OWNERS: List = word_list!("maybe_owners");

/// Names of repositories that examples have.
static NAMES: List = word_list!("example_names");

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
        "tags" => HONEST_TAGS.contains(text.trim()),
        "language" | "language_bcp47" => languages::name(text.trim()).is_some(),
        _ => false,
    }
}

/// What says that there is none, where a key without a value would say so: Python's `None`, `n/a`. A license `none` is
/// a statement about rights, and a tag `none` a word.
fn is_nothing(key: &str, text: &str) -> bool {
    let text = text.trim();
    match key {
        "tags" => NOTHING_TAGS.contains(text),
        "license" => text == "None",
        _ => NOTHING.contains(text),
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
    empty || UNFILLED.contains(word) || STARTS.phrases().any(|start| lower.starts_with(start))
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
    let brackets = ['[', ']', '<', '>', '{', '}', ' '];
    if lower.trim_start_matches(['/', '.']).starts_with("path/to/") {
        return true;
    }
    match lower.split_once('/') {
        Some((owner, name)) => {
            let (owner, name) = (owner.trim_matches(brackets), name.trim_matches(brackets));
            OWNERS.contains(owner) || (MAYBE_OWNERS.contains(owner) && (NAMES.contains(name) || is_yours(name)))
        }
        None => is_yours(lower),
    }
}

fn is_yours(word: &str) -> bool {
    word.starts_with("your-") || word.starts_with("your_")
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

//! The libraries that are registered with the Hub: the keys that `library_name` can have to get a snippet, a filter and a rule
//! for counting downloads. The Hub accepts any other string, but without these.

use super::count_rule::CountRule;
use super::nearest::{compact, nearest};
use super::table::{Row, Table, Words};

const LIBRARIES: &str = include_str!("tables/libraries.tsv");
const ALIASES: &str = include_str!("tables/library-aliases.tsv");

/// A registered library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Library {
    /// The value of `library_name`.
    pub key: &'static str,
    /// The name on the Hub's pages, e.g. `Transformers`.
    pub pretty: &'static str,
    /// Where its source is.
    pub repo_url: &'static str,
    /// Where its manual is, if the Hub knows.
    pub docs_url: Option<&'static str>,
    /// Whether the Hub shows a "use this model" snippet.
    pub has_snippets: bool,
    /// Whether the models page offers it as a filter.
    pub in_filter: bool,
    /// Which files count as a download.
    pub rule: CountRule,
    /// The tasks for which hf-inference may serve it. No hint that another task is wrong.
    pub served_tasks: Words,
}

impl Library {
    fn of(row: Row) -> Self {
        Self {
            key: row.key(),
            pretty: row.column(1),
            repo_url: row.column(2),
            docs_url: row.optional(3),
            has_snippets: row.column(4).contains('s'),
            in_filter: row.column(4).contains('f'),
            rule: CountRule::new(row.column(5)),
            served_tasks: row.words(6),
        }
    }
}

/// The library registered under `key`, compared exactly, as the Hub does.
#[must_use]
pub fn get(key: &str) -> Option<Library> {
    Table::new(LIBRARIES).find(key).map(Library::of)
}

/// Every registered library, ordered by key.
pub fn all() -> impl Iterator<Item = Library> {
    Table::new(LIBRARIES).rows().map(Library::of)
}

/// The rule that counts downloads for a `library_name`, registered or not, or for a card that has none.
#[must_use]
pub fn count_rule(key: Option<&str>) -> CountRule {
    key.and_then(get).map_or(CountRule::DEFAULT, |library| library.rule)
}

/// The rules that may count downloads of a page: that of `library_name`; without one, those of the tags that are
/// libraries, of which the Hub takes one; else the default. At least one.
#[must_use]
pub fn count_rules<'t>(name: Option<&str>, tags: impl IntoIterator<Item = &'t str>) -> Vec<CountRule> {
    if name.is_some() {
        return vec![count_rule(name)];
    }
    let rules: Vec<CountRule> = tags.into_iter().filter_map(get).map(|library| library.rule).collect();
    if rules.is_empty() { vec![CountRule::DEFAULT] } else { rules }
}

/// The key that was probably meant: an alias (`scikit-learn`), another spelling (`Sentence_Transformers`), a slip
/// (`transformer`). `None` for registered keys, and for names of formats and libraries that are not registered.
#[must_use]
pub fn suggest(text: &str) -> Option<&'static str> {
    if get(text).is_some() {
        return None;
    }
    let meant = compact(text);
    let alias = Table::new(ALIASES).rows().find(|row| compact(row.key()) == meant);
    alias.map(|row| row.column(1)).or_else(|| nearest(text, all().map(|library| library.key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_exact() {
        let library = get("transformers").unwrap();
        assert_eq!((library.pretty, library.has_snippets, library.in_filter), ("Transformers", true, true));
        assert_eq!(library.repo_url, "https://github.com/huggingface/transformers");
        assert!(library.rule.is_default());
        for key in ["Transformers", "", "gguf", "pytorch", "paddleocr", "transformers "] {
            assert_eq!(get(key), None, "{key}");
        }
        assert!(get("PaddleOCR").is_some());
        assert_eq!(all().count(), 257);
    }

    #[test]
    fn downloads() {
        assert!(get("keras").unwrap().rule.counts("model.keras"));
        assert!(get("diffusers").unwrap().rule.counts("model_index.json"));
        assert!(get("diffusers").unwrap().rule.counts("lora.safetensors"));
        assert!(!get("diffusers").unwrap().rule.counts("unet/model.safetensors"));
        assert!(!get("peft").unwrap().rule.counts("config.json"));
        assert!(get("sklearn").unwrap().rule.wants_pickle());
        assert!(!get("timm").unwrap().rule.wants_pickle());
        assert_eq!(get("peft").unwrap().rule.describe(), "`adapter_config.json`");
        assert!(count_rule(None).counts("config.json"));
        assert!(count_rule(Some("my-own-library")).counts("config.json"));
        assert!(!count_rule(Some("peft")).counts("config.json"));
        assert_eq!(count_rules(None, ["lamps"]), [CountRule::DEFAULT]);
        assert_eq!(count_rules(None, ["peft", "lamps"]), [get("peft").unwrap().rule]);
        assert_eq!(count_rules(Some("timm"), ["peft"]), [get("timm").unwrap().rule]);
    }

    #[test]
    fn every_rule_can_be_said_and_only_two_can_never_be_met() {
        for library in all() {
            assert!(library.rule.describe().contains('`'), "{library:?}");
            assert!(library.rule.counts("model.gguf"));
        }
        let never: Vec<_> = all().filter(|l| !l.rule.can_be_met()).map(|l| l.key).collect();
        assert_eq!(never, ["quantumpeer", "ssr-speech"]);
    }

    #[test]
    fn what_was_meant() {
        for (text, key) in [
            ("Transformers", "transformers"),
            ("transformer", "transformers"),
            ("sentence_transformers", "sentence-transformers"),
            ("Sentence Transformers", "sentence-transformers"),
            ("open-clip", "open_clip"),
            ("scikit-learn", "sklearn"),
            ("scikit_learn", "sklearn"),
            ("pyannote.audio", "pyannote-audio"),
            ("paddleocr", "PaddleOCR"),
            ("stable_baselines3", "stable-baselines3"),
            ("transformersjs", "transformers.js"),
            ("diffuser", "diffusers"),
        ] {
            assert_eq!(suggest(text), Some(key), "{text}");
        }
    }

    #[test]
    fn near_misses_that_stay_unanswered() {
        for text in [
            "transformers",
            "pytorch",
            "gguf",
            "onnx",
            "llama.cpp",
            "trl",
            "unsloth",
            "vllm",
            "sam",
            "sapiens3",
            "yolov11",
            "trellis3",
            "tirex-3",
            "lora",
            "",
            "my-library",
            "tensorflow",
            "pyannote-audio-x",
            "sentence-transformers-v2",
            "gliner3",
            "jax",
        ] {
            assert_eq!(suggest(text), None, "{text}");
        }
    }

    #[test]
    fn every_alias_leads_to_a_key_and_is_none() {
        for row in Table::new(ALIASES).rows() {
            assert!(get(row.column(1)).is_some(), "{row:?}");
            assert_eq!(suggest(row.key()), Some(row.column(1)));
        }
    }
}

//! The languages that files name. All of it is weak: a tokenizer keeps the setting of its last use, and a converted file that
//! of another model.

use super::metadata::{self, merged};
use super::{Evidence, Weights};
use crate::configs::{Config, Configs};
use crate::diagnostic::Label;
use crate::hub::languages;

/// Files and keys that hold the one language of a model, with what must hold for the file to be of such a model.
const HINTS: &[Hint] = &[
    // Marian: one pair of languages each; models of several have codes such as `mul` or `ROMANCE`.
    Hint { path: "tokenizer_config.json", key: "source_lang", only_if: Some(("tokenizer_class", "MarianTokenizer")) },
    Hint { path: "tokenizer_config.json", key: "target_lang", only_if: Some(("tokenizer_class", "MarianTokenizer")) },
    // One voice, one language.
    Hint { path: "tokenizer_config.json", key: "language", only_if: Some(("tokenizer_class", "VitsTokenizer")) },
    // What a fine-tuned Whisper is to write.
    Hint { path: "generation_config.json", key: "language", only_if: None },
    // spaCy.
    Hint { path: "meta.json", key: "lang", only_if: Some(("spacy_git_version", "")) },
];

struct Hint {
    path: &'static str,
    key: &'static str,
    /// Another key of the file, and its value; empty for any.
    only_if: Option<(&'static str, &'static str)>,
}

/// Codes that stand for several languages, or for none.
const NO_LANGUAGE: &[&str] = &["mul", "mis", "und", "zxx"];

pub(super) fn gather(configs: &Configs<'_>, weights: &Weights<'_>) -> Vec<Evidence<String>> {
    let hints: Vec<_> = HINTS.iter().filter_map(|hint| hint.read(configs.at(hint.path)?)).collect();
    merged(metadata::languages(weights).into_iter().chain(hints))
}

impl Hint {
    fn read(&self, config: &Config) -> Option<Evidence<String>> {
        let holds = self.only_if.is_none_or(|(key, wanted)| {
            config.string(key).is_some_and(|(found, _)| wanted.is_empty() || found == wanted)
        });
        let (text, span) = config.string(self.key).filter(|_| holds)?;
        let code = code_of(text)?;
        Some(Evidence::weak(code.to_owned(), Label::at(span, format!("`{}` says {text}", self.key))))
    }
}

/// The code of `de`, `<|de|>` or `german`.
fn code_of(text: &str) -> Option<&str> {
    let bare = text.trim_start_matches("<|").trim_end_matches("|>");
    let known = Some(bare).filter(|code| languages::name(code).is_some());
    known.or_else(|| languages::by_name(bare)).filter(|code| !NO_LANGUAGE.contains(code))
}

#[cfg(test)]
mod tests {
    use crate::evidence::tests::json;

    #[test]
    fn hints_of_configurations() {
        for (path, text, codes) in [
            (
                "tokenizer_config.json",
                r#"{"tokenizer_class": "MarianTokenizer", "source_lang": "en", "target_lang": "de"}"#,
                &["en", "de"][..],
            ),
            ("tokenizer_config.json", r#"{"tokenizer_class": "VitsTokenizer", "language": "eng"}"#, &["eng"]),
            ("generation_config.json", r#"{"language": "<|hi|>"}"#, &["hi"]),
            ("generation_config.json", r#"{"language": "german"}"#, &["de"]),
            ("meta.json", r#"{"lang": "de", "spacy_git_version": "61dfdd9fb"}"#, &["de"]),
            ("meta.json", r#"{"lang": "de"}"#, &[]),
            ("tokenizer_config.json", r#"{"tokenizer_class": "NllbTokenizer", "source_lang": "en"}"#, &[]),
            (
                "tokenizer_config.json",
                r#"{"tokenizer_class": "MarianTokenizer", "source_lang": "mul", "target_lang": "ROMANCE"}"#,
                &[],
            ),
            ("generation_config.json", r#"{"language": null}"#, &[]),
        ] {
            let found = json(path, text).languages;
            assert!(found.iter().all(|found| !found.is_strong()), "{text}");
            assert_eq!(found.iter().map(|found| found.value.as_str()).collect::<Vec<_>>(), codes, "{text}");
        }
    }
}

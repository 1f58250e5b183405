//! What the card's own prose shows: weak evidence, for fields that its metadata leaves out.
//!
//! Only plain statements count: "fine-tuned from [x](…)", "Base model: `owner/name`", "License: MIT", a link to a data set.
//! What is said in code, comments or another language is not read.

use super::Evidence;
use super::metadata::merged;
use super::repo_name::{id_in_url, is_id, looks_like_a_path};
use crate::card::Card;
use crate::card::body::{Prose, Topic};
use crate::diagnostic::Label;
use crate::hub::{licenses, readings};
use crate::source::Span;

/// Words before a model's name that make it the base of this one.
const FROM: &[&str] = &[
    "adapter for",
    "adapter of",
    "base model",
    "based on",
    "basis of",
    "conversion of",
    "converted from",
    "converted version of",
    "derived from",
    "distilled from",
    "distilled version of",
    "fine tune of",
    "fine tuned from",
    "fine tuned on top of",
    "fine tuned version of",
    "fine tuning",
    "fine-tune of",
    "fine-tuned from",
    "fine-tuned on top of",
    "fine-tuned version of",
    "fine-tuning of",
    "finetune of",
    "finetuned from",
    "finetuned from model",
    "finetuned version of",
    "format from",
    "gguf version of",
    "initialised from",
    "initialized from",
    "lora adapter for",
    "lora for",
    "merge method using",
    "merge of",
    "quantised from",
    "quantised version of",
    "quantization of",
    "quantizations of",
    "quantized from",
    "quantized version of",
    "quants of",
    "version of the base",
];

/// How far after such words the name may stand, in bytes.
const REACH: usize = 120;

/// More models or data sets than this in one card are not listed.
const MAX_LISTED: usize = 32;

/// The models that the text calls the base of this one.
pub fn base_models(card: &Card<'_>) -> Vec<Evidence<String>> {
    let mut found = Vec::new();
    for prose in &card.body().prose {
        let raw = card.source().slice(prose.span);
        let after = ends_of_words(&raw.to_ascii_lowercase());
        found.extend(after.into_iter().filter_map(|at| name_after(card, prose, raw, at)).take(MAX_LISTED));
        if found.len() >= MAX_LISTED {
            break;
        }
    }
    merged(found)
}

/// The Hub's data sets that the text links, except where it speaks of evaluation.
pub fn datasets(card: &Card<'_>) -> Vec<Evidence<String>> {
    let body = card.body();
    let mut evaluation = body.about(Topic::Evaluation).map(|heading| heading.section).peekable();
    let mut evaluated_until = 0;
    let mut found = Vec::new();
    // Links and headings both come in the order of the text.
    for link in &body.links {
        while let Some(section) = evaluation.next_if(|section| section.start <= link.span.start) {
            evaluated_until = evaluated_until.max(section.end);
        }
        if let Some(id) = id_in_url(&link.url, true)
            && link.span.start >= evaluated_until
            && found.len() < MAX_LISTED
        {
            found
                .push(Evidence::weak(id.to_owned(), Label::at(link.span, format!("the text links the data set {id}"))));
        }
    }
    merged(found)
}

/// The licence that the text states; `None` when it states several.
pub fn license(card: &Card<'_>) -> Option<Evidence<&'static str>> {
    let mut stated: Option<Evidence<&'static str>> = None;
    let statements = card.body().prose.iter().filter_map(|prose| Some((prose, statement(&prose.text)?)));
    for (prose, name) in statements.take(MAX_STATEMENTS) {
        let Some(id) = longest_name(&name) else { continue };
        match &mut stated {
            Some(known) if known.value != id => return None,
            Some(_) => {}
            None => stated = Some(Evidence::weak(id, Label::at(prose.span, format!("the text states {id}")))),
        }
    }
    stated
}

/// Where words of [`FROM`] end that stand in a text as whole words, in order, each place once.
fn ends_of_words(lower: &str) -> Vec<usize> {
    let alone = |at: usize, words: &str| {
        let before = lower.get(..at).and_then(|before| before.chars().next_back());
        let after = lower.get(at + words.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    let found = FROM.iter().flat_map(|words| {
        lower.match_indices(words).filter(move |(at, _)| alone(*at, words)).map(|(at, found)| at + found.len())
    });
    let mut ends: Vec<usize> = found.collect();
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// The first link to a model, or name in backticks, in the same sentence.
fn name_after(card: &Card<'_>, prose: &Prose, raw: &str, at: usize) -> Option<Evidence<String>> {
    let rest = raw.get(at..)?;
    let mut end = REACH.min(rest.len());
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    let near = rest.get(..end)?;
    let near = near.get(..sentence_end(near)).unwrap_or(near);
    let start = prose.span.start + at as u32;
    let links = &card.body().links;
    let next = links.partition_point(|link| link.span.start < start);
    let link = links.get(next).filter(|link| link.span.start < start + near.len() as u32);
    let quoted = near.find('`').and_then(|open| {
        let inner = near.get(open + 1..)?;
        let text = inner.get(..inner.find('`')?)?;
        Some((text, start + open as u32 + 1))
    });
    // Whichever stands first; a link's text may itself stand in backticks.
    if let Some(link) = link.filter(|link| quoted.is_none_or(|(_, at)| link.span.start < at)) {
        let id = model_in_url(&link.url)?;
        return Some(Evidence::weak(id.clone(), Label::at(link.span, format!("the text comes to {id} as the base"))));
    }
    let (text, at) = match quoted {
        Some(quoted) => quoted,
        None => {
            let (text, at) = after_colon(near)?;
            (text, start + at as u32)
        }
    };
    let id = owned(text)?;
    let span = Span::new(prose.span.file, at..at + text.len() as u32);
    Some(Evidence::weak(id.clone(), Label::at(span, format!("the text names {id} as the base"))))
}

/// The first word after a colon that follows directly, markup aside: `Base model:** owner/name`. Elsewhere a word with a slash
/// is too often no id.
fn after_colon(near: &str) -> Option<(&str, usize)> {
    let (label, value) = near.split_once(':')?;
    let label = label.trim().trim_matches('*').trim();
    if !(label.is_empty() || label.eq_ignore_ascii_case("[optional]")) {
        return None;
    }
    let name = value.trim_start_matches(|c: char| c.is_whitespace() || c == '*');
    let at = near.len() - name.len();
    let word = name.split(char::is_whitespace).next()?.trim_end_matches(['.', ',', ';']);
    Some((word, at))
}

/// Where the sentence ends: at a full stop, question mark or bracketless line break before a new paragraph.
fn sentence_end(text: &str) -> usize {
    let ends = [". ", ".\n", "? ", "! ", "\n\n", ".\r"];
    ends.iter().filter_map(|end| text.find(end)).min().unwrap_or(text.len())
}

fn model_in_url(url: &str) -> Option<String> {
    if let Some(id) = id_in_url(url, false) {
        return Some(id.to_owned());
    }
    let (_, name) = url.trim_end_matches('/').split_once("huggingface.co/")?;
    readings::with_owner(name).map(str::to_owned)
}

fn owned(text: &str) -> Option<String> {
    if let Some(id) = readings::with_owner(text) {
        return Some(id.to_owned());
    }
    (text.contains('/') && is_id(text) && !looks_like_a_path(text)).then(|| text.to_owned())
}

/// Words before the name of the licence that a text is under.
const UNDER: &[&str] = &[
    "licensed under",
    "released under",
    "distributed under",
    "available under",
    "published under",
    "provided under",
    "shared under",
    "governed by",
];

/// What else than the model may be under a licence.
const OTHER_THINGS: &[&str] =
    &["code", "script", "dataset", "data set", "data is", "data are", "corpus", "base model", "documentation"];

/// The most words of a licence's name.
const MAX_NAME_WORDS: usize = 8;

/// More statements about licences than this are not looked at.
const MAX_STATEMENTS: usize = 128;

/// What one paragraph says where a licence's name is due, in lower case: "License: MIT", "released under the Apache License 2.0".
fn statement(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    for label in ["license:", "licence:", "license(s):", "model license:"] {
        if let Some(name) = lower.trim_start().strip_prefix(label) {
            return Some(name.to_owned());
        }
    }
    let (at, words) = UNDER.iter().filter_map(|words| Some((lower.find(words)?, words.len()))).min()?;
    let before = lower.get(..at)?;
    let sentence = before.rsplit(['.', '!', '?', '\n']).next().unwrap_or(before);
    if OTHER_THINGS.iter().any(|thing| sentence.contains(thing)) || sentence.trim_end().ends_with("not") {
        return None;
    }
    lower.get(at + words..).map(str::to_owned)
}

/// The longest run of words at the start that is the name of a licence, and exactly that.
fn longest_name(text: &str) -> Option<&'static str> {
    let line = text.trim_start().lines().next().unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().take(MAX_NAME_WORDS + 1).collect();
    let words = match words.split_first() {
        Some((article, rest)) if ["the", "a", "an"].contains(article) => rest,
        _ => &words,
    };
    (1..=words.len().min(MAX_NAME_WORDS)).rev().find_map(|count| {
        let name = words.get(..count)?.join(" ");
        let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '+');
        let meant = || licenses::suggest(name).filter(licenses::Suggestion::keeps_meaning).map(|meant| meant.id);
        let id = licenses::get(name).map(|license| license.id).or_else(meant)?;
        licenses::get(id).filter(|license| !license.is_family && !VAGUE.contains(&id)).map(|license| license.id)
    })
}

/// Ids that name no licence in a sentence.
const VAGUE: &[&str] = &["other", "unknown"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, RepoPath, SourceFile};

    fn source(text: &str) -> SourceFile {
        SourceFile::new(FileId(0), RepoPath::new("README.md"), text.as_bytes().to_vec())
    }

    fn bases(text: &str) -> Vec<String> {
        let source = source(text);
        let found = base_models(&Card::parse(&source));
        assert!(found.iter().all(|base| !base.is_strong()), "prose never proves");
        found.into_iter().map(|base| base.value).collect()
    }

    fn stated(text: &str) -> Option<&'static str> {
        let source = source(text);
        license(&Card::parse(&source)).map(|found| found.value)
    }

    #[test]
    fn bases_that_a_text_names() {
        for text in [
            "This model is a fine-tuned version of [a/b-1](https://huggingface.co/a/b-1) on x.",
            "# T\n\nFine-tuned from [the base](https://huggingface.co/a/b-1/tree/main).",
            "- **Base model:** [b](https://huggingface.co/a/b-1)",
            "- **Finetuned from model [optional]:** `a/b-1`",
            "- **Finetuned from model [optional]:** a/b-1",
            "- **Finetuned from model :** a/b-1\n- **License:** mit",
            "Base model: a/b-1, of course",
            "It was converted to GGUF format from [`a/b-1`](https://huggingface.co/a/b-1) using x.",
            "Quantized version of `a/b-1`, made with love.",
            "GGUF version of [`a/b-1`](https://huggingface.co/a/b-1)",
            "Text.\n\nIt is based on <https://huggingface.co/a/b-1>.",
        ] {
            assert_eq!(bases(text), ["a/b-1"], "{text}");
        }
        assert_eq!(bases("It is fine-tuned from `gpt2`."), ["openai-community/gpt2"]);
        assert_eq!(bases("Fine-tuned from [gpt2](https://huggingface.co/gpt2)."), ["openai-community/gpt2"]);
        assert_eq!(bases("A merge of `a/b` and others. Based on `c/d`."), ["a/b", "c/d"]);
    }

    #[test]
    fn texts_that_name_no_base() {
        for text in [
            "",
            "See also [a/b](https://huggingface.co/a/b).",
            "It is based on ideas. See [a/b](https://huggingface.co/a/b).",
            "Fine-tuned from [a paper](https://example.com/a/b).",
            "Fine-tuned version of [](https://huggingface.co/) on the None dataset.",
            "Fine-tuned version of [None](https://huggingface.co/None).",
            "Fine-tuned from `output/checkpoint-500`.",
            "Based on [data](https://huggingface.co/datasets/a/b).",
            "```\nfine-tuned from `a/b`\n```",
            "<!-- fine-tuned from `a/b` -->",
            "Not unbased on `a/b`",
            "Based on trial and/or error",
            "Base model: [More Information Needed]",
            "Base models differ: a/b is one",
        ] {
            assert_eq!(bases(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn data_sets() {
        let text = "Trained on [x](https://huggingface.co/datasets/a/b) and https://huggingface.co/datasets/c/d/viewer.\n\n\
                    # Evaluation\n\nOn [y](https://huggingface.co/datasets/e/f).\n\n# Other\n\n[m](https://huggingface.co/a/b)";
        let source = source(text);
        let found: Vec<_> = datasets(&Card::parse(&source)).into_iter().map(|found| found.value).collect();
        assert_eq!(found, ["a/b"]);
    }

    #[test]
    fn licences_that_a_text_states() {
        for (text, id) in [
            ("License: MIT", "mit"),
            ("- **License:** apache-2.0", "apache-2.0"),
            ("**License**: Apache License 2.0", "apache-2.0"),
            ("# License\n\nThis model is released under the [MIT License](LICENSE).", "mit"),
            ("The weights are licensed under the Apache License, Version 2.0.", "apache-2.0"),
            ("Licensed under CC-BY-NC-4.0 for research.", "cc-by-nc-4.0"),
        ] {
            assert_eq!(stated(text), Some(id), "{text}");
        }
    }

    #[test]
    fn texts_that_state_no_licence() {
        for text in [
            "",
            "License: unknown to us",
            "License: [More Information Needed]",
            "License: MIT\n\nLicense: apache-2.0",
            "The code is licensed under the MIT License.",
            "The dataset was released under CC-BY-4.0.",
            "It is not licensed under MIT.",
            "<!-- - **License:** mit -->",
            "```\nLicense: MIT\n```",
            "License: see LICENSE",
            "License: other",
        ] {
            assert_eq!(stated(text), None, "{text}");
        }
    }
}

//! What the card's own prose shows: weak evidence, for fields that its metadata leaves out.
//!
//! Only plain statements count: "fine-tuned from [x](…)", "Base model: `owner/name`", "License: MIT", a link to a dataset.
//! What is said in code, comments or another language is not read.

mod bases;
mod language;
mod papers;
mod written;

pub(crate) use bases::base_models;
pub(crate) use papers::papers;
pub(crate) use written::{Written, section_title};

use super::context::Context;
use super::placeholders::says_nothing;
use crate::card::Card;
use crate::card::body::{Body, Topic};
use crate::claims::content::is_yaml;
use crate::diagnostic::Label;
use crate::evidence::{Evidence, id_in_url, is_id, looks_like_a_path, merged};
use crate::hub::{languages, licenses};
use crate::source::{List, Phrases, Span, word_list};

/// More models or datasets than this in one card are not listed.
const MAX_LISTED: usize = 32;

/// The Hub's datasets that the text links, except where it speaks of evaluation, and what a model is not trained on.
pub(crate) fn datasets(card: &Card<'_>) -> Vec<Evidence<String>> {
    let body = card.body();
    let mut evaluation = body.about(Topic::Evaluation).map(|heading| heading.section).peekable();
    let mut evaluated_until = 0;
    let mut found = Vec::new();
    // Links and headings both come in the order of the text.
    found.extend(configured(card));
    for link in &body.links {
        while let Some(section) = evaluation.next_if(|section| section.start <= link.span.start) {
            evaluated_until = evaluated_until.max(section.end);
        }
        if let Some(id) = id_in_url(&link.url, true)
            && link.span.start >= evaluated_until
            && found.len() < MAX_LISTED
            && !is_single_file(&link.url)
            && !is_no_training_data(id)
            && !is_measured_on(body, link.span.start)
        {
            found.push(Evidence::weak(id.to_owned(), Label::at(link.span, format!("the text links the dataset {id}"))));
        }
    }
    merged(found)
}

/// The datasets of a training configuration that the card shows, as Axolotl writes it: a list below `datasets:`, with the
/// id after `path:`.
fn configured(card: &Card<'_>) -> Vec<Evidence<String>> {
    let code = card.body().code_blocks.iter().filter(|code| code.language.as_deref().is_some_and(is_yaml));
    let mut found = Vec::new();
    let mut is_listed = false;
    for span in code.map(|code| code.content) {
        let mut at = span.start as usize;
        for line in card.source().slice(span).split_inclusive('\n') {
            let bare = line.trim_end();
            if !bare.is_empty() && !bare.starts_with([' ', '-', '#']) {
                is_listed = bare == "datasets:";
            }
            let path = bare.trim_start_matches([' ', '-']).strip_prefix("path: ").filter(|_| is_listed);
            let id = path.map(|path| path.trim().trim_matches(['"', '\'']));
            if let Some(id) = id.filter(|id| id.contains('/') && is_id(id) && !looks_like_a_path(id))
                && let Some(start) = line.find(id)
                && found.len() < MAX_LISTED
            {
                let place = card.source().span(at + start, at + start + id.len());
                found.push(Evidence::weak(id.to_owned(), Label::at(place, "the training configuration names it")));
            }
            at += line.len();
        }
    }
    found
}

/// The languages that the text states ("Language(s): German, English"), or else the one that it is written in. English tells
/// nothing: models of all languages are described in it.
pub(crate) fn languages(cx: &Context<'_>) -> Vec<Evidence<String>> {
    let Some(card) = cx.card() else { return Vec::new() };
    let body = card.body();
    let stated = body.prose.iter().find_map(|prose| Some((prose, stated_languages(&prose.text)?)));
    if let Some((prose, codes)) = stated {
        let says =
            |code: &&'static str| Evidence::weak((*code).to_owned(), Label::at(prose.span, "the text states it"));
        return merged(codes.iter().map(says));
    }
    let mut sentences = cx.content().prose(body).filter(|(_, words)| *words >= MIN_SAMPLE_WORDS);
    let code = language::detect(sentences.clone().map(|(prose, _)| prose.text.as_str()));
    let Some((code, (first, _))) = code.zip(sentences.next()) else { return Vec::new() };
    let line = card.source().slice(first.span).split(['\r', '\n']).next().unwrap_or_default().len();
    let place = Span { end: first.span.start + line as u32, ..first.span };
    let name = languages::name(code).unwrap_or(code);
    vec![Evidence::weak(code.to_owned(), Label::at(place, format!("the text is written in {name}")))]
}

/// A paragraph of so many words shows in which language a text is. Shorter ones are labels, names and numbers.
const MIN_SAMPLE_WORDS: u32 = 6;

/// How a line starts that lists the languages of a model.
static LANGUAGE_LABELS: List = word_list!("language_labels");

/// What the Hub's template writes after such a label.
const NLP: &str = "(nlp)";

/// The languages of a line such as "Language(s) (NLP): German, English"; nothing when one of them is unknown.
fn stated_languages(text: &str) -> Option<Vec<&'static str>> {
    let (label, listed) = text.split_once(':')?;
    let label = label.trim();
    let (start, end) = label.split_at_checked(label.len().saturating_sub(NLP.len())).unwrap_or((label, ""));
    let label = if end.eq_ignore_ascii_case(NLP) { start.trim_end() } else { label };
    if !LANGUAGE_LABELS.phrases().any(|known| label.eq_ignore_ascii_case(known)) {
        return None;
    }
    if says_nothing(listed) {
        return None;
    }
    let listed = listed.replace(" and ", ",").replace(" & ", ",");
    let mut names = listed.split([',', ';', '/']).map(str::trim).filter(|name| !name.is_empty()).peekable();
    names.peek()?;
    names.take(MAX_LISTED).map(|name| name_of_language(name.trim_end_matches('.'))).collect()
}

/// The code of a language's name or code, in any case.
fn name_of_language(name: &str) -> Option<&'static str> {
    languages::code(name).or_else(|| languages::by_name(name))
}

/// Whether an address leads to one file of a dataset: a picture, a license text, a notebook.
fn is_single_file(url: &str) -> bool {
    ["/blob/", "/resolve/", "/raw/"].iter().any(|view| url.contains(view))
}

/// Datasets with files for pages and tests, and those that models are measured with.
fn is_no_training_data(id: &str) -> bool {
    const FILES: [&str; 4] =
        ["choosealicense/licenses", "huggingface/badges", "huggingface/cats-image", "huggingface/documentation-images"];
    // What is there to measure models with has it in its name.
    let name = id.rsplit('/').next().unwrap_or(id).to_ascii_lowercase();
    let measures = MEASURING_IDS.phrases().any(|word| name.contains(word));
    measures
        || FILES.contains(&id)
        || id.starts_with("hf-internal-testing/")
        || id.starts_with("huggingface-course/documentation")
}

/// Whether the paragraph at a place speaks of measuring and not of training.
fn is_measured_on(body: &Body, at: u32) -> bool {
    let next = body.prose.partition_point(|prose| prose.span.end <= at);
    let Some(prose) = body.prose.get(next).filter(|prose| prose.span.contains(at)) else { return false };
    let text = prose.text.to_lowercase();
    MEASURING.phrases().any(|word| text.contains(word)) && !LEARNING.phrases().any(|word| text.contains(word))
}

/// Parts of the names of datasets that models are measured with.
static MEASURING_IDS: List = word_list!("measuring_ids");

/// Words of a paragraph that speaks of measuring a model.
static MEASURING: List = word_list!("measuring");

/// Words of a paragraph that speaks of what a model learned from.
static LEARNING: List = word_list!("learning");

/// The license that the text states; `None` when it states several.
pub(crate) fn license(card: &Card<'_>) -> Option<Evidence<&'static str>> {
    let mut stated: Option<Evidence<&'static str>> = None;
    let body = card.body();
    let said = body.prose.iter().filter_map(|prose| Some((prose, statement(&prose.text)?))).take(MAX_STATEMENTS);
    let said = said.filter_map(|(prose, name)| Some((prose, longest_name(&name)?)));
    let headings = body
        .headings
        .iter()
        .filter(|heading| LICENSE_WORDS.contains(&heading.text.trim().trim_end_matches(':').to_lowercase()));
    let below = headings.take(MAX_STATEMENTS).filter_map(|heading| {
        let next = body.prose.partition_point(|prose| prose.span.start < heading.span.end);
        let prose = body.prose.get(next).filter(|prose| heading.section.contains(prose.span.start))?;
        Some((prose, whole_name(&prose.text.to_lowercase())?))
    });
    for (prose, id) in said.chain(below) {
        match &mut stated {
            Some(known) if known.value != id => return None,
            Some(_) => {}
            None => stated = Some(Evidence::weak(id, Label::at(prose.span, format!("the text states {id}")))),
        }
    }
    stated
}

/// Words before the name of the license that a text is under.
static UNDER: Phrases = Phrases::of(&word_list!("under_a_license"));

/// What else than the model may be under a license.
static OTHER_THINGS: List = word_list!("other_things_under_a_license");

/// How a line starts that names the license.
static LICENSE_LABELS: List = word_list!("license_labels");

/// The word license: as a heading, and at the end of a license's name.
static LICENSE_WORDS: List = word_list!("license_words");

/// Words before the name of a license.
static ARTICLES: List = word_list!("articles");

/// Ids that do not name a license in a sentence.
static VAGUE: List = word_list!("vague_licenses");

/// The most words of a license's name.
const MAX_NAME_WORDS: usize = 8;

/// More statements about licenses than this are not looked at.
const MAX_STATEMENTS: usize = 128;

/// What one paragraph says where a license's name is due, in lower case: "License: MIT", "released under the Apache License 2.0".
fn statement(text: &str) -> Option<String> {
    let start = text.trim_start();
    for label in LICENSE_LABELS.phrases() {
        if start.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label)) {
            let name = start.get(label.len()..)?;
            return (!says_nothing(name)).then(|| name.to_ascii_lowercase());
        }
    }
    let (at, words) = UNDER.matches(text).next()?;
    let before = text.get(..at)?;
    let sentence = before.rsplit(['.', '!', '?', '\n']).next().unwrap_or(before).to_ascii_lowercase();
    if OTHER_THINGS.phrases().any(|thing| sentence.contains(thing)) || sentence.trim_end().ends_with("not") {
        return None;
    }
    text.get(at + words.len()..).map(str::to_ascii_lowercase)
}

/// The license of a paragraph that is nothing but its name.
fn whole_name(text: &str) -> Option<&'static str> {
    let words = text.split_whitespace().count();
    // A mark at the end of each word would be a sentence's or a list's.
    let plain = words <= MAX_NAME_WORDS && !text.contains([',', ';', '/', '(']);
    let id = longest_name(text).filter(|_| plain)?;
    // Not a longer text that begins with the name.
    let last = text.split_whitespace().next_back()?.trim_end_matches('.');
    let closes = last.ends_with(|c: char| c.is_ascii_digit()) || LICENSE_WORDS.contains(last) || words == 1;
    closes.then_some(id)
}

/// The longest run of words at the start that is the name of a license, and exactly that.
fn longest_name(text: &str) -> Option<&'static str> {
    let line = text.trim_start().lines().next().unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().take(MAX_NAME_WORDS + 1).collect();
    let words = match words.split_first() {
        Some((article, rest)) if ARTICLES.contains(article) => rest,
        _ => &words,
    };
    (1..=words.len().min(MAX_NAME_WORDS)).rev().find_map(|count| {
        let name = words.get(..count)?.join(" ");
        let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '+');
        let meant = || licenses::suggest(name).filter(licenses::Suggestion::keeps_meaning).map(|meant| meant.id);
        let id = licenses::get(name).map(|license| license.id).or_else(meant)?;
        licenses::get(id).filter(|license| !license.is_family && !VAGUE.contains(id)).map(|license| license.id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Subject;
    use crate::release::{Options, Release};
    use crate::source::{FileId, RepoPath, SourceFile};

    fn source(text: &str) -> SourceFile {
        SourceFile::new(FileId(0), RepoPath::new("README.md"), text.as_bytes().to_vec())
    }

    fn stated(text: &str) -> Option<&'static str> {
        let source = source(text);
        license(&Card::parse(&source)).map(|found| found.value)
    }

    #[test]
    fn languages_that_a_text_states_or_is_written_in() {
        let german = "Dieses Modell ist ein kleiner Encoder für kurze Befehle an eine Lampe und wurde auf den Texten der ersten \
                      Ausgabe trainiert. Es kann mit der Bibliothek geladen werden und gibt für jeden Satz eine Klasse zurück, die \
                      nicht immer stimmt, denn das Modell ist noch klein. \
                      Für lange Sätze und für Dialekte ist es nicht gemacht, und auch der Lärm auf der Straße wird nicht verstanden.";
        let english = "This is the card of a model that was made for the orders of a lamp. ".repeat(9);
        let code = format!("# Lampe\n\n```\n{german}\n```\n");
        for (text, codes) in [
            ("- **Language(s) (NLP):** German, English", &["de", "en"][..]),
            ("Language: en", &["en"]),
            ("**Languages**: French and Italian.", &["fr", "it"]),
            ("- **Language(s) (NLP):** [More Information Needed]", &[]),
            ("Language: Python", &[]),
            ("Languages: English, Klingonese", &[]),
            (german, &["de"]),
            (&english, &[]),
            (&code, &[]),
            ("", &[]),
        ] {
            let source = source(text);
            let folder = tempfile::tempdir().unwrap();
            let release = Release::open(folder.path(), &Options::default()).unwrap();
            let subject = Subject::new(&release);
            let found = languages(&Context::with_readme(&subject, Some(&source)));
            assert_eq!(found.into_iter().map(|found| found.value).collect::<Vec<_>>(), codes, "{text}");
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
    fn data_sets_of_a_configuration_in_the_text() {
        let card = "Axolotl config:\n\n```yaml\nbase_model: a/b\ndatasets:\n  - path: tatsu-lab/alpaca\n    type: alpaca\n  - path: ./mine.jsonl\n\
                    # more\n- path: \"c/d\"\ntest_datasets:\n  - path: e/f\n```\n\n```python\ndatasets:\n  - path: g/h\n```\n";
        let source = source(card);
        let found = datasets(&Card::parse(&source));
        let ids: Vec<_> = found.iter().map(|found| found.value.as_str()).collect();
        assert_eq!(ids, ["tatsu-lab/alpaca", "c/d"]);
        assert_eq!(
            found.iter().map(|found| source.slice(found.proof[0].place.span().unwrap())).collect::<Vec<_>>(),
            ids
        );
    }

    #[test]
    fn data_sets_of_sentence_transformers() {
        let at = |kind: &str, id: &str| {
            format!(
                "### {kind} Dataset\n\n#### x\n\n* Dataset: [x](https://huggingface.co/datasets/{id}) at [d4](https://huggingface.co/datasets/{id}/tree/d4)\n* Size: 8\n\n"
            )
        };
        let source = source(&format!("## Training Details\n\n{}{}", at("Training", "a/b"), at("Evaluation", "c/d")));
        let ids: Vec<_> = datasets(&Card::parse(&source)).into_iter().map(|found| found.value).collect();
        assert_eq!(ids, ["a/b"]);
    }

    #[test]
    fn links_to_no_training_data() {
        for text in [
            "[Apache](https://huggingface.co/datasets/choosealicense/licenses/blob/main/markdown/apache-2.0.md)",
            "[Apache](https://huggingface.co/datasets/choosealicense/licenses)",
            "[map](https://huggingface.co/datasets/a/b/resolve/main/map.png)",
            "[cats](https://huggingface.co/datasets/hf-internal-testing/cats_vs_dogs_sample)",
            "We evaluated it on [b](https://huggingface.co/datasets/a/b).",
            "The benchmark is [b](https://huggingface.co/datasets/a/b).",
            "[it](https://huggingface.co/datasets/a/humaneval-x)",
        ] {
            let source = source(text);
            assert_eq!(datasets(&Card::parse(&source)), [], "{text}");
        }
        let both = source("Trained and evaluated on [b](https://huggingface.co/datasets/a/b).");
        assert_eq!(datasets(&Card::parse(&both)).len(), 1);
    }

    #[test]
    fn licenses_that_a_text_states() {
        for (text, id) in [
            ("License: MIT", "mit"),
            ("- **License:** apache-2.0", "apache-2.0"),
            ("**License**: Apache License 2.0", "apache-2.0"),
            ("# License\n\nThis model is released under the [MIT License](LICENSE).", "mit"),
            ("The weights are licensed under the Apache License, Version 2.0.", "apache-2.0"),
            ("Licensed under CC-BY-NC-4.0 for research.", "cc-by-nc-4.0"),
            ("## License\nCC BY-SA 4.0\n\n## Citation\n", "cc-by-sa-4.0"),
            ("## Licence\n\n[MIT](LICENSE)\n", "mit"),
        ] {
            assert_eq!(stated(text), Some(id), "{text}");
        }
    }

    #[test]
    fn texts_that_state_no_license() {
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
            "## License\n\nMIT for the code, Llama 3",
            "## License\n\n## Other\n\nMIT",
        ] {
            assert_eq!(stated(text), None, "{text}");
        }
    }
}

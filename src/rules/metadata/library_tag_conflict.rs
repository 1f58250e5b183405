//! `library-tag-conflict`: without `library_name` a tag decides which library the page shows, and the tag is wrong.

use crate::checklist;
use crate::claims::stated::{is_of_gguf, libraries_in_tags, library_may_load};
use crate::diagnostic::{Effect, Label, Level, Safety};
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::{Gap, with_proof};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::quoted;

pub(crate) struct LibraryTagConflict;

static META: Meta = Meta {
    name: "library-tag-conflict",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::BreaksUsers,
    item: checklist::DISCOVER_LIBRARY,
    needs: Needs::Files,
    fix: Some(Safety::Unsafe),
    since: "0.1.0",
    docs: include_str!("library_tag_conflict.md"),
};

impl Rule for LibraryTagConflict {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(shown) = cx.facts().library.as_ref() else { return };
        let tags = libraries_in_tags(cx);
        let Some((node, tagged)) = tags.first() else { return };
        if is_of_gguf(cx) || tags.iter().any(|(_, library)| library_may_load(cx, library.key)) {
            return;
        }
        let Some(gap) = Gap::find(cx, "library_name") else { return };
        let verb = if shown.is_strong() { "show" } else { "suggest" };
        let tag = quoted(tagged.key);
        let message =
            format!("the tag {tag} makes this a {} model, but the files {verb} `{}`", tagged.pretty, shown.value);
        let order = format!("add `library_name: {}`", shown.value);
        let help = advice(
            &order,
            "Users cannot load the model with the page's code: the Hub takes the library from the tags.",
        );
        let label = Label::at(node.span(), order);
        // A tag that names a library is a statement, too: a person chooses.
        let fix = gap.write(&shown.value, Safety::Unsafe);
        out.push(with_proof(out.finding(message, label).help(help).fix(fix), &shown.proof));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    const LLAMA: (&str, &str) = ("config.json", r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#);
    const ADAPTER: (&str, &str) = ("adapter_config.json", r#"{"peft_type": "LORA"}"#);

    fn count(yaml: &str, files: &[(&str, &str)]) -> usize {
        let card = format!("---\n{yaml}\n---\n");
        findings(&LibraryTagConflict, &[&[("README.md", card.as_str())], files].concat()).len()
    }

    #[test]
    fn near_misses() {
        for (yaml, files) in [
            ("tags: [spacy]", &[][..]),
            ("tags: [transformers]", &[LLAMA]),
            ("tags: [sentence-transformers]", &[LLAMA]),
            ("tags: [spacy, transformers]", &[LLAMA]),
            ("tags: [lamps]", &[LLAMA]),
            ("tags: [spacy]\nlibrary_name: transformers", &[LLAMA]),
            ("tags: [spacy]\nlibrary: transformers", &[LLAMA]),
            ("tags: [spacy, gguf]", &[]),
            ("tags: [transformers]", &[ADAPTER]),
            // Three libraries load Keras' files.
            ("tags: [tf-keras]", &[("model.keras", "")]),
            ("tags: [keras-hub]", &[("model.keras", "")]),
        ] {
            assert_eq!(count(yaml, files), 0, "{yaml} {files:?}");
        }
        assert_eq!(count("tags: [spacy]", &[ADAPTER]), 1);
        assert_eq!(count("tags: [spacy]", &[("model.keras", "")]), 1);
        assert_eq!(count("tags: [spacy, diffusers]\nlibrary_name:", &[LLAMA]), 1);
    }
}

//! `missing-library-name`: a model whose page does not say what loads it.

use super::missing::{Gap, safety, with_proof};
use super::stated;
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level, Safety};
use crate::rules::values::all_of;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};

pub(crate) struct MissingLibraryName;

static META: Meta = Meta {
    name: "missing-library-name",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::DISCOVER_LIBRARY,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("missing_library_name.md"),
};

const COST: &str = "the page shows no code to load the model and counts downloads by a rule that may not fit; the Hub has \
                    not assumed transformers since August 2024";

impl Rule for MissingLibraryName {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(gap) = Gap::find(cx, "library_name") else { return };
        let facts = cx.facts();
        // No key fits files of this format, and the Hub counts and shows them without one.
        if stated::is_of_gguf(cx) {
            return;
        }
        let tagged = stated::libraries_in_tags(cx);
        let shown = facts.library.as_ref();
        let fits = |key: &str| stated::library_may_load(cx, key);
        match (tagged.as_slice(), shown) {
            // The tag decides the page, and the files are another library's: `library-tag-conflict` speaks of that.
            ([_, ..], _) if !tagged.iter().any(|(_, library)| fits(library.key)) => {}
            ([(node, library)], _) => {
                let says = format!("the Hub takes `{}` from the tags", library.key);
                let finding = gap.finding(out, Level::Info, &says, format!("add `library_name: {}`", library.key));
                let finding = finding.related(Label::at(node.span(), "a tag that is a library"));
                let fix = gap.write(library.key, Safety::Safe);
                out.push(finding.help("other tools read `library_name` alone").fix(fix));
            }
            (_, Some(found)) => {
                let verb = if found.is_strong() { "show" } else { "suggest" };
                let says = format!("the files {verb} `{}`", found.value);
                let label = format!("add `library_name: {}`", found.value);
                let finding = gap.finding(out, Level::Warning, &says, label).help(COST);
                out.push(with_proof(finding.fix(gap.write(&found.value, safety(found))), &found.proof));
            }
            (several, None) => {
                let says = match several {
                    [] => String::new(),
                    several => {
                        format!(
                            "the tags name {}",
                            all_of(several.iter().map(|(_, library)| format!("`{}`", library.key)))
                        )
                    }
                };
                let finding = gap.finding(out, Level::Warning, &says, "add the library that loads the model");
                out.push(finding.help(COST).fix(gap.stub("the library that loads the model, e.g. transformers")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    const LLAMA: (&str, &str) = ("config.json", r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#);
    const ADAPTER: (&str, &str) = ("adapter_config.json", r#"{"peft_type": "LORA"}"#);

    fn outcome(yaml: &str, files: &[(&str, &str)]) -> Vec<(Level, String)> {
        let card = format!("---\n{yaml}\n---\n");
        let found = findings(&MissingLibraryName, &[&[("README.md", card.as_str())], files].concat());
        found.into_iter().map(|found| (found.level, found.fix.unwrap().edits[0].text.trim_end().to_owned())).collect()
    }

    #[test]
    fn files_and_tags() {
        let library = |level, key: &str| vec![(level, format!("library_name: {key}"))];
        assert_eq!(outcome("license: mit", &[ADAPTER]), library(Level::Warning, "peft"));
        assert_eq!(outcome("tags: [transformers]", &[]), library(Level::Info, "transformers"));
        assert_eq!(outcome("tags: [transformers]", &[LLAMA]), library(Level::Info, "transformers"));
        assert_eq!(outcome("tags: [keras, transformers]", &[LLAMA]).len(), 1);
        // The tag decides, and is wrong: `library-tag-conflict` speaks.
        assert_eq!(outcome("tags: [spacy]", &[ADAPTER]), []);
        assert_eq!(outcome("library_name: anything", &[ADAPTER]), []);
        assert_eq!(outcome("library: peft", &[ADAPTER]), []);
        assert_eq!(outcome("tags: [gguf]", &[]), []);
        let gguf = ("model.gguf", "GGUF\u{3}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        assert_eq!(outcome("license: mit", &[gguf]), []);
        assert_eq!(
            outcome("license: mit", &[gguf, ADAPTER, ("adapter_model.safetensors", "")]),
            library(Level::Warning, "peft")
        );
    }
}

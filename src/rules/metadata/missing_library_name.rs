//! `missing-library-name`: a model whose page does not say what loads it.

use crate::checklist;
use crate::claims::stated;
use crate::diagnostic::{Diagnostic, Effect, Label, Level, Safety};
use crate::evidence::Evidence;
use crate::hub::libraries::Library;
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::{Gap, safety, with_proof};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::tree::NodeRef;
use crate::words::all_of;

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

const COST: &str = "Users cannot copy code from the page, and the Hub may count the wrong files as downloads.";

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
            // The tag decides the page, and the files are another library's: `library-tag-conflict` reports that.
            ([_, ..], _) if !tagged.iter().any(|(_, library)| fits(library.key)) => {}
            ([(node, library)], _) => {
                let says = format!("the Hub takes `{}` from the tags", library.key);
                let order = format!("add `library_name: {}`", library.key);
                let finding = gap.finding(out, Level::Info, &says, order.clone());
                let finding = finding.related(Label::at(node.span(), "this tag is a library"));
                let fix = gap.write(library.key, Safety::Safe);
                out.push(finding.help(advice(&order, "Other tools read only this key.")).fix(fix));
            }
            (_, Some(found)) => {
                let verb = if found.is_strong() { "show" } else { "suggest" };
                let says = format!("the files {verb} `{}`", found.value);
                let label = format!("add `library_name: {}`", found.value);
                let help = advice(&label, COST);
                let finding = gap.finding(out, Level::Warning, &says, label).help(help);
                out.push(with_proof(finding.fix(gap.write(&found.value, safety(found))), &found.proof));
            }
            ([], None) => {
                let used = stated::library_in_use(cx).filter(|used| fits(used.value));
                out.push(
                    used.map_or_else(
                        || open(out, gap, ""),
                        |used| suggested(out, gap, "the card's code imports", &used),
                    ),
                );
            }
            (several, None) => {
                out.push(match particular(several) {
                    Some((node, library)) => {
                        let tag = Evidence::weak(library.key, Label::at(node.span(), "this tag is a library"));
                        suggested(out, gap, "the tags suggest", &tag)
                    }
                    None => {
                        let keys = all_of(several.iter().map(|(_, library)| format!("`{}`", library.key)));
                        open(out, gap, &format!("the tags name {keys}"))
                    }
                });
            }
        }
    }
}

/// Libraries that build on others of these, each before those: where cards have both tags, the first is meant.
const BUILT_ON: [&str; 5] = ["setfit", "sentence-transformers", "peft", "adapter-transformers", "transformers"];

/// The library among several tags that builds on all the others.
fn particular<'t, 'c>(tagged: &'t [(NodeRef<'c>, Library)]) -> Option<&'t (NodeRef<'c>, Library)> {
    let ranks = tagged.iter().map(|(_, library)| rank(library)).collect::<Option<Vec<_>>>()?;
    let first = ranks.iter().min()?;
    tagged.iter().find(|(_, library)| rank(library) == Some(*first))
}

fn rank(library: &Library) -> Option<usize> {
    BUILT_ON.iter().position(|key| *key == library.key)
}

/// The library is known from tags or code, not from files.
fn suggested(out: &Sink<'_>, gap: Gap<'_>, who: &str, found: &Evidence<&'static str>) -> Diagnostic {
    let label = format!("add `library_name: {}`", found.value);
    let help = advice(&label, COST);
    let finding = gap.finding(out, Level::Warning, &format!("{who} `{}`", found.value), label).help(help);
    with_proof(finding.fix(gap.write(found.value, safety(found))), &found.proof)
}

/// The library is not known.
fn open(out: &Sink<'_>, gap: Gap<'_>, says: &str) -> Diagnostic {
    let order = "add the library that loads the model";
    let finding = gap.finding(out, Level::Warning, says, order);
    finding.help(advice(order, COST)).fix(gap.placeholder("the library that loads the model, e.g. transformers"))
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
    fn the_card_s_code_needs_a_person() {
        let card = |code: &str| format!("---\nlicense: mit\n---\n```python\n{code}\n```\n");
        let fix = |code: &str, files: &[(&str, &str)]| {
            let card = card(code);
            let mut found = findings(&MissingLibraryName, &[&[("README.md", card.as_str())], files].concat());
            let fix = found.remove(0).fix.unwrap();
            (fix.safety, fix.edits[0].text.trim_end().to_owned())
        };
        let both = "from transformers import AutoTokenizer\nfrom sentence_transformers import SentenceTransformer";
        assert_eq!(fix(both, &[]), (Safety::Unsafe, "library_name: sentence-transformers".to_owned()));
        assert_eq!(fix("from diffusers import X", &[ADAPTER]).1, "library_name: peft");
        assert!(fix("from mytransformers import X", &[]).1.contains("TODO"));
    }

    #[test]
    fn files_and_tags() {
        let library = |level, key: &str| vec![(level, format!("library_name: {key}"))];
        assert_eq!(outcome("license: mit", &[ADAPTER]), library(Level::Warning, "peft"));
        assert_eq!(outcome("tags: [transformers]", &[]), library(Level::Info, "transformers"));
        assert_eq!(outcome("tags: [transformers]", &[LLAMA]), library(Level::Info, "transformers"));
        assert_eq!(outcome("tags: [keras, transformers]", &[LLAMA]).len(), 1);
        // The tag decides, and is wrong: `library-tag-conflict` reports it.
        assert_eq!(outcome("tags: [spacy]", &[ADAPTER]), []);
        assert_eq!(outcome("library_name: anything", &[ADAPTER]), []);
        assert_eq!(outcome("library: peft", &[ADAPTER]), []);
        assert_eq!(outcome("tags: [gguf]", &[]), []);
        let both = "tags: [sentence-transformers, feature-extraction, transformers]";
        assert_eq!(outcome(both, &[]), library(Level::Warning, "sentence-transformers"));
        assert!(outcome("tags: [keras, transformers]", &[])[0].1.contains("TODO"));
        let gguf = ("model.gguf", "GGUF\u{3}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        assert_eq!(outcome("license: mit", &[gguf]), []);
        assert_eq!(
            outcome("license: mit", &[gguf, ADAPTER, ("adapter_model.safetensors", "")]),
            library(Level::Warning, "peft")
        );
    }
}

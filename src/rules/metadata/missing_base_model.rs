//! `missing-base-model`: a model made from another one that does not name it.

use crate::checklist;
use crate::claims::prose;
use crate::configs::Spanned;
use crate::diagnostic::{Diagnostic, Effect, Label, Level, Safety};
use crate::evidence::{Evidence, is_id, looks_like_a_path};
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::{Gap, with_proof};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::{all_of, quoted};

pub(crate) struct MissingBaseModel;

static META: Meta = Meta {
    name: "missing-base-model",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::DISCOVER_QUANTIZED,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("missing_base_model.md"),
};

const COST: &str = "Harder to find: the Hub lists the model on the page of its base only through this key.";

impl Rule for MissingBaseModel {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(gap) = Gap::find(cx, "base_model") else { return };
        let facts = cx.facts();
        let named = facts.base_models.iter().filter(|base| !looks_like_a_path(&base.value));
        let (sure, likely): (Vec<&Evidence<String>>, Vec<_>) = named.partition(|base| base.is_strong());
        // What is certain is proposed alone: a safe fix must not write a doubtful name.
        if !sure.is_empty() {
            return out.push(finding(out, gap, "the files name", &sure));
        }
        if let Some(path) = base_of_adapter(cx).filter(|_| likely.is_empty()) {
            return out.push(adapter_of_a_path(out, gap, path));
        }
        let own = cx.release().repo_id().map(ToString::to_string);
        let mut stated = cx.card().map(|card| prose::base_models(card, own.as_deref())).unwrap_or_default();
        stated.retain(|base| !has_its_name(cx, &base.value));
        if !stated.is_empty() {
            return out.push(finding(out, gap, "the text names", &stated.iter().collect::<Vec<_>>()));
        }
        // transformers writes the name that a model was loaded by, which often is its own, perhaps at another owner's.
        let likely: Vec<_> = likely.into_iter().filter(|base| !is_the_model_itself(cx, &base.value)).collect();
        if !likely.is_empty() {
            out.push(finding(out, gap, "the files suggest", &likely));
        }
    }
}

/// Whether an id is this model's own: by its name, or because it is all that the card's code loads.
fn is_the_model_itself(cx: &Context<'_>, id: &str) -> bool {
    has_its_name(cx, id) || is_all_that_is_loaded(cx, id)
}

/// Whether an id has the name of this repository, of its folder or of the card's title.
fn has_its_name(cx: &Context<'_>, id: &str) -> bool {
    let release = cx.release();
    let folder = release.root().file_name().map(|name| name.to_string_lossy().into_owned());
    let repo = release.repo_id().map(ToString::to_string);
    let title = cx.card().and_then(|card| card.body().headings.first()).map(|heading| heading.text.trim().to_owned());
    [folder, repo, title].into_iter().flatten().any(|own| name_in(&own) == name_in(id))
}

/// The name in an id or a title, however it is set: `lamp1` of `maker/Lamp-1` and of "Model Card for Lamp 1".
fn name_in(id: &str) -> String {
    let name = id.rsplit('/').next().unwrap_or(id).to_lowercase();
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    let bare = letters.strip_prefix("modelcard").unwrap_or(&letters);
    let bare = bare.strip_prefix("for").or_else(|| bare.strip_prefix("of")).filter(|_| bare != letters).unwrap_or(bare);
    bare.strip_suffix("modelcard").unwrap_or(bare).to_owned()
}

/// Whether the card's code loads this id, and no other by a name with an owner. Where lines of it load models, the others do
/// not count: they may load data.
fn is_all_that_is_loaded(cx: &Context<'_>, id: &str) -> bool {
    let Some(card) = cx.card() else { return false };
    let code = card.body().code_blocks.iter().map(|code| card.source().slice(code.content));
    let lines = || code.clone().flat_map(str::lines);
    let named = |line: &'_ str| -> Vec<bool> {
        let texts = line.split(['"', '\'']).filter(|text| text.contains('/') && is_id(text));
        texts.map(|text| text.eq_ignore_ascii_case(id)).collect()
    };
    let by_calls: Vec<bool> = lines().filter(|line| loads(line)).flat_map(named).collect();
    let named = if by_calls.is_empty() { lines().flat_map(named).collect() } else { by_calls };
    !named.is_empty() && named.iter().all(|is_it| *is_it)
}

fn loads(line: &str) -> bool {
    ["from_pretrained(", "pipeline("].iter().any(|call| line.contains(call))
}

fn finding(out: &Sink<'_>, gap: Gap<'_>, who: &str, bases: &[&Evidence<String>]) -> Diagnostic {
    let safety = if bases.iter().all(|base| base.is_strong()) { Safety::Safe } else { Safety::Unsafe };
    let ids: Vec<&str> = bases.iter().map(|base| base.value.as_str()).collect();
    let fix = match ids.as_slice() {
        [id] => gap.write(id, safety),
        ids => gap.write_list(ids, safety),
    };
    let says = format!("{who} {}", all_of(ids.iter().map(|id| quoted(id))));
    let order = match ids.as_slice() {
        [id] => format!("add `base_model: {id}`"),
        _ => "add `base_model` with these ids".to_owned(),
    };
    let finding = gap.finding(out, Level::Warning, &says, "add `base_model`").help(advice(&order, COST)).fix(fix);
    bases.iter().fold(finding, |finding, base| with_proof(finding, &base.proof))
}

/// What the configuration of an adapter calls its base.
fn base_of_adapter<'c>(cx: &'c Context<'_>) -> Option<Spanned<'c>> {
    cx.facts().contents.adapter.as_ref()?;
    cx.configs().adapter()?.base_model().filter(|(text, _)| !text.is_empty())
}

/// An adapter does not load without its base, and a path on a disk does not name it.
fn adapter_of_a_path(out: &Sink<'_>, gap: Gap<'_>, (path, span): Spanned<'_>) -> Diagnostic {
    let says = if looks_like_a_path(path) {
        format!("an adapter needs its base, but {} is a path on a disk", quoted(path))
    } else {
        format!("an adapter needs its base, but {} names no owner on the Hub", quoted(path))
    };
    gap.finding(out, Level::Warning, &says, "add the id of the base on the Hub")
        .related(Label::at(span, "the base, as recorded in training"))
        .help("Add the id of the base on the Hub. Users cannot load the adapter without its base.")
        .fix(gap.placeholder("the id of the base on the Hub, e.g. Qwen/Qwen3-0.6B"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    const BARE: &str = "---\nlicense: mit\n---\n";

    fn adapter_of(base: &str) -> String {
        format!(r#"{{"peft_type": "LORA", "base_model_name_or_path": "{base}"}}"#)
    }

    #[test]
    fn a_key_with_any_value_is_not_missing() {
        for yaml in
            ["base_model: ./out", "base_model: [a/b]", "base_model: TODO", "base_model: {a: b}", "finetuned_from: a/b"]
        {
            let card = format!("---\n{yaml}\n---\n");
            let found =
                findings(&MissingBaseModel, &[("README.md", &card), ("adapter_config.json", &adapter_of("a/b"))]);
            assert_eq!(found, [], "{yaml}");
        }
    }

    #[test]
    fn a_path_is_not_a_base() {
        for path in ["/data/x", "./out", "outputs/checkpoint-500", "my-base"] {
            let files = [("README.md", BARE), ("adapter_config.json", &adapter_of(path) as &str)];
            let found = findings(&MissingBaseModel, &files);
            assert!(found[0].message.contains(path) && found[0].fix.as_ref().unwrap().placeholder, "{path}: {found:?}");
        }
        let files = [("README.md", BARE), ("adapter_config.json", &adapter_of("") as &str)];
        assert_eq!(findings(&MissingBaseModel, &files), []);
    }

    #[test]
    fn the_text_needs_a_person_and_never_names_the_model_itself() {
        let says =
            |id: &str| format!("{BARE}# A\n\nThis is a fine-tuned version of [it](https://huggingface.co/{id}).\n");
        let found = findings(&MissingBaseModel, &[("README.md", &says("a/b"))]);
        assert_eq!(found[0].fix.as_ref().unwrap().safety, Safety::Unsafe);
        assert_eq!(findings(&MissingBaseModel, &[("README.md", &says("own/repository"))]), []);
        assert_eq!(findings(&MissingBaseModel, &[("README.md", BARE)]), []);
    }

    #[test]
    fn a_model_that_was_loaded_by_its_own_name_has_no_base() {
        let config = ("config.json", r#"{"_name_or_path": "some/Lamp-1"}"#);
        let card = |body: &str| format!("{BARE}{body}");
        let count = |body: &str| findings(&MissingBaseModel, &[("README.md", &card(body)), config]).len();
        for title in ["Lamp-1", "Lamp 1", "Model Card for Lamp-1", "lamp-1 model card", "Model card of some/lamp_1"] {
            assert_eq!(count(&format!("# {title}\n")), 0, "{title}");
        }
        assert_eq!(count("# Any\n\n```python\nload('some/Lamp-1')\n```\n"), 0);
        assert_eq!(count("# Any\n\n```python\nload('some/Lamp-1'), load('me/Lamp-2')\n```\n"), 1);
        assert_eq!(count("# Lamp-1 for orders\n"), 1);
    }

    #[test]
    fn files_count_more_than_the_text() {
        let card = format!("{BARE}A LoRA adapter for [it](https://huggingface.co/other/base).\n");
        let found = findings(&MissingBaseModel, &[("README.md", &card), ("adapter_config.json", &adapter_of("a/b"))]);
        let fix = found[0].fix.as_ref().unwrap();
        assert_eq!((fix.safety, fix.edits[0].text.as_str()), (Safety::Safe, "base_model: a/b\n"));
    }
}

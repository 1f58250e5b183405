//! `mismatched-base-model-relation`: how the model came from its base, missing where the Hub guesses wrong, misspelled, or
//! contradicted by the files.

use crate::checklist;
use crate::claims::{claim, claims};
use crate::configs::ModelConfig;
use crate::diagnostic::{Effect, Label, Level, Safety};
use crate::evidence::{Evidence, Relation, WHOLE_MODELS, is_named_after};
use crate::hub::architectures;
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::{Gap, with_proof};
use crate::rules::fields::repo_ids::fault;
use crate::rules::fields::rewriting::write;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::tree::NodeRef;
use crate::weights::gguf::{Gguf, Value};
use crate::words::quoted;

pub(crate) struct MismatchedBaseModelRelation;

static META: Meta = Meta {
    name: "mismatched-base-model-relation",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::DISCOVER_QUANTIZED,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("mismatched_base_model_relation.md"),
};

const KEY: &str = "base_model_relation";
const RELATIONS: [Relation; 4] = [Relation::Adapter, Relation::Finetune, Relation::Merge, Relation::Quantized];

impl Rule for MismatchedBaseModelRelation {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let shown = cx.facts().relation.as_ref().filter(|relation| relation.is_strong());
        match claim(cx, KEY) {
            Some((node, text)) => match (RELATIONS.into_iter().find(|one| one.as_str() == text), shown) {
                (None, _) => unknown(cx, out, node, text, shown),
                (Some(said), Some(shown)) => contradicted(cx, out, node, said, shown),
                (Some(said), None) => adapter_of_a_whole_model(cx, out, node, said),
            },
            None => {
                if let Some(shown) = shown {
                    absent(cx, out, shown);
                }
            }
        }
    }
}

/// A word that is not one of the four.
fn unknown(cx: &Context<'_>, out: &mut Sink<'_>, node: NodeRef<'_>, text: &str, shown: Option<&Evidence<Relation>>) {
    let meant = meant(text);
    let message = format!("{} is not a value of `{KEY}`", quoted(text));
    let finding = match (meant, shown) {
        (Some(meant), _) => {
            let label = format!("did you mean `{}`?", meant.as_str());
            let agrees = shown.is_none_or(|shown| shown.value == meant);
            let safety = if agrees { Safety::Safe } else { Safety::Unsafe };
            out.finding(message, Label::at(node.span(), label)).fix(write(cx, KEY, node, meant.as_str(), safety))
        }
        (None, Some(shown)) => {
            let label = format!("the files show `{}`", shown.value.as_str());
            let fix = write(cx, KEY, node, shown.value.as_str(), Safety::Unsafe);
            with_proof(out.finding(message, Label::at(node.span(), label)).fix(fix), &shown.proof)
        }
        (None, None) => {
            let label = "write `adapter`, `finetune`, `merge` or `quantized`";
            out.finding(message, Label::at(node.span(), label))
        }
    };
    // The rejection was measured once, and by others.
    let reason = "Users cannot see the relation: the Hub probably rejects the push.";
    out.push(finding.help(advice("write `adapter`, `finetune`, `merge` or `quantized`", reason)));
}

/// A relation that the Hub knows, but the files show another.
fn contradicted(cx: &Context<'_>, out: &mut Sink<'_>, node: NodeRef<'_>, said: Relation, shown: &Evidence<Relation>) {
    let level = match (said, shown.value) {
        (said, shown) if said == shown => return,
        // A merge may have been trained, quantized or published as a difference afterwards; its configuration stays.
        (_, Relation::Merge) => return,
        // A model may be trained and quantized in one repository, and its author says which of both counts.
        (Relation::Finetune, Relation::Quantized) => Level::Info,
        _ => Level::Warning,
    };
    let message = format!("`{KEY}` is `{}`, but the files show `{}`", said.as_str(), shown.value.as_str());
    let label = format!("write `{}`", shown.value.as_str());
    let finding = out.finding_at(level, message, Label::at(node.span(), label.clone()));
    // The Hub and PEFT know an adapter by its file. Of a quantized merge, both words are true.
    let is_sure = (said, shown.value) == (Relation::Finetune, Relation::Adapter);
    let safety = if is_sure { Safety::Safe } else { Safety::Unsafe };
    let fix = write(cx, KEY, node, shown.value.as_str(), safety);
    let help = advice(&label, "Harder to find: the page of the base lists the model under another kind.");
    out.push(with_proof(finding.help(help).fix(fix), &shown.proof));
}

/// No relation beside a base, where the Hub would guess wrong.
fn absent(cx: &Context<'_>, out: &mut Sink<'_>, shown: &Evidence<Relation>) {
    let bases = claims(cx, "base_model");
    let Some((first, _)) =
        bases.first().filter(|_| bases.iter().all(|(_, id)| fault("base_model", id.trim()).is_none()))
    else {
        return;
    };
    let level = match shown.value {
        Relation::Quantized => Level::Warning,
        // The Hub takes several bases for a merge.
        Relation::Merge if bases.len() == 1 => Level::Info,
        _ => return,
    };
    let Some(gap) = Gap::find(cx, KEY) else { return };
    // Weights that were trained here and then quantized may be a fine-tune of the base for their author.
    let sure = cx.facts().contents.trained_here.is_empty() && !may_be_trained(cx, &bases);
    let safety = if sure { Safety::Safe } else { Safety::Unsafe };
    let value = shown.value.as_str();
    let kind = match shown.value {
        Relation::Merge => "a merge",
        _ => "quantized",
    };
    let order = format!("add `{KEY}: {value}`");
    let help = advice(&order, "Harder to find: the Hub may list the model among the fine-tunes of its base.");
    let finding = gap.finding(out, level, &format!("the model is {kind}"), order);
    let finding = finding.related(Label::at(first.span(), "the base")).fix(gap.write(value, safety));
    out.push(with_proof(finding.help(help), &shown.proof));
}

/// Whether the files are GGUF, and may be those of a model that was trained from the base: they bear another name, or the
/// card speaks of training.
fn may_be_trained(cx: &Context<'_>, bases: &[(NodeRef<'_>, &str)]) -> bool {
    if !cx.facts().contents.only_gguf {
        return false;
    }
    let speaks = || {
        let text = cx.readme().map(|readme| readme.text().to_ascii_lowercase()).unwrap_or_default();
        TRAINING.iter().any(|word| text.contains(word))
    };
    !bases.iter().any(|(_, base)| is_named_after(cx.weights(), base.trim())) || speaks()
}

/// Words of cards whose model was trained before it was quantized.
const TRAINING: [&str; 4] = ["finetun", "fine-tun", "fine tun", "trained"];

/// A relation that the Hub knows, and the files of a whole model.
fn adapter_of_a_whole_model(cx: &Context<'_>, out: &mut Sink<'_>, node: NodeRef<'_>, said: Relation) {
    if said != Relation::Adapter {
        return;
    }
    let Some(whole) = whole_model(cx) else { return };
    let message = format!("`{KEY}` is `adapter`, but the files are a whole model");
    let finding = out.finding(message, Label::at(node.span(), "write `finetune`, or what it is"));
    let help = advice(
        "write `finetune`, `merge` or `quantized`",
        "Harder to find: users who search for a model do not look among the adapters.",
    );
    let fix = write(cx, KEY, node, Relation::Finetune.as_str(), Safety::Unsafe);
    out.push(finding.related(whole).help(help).fix(fix));
}

/// The file of a whole model that transformers loads, or of a GGUF model, where nothing among the files is an adapter.
fn whole_model(cx: &Context<'_>) -> Option<Label> {
    let release = cx.release();
    let adapts = |path: &str| ["adapter", "lora"].iter().any(|word| path.to_ascii_lowercase().contains(word));
    if release.files().iter().any(|file| adapts(file.path.as_str())) {
        return None;
    }
    if cx.facts().contents.only_gguf {
        let mut files = cx.weights().gguf();
        let (file, _) = files.next().filter(|(_, gguf)| is_of_a_model(gguf))?;
        return files.all(|(_, gguf)| is_of_a_model(gguf)).then(|| Label::file(file.id, "a model by its header"));
    }
    let is_known =
        |config: ModelConfig<'_>| config.architectures().any(|(class, _)| architectures::get(class).is_some());
    cx.configs().model().filter(|config| is_known(*config))?;
    let mut tensors = cx.weights().safetensors().flat_map(|(_, header)| header.tensors());
    if tensors.any(|tensor| tensor.name.contains("lora_")) {
        return None;
    }
    let file = WHOLE_MODELS.iter().find_map(|name| release.find(name))?;
    Some(Label::file(file.id, "transformers loads a whole model from this file"))
}

fn is_of_a_model(gguf: &Gguf) -> bool {
    gguf.get("general.type").and_then(Value::as_str).is_some_and(|kind| kind == "model")
}

/// The relation that people mean by a word.
fn meant(text: &str) -> Option<Relation> {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    Some(match letters.as_str() {
        "finetune" | "finetuned" | "finetuning" | "finetunes" | "finetunedfrom" | "sft" => Relation::Finetune,
        "quantized" | "quantised" | "quantization" | "quantisation" | "quantize" | "quant" | "quants" | "gguf"
        | "gptq" | "awq" | "quantizedfrom" => Relation::Quantized,
        "adapter" | "adapters" | "lora" | "qlora" | "peft" | "loraadapter" => Relation::Adapter,
        "merge" | "merged" | "merges" | "mergekit" | "merging" => Relation::Merge,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{findings, fixed};

    const ADAPTER: (&str, &str) = ("adapter_config.json", r#"{"peft_type": "LORA"}"#);
    const GPTQ: (&str, &str) =
        ("config.json", r#"{"model_type": "llama", "quantization_config": {"quant_method": "gptq", "bits": 4}}"#);
    const MERGE: (&str, &str) = ("mergekit_config.yml", "models:\n  - model: a/b\n  - model: c/d\n");

    fn levels(yaml: &str, files: &[(&str, &str)]) -> Vec<Level> {
        let card = format!("---\n{yaml}\n---\n");
        let found = findings(&MismatchedBaseModelRelation, &[&[("README.md", card.as_str())], files].concat());
        found.into_iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn near_misses() {
        let fp8 = GPTQ.1.replace("gptq", "fp8");
        for (yaml, files) in [
            ("base_model: a/b", &[ADAPTER][..]),
            ("base_model: [a/b, c/d]", &[MERGE]),
            ("license: mit", &[GPTQ]),
            ("base_model: /tmp/x", &[GPTQ]),
            ("base_model: TODO", &[GPTQ]),
            ("base_model: a/b\nbase_model_relation: TODO", &[GPTQ]),
            ("base_model: a/b\nbase_model_relation: [quantized]", &[GPTQ]),
            ("base_model: a/b\nbase_model_relations: quantized", &[GPTQ]),
            ("base_model: a/b", &[("config.json", &fp8)]),
            ("base_model: a/b\nbase_model_relation: quantized", &[GPTQ]),
            ("base_model: a/b\nbase_model_relation: finetune", &[MERGE]),
            ("base_model: a/b\nbase_model_relation: adapter", &[]),
        ] {
            assert_eq!(levels(yaml, files), [], "{yaml} {files:?}");
        }
    }

    #[test]
    fn what_the_files_show() {
        use Level::{Info, Warning};
        assert_eq!(levels("base_model: a/b", &[GPTQ]), [Warning]);
        assert_eq!(levels("base_model: a/b\nbase_model_relation:", &[GPTQ]), [Warning]);
        assert_eq!(levels("base_model: a/b", &[MERGE]), [Info]);
        let packed_to_train = GPTQ.1.replace("gptq", "bitsandbytes");
        assert_eq!(levels("base_model: a/b", &[("config.json", packed_to_train.as_str())]), []);
        let said = |relation: &str| format!("base_model: a/b\nbase_model_relation: {relation}");
        assert_eq!(levels(&said("finetune"), &[ADAPTER]), [Warning]);
        let merge =
            findings(&MismatchedBaseModelRelation, &[("README.md", &format!("---\n{}\n---\n", said("merge"))), GPTQ]);
        assert_eq!(merge[0].level, Warning);
        assert_eq!(merge[0].fix.as_ref().unwrap().safety, Safety::Unsafe, "a merge that was quantized");
        assert_eq!(levels(&said("finetune"), &[GPTQ]), [Info]);
        assert_eq!(levels(&said("child"), &[GPTQ]), [Warning]);
    }

    #[test]
    fn a_fix_is_safe_only_without_signs_of_training() {
        let safety = |files: &[(&str, &str)]| {
            let card = ("README.md", "---\nbase_model: a/b\n---\n");
            findings(&MismatchedBaseModelRelation, &[&[card], files].concat())[0].fix.as_ref().unwrap().safety
        };
        assert_eq!(safety(&[GPTQ]), Safety::Safe);
        assert_eq!(safety(&[GPTQ, ("trainer_state.json", "{}")]), Safety::Unsafe);
    }

    const WHOLE: [(&str, &str); 2] = [
        ("config.json", r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#),
        ("model.safetensors.index.json", "{}"),
    ];

    #[test]
    fn a_whole_model_is_not_an_adapter() {
        let said = "base_model: a/b\nbase_model_relation: adapter";
        assert_eq!(levels(said, &WHOLE), [Level::Warning]);
        for other in [ADAPTER, ("my_lora.safetensors", ""), ("weights/adapter.bin", "")] {
            assert_eq!(levels(said, &[&WHOLE[..], &[other]].concat()), [], "{other:?}");
        }
        // A head for the drafts of another model has a class of its own.
        let head = [("config.json", r#"{"architectures": ["LlamaForCausalLMEagle3"]}"#), ("model.safetensors", "")];
        assert_eq!(levels(said, &head), []);
        assert_eq!(levels("base_model: a/b\nbase_model_relation: finetune", &WHOLE), []);
    }

    #[test]
    fn words_of_people() {
        for (word, relation) in
            [("Fine-Tuned", "finetune"), ("GGUF", "quantized"), ("LoRA", "adapter"), ("merged", "merge")]
        {
            let yaml = format!("base_model_relation: {word}\n");
            let wanted = format!("base_model_relation: {relation}\n");
            assert_eq!(fixed(&MismatchedBaseModelRelation, &yaml), Some(wanted), "{word}");
        }
        assert_eq!(fixed(&MismatchedBaseModelRelation, "base_model_relation: child\n"), None);
    }
}

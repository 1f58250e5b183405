//! `mismatched-base-model`: a base in the metadata that is not the one that the files name.

use crate::checklist;
use crate::claims::{claims, filled, parts};
use crate::diagnostic::{Effect, Label, Level, Safety};
use crate::evidence::{Evidence, Relation};
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::with_proof;
use crate::rules::fields::repo_ids::fault;
use crate::rules::fields::rewriting::write;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::{all_of, quoted};

pub(crate) struct MismatchedBaseModel;

static META: Meta = Meta {
    name: "mismatched-base-model",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::BreaksUsers,
    item: checklist::DISCOVER_QUANTIZED,
    needs: Needs::Files,
    fix: Some(Safety::Unsafe),
    since: "0.1.0",
    docs: include_str!("mismatched_base_model.md"),
};

/// How many bases of a card are compared.
const MAX_COMPARED: usize = 64;

impl Rule for MismatchedBaseModel {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        // The header of a GGUF file names the base of the model that was converted, which is another one than the card's.
        let relation = cx.facts().relation.as_ref().filter(|relation| relation.is_strong());
        if !relation.is_some_and(|found| matches!(found.value, Relation::Adapter | Relation::Merge)) {
            return;
        }
        let shown: Vec<&Evidence<String>> = cx.facts().base_models.iter().filter(|base| base.is_strong()).collect();
        let named = claims(cx, "base_model");
        let Some(field) = filled(cx, "base_model") else { return };
        let own = cx.release().repo_id().map(ToString::to_string).unwrap_or_default();
        let is_reported = |text: &str| fault("base_model", text).is_some() || text.eq_ignore_ascii_case(&own);
        let all = named.len() == parts(field).len() && named.len() <= MAX_COMPARED;
        if shown.is_empty() || !all || named.iter().any(|(_, text)| is_reported(text.trim())) {
            return;
        }
        let related = |text: &str| shown.iter().any(|base| may_be_related(text, &base.value));
        let Some((node, first)) = named.first().filter(|_| !named.iter().any(|(_, text)| related(text.trim()))) else {
            return;
        };
        let ids = || all_of(shown.iter().map(|base| quoted(&base.value)));
        let fix = match (named.as_slice(), shown.as_slice()) {
            ([_], [base]) => write(cx, "base_model", *node, &base.value, Safety::Unsafe),
            _ => None,
        };
        let message = format!("`base_model` is {}, but the files name {}", quoted(first), ids());
        let finding = out.finding(message, Label::at(node.span(), format!("write {}", ids())));
        let reason = match relation.map(|found| found.value) {
            Some(Relation::Adapter) => "Users cannot load the adapter on another base.",
            _ => "Harder to find: the Hub lists the model on the page of another base.",
        };
        let help = advice(&format!("write {}", ids()), reason);
        let finding = shown.iter().fold(finding, |finding, base| with_proof(finding, &base.proof));
        out.push(finding.help(help).fix(fix));
    }
}

/// Words in the names of models that do not show a family.
const COMMON: [&str; 48] = [
    "adapter",
    "aligned",
    "awq",
    "base",
    "beta",
    "bit",
    "bnb",
    "cased",
    "chat",
    "checkpoint",
    "coder",
    "distill",
    "dpo",
    "english",
    "exp",
    "final",
    "finetune",
    "finetuned",
    "fp",
    "gguf",
    "gptq",
    "grpo",
    "hf",
    "instruct",
    "kto",
    "large",
    "lite",
    "lora",
    "math",
    "medium",
    "merge",
    "merged",
    "mini",
    "model",
    "multilingual",
    "orpo",
    "preview",
    "qlora",
    "quantized",
    "rlhf",
    "sft",
    "small",
    "test",
    "tiny",
    "trained",
    "uncased",
    "unsloth",
    "vision",
];

/// Whether one of two models may be made from the other: their names share a word, or show no family, and do not
/// name different sizes.
fn may_be_related(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let (name, other_name) = (name_in(&one), name_in(&other));
    if name == other_name {
        return true;
    }
    if let (Some(a), Some(b)) = (size(name), size(other_name))
        && (a - b).abs() > 0.1 * a.max(b)
    {
        return false;
    }
    let (words, others) = (words(name), words(other_name));
    words.is_empty()
        || others.is_empty()
        || words.iter().any(|word| other.contains(word.as_str()))
        || others.iter().any(|word| one.contains(word.as_str()))
}

/// The part of an id after its owner.
fn name_in(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or_default()
}

/// The words of a name that show a family.
fn words(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphabetic());
    words.filter(|word| word.chars().count() >= 3 && !COMMON.contains(word)).map(str::to_owned).collect()
}

/// The number of parameters in a name, in millions: `0.6b`, `270m`. Nothing when there is none, or several.
fn size(name: &str) -> Option<f64> {
    let mut sizes = name.split(['-', '_']).filter_map(millions);
    sizes.next().filter(|_| sizes.next().is_none())
}

fn millions(part: &str) -> Option<f64> {
    let (digits, unit) = part.split_at_checked(part.len().checked_sub(1)?)?;
    let scale = match unit {
        "b" => 1000.0,
        "m" => 1.0,
        _ => return None,
    };
    let plain = digits.starts_with(|c: char| c.is_ascii_digit());
    Some(digits.parse::<f64>().ok().filter(|_| plain)? * scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    #[test]
    fn relatives() {
        for (one, other) in [
            ("meta-llama/Meta-Llama-3-8B", "unsloth/llama-3-8b-bnb-4bit"),
            ("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B-Instruct"),
            ("QWEN/qwen3-0.6b", "other/Qwen3-0.6B"),
            ("mistralai/Mistral-7B-v0.1", "teknium/OpenHermes-2.5-Mistral-7B"),
            ("google-bert/bert-base-uncased", "distilbert/distilbert-base-uncased"),
            ("deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "Qwen/Qwen2.5-Math-7B"),
            ("meta-llama/Llama-2-7b-hf", "me/sft-final"),
            ("HuggingFaceTB/SmolLM2-1.7B", "me/smollm2-1.71B-sft"),
            ("mistralai/Mixtral-8x7B-v0.1", "mistralai/Mistral-7B-v0.1"),
        ] {
            assert!(may_be_related(one, other) && may_be_related(other, one), "{one} {other}");
        }
    }

    #[test]
    fn strangers() {
        for (one, other) in [
            ("meta-llama/Llama-3.2-1B", "Qwen/Qwen3-0.6B"),
            ("google-bert/bert-base-uncased", "Qwen/Qwen3-0.6B"),
            ("Qwen/Qwen3-8B", "Qwen/Qwen3-0.6B"),
            ("google/gemma-3-270m", "google/gemma-3-1b-it"),
            ("mistralai/Mistral-7B-v0.1", "tiiuae/falcon-7b"),
        ] {
            assert!(!may_be_related(one, other) && !may_be_related(other, one), "{one} {other}");
        }
    }

    #[test]
    fn near_misses() {
        let adapter = r#"{"peft_type": "LORA", "base_model_name_or_path": "Qwen/Qwen3-0.6B"}"#;
        let says = |yaml: &str, path: &str, text: &str| {
            let card = format!("---\n{yaml}\n---\n");
            findings(&MismatchedBaseModel, &[("README.md", &card), (path, text)]).len()
        };
        for yaml in [
            "base_model: TODO",
            "base_model: /tmp/llama",
            "base_model: own/repository",
            "base_model:",
            "base_model: unsloth/Qwen3-0.6B-unsloth-bnb-4bit",
            "base_model: [meta-llama/Llama-3.2-1B, Qwen/Qwen3-0.6B]",
            "base_model: {a: meta-llama/Llama-3.2-1B}",
        ] {
            assert_eq!(says(yaml, "adapter_config.json", adapter), 0, "{yaml}");
        }
        let other = "base_model: meta-llama/Llama-3.2-1B";
        assert_eq!(says(other, "adapter_config.json", adapter), 1);
        assert_eq!(says(other, "adapter_config.json", &adapter.replace("Qwen/Qwen3-0.6B", "/tmp/qwen")), 0);
        // What a model was loaded from does not prove it.
        assert_eq!(says(other, "config.json", r#"{"model_type": "qwen3", "_name_or_path": "Qwen/Qwen3-0.6B"}"#), 0);
        assert_eq!(says(other, "mergekit_config.yml", "models:\n  - model: Qwen/Qwen3-0.6B\n  - model: a/Qwen3\n"), 1);
    }
}

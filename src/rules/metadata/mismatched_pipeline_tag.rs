//! `mismatched-pipeline-tag`: a task that does not fit the files of the model.

use crate::checklist;
use crate::claims::{claim, stated};
use crate::diagnostic::{Effect, Label, Level, Safety};
use crate::hub::tasks;
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::with_proof;
use crate::rules::fields::rewriting::write;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::tree::NodeRef;
use crate::words::quoted;

pub(crate) struct MismatchedPipelineTag;

static META: Meta = Meta {
    name: "mismatched-pipeline-tag",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::DISCOVER_PIPELINE_TAG,
    needs: Needs::Files,
    fix: Some(Safety::Unsafe),
    since: "0.1.0",
    docs: include_str!("mismatched_pipeline_tag.md"),
};

impl Rule for MismatchedPipelineTag {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let task = &cx.facts().task;
        let Some((node, said)) = claim(cx, "pipeline_tag") else { return };
        if task.without_projector.is_some()
            && let Some((_, input)) = PROJECTED.iter().find(|(task, _)| *task == said)
        {
            return without_projector(cx, out, node, (said, input));
        }
        let Some(shown) = task.one.as_ref().filter(|one| one.is_strong()) else { return };
        let Some(tag) = tasks::get(said) else { return };
        // Adapters for models that see or hear are trained as causal language models, too.
        let by_base = cx.facts().contents.adapter.is_some()
            && shown.value == "text-generation"
            && (tag.modality == "multimodal" || tag.is_about_language());
        // People write `other` where no task of the list fits.
        if task.plausible.contains(&said) || task.plausible.is_empty() || by_base || said == "other" {
            return;
        }
        let message = format!("`pipeline_tag` is {}, but the files show `{}`", quoted(said), shown.value);
        let order = format!("write `{}`", shown.value);
        let finding = out.finding(message, Label::at(node.span(), order.clone()));
        let help =
            advice(&order, "Harder to find: the Hub lists the model under the wrong task, with code that fails.");
        let fix = write(cx, "pipeline_tag", node, shown.value, Safety::Unsafe);
        out.push(with_proof(finding.help(help).fix(fix), &shown.proof));
    }
}

/// A task for which a GGUF file needs a projector, and the repository has none.
fn without_projector(cx: &Context<'_>, out: &mut Sink<'_>, node: NodeRef<'_>, (task, input): (&str, &str)) {
    let Some(model) = stated::model_without_projector(cx) else { return };
    let message = format!("`pipeline_tag` is {}, but the repository has no projector (`mmproj-*.gguf`)", quoted(task));
    let help = advice(
        "upload the `mmproj` file of this model beside it",
        &format!("Users cannot give the model {input}: llama.cpp reads text alone without it."),
    );
    let finding = out.finding(message, Label::at(node.span(), format!("without it the model takes no {input}")));
    out.push(finding.related(model.clone()).help(help));
}

/// Tasks of models that take more than text, and what else they take.
const PROJECTED: [(&str, &str); 6] = [
    ("any-to-any", "images or sound"),
    ("audio-text-to-text", "sound"),
    ("image-text-to-text", "images"),
    ("image-to-text", "images"),
    ("video-text-to-text", "images"),
    ("visual-question-answering", "images"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check, findings, gguf};

    #[test]
    fn a_model_that_sees_needs_its_projector() {
        let model = gguf(&[("general.architecture", "llama")]);
        let count = |card: &str, more: &[(&str, &[u8])]| {
            let files: [(&str, &[u8]); 2] = [("README.md", card.as_bytes()), ("m-F16.gguf", &model)];
            check(&MismatchedPipelineTag, &[&files, more].concat()).found.len()
        };
        let card = "---\npipeline_tag: image-text-to-text\n---\n";
        assert_eq!(count(card, &[]), 1);
        let projector = gguf(&[("general.architecture", "clip")]);
        assert_eq!(count(card, &[("mmproj-F16.gguf", &projector)]), 0);
        assert_eq!(count(&format!("{card}The mmproj file is in the other repository.\n"), &[]), 0);
        assert_eq!(count("---\npipeline_tag: text-generation\n---\n", &[]), 0);
        assert_eq!(count("---\npipeline_tag: image-classification\n---\n", &[]), 1, "as before");
    }

    fn count(tag: &str, files: &[(&str, &str)]) -> usize {
        let card = format!("---\npipeline_tag: {tag}\n---\n");
        findings(&MismatchedPipelineTag, &[&[("README.md", card.as_str())], files].concat()).len()
    }

    const CAUSAL: (&str, &str) = ("config.json", r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#);
    const T5: (&str, &str) =
        ("config.json", r#"{"model_type": "t5", "architectures": ["T5ForConditionalGeneration"]}"#);
    const BERT: (&str, &str) = ("config.json", r#"{"model_type": "bert", "architectures": ["BertModel"]}"#);
    const MODULES: (&str, &str) =
        ("modules.json", r#"[{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"}]"#);

    #[test]
    fn near_misses() {
        let adapter = ("adapter_config.json", r#"{"peft_type": "LORA", "task_type": "CAUSAL_LM"}"#);
        for (tag, files) in [
            ("text-generation", &[CAUSAL][..]),
            ("image-text-to-text", &[adapter]),
            ("automatic-speech-recognition", &[adapter]),
            ("image-classification", &[]),
            ("summarization", &[T5]),
            ("translation", &[T5]),
            ("text-classification", &[BERT]),
            ("sentence-similarity", &[BERT, MODULES]),
            ("feature-extraction", &[BERT, MODULES]),
            // A causal model that embeds or ranks says so in its modules.
            ("sentence-similarity", &[CAUSAL, MODULES]),
            // Other rules report these.
            ("TODO", &[CAUSAL]),
            ("text2text-generation", &[CAUSAL]),
            ("image-clasification", &[CAUSAL]),
            ("[image-classification]", &[CAUSAL]),
            ("other", &[CAUSAL]),
        ] {
            assert_eq!(count(tag, files), 0, "{tag} {files:?}");
        }
    }

    #[test]
    fn contradictions() {
        let vit = ("config.json", r#"{"model_type": "vit", "architectures": ["ViTForImageClassification"]}"#);
        assert_eq!(count("image-classification", &[CAUSAL]), 1);
        assert_eq!(count("text-generation", &[vit]), 1);
        assert_eq!(count("text-generation", &[BERT, MODULES]), 1);
    }
}

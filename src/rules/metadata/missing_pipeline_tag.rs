//! `missing-pipeline-tag`: a model whose page does not say what it does.

use crate::checklist;
use crate::claims::claims;
use crate::claims::stated;
use crate::diagnostic::{Diagnostic, Effect, Label, Level, Safety};
use crate::evidence::{Evidence, is_of_senses};
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::{Gap, safety, with_proof};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::either;

pub(crate) struct MissingPipelineTag;

static META: Meta = Meta {
    name: "missing-pipeline-tag",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::DISCOVER_PIPELINE_TAG,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("missing_pipeline_tag.md"),
};

const COST: &str = "Harder to find: the Hub lists models by task, and chooses the page's widget and code by it.";

impl Rule for MissingPipelineTag {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(gap) = Gap::find(cx, "pipeline_tag") else { return };
        let sure = cx.facts().task.one.as_ref().filter(|one| one.is_strong());
        if let Some(finding) = without_projector(cx, out, gap) {
            return out.push(finding);
        }
        let finding = tagged(cx, out, gap)
            .or_else(|| Some(shown(out, gap, sure?)))
            .or_else(|| used(cx, out, gap))
            .or_else(|| Some(shown(out, gap, cx.facts().task.one.as_ref()?)))
            .unwrap_or_else(|| open(cx, out, gap));
        out.push(finding);
    }
}

/// One of the card's tags is a task: the Hub uses it, and only the right place is missing.
fn tagged(cx: &Context<'_>, out: &Sink<'_>, gap: Gap<'_>) -> Option<Diagnostic> {
    let tags = stated::tasks_in_tags(cx);
    let (node, first) = *tags.first()?;
    let plausible = &cx.facts().task.plausible;
    let agreed = plausible.is_empty() || plausible.contains(&first.id);
    if !agreed || tags.iter().any(|(_, task)| task.id != first.id) {
        return None;
    }
    let says = format!("the Hub takes `{}` from the tags", first.id);
    let order = format!("add `pipeline_tag: {}`", first.id);
    let finding = gap.finding(out, Level::Info, &says, order.clone());
    let finding = finding.related(Label::at(node.span(), "this tag is a task"));
    if cx.facts().task.headless && !plausible.contains(&first.id) {
        let help = advice(&format!("{order} if the model does this as it is"), NO_HEAD);
        let finding = with_proof(finding, &cx.facts().task.proof).help(help);
        return Some(finding.fix(gap.write(first.id, Safety::Unsafe)));
    }
    // Of a model that takes more than text, only the part for texts may be there.
    let is_text = first.modality == "multimodal"
        && cx.facts().task.one.as_ref().is_some_and(|one| one.value == "text-generation");
    let safety = if is_text || is_a_method(cx, first.id) { Safety::Unsafe } else { Safety::Safe };
    let help = advice(&order, "Other tools read only this key.");
    Some(finding.help(help).fix(gap.write(first.id, safety)))
}

/// A checkpoint before it got a head is tagged by what it is meant to be trained for.
const NO_HEAD: &str = "Its class has no head for a task, so that users may have to train it first.";

/// A GGUF file that takes text alone, of a model that the card names as one that takes more.
fn without_projector(cx: &Context<'_>, out: &Sink<'_>, gap: Gap<'_>) -> Option<Diagnostic> {
    let model = stated::model_without_projector(cx)?;
    let tags = stated::tasks_in_tags(cx);
    let tag = tags.iter().find(|(_, task)| task.modality == "multimodal").map(|(node, _)| *node);
    let base = claims(cx, "base_model").into_iter().find(|(_, id)| is_of_senses(id)).map(|(node, _)| node);
    let (node, text) = match (tag, base) {
        (Some(node), _) => (node, "this tag names a model that takes more than text"),
        (None, Some(node)) => (node, "this base may take more than text"),
        (None, None) => return None,
    };
    let says = "the files have no projector (`mmproj-*.gguf`), without which they fit only `text-generation`";
    let order = "upload the `mmproj` file and add `pipeline_tag: image-text-to-text`";
    let finding = gap.finding(out, Level::Warning, says, order).related(Label::at(node.span(), text));
    let fix = gap.write("text-generation", Safety::Unsafe);
    let finding = finding.related(model.clone()).help(advice(order, COST_OF_NO_PROJECTOR));
    Some(finding.fix(fix))
}

const COST_OF_NO_PROJECTOR: &str = "Users cannot give the model images or sound.";

/// Whether the tag may name the way in which a language model was trained, and not what it does.
fn is_a_method(cx: &Context<'_>, task: &str) -> bool {
    const AGENTS: [&str; 6] = [
        "deep-reinforcement-learning",
        "stable-baselines3",
        "ml-agents",
        "sample-factory",
        "cleanrl",
        "custom-implementation",
    ];
    let said = claims(cx, "tags").into_iter().chain(claims(cx, "library_name"));
    task == "reinforcement-learning" && !said.into_iter().any(|(_, text)| AGENTS.contains(&text))
}

/// The files show the task.
fn shown(out: &Sink<'_>, gap: Gap<'_>, one: &Evidence<&'static str>) -> Diagnostic {
    let verb = if one.is_strong() { "show" } else { "suggest" };
    let says = format!("the files {verb} `{}`", one.value);
    let order = format!("add `pipeline_tag: {}`", one.value);
    let finding = gap.finding(out, Level::Warning, &says, order.clone()).help(advice(&order, COST));
    with_proof(finding.fix(gap.write(one.value, safety(one))), &one.proof)
}

/// The card's own code or results have it.
fn used(cx: &Context<'_>, out: &Sink<'_>, gap: Gap<'_>) -> Option<Diagnostic> {
    let one = stated::task_in_use(cx)?;
    let plausible = &cx.facts().task.plausible;
    if !plausible.is_empty() && !plausible.contains(&one.value) {
        return None;
    }
    let says = format!("the card itself uses `{}`", one.value);
    let order = format!("add `pipeline_tag: {}`", one.value);
    let finding = gap.finding(out, Level::Warning, &says, order.clone()).help(advice(&order, COST));
    Some(with_proof(finding.fix(gap.write(one.value, safety(&one))), &one.proof))
}

/// Several tasks are possible, or none is known.
fn open(cx: &Context<'_>, out: &Sink<'_>, gap: Gap<'_>) -> Diagnostic {
    let task = &cx.facts().task;
    let says = match task.plausible.as_slice() {
        [] => String::new(),
        some => format!("the files fit {}", either(some.iter().map(|id| format!("`{id}`")))),
    };
    let finding = gap.finding(out, Level::Warning, &says, "add the task, such as `pipeline_tag: text-generation`");
    let help = advice("choose a task from hf.co/tasks, or `other` if none fits", COST);
    with_proof(finding.help(help).fix(gap.placeholder("the task, e.g. text-generation; see hf.co/tasks")), &task.proof)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check, findings, gguf};

    const CAUSAL: (&str, &str) = ("config.json", r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#);
    const SEQ2SEQ: (&str, &str) =
        ("config.json", r#"{"model_type": "t5", "architectures": ["T5ForConditionalGeneration"]}"#);

    fn only(card: &str, files: &[(&str, &str)]) -> Diagnostic {
        let mut found = findings(&MissingPipelineTag, &[&[("README.md", card)], files].concat());
        assert_eq!(found.len(), 1, "{card}");
        found.remove(0)
    }

    fn outcome(card: &str, files: &[(&str, &str)]) -> (Level, Safety, bool, String) {
        let found = only(card, files);
        let fix = found.fix.unwrap();
        (found.level, fix.safety, fix.placeholder, fix.edits[0].text.trim_end().to_owned())
    }

    #[test]
    fn a_tag_that_the_files_contradict_does_not_count() {
        let card = "---\ntags: [image-classification]\n---\n";
        let tag = |id: &str| format!("pipeline_tag: {id}");
        assert_eq!(outcome(card, &[]), (Level::Info, Safety::Safe, false, tag("image-classification")));
        assert_eq!(outcome(card, &[CAUSAL]), (Level::Warning, Safety::Safe, false, tag("text-generation")));
        let rl = |more: &str| outcome(&format!("---\ntags: [reinforcement-learning{more}]\n---\n"), &[]).1;
        assert_eq!((rl(""), rl(", stable-baselines3")), (Safety::Unsafe, Safety::Safe), "a way to train, or an agent");
        let speech = "---\ntags: [automatic-speech-recognition]\n---\n";
        for (class, safety) in [("Wav2Vec2ForPreTraining", Safety::Unsafe), ("Wav2Vec2ForCTC", Safety::Safe)] {
            let config = format!(r#"{{"model_type": "wav2vec2", "architectures": ["{class}"]}}"#);
            assert_eq!(outcome(speech, &[("config.json", &config)]).1, safety, "{class}");
        }
        let sees = "---\ntags: [image-text-to-text]\n---\n";
        for (kind, safety) in [("qwen3_5_text", Safety::Unsafe), ("qwen3_5", Safety::Safe)] {
            let class = r#""architectures": ["Qwen3_5ForConditionalGeneration"], "vision_config": {}"#;
            let config = format!(r#"{{"model_type": "{kind}", {class}}}"#);
            assert_eq!(outcome(sees, &[("config.json", &config)]).1, safety, "{kind}");
        }
        let several = "---\ntags: [translation, summarization]\n---\n";
        assert!(outcome(several, &[]).2 && only(several, &[]).level == Level::Warning);
    }

    #[test]
    fn a_model_that_sees_and_has_no_projector() {
        let model = gguf(&[("general.architecture", "llama")]);
        let told = |card: &str| {
            let found = check(&MissingPipelineTag, &[("README.md", card.as_bytes()), ("m.gguf", &model)]).found;
            (found[0].message.contains("mmproj"), found[0].fix.as_ref().map(|fix| fix.safety))
        };
        for yaml in ["tags: [image-text-to-text]", "base_model: a/tide-VL-mini"] {
            assert_eq!(told(&format!("---\n{yaml}\n---\n")), (true, Some(Safety::Unsafe)), "{yaml}");
        }
        assert_eq!(told("---\nbase_model: a/tide-mini\n---\n"), (false, Some(Safety::Safe)));
    }

    #[test]
    fn a_short_name_of_a_task_is_the_task() {
        for (name, task) in [
            ("ner", "token-classification"),
            ("sentiment-analysis", "text-classification"),
            ("translation_en_to_de", "translation"),
        ] {
            let card = format!("---\nlicense: mit\n---\n```python\nlamp = pipeline(\"{name}\", \"a/b\")\n```\n");
            assert_eq!(outcome(&card, &[]).3, format!("pipeline_tag: {task}"));
        }
    }

    #[test]
    fn the_card_in_use_is_weak_and_must_fit_the_files() {
        let code = |task: &str| {
            format!("---\nlicense: mit\n---\n```python\np = pipeline(\n    task='{task}', model='a/b')\n```\n")
        };
        let tag = |id: &str| format!("pipeline_tag: {id}");
        let weak = |id: &str| (Level::Warning, Safety::Unsafe, false, tag(id));
        assert_eq!(outcome(&code("translation"), &[SEQ2SEQ]), weak("translation"));
        assert_eq!(outcome(&code("translation"), &[]), weak("translation"));
        assert_eq!(outcome(&code("translation"), &[CAUSAL]).1, Safety::Safe);
        assert!(outcome(&code("image-classification"), &[SEQ2SEQ]).3 != tag("image-classification"));
        assert!(outcome(&code("my-task"), &[]).2);
        let results = "---\nmodel-index:\n- name: x\n  results:\n  - task:\n      type: token-classification\n---\n";
        assert_eq!(outcome(results, &[]), weak("token-classification"));
        let found = only(&code("translation"), &[]);
        let span = found.related[0].place.span().unwrap();
        assert_eq!(&code("translation")[span.start as usize..span.end as usize], "translation");
    }
}

//! `unknown-pipeline-tag`: a task that the Hub does not have, or has removed.

use crate::card::front_matter::edits;
use crate::checklist;
use crate::claims::claim;
use crate::diagnostic::{Effect, Fix, Label, Level, Safety};
use crate::hub::tasks;
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::with_proof;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::{either, quoted};

pub(crate) struct UnknownPipelineTag;

static META: Meta = Meta {
    name: "unknown-pipeline-tag",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::DISCOVER_PIPELINE_TAG,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("unknown_pipeline_tag.md"),
};

/// What to write instead.
struct Instead {
    id: &'static str,
    safety: Safety,
    /// The files, not the word, led to it.
    from_files: bool,
}

impl Rule for UnknownPipelineTag {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some((node, written)) = claim(cx, "pipeline_tag").filter(|(_, id)| tasks::get(id).is_none()) else {
            return;
        };
        let Some(card) = cx.card() else { return };
        let retired = tasks::retired(written);
        let meant: Vec<&'static str> = match retired {
            Some(retired) => retired.successors.into_iter().collect(),
            None => match tasks::suggest(written) {
                Some(id) => vec![id],
                None => tasks::parents_of_subtask(written).into_iter().collect(),
            },
        };
        let instead = instead(cx, &meant);
        let ids = || either(meant.iter().map(|id| format!("`{id}`")));
        let label = match &instead {
            Some(Instead { id, from_files: true, .. }) => format!("the files show `{id}`"),
            Some(Instead { id, .. }) if retired.is_some() => format!("now `{id}`"),
            _ if meant.is_empty() => "not in the Hub's list".to_owned(),
            _ if retired.is_some() => format!("now {}", ids()),
            _ => format!("did you mean {}?", ids()),
        };
        let state = if retired.is_some() { "was removed from the Hub's tasks" } else { "is not a task of the Hub" };
        let mut order = match &instead {
            Some(Instead { id, .. }) => format!("write `{id}`"),
            None if meant.is_empty() => "write a task from hf.co/tasks".to_owned(),
            None => format!("write {}", ids()),
        };
        if let Some(tag) = retired.and_then(|retired| retired.tag) {
            order.push_str(&format!(", and add `{tag}` to the tags of a chat model"));
        }
        let help = advice(&order, "Harder to find: the Hub lists the model under no task.");
        let fix = instead.as_ref().and_then(|instead| {
            let edit = edits::replace_value(card.source(), &card.front_matter, node, instead.id)?;
            Some(
                Fix::new(format!("write `{}`", instead.id), instead.safety)
                    .edit(edit.at, edit.text)
                    .key("pipeline_tag"),
            )
        });
        let mut finding = out.finding(format!("{} {state}", quoted(written)), Label::at(node.span(), label));
        if instead.is_some_and(|instead| instead.from_files) {
            finding = with_proof(finding, &cx.facts().task.proof);
        }
        out.push(finding.help(help).fix(fix));
    }
}

/// The one task to write: the one that the word meant, unless the files contradict it; else the one that they prove.
fn instead(cx: &Context<'_>, meant: &[&'static str]) -> Option<Instead> {
    let task = &cx.facts().task;
    let proven = task.one.as_ref().filter(|one| one.is_strong()).map(|one| one.value);
    match (meant, proven) {
        ([id], _) if task.plausible.is_empty() || task.plausible.contains(id) => {
            Some(Instead { id, safety: Safety::Safe, from_files: false })
        }
        (_, Some(id)) => {
            let safety = if meant.contains(&id) { Safety::Safe } else { Safety::Unsafe };
            Some(Instead { id, safety, from_files: true })
        }
        ([id], None) => Some(Instead { id, safety: Safety::Unsafe, from_files: false }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{findings, in_front_matter};

    const CAUSAL: &str = r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"]}"#;

    fn fix(tag: &str, config: &str) -> Option<(String, Safety)> {
        let card = format!("---\npipeline_tag: {tag}\n---\n");
        let mut found = findings(&UnknownPipelineTag, &[("README.md", &card), ("config.json", config)]);
        assert_eq!(found.len(), 1, "{tag}");
        found.remove(0).fix.map(|fix| (fix.edits[0].text.clone(), fix.safety))
    }

    #[test]
    fn the_word_goes_before_the_files_unless_they_contradict_it() {
        let write = |id: &str, safety| Some((id.to_owned(), safety));
        assert_eq!(fix("text-clasification", "{}"), write("text-classification", Safety::Safe));
        assert_eq!(fix("conversational", CAUSAL), write("text-generation", Safety::Safe));
        assert_eq!(fix("text2text-generation", CAUSAL), write("text-generation", Safety::Safe));
        assert_eq!(fix("chatting", CAUSAL), write("text-generation", Safety::Unsafe));
        assert_eq!(fix("image-clasification", CAUSAL), write("text-generation", Safety::Unsafe));
        assert_eq!(fix("chatting", "{}"), None);
        assert_eq!(fix("text2text-generation", "{}"), None);
    }

    #[test]
    fn what_other_rules_speak_of() {
        for yaml in [
            "pipeline_tag: other",
            "pipeline_tag:",
            "pipeline_tag: [a]",
            "pipeline_tag: TODO",
            "pipeline_tag: 1",
            "tags: [x]",
        ] {
            assert_eq!(in_front_matter(&UnknownPipelineTag, &format!("{yaml}\n")), [], "{yaml}");
        }
    }
}

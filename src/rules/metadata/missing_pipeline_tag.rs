//! `missing-pipeline-tag`: a model whose page does not say what it does.

use super::missing::{Gap, safety, with_proof};
use super::stated;
use crate::checklist;
use crate::diagnostic::{Diagnostic, Effect, Label, Level, Safety};
use crate::evidence::Evidence;
use crate::rules::values::either;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};

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

const COST: &str = "the task decides in which lists, widgets and snippets the Hub shows the model";

impl Rule for MissingPipelineTag {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(gap) = Gap::find(cx, "pipeline_tag") else { return };
        let sure = cx.facts().task.one.as_ref().filter(|one| one.is_strong());
        let finding = tagged(cx, out, gap)
            .or_else(|| Some(shown(out, gap, sure?)))
            .or_else(|| used(cx, out, gap))
            .or_else(|| Some(shown(out, gap, cx.facts().task.one.as_ref()?)))
            .unwrap_or_else(|| open(cx, out, gap));
        out.push(finding);
    }
}

/// One of the card's tags is a task: the Hub takes it, and only the right place is missing.
fn tagged(cx: &Context<'_>, out: &Sink<'_>, gap: Gap<'_>) -> Option<Diagnostic> {
    let tags = stated::tasks_in_tags(cx);
    let (node, first) = *tags.first()?;
    let plausible = &cx.facts().task.plausible;
    let agreed = plausible.is_empty() || plausible.contains(&first.id);
    if !agreed || tags.iter().any(|(_, task)| task.id != first.id) {
        return None;
    }
    let says = format!("the Hub takes `{}` from the tags", first.id);
    Some(
        gap.finding(out, Level::Info, &says, format!("add `pipeline_tag: {}`", first.id))
            .related(Label::at(node.span(), "a tag that is a task"))
            .help("other tools read `pipeline_tag` alone")
            .fix(gap.write(first.id, Safety::Safe)),
    )
}

/// The files show the task.
fn shown(out: &Sink<'_>, gap: Gap<'_>, one: &Evidence<&'static str>) -> Diagnostic {
    let verb = if one.is_strong() { "show" } else { "suggest" };
    let says = format!("the files {verb} `{}`", one.value);
    let finding = gap.finding(out, Level::Warning, &says, format!("add `pipeline_tag: {}`", one.value));
    with_proof(finding.help(COST).fix(gap.write(one.value, safety(one))), &one.proof)
}

/// The card's own code or results have it.
fn used(cx: &Context<'_>, out: &Sink<'_>, gap: Gap<'_>) -> Option<Diagnostic> {
    let one = stated::task_in_use(cx)?;
    let plausible = &cx.facts().task.plausible;
    if !plausible.is_empty() && !plausible.contains(&one.value) {
        return None;
    }
    let says = format!("the card itself speaks of `{}`", one.value);
    let finding = gap.finding(out, Level::Warning, &says, format!("add `pipeline_tag: {}`", one.value));
    Some(with_proof(finding.help(COST).fix(gap.write(one.value, safety(&one))), &one.proof))
}

/// Several tasks are possible, or nobody knows.
fn open(cx: &Context<'_>, out: &Sink<'_>, gap: Gap<'_>) -> Diagnostic {
    let task = &cx.facts().task;
    let says = match task.plausible.as_slice() {
        [] => String::new(),
        some => format!("the files fit {}", either(some.iter().map(|id| format!("`{id}`")))),
    };
    let finding = gap.finding(out, Level::Warning, &says, "add the task, such as `pipeline_tag: text-generation`");
    let help = format!("{COST}; write one task of hf.co/tasks, and `other` only where none fits");
    with_proof(finding.help(help).fix(gap.stub("the task, e.g. text-generation; see hf.co/tasks")), &task.proof)
}

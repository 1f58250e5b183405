//! What a card says its task is, for the rules that depend on it.

use crate::hub::tasks::{self, Task};
use crate::rules::Context;
use crate::rules::values::{claim, claims, filled};
use crate::source::tree::NodeRef;

/// The tasks among the card's tags, each with its place: the Hub takes the task from there when `pipeline_tag` is
/// absent.
pub(super) fn in_tags<'c>(cx: &'c Context<'_>) -> Vec<(NodeRef<'c>, Task)> {
    claims(cx, "tags").into_iter().filter_map(|(node, tag)| Some((node, tasks::get(tag)?))).collect()
}

/// The tasks that the model may have, as the card says; the files are asked where it says nothing. Empty when nobody
/// knows.
pub(super) fn likely(cx: &Context<'_>) -> Vec<Task> {
    if filled(cx, "pipeline_tag").is_some() {
        let Some((_, written)) = claim(cx, "pipeline_tag") else { return Vec::new() };
        return match (tasks::get(written), tasks::retired(written)) {
            (Some(task), _) => vec![task],
            (None, Some(retired)) => retired.successors.into_iter().filter_map(tasks::get).collect(),
            (None, None) => tasks::suggest(written).and_then(tasks::get).into_iter().collect(),
        };
    }
    let tags = in_tags(cx);
    if !tags.is_empty() {
        return tags.into_iter().map(|(_, task)| task).collect();
    }
    let shown = &cx.facts().task;
    match &shown.one {
        Some(one) => tasks::get(one.value).into_iter().collect(),
        None => shown.plausible.iter().filter_map(|id| tasks::get(id)).collect(),
    }
}

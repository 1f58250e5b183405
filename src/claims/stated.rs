//! What a card says of its model, or uses without saying it: task, library, kind.

use super::context::Context;
use super::fields::{claim, claims, filled};
use crate::card::Card;
use crate::card::front_matter::Field;
use crate::diagnostic::Label;
use crate::evidence::Evidence;
use crate::hub::architectures::{PipelineTask, pipeline_task};
use crate::hub::libraries::{self, Library};
use crate::hub::tasks::{self, Task};
use crate::source::tree::NodeRef;
use crate::source::{List, Span, word_list};

/// The tasks among the card's tags, each with its place: the Hub takes the task from there when `pipeline_tag` is
/// absent.
pub(crate) fn tasks_in_tags<'c>(cx: &'c Context<'_>) -> Vec<(NodeRef<'c>, Task)> {
    claims(cx, "tags").into_iter().filter_map(|(node, tag)| Some((node, tasks::get(tag)?))).collect()
}

/// The registered libraries among the card's tags, each once.
pub(crate) fn libraries_in_tags<'c>(cx: &'c Context<'_>) -> Vec<(NodeRef<'c>, Library)> {
    let mut found: Vec<(NodeRef<'c>, Library)> = Vec::new();
    for (node, tag) in claims(cx, "tags") {
        if let Some(library) = libraries::get(tag)
            && found.iter().all(|(_, other)| other.key != library.key)
        {
            found.push((node, library));
        }
    }
    found
}

/// Libraries that load the files of transformers, each in a way of its own, and leave no file that says so.
const READ_TRANSFORMERS: [&str; 5] = ["mlx", "sentence-transformers", "span-marker", "transformers.js", "unsloth"];

/// Whether a library may load the files: they show it, or nothing, or are such that it reads them, too.
pub(crate) fn library_may_load(cx: &Context<'_>, key: &str) -> bool {
    let plausible = &cx.facts().plausible_libraries;
    plausible.is_empty()
        || plausible.contains(&key)
        || (plausible.contains(&"transformers") && READ_TRANSFORMERS.contains(&key))
}

/// The tasks that the model may have, as the card's metadata says; where it says nothing the files are asked, and then the
/// card's code and results. Empty when nothing tells.
pub(crate) fn likely_tasks(cx: &Context<'_>) -> Vec<Task> {
    if filled(cx, "pipeline_tag").is_some() {
        let Some((_, written)) = claim(cx, "pipeline_tag") else { return Vec::new() };
        return match (tasks::get(written), tasks::retired(written)) {
            (Some(task), _) => vec![task],
            (None, Some(retired)) => retired.successors.into_iter().filter_map(tasks::get).collect(),
            (None, None) => tasks::suggest(written).and_then(tasks::get).into_iter().collect(),
        };
    }
    let tags = tasks_in_tags(cx);
    if !tags.is_empty() {
        return tags.into_iter().map(|(_, task)| task).collect();
    }
    let shown = &cx.facts().task;
    match &shown.one {
        Some(one) => tasks::get(one.value).into_iter().collect(),
        None if shown.plausible.is_empty() => {
            task_in_use(cx).and_then(|one| tasks::get(one.value)).into_iter().collect()
        }
        None => shown.plausible.iter().filter_map(|id| tasks::get(id)).collect(),
    }
}

/// Whether nothing but the name of an unknown class tells the task, so that the model may be about something else: brain
/// waves, say, are sorted by a class `…ForSequenceClassification`, too.
pub(crate) fn is_task_guessed(cx: &Context<'_>) -> bool {
    let is_stated = filled(cx, "pipeline_tag").is_some() || !tasks_in_tags(cx).is_empty();
    !is_stated && cx.facts().task.one.as_ref().is_some_and(|task| !task.is_strong())
}

/// The task that the card uses besides saying it: the one of its results, or of the `pipeline(…)` in its code. Nothing
/// when there are several.
pub(crate) fn task_in_use(cx: &Context<'_>) -> Option<Evidence<&'static str>> {
    let card = cx.card()?;
    let mut found = Vec::new();
    for field in filled(cx, "model-index").into_iter().flat_map(|field: Field<'_>| field.value.items()) {
        for result in field.get("results").into_iter().flat_map(NodeRef::items) {
            let task = result.get("task").and_then(|task| task.get("type"));
            let task = task.and_then(|node| Some((tasks::get(node.text()?)?, node.span())));
            found.extend(task.map(|(task, span)| (task.id, Label::at(span, "the task of a result"))));
        }
    }
    if found.is_empty() {
        found = called_pipelines(card);
    }
    let (id, label) = found.first()?;
    found.iter().all(|(other, _)| other == id).then(|| Evidence::weak(*id, label.clone()))
}

/// The tasks in `pipeline("…"` and `pipeline(task="…"` of the card's code.
fn called_pipelines(card: &Card<'_>) -> Vec<(&'static str, Label)> {
    let mut found = Vec::new();
    for content in card.body().code_blocks.iter().map(|code| code.content) {
        let text = card.source().slice(content);
        for (at, called) in text.match_indices("pipeline(") {
            let start = at + called.len();
            let rest = text.get(start..).unwrap_or_default();
            let argument = rest.trim_start();
            let argument = argument.strip_prefix("task=").unwrap_or(argument);
            let Some(quote) = argument.chars().next().filter(|first| ['"', '\''].contains(first)) else { continue };
            let Some(written) = argument.get(1..).and_then(|rest| rest.split(quote).next()) else { continue };
            let Some(task) = called_task(written) else { continue };
            let offset = content.start + start as u32 + (rest.len() - argument.len()) as u32 + 1;
            let span = Span { start: offset, end: offset + written.len() as u32, ..content };
            found.push((task.id, Label::at(span, "the task that the code asks for")));
        }
    }
    found
}

/// The task of a name that `pipeline` takes: one of the Hub's, or a short name for one, such as `ner`.
fn called_task(name: &str) -> Option<Task> {
    tasks::get(name).or_else(|| match pipeline_task(name)? {
        PipelineTask::Alias(long) => tasks::get(long),
        _ => name.starts_with("translation_").then(|| tasks::get("translation")).flatten(),
    })
}

/// Python modules and the libraries they belong to, each before those that it builds on and that its users import, too.
const MODULES: [(&str, &str); 5] = [
    ("setfit", "setfit"),
    ("sentence_transformers", "sentence-transformers"),
    ("peft", "peft"),
    ("diffusers", "diffusers"),
    ("transformers", "transformers"),
];

/// The library that the card's code imports.
pub(crate) fn library_in_use(cx: &Context<'_>) -> Option<Evidence<&'static str>> {
    let card = cx.card()?;
    let content = || card.body().code_blocks.iter().map(|code| code.content);
    MODULES.iter().find_map(|(module, key)| {
        let import = format!("from {module} import ");
        content().find_map(|content| {
            let at = card.source().slice(content).find(&import)?;
            let start = content.start + at as u32;
            let span = Span { start, end: start + import.trim_end().len() as u32, ..content };
            Some(Evidence::weak(*key, Label::at(span, "the library that the code imports")))
        })
    })
}

/// Whether the card speaks of GGUF files that are not in the folder: a card that is written before the weights are
/// copied.
pub(crate) fn is_of_gguf(cx: &Context<'_>) -> bool {
    let contents = &cx.facts().contents;
    let tagged = || claims(cx, "tags").iter().any(|(_, tag)| tag.to_lowercase().starts_with("gguf"));
    contents.only_gguf || (!contents.has_weights && tagged())
}

/// The GGUF file of a language model that takes text alone, as no projector stands beside it. A card that speaks of one
/// says where it is.
pub(crate) fn model_without_projector<'c>(cx: &'c Context<'_>) -> Option<&'c Label> {
    let model = cx.facts().task.without_projector.as_ref().filter(|_| cx.facts().contents.only_gguf)?;
    let told = cx.readme().is_some_and(|readme| readme.text().to_ascii_lowercase().contains("mmproj"));
    (!told).then_some(model)
}

/// Tags of sequences of life and chemistry.
static SEQUENCES: List = word_list!("sequences");

/// Whether the tags speak of what looks like text and is not a language: sequences of life and chemistry.
pub(crate) fn is_of_sequences(cx: &Context<'_>) -> bool {
    claims(cx, "tags").iter().any(|(_, tag)| SEQUENCES.contains(&tag.to_lowercase()))
}

/// Whether the weights are a quantized copy of a model that the metadata links: what was measured and learned of that
/// model stands on its card.
pub(crate) fn is_linked_copy(cx: &Context<'_>) -> bool {
    if filled(cx, "base_model").is_none() {
        return false;
    }
    let by_files = cx.facts().contents.quantized.as_ref().is_some_and(Evidence::is_strong);
    let relations = claims(cx, "base_model_relation");
    let by_card = relations.iter().any(|(_, relation)| *relation == "quantized");
    let is_format = |(_, tag): &(_, &str)| QUANTIZED_TAGS.contains(tag);
    let by_tag = relations.is_empty() && claims(cx, "tags").iter().any(is_format);
    (by_files || by_card || by_tag) && !claims(cx, "base_model").is_empty()
}

/// Tags of formats of quantized copies, where nothing says that this is another sort of derivation.
const QUANTIZED_TAGS: &[&str] = &["gguf", "GGUF", "gptq", "awq", "exl2", "exl3"];

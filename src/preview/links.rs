//! What the page shows beside the model: datasets, papers, results, images.

use super::values::Results;
use super::{MAX_LISTED, Origin, Shown};
use crate::claims::{Context, Metadata, prose};
use crate::evidence::is_id;
use crate::source::tree::NodeRef;

pub(super) fn datasets(stated: Metadata<'_>) -> Shown<Vec<String>> {
    let ids = stated.texts("datasets");
    if let Some(wrong) = ids.iter().find(|id| !is_id(id)) {
        return Shown::absent().noted(format!("`{wrong}` is not the id of a dataset"));
    }
    Shown::list(ids.into_iter().map(str::to_owned).collect(), Origin::Metadata("datasets"))
}

pub(super) fn papers(cx: &Context<'_>) -> Shown<Vec<String>> {
    let Some(card) = cx.card() else { return no_paper() };
    let ids: Vec<String> = prose::papers(card).into_iter().map(|paper| format!("arxiv:{}", paper.id)).collect();
    if !ids.is_empty() {
        return Shown::list(ids, Origin::Text("links"));
    }
    let in_code = card.body().code_blocks.iter().any(|code| code.text.contains("arxiv.org/"));
    if in_code {
        return Shown::unknown(
            "an arXiv address is in code only, and public sources do not say whether the Hub reads it there",
        );
    }
    no_paper()
}

fn no_paper() -> Shown<Vec<String>> {
    Shown::absent().noted("only a link to arXiv or to a paper page of the Hub makes one")
}

pub(super) fn results(cx: &Context<'_>, stated: Metadata<'_>) -> Shown<Results> {
    let models = stated.value("model-index").into_iter().flat_map(NodeRef::items);
    let model_index = models.map(result_count).sum();
    let files: Vec<&str> =
        cx.release().files().iter().map(|file| file.path.as_str()).filter(|path| is_results_file(path)).collect();
    let results = Results { model_index, files: files.len() };
    match (model_index, files.first()) {
        (0, None) => Shown::absent(),
        (0, Some(first)) => Shown::there(results, Origin::file(first)),
        (_, first) => {
            Shown::there(results, Origin::Metadata("model-index")).and(first.map(|first| Origin::file(first)))
        }
    }
}

fn is_results_file(path: &str) -> bool {
    path.strip_prefix(".eval_results/").is_some_and(|name| !name.contains('/') && name.ends_with(".yaml"))
}

fn result_count(model: NodeRef<'_>) -> usize {
    model.get("results").map_or(0, |results| results.items().count())
}

pub(super) fn gallery(cx: &Context<'_>, stated: Metadata<'_>) -> Shown<Vec<String>> {
    let examples = stated.value("widget").into_iter().flat_map(NodeRef::items);
    // One output, or a list of them.
    let outputs = examples.filter_map(|example| example.get("output")).flat_map(|output| {
        let one = Some(output).filter(|output| output.is_mapping());
        one.into_iter().chain(output.items())
    });
    let media: Vec<&str> = outputs.filter_map(|output| output.get("url")?.as_str()).collect();
    let has_element = cx.card().is_some_and(|card| card.body().html.iter().any(|element| element.name == "gallery"));
    match (has_element, media.is_empty()) {
        (false, true) => Shown::absent(),
        (false, false) => Shown::absent().noted("`widget` has outputs, and the text has no `<Gallery />` to show them"),
        (true, true) => Shown::absent().noted("the text has a `<Gallery />`, and `widget` no output to show in it"),
        (true, false) => {
            let lost = media.iter().find(|url| !url.contains("://") && cx.release().find(url).is_none());
            let note = lost.map(|url| format!("{url} is not among the files"));
            let media = media.iter().take(MAX_LISTED).map(|url| (*url).to_owned()).collect();
            let shown = Shown::there(media, Origin::Metadata("widget")).and([Origin::Text("`<Gallery />`")]);
            Shown { note, ..shown }
        }
    }
}

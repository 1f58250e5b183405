//! What the page takes from the files: parameters, downloads, scans, notebooks.

use super::values::{Downloads, Named, Notebook, Parameters, Pickles};
use super::{MAX_LISTED, Origin, Shown, State};
use crate::bytes::Format;
use crate::claims::{Context, Metadata};
use crate::draft::specs::Counted;
use crate::draft::{Material, specs};
use crate::evidence::counted;
use crate::hub::count_rule::CountRule;
use crate::hub::libraries;
use crate::pickle::Trust;
use crate::release::File;
use crate::weights::Weight;

/// Where the Hub's reader of safetensors headers looks (facts/file-rules.json, safetensors).
const READ: [(&str, &str); 3] =
    [("", "model"), ("transformer", "diffusion_pytorch_model"), ("unet", "diffusion_pytorch_model")];

pub(super) fn parameters(material: &Material<'_>) -> Shown<Parameters> {
    let read = READ.iter().find_map(|(folder, stem)| specs::counted(material, folder, stem));
    if let Some(found) = read {
        if let Some(none) = empty(&found) {
            return none;
        }
        let types = found.types.iter().map(|name| (*name).to_owned()).collect();
        let from = Origin::file(&found.path);
        if found.plain {
            return Shown::there(Parameters { total: Some(found.elements), types }, from);
        }
        let note = "several weights share one element of the tensors, so the number that the page shows is not known";
        return Shown::there(Parameters { total: None, types }, from).noted(note);
    }
    let mut gguf = material.weights().gguf();
    if let Some((first, _)) = gguf.next() {
        return match specs::counted_gguf(material) {
            Some(found) => {
                if let Some(none) = empty(&found) {
                    return none;
                }
                let types = found.types.iter().map(|name| (*name).to_owned()).collect();
                let parameters = Parameters { total: Some(found.elements), types };
                Shown::there(parameters, Origin::file(first.path.as_str()))
            }
            None if gguf.next().is_none() => {
                Shown::unknown(format!("`{}` alone does not tell how many parameters the model has", first.path))
            }
            None => {
                Shown::unknown("there are several GGUF files, and public sources do not say which one the page counts")
            }
        };
    }
    let unread = READ.iter().find_map(|(folder, stem)| {
        let path = |end: &str| if folder.is_empty() { format!("{stem}{end}") } else { format!("{folder}/{stem}{end}") };
        [path(".safetensors.index.json"), path(".safetensors")]
            .into_iter()
            .find(|path| material.release().find(path).is_some())
    });
    if let Some(path) = unread {
        return Shown::unknown(format!("the headers that belong to `{path}` cannot all be read here"));
    }
    let safetensors = material.weights().safetensors().next();
    match safetensors {
        Some((file, _)) => Shown::unknown(format!(
            "the Hub is known to read the headers of `model.safetensors`, its index, `transformer/` and `unet/`, but not of `{}`",
            file.path
        )),
        None => Shown::absent().noted("only headers of safetensors and GGUF files are counted"),
    }
}

/// What is said where there is nothing to count.
fn empty(found: &Counted) -> Option<Shown<Parameters>> {
    let what = match (found.types.is_empty(), found.elements) {
        (true, _) => "has no tensors",
        (false, 0) => "has only tensors without elements",
        _ => return None,
    };
    Some(Shown::absent().noted(format!("`{}` {what}", found.path)))
}

pub(super) fn downloads(cx: &Context<'_>, stated: Metadata<'_>, library: &Shown<Named>) -> Shown<Downloads> {
    let name = stated.text("library_name");
    // A library that the Hub finds by itself counts by its own rule.
    let found = library.certain().map(|library| library.id.as_str()).filter(|_| library.state == State::Likely);
    let rules = libraries::count_rules(name.or(found), stated.texts("tags"));
    let files = |rule: CountRule| counted(cx.release(), rule).collect::<Vec<&File>>();
    let all: Vec<Vec<&File>> = rules.iter().map(|rule| files(*rule)).collect();
    let Some((first, others)) = all.split_first() else { return Shown::absent() };
    let Some((rule, file)) = rules.first().zip(Some(first.first())) else { return Shown::absent() };
    if others.iter().any(|other| other.first().map(|file| file.id) != first.first().map(|file| file.id)) {
        return Shown::unknown("several tags are libraries, and each has its own rule for what counts");
    }
    let Some(file) = file else {
        if !rule.can_be_met() {
            return Shown::absent().noted("the rule of this library names an extension that no file has");
        }
        let note = format!("the Hub counts requests for {}, and the release has no such file", rule.describe());
        // What the files are may be counted under its own name.
        let shown = cx.facts().library.as_ref().filter(|shown| Some(shown.value.as_str()) != name);
        let would =
            shown.and_then(|shown| Some((shown, counted(cx.release(), libraries::get(&shown.value)?.rule).next()?)));
        return Shown::absent().noted(match would {
            Some((shown, file)) => {
                format!("{note} (with `library_name: {}`, `{}` would count)", shown.value, file.path)
            }
            None => note,
        });
    };
    let paths = first.iter().take(MAX_LISTED).map(|file| file.path.to_string()).collect();
    let downloads = Downloads { files: paths, count: first.len() };
    Shown::there(downloads, Origin::file(file.path.as_str()))
}

pub(super) fn security(cx: &Context<'_>) -> Shown<Pickles> {
    let pickles: Vec<(&File, &Weight)> =
        cx.weights().all().filter(|(_, weight)| holds_a_pickle(weight)).take(MAX_LISTED).collect();
    let Some((first, _)) = pickles.first() else {
        return Shown::unknown(
            "the page lists the imports of pickles, and the release has none (other scanners report after the push)",
        );
    };
    let listed = "the page lists the imports of each, and it is not public which ones it marks as unsafe";
    let note = match pickles.iter().find(|(_, weight)| runs_code(weight)) {
        Some((file, _)) => format!("{listed} (`{}` imports a function that runs code: `dangerous-pickle`)", file.path),
        None => listed.to_owned(),
    };
    let paths = Pickles(pickles.iter().map(|(file, _)| file.path.to_string()).collect());
    Shown::unknown(note).about(paths).and([Origin::file(first.path.as_str())])
}

fn runs_code(weight: &Weight) -> bool {
    weight.pickles.found.iter().any(|pickle| !pickle.scan.worst(Trust::Dangerous).is_empty())
}

/// Whether a file is a pickle or contains one; a pointer by its name.
fn holds_a_pickle(weight: &Weight) -> bool {
    let by_name = || weight.expected.and_then(|formats| formats.first());
    match weight.format {
        Format::LfsPointer => by_name().is_some_and(is_pickled),
        _ => !weight.pickles.found.is_empty(),
    }
}

fn is_pickled(format: &Format) -> bool {
    matches!(format, Format::Pickle | Format::TorchZip)
}

pub(super) fn training_metrics(cx: &Context<'_>) -> Shown<Vec<String>> {
    let logs = cx.release().files().iter().filter(|file| file.path.name().contains("tfevents"));
    let logs: Vec<String> = logs.map(|file| file.path.to_string()).collect();
    let Some(from) = logs.first().map(|path| Origin::file(path)) else { return Shown::absent() };
    Shown::list(logs, from)
}

pub(super) fn notebooks(cx: &Context<'_>, library: &Shown<Named>) -> Shown<Notebook> {
    const NOTEBOOK: &str = "notebook.ipynb";
    if cx.release().find(NOTEBOOK).is_some() {
        return Shown::there(Notebook { file: Some(NOTEBOOK.to_owned()) }, Origin::file(NOTEBOOK));
    }
    let has_snippet =
        library.certain().and_then(|library| libraries::get(&library.id)).is_some_and(|library| library.has_snippets);
    let note = "`notebook.ipynb` at the root would take its place";
    if has_snippet {
        return Shown { state: State::Likely, ..Shown::absent() }.about(Notebook { file: None }).noted(note);
    }
    Shown::unknown(
        "the buttons open `notebook.ipynb` at the root, and it is not public for which models the Hub generates one",
    )
}

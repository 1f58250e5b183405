//! What the page says the model is: card, task, library and its code, license, languages, tags.

use super::values::{Code, License, Named};
use super::{MAX_LISTED, Origin, Shown, State};
use crate::card::front_matter::Fence;
use crate::claims::{Context, Metadata};
use crate::draft::{Material, snippet};
use crate::hub::libraries::{self, Library};
use crate::hub::{architectures, languages as language_codes, licenses, tasks};

/// The card's name: exact case, at the root.
const README: &str = "README.md";

pub(super) fn card(cx: &Context<'_>) -> Shown<String> {
    let Some(card) = cx.card() else {
        return match cx.release().find(README) {
            None => Shown::absent().noted("the root has no file named exactly `README.md`"),
            Some(file) if file.lfs.is_some() => {
                Shown::absent().noted("`README.md` is a git-lfs pointer here, and the Hub does not read a card in LFS")
            }
            Some(_) => Shown::unknown("`README.md` could not be read"),
        };
    };
    let shown = Shown::there(README.to_owned(), Origin::file(README));
    if matches!(card.front_matter.fence, Fence::Block(_)) && !card.front_matter.is_empty() {
        shown
    } else {
        shown.noted("the Hub warns that its metadata is missing")
    }
}

pub(super) fn library(cx: &Context<'_>, stated: Metadata<'_>) -> Shown<Named> {
    if let Some(name) = stated.text("library_name") {
        let from = Origin::Metadata("library_name");
        return match libraries::get(name) {
            Some(library) => Shown::there(named_library(library), from),
            None => {
                let note = "the Hub has no library of this name: no snippet, no filter, and downloads count by the default rule";
                let named = Named { id: name.to_owned(), name: name.to_owned() };
                Shown::unknown(note).about(named).and([from])
            }
        };
    }
    let mut tagged: Vec<Library> = Vec::new();
    for library in stated.texts("tags").into_iter().filter_map(libraries::get) {
        if tagged.len() < MAX_LISTED && tagged.iter().all(|known| known.key != library.key) {
            tagged.push(library);
        }
    }
    match tagged.as_slice() {
        [library] => return Shown::there(named_library(*library), Origin::Tag(library.key.to_owned())),
        [] => {}
        several => {
            let from = several.iter().map(|library| Origin::Tag(library.key.to_owned()));
            let note = "several tags are libraries, and public sources do not say which one the Hub takes";
            return Shown::unknown(note).and(from);
        }
    }
    if let Some((file, library)) = of_file(cx) {
        return Shown::likely(named_library(library), Origin::file(file));
    }
    if cx.facts().contents.only_gguf {
        return Shown::absent().noted("GGUF files do not need a library");
    }
    match &cx.facts().library {
        Some(found) => Shown::absent()
            .noted(format!("the files are those of `{}`, but the Hub shows it only with `library_name`", found.value)),
        None => Shown::absent().noted("the card does not name one, and the Hub does not assume one"),
    }
}

/// The library that the Hub takes from a file where the card names none. It looks for Core ML, too, which is not a
/// registered library.
fn of_file<'a>(cx: &'a Context<'_>) -> Option<(&'a str, Library)> {
    let file = cx.release().files().iter().find(|file| file.path.extension() == "nemo")?;
    Some((file.path.as_str(), libraries::get("nemo")?))
}

fn named_library(library: Library) -> Named {
    Named { id: library.key.to_owned(), name: library.pretty.to_owned() }
}

pub(super) fn task(cx: &Context<'_>, stated: Metadata<'_>, library: &Shown<Named>) -> Shown<Named> {
    if let Some(id) = stated.text("pipeline_tag") {
        let from = Origin::Metadata("pipeline_tag");
        if let Some(task) = tasks::get(id) {
            return Shown::there(named_task(task), from);
        }
        let successor = tasks::retired(id).and_then(|retired| retired.successors.iter().next());
        let note = match successor {
            Some(successor) => format!("the Hub replaced this task by `{successor}`"),
            None => "the Hub does not list this task".to_owned(),
        };
        return Shown::unknown(note).about(Named { id: id.to_owned(), name: id.to_owned() }).and([from]);
    }
    let tagged = tasks::of_tags(stated.texts("tags"));
    let of_class = of_class(cx).filter(|_| library.certain().is_some_and(|library| library.id == "transformers"));
    match (tagged, of_class) {
        (Some(tag), Some((class, task))) if tag.id != task.id => {
            let note = format!(
                "the tag `{}` names one task and `{class}` in config.json another (`{}`), and public sources do not say which counts",
                tag.id, task.id
            );
            Shown::unknown(note).and([Origin::Tag(tag.id.to_owned()), Origin::file("config.json")])
        }
        (Some(tag), _) => Shown::there(named_task(tag), Origin::Tag(tag.id.to_owned())),
        (None, Some((class, task))) => Shown::likely(named_task(task), Origin::file("config.json"))
            .noted(format!("for `transformers` models the Hub deduces it from the class, here `{class}`")),
        (None, None) => Shown::unknown(
            "the card has neither `pipeline_tag` nor the tag of a task, and only for `transformers` models is it public that the Hub finds one",
        ),
    }
}

/// The task of the class in config.json, where transformers publishes that class under one only.
fn of_class<'a>(cx: &'a Context<'_>) -> Option<(&'a str, tasks::Task)> {
    let (class, _) = cx.configs().model()?.architectures().next()?;
    let mut found = architectures::tasks_of(class).iter().filter_map(tasks::get);
    let task = found.next()?;
    found.next().is_none().then_some((class, task))
}

fn named_task(task: tasks::Task) -> Named {
    Named { id: task.id.to_owned(), name: task.name.to_owned() }
}

/// What the snippets of some libraries have a gap for (huggingface.js, model-libraries-snippets.ts).
fn lacks(material: &Material<'_>, library: &str, tags: &[&str]) -> Option<&'static str> {
    let is = |task: &str| material.task == Some(task) || tags.contains(&task);
    let has_interface = || material.configs().model().is_some_and(|model| model.get("speechbrain_interface").is_some());
    match library {
        "speechbrain" if !has_interface() => Some("it shows code only if config.json names a `speechbrain_interface`"),
        "nemo" if !is("automatic-speech-recognition") => Some("it has code for `automatic-speech-recognition` only"),
        "espnet" if !is("automatic-speech-recognition") && !is("text-to-speech") => {
            Some("it has code for `automatic-speech-recognition` and `text-to-speech` only")
        }
        "ultralytics" if !tags.iter().any(is_yolo_version) => {
            Some("it names a class only if a tag such as `yolov8` states the version")
        }
        _ => None,
    }
}

fn is_yolo_version(tag: &&str) -> bool {
    tag.strip_prefix("yolov").is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

pub(super) fn snippet(material: &Material<'_>, library: &Shown<Named>, tags: &[&str]) -> Shown<Code> {
    if library.state == State::Unknown && library.value.is_none() {
        return Shown::unknown("it depends on the library");
    }
    let Some(found) = library.certain().and_then(|library| libraries::get(&library.id)) else {
        return Shown::absent().noted("only a registered library has one, named by `library_name` or a tag");
    };
    if !found.has_snippets {
        return Shown::absent().noted(format!("the Hub does not have one for {}", found.pretty));
    }
    let code = snippet::of_library(material).map(|snippet| snippet.text());
    let lacks = lacks(material, found.key, tags);
    let code = Code { library: found.pretty.to_owned(), code };
    let shown = Shown::there(code, Origin::Metadata("library_name")).following(&library.from);
    Shown { state: library.state, note: lacks.map(str::to_owned), ..shown }
}

pub(super) fn license(stated: Metadata<'_>) -> Shown<Vec<License>> {
    let ids = stated.texts("license");
    if let Some(wrong) = ids.iter().find(|id| !licenses::is_id(id)) {
        return Shown::absent().noted(format!("`{wrong}` is not a license id of the Hub"));
    }
    let chips = ids.into_iter().filter_map(licenses::get).map(|license| {
        if license.id == "other" {
            let own = |key| stated.text(key).map(str::to_owned);
            return License { id: license.id.to_owned(), name: own("license_name"), link: own("license_link") };
        }
        License { id: license.id.to_owned(), name: Some(license.name.to_owned()), link: None }
    });
    let shown = Shown::list(chips.collect(), Origin::Metadata("license"));
    match shown.value {
        None => shown.noted("without a license your users may not use the model"),
        Some(_) => shown,
    }
}

pub(super) fn languages(stated: Metadata<'_>) -> Shown<Vec<Named>> {
    let codes = stated.texts("language");
    if let Some(wrong) = codes.iter().find(|code| code.chars().any(char::is_uppercase)) {
        return Shown::absent().noted(format!("`{wrong}` is not in lower case"));
    }
    let unknown: Vec<&str> = codes.iter().copied().filter(|code| language_codes::name(code).is_none()).collect();
    let named = |code: &str| {
        let name = language_codes::name(code).unwrap_or(code);
        Named { id: code.to_owned(), name: name.to_owned() }
    };
    let shown = Shown::list(codes.iter().copied().map(named).collect(), Origin::Metadata("language"));
    match unknown.first() {
        Some(code) => {
            shown.noted(format!("the Hub has no name for `{code}`, and it is not known how the page shows it"))
        }
        None => shown,
    }
}

pub(super) fn tags(stated: Metadata<'_>) -> Shown<Vec<String>> {
    let tags =
        if stated.value("tags").is_some_and(|tags| tags.is_sequence()) { stated.texts("tags") } else { Vec::new() };
    Shown::list(tags.into_iter().map(str::to_owned).collect(), Origin::Metadata("tags"))
}

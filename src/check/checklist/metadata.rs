//! What the card's metadata shows of the items that one of its keys meets.

use super::sight::Sight;
use crate::claims::prose;
use crate::claims::{claim, claims, filled};
use crate::evidence::counted;
use crate::hub::{libraries, tasks};
use crate::rules::{Context, README};
use crate::words::{all_of, quoted};

/// The keys without which a block is not complete, whatever the model is.
const EXPECTED: [&str; 3] = ["license", "pipeline_tag", "library_name"];

/// More ids than this are not listed in one line.
const MAX_IDS: usize = 3;

/// Whether the block is complete, as far as the keys go that every release has.
pub(super) fn block(cx: &Context<'_>) -> Sight {
    let Some(block) = cx.whole_front_matter() else { return unread() };
    let is_due = |key: &&str| *key != "library_name" || !cx.facts().contents.only_gguf;
    let (there, absent): (Vec<&str>, Vec<&str>) =
        EXPECTED.into_iter().filter(is_due).partition(|key| filled(cx, key).is_some());
    if let Some(key) = absent.first() {
        return Sight::Unclear(format!("`{README}` has no `{key}`, and the files do not show its value"));
    }
    let keys = all_of(there.iter().map(|key| format!("`{key}`")));
    Sight::Positive(format!("{} keys, among them {keys}", block.fields().count()))
}

/// Whether the value of the key that an item is about was seen, and fits.
pub(super) fn value(item: &str, cx: &Context<'_>) -> Sight {
    if cx.whole_front_matter().is_none() {
        return unread();
    }
    match item {
        "library" => library(cx),
        "pipeline-tag" => task(cx),
        "license" => license(cx),
        "quantized" => ids(cx, "base_model"),
        _ => ids(cx, "datasets"),
    }
}

fn unread() -> Sight {
    Sight::Unclear(format!("the metadata of `{README}` cannot be read"))
}

/// Why a key says nothing: it is not there, or its value says nothing that could be checked.
fn absent(key: &str, cx: &Context<'_>) -> Sight {
    Sight::Unclear(match filled(cx, key) {
        None => format!("`{README}` has no `{key}`"),
        Some(_) => format!("the value of `{key}` cannot be checked"),
    })
}

fn library(cx: &Context<'_>) -> Sight {
    let Some((_, name)) = claim(cx, "library_name") else {
        let gguf = "the Hub counts the downloads of GGUF files without `library_name`";
        return if cx.facts().contents.only_gguf {
            Sight::Unclear(gguf.to_owned())
        } else {
            absent("library_name", cx)
        };
    };
    let Some(library) = libraries::get(name) else {
        return Sight::Unclear(format!("{} is not registered with the Hub", quoted(name)));
    };
    if !is_shown(name, cx) {
        return Sight::Unclear(format!("the files do not show that they are for `{name}`"));
    }
    match counted(cx.release(), library.rule).next() {
        Some(file) => Sight::Positive(format!("`{name}`, and the Hub counts downloads of `{}`", file.path)),
        None => Sight::Unclear(format!("`{name}` is named, but there is no file whose downloads the Hub counts")),
    }
}

/// Whether the files show a library, or nothing at all. One that reads the files of another shows in none of them.
fn is_shown(name: &str, cx: &Context<'_>) -> bool {
    let plausible = &cx.facts().plausible_libraries;
    plausible.is_empty() || plausible.contains(&name)
}

fn task(cx: &Context<'_>) -> Sight {
    let Some((_, tag)) = claim(cx, "pipeline_tag") else { return absent("pipeline_tag", cx) };
    if tasks::get(tag).is_none() {
        return Sight::Unclear(format!("{} is not a task of the Hub", quoted(tag)));
    }
    let shown = &cx.facts().task;
    match shown.plausible.contains(&tag) {
        true => Sight::Positive(format!("`{tag}`, which fits the files")),
        false if shown.plausible.is_empty() => {
            Sight::Unclear(format!("the files do not show whether `{tag}` is right"))
        }
        false => Sight::Unclear(format!("the files do not confirm `{tag}`")),
    }
}

/// What the text says is weak evidence: enough to withhold praise, not to blame.
fn license(cx: &Context<'_>) -> Sight {
    let Some((_, id)) = claims(cx, "license").into_iter().next() else { return absent("license", cx) };
    match cx.card().and_then(prose::license).filter(|stated| stated.value != id) {
        Some(stated) => {
            Sight::Unclear(format!("the metadata says {}, and the text of the card `{}`", quoted(id), stated.value))
        }
        None => Sight::Positive(format!("`license: {id}`")),
    }
}

fn ids(cx: &Context<'_>, key: &str) -> Sight {
    let ids: Vec<String> = claims(cx, key).into_iter().map(|(_, id)| quoted(id)).collect();
    let more = match ids.len().saturating_sub(MAX_IDS) {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    match ids.is_empty() {
        true => absent(key, cx),
        false => Sight::Positive(format!("{}{more}", all_of(ids.iter().take(MAX_IDS)))),
    }
}

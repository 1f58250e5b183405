//! The findings that tell against an item, the one that names it best first.

use crate::card::front_matter::Field;
use crate::checklist::Item;
use crate::diagnostic::{Diagnostic, Level};
use crate::rules::{Context, README, Section, find};

/// The items that one key of the metadata meets.
const KEYS: [(&str, &str); 5] = [
    ("discover.library", "library_name"),
    ("discover.pipeline-tag", "pipeline_tag"),
    ("discover.license", "license"),
    ("discover.quantized", "base_model"),
    ("discover.datasets", "datasets"),
];

/// The rules that report that the Hub sees no metadata: the key is absent then, and its own rule leaves that to them.
const NO_METADATA: [&str; 2] = ["missing-front-matter", "misplaced-metadata"];

/// The rules that report that the Hub shows no card at all, whatever stands in it.
const NO_CARD: [&str; 2] = ["missing-model-card", "card-under-lfs"];

/// The names of weight files that users know, up to their extension or the number of a shard.
const WELL_KNOWN: [&str; 6] =
    ["model", "pytorch_model", "adapter_model", "diffusion_pytorch_model", "tf_model", "flax_model"];

/// The findings against an item: its own, and those of other items that stand for the same defect. Errors come before
/// warnings, the item's own before others, and well-known weights before other weights and what lies beside them.
pub(super) fn against<'f>(item: &Item, all: &[&'f Diagnostic], cx: &Context<'_>) -> Vec<&'f Diagnostic> {
    let tells = |finding: &Diagnostic| {
        finding.item == item.id || (finding.level > Level::Info && stands_for(finding, item, cx))
    };
    let mut against: Vec<&Diagnostic> = all.iter().copied().filter(|finding| tells(finding)).collect();
    if against.len() > 1 {
        let key =
            |finding: &&Diagnostic| (std::cmp::Reverse(finding.level), finding.item != item.id, renown(finding, cx));
        against.sort_by_cached_key(key);
    }
    against
}

/// Whether the finding of another item says that this one is not met.
fn stands_for(finding: &Diagnostic, item: &Item, cx: &Context<'_>) -> bool {
    // Where there is no card, it has no placeholder either.
    if item.id.starts_with("card.") && item.id != "card.template" && NO_CARD.contains(&finding.rule) {
        return true;
    }
    if item.id == "card.metadata" {
        let in_card =
            finding.primary.place.file().and_then(|file| cx.path(file)).is_some_and(|path| path.as_str() == README);
        return in_card && find(finding.rule).is_some_and(|rule| rule.meta().section == Section::Metadata);
    }
    let Some((_, key)) = KEYS.iter().find(|(of, _)| *of == item.id) else { return false };
    let is_due = !item.optional && is_needed(key, cx);
    if is_due && NO_CARD.contains(&finding.rule) {
        return true;
    }
    match cx.front_matter().and_then(|block| block.get(key)) {
        Some(field) => is_on(finding, field),
        None => is_due && NO_METADATA.contains(&finding.rule),
    }
}

/// Whether a release needs a key: not every model has a base, and GGUF files belong to no library.
fn is_needed(key: &str, cx: &Context<'_>) -> bool {
    match key {
        "base_model" => false,
        "library_name" => !cx.facts().contents.only_gguf,
        _ => true,
    }
}

/// Whether a finding stands on a key or in its value.
fn is_on(finding: &Diagnostic, field: Field<'_>) -> bool {
    let field = field.key.span().to(field.value.span());
    finding.primary.place.span().is_some_and(|at| at.file == field.file && at.start < field.end && field.start < at.end)
}

/// How well known the file of a finding is, the best first: by kind, then the root before folders.
fn renown(finding: &Diagnostic, cx: &Context<'_>) -> (u8, bool) {
    let id = finding.primary.place.file();
    let Some(path) = id.and_then(|id| cx.path(id)) else { return (0, false) };
    let is_known = |stem: &&str| path.name().strip_prefix(*stem).is_some_and(|rest| rest.starts_with(['.', '-']));
    let kind = match cx.weights().files().any(|found| Some(found.file.id) == id) {
        true if WELL_KNOWN.iter().any(is_known) => 0,
        true => 1,
        false => 2,
    };
    (kind, !path.folder().is_empty())
}

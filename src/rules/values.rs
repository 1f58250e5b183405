//! How rules read the values of the metadata block. Which rule speaks about a value is decided
//! here once: a value that is empty, a placeholder, of the wrong shape or read in two ways belongs to the rule of that
//! name, and everybody else passes it over.

use std::cell::Cell;

use super::Context;
use super::placeholders::stands_in;
use crate::card::front_matter::Field;
use crate::draft::Material;
use crate::source::tree::NodeRef;
pub(super) use crate::words::{MAX_LABELS, all_of, count, either, quoted, size, unlisted};

/// How many values of one card a rule offers to change: each is planned, written and proven, and a made card could
/// ask for a million of them.
const FIXES: usize = 200;

/// How many fixes a rule may still offer for one card.
pub(super) struct FixRoom(Cell<usize>);

impl FixRoom {
    /// Room for as many as a person could have caused.
    pub(super) fn new() -> Self {
        Self(Cell::new(FIXES))
    }

    /// Whether there is room for `number` more changes; if so, it is taken.
    pub(super) fn take(&self, number: usize) -> bool {
        let left = self.0.get().checked_sub(number);
        if let Some(left) = left {
            self.0.set(left);
        }
        left.is_some()
    }
}

/// What texts for this card can be made of: its metadata where that says something, else the files.
pub(super) fn material<'c>(cx: &'c Context<'_>) -> Material<'c> {
    let stated = |key: &str| claims(cx, key).first().map(|(_, value)| *value);
    let material = Material::of_files(cx.subject());
    material.stated(stated("library_name"), stated("pipeline_tag"), stated("base_model"))
}

/// A field of the metadata block, if its key is there and a value is written.
pub(super) fn filled<'c>(cx: &'c Context<'_>, key: &str) -> Option<Field<'c>> {
    cx.front_matter()?.get(key).filter(|field| !is_empty(field.value))
}

/// Whether nothing is written: no value, `null`, `~`, `""`, an empty list or mapping, or a list of nothing.
pub(super) fn is_empty(value: NodeRef<'_>) -> bool {
    use crate::source::reading::Reading;
    match value.hub() {
        Reading::Null => true,
        Reading::Text => value.text().is_some_and(|text| text.trim().is_empty()),
        Reading::Collection => value.pairs().next().is_none() && value.items().all(|item| item.hub() == Reading::Null),
        _ => false,
    }
}

/// The values of a field, one by one: the items of a list, else the value itself.
pub(super) fn parts(field: Field<'_>) -> Vec<NodeRef<'_>> {
    let one = field.value;
    if one.is_sequence() { one.items().collect() } else { vec![one] }
}

/// The texts that a field claims: of a string the string, of a list each string in it. Left out is what other rules
/// speak of: empty values, placeholders, values of another shape, values that YAML readers read differently.
pub(super) fn claims<'c>(cx: &'c Context<'_>, key: &str) -> Vec<(NodeRef<'c>, &'c str)> {
    let Some(field) = filled(cx, key) else { return Vec::new() };
    claims_as(field, key)
}

/// The texts that a field would claim if its key were `key`.
pub(super) fn claims_as<'c>(field: Field<'c>, key: &str) -> Vec<(NodeRef<'c>, &'c str)> {
    parts(field)
        .into_iter()
        .filter(|node| !node.readings_differ())
        .filter_map(|node| Some((node, node.as_str()?)))
        .filter(|(_, text)| !text.trim().is_empty() && !stands_in(key, text))
        .collect()
}

/// The one text that a field claims, where only one is meant: a list is another rule's finding.
pub(super) fn claim<'c>(cx: &'c Context<'_>, key: &str) -> Option<(NodeRef<'c>, &'c str)> {
    filled(cx, key).filter(|field| !field.value.is_sequence())?;
    claims(cx, key).into_iter().next()
}

//! What the fields of the metadata claim. Which rule speaks about a value is decided here once: a value that is empty, a
//! placeholder, of the wrong shape or read in two ways belongs to the rule of that name, and all others ignore it.

use super::context::Context;
use super::placeholders::stands_in;
use crate::card::front_matter::Field;
use crate::source::reading::Reading;
use crate::source::tree::NodeRef;

/// A field of the metadata block, if its key is there and a value is written.
pub(crate) fn filled<'c>(cx: &'c Context<'_>, key: &str) -> Option<Field<'c>> {
    cx.front_matter()?.get(key).filter(|field| !is_empty(field.value))
}

/// Whether nothing is written: no value, `null`, `~`, `""`, an empty list or mapping, or a list of nothing.
pub(crate) fn is_empty(value: NodeRef<'_>) -> bool {
    match value.hub() {
        Reading::Null => true,
        Reading::Text => value.text().is_some_and(|text| text.trim().is_empty()),
        Reading::Collection => value.pairs().next().is_none() && value.items().all(|item| item.hub() == Reading::Null),
        _ => false,
    }
}

/// The values of a field, one by one: the items of a list, else the value itself.
pub(crate) fn parts(field: Field<'_>) -> Vec<NodeRef<'_>> {
    let one = field.value;
    if one.is_sequence() { one.items().collect() } else { vec![one] }
}

/// The texts that a field claims: of a string the string, of a list each string in it. Left out is what other rules
/// speak of: empty values, placeholders, values of another shape, values that YAML readers read differently.
pub(crate) fn claims<'c>(cx: &'c Context<'_>, key: &str) -> Vec<(NodeRef<'c>, &'c str)> {
    let Some(field) = filled(cx, key) else { return Vec::new() };
    claims_as(field, key)
}

/// The texts that a field would claim if its key were `key`.
pub(crate) fn claims_as<'c>(field: Field<'c>, key: &str) -> Vec<(NodeRef<'c>, &'c str)> {
    parts(field)
        .into_iter()
        .filter(|node| !node.readings_differ())
        .filter_map(|node| Some((node, node.as_str()?)))
        .filter(|(_, text)| !text.trim().is_empty() && !stands_in(key, text))
        .collect()
}

/// The one text that a field claims, where only one is meant: a list is another rule's finding.
pub(crate) fn claim<'c>(cx: &'c Context<'_>, key: &str) -> Option<(NodeRef<'c>, &'c str)> {
    filled(cx, key).filter(|field| !field.value.is_sequence())?;
    claims(cx, key).into_iter().next()
}

//! Keys that were meant to be another one, and whether giving them that name would make things right.

use super::repo_ids::fault;
use crate::card::Card;
use crate::card::front_matter::{Field, edits};
use crate::claims::{claims_as, is_empty, parts};
use crate::diagnostic::Edit;
use crate::hub::fields::{self, Kind};
use crate::hub::{languages, licenses};
use crate::source::reading::Reading;
use crate::source::tree::{NodeRef, Style};

/// The edits that give a field the name `key`, and its value the form that `key` wants.
pub(crate) fn renaming(card: &Card<'_>, field: Field<'_>, key: &str) -> Option<Vec<Edit>> {
    let mut changes = vec![edits::rename_key(&card.front_matter, field, key)?];
    for (node, yaml) in rewrites(field, key)? {
        changes.push(edits::replace_value(card.source(), &card.front_matter, node, &yaml)?);
    }
    Some(changes)
}

/// The values that have to be written differently under the name `key`, and how. Nothing when the value would be wrong
/// there: a rename must not turn a key that the Hub ignores into a key that it rejects.
pub(crate) fn rewrites<'t>(field: Field<'t>, key: &str) -> Option<Vec<(NodeRef<'t>, String)>> {
    let shape = fields::get(key)?.shape;
    let texts = claims_as(field, key);
    if is_empty(field.value) || texts.len() != parts(field).len() {
        return matches_shape(field, shape).then(Vec::new);
    }
    if !texts.iter().all(|(_, text)| is_welcome(key, text)) {
        return None;
    }
    let is_list = field.value.is_sequence();
    if shape.allows(if is_list { Kind::Strings } else { Kind::String }) {
        let better = |text: &str| licenses::suggest(text).filter(|_| key == "license");
        return Some(texts.iter().filter_map(|(node, text)| Some((*node, better(text)?.id.to_owned()))).collect());
    }
    let (node, text) = texts.first()?;
    let becomes_list = !is_list && shape.allows(Kind::Strings) && !text.contains(',');
    becomes_list.then(|| vec![(*node, format!("[{}]", edits::scalar(text, Style::DoubleQuoted)))])
}

/// Whether the value of a misspelled license key is the word itself, as TRL writes it: `licence: license`.
pub(crate) fn says_its_own_name(field: Field<'_>, meant: &str) -> bool {
    let texts = claims_as(field, meant);
    meant == "license" && texts.iter().any(|(_, text)| matches!(text.to_lowercase().as_str(), "license" | "licence"))
}

/// Whether a value that is not text, or contains others, has the shape of the field.
fn matches_shape(field: Field<'_>, shape: fields::Shape) -> bool {
    let value = field.value;
    if is_empty(value) {
        return true;
    }
    !value.readings_differ()
        && match value.hub() {
            Reading::Bool(_) => shape.allows(Kind::Bool),
            Reading::Int(_) | Reading::Float(_) => shape.allows(Kind::Number),
            Reading::Collection if value.is_mapping() => shape.allows(Kind::Mapping),
            Reading::Collection => shape.allows(Kind::Mappings) && value.items().all(|item| item.is_mapping()),
            _ => false,
        }
}

/// Whether no rule would call the text an error under this key.
fn is_welcome(key: &str, text: &str) -> bool {
    match key {
        "license" => licenses::is_id(text) || licenses::suggest(text).is_some_and(|meant| meant.keeps_meaning()),
        "language" => languages::name(text).is_some(),
        "base_model" | "datasets" | "new_version" | "buckets" => fault(key, text).is_none(),
        _ => true,
    }
}

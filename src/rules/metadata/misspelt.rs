//! Keys that were meant to be another one, and whether giving them that name would make things right.

use super::repo_ids::fault;
use crate::card::Card;
use crate::card::front_matter::{Field, edits};
use crate::diagnostic::Edit;
use crate::hub::fields::{self, Kind};
use crate::hub::{languages, licenses};
use crate::rules::values::{claims_as, is_empty, parts};
use crate::source::tree::Style;

/// The edits that give a field the name `key`, and its value the form that `key` wants; nothing when the value would be
/// no good there: a rename must not turn an ignored key into a refused one.
pub(super) fn renaming(card: &Card<'_>, field: Field<'_>, key: &str) -> Option<Vec<Edit>> {
    let known = fields::get(key)?;
    let rename = edits::rename_key(&card.front_matter, field, key)?;
    let texts = claims_as(field, key);
    if is_empty(field.value) || texts.len() != parts(field).len() {
        return matches_shape(field, known.shape).then(|| vec![rename]);
    }
    if !texts.iter().all(|(_, text)| is_welcome(key, text)) {
        return None;
    }
    let mut changes = vec![rename];
    let list = field.value.is_sequence();
    if list && !known.shape.allows(Kind::Strings) {
        return None;
    } else if !list && !known.shape.allows(Kind::String) {
        let (node, text) = texts.first()?;
        let fits = known.shape.allows(Kind::Strings) && !text.contains(',');
        let yaml = format!("[{}]", edits::scalar(text, Style::DoubleQuoted));
        changes.push(edits::replace_value(card.source(), &card.front_matter, *node, &yaml).filter(|_| fits)?);
    } else if key == "license" {
        for (node, text) in &texts {
            if let Some(meant) = licenses::suggest(text) {
                changes.push(edits::replace_value(card.source(), &card.front_matter, *node, meant.id)?);
            }
        }
    }
    Some(changes)
}

/// Whether a value that is no text, or holds others, has the shape of the field.
fn matches_shape(field: Field<'_>, shape: fields::Shape) -> bool {
    use crate::source::reading::Reading;
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

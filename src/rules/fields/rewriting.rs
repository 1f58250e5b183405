//! One value written in the place of another.

use crate::card::front_matter::edits;
use crate::diagnostic::{Fix, Safety};
use crate::rules::Context;
use crate::source::tree::{NodeRef, Style};
use crate::words::quoted;

/// Writes `text` where a value of `key` stands.
pub(crate) fn write(cx: &Context<'_>, key: &str, node: NodeRef<'_>, text: &str, safety: Safety) -> Option<Fix> {
    let card = cx.card()?;
    let yaml = edits::scalar(text, Style::DoubleQuoted);
    let edit = edits::replace_value(card.source(), &card.front_matter, node, &yaml)?;
    Some(Fix::new(format!("write {}", quoted(text)), safety).edit(edit.at, edit.text).key(key))
}

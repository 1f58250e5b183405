//! What the card's text shows of the items about it.

use super::sight::Sight;
use crate::card::body::Topic;
use crate::claims::sections::is_bare;
use crate::claims::{Said, said};
use crate::rules::{Context, README};
use crate::source::Encoding;
use crate::words::{count, quoted};

/// Why a card that is there cannot be judged as it stands.
pub(super) fn unreadable(cx: &Context<'_>) -> Option<Sight> {
    let Some(card) = cx.card() else {
        return Some(Sight::Unclear(format!("there is no `{README}` that can be read")));
    };
    let is_utf8 = !matches!(card.source().encoding(), Encoding::Invalid(_));
    (!is_utf8).then(|| Sight::Unclear(format!("`{README}` is not UTF-8")))
}

/// Whether the card speaks of the topic of an item. That code stands in a card does not show that it runs.
pub(super) fn topic(item: &str, cx: &Context<'_>) -> Sight {
    let topic = match item {
        "description" => Topic::Description,
        "usage" => Topic::Usage,
        "technical-specs" => Topic::Technical,
        "performance" => Topic::Evaluation,
        _ => Topic::Limitations,
    };
    match said(cx, topic) {
        Some(Said::Code) => Sight::Unclear("the card has code; whether it runs is not known".to_owned()),
        Some(Said::Section(heading)) => Sight::Positive(format!("section {}", quoted(&heading))),
        Some(Said::Elsewhere) => Sight::Positive("said outside a section of its own".to_owned()),
        None => Sight::Unclear("the card does not say it, and no rule asks for it here".to_owned()),
    }
}

/// Whether the card was searched for placeholders. What stands in YAML that cannot be read is not known.
pub(super) fn template(cx: &Context<'_>) -> Sight {
    let Some(card) = cx.card().filter(|card| !is_bare(card)) else {
        return Sight::Unclear("the card has no text".to_owned());
    };
    if cx.front_matter().is_some() && cx.whole_front_matter().is_none() {
        return Sight::Unclear("a part of the metadata cannot be read".to_owned());
    }
    let lines = card.source().text().lines().count();
    Sight::Positive(format!("{} searched for placeholders", count(lines, "line")))
}

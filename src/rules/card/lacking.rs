//! What a card lacks for which a section can be begun: as the rules of this folder report it.

use super::gap::{card, gap, sections};
use super::missing_usage::{has_code, heading_without_code};
use crate::card::body::{Heading, Topic};
use crate::draft::{Lacking, SECTIONS, Section};
use crate::rules::Context;

/// The sections that are missing, not those that stand empty; nothing where there is no card that can be read.
pub(in crate::rules) fn lacking<'c>(cx: &'c Context<'_>) -> Lacking<'c> {
    let Some(card) = card(cx) else { return Lacking::default() };
    let below = heading_without_code(card);
    let is_missing = |section: &&Section| match section.topic {
        Topic::Usage => below.is_none() && !has_code(card),
        topic => gap(cx, topic).is_some() && sections(card.body(), topic).next().is_none(),
    };
    let for_specs = |heading: &&Heading| {
        let is_bare = !card.body().tables.iter().any(|table| heading.section.contains(table.start));
        heading.text.to_lowercase().contains("technical spec") && is_bare
    };
    let specs_below = sections(card.body(), Topic::Technical).find(for_specs);
    // Code that cannot be run as it is may be what an earlier run began.
    let has_no_block = |heading: &&Heading| card.body().code_in(heading.section).next().is_none();
    Lacking {
        sections: SECTIONS.iter().filter(is_missing).collect(),
        code_below: below.filter(has_no_block),
        specs_below: specs_below.filter(|_| gap(cx, Topic::Technical).is_some()),
    }
}

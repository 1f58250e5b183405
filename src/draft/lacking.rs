//! What a card lacks for which a section can be begun.

use super::{SECTIONS, Section};
use crate::card::body::{Heading, Topic};
use crate::claims::prose::{Written, section_title};
use crate::claims::sections::sections;
use crate::claims::usage::heading_without_code;
use crate::claims::{Context, gap};

/// What a card lacks.
#[derive(Clone, Debug, Default)]
pub(super) struct Lacking<'c> {
    /// Sections, in the order in which they are to stand, each with its heading in the language of the card. None where that
    /// language has no list of headings.
    pub(super) sections: Vec<(&'static Section, &'static str)>,
    /// The heading that speaks of use and has no code below it.
    pub(super) code_below: Option<&'c Heading>,
    /// The heading for technical specifications that has nothing below it.
    pub(super) specs_below: Option<&'c Heading>,
}

impl<'c> Lacking<'c> {
    /// The sections that are missing, not those that stand empty; nothing where there is no card that can be read.
    pub(super) fn of(cx: &'c Context<'_>) -> Self {
        let Some(card) = cx.card() else { return Self::default() };
        let below = heading_without_code(card);
        let is_missing = |section: &&Section| match section.topic {
            Topic::Usage => below.is_none() && gap(cx, Topic::Usage).is_some(),
            // A short description is one.
            topic => {
                gap(cx, topic).is_some_and(|gap| gap.short.is_none()) && sections(card.body(), topic).next().is_none()
            }
        };
        let written = Written::of(cx);
        let titled = |section: &'static Section| {
            let heading = match written {
                Written::English => Some(section.title),
                Written::In(code) => section_title(code, section.topic),
                Written::Unknown => None,
            };
            Some((section, heading?))
        };
        let for_specs = |heading: &&Heading| {
            let is_bare = !card.body().tables.iter().any(|table| heading.section.contains(table.start));
            heading.text.to_lowercase().contains("technical spec") && is_bare
        };
        let specs_below = sections(card.body(), Topic::Technical).find(for_specs);
        // Code that cannot be run as it is may be what an earlier run began.
        let has_no_block = |heading: &&Heading| card.body().code_in(heading.section).next().is_none();
        Self {
            sections: SECTIONS.iter().filter(is_missing).filter_map(titled).collect(),
            code_below: below.filter(has_no_block),
            specs_below: specs_below.filter(|_| gap(cx, Topic::Technical).is_some()),
        }
    }
}

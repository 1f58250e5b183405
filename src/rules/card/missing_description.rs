//! `missing-description`: a card that does not say what the model is and does.

use super::names::MISSING_DESCRIPTION;
use super::section::{Words, report_gap};
use crate::card::body::Topic;
use crate::checklist;
use crate::claims::gap;
use crate::diagnostic::{Effect, Label, Level};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};

pub(crate) struct MissingDescription;

static META: Meta = Meta {
    name: MISSING_DESCRIPTION,
    section: Section::Card,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::CARD_DESCRIPTION,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("missing_description.md"),
};

const WORDS: Words = Words {
    absent: "the card does not say what the model is and does",
    add: "describe in a few sentences what it does, what it is for, and what it is built on",
    help: "Write two sentences above the first section, or a section `Model description`. People decide in seconds whether a model fits.",
    copy: "Write one sentence on what this copy is for and what it runs with. The base model's card describes the rest.",
};

impl Rule for MissingDescription {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(gap) = gap(cx, Topic::Description) else { return };
        let Some(line) = gap.short else { return report_gap(cx, out, Topic::Description, &WORDS, &gap) };
        let help = "Say in a sentence more what the model is for and what it is built on. People decide in seconds whether it fits.";
        let label = Label::at(line, "this says what it is in a few words");
        out.push(out.finding_at(Level::Info, "the description is short", label).help(help));
    }
}

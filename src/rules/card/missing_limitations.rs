//! `missing-limitations`: a card that names no limitations.

use super::section::{Words, report};
use crate::card::body::Topic;
use crate::checklist;
use crate::diagnostic::{Effect, Level};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};

pub(crate) struct MissingLimitations;

static META: Meta = Meta {
    name: "missing-limitations",
    section: Section::Card,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::CARD_LIMITATIONS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("missing_limitations.md"),
};

const WORDS: Words = Words {
    absent: "the card names no limitations",
    add: "say what the model must not be used for, and where it fails",
    help: "Add a section `Limitations` with what you know, also untested languages and groups. Otherwise users learn it from failures that may harm people.",
    copy: "Link the limitations on the base model's card. They apply to this copy, too.",
};

impl Rule for MissingLimitations {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        report(cx, out, Topic::Limitations, &WORDS);
    }
}

//! `missing-technical-specs`: a card that does not say how the model was made and what it needs.

use super::section::{Words, report};
use crate::card::body::Topic;
use crate::checklist;
use crate::diagnostic::{Effect, Level};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};

pub(crate) struct MissingTechnicalSpecs;

static META: Meta = Meta {
    name: "missing-technical-specs",
    section: Section::Card,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::CARD_TECHNICAL_SPECS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("missing_technical_specs.md"),
};

const WORDS: Words = Words {
    absent: "the card hardly tells how the model was trained and what it needs to run",
    add: "add data, training parameters, hardware and size",
    help: "nobody can reproduce the model or choose a machine for it; a section `Training` with data, hyperparameters and hardware is enough",
    copy: "the base model's card tells how it was trained; how it was quantized, and the memory that it needs now, would help whoever chooses between files",
};

impl Rule for MissingTechnicalSpecs {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        report(cx, out, Topic::Technical, &WORDS);
    }
}

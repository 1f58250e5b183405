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
    absent: "the card does not say how the model was trained or what it needs to run",
    add: "add data, training parameters, hardware and size",
    help: "Add a section `Training` with data, hyperparameters and hardware. Otherwise users cannot reproduce the model or choose a machine for it.",
    copy: "Say how it was quantized and how much memory it needs. The base model's card says how it was trained.",
};

impl Rule for MissingTechnicalSpecs {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        report(cx, out, Topic::Technical, &WORDS);
    }
}

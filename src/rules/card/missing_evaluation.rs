//! `missing-evaluation`: a card without results.

use super::section::{Words, report};
use crate::card::body::Topic;
use crate::checklist;
use crate::diagnostic::{Effect, Level};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};

pub(crate) struct MissingEvaluation;

static META: Meta = Meta {
    name: "missing-evaluation",
    section: Section::Card,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::CARD_PERFORMANCE,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("missing_evaluation.md"),
};

const WORDS: Words = Words {
    absent: "the card shows no evaluation",
    add: "add what was measured, on which data, with which numbers",
    help: "Add a table, a `model-index`, `.eval_results/*.yaml`, or a sentence on what was not measured. Users prefer models with numbers.",
    copy: "Say what the quantization costs in quality, so that users can choose between files. The base model's card has the other numbers.",
};

impl Rule for MissingEvaluation {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        report(cx, out, Topic::Evaluation, &WORDS);
    }
}

//! `oversized-card`: a README.md that is larger than the Hub takes.

use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::rules::{Context, Meta, Needs, README, Rule, Section, Sink};
use crate::words::size;

pub(crate) struct OversizedCard;

static META: Meta = Meta {
    name: "oversized-card",
    section: Section::Card,
    level: Level::Error,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("oversized_card.md"),
};

/// The largest text file that the Hub takes without git-lfs, in bytes.
const MAX_CARD_BYTES: u64 = 10 * 1024 * 1024;

const HELP: &str =
    "Move tables and logs into files of their own. The Hub takes no card over 10 MiB, and none from git-lfs.";

impl Rule for OversizedCard {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let card = cx.release().find(README).filter(|file| file.size > MAX_CARD_BYTES && !file.missing);
        let Some(card) = card else { return };
        let message = format!("`{README}` has {}, and the Hub takes at most 10 MiB", size(card.size));
        out.push(out.finding(message, Label::file(card.id, "shorten the card")).help(HELP));
    }
}

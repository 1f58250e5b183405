//! `missing-tags`: a model without search words of its own.

use crate::checklist;
use crate::diagnostic::{Effect, Level};
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::{Gap, with_proof};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::all_of;

pub(crate) struct MissingTags;

static META: Meta = Meta {
    name: "missing-tags",
    section: Section::Metadata,
    level: Level::Info,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("missing_tags.md"),
};

impl Rule for MissingTags {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(gap) = Gap::find(cx, "tags") else { return };
        let label = "add `tags:` with subject, domain or method";
        let help = advice("add tags for subject, domain or method", "Users search the Hub by these words.");
        let shown = &cx.facts().tags;
        let says = match shown.as_slice() {
            [] => String::new(),
            shown => format!("the files suggest {}", all_of(shown.iter().map(|tag| format!("`{}`", tag.value)))),
        };
        let finding = gap.finding(out, Level::Info, &says, label).help(help);
        out.push(shown.iter().fold(finding, |finding, tag| with_proof(finding, &tag.proof)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::in_front_matter;

    #[test]
    fn a_gap_is_a_note_and_never_a_placeholder() {
        for yaml in ["license: mit\n", "tags:\n", "tags: []\n"] {
            let found = in_front_matter(&MissingTags, yaml);
            assert_eq!((found.len(), found[0].level), (1, Level::Info), "{yaml}");
            assert_eq!(found[0].fix, None, "{yaml}");
        }
        for yaml in ["tags: [a]\n", "tags: a\n", "tag: [a]\n", "tags: ['']\n", "tags: [null]\n", "license: a: b\n"] {
            assert_eq!(in_front_matter(&MissingTags, yaml), [], "{yaml}");
        }
    }
}

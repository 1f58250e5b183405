//! `self-reference`: a model that names itself as its base or its successor.

use crate::checklist;
use crate::claims::claims;
use crate::diagnostic::{Effect, Label, Level};
use crate::rules::fields::advice::advice;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::quoted;

pub(crate) struct SelfReference;

static META: Meta = Meta {
    name: "self-reference",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("self_reference.md"),
};

/// The fields that name another model: what the value cannot be, what to do, and why.
const LINKS: [(&str, &str, &str, &str); 2] = [
    (
        "base_model",
        "its own base",
        "name the model that this model was made from, or remove the key",
        "The Hub lists the model under itself, not on the page of its base.",
    ),
    (
        "new_version",
        "its own new version",
        "move this key to the card of the older model",
        "The page sends users to the same page.",
    ),
];

impl Rule for SelfReference {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(own) = cx.release().repo_id().map(ToString::to_string) else { return };
        for (key, what, order, reason) in LINKS {
            for (node, text) in claims(cx, key) {
                // Two ids of the Hub never differ only in case.
                if text.trim().eq_ignore_ascii_case(&own) {
                    let message = format!("{} is this repository, which cannot be {what}", quoted(text.trim()));
                    out.push(out.finding(message, Label::at(node.span(), order)).help(advice(order, reason)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check, in_front_matter};

    #[test]
    fn other_models_are_others() {
        for yaml in [
            "base_model: own/repository-base\n",
            "base_model: other/repository\n",
            "base_model: repository\n",
            "new_version: own/repository-v2\n",
            "datasets: own/repository\n",
            "base_model:\n",
        ] {
            assert_eq!(in_front_matter(&SelfReference, yaml), [], "{yaml}");
        }
        assert_eq!(in_front_matter(&SelfReference, "base_model: Own/Repository\n").len(), 1);
        assert_eq!(in_front_matter(&SelfReference, "base_model: [a/b, own/repository, own/repository]\n").len(), 2);
    }

    #[test]
    fn without_an_id_the_rule_is_silent() {
        let card = "---\nbase_model: own/repository\n---\n";
        assert_eq!(check(&SelfReference, &[("README.md", card)]).found, []);
    }
}

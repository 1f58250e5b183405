//! `self-reference`: a model that names itself as its base or its successor.

use crate::checklist;
use crate::claims::claims;
use crate::diagnostic::{Effect, Label, Level};
use crate::rules::values::quoted;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};

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

/// The fields that name another model: what the value is called, what is lost, what to do.
const LINKS: [(&str, &str, &str, &str); 2] = [
    (
        "base_model",
        "its own base",
        "name the model that this one was made from, or leave the key out",
        "the Hub lists the model under itself, and not on the page of the model that it was made from",
    ),
    (
        "new_version",
        "the newer version of itself",
        "write this key into the card of the older model",
        "the page sends its visitors from the model to the same model",
    ),
];

impl Rule for SelfReference {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(own) = cx.release().repo_id().map(ToString::to_string) else { return };
        for (key, what, remedy, cost) in LINKS {
            for (node, text) in claims(cx, key) {
                // No two ids of the Hub differ in case alone.
                if text.trim().eq_ignore_ascii_case(&own) {
                    let message = format!("{} is this repository: no model is {what}", quoted(text.trim()));
                    out.push(out.finding(message, Label::at(node.span(), remedy)).help(cost));
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
    fn without_an_id_nobody_knows() {
        let card = "---\nbase_model: own/repository\n---\n";
        assert_eq!(check(&SelfReference, &[("README.md", card)]).found, []);
    }
}

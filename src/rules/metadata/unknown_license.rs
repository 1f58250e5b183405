//! `unknown-license`: a licence id that the Hub does not know.

use crate::card::front_matter::edits;
use crate::checklist;
use crate::diagnostic::{Effect, Fix, Label, Level, Safety};
use crate::hub::licenses;
use crate::rules::values::{claims, quoted};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};

pub(crate) struct UnknownLicense;

static META: Meta = Meta {
    name: "unknown-license",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::BlocksPush,
    item: checklist::DISCOVER_LICENSE,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("unknown_license.md"),
};

impl Rule for UnknownLicense {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(card) = cx.card() else { return };
        for (node, id) in claims(cx, "license") {
            if licenses::is_id(id) {
                continue;
            }
            let suggestion = licenses::suggest(id);
            let label = match &suggestion {
                Some(meant) => format!("did you mean `{}`?", meant.id),
                None => "not in the Hub's list".to_owned(),
            };
            let fix = suggestion.as_ref().and_then(|meant| {
                let safety = if meant.keeps_meaning() { Safety::Safe } else { Safety::Unsafe };
                let edit = edits::replace_value(card.source(), &card.front_matter, node, meant.id)?;
                Some(Fix::new(format!("write `{}`", meant.id), safety).edit(edit.at, edit.text).key("license"))
            });
            let help = match suggestion {
                Some(_) => "the Hub refuses the push until this is one of its licence ids",
                None => {
                    "the Hub refuses the push until this is one of its licence ids; a licence of your own is `license: other` with `license_name` and `license_link`"
                }
            };
            let finding =
                out.finding(format!("{} is not a licence id of the Hub", quoted(id)), Label::at(node.span(), label));
            out.push(finding.help(help).fix(fix));
        }
    }
}

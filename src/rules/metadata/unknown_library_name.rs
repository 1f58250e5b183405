//! `unknown-library-name`: a library that is not registered with the Hub.

use super::missing::with_proof;
use crate::card::front_matter::edits;
use crate::checklist;
use crate::diagnostic::{Effect, Fix, Label, Level, Safety};
use crate::hub::libraries;
use crate::rules::values::{claim, quoted};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};

pub(crate) struct UnknownLibraryName;

static META: Meta = Meta {
    name: "unknown-library-name",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::DISCOVER_LIBRARY,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("unknown_library_name.md"),
};

/// The file format that people write most where a library belongs.
const FORMAT: &str = "gguf";

impl Rule for UnknownLibraryName {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some((node, written)) = claim(cx, "library_name").filter(|(_, key)| libraries::get(key).is_none()) else {
            return;
        };
        let Some(card) = cx.card() else { return };
        let write = |key: &str, safety: Safety| {
            let yaml = edits::scalar(key, edits::preferred(&card.front_matter.tree));
            let edit = edits::replace_value(card.source(), &card.front_matter, node, &yaml)?;
            Some(Fix::new(format!("write `{key}`"), safety).edit(edit.at, edit.text).key("library_name"))
        };
        let name = quoted(written);
        if let Some(meant) = libraries::suggest(written) {
            let message = format!("{name} is not the key of a library on the Hub");
            let finding = out.finding(message, Label::at(node.span(), format!("did you mean `{meant}`?")));
            let help = "keys are compared letter by letter; until then the page shows no snippet, and no library filter finds the model";
            return out.push(finding.help(help).fix(write(meant, Safety::Safe)));
        }
        if written.eq_ignore_ascii_case(FORMAT) && cx.facts().contents.only_gguf {
            let message = format!("{name} is a file format and no library");
            let finding = out.finding_at(Level::Info, message, Label::at(node.span(), "no library has this key"));
            let help = "the Hub knows GGUF files by themselves, shows how to run them and counts their downloads: this line can go";
            let fix = card.front_matter.get("library_name").and_then(|field| {
                let edit = edits::remove_pair(card.source(), &card.front_matter, field)?;
                Some(Fix::new("remove `library_name`", Safety::Unsafe).edit(edit.at, edit.text).key("library_name"))
            });
            return out.push(finding.help(help).fix(fix));
        }
        let message = if written.eq_ignore_ascii_case(FORMAT) {
            format!("{name} is a file format and no library")
        } else {
            format!("{name} is not a library that the Hub knows")
        };
        let cost =
            "the page shows no snippet, no filter finds the model, and downloads are counted by the default rule";
        let finding = match cx.facts().library.as_ref() {
            Some(shown) => {
                let label = format!("the files are those of `{}`", shown.value);
                let finding = out.finding_at(Level::Info, message, Label::at(node.span(), label));
                with_proof(finding.help(cost).fix(write(&shown.value, Safety::Unsafe)), &shown.proof)
            }
            None => {
                let help = format!(
                    "{cost}; a library of your own can be registered: huggingface.co/docs/hub/models-adding-libraries"
                );
                out.finding_at(Level::Info, message, Label::at(node.span(), "not registered")).help(help)
            }
        };
        out.push(finding);
    }
}

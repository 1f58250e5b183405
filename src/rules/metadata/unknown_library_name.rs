//! `unknown-library-name`: a library that is not registered with the Hub.

use crate::card::front_matter::edits;
use crate::checklist;
use crate::claims::claim;
use crate::diagnostic::{Effect, Fix, Label, Level, Safety};
use crate::hub::libraries;
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::with_proof;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::quoted;

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

/// The file format that people write most in the place of a library.
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
            let yaml = edits::scalar(key, edits::preferred(&card.front_matter));
            let edit = edits::replace_value(card.source(), &card.front_matter, node, &yaml)?;
            Some(Fix::new(format!("write `{key}`"), safety).edit(edit.at, edit.text).key("library_name"))
        };
        let name = quoted(written);
        if let Some(meant) = libraries::suggest(written) {
            let message = format!("{name} is not a library key of the Hub");
            let finding = out.finding(message, Label::at(node.span(), format!("did you mean `{meant}`?")));
            let reason = "Users cannot copy code from the page, and library filters do not find the model.";
            let help = advice(&format!("write `{meant}`, exactly so"), reason);
            return out.push(finding.help(help).fix(write(meant, Safety::Safe)));
        }
        if written.eq_ignore_ascii_case(FORMAT) && cx.facts().contents.only_gguf {
            let message = format!("{name} is a file format, not a library");
            let finding = out.finding_at(Level::Info, message, Label::at(node.span(), "not a library"));
            let help = "Remove this line. The Hub recognizes GGUF files without it, shows how to run them and counts their downloads.";
            let fix = card.front_matter.get("library_name").and_then(|field| {
                let edit = edits::remove_pair(card.source(), &card.front_matter, field)?;
                Some(Fix::new("remove `library_name`", Safety::Unsafe).edit(edit.at, edit.text).key("library_name"))
            });
            return out.push(finding.help(help).fix(fix));
        }
        let message = if written.eq_ignore_ascii_case(FORMAT) {
            format!("{name} is a file format, not a library")
        } else {
            format!("{name} is not a library that the Hub knows")
        };
        let reason = "Until then the page shows no code, and library filters do not find the model.";
        let finding = match cx.facts().library.as_ref() {
            Some(shown) => {
                let label = format!("the files are those of `{}`", shown.value);
                let finding = out.finding_at(Level::Info, message, Label::at(node.span(), label));
                let order = format!("write `{}` if that library loads the model", shown.value);
                with_proof(finding.help(advice(&order, reason)).fix(write(&shown.value, Safety::Unsafe)), &shown.proof)
            }
            None => {
                let order = "register your library with the Hub: huggingface.co/docs/hub/models-adding-libraries";
                let help = advice(order, reason);
                out.finding_at(Level::Info, message, Label::at(node.span(), "not registered")).help(help)
            }
        };
        out.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{applied, findings, fixed, in_front_matter};

    #[test]
    fn near_misses_are_warnings_and_own_libraries_are_notes() {
        for (key, level) in [
            ("Transformers", Level::Warning),
            ("scikit-learn", Level::Warning),
            ("vllm", Level::Info),
            ("GGUF", Level::Info),
        ] {
            assert_eq!(
                in_front_matter(&UnknownLibraryName, &format!("library_name: {key}\n"))[0].level,
                level,
                "{key}"
            );
        }
        for yaml in [
            "library_name: transformers",
            "library_name:",
            "library_name: [a]",
            "library_name: TODO",
            "library_name: 3",
        ] {
            assert_eq!(in_front_matter(&UnknownLibraryName, &format!("{yaml}\n")), [], "{yaml}");
        }
        assert_eq!(
            fixed(&UnknownLibraryName, "library_name: sbert\n").as_deref(),
            Some("library_name: sentence-transformers\n")
        );
    }

    #[test]
    fn the_library_of_the_files_needs_a_person() {
        let card = "---\nlibrary_name: vllm\n---\n";
        let found =
            findings(&UnknownLibraryName, &[("README.md", card), ("adapter_config.json", r#"{"peft_type": "LORA"}"#)]);
        let fix = found[0].fix.as_ref().unwrap();
        assert_eq!((found[0].level, fix.safety), (Level::Info, Safety::Unsafe));
        assert_eq!(applied(card, fix), "---\nlibrary_name: peft\n---\n");
    }
}

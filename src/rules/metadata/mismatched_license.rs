//! `mismatched-license`: the card names one license, and the license file contains another.

use super::lineage::bases;
use crate::card::front_matter::edits;
use crate::checklist;
use crate::claims::{claims, filled};
use crate::diagnostic::{Edit, Effect, Fix, Label, Level, Safety};
use crate::evidence::license_files;
use crate::hub::{compatibility, licenses};
use crate::rules::fields::missing::with_proof;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::tree::NodeRef;
use crate::words::quoted;

pub(crate) struct MismatchedLicense;

static META: Meta = Meta {
    name: "mismatched-license",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::BreaksUsers,
    item: checklist::DISCOVER_LICENSE,
    needs: Needs::Files,
    fix: Some(Safety::Unsafe),
    since: "0.1.0",
    docs: include_str!("mismatched_license.md"),
};

impl Rule for MismatchedLicense {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let declared = claims(cx, "license");
        let Some((node, first)) = declared.first().copied() else { return };
        let Some(text) = cx.facts().license.as_ref().filter(|text| text.is_strong()) else { return };
        let name = cx.facts().license_name.as_ref().map(|name| name.value).filter(|_| text.value == "other");
        let Some(path) = text.proof.iter().find_map(|label| {
            let id = label.place.file()?;
            license_files(cx.release()).find(|file| file.id == id).map(|file| file.path.as_str())
        }) else {
            return;
        };
        let silent = declared.iter().any(|(_, id)| meant(id).is_none_or(|id| goes_with(text.value, id)))
            || links_elsewhere(cx, path)
            // The text of the base's license has to be shipped, whatever license the derivative has.
            || bases(cx).iter().any(|base| base.family.license.is_some_and(|id| id == text.value || Some(id) == name));
        if silent {
            return;
        }
        let shown = name.unwrap_or(text.value);
        let says = format!("the card says {}, but `{path}` contains `{shown}`", quoted(first));
        let finding = out
            .finding(says, Label::at(node.span(), format!("the text is that of `{shown}`")))
            .help(
                "Correct the wrong license, or rename the file to `LICENSE-CODE` if it covers only code. Users cannot tell \
                 which license applies.",
            )
            .fix(if declared.len() == 1 && licenses::is_id(first) { write(cx, node, text.value, name, path) } else { None });
        out.push(with_proof(finding, &text.proof));
    }
}

/// The id that is written, in another spelling perhaps.
fn meant(written: &str) -> Option<&str> {
    let respelt = || licenses::suggest(written).filter(licenses::Suggestion::keeps_meaning).map(|found| found.id);
    if licenses::is_id(written) { Some(written) } else { respelt() }
}

/// Whether a card that declares `declared` may lie beside the text of `text`.
fn goes_with(text: &str, declared: &str) -> bool {
    // `other` is named by `license_name`, and what is so named may well have this text.
    let same = text == declared || declared == "other" || compatibility::is_of_family(text, declared);
    // A lesser license is written as an addition to the full license.
    let lesser = declared.starts_with("lgpl") && text.starts_with("gpl");
    let family = licenses::get(declared).is_some_and(|found| found.is_family)
        && compatibility::class(text) == compatibility::class(declared);
    same || lesser || family || (declared == "cc" && text.starts_with("cc"))
}

/// Whether `license_link` leads to another text than this file.
fn links_elsewhere(cx: &Context<'_>, path: &str) -> bool {
    filled(cx, "license_link").is_some_and(|field| {
        let link = field.value.text().unwrap_or_default();
        link.trim_start_matches("./") != path && !link.ends_with(&format!("/{path}"))
    })
}

fn write(cx: &Context<'_>, node: NodeRef<'_>, id: &str, name: Option<&str>, path: &str) -> Option<Fix> {
    let card = cx.card()?;
    let (source, matter) = (card.source(), &card.front_matter);
    let edit = edits::replace_value(source, matter, node, id)?;
    let mut fix = Fix::new(format!("write `license: {id}`"), Safety::Unsafe).edit(edit.at, edit.text).key("license");
    if let Some(name) = name {
        let quotes = edits::preferred(matter);
        let missing: Vec<_> = [("license_name", name), ("license_link", path)]
            .into_iter()
            .filter(|(key, _)| matter.get(key).is_none())
            .collect();
        if !missing.is_empty() {
            let lines: Vec<_> =
                missing.iter().map(|(key, value)| format!("{key}: {}", edits::scalar(value, quotes))).collect();
            fix.edits.push(edits::insert_key(source, matter, &lines.join("\n"))?);
            fix.edits.sort_by_key(|edit: &Edit| edit.at.start);
        }
        fix = missing.into_iter().fold(fix, |fix, (key, _)| fix.key(key));
    }
    Some(fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_together() {
        for (text, declared) in [
            ("gpl-3.0", "gpl"),
            ("gpl-3.0", "lgpl-3.0"),
            ("bsd-3-clause", "bsd"),
            ("cc-by-4.0", "cc"),
            ("mit", "other"),
        ] {
            assert!(goes_with(text, declared), "{text} {declared}");
        }
        for (text, declared) in [("mit", "apache-2.0"), ("gpl-3.0", "gpl-2.0"), ("gpl-3.0", "mit"), ("mit", "unknown")]
        {
            assert!(!goes_with(text, declared), "{text} {declared}");
        }
    }

    #[test]
    fn a_text_that_has_its_reason_is_not_a_mismatch() {
        let mit = include_str!("../../../fixtures/defects/LICENSE");
        let found = |yaml: &str, path: &str| {
            let card = format!("---\n{yaml}---\n");
            crate::rules::testing::findings(&MismatchedLicense, &[("README.md", &card), (path, mit)]).len()
        };
        assert_eq!(found("license: apache-2.0\n", "LICENSE"), 1);
        for (yaml, path) in [
            ("license: [apache-2.0, mit]\n", "LICENSE"),
            ("license: apache-2.0\nlicense_link: WEIGHTS-LICENSE\n", "LICENSE"),
            ("license: apache-2.0\nbase_model: microsoft/phi-4\n", "LICENSE"),
            ("license: MIT\n", "LICENSE"),
            ("license: acme-1.0\n", "LICENSE"),
            ("license: apache-2.0\n", "code/LICENSE"),
        ] {
            assert_eq!(found(yaml, path), 0, "{yaml} {path}");
        }
    }
}

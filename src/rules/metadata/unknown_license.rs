//! `unknown-license`: a license id that the Hub does not know.

use crate::card::Card;
use crate::card::front_matter::edits;
use crate::checklist;
use crate::claims::claims;
use crate::diagnostic::{Effect, Fix, Label, Level, Safety};
use crate::hub::licenses::{self, Kind};
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::{MAX_TRACED, with_proof};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::tree::NodeRef;
use crate::words::quoted;

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

/// How to name a license that the Hub does not list.
const OWN: &str = "write `license: other` with `license_name` and `license_link` for your own license";

/// The longest text that is taken for the name of one license or several, in bytes.
const MAX_NAME: usize = 200;

/// What to write instead, and how it was found.
enum Instead {
    /// An id that the value spells differently, or nearly.
    Meant(&'static str, Kind),
    /// The id whose text a file contains.
    Shown(&'static str),
    /// Several ids in one value.
    Several(Vec<&'static str>),
    /// Nothing that the Hub knows.
    Own,
}

impl Rule for UnknownLicense {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(card) = cx.card() else { return };
        let in_list = card.front_matter.get("license").is_some_and(|field| field.value.is_sequence());
        let claimed = claims(cx, "license").into_iter().filter(|(_, written)| !licenses::is_id(written));
        for (index, (node, written)) in claimed.enumerate() {
            let instead = if index < MAX_TRACED { instead(cx, written) } else { Instead::Own };
            let (label, order) = words(&instead);
            let fix = match &instead {
                Instead::Meant(id, kind) => {
                    let proven = cx.facts().license.as_ref().is_some_and(|text| text.is_strong() && text.value == *id);
                    let safe = matches!(kind, Kind::Case | Kind::Spelling) || (*kind == Kind::Guess && proven);
                    write(card, node, id, if safe { Safety::Safe } else { Safety::Unsafe })
                }
                Instead::Shown(id) => write(card, node, id, Safety::Unsafe),
                Instead::Several(ids) if !in_list => {
                    write(card, node, &format!("[{}]", ids.join(", ")), Safety::Unsafe)
                }
                Instead::Own if !in_list => name_it(cx, card, node, written),
                Instead::Several(_) | Instead::Own => None,
            };
            let message = format!("{} is not a license id of the Hub", quoted(written));
            let mut finding = out.finding(message, Label::at(node.span(), label));
            if let (Instead::Shown(_), Some(text)) = (&instead, &cx.facts().license) {
                finding = with_proof(finding, &text.proof);
            }
            let reason =
                format!("The Hub rejects the push until `license` is one of its {} ids.", licenses::all().count());
            out.push(finding.help(advice(&order, &reason)).fix(fix));
        }
    }
}

fn instead(cx: &Context<'_>, written: &str) -> Instead {
    if let Some(found) = licenses::suggest(written) {
        return Instead::Meant(found.id, found.kind);
    }
    if let Some(ids) = several(written) {
        return Instead::Several(ids);
    }
    match &cx.facts().license {
        Some(text) if text.is_strong() && text.value != "other" => Instead::Shown(text.value),
        _ => Instead::Own,
    }
}

/// The ids of `MIT OR Apache-2.0` and `mit, apache-2.0`.
fn several(written: &str) -> Option<Vec<&'static str>> {
    if written.len() > MAX_NAME {
        return None;
    }
    let text = written.replace(" OR ", ",").replace(" or ", ",").replace(" AND ", ",").replace(" and ", ",");
    let ids = text.split([',', '/', '|', ';']).map(|part| one(part.trim())).collect::<Option<Vec<_>>>()?;
    (ids.len() > 1).then_some(ids)
}

/// The id of a text that is an id, in another spelling perhaps.
fn one(part: &str) -> Option<&'static str> {
    let respelled = || licenses::suggest(part).filter(licenses::Suggestion::keeps_meaning).map(|found| found.id);
    licenses::get(part).map(|found| found.id).or_else(respelled)
}

/// What is shown at the value, and what to do.
fn words(instead: &Instead) -> (String, String) {
    match instead {
        Instead::Meant(id, Kind::OrLater) => (
            format!("the Hub knows only `{id}`"),
            format!("write `{id}`, and keep \"or any later version\" in the card's text"),
        ),
        Instead::Meant(id, _) => (format!("did you mean `{id}`?"), format!("write `{id}`")),
        Instead::Shown(id) => (format!("the files show `{id}`"), format!("write `{id}` if the license file is right")),
        Instead::Several(ids) => {
            let list = format!("write the list `[{}]`", ids.join(", "));
            (list.clone(), format!("{list}, and say in the card whether users may choose"))
        }
        Instead::Own => ("not in the Hub's list".to_owned(), OWN.to_owned()),
    }
}

fn write(card: &Card<'_>, node: NodeRef<'_>, yaml: &str, safety: Safety) -> Option<Fix> {
    let edit = edits::replace_value(card.source(), &card.front_matter, node, yaml)?;
    Some(Fix::new(format!("write `{yaml}`"), safety).edit(edit.at, edit.text).key("license"))
}

/// `license: other`, with the name that was written, or the address, in the field for it.
fn name_it(cx: &Context<'_>, card: &Card<'_>, node: NodeRef<'_>, written: &str) -> Option<Fix> {
    let (source, matter) = (card.source(), &card.front_matter);
    let mut fix = write(card, node, "other", Safety::Unsafe)?;
    let is_address = written.starts_with("https://") || written.starts_with("http://");
    let is_name = written.len() <= MAX_NAME && written.chars().all(|c| c.is_ascii_alphanumeric() || "-_.+".contains(c));
    let text = ["LICENSE", "LICENSE.md"].into_iter().find(|name| cx.release().find(name).is_some());
    let mut others = Vec::new();
    match (is_address, is_name) {
        (true, _) => others.push(("license_link", written)),
        (_, true) => {
            others.push(("license_name", written));
            others.extend(text.map(|text| ("license_link", text)));
        }
        _ => return None,
    }
    others.retain(|(key, _)| matter.get(key).is_none());
    let quotes = edits::preferred(matter);
    let lines: Vec<String> =
        others.iter().map(|(key, value)| format!("{key}: {}", edits::scalar(value, quotes))).collect();
    if !lines.is_empty() {
        fix.edits.push(edits::insert_key(source, matter, &lines.join("\n"))?);
        fix.edits.sort_by_key(|edit| edit.at.start);
    }
    Some(others.into_iter().fold(fix, |fix, (key, _)| fix.key(key)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{applied, findings, fixed, in_front_matter};

    #[test]
    fn fixes() {
        for (yaml, after) in [
            ("license: MIT\n", "license: mit\n"),
            ("license: [MIT, GPL-2.0-only]\n", ""),
            ("license: Apache License, Version 2.0\n", "license: apache-2.0\n"),
            ("license: GPL-3.0-or-later\n", "license: gpl-3.0\n"),
            ("license: MIT OR Apache-2.0\n", "license: [mit, apache-2.0]\n"),
            ("license: acme-1.0\n", "license: other\nlicense_name: acme-1.0\n"),
            ("license: acme-1.0\nlicense_name: acme\n", "license: other\nlicense_name: acme\n"),
            ("license: https://a.example/l\n", "license: other\nlicense_link: https://a.example/l\n"),
            ("license: all rights reserved\n", ""),
            ("license: [acme-1.0]\n", ""),
        ] {
            assert_eq!(fixed(&UnknownLicense, yaml).unwrap_or_default(), after, "{yaml}");
            assert!(!in_front_matter(&UnknownLicense, yaml).is_empty(), "{yaml}");
        }
    }

    #[test]
    fn only_the_same_license_is_written_unasked() {
        for (yaml, safe) in
            [("MIT", true), ("GPL-3.0-only", true), ("GPL-3.0+", false), ("apache", false), ("acme-1", false)]
        {
            let found = in_front_matter(&UnknownLicense, &format!("license: {yaml}\n"));
            assert_eq!(found[0].fix.as_ref().unwrap().safety == Safety::Safe, safe, "{yaml}");
        }
    }

    #[test]
    fn what_other_rules_report() {
        for yaml in [
            "license:\n",
            "license: TODO\n",
            "license: {a: b}\n",
            "license: no\n",
            "license: [~, mit]\n",
            "license: bsd\n",
        ] {
            assert_eq!(in_front_matter(&UnknownLicense, yaml), [], "{yaml}");
        }
    }

    #[test]
    fn a_file_beside_it_is_linked() {
        let card = "---\nlicense: acme-1.0\n---\n";
        let found = findings(&UnknownLicense, &[("README.md", card), ("LICENSE", "Our own words.\n")]);
        assert_eq!(
            applied(card, found[0].fix.as_ref().unwrap()),
            "---\nlicense: other\nlicense_name: acme-1.0\nlicense_link: LICENSE\n---\n"
        );
    }
}

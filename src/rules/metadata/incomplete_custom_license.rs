//! `incomplete-custom-license`: `license: other` that does not name the license.

use super::lineage::license_file;
use crate::card::front_matter::edits;
use crate::checklist;
use crate::claims::{claim, filled};
use crate::diagnostic::{Effect, Fix, Label, Level, Safety};
use crate::rules::fields::advice::advice;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::{all_of, either, quoted};

pub(crate) struct IncompleteCustomLicense;

static META: Meta = Meta {
    name: "incomplete-custom-license",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::BreaksUsers,
    item: checklist::DISCOVER_LICENSE,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("incomplete_custom_license.md"),
};

const COST: &str = "Users cannot see what they may do: the Hub shows only \"other\".";

impl Rule for IncompleteCustomLicense {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some((node, _)) = claim(cx, "license").filter(|(_, id)| *id == "other") else { return };
        absent_file(cx, out);
        // A key that may be in a lost part of the block is not absent.
        if cx.whole_front_matter().is_none() {
            return;
        }
        let lacks = |key: &str| filled(cx, key).is_none() && !cx.misspelled().any(|(_, meant)| meant == key);
        let missing: Vec<&str> = ["license_name", "license_link"].into_iter().filter(|key| lacks(key)).collect();
        if missing.is_empty() {
            return;
        }
        // The text beside the card is found without the link.
        let level =
            if missing == ["license_link"] && license_file(cx).is_some() { Level::Info } else { Level::Warning };
        let keys = either(missing.iter().map(|key| format!("`{key}`")));
        let says = format!("`README.md` has `license: other`, but no {keys}");
        let orders = missing.iter().map(|key| match *key {
            "license_name" => "`license_name` with a short name",
            _ => "`license_link` with `LICENSE` or an address",
        });
        let help = advice(&format!("add {}", all_of(orders)), COST);
        let finding = out.finding_at(level, says, Label::at(node.span(), "which license?")).help(help);
        out.push(finding.fix(complete(cx, &missing)));
    }
}

/// The keys that are not there: the link to the only license file, and a place for the rest.
fn complete(cx: &Context<'_>, missing: &[&str]) -> Option<Fix> {
    let card = cx.card()?;
    let (source, matter) = (card.source(), &card.front_matter);
    let absent: Vec<&str> = missing.iter().copied().filter(|key| matter.get(key).is_none()).collect();
    let file = license_file(cx).map(|file| file.path.as_str());
    let lines: Vec<String> = absent
        .iter()
        .map(|key| match (*key, file) {
            ("license_link", Some(path)) => {
                format!("license_link: {}", edits::scalar(path, edits::preferred(matter)))
            }
            ("license_link", None) => "license_link:  # TODO: LICENSE, or the address of the text".to_owned(),
            _ => format!("{key}:  # TODO: a short name, e.g. acme-1.0"),
        })
        .collect();
    if lines.is_empty() {
        return None;
    }
    let edit = edits::insert_key(source, matter, &lines.join("\n"))?;
    let title = format!("add {}", all_of(absent.iter().map(|key| format!("`{key}`"))));
    let fix = Fix::new(title, Safety::Safe).edit(edit.at, edit.text);
    let fix = absent.iter().fold(fix, |fix, key| fix.key(*key));
    let filled = missing == ["license_link"] && file.is_some();
    Some(if filled { fix } else { fix.placeholder() })
}

/// A link to a file that is not in the repository.
fn absent_file(cx: &Context<'_>, out: &mut Sink<'_>) {
    let Some((node, link)) = claim(cx, "license_link") else { return };
    let path = link.trim().trim_start_matches("./");
    let is_file = !path.contains("://") && !path.contains([' ', '#', '?']) && !path.starts_with(['/', '<', '[', 'w']);
    // `huggingface.co/…` without its scheme is an address, too.
    let is_address = path.split('/').next().is_some_and(|first| path.contains('/') && first.contains('.'));
    if !is_file || is_address || cx.release().find(path).is_some() || cx.release().hides(path) {
        return;
    }
    let other = license_file(cx).map(|file| file.path.as_str());
    let label = other.map_or("no such file".to_owned(), |other| format!("did you mean `{other}`?"));
    let finding = out
        .finding(
            format!("`license_link` names {}, which is not in the repository", quoted(link)),
            Label::at(node.span(), label),
        )
        .help("Add the file, or write the address of the text. Users cannot read the license: the link leads nowhere.");
    out.push(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::in_front_matter;

    #[test]
    fn near_misses() {
        for yaml in [
            "license: mit\nlicense_link: LICENSE\n",
            "license: [mit, other]\n",
            "license: other\nlicense_name: a\nlicense_link: https://a.example/l\n",
            "license: other\nlicense_name: a\nlicense_link: huggingface.co/a/b/blob/main/LICENSE\n",
            "license: other\nlicense_name: a\nlicense_link: TODO\n",
            "license: other\ntags: [a\n",
        ] {
            assert_eq!(in_front_matter(&IncompleteCustomLicense, yaml), [], "{yaml}");
        }
    }

    #[test]
    fn an_empty_key_gets_no_second_placeholder() {
        let found = in_front_matter(&IncompleteCustomLicense, "license: other\nlicense_name: a\nlicense_link:\n");
        assert!(found.len() == 1 && found[0].fix.is_none(), "{found:?}");
    }
}

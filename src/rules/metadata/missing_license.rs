//! `missing-license`: a card that grants users no rights.

use super::lineage::bases;
use crate::checklist;
use crate::claims::prose;
use crate::claims::{claim, claims, filled};
use crate::diagnostic::{Diagnostic, Effect, Label, Level, Safety};
use crate::hub::{families, licenses, obligations};
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::{Gap, safety, with_proof};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::quoted;

pub(crate) struct MissingLicense;

static META: Meta = Meta {
    name: "missing-license",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::BreaksUsers,
    item: checklist::DISCOVER_LICENSE,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("missing_license.md"),
};

const COST: &str = "Without a license, users may not legally use, change or share the model.";
const READ_HERE: &str = "The Hub reads the license only here, and users need it to legally use the model.";

impl Rule for MissingLicense {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(gap) = Gap::find(cx, "license") else { return };
        let found = named_beside(cx, out, gap).or_else(|| shown(cx, out, gap)).or_else(|| stated(cx, out, gap));
        let found = found.or_else(|| of_base(cx, out, gap));
        out.push(found.unwrap_or_else(|| nowhere(cx, out, gap)));
    }
}

/// `license_name` or `license_link` is there, and the Hub reads neither without `license: other`.
fn named_beside(cx: &Context<'_>, out: &Sink<'_>, gap: Gap<'_>) -> Option<Diagnostic> {
    let (key, (node, value)) =
        ["license_name", "license_link"].into_iter().find_map(|key| Some((key, claim(cx, key)?)))?;
    // A license that the Hub knows, under the wrong key. A link alone does not say what it leads to.
    let known =
        licenses::get(value).map(|license| license.id).or_else(|| licenses::suggest(value).map(|found| found.id));
    let text = cx.facts().license.as_ref().map(|found| found.value);
    if text.is_some_and(|id| id != "other") {
        return None;
    }
    let (id, safety) = match known {
        Some(id) => (id, Safety::Unsafe),
        None if key == "license_name" => ("other", Safety::Safe),
        None => ("other", Safety::Unsafe),
    };
    let order = match id {
        "other" => format!("add `license: other`, so that the Hub reads `{key}`"),
        id => format!("add `license: {id}`"),
    };
    let says = format!("the Hub ignores `{key}` {} without it", quoted(value));
    Some(
        gap.finding(out, Level::Error, &says, format!("add `license: {id}`"))
            .related(Label::at(node.span(), "the Hub reads this only with `license: other`"))
            .help(advice(&order, COST))
            .fix(gap.write(id, safety)),
    )
}

/// A license text in the repository is a known text.
fn shown(cx: &Context<'_>, out: &Sink<'_>, gap: Gap<'_>) -> Option<Diagnostic> {
    let facts = cx.facts();
    let found = facts.license.as_ref()?;
    // An own name beside a well-known text, or a base under other terms: perhaps the text is that of the code.
    let doubtful = filled(cx, "license_name").is_some() || has_other_terms(cx, found.value);
    let safety = if doubtful { Safety::Unsafe } else { safety(found) };
    let path = found.proof.iter().find_map(|label| cx.path(label.place.file()?))?;
    let name = facts.license_name.as_ref().map(|name| name.value).filter(|_| found.value == "other");
    let (known_as, fix) = match name {
        Some(name) => {
            let others = [("license_name", name), ("license_link", path.as_str())];
            (name, gap.write_with(found.value, &others, safety))
        }
        None => (found.value, gap.write(found.value, safety)),
    };
    let says = format!("the files {} `{known_as}`", if found.is_strong() { "show" } else { "suggest" });
    let order = format!("add `license: {}`", found.value);
    let help = advice(&order, READ_HERE);
    let finding = gap.finding(out, Level::Error, &says, order).fix(fix);
    Some(with_proof(finding.help(help), &found.proof))
}

/// Whether a model that this one may be made from belongs to a family with another license.
fn has_other_terms(cx: &Context<'_>, license: &str) -> bool {
    let stated = claims(cx, "base_model").into_iter().map(|(_, id)| id);
    let mut named = stated.chain(cx.facts().base_models.iter().map(|base| base.value.as_str()));
    named.any(|id| families::of(id).and_then(|family| family.license).is_some_and(|of_base| of_base != license))
}

/// The card's text says it.
fn stated(cx: &Context<'_>, out: &Sink<'_>, gap: Gap<'_>) -> Option<Diagnostic> {
    let found = prose::license(cx.card()?)?;
    let says = format!("the text names `{}`", found.value);
    let order = format!("add `license: {}`", found.value);
    let help = advice(&order, READ_HERE);
    let finding = gap.finding(out, Level::Error, &says, order);
    Some(with_proof(finding.help(help).fix(gap.write(found.value, safety(&found))), &found.proof))
}

/// The license of the only base, where its family is certain: a suggestion, since the weights may have another.
fn of_base(cx: &Context<'_>, out: &Sink<'_>, gap: Gap<'_>) -> Option<Diagnostic> {
    let bases = bases(cx);
    let [base] = bases.as_slice() else { return None };
    let license = base.family.license.filter(|_| base.family.is_certain() && claims(cx, "base_model").len() < 2)?;
    let terms = obligations::of(license);
    let id = terms.map_or(license, |terms| terms.hub_id);
    let name = terms.and_then(|terms| terms.name());
    let others: Vec<_> = name.map(|name| ("license_name", name)).into_iter().collect();
    let says = format!("the license of the base {} is `{}`", quoted(base.id), name.unwrap_or(id));
    let finding =
        gap.finding(out, Level::Error, &says, format!("consider `license: {id}`")).related(base.label.clone());
    let help = advice("choose a license that the license of the base allows", COST);
    Some(finding.help(help).fix(gap.write_with(id, &others, Safety::Unsafe)))
}

fn nowhere(cx: &Context<'_>, out: &Sink<'_>, gap: Gap<'_>) -> Diagnostic {
    let order = match filled(cx, "base_model") {
        Some(_) => "write a license id of the Hub that the license of the base model allows",
        None => "write a license id of the Hub, such as `license: apache-2.0`",
    };
    gap.finding(out, Level::Error, "", "add the license id, such as `license: apache-2.0`")
        .help(advice(order, COST))
        .fix(gap.placeholder("the license id, e.g. apache-2.0"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{applied, findings, fixed, in_front_matter};

    #[test]
    fn a_name_without_the_license_is_other_unless_the_hub_knows_it() {
        for (yaml, id, safety) in [
            ("license_name: acme-1.0\n", "other", Safety::Safe),
            ("license_name: apache-2.0\n", "apache-2.0", Safety::Unsafe),
            ("license_name: MIT License\n", "mit", Safety::Unsafe),
            ("license_link: LICENSE\n", "other", Safety::Unsafe),
        ] {
            assert_eq!(fixed(&MissingLicense, yaml), Some(format!("{yaml}license: {id}\n")), "{yaml}");
            assert_eq!(in_front_matter(&MissingLicense, yaml)[0].fix.as_ref().unwrap().safety, safety, "{yaml}");
        }
    }

    #[test]
    fn a_text_is_doubtful_beside_a_base_with_other_terms() {
        let license = include_str!("../../../LICENSE");
        for (base, safety) in [("unsloth/gemma-2-2b-bnb-4bit", Safety::Unsafe), ("acme/lamp", Safety::Safe)] {
            let config = format!(r#"{{"model_type": "gemma2", "_name_or_path": "{base}"}}"#);
            let files =
                [("README.md", "---\ntags: [a]\n---\n"), ("LICENSE", license), ("config.json", config.as_str())];
            assert_eq!(findings(&MissingLicense, &files)[0].fix.as_ref().unwrap().safety, safety, "{base}");
        }
    }

    #[test]
    fn what_the_text_says_needs_a_person() {
        let card = "---\ntags: [a]\n---\n# A\n\nLicense: Apache 2.0\n";
        let found = findings(&MissingLicense, &[("README.md", card)]);
        let fix = found[0].fix.as_ref().unwrap();
        assert_eq!((found[0].level, fix.safety, fix.placeholder), (Level::Error, Safety::Unsafe, false));
        assert!(applied(card, fix).contains("tags: [a]\nlicense: apache-2.0\n---"));
        let two = "---\ntags: [a]\n---\n# A\n\nLicense: Apache 2.0\n\nLicense: MIT\n";
        assert!(findings(&MissingLicense, &[("README.md", two)])[0].fix.as_ref().unwrap().placeholder);
    }

    #[test]
    fn a_base_is_a_reminder_and_not_an_answer() {
        let found = in_front_matter(&MissingLicense, "base_model: a/b\n");
        assert!(found[0].help.as_ref().unwrap().contains("base model") && found[0].fix.as_ref().unwrap().placeholder);
    }

    #[test]
    fn the_license_of_a_known_base_is_a_suggestion() {
        for (yaml, after) in [
            ("base_model: meta-llama/Llama-3.1-8B\n", "license: llama3.1\n"),
            ("base_model: Qwen/Qwen2.5-3B\n", "license: other\nlicense_name: qwen-research\n"),
        ] {
            assert_eq!(fixed(&MissingLicense, yaml), Some(format!("{yaml}{after}")), "{yaml}");
            assert_eq!(in_front_matter(&MissingLicense, yaml)[0].fix.as_ref().unwrap().safety, Safety::Unsafe);
        }
        for yaml in [
            "base_model: unsloth/Llama-3.2-1B\n",
            "base_model: [meta-llama/Llama-3.1-8B, a/b]\n",
            "base_model: Qwen/QwQ-32B\n",
        ] {
            assert!(in_front_matter(&MissingLicense, yaml)[0].fix.as_ref().unwrap().placeholder, "{yaml}");
        }
    }
}

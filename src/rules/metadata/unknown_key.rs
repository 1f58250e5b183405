//! `unknown-key`: a key that the Hub ignores, one letter or hyphen away from a key that it reads.

use crate::card::front_matter::Field;
use crate::checklist;
use crate::claims::claims_as;
use crate::diagnostic::{Diagnostic, Effect, Fix, Label, Level, Safety};
use crate::hub::{fields, languages};
use crate::rules::fields::misspelled::{renaming, rewrites, says_its_own_name};
use crate::rules::{Context, MAX_COMPARED_KEYS, Meta, Needs, Rule, Section, Sink};
use crate::words::quoted;

pub(crate) struct UnknownKey;

static META: Meta = Meta {
    name: "unknown-key",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("unknown_key.md"),
};

/// How many misspelled keys are reported; each looks for the right key in the whole block.
const SHOWN: usize = 200;

impl Rule for UnknownKey {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let mut misspelled = cx.misspelled().filter(|(field, meant)| !is_of_programming(*field, meant));
        for (field, meant) in misspelled.by_ref().take(SHOWN) {
            out.push(finding(cx, field, field.key.text().unwrap_or_default(), meant, out));
        }
        if misspelled.next().is_some() {
            out.skip(format!("only the first {SHOWN} misspelled keys are shown"));
        }
        if cx.front_matter().is_some_and(|matter| matter.fields().nth(MAX_COMPARED_KEYS).is_some()) {
            out.skip(format!("only the first {MAX_COMPARED_KEYS} keys were compared with the known ones"));
        }
    }
}

fn finding(cx: &Context<'_>, field: Field<'_>, key: &str, meant: &'static str, out: &Sink<'_>) -> Diagnostic {
    let outdated = fields::get(key).is_some();
    let written = quoted(key);
    let message = if outdated {
        format!("{written} is the old name of `{meant}`")
    } else {
        format!("{written} is not a key that the Hub reads")
    };
    let right = cx.front_matter().and_then(|matter| matter.get(meant));
    let label = match &right {
        Some(_) => format!("remove this key: the block also has `{meant}`"),
        None => format!("did you mean `{meant}`?"),
    };
    let finding = out.finding(message, Label::at(field.key.span(), label));
    if let Some(right) = right {
        let finding = finding.related(Label::at(right.key.span(), "the Hub reads this key"));
        return finding
            .help("Remove this key. The Hub ignores it, and users cannot tell which of the two keys is right.");
    }
    let changes = cx.card().and_then(|card| renaming(card, field, meant));
    let help = match meant {
        _ if says_its_own_name(field, meant) => {
            "Replace it with `license:` and a license id. The Hub ignores this key, so the model has no license."
                .to_owned()
        }
        _ if rewrites(field, meant).is_none() => format!(
            "Correct both the key and its value. The Hub ignores the key, and the value is not valid for `{meant}`."
        ),
        _ if outdated => {
            format!("Rename it to `{meant}`. Harder to find: the Hub links a model to its base only by the new name.")
        }
        _ => format!("Rename it to `{meant}`. Users cannot see the value on the Hub, which ignores this key."),
    };
    let fix = changes.map(|changes| {
        let mut fix = Fix::new(format!("rename {written} to `{meant}`"), Safety::Safe).key(key).key(meant);
        fix.edits = changes;
        fix
    });
    // That the license is missing says as much, and more.
    let yields = says_its_own_name(field, meant).then_some("missing-license");
    finding.help(help).fix(fix).yields_to(yields)
}

/// `languages: [python]`, as libraries write it: not a list of human languages under a misspelled name.
fn is_of_programming(field: Field<'_>, meant: &str) -> bool {
    let texts = claims_as(field, "language");
    meant == "language" && !texts.is_empty() && !texts.iter().any(|(_, text)| is_human_language(text))
}

fn is_human_language(text: &str) -> bool {
    languages::name(text).is_some() || languages::suggest(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fixed, in_front_matter};

    #[test]
    fn a_rename_never_makes_a_rejected_value_of_an_ignored_one() {
        for yaml in [
            "licence: license\n",
            "licence: my own\n",
            "licence: GPL-3.0-or-later\n",
            "finetuned_from: ./out\n",
            "languages: [en, English]\n",
            "dataset: Books (2020)\n",
            "tag: a, b\n",
            "pipeline-tag: [a, b]\n",
            "licence: mit\nlicense: mit\n",
            "licence: TODO\n",
        ] {
            let found = in_front_matter(&UnknownKey, yaml);
            assert!(found.len() == 1 && found[0].fix.is_none(), "{yaml}: {found:?}");
        }
        for (yaml, after) in [
            ("Licence: [MIT, Apache-2.0]\n", "license: [mit, apache-2.0]\n"),
            ("languages:\n- en\n", "language:\n- en\n"),
            ("dataset: nyu-mll/glue\n", "datasets: nyu-mll/glue\n"),
            ("licence:\n", "license:\n"),
            ("\"library-name\": peft\n", "library_name: peft\n"),
        ] {
            assert_eq!(fixed(&UnknownKey, yaml).as_deref(), Some(after), "{yaml}");
        }
    }
}

//! `unknown-key`: a key that the Hub ignores, one letter or hyphen away from one that it reads.

use super::misspelt::{renaming, rewrites};
use crate::card::front_matter::Field;
use crate::checklist;
use crate::claims::claims_as;
use crate::diagnostic::{Diagnostic, Effect, Fix, Label, Level, Safety};
use crate::hub::{fields, languages};
use crate::rules::values::quoted;
use crate::rules::{Context, MAX_COMPARED_KEYS, Meta, Needs, Rule, Section, Sink};

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

/// How many misspelt keys are told; each looks for the right one in the whole block.
const SHOWN: usize = 200;

impl Rule for UnknownKey {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let mut misspelt = cx.misspelt().filter(|(field, meant)| !is_of_programming(*field, meant));
        for (field, meant) in misspelt.by_ref().take(SHOWN) {
            out.push(finding(cx, field, field.key.text().unwrap_or_default(), meant, out));
        }
        if misspelt.next().is_some() {
            out.skip(format!("only the first {SHOWN} misspelt keys are shown"));
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
        Some(_) => format!("`{meant}` is there, too: remove this one"),
        None => format!("did you mean `{meant}`?"),
    };
    let finding = out.finding(message, Label::at(field.key.span(), label));
    if let Some(right) = right {
        let finding = finding.related(Label::at(right.key.span(), "the Hub reads this one"));
        return finding
            .help("the Hub ignores the key without a word; a reader of the card cannot tell which one holds");
    }
    let changes = cx.card().and_then(|card| renaming(card, field, meant));
    let cost = match outdated {
        true => "the Hub links a model to its base by the new name",
        false => "the Hub ignores the key without a word, as if nothing were written there",
    };
    let help = match meant {
        "license" if says_nothing(field) => {
            "the Hub ignores the key, and the value names no licence: the model is published without one. TRL writes this line into every card; replace it by `license:` and the id of a licence".to_owned()
        }
        _ if rewrites(field, meant).is_none() => {
            format!("{cost}; the value would be wrong under the right name, too: mend both")
        }
        _ => cost.to_owned(),
    };
    let fix = changes.map(|changes| {
        let mut fix = Fix::new(format!("rename {written} to `{meant}`"), Safety::Safe).key(key).key(meant);
        fix.edits = changes;
        fix
    });
    finding.help(help).fix(fix)
}

/// `languages: [python]`, as libraries write it: no list of human languages under a misspelt name.
fn is_of_programming(field: Field<'_>, meant: &str) -> bool {
    let texts = claims_as(field, "language");
    let human = |text: &str| languages::name(text).is_some() || languages::suggest(text).is_some();
    meant == "language" && !texts.is_empty() && !texts.iter().any(|(_, text)| human(text))
}

/// `licence: license`: the word instead of a licence.
fn says_nothing(field: Field<'_>) -> bool {
    claims_as(field, "license").iter().any(|(_, text)| matches!(text.to_lowercase().as_str(), "license" | "licence"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fixed, in_front_matter};

    #[test]
    fn a_rename_never_makes_a_refused_value_of_an_ignored_one() {
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

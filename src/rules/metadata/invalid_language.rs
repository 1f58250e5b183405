//! `invalid-language`: a language that is not a code of the Hub's lists.

use std::collections::HashSet;

use crate::card::Card;
use crate::card::front_matter::{edits, list_edits};
use crate::checklist;
use crate::claims::{claims, is_empty};
use crate::diagnostic::{Edit, Effect, Fix, Label, Level, Safety};
use crate::hub::languages;
use crate::rules::fields::advice::advice;
use crate::rules::fields::missing::MAX_TRACED;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::tree::NodeRef;
use crate::words::quoted;

pub(crate) struct InvalidLanguage;

static META: Meta = Meta {
    name: "invalid-language",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("invalid_language.md"),
};

const KEY: &str = "language";
const REGIONS: &str = "language_bcp47";

/// The longest text in which several codes are looked for, in bytes.
const MAX_SEVERAL: usize = 400;

/// One language that the card names.
type Value<'c> = (NodeRef<'c>, &'c str);

/// What is wrong with one value.
enum Fault {
    /// A name, or a code in upper case: this code was meant.
    Meant(&'static str),
    /// A code with a region or a script: the code of the language.
    Regional(&'static str),
    /// Two codes with a hyphen between them, where a region would stand.
    Two(&'static str, &'static str),
    /// Several codes in one string.
    Several(Vec<String>),
    /// Nothing that is known.
    Unknown,
}

impl Rule for InvalidLanguage {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(card) = cx.card() else { return };
        let values = claims(cx, KEY);
        let wrong = values.iter().filter(|(_, text)| languages::name(text).is_none()).enumerate();
        let faulty: Vec<(Value<'_>, Fault)> = wrong
            .map(|(index, value)| (*value, if index < MAX_TRACED { fault(value.1) } else { Fault::Unknown }))
            .collect();
        let in_list = card.front_matter.get(KEY).is_some_and(|field| field.value.is_sequence());
        let mut codes: HashSet<&str> = values.iter().map(|(_, text)| *text).collect();
        // One change moves all regions, so that they end up in one list.
        let mut regions = move_regions(cx, card, &values, &faulty);
        for ((node, text), fault) in &faulty {
            let (mut label, mut order, reason) = words(text, fault);
            let fix = match fault {
                Fault::Meant(code) if !codes.insert(code) => {
                    label = format!("the list already contains `{code}`");
                    order = "remove this item".to_owned();
                    remove(card, &[*node]).filter(|edits| !edits.is_empty()).map(|edits| {
                        let mut fix = Fix::new("remove this item", Safety::Safe).key(KEY);
                        fix.edits = edits;
                        fix
                    })
                }
                Fault::Meant(code) => write(card, *node, &yaml_of(card, code)),
                Fault::Several(codes) if !in_list => {
                    let items: Vec<String> = codes.iter().map(|code| yaml_of(card, code)).collect();
                    write(card, *node, &format!("[{}]", items.join(", ")))
                }
                Fault::Regional(_) => regions.take(),
                Fault::Two(..) | Fault::Several(_) | Fault::Unknown => None,
            };
            let label = Label::at(node.span(), label);
            let finding = if text.chars().any(char::is_uppercase) {
                let message = format!("the language {} has uppercase letters", quoted(text));
                let help = advice(&order, "The Hub rejects the push until `language` is in lower case.");
                out.finding(message, label).effect(Effect::BlocksPush).help(help)
            } else if languages::may_be_accepted(text) {
                let message = format!("the language {} {}", quoted(text), what(text, fault));
                out.finding_at(Level::Warning, message, label).help(advice(&order, reason))
            } else {
                let message = format!("the language {} {}", quoted(text), what(text, fault));
                let help = advice(&order, "The Hub rejects the push until `language` is an ISO 639 code.");
                out.finding(message, label).effect(Effect::BlocksPush).help(help)
            };
            out.push(finding.fix(fix));
        }
    }
}

/// What is wrong with a text that is not a code.
fn fault(text: &str) -> Fault {
    if let Some(code) = languages::suggest(text) {
        return Fault::Meant(code);
    }
    if let Some(code) = languages::of_regional_tag(text.trim()) {
        return languages::second_language(text.trim())
            .map_or(Fault::Regional(code), |second| Fault::Two(code, second));
    }
    several(text).map_or(Fault::Unknown, Fault::Several)
}

/// The codes of `en, fr`, `English/French` or `en fr`.
fn several(text: &str) -> Option<Vec<String>> {
    if text.len() > MAX_SEVERAL {
        return None;
    }
    let parts: Vec<&str> = text.split([',', ';', '/', '|']).map(str::trim).filter(|part| !part.is_empty()).collect();
    // Names have spaces, and short words of names are codes: between spaces only codes of two letters count.
    let parts = match parts.as_slice() {
        [one] => one.split_whitespace().all(|word| word.len() == 2).then(|| one.split_whitespace().collect())?,
        _ => parts,
    };
    let codes = parts.into_iter().map(code).collect::<Option<Vec<String>>>()?;
    (codes.len() > 1).then_some(codes)
}

/// The code that a part of a text is or means.
fn code(part: &str) -> Option<String> {
    let code = languages::name(part).map_or_else(|| languages::suggest(part), |_| Some(part));
    code.map(str::to_owned)
}

/// What is wrong, for the message.
fn what(text: &str, fault: &Fault) -> &'static str {
    match fault {
        Fault::Regional(_) => "contains more than a language code",
        Fault::Two(..) => "is two codes in one string",
        Fault::Several(_) => "is several codes in one string",
        Fault::Meant(_) if languages::is_withdrawn(text) => "is a withdrawn code",
        Fault::Meant(_) | Fault::Unknown => "is not a language code",
    }
}

/// What is shown at the value, what to do, and why where the Hub may take the value.
fn words(text: &str, fault: &Fault) -> (String, String, &'static str) {
    match fault {
        Fault::Meant(code) => (
            format!("did you mean `{code}`?"),
            format!("write `{code}`"),
            "Harder to find: the Hub lists models by language code.",
        ),
        Fault::Regional(code) => {
            let order = format!("write `{code}`, and {} in `language_bcp47`", quoted(text));
            (order.clone(), order, "Harder to find: the Hub lists models by language without region.")
        }
        Fault::Two(first, second) => {
            let order = format!("write `{first}` and `{second}` as two items");
            (order.clone(), order, "Harder to find: the Hub reads one code from each string.")
        }
        Fault::Several(codes) => {
            let order = format!("write the list `[{}]`", codes.join(", "));
            (order.clone(), order, "Harder to find: the Hub reads one code from each string.")
        }
        Fault::Unknown => (
            "not a language of the Hub".to_owned(),
            "write an ISO 639 code, `code` for programming languages or `multilingual`, and other words in `tags`"
                .to_owned(),
            "Harder to find: the Hub lists models by language code.",
        ),
    }
}

fn write(card: &Card<'_>, node: NodeRef<'_>, yaml: &str) -> Option<Fix> {
    let edit = edits::replace_value(card.source(), &card.front_matter, node, yaml)?;
    Some(Fix::new(format!("write `{yaml}`"), Safety::Safe).edit(edit.at, edit.text).key(KEY))
}

/// Takes the items away that repeat a code of the list.
fn remove(card: &Card<'_>, nodes: &[NodeRef<'_>]) -> Option<Vec<Edit>> {
    let list = card.front_matter.get(KEY)?.value;
    let numbers: Vec<usize> = (0..)
        .zip(list.items())
        .filter(|(_, item)| nodes.iter().any(|node| node.id() == item.id()))
        .map(|(number, _)| number)
        .collect();
    if numbers.is_empty() {
        Some(Vec::new())
    } else {
        list_edits::remove_items(card.source(), &card.front_matter, list, &numbers)
    }
}

/// Writes the bare code for every regional tag, and the tags under `language_bcp47`. Nothing while that key has no list.
fn move_regions(cx: &Context<'_>, card: &Card<'_>, values: &[Value<'_>], faulty: &[(Value<'_>, Fault)]) -> Option<Fix> {
    let (source, matter) = (card.source(), &card.front_matter);
    let mut taken: HashSet<&str> = values.iter().map(|(_, text)| *text).collect();
    let mut fix = Fix::new("move the regions to `language_bcp47`", Safety::Safe).key(KEY);
    let (mut tags, mut repeated) = (Vec::new(), Vec::new());
    for ((node, text), fault) in faulty {
        let Fault::Regional(code) = fault else { continue };
        if languages::may_be_two_languages(text.trim()) {
            fix.safety = Safety::Unsafe;
        }
        tags.push(text.trim().replace('_', "-"));
        if taken.insert(code) {
            fix.edits.push(edits::replace_value(source, matter, *node, &yaml_of(card, code))?);
        } else {
            repeated.push(*node);
        }
    }
    fix.edits.extend(remove(card, &repeated)?);
    let there = claims(cx, REGIONS);
    tags.retain(|tag| !there.iter().any(|(_, text)| text == tag));
    let items: Vec<String> = tags.iter().map(|tag| yaml_of(card, tag)).collect();
    if !items.is_empty() {
        fix.edits.push(match matter.get(REGIONS) {
            None => edits::insert_key(source, matter, &format!("{REGIONS}:\n- {}", items.join("\n- ")))?,
            Some(field) if is_empty(field.value) => {
                edits::replace_value(source, matter, field.value, &format!("[{}]", items.join(", ")))?
            }
            Some(field) => list_edits::append_items(source, matter, field.value, &items)?,
        });
        fix = fix.key(REGIONS);
    }
    fix.edits.sort_by_key(|edit| edit.at.start);
    Some(fix)
}

fn yaml_of(card: &Card<'_>, text: &str) -> String {
    edits::scalar(text, edits::preferred(&card.front_matter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fixed, in_front_matter};

    fn levels(yaml: &str) -> Vec<Level> {
        in_front_matter(&InvalidLanguage, yaml).iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn two_languages_are_not_a_region() {
        for text in ["hi-en", "zh_en", "hi-EN"] {
            let found = in_front_matter(&InvalidLanguage, &format!("language: {text}\n"));
            assert!(found[0].primary.text.contains("as two items") && found[0].fix.is_none(), "{found:?}");
        }
        let found = in_front_matter(&InvalidLanguage, "language: pt-br\n");
        assert!(found[0].primary.text.contains("language_bcp47"));
    }

    #[test]
    fn a_pair_of_languages_is_for_a_person_to_tell_from_a_region() {
        let safety = |text: &str| {
            in_front_matter(&InvalidLanguage, &format!("language: {text}\n"))[0].fix.as_ref().map(|fix| fix.safety)
        };
        assert_eq!((safety("en-de"), safety("pt-br")), (Some(Safety::Unsafe), Some(Safety::Safe)));
    }

    #[test]
    fn every_part_of_the_standard_is_fine() {
        let mut yaml = "language:\n".to_owned();
        for code in ["en", "ger", "deu", "yue", "ber", "mul", "multilingual", "code", "zxx", "'no'"] {
            yaml.push_str(&format!("- {code}\n"));
        }
        assert_eq!(in_front_matter(&InvalidLanguage, &yaml), []);
    }

    #[test]
    fn what_other_rules_report() {
        for yaml in [
            "language: no\n",
            "language: TODO\n",
            "language:\n",
            "language: {en: 1}\n",
            "language: 12\n",
            "tags: [EN]\n",
        ] {
            assert_eq!(in_front_matter(&InvalidLanguage, yaml), [], "{yaml}");
        }
    }

    #[test]
    fn each_of_many_items_is_looked_at() {
        let yaml = format!("language: [{}, EN, xx, {}, english]\n", "de, ".repeat(60), "fr, ".repeat(60));
        assert_eq!(levels(&yaml.replace(", ,", ",")), [Level::Error; 3]);
    }

    #[test]
    fn what_is_not_a_code_is_what_the_hub_rejects() {
        let (error, warning) = ((Level::Error, Effect::BlocksPush), (Level::Warning, Effect::LosesReach));
        for (text, expected) in [
            ("EN", error),
            ("english", error),
            ("pt-BR", error),
            ("pt-br", error),
            ("zh_CN", error),
            ("XX", error),
            ("xx", error),
            ("XXQ", error),
            ("python", error),
            ("c++", error),
            ("en, fr", error),
            ("qqx", warning),
            ("qaa", warning),
            ("jw", warning),
        ] {
            let found = in_front_matter(&InvalidLanguage, &format!("language: {text}\n"));
            let found: Vec<_> = found.iter().map(|found| (found.level, found.effect)).collect();
            assert_eq!(found, [expected], "{text}");
        }
    }

    #[test]
    fn a_hostile_list_costs_little() {
        let yaml = format!("language: [{}EN, pt-BR]\n", "XX, ".repeat(20_000));
        assert_eq!(levels(&yaml).len(), crate::rules::sink::MAX_FINDINGS);
        assert_eq!(levels(&format!("language: \"{}\"\n", "en, ".repeat(200_000))), [Level::Error]);
    }

    #[test]
    fn fixes() {
        for (yaml, after) in [
            ("language: 'EN'\n", "language: en\n"),
            ("language: Norwegian\n", "language: \"no\"\n"),
            ("language: English/French\n", "language: [en, fr]\n"),
            ("language: en fr de\n", "language: [en, fr, de]\n"),
            ("language: pt-BR\n", "language: pt\nlanguage_bcp47:\n- pt-BR\n"),
            (
                "language: [zh_TW, pt-br, en]\nx: 1\n",
                "language: [zh, pt, en]\nx: 1\nlanguage_bcp47:\n- zh-TW\n- pt-br\n",
            ),
            ("language_bcp47:\nlanguage: pt-br\n", "language_bcp47: [pt-br]\nlanguage: pt\n"),
            ("language: pt-br\nlanguage_bcp47: [pt-br]\n", "language: pt\nlanguage_bcp47: [pt-br]\n"),
            ("language: pt-br\nlanguage_bcp47: [en-US]\n", "language: pt\nlanguage_bcp47: [en-US, pt-br]\n"),
            (
                "language_bcp47:\n  - en-US # ours\nlanguage: pt-br\n",
                "language_bcp47:\n  - en-US # ours\n  - pt-br\nlanguage: pt\n",
            ),
            ("language: [zh-cn, zh-tw]\n", "language: [zh]\nlanguage_bcp47:\n- zh-cn\n- zh-tw\n"),
            ("language:\n- zh-tw\n- zh\n", "language:\n- zh\nlanguage_bcp47:\n- zh-tw\n"),
            ("language: [en, EN]\n", "language: [en]\n"),
        ] {
            assert_eq!(fixed(&InvalidLanguage, yaml).as_deref(), Some(after), "{yaml}");
        }
        for yaml in [
            "language: scientific english\n",
            "language: old english\n",
            "language: [\"en, fr\"]\n",
            "language: pt-br\nlanguage_bcp47: en-US\n",
        ] {
            assert_eq!(fixed(&InvalidLanguage, yaml), None, "{yaml}");
            assert!(!levels(yaml).is_empty(), "{yaml}");
        }
    }
}

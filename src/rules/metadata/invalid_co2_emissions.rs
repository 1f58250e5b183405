//! `invalid-co2-emissions`: emissions that are not a number of grams.

use crate::card::front_matter::{Field, edits};
use crate::checklist;
use crate::claims::{filled, is_empty};
use crate::diagnostic::{Effect, Fix, Label, Level, Safety};
use crate::evidence::{self, grams, rounded};
use crate::rules::fields::advice::advice;
use crate::rules::fields::plain_number::plain_number;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::Span;
use crate::source::reading::Reading;
use crate::source::tree::NodeRef;
use crate::words::quoted;

pub(crate) struct InvalidCo2Emissions;

static META: Meta = Meta {
    name: "invalid-co2-emissions",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::DISCOVER_CO2,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("invalid_co2_emissions.md"),
};

const KEY: &str = "co2_eq_emissions";
const GRAMS: &str = "Harder to find: the Hub filters models by grams of CO2 equivalent.";

const ORDER: &str = "write the number of grams";

/// The texts beside the number.
const TEXTS: [&str; 4] = ["source", "training_type", "geographical_location", "hardware_used"];

impl Rule for InvalidCo2Emissions {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(field) = filled(cx, KEY) else { return };
        if !field.value.is_mapping() {
            return number(cx, field, field.value, out);
        }
        match field.value.get("emissions") {
            Some(emissions) if !is_empty(emissions) => number(cx, field, emissions, out),
            // A merge key may bring it.
            _ if field.value.pair("<<").is_some() => {}
            _ => {
                let order = "add `emissions:` with the number of grams";
                let label = Label::at(field.key.span(), order);
                out.push(out.finding("`co2_eq_emissions` has no `emissions`", label).help(advice(order, GRAMS)));
            }
        }
        for key in TEXTS {
            let Some((key_node, value)) = field.value.pair(key) else { continue };
            let fits = matches!(value.hub(), Reading::Text | Reading::Null) || value.readings_differ();
            if !fits {
                let message = format!("`{KEY}.{key}` is not a string");
                out.push(
                    out.finding(message, Label::at(key_node.span(), "write it as a string"))
                        .help("Write it as a string. Users cannot read another value on the page."),
                );
            }
        }
    }
}

/// The emissions themselves.
fn number(cx: &Context<'_>, field: Field<'_>, node: NodeRef<'_>, out: &mut Sink<'_>) {
    let value = match node.hub() {
        _ if node.readings_differ() => return,
        Reading::Int(value) => value as f64,
        Reading::Float(value) if value.is_finite() => value,
        Reading::Text => return text(cx, node, node.text().unwrap_or_default(), out),
        _ => {
            let place = if node.text().is_some() { node.span() } else { field.key.span() };
            let finding = out.finding(format!("the emissions in `{KEY}` are not a number"), Label::at(place, ORDER));
            return out.push(finding.help(advice(ORDER, GRAMS)));
        }
    };
    let shown = quoted(node.text().unwrap_or_default());
    if value < 0.0 {
        let finding = out.finding(format!("emissions of {shown} are negative"), Label::at(node.span(), ORDER));
        return out.push(finding.help(advice(ORDER, GRAMS)));
    }
    let Some((kilograms, span)) = measured(cx).into_iter().find(|(kilograms, _)| same(*kilograms, value)) else {
        return;
    };
    let Some(grams) = grams_of(kilograms) else { return };
    let message = format!("emissions of {shown} are kilograms, but the Hub reads grams");
    let order = format!("write `{grams}`");
    let finding = out.finding(message, Label::at(node.span(), order.clone()));
    let finding = finding.related(Label::at(span, "the same number: CodeCarbon measures in kilograms"));
    let finding = finding.help(advice(&order, GRAMS));
    out.push(finding.fix(write(cx, node, &grams)));
}

/// A number with its unit, or prose.
fn text(cx: &Context<'_>, node: NodeRef<'_>, text: &str, out: &mut Sink<'_>) {
    let grams = in_grams(text);
    let label = match &grams {
        Some(grams) => format!("write `{grams}`"),
        None => ORDER.to_owned(),
    };
    let help = advice(&label, GRAMS);
    let finding =
        out.finding(format!("{} is a string, not a number of grams", quoted(text)), Label::at(node.span(), label));
    out.push(finding.help(help).fix(grams.and_then(|grams| write(cx, node, &grams))));
}

fn write(cx: &Context<'_>, node: NodeRef<'_>, grams: &str) -> Option<Fix> {
    let card = cx.card()?;
    let edit = edits::replace_value(card.source(), &card.front_matter, node, grams)?;
    Some(Fix::new(format!("write `{grams}`"), Safety::Safe).edit(edit.at, edit.text).key(KEY))
}

/// The grams of a text that is a number and a unit of mass: `0.04 kg`. A number alone has the Hub's unit.
fn in_grams(text: &str) -> Option<String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (digits, unit) = text.split_at_checked(end)?;
    let number: f64 = digits.parse().ok()?;
    let unit = unit.trim().to_lowercase();
    let unit = ["co2eq", "co2e", "co2", "co₂", "of"]
        .iter()
        .fold(unit.as_str(), |unit, word| unit.strip_suffix(word).unwrap_or(unit).trim_end_matches([' ', '-', '.']));
    match unit {
        "" | "g" | "gram" | "grams" => plain(number),
        "kg" | "kgs" | "kilogram" | "kilograms" => grams_of(number),
        "t" | "ton" | "tons" | "tonne" | "tonnes" => plain(rounded(number * 1_000_000.0)),
        _ => None,
    }
}

fn grams_of(kilograms: f64) -> Option<String> {
    plain(grams(kilograms))
}

fn plain(number: f64) -> Option<String> {
    let whole = number.fract() == 0.0 && number.abs() < 1e15;
    plain_number(if whole { Reading::Int(number as i128) } else { Reading::Float(number) })
}

/// Whether two numbers agree in as many digits as people write.
fn same(measured: f64, written: f64) -> bool {
    measured > 0.0 && (measured - written).abs() <= 0.01 * measured
}

/// The kilograms that CodeCarbon measured, each with its place: of every run, and of all together.
fn measured(cx: &Context<'_>) -> Vec<(f64, Span)> {
    let mut found: Vec<_> = evidence::measured(cx.release()).iter().map(|run| (run.kilograms, run.span)).collect();
    let total: f64 = found.iter().map(|(kilograms, _)| kilograms).sum();
    let last = found.last().map(|(_, span)| (total, *span));
    found.extend(last);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{applied, findings, fixed, in_front_matter};

    #[test]
    fn near_misses() {
        for yaml in [
            "co2_eq_emissions:\n",
            "co2_eq_emissions: 12\n",
            "co2_eq_emissions: 0.0\n",
            "co2_eq_emissions: {emissions: 12.5, source: CodeCarbon, training_type: fine-tuning}\n",
            "co2_eq_emissions: {emissions: 24_700_000}\n",
            "co2_eq_emissions: 1e3\n",
            "x: &x {emissions: 1}\nco2_eq_emissions: {<<: *x}\n",
            "license: mit\n",
        ] {
            assert_eq!(in_front_matter(&InvalidCo2Emissions, yaml), [], "{yaml}");
        }
    }

    #[test]
    fn faults() {
        for yaml in [
            "co2_eq_emissions: {source: a}\n",
            "co2_eq_emissions: {emissions: }\n",
            "co2_eq_emissions: {emissions: [1]}\n",
            "co2_eq_emissions: [1]\n",
            "co2_eq_emissions: true\n",
            "co2_eq_emissions: -1\n",
            "co2_eq_emissions: .nan\n",
            "co2_eq_emissions: {emissions: 1, source: [a]}\n",
            "co2_eq_emissions: unknown\n",
        ] {
            assert_eq!(in_front_matter(&InvalidCo2Emissions, yaml).len(), 1, "{yaml}");
            assert_eq!(fixed(&InvalidCo2Emissions, yaml), None, "{yaml}");
        }
    }

    #[test]
    fn units() {
        for (text, grams) in [
            ("0.04 kg", "40"),
            ("0.0123kg CO2eq", "12.3"),
            ("12 g", "12"),
            ("\"12.5\"", "12.5"),
            ("2 tonnes of CO2", "2000000"),
        ] {
            let wanted = format!("co2_eq_emissions: {grams}\n");
            assert_eq!(fixed(&InvalidCo2Emissions, &format!("co2_eq_emissions: {text}\n")), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_codecarbon_measured() {
        let csv = "timestamp,run,emissions,x\n1,a,0.0171,2\n2,b,0.02,3\n";
        let after = |value: &str| {
            let card = format!("---\nco2_eq_emissions:\n  emissions: {value}\n---\n");
            let found = findings(&InvalidCo2Emissions, &[("README.md", &card), ("emissions.csv", csv)]);
            let [only] = found.as_slice() else { return None };
            Some(applied(&card, only.fix.as_ref().unwrap()).lines().nth(2).unwrap().trim().to_owned())
        };
        assert_eq!(after("0.02").as_deref(), Some("emissions: 20"));
        assert_eq!(after("0.0171").as_deref(), Some("emissions: 17.1"));
        assert_eq!(after("0.037").as_deref(), Some("emissions: 37.1"));
        for right in ["17.1", "20", "0.5"] {
            assert_eq!(after(right), None, "{right}");
        }
    }
}

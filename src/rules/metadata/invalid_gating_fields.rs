//! `invalid-gating-fields`: a form before the download that the Hub does not know how to show.

use crate::checklist;
use crate::claims::{filled, is_empty};
use crate::diagnostic::{Effect, Label, Level};
use crate::hub::fields;
use crate::rules::fields::advice::advice;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::reading::Reading;
use crate::source::tree::NodeRef;
use crate::words::{either, quoted};

pub(crate) struct InvalidGatingFields;

static META: Meta = Meta {
    name: "invalid-gating-fields",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::BreaksUsers,
    item: checklist::ACCESS_GATED,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("invalid_gating_fields.md"),
};

const KEY: &str = "extra_gated_fields";
const COST: &str = "Users cannot answer the field if the form does not show it.";

/// What a field can ask for (hub-docs, "Gated models"; `ip_location` from the Hub's own code).
const TYPES: [&str; 6] = ["checkbox", "country", "date_picker", "ip_location", "select", "text"];

/// How many fields and options of a form are looked at.
const MAX_FIELDS: usize = 1000;

impl Rule for InvalidGatingFields {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(matter) = cx.front_matter() else { return };
        for field in matter.fields() {
            let Some(key) = field.key.text().filter(|key| key.starts_with("extra_gated_")) else { continue };
            // A near miss is reported by `unknown-key`.
            if fields::get(key).is_none() && fields::suggest(key).is_none() {
                let message = format!("{} is not a key of the access form", quoted(key));
                let label = "the form has fields, a heading, a prompt, a description and a button";
                let help =
                    "Remove the key, or rename it to a key of the form. Users cannot see it: the Hub ignores it.";
                out.push(out.finding(message, Label::at(field.key.span(), label)).help(help));
            }
        }
        let Some(form) = filled(cx, KEY).filter(|form| !form.value.readings_differ()) else { return };
        if !form.value.is_mapping() {
            let order = "write one `name: type` per line, such as `Company: text`";
            let label = Label::at(form.key.span(), order);
            let message = "`extra_gated_fields` is not a mapping of names to types";
            // The Hub's own words: "must be of type object".
            let finding = out.finding_at(Level::Error, message, label).effect(Effect::BlocksPush);
            return out.push(finding.help(advice(order, "The Hub rejects the push until this is a mapping.")));
        }
        for (name, value) in form.value.pairs().take(MAX_FIELDS) {
            entry(name, value, out);
        }
    }
}

/// One field of the form.
fn entry(name: NodeRef<'_>, value: NodeRef<'_>, out: &mut Sink<'_>) {
    let Some(called) = name.text().filter(|called| *called != "<<") else { return };
    let called = quoted(called);
    if value.as_str() == Some("select") {
        let message = format!("the field {called} is a `select` without `options`");
        let label = "write `type: select` and `options:` below the name";
        return out.push(out.finding(message, Label::at(value.span(), label)).help(advice(label, COST)));
    }
    if !value.is_mapping() {
        return of_type(&called, name, value, out);
    }
    let merged = value.pair("<<").is_some();
    match value.get("type") {
        Some(kind) => of_type(&called, name, kind, out),
        None if merged => return,
        None => {
            let message = format!("the field {called} has no `type`");
            out.push(out.finding(message, Label::at(name.span(), "add `type:`")).help(advice("add `type:`", COST)));
        }
    }
    let is_select = value.get("type").and_then(NodeRef::as_str) == Some("select");
    match value.pair("options") {
        None if is_select && !merged => {
            let message = format!("the field {called} is a `select` without `options`");
            out.push(
                out.finding(message, Label::at(name.span(), "add `options:`")).help(advice("add `options:`", COST)),
            );
        }
        Some((_, options)) if is_select && options.is_sequence() && !is_empty(options) => {
            for option in options.items().take(MAX_FIELDS) {
                let named = option.is_mapping() && (option.get("value").is_some() || option.get("label").is_some());
                let text = option.readings_differ() || option.hub() == Reading::Text;
                if !named && !text {
                    let shown =
                        option.text().map_or("an option".to_owned(), |text| format!("the option {}", quoted(text)));
                    let message = format!("{shown} of {called} is not a string");
                    let label =
                        if option.text().is_some() { "put it in quotes" } else { "write `label:` and `value:`" };
                    out.push(out.finding(message, Label::at(first_key(option), label)).help(advice(label, COST)));
                }
            }
        }
        Some((key, _)) if is_select => {
            let message = format!("the `options` of the field {called} are not a list");
            out.push(
                out.finding(message, Label::at(key.span(), "start each option with `- `"))
                    .help(advice("start each option with `- `", COST)),
            );
        }
        _ => {}
    }
}

/// The first key of an option that is a mapping, which may go on for many lines.
fn first_key(option: NodeRef<'_>) -> crate::source::Span {
    option.pairs().next().map_or(option.span(), |(key, _)| key.span())
}

/// The type of a field.
fn of_type(called: &str, name: NodeRef<'_>, kind: NodeRef<'_>, out: &mut Sink<'_>) {
    if kind.readings_differ() {
        return;
    }
    let (message, label) = match (kind.hub(), kind.text()) {
        (Reading::Text, Some(text)) if TYPES.contains(&text) => return,
        (Reading::Null, _) => (format!("the field {called} has no type"), types()),
        (_, Some(text)) => {
            let label = match meant(text) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => types(),
            };
            (format!("{} is not a type of field", quoted(text)), label)
        }
        (_, None) => (format!("the type of the field {called} is not a string"), types()),
    };
    let place = if kind.text().is_some_and(|text| !text.is_empty()) { kind.span() } else { name.span() };
    out.push(out.finding(message, Label::at(place, label)).help(advice(&types(), COST)));
}

fn types() -> String {
    format!("write {}", either(TYPES.map(quoted)))
}

/// The type that a word of other forms means.
fn meant(text: &str) -> Option<&'static str> {
    let lower = text.trim().to_lowercase().replace(['-', ' '], "_");
    TYPES.into_iter().find(|known| *known == lower).or(match lower.as_str() {
        "string" | "str" | "textarea" | "email" | "number" | "int" | "integer" | "url" | "input" => Some("text"),
        "bool" | "boolean" | "check" | "check_box" => Some("checkbox"),
        "date" | "datepicker" | "datetime" => Some("date_picker"),
        "dropdown" | "choice" | "enum" | "radio" => Some("select"),
        "ip" | "location" => Some("ip_location"),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::in_front_matter;

    #[test]
    fn near_misses() {
        for yaml in [
            "extra_gated_fields:\n",
            "extra_gated_fields:\n  Name: text\n  Country: country\n  Born: date_picker\n  IP: ip_location\n  I agree: checkbox\n",
            "extra_gated_fields:\n  Use:\n    type: select\n    options: [a, {label: B, value: b}, Yes]\n",
            "extra_gated_fields:\n  Name: {type: text}\n",
            "extra_gated_prompt: p\nextra_gated_heading: h\nextra_gated_button_content: b\nextra_gated_description: d\n",
            "extra_gated_promt: p\n",
            "extra_gated_eu_disallowed: true\n",
            "x: &x {type: text}\nextra_gated_fields:\n  Name: {<<: *x}\n",
        ] {
            assert_eq!(in_front_matter(&InvalidGatingFields, yaml), [], "{yaml}");
        }
    }

    #[test]
    fn every_place() {
        let said = |yaml: &str| in_front_matter(&InvalidGatingFields, yaml).len();
        for form in [
            "Age: number",
            "Age: Text",
            "Age:",
            "Age: 7",
            "Age: [text]",
            "Use: select",
            "Use: {type: select}",
            "Use: {type: select, options: a}",
            "Use: {type: select, options: []}",
            "Use: {options: [a]}",
            "Use: {type: select, options: [a, 7]}",
            "Use: {type: select, options: [{a: b}]}",
        ] {
            assert_eq!(said(&format!("extra_gated_fields: {{{form}}}\n")), 1, "{form}");
            assert_eq!(said(&format!("extra_gated_fields: {{{form}, B: {{type: number}}}}\n")), 2, "{form}");
        }
        assert_eq!(said("extra_gated_fields: [Name]\n"), 1);
        assert_eq!(said("extra_gated_color_of_the_button: red\n"), 1);
    }
}

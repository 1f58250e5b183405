//! `gate-without-conditions`: an access form that states no conditions.

use crate::card::front_matter::Field;
use crate::checklist;
use crate::claims::filled;
use crate::diagnostic::{Effect, Label, Level};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::quoted;

pub(crate) struct GateWithoutConditions;

static META: Meta = Meta {
    name: "gate-without-conditions",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::ACCESS_GATED,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("gate_without_conditions.md"),
};

/// Keys that only a gated model has, the clearest first.
const GATE: [&str; 3] = ["extra_gated_fields", "extra_gated_button_content", "extra_gated_eu_disallowed"];

/// Where conditions are stated.
const CONDITIONS: [&str; 3] = ["extra_gated_prompt", "extra_gated_description", "extra_gated_heading"];

/// A checkbox with a name of so many words states a condition: "I agree to use it for research only".
const WORDS_OF_A_CONDITION: usize = 4;

/// How many fields of a form are read.
const MAX_FIELDS: usize = 1000;

impl Rule for GateWithoutConditions {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        // In a block with errors the conditions may be in the part that was lost.
        let Some(matter) = cx.whole_front_matter() else { return };
        let Some((key, field)) = GATE.into_iter().find_map(|key| Some((key, filled(cx, key)?))) else { return };
        let merged = matter.get("<<").is_some();
        let stated = CONDITIONS.into_iter().any(|key| filled(cx, key).is_some());
        let misspelled = cx.misspelled().any(|(_, meant)| CONDITIONS.contains(&meant));
        let opened = field.value.text() == Some("false");
        if merged || stated || misspelled || opened || asks_for_consent(field) {
            return;
        }
        let message = format!("{} sets up an access form, but the card states no conditions", quoted(key));
        let label = Label::at(field.key.span(), "add `extra_gated_prompt:` with what people agree to");
        let help = "Add `extra_gated_prompt` with your conditions. Users cannot know what they agree to when they ask for access.";
        out.push(out.finding(message, label).help(help));
    }
}

/// Whether a checkbox of the form is the condition.
fn asks_for_consent(form: Field<'_>) -> bool {
    form.value.pairs().take(MAX_FIELDS).any(|(name, value)| {
        let kind = value.get("type").unwrap_or(value).text();
        let words = name.text().map_or(0, |name| name.split_whitespace().count());
        kind == Some("checkbox") && words >= WORDS_OF_A_CONDITION
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::in_front_matter;

    #[test]
    fn near_misses() {
        for yaml in [
            "license: mit\n",
            "extra_gated_fields: {Name: text}\nextra_gated_prompt: Terms\n",
            "extra_gated_fields: {Name: text}\nextra_gated_heading: Terms\n",
            "extra_gated_fields: {Name: text}\nextra_gated_description: Terms\n",
            "extra_gated_fields: {Name: text}\nextra_gated_promt: Terms\n",
            "extra_gated_fields:\n",
            "extra_gated_eu_disallowed: false\n",
            "extra_gated_fields: {Name: text, I agree to these terms: checkbox}\n",
            "extra_gated_fields: {I agree to these terms: {type: checkbox}}\n",
            "extra_gated_fields: {Name: text}\nextra_gated_prompt: [a\n",
            "x: &x {extra_gated_prompt: Terms}\n<<: *x\nextra_gated_fields: {Name: text}\n",
        ] {
            assert_eq!(in_front_matter(&GateWithoutConditions, yaml), [], "{yaml}");
        }
    }

    #[test]
    fn one_finding_for_a_gate() {
        for yaml in [
            "extra_gated_fields: {Name: text}\n",
            "extra_gated_fields: {Name: text}\nextra_gated_prompt:\n",
            "extra_gated_button_content: Go\nextra_gated_eu_disallowed: true\n",
            "extra_gated_fields: {I agree: checkbox}\n",
        ] {
            assert_eq!(in_front_matter(&GateWithoutConditions, yaml).len(), 1, "{yaml}");
        }
    }
}

//! `placeholder-value`: a metadata value that was to be filled in.

use crate::checklist;
use crate::claims::parts;
use crate::claims::placeholders::stands_in;
use crate::diagnostic::{Diagnostic, Effect, Label, Level};
use crate::evidence::is_id;
use crate::hub::fields;
use crate::rules::values::quoted;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::tree::NodeRef;

pub(crate) struct PlaceholderValue;

static META: Meta = Meta {
    name: "placeholder-value",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::LosesReach,
    item: checklist::CARD_TEMPLATE,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("placeholder_value.md"),
};

impl Rule for PlaceholderValue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(matter) = cx.front_matter() else { return };
        for field in matter.fields() {
            let Some(key) = field.key.text().filter(|key| fields::get(key).is_some()) else { continue };
            for node in parts(field) {
                if let Some(text) = node.as_str().filter(|text| stands_in(key, text)) {
                    out.push(finding(key, node, text, out));
                }
            }
        }
    }
}

fn finding(key: &str, node: NodeRef<'_>, text: &str, out: &Sink<'_>) -> Diagnostic {
    // A tag is one word among others, and `none` is an answer, though one that a key left out would give.
    let says_none =
        ["metrics", "datasets"].contains(&key) && ["none", "n/a"].contains(&text.trim().to_lowercase().as_str());
    let level = if key == "tags" || says_none { Level::Warning } else { Level::Error };
    let message = format!("{} is a placeholder, not a value of `{key}`", quoted(text));
    let label = Label::at(node.span(), format!("write {}, or leave the key out", wanted(key)));
    let refused = is_refused(key, text);
    let help = match key {
        "license" => "the Hub refuses the push: this is not one of its licence ids",
        _ if refused => "the Hub refuses the push: the value does not have the form that it asks for",
        "base_model" | "finetuned_from" => "the Hub links the model to a base that does not exist",
        "datasets" | "buckets" => "the Hub links the model to data that do not exist",
        "new_version" => "the Hub sends visitors to a model that does not exist",
        "library_name" => "no snippet is shown, and downloads are counted by a rule that may not fit",
        "pipeline_tag" | "language" | "tags" => "the model is listed where nobody looks for it",
        _ => "readers see it as it stands here",
    };
    out.finding_at(level, message, label)
        .effect(if refused { Effect::BlocksPush } else { Effect::LosesReach })
        .help(help)
}

fn wanted(key: &str) -> &'static str {
    match key {
        "license" => "a licence id",
        "language" | "language_bcp47" => "a language code",
        "base_model" | "finetuned_from" | "new_version" => "the model's id",
        "datasets" => "the dataset's id",
        "pipeline_tag" => "a task",
        _ => "a value",
    }
}

/// Whether the Hub's own messages say that it refuses such a value.
fn is_refused(key: &str, text: &str) -> bool {
    match key {
        "license" => true,
        "base_model" | "datasets" => !is_id(text),
        "language" => text.chars().any(char::is_uppercase),
        _ => false,
    }
}

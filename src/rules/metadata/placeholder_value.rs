//! `placeholder-value`: a metadata value that was to be filled in.

use crate::checklist;
use crate::claims::parts;
use crate::claims::placeholders::stands_in;
use crate::diagnostic::{Diagnostic, Effect, Label, Level};
use crate::evidence::is_id;
use crate::hub::{fields, languages};
use crate::rules::fields::advice::advice;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::tree::NodeRef;
use crate::words::quoted;

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
    // A tag is one word among others, and `none` is an answer, though a missing key would say the same.
    let says_none =
        ["metrics", "datasets"].contains(&key) && ["none", "n/a"].contains(&text.trim().to_lowercase().as_str());
    let level = if key == "tags" || says_none { Level::Warning } else { Level::Error };
    let message = format!("{} is a placeholder, not a value of `{key}`", quoted(text));
    let order = format!("write {}, or remove the key", wanted(key));
    let rejected = is_rejected(key, text);
    let reason = match key {
        "license" => "The Hub rejects the push until `license` is one of its ids.",
        _ if rejected => "The Hub rejects the push until the value has the right form.",
        "base_model" | "finetuned_from" => "Harder to find: the Hub links the model to a base that does not exist.",
        "datasets" | "buckets" => "Harder to find: the Hub links the model to data that does not exist.",
        "new_version" => "The Hub sends users to a model that does not exist.",
        "library_name" => "Users cannot copy code from the page, and the Hub may count the wrong files as downloads.",
        "pipeline_tag" | "language" | "tags" => "Harder to find: the Hub lists the model under this word.",
        _ => "Users see this text on the page.",
    };
    let label = Label::at(node.span(), order.clone());
    out.finding_at(level, message, label)
        .effect(if rejected { Effect::BlocksPush } else { Effect::LosesReach })
        .help(advice(&order, reason))
}

fn wanted(key: &str) -> &'static str {
    match key {
        "license" => "a license id",
        "language" | "language_bcp47" => "a language code",
        "base_model" | "finetuned_from" | "new_version" => "the model's id",
        "datasets" => "the dataset's id",
        "pipeline_tag" => "a task",
        _ => "a value",
    }
}

/// Whether the Hub's own messages say that it rejects such a value.
fn is_rejected(key: &str, text: &str) -> bool {
    match key {
        "license" => true,
        "base_model" | "datasets" => !is_id(text),
        "language" => languages::name(text).is_none() && !languages::may_be_accepted(text),
        _ => false,
    }
}

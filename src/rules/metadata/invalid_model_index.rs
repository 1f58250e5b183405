//! `invalid-model-index`: results that tools cannot read.
//!
//! What is an error here was tried with huggingface_hub 2.4.0: `ModelCard.load` raises; or the Hub's own validator is known
//! to reject it (tests/hub_verdicts/table.md has the sources). The rest is worth a warning.

mod values;

use std::cell::Cell;

use crate::checklist;
use crate::claims::is_empty;
use crate::diagnostic::{Diagnostic, Effect, Label, Level};
use crate::rules::fields::advice::advice;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::reading::Reading;
use crate::source::tree::NodeRef;
use crate::source::{SourceFile, Span};
use crate::words::quoted;
use values::Value;

pub(crate) struct InvalidModelIndex;

static META: Meta = Meta {
    name: "invalid-model-index",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::BreaksUsers,
    item: checklist::CARD_PERFORMANCE,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("invalid_model_index.md"),
};

const KEY: &str = "model-index";
const RAISES: &str = "Loading the card fails in `huggingface_hub`, and in tools that read or update cards with it.";
const REJECTED: &str = "The Hub rejects the push.";
const NOT_SHOWN: &str = "Users cannot see or compare this result on the Hub.";

/// How many results and metrics are looked at. Aliases can make many of few.
const MAX_VISITED: usize = 200_000;

impl Rule for InvalidModelIndex {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(source) = cx.readme() else { return };
        // In a block with errors, parts may be lost.
        let Some(field) = cx.whole_front_matter().and_then(|matter| matter.get(KEY)) else { return };
        if is_empty(field.value) {
            return;
        }
        let mut index = Index { source, out, left: Cell::new(MAX_VISITED) };
        if !field.value.is_sequence() {
            let place = if field.value.is_mapping() { field.key.span() } else { source.first_line(field.value.span()) };
            return index.rejects(
                place,
                "`model-index` is not a list of mappings".to_owned(),
                "start each model with `- `",
            );
        }
        for model in field.value.items() {
            index.model(model);
        }
        if index.left.get() == 0 {
            out.skip("a `model-index` of this size is not read to its end");
        }
    }
}

struct Index<'o, 'd, 's> {
    source: &'s SourceFile,
    out: &'o mut Sink<'d>,
    left: Cell<usize>,
}

/// What a mapping has under a key.
enum Member<'t> {
    /// It has not the key.
    Missing,
    /// Not known: a merge key may bring it.
    Unknown,
    /// Key and value.
    There(NodeRef<'t>, NodeRef<'t>),
}

fn member<'t>(mapping: NodeRef<'t>, key: &str) -> Member<'t> {
    match mapping.pair(key) {
        Some((key, value)) => Member::There(key, value),
        None if mapping.pair("<<").is_some() => Member::Unknown,
        None => Member::Missing,
    }
}

impl Index<'_, '_, '_> {
    /// Whether there is room for one more; takes it.
    fn takes_one(&self) -> bool {
        self.left.set(self.left.get().saturating_sub(1));
        self.left.get() > 0
    }

    fn raises(&mut self, at: Span, message: String, label: &str) {
        let finding = self.out.finding(message, Label::at(at, label));
        self.out.push(finding.help(advice(label, RAISES)));
    }

    /// What the Hub's validator rejects.
    fn rejects(&mut self, at: Span, message: String, label: &str) {
        let finding = self.out.finding(message, Label::at(at, label));
        self.out.push(finding.effect(Effect::BlocksPush).help(advice(label, REJECTED)));
    }

    fn warns(&mut self, at: Span, message: String, label: &str) {
        let finding: Diagnostic = self.out.finding_at(Level::Warning, message, Label::at(at, label));
        self.out.push(finding.effect(Effect::LosesReach).help(advice(label, NOT_SHOWN)));
    }

    /// The items of a list that has to be there; reports it where it is not.
    fn list<'t>(&mut self, owner: NodeRef<'t>, what: &str, key: &str) -> Vec<NodeRef<'t>> {
        match member(owner, key) {
            Member::Missing => {
                let (at, message) = (self.source.first_line(owner.span()), format!("{what} has no `{key}`"));
                let say = if key == "results" { Self::rejects } else { Self::raises };
                say(self, at, message, "add `[]` or a list of items");
            }
            Member::Unknown => {}
            Member::There(_, list) if list.is_sequence() => return list.items().collect(),
            // Python goes over an empty text or mapping as over an empty list.
            Member::There(_, list)
                if list.hub() != Reading::Null && is_empty(list) && list.text().is_none_or(str::is_empty) => {}
            Member::There(key_node, list) => {
                let rejected = key == "metrics" && list.hub() != Reading::Null;
                let say = if rejected { Self::rejects } else { Self::raises };
                say(self, key_node.span(), format!("`{key}` is not a list"), "start each item with `- `");
            }
        }
        Vec::new()
    }

    fn model(&mut self, model: NodeRef<'_>) {
        if !self.takes_one() {
            return;
        }
        if !model.is_mapping() {
            return self.raises(
                self.source.first_line(model.span()),
                "an entry of `model-index` is not a mapping".to_owned(),
                "write `name:` and `results:`",
            );
        }
        if let Member::Missing = member(model, "name") {
            self.rejects(
                self.source.first_line(model.span()),
                "an entry of `model-index` has no `name`".to_owned(),
                "add the model's name",
            );
        }
        for result in self.list(model, "an entry of `model-index`", "results") {
            self.result(result);
        }
    }

    fn result(&mut self, result: NodeRef<'_>) {
        if !self.takes_one() {
            return;
        }
        if !result.is_mapping() {
            return self.raises(
                self.source.first_line(result.span()),
                "a result is not a mapping".to_owned(),
                "write `task:`, `dataset:` and `metrics:`",
            );
        }
        self.part(result, "task", &["type"]);
        self.part(result, "dataset", &["type", "name"]);
        let metrics = self.list(result, "a result", "metrics");
        self.link(result, !metrics.is_empty());
        for metric in metrics {
            self.metric(metric);
        }
    }

    /// `task` and `dataset`: mappings with keys that have to be there.
    fn part(&mut self, result: NodeRef<'_>, name: &str, required: &[&str]) {
        let (key, part) = match member(result, name) {
            Member::Missing => {
                return self.raises(
                    self.source.first_line(result.span()),
                    format!("a result has no `{name}`"),
                    &format!("add `{name}:`"),
                );
            }
            Member::Unknown => return,
            Member::There(key, part) => (key, part),
        };
        if !part.is_mapping() {
            return self.raises(
                key.span(),
                format!("`{name}` is not a mapping"),
                &format!("write `{}:` below it", required.join(":` and `")),
            );
        }
        for wanted in required {
            if let Member::Missing = member(part, wanted) {
                self.raises(key.span(), format!("`{name}` has no `{wanted}`"), &format!("add `{wanted}:` below it"));
            }
        }
        self.texts(part, name, &["config", "revision"]);
        let id = part.get("type").filter(|_| name == "dataset").and_then(|id| Some((id, id.as_str()?)));
        if let Some((node, id)) = id.filter(|(_, id)| !is_dataset_type(id)) {
            let message = format!("{} is not the id of a dataset", quoted(id));
            self.rejects(
                self.source.first_line(node.span()),
                message,
                "write an id, such as `owner/name`, with letters, digits, `-`, `_` and `.`",
            );
        }
    }

    /// The strings of a part; for some, the Hub's validator is known to accept nothing else.
    fn texts(&mut self, part: NodeRef<'_>, name: &str, insists: &[&str]) {
        for (field, value) in part.pairs() {
            let Some(named) = field.text().filter(|field| TEXTS.contains(field)) else { continue };
            if value.readings_differ() || matches!(value.hub(), Reading::Text | Reading::Null) {
                continue;
            }
            let (at, message) = (self.source.first_line(value.span()), format!("`{name}.{named}` is not a string"));
            let say = if insists.contains(&named) { Self::rejects } else { Self::warns };
            say(self, at, message, "put it in quotes");
        }
    }

    /// `source`: a name needs an address.
    fn link(&mut self, result: NodeRef<'_>, used: bool) {
        let Member::There(key, source) = member(result, "source") else { return };
        if is_empty(source) {
            return;
        }
        if !source.is_mapping() {
            return self.raises(key.span(), "`source` is not a mapping".to_owned(), "write `url:` below it");
        }
        let nothing = |key: &str| match member(source, key) {
            Member::Missing => true,
            Member::Unknown => false,
            Member::There(_, value) => value.python() == Reading::Null,
        };
        if used && source.get("name").is_some() && !nothing("name") && nothing("url") {
            self.rejects(key.span(), "`source` has a `name`, but no `url`".to_owned(), "add `url:` below it");
        }
        self.texts(source, "source", &[]);
    }

    fn metric(&mut self, metric: NodeRef<'_>) {
        if !self.takes_one() {
            return;
        }
        let start = self.source.first_line(metric.span());
        if !metric.is_mapping() {
            return self.raises(start, "a metric is not a mapping".to_owned(), "write `type:` and `value:`");
        }
        let name = metric.get("type").and_then(NodeRef::text).filter(|text| !text.is_empty());
        let name = name.map_or("a metric".to_owned(), |name| format!("the metric {}", quoted(name)));
        if let Member::Missing = member(metric, "type") {
            self.raises(start, "a metric has no `type`".to_owned(), "add `type:`, such as `accuracy`");
        }
        self.texts(metric, "metrics", &["config"]);
        let verified = metric.get("verified").filter(|verified| !verified.readings_differ());
        if let Some(value) = verified.filter(|value| !matches!(value.hub(), Reading::Bool(_) | Reading::Null)) {
            self.warns(
                self.source.first_line(value.span()),
                "`verified` is neither true nor false".to_owned(),
                "remove it, because the Hub sets it",
            );
        }
        match member(metric, "value") {
            Member::Missing => self.rejects(start, format!("{name} has no `value`"), "add `value:`"),
            Member::Unknown => {}
            Member::There(_, value) => match Value::of(value) {
                Value::Number => {}
                Value::Nothing => {
                    self.warns(start, format!("{name} has an empty `value`"), "write the number, or remove the metric")
                }
                Value::Other if value.text().is_some_and(is_nan) => self.warns(
                    self.source.first_line(value.span()),
                    format!("the value of {name} is NaN, which is not a result"),
                    "remove the metric, or measure it again",
                ),
                Value::Other => self.warns(
                    self.source.first_line(value.span()),
                    format!("the value of {name} is not a number"),
                    "write only the number",
                ),
            },
        }
    }
}

/// What YAML and programs write for a missing result.
fn is_nan(text: &str) -> bool {
    text.trim().trim_start_matches('.').eq_ignore_ascii_case("nan")
}

/// The texts in `task`, `dataset`, `source` and each of `metrics`.
const TEXTS: [&str; 7] = ["type", "name", "config", "split", "revision", "url", "verifyToken"];

/// Whether the Hub's validator takes it as `dataset.type`: an id, with or without its owner. Its own pattern; looser than
/// that of an id elsewhere.
fn is_dataset_type(text: &str) -> bool {
    match text.split_once('/') {
        Some((owner, name)) => is_word(owner, "") && is_word(name, "."),
        None => is_word(text, "."),
    }
}

/// Whether a text consists of letters, digits, `_`, `-` and the characters in `more`.
fn is_word(text: &str, more: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c) || more.contains(c))
}

#[cfg(test)]
mod tests;

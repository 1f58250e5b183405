//! `invalid-model-index`: results that tools cannot read.
//!
//! What is an error here was tried with huggingface_hub 2.4.0: `ModelCard.load` raises; or the Hub's own validator is known
//! to refuse it (tests/hub_verdicts/table.md has the sources). The rest is worth a warning.

mod values;

use std::cell::Cell;

use crate::checklist;
use crate::claims::is_empty;
use crate::diagnostic::{Diagnostic, Effect, Label, Level};
use crate::rules::values::quoted;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::reading::Reading;
use crate::source::tree::NodeRef;
use crate::source::{SourceFile, Span};
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
const RAISES: &str = "huggingface_hub refuses to load the card, and with it tools that read or update it";
const REFUSED: &str = "the Hub refuses the push";
const NOT_SHOWN: &str = "the Hub has nothing to show or to compare here";

/// How many results and metrics are looked at. Aliases can make many of few.
const MAX_VISITED: usize = 200_000;

impl Rule for InvalidModelIndex {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(source) = cx.readme() else { return };
        // Of a block with errors nobody knows what was lost.
        let Some(field) = cx.whole_front_matter().and_then(|matter| matter.get(KEY)) else { return };
        if is_empty(field.value) {
            return;
        }
        let mut index = Index { source, out, left: Cell::new(MAX_VISITED) };
        if !field.value.is_sequence() {
            let place = if field.value.is_mapping() { field.key.span() } else { index.first_line(field.value) };
            let label = Label::at(place, "a list of one starts with `- `");
            let finding = index.out.finding("`model-index` takes a list of mappings", label);
            index.out.push(finding.effect(Effect::BlocksPush).help(REFUSED));
            return;
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
    /// Nobody knows: a merge key may bring it.
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
        self.out.push(finding.help(RAISES));
    }

    /// What the Hub's validator refuses.
    fn refuses(&mut self, at: Span, message: String, label: &str) {
        let finding = self.out.finding(message, Label::at(at, label));
        self.out.push(finding.effect(Effect::BlocksPush).help(REFUSED));
    }

    fn warns(&mut self, at: Span, message: String, label: &str) {
        let finding: Diagnostic = self.out.finding_at(Level::Warning, message, Label::at(at, label));
        self.out.push(finding.effect(Effect::LosesReach).help(NOT_SHOWN));
    }

    /// Where a value starts: a mapping may go on for many lines.
    fn first_line(&self, node: NodeRef<'_>) -> Span {
        let span = node.span();
        let width = self.source.slice(span).find(['\r', '\n']).unwrap_or(span.range().len());
        self.source.span(span.start as usize, span.start as usize + width)
    }

    /// The items of a list that has to be there; says so where it is not.
    fn list<'t>(&mut self, owner: NodeRef<'t>, what: &str, key: &str) -> Vec<NodeRef<'t>> {
        match member(owner, key) {
            Member::Missing => {
                let (at, message) = (self.first_line(owner), format!("{what} has no `{key}`"));
                let say = if key == "results" { Self::refuses } else { Self::raises };
                say(self, at, message, "add it, if empty as `[]`");
            }
            Member::Unknown => {}
            Member::There(_, list) if list.is_sequence() => return list.items().collect(),
            // Python goes over an empty text or mapping as over an empty list.
            Member::There(_, list)
                if list.hub() != Reading::Null && is_empty(list) && list.text().is_none_or(str::is_empty) => {}
            Member::There(key_node, list) => {
                let refused = key == "metrics" && list.hub() != Reading::Null;
                let say = if refused { Self::refuses } else { Self::raises };
                say(self, key_node.span(), format!("`{key}` is no list"), "items start with `- `");
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
                self.first_line(model),
                "an entry of `model-index` is no mapping".to_owned(),
                "write `name:` and `results:`",
            );
        }
        if let Member::Missing = member(model, "name") {
            self.refuses(
                self.first_line(model),
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
                self.first_line(result),
                "a result is no mapping".to_owned(),
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
                return self.raises(self.first_line(result), format!("a result has no `{name}`"), "add it");
            }
            Member::Unknown => return,
            Member::There(key, part) => (key, part),
        };
        if !part.is_mapping() {
            return self.raises(
                key.span(),
                format!("`{name}` is no mapping"),
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
            self.refuses(
                self.first_line(node),
                message,
                "write letters, digits, `-`, `_` and `.`, such as `owner/name`",
            );
        }
    }

    /// The strings of a part; of some the Hub's validator is known to insist on it.
    fn texts(&mut self, part: NodeRef<'_>, name: &str, insists: &[&str]) {
        for (field, value) in part.pairs() {
            let Some(named) = field.text().filter(|field| TEXTS.contains(field)) else { continue };
            if value.readings_differ() || matches!(value.hub(), Reading::Text | Reading::Null) {
                continue;
            }
            let (at, message) = (self.first_line(value), format!("`{name}.{named}` is no string"));
            let say = if insists.contains(&named) { Self::refuses } else { Self::warns };
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
            return self.raises(key.span(), "`source` is no mapping".to_owned(), "write `url:` below it");
        }
        let nothing = |key: &str| match member(source, key) {
            Member::Missing => true,
            Member::Unknown => false,
            Member::There(_, value) => value.python() == Reading::Null,
        };
        if used && source.get("name").is_some() && !nothing("name") && nothing("url") {
            self.refuses(key.span(), "`source` has a `name` and no `url`".to_owned(), "add `url:` below it");
        }
        self.texts(source, "source", &[]);
    }

    fn metric(&mut self, metric: NodeRef<'_>) {
        if !self.takes_one() {
            return;
        }
        let start = self.first_line(metric);
        if !metric.is_mapping() {
            return self.raises(start, "a metric is no mapping".to_owned(), "write `type:` and `value:`");
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
                self.first_line(value),
                "`verified` is neither true nor false".to_owned(),
                "leave it to the Hub",
            );
        }
        match member(metric, "value") {
            Member::Missing => self.refuses(start, format!("{name} has no `value`"), "add `value:`"),
            Member::Unknown => {}
            Member::There(_, value) => match Value::of(value) {
                Value::Number => {}
                Value::Nothing => self.warns(
                    start,
                    format!("{name} has an empty `value`"),
                    "write the number, or leave the metric out",
                ),
                Value::Other if value.text().is_some_and(is_nan) => self.warns(
                    self.first_line(value),
                    format!("the value of {name} is NaN, which is no result"),
                    "leave the metric out, or measure it again",
                ),
                Value::Other => self.warns(
                    self.first_line(value),
                    format!("the value of {name} is no number"),
                    "write the number alone",
                ),
            },
        }
    }
}

/// What YAML and programs write for a result that is none.
fn is_nan(text: &str) -> bool {
    text.trim().trim_start_matches('.').eq_ignore_ascii_case("nan")
}

/// The texts in `task`, `dataset`, `source` and each of `metrics`.
const TEXTS: [&str; 7] = ["type", "name", "config", "split", "revision", "url", "verifyToken"];

/// Whether the Hub's validator takes it as `dataset.type`: an id, with or without its owner. Its own pattern; looser than
/// that of an id elsewhere.
fn is_dataset_type(text: &str) -> bool {
    let word = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c) || more.contains(c))
    };
    match text.split_once('/') {
        Some((owner, name)) => word(owner, "") && word(name, "."),
        None => word(text, "."),
    }
}

#[cfg(test)]
mod tests;

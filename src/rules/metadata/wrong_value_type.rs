//! `wrong-value-type`: a value whose shape the field does not take.

use crate::card::Card;
use crate::card::front_matter::{Field, edits, list_edits};
use crate::checklist;
use crate::claims::is_empty;
use crate::claims::placeholders::stands_in;
use crate::diagnostic::{Diagnostic, Effect, Fix, Label, Level, Safety};
use crate::hub::fields::{self, Evidence, Kind};
use crate::rules::fields::advice::advice;
use crate::rules::fields::lists::as_list;
use crate::rules::fields::missing::is_rejected;
use crate::rules::fix_room::FixRoom;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::Span;
use crate::source::reading::Reading;
use crate::source::tree::{NodeRef, Style};
use crate::words::{count, quoted};

pub(crate) struct WrongValueType;

static META: Meta = Meta {
    name: "wrong-value-type",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("wrong_value_type.md"),
};

/// Fields that have a rule of their own. Of empty tags this rule speaks.
const ELSEWHERE: [&str; 5] = ["co2_eq_emissions", "extra_gated_fields", "model-index", "tags", "widget"];

/// How many empty items of a list are shown beside the first.
const MAX_SHOWN: usize = 10;

/// A parameter of huggingface_hub's `ModelCardData`: as a key of the card, with any value that YAML has, it makes
/// `ModelCard.load` fail (huggingface_hub 2.4.0, `repocard_data.py`).
const RESULTS: &str = "eval_results";

impl Rule for WrongValueType {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(card) = cx.card() else { return };
        let Some(matter) = cx.front_matter() else { return };
        let room = FixRoom::new();
        for field in matter.fields() {
            if field.key.text() == Some(RESULTS) && !is_empty(field.value) {
                out.push(results(field, out));
            }
            let Some(known) = field.key.text().and_then(fields::get) else { continue };
            let typed = Typed { card, field, known, room: &room };
            let is_list = typed.takes_lists() && field.value.is_sequence();
            let is_elsewhere = ELSEWHERE.contains(&known.name);
            if is_list && (known.name == "tags" || !is_elsewhere) && is_rejected(known.name, field.value) {
                out.push(typed.empty_items(out));
            } else if field.value.hub() == Reading::Null && is_rejected(known.name, field.value) {
                out.push(typed.empty(out));
                continue;
            }
            if known.shape.kinds().next().is_none() || is_elsewhere || is_empty(field.value) {
                continue;
            }
            if is_list {
                for item in field.value.items().filter(|item| typed.is_misfit(*item)) {
                    out.push(typed.item(item, out));
                }
            } else if typed.is_misfit(field.value) {
                out.push(typed.whole(out));
            }
        }
    }
}

/// Results under a key that huggingface_hub takes for objects of its own.
fn results(field: Field<'_>, out: &Sink<'_>) -> Diagnostic {
    let label = Label::at(field.key.span(), "move the results to `model-index` or into the text");
    out.finding("`huggingface_hub` takes no value of `eval_results` from a card", label)
        .help("Move the results to `model-index` or into the text. Loading fails: `ModelCard.load` raises an error.")
}

/// A field and what its value can be.
struct Typed<'r, 'c> {
    card: &'r Card<'c>,
    field: Field<'r>,
    known: fields::Field,
    room: &'r FixRoom,
}

impl Typed<'_, '_> {
    fn takes(&self, kind: Kind) -> bool {
        self.known.shape.allows(kind)
    }

    fn takes_lists(&self) -> bool {
        self.takes(Kind::Strings) || self.takes(Kind::Mappings)
    }

    /// Whether a value, or an item of a list, has a shape that is not taken. Values of other rules fit.
    fn is_misfit(&self, node: NodeRef<'_>) -> bool {
        let item = node.id() != self.field.value.id();
        if node.readings_differ() || node.as_str().is_some_and(|text| stands_in(self.known.name, text)) {
            return false;
        }
        !match node.hub() {
            Reading::Text => self.takes(if item { Kind::Strings } else { Kind::String }),
            Reading::Bool(_) => !item && self.takes(Kind::Bool),
            Reading::Int(_) | Reading::Float(_) => !item && self.takes(Kind::Number),
            Reading::Collection if node.is_mapping() => self.takes(if item { Kind::Mappings } else { Kind::Mapping }),
            Reading::Collection => false,
            // Empty items have a finding of their own, and what readers reject is another rule's.
            Reading::Null | Reading::Date | Reading::Binary | Reading::Refused => true,
        }
    }

    /// A finding about a value in the place of `wanted`.
    fn finding(&self, message: String, wanted: &str, label: Label, out: &Sink<'_>) -> Diagnostic {
        let order = format!("write {wanted} here");
        if self.known.evidence == Evidence::ServerMessage {
            let finding = out.finding(message, label).effect(Effect::BlocksPush);
            return finding.help(advice(&order, "The Hub rejects the push of any other type."));
        }
        let reason = "Harder to find: the Hub documents no other type, and may ignore the value.";
        out.finding_at(Level::Warning, message, label).help(advice(&order, reason))
    }

    /// A key without a value, where the Hub is known to reject that.
    fn empty(&self, out: &Sink<'_>) -> Diagnostic {
        let key = self.known.name;
        let (label, fix) = self.write(self.field.value, "[]", Safety::Safe);
        let message = format!("`{key}` has no value, but takes {}", self.known.shape);
        let label = Label::at(self.field.key.span(), format!("{label}, or remove the key"));
        let help = "Write `[]`, or remove the key. The Hub rejects the push while the key has no value.";
        out.finding(message, label).effect(Effect::BlocksPush).help(help).fix(fix)
    }

    /// A list with items that are empty, as a program writes it that had no value to write.
    fn empty_items(&self, out: &Sink<'_>) -> Diagnostic {
        let (key, list) = (self.known.name, self.field.value);
        let empty = list.items().enumerate().filter(|(_, item)| item.hub() == Reading::Null);
        let (numbers, items): (Vec<usize>, Vec<NodeRef<'_>>) = empty.unzip();
        let whole = if self.takes(Kind::Strings) { "strings" } else { "mappings" };
        let message = format!("`{key}` is a list of {whole}, but {} empty", counted(items.len()));
        let at = |item: &NodeRef<'_>| self.place_of(*item);
        let label = Label::at(items.first().map_or(self.field.key.span(), at), "remove it");
        let more = items.iter().skip(1).take(MAX_SHOWN).map(|item| Label::at(at(item), "remove it"));
        let (source, matter) = (self.card.source(), &self.card.front_matter);
        let edits = || list_edits::remove_items(source, matter, list, &numbers);
        let fix = self.room.take(numbers.len()).then(edits).flatten().map(|edits| {
            let mut fix = Fix::new("remove what is empty", Safety::Safe).key(key);
            fix.edits = edits;
            fix
        });
        let order = "remove each empty item";
        let finding = if self.known.evidence == Evidence::ServerMessage {
            let finding = out.finding(message, label).effect(Effect::BlocksPush);
            finding.help(advice(order, "The Hub rejects the push of a list with an empty item."))
        } else {
            let level = if key == "tags" { Level::Error } else { Level::Warning };
            let reason = "Harder to find: the Hub documents no other type, and may ignore the value.";
            out.finding_at(level, message, label).help(advice(order, reason))
        };
        more.fold(finding, Diagnostic::related).fix(fix)
    }

    /// An item; of one without a text, the dash.
    fn place_of(&self, item: NodeRef<'_>) -> Span {
        let span = item.span();
        let before = self.card.source().text().get(..span.start as usize).unwrap_or_default();
        if span.is_empty() && before.ends_with('-') { Span { start: span.start - 1, ..span } } else { span }
    }

    fn whole(&self, out: &Sink<'_>) -> Diagnostic {
        let (key, value) = (self.known.name, self.field.value);
        let takes = format!("`{key}` takes {}", self.known.shape);
        let (message, span) = match value.text() {
            Some(text) => (format!("{} is {}, but {takes}", quoted(text), what(value)), value.span()),
            None => (format!("{takes}, not {}", what(value)), self.field.key.span()),
        };
        let (label, fix) = self.remedy();
        self.finding(message, &self.known.shape.to_string(), Label::at(span, label), out).fix(fix)
    }

    fn item(&self, item: NodeRef<'_>, out: &Sink<'_>) -> Diagnostic {
        let key = self.known.name;
        let (wanted, takes) = match self.takes(Kind::Strings) {
            true => ("a string", "strings"),
            false => ("a mapping", "mappings"),
        };
        let message = match item.text() {
            Some(text) => format!("{} is {}, but `{key}` is a list of {takes}", quoted(text), what(item)),
            None => format!("`{key}` is a list of {takes}, not of {}", what_many(item)),
        };
        let (label, fix) =
            if item.text().is_some() && self.takes(Kind::Strings) { self.as_text(item) } else { (String::new(), None) };
        let span = self.card.source().first_line(item.span());
        self.finding(message, wanted, Label::at(span, label), out).fix(fix)
    }

    /// What to write in the place of the whole value.
    fn remedy(&self) -> (String, Option<Fix>) {
        let value = self.field.value;
        let only = value.items().next().filter(|_| value.items().count() == 1);
        match (value.hub(), value.text()) {
            (Reading::Text, Some(text)) if self.takes(Kind::Strings) => self.in_list(text),
            (Reading::Text, Some(text)) if self.takes(Kind::Bool) => match text.to_lowercase().as_str() {
                word @ ("true" | "false") => self.write(value, word, Safety::Unsafe),
                "yes" => self.write(value, "true", Safety::Unsafe),
                "no" => self.write(value, "false", Safety::Unsafe),
                _ => ("write `true` or `false`".to_owned(), None),
            },
            (Reading::Bool(_) | Reading::Int(_) | Reading::Float(_), _) if self.takes(Kind::String) => {
                self.as_text(value)
            }
            (Reading::Bool(_) | Reading::Int(_) | Reading::Float(_), Some(text)) if self.takes(Kind::Strings) => {
                self.in_list(text)
            }
            _ if only.is_some_and(|item| item.as_str().is_some()) && self.takes(Kind::String) => {
                let text = only.and_then(NodeRef::as_str).unwrap_or_default();
                self.write(value, &edits::scalar(text, Style::DoubleQuoted), Safety::Safe)
            }
            _ if value.is_sequence() && self.takes(Kind::String) => {
                (format!("write one value, not {}", count(value.items().count(), "value")), None)
            }
            _ if value.is_mapping() && self.takes(Kind::Mappings) => ("start a list item with `- `".to_owned(), None),
            _ => (String::new(), None),
        }
    }

    fn in_list(&self, text: &str) -> (String, Option<Fix>) {
        let (yaml, safety) = as_list(text);
        self.write(self.field.value, &yaml, safety)
    }

    /// The value as it is written, in quotes.
    fn as_text(&self, node: NodeRef<'_>) -> (String, Option<Fix>) {
        if self.known.name == "language" && matches!(node.hub(), Reading::Bool(false)) {
            // What is left of an unquoted `no` after a Python tool wrote the card.
            let (_, fix) = self.write(node, "\"no\"", Safety::Unsafe);
            return ("for Norwegian, write `\"no\"`".to_owned(), fix);
        }
        let text = node.text().unwrap_or_default();
        self.write(node, &edits::quoted(text, Style::DoubleQuoted), Safety::Safe)
    }

    fn write(&self, node: NodeRef<'_>, yaml: &str, safety: Safety) -> (String, Option<Fix>) {
        let title = format!("write {}", quoted(yaml));
        let edit = || edits::replace_value(self.card.source(), &self.card.front_matter, node, yaml);
        let fix = self
            .room
            .take(1)
            .then(edit)
            .flatten()
            .map(|edit| Fix::new(title.clone(), safety).edit(edit.at, edit.text).key(self.known.name));
        (title, fix)
    }
}

fn what(node: NodeRef<'_>) -> &'static str {
    match node.hub() {
        Reading::Bool(_) => "true or false",
        Reading::Int(_) | Reading::Float(_) => "a number",
        Reading::Collection if node.is_mapping() => "a mapping",
        Reading::Collection => "a list",
        _ => "a string",
    }
}

fn counted(items: usize) -> String {
    if items == 1 { "an item is".to_owned() } else { format!("{items} items are") }
}

fn what_many(node: NodeRef<'_>) -> &'static str {
    if node.is_mapping() { "mappings" } else { "lists" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fixed, in_front_matter};

    #[test]
    fn what_other_rules_report_is_ignored() {
        for yaml in [
            "language: no\n",
            "pipeline_tag: 1e3\n",
            "metrics: TODO\n",
            "tags: [a, 1, {b: c}]\n",
            "widget: [a]\n",
            "language: [no, en]\n",
            "license: ''\n",
            "arxiv: 2024\n",
            "my_own: {a: 1}\n",
            "base_model: &base a/b\nnew_version: *base\n",
        ] {
            assert_eq!(in_front_matter(&WrongValueType, yaml), [], "{yaml}");
        }
    }

    #[test]
    fn the_smallest_change_and_none_that_loses_a_comment() {
        for (yaml, after) in [
            ("pipeline_tag:\n- fill-mask\ntags: [a]\n", Some("pipeline_tag: fill-mask\ntags: [a]\n")),
            ("library_name: ['peft'] # ours\n", Some("library_name: peft # ours\n")),
            ("library_name:\n# ours\n- peft\n", None),
            ("metrics: \"f1: macro\"\n", Some("metrics: [\"f1: macro\"]\n")),
            ("buckets: a/b, c/d\n", Some("buckets: [a/b, c/d]\n")),
            ("license_name: true\n", Some("license_name: \"true\"\n")),
            ("inference: \"false\"\n", Some("inference: false\n")),
            ("license: {a: b}\n", None),
        ] {
            assert_eq!(fixed(&WrongValueType, yaml).as_deref(), after, "{yaml}");
        }
    }

    #[test]
    fn empty_items_go_and_comments_stay() {
        for (yaml, after) in [
            ("datasets:\n- \n- nyu-mll/glue\n", "datasets:\n- nyu-mll/glue\n"),
            ("datasets:\n- null\n", "datasets: []\n"),
            ("datasets: # ours\n  - null # none\n  -\nx: y\n", "datasets: [] # ours\n  # none\nx: y\n"),
            ("language: [null]\n", "language: []\n"),
            ("language: [null, ~, en, null, de, null]\n", "language: [en, de]\n"),
            ("base_model: [a/b, null]\n", "base_model: [a/b]\n"),
            ("metrics:\r\n- null\r\n- f1\r\n", "metrics:\r\n- f1\r\n"),
            ("tags:\n- null\n- a # why\n- ~ # left\n", "tags:\n- a # why\n# left\n"),
            ("tags:\n-\n", "tags: []\n"),
            ("license: [null, mit]\n", "license: [mit]\n"),
        ] {
            assert_eq!(
                fixed(&WrongValueType, yaml).as_deref(),
                Some(after),
                "{yaml} {:#?}",
                in_front_matter(&WrongValueType, yaml)
            );
        }
        for yaml in ["datasets: [&a null, b/c]\n", "datasets:\n- !!null null\n", "datasets: [null, # why\n  b/c]\n"] {
            let found = in_front_matter(&WrongValueType, yaml);
            assert!(found.len() == 1 && found[0].fix.is_none(), "{yaml}: {found:?}");
        }
        let levels: Vec<Level> = ["datasets", "language", "base_model", "tags", "metrics", "buckets"]
            .iter()
            .flat_map(|key| in_front_matter(&WrongValueType, &format!("{key}: [null, a/b]\n")))
            .map(|found| found.level)
            .collect();
        use Level::{Error, Warning};
        assert_eq!(levels, [Error, Error, Error, Error, Warning, Warning]);
    }

    #[test]
    fn an_error_only_where_the_hub_is_known_to_reject() {
        for (yaml, level) in [
            ("license: 3\n", Level::Error),
            ("datasets: {a: b}\n", Level::Error),
            ("library_name: 3\n", Level::Warning),
            ("metrics: a\n", Level::Warning),
        ] {
            let found = in_front_matter(&WrongValueType, yaml);
            assert_eq!(found.iter().map(|found| found.level).collect::<Vec<_>>(), [level], "{yaml}");
        }
    }
}

//! `malformed-tags`: tags that are not a list of words, each once.

use std::collections::HashMap;

use crate::card::Card;
use crate::card::front_matter::{Field, edits, list_edits};
use crate::checklist;
use crate::claims::filled;
use crate::claims::placeholders::stands_in;
use crate::diagnostic::{Diagnostic, Edit, Effect, Fix, Label, Level, Safety};
use crate::rules::fields::advice::advice;
use crate::rules::fields::lists::as_list;
use crate::rules::fix_room::FixRoom;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::reading::Reading;
use crate::source::tree::{NodeRef, Style};
use crate::words::quoted;

pub(crate) struct MalformedTags;

static META: Meta = Meta {
    name: "malformed-tags",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("malformed_tags.md"),
};

const KEY: &str = "tags";
const NO_STRING: &str = "The Hub's interface takes only a list of strings here.";

impl Rule for MalformedTags {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(card) = cx.card() else { return };
        let Some(field) = filled(cx, KEY) else { return };
        let tags = Tags { card, field, room: FixRoom::new() };
        if !field.value.is_sequence() {
            if let Some(finding) = tags.no_list(out) {
                out.push(finding);
            }
            return;
        }
        let mut seen: HashMap<&str, NodeRef<'_>> = HashMap::new();
        for (index, item) in field.value.items().enumerate() {
            let text = item.as_str();
            let first = text.and_then(|text| seen.get(text).copied());
            if let Some(finding) = tags.item(index, item, first, out) {
                out.push(finding);
            }
            if let Some(text) = text {
                seen.entry(text).or_insert(item);
            }
        }
    }
}

struct Tags<'c, 'a> {
    card: &'c Card<'a>,
    field: Field<'c>,
    room: FixRoom,
}

impl Tags<'_, '_> {
    /// One value, or a mapping, in the place of the list.
    fn no_list(&self, out: &Sink<'_>) -> Option<Diagnostic> {
        let value = self.field.value;
        let Some(text) = value.text() else {
            let order = "write each tag on its own line: `- tag`";
            let label = Label::at(self.field.key.span(), order);
            let finding = out.finding("`tags` takes a list of strings, not a mapping", label);
            return Some(finding.help(advice(order, NO_STRING)));
        };
        if value.readings_differ() || stands_in(KEY, text) {
            return None;
        }
        let (yaml, safety) = as_list(text);
        let title = format!("write {}", quoted(&yaml));
        let message = format!("`tags` takes a list of strings, not the value {}", quoted(text));
        let finding = out.finding(message, Label::at(value.span(), title.clone())).help(advice(&title, NO_STRING));
        Some(finding.fix(self.write(value, &yaml, title, safety)))
    }

    fn item(&self, index: usize, item: NodeRef<'_>, first: Option<NodeRef<'_>>, out: &Sink<'_>) -> Option<Diagnostic> {
        let span = item.span();
        match (item.hub(), item.text()) {
            _ if item.readings_differ() => None,
            // `wrong-value-type` speaks of all that a list has of these.
            (Reading::Null, _) => None,
            (Reading::Text, Some(text)) if text.trim().is_empty() => {
                Some(self.removed(index, "a tag is empty", Label::at(span, "remove it"), out))
            }
            (Reading::Text, Some(text)) => {
                let first = first?;
                let message = format!("the tag {} is repeated", quoted(text));
                let finding = self.removed(index, &message, Label::at(span, "remove it"), out);
                Some(finding.related(Label::at(first.span(), "the first")))
            }
            (Reading::Int(_) | Reading::Float(_) | Reading::Bool(_), Some(text)) => {
                let what = if matches!(item.hub(), Reading::Bool(_)) { "true or false" } else { "a number" };
                let yaml = edits::quoted(text, Style::DoubleQuoted);
                let title = format!("write {}", quoted(&yaml));
                let message = format!("the tag {} is {what}, not a string", quoted(text));
                let finding = out.finding(message, Label::at(span, title.clone())).help(advice(&title, NO_STRING));
                Some(finding.fix(self.write(item, &yaml, title, Safety::Safe)))
            }
            (Reading::Collection, _) => {
                let what = if item.is_mapping() { "a mapping" } else { "a list" };
                let place = self.card.source().first_line(span);
                let order =
                    if item.is_mapping() { "put a tag with a colon in quotes" } else { "write one tag per line" };
                let finding = out.finding(format!("a tag is {what}, not a string"), Label::at(place, order));
                Some(finding.help(advice(order, NO_STRING)))
            }
            _ => None,
        }
    }

    fn removed(&self, index: usize, message: &str, label: Label, out: &Sink<'_>) -> Diagnostic {
        let edits =
            || list_edits::remove_items(self.card.source(), &self.card.front_matter, self.field.value, &[index]);
        let fix = self.room.take(1).then(edits).flatten().map(|edits| {
            let mut fix = Fix::new("remove the tag", Safety::Safe).key(KEY);
            fix.edits = edits;
            fix
        });
        let help = "Remove the tag. Users cannot find the model by an empty or repeated tag.";
        out.finding_at(Level::Warning, message, label).help(help).fix(fix)
    }

    fn write(&self, node: NodeRef<'_>, yaml: &str, title: String, safety: Safety) -> Option<Fix> {
        let edit = || edits::replace_value(self.card.source(), &self.card.front_matter, node, yaml);
        self.room.take(1).then(edit).flatten().map(|edit| fix(title, edit, safety))
    }
}

fn fix(title: String, edit: Edit, safety: Safety) -> Fix {
    Fix::new(title, safety).edit(edit.at, edit.text).key(KEY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fixed, in_front_matter};

    #[test]
    fn near_misses() {
        for yaml in [
            "tags:\n",
            "tags: []\n",
            "tags: TODO\n",
            "tags: [NLP, nlp]\n",
            "tags: [\"2024\", text-generation]\npipeline_tag: text-generation\n",
            "tags: [yes, 1_000]\n",
            "tags: &all [a]\n",
            "tag: a\n",
        ] {
            assert_eq!(in_front_matter(&MalformedTags, yaml), [], "{yaml}");
        }
    }

    #[test]
    fn every_item_is_looked_at() {
        let found = in_front_matter(&MalformedTags, "tags: [a, 1, a, true, '', a, {b: c}, [d], 2.5]\n");
        let levels: Vec<_> = found.iter().map(|finding| finding.level).collect();
        use Level::{Error, Warning};
        assert_eq!(levels, [Error, Warning, Error, Warning, Warning, Error, Error, Error]);
    }

    #[test]
    fn removing_keeps_the_rest() {
        for (before, after) in [
            ("tags:\n- a\n- b # why\n- a\n- c\n", "tags:\n- a\n- b # why\n- c\n"),
            ("tags:\n  - a\n  - \"\"\n", "tags:\n  - a\n"),
            ("tags: [a, b, a]\n", "tags: [a, b]\n"),
            ("tags: ['', b]\n", "tags: [b]\n"),
            ("tags: ['']\n", "tags: []\n"),
            ("tags:\n- a\n- a # the same\n", "tags:\n- a\n# the same\n"),
            ("tags: [a,\n  a, b]\n", "tags: [a, b]\n"),
            ("tags: lamps\n", "tags: [lamps]\n"),
            ("tags:\n- 7\n", "tags:\n- \"7\"\n"),
        ] {
            assert_eq!(fixed(&MalformedTags, before).as_deref(), Some(after), "{before}");
        }
        // Tags with an anchor and tags of several lines are left to a person.
        for yaml in ["tags: [a, &x a]\n", "tags:\n- a\n-\n  a\n"] {
            assert_eq!(in_front_matter(&MalformedTags, yaml).len(), 1, "{yaml}");
            assert_eq!(fixed(&MalformedTags, yaml), None, "{yaml}");
        }
    }
}

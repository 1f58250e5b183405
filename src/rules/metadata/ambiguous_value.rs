//! `ambiguous-value`: a value that is one thing to the Hub and another to Python tools.

use crate::card::Card;
use crate::card::front_matter::{Field, edits};
use crate::checklist;
use crate::diagnostic::{Diagnostic, Effect, Fix, Label, Level, Safety};
use crate::hub::fields;
use crate::rules::fields::advice::advice;
use crate::rules::fields::doubts::{Doubt, Remedy, doubts};
use crate::rules::fix_room::FixRoom;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::reading::Reading;
use crate::source::tree::Style;
use crate::words::quoted;

pub(crate) struct AmbiguousValue;

static META: Meta = Meta {
    name: "ambiguous-value",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::BreaksUsers,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("ambiguous_value.md"),
};

const STOPS: &str = "Users cannot load the card in Python: the YAML reader stops here.";

impl Rule for AmbiguousValue {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let (Some(card), Some(matter)) = (cx.card(), cx.front_matter()) else { return };
        let (quotes, room) = (edits::preferred(matter), FixRoom::new());
        for field in matter.fields() {
            let known = field.key.text().and_then(fields::get);
            if let Some(finding) = tab(card, field, out).filter(|_| room.take(1)) {
                out.push(finding);
            }
            let mut runs: Vec<Vec<Doubt<'_>>> = Vec::new();
            for doubt in doubts(field, known) {
                match runs.iter_mut().find(|run| run.first().is_some_and(|first| first.is_like(&doubt))) {
                    Some(run) => run.push(doubt),
                    None => runs.push(vec![doubt]),
                }
            }
            for run in runs {
                let found = Run { card, field, is_read: known.is_some(), doubts: &run, quotes, room: &room };
                out.push(found.finding(out));
            }
        }
    }
}

/// A tab between a key and its value on one line: YAML 1.2 reads it as a space, and PyYAML stops.
fn tab(card: &Card<'_>, field: Field<'_>, out: &Sink<'_>) -> Option<Diagnostic> {
    let source = card.source();
    let (from, to) = (field.key.span().end as usize, field.value.span().start as usize);
    let between = source.text().get(from..to)?;
    let at = between.find('\t')?;
    let colon = between.find(':').filter(|colon| *colon < at && !between.contains(['\n', '\r', '#', '&', '!']))?;
    let spaces = source.span(from + colon + 1, to);
    let message = format!("{} has a tab before its value", quoted(field.key.text().unwrap_or_default()));
    let label = Label::at(source.span(from + at, from + at + 1), "write a space");
    let help = advice("write a space instead of the tab", STOPS);
    let fix = Fix::new("write a space instead of the tab", Safety::Safe).edit(spaces, " ").key(field.key.text()?);
    Some(out.finding(message, label).help(help).fix(Some(fix)))
}

/// The values of one field that are read in the same two ways.
struct Run<'r, 'c> {
    card: &'r Card<'c>,
    field: Field<'r>,
    is_read: bool,
    doubts: &'r [Doubt<'r>],
    quotes: Style,
    room: &'r FixRoom,
}

impl Run<'_, '_> {
    fn finding(&self, out: &Sink<'_>) -> Diagnostic {
        let mut doubts = self.doubts.iter();
        let Some(first) = doubts.next() else { return out.finding("", Label::at(self.field.key.span(), "")) };
        let (level, effect) =
            if self.is_read { (Level::Warning, Effect::BreaksUsers) } else { (Level::Info, Effect::LosesReach) };
        let label = |doubt: &Doubt<'_>| Label::at(doubt.node.span(), self.label(doubt));
        let finding = out.finding_at(level, self.message(first), label(first)).effect(effect);
        finding.also(doubts.map(label)).help(self.help(first)).fix(self.fix())
    }

    fn key(&self) -> &str {
        self.field.key.text().unwrap_or_default()
    }

    fn message(&self, first: &Doubt<'_>) -> String {
        let value = quoted(first.text);
        let date = matches!(first.hub, Reading::Date);
        if self.doubts.len() > 1 {
            let (count, key) = (self.doubts.len(), quoted(self.key()));
            if date {
                return format!("{count} values of {key} are dates without quotes, such as {value}");
            }
            let (hub, python) = (plural(first.hub), plural(first.python));
            return format!(
                "{count} values of {key}, such as {value}, are {hub} to the Hub and {python} to Python tools"
            );
        }
        let subject = if first.is_key { format!("the key {value}") } else { value };
        if date {
            return format!("{subject} without quotes is a date, not text");
        }
        format!("{subject} is {} to the Hub and {} to Python tools", singular(first.hub), singular(first.python))
    }

    fn label(&self, doubt: &Doubt<'_>) -> String {
        doubt.remedy(self.quotes).map_or_else(String::new, |remedy| format!("write {}", quoted(&remedy.yaml)))
    }

    /// What to write, as an order.
    fn order(&self, first: &Doubt<'_>) -> String {
        let several = self.doubts.len() > 1;
        match first.remedy(self.quotes) {
            Some(remedy) if remedy.quotes && several => "put the values in quotes".to_owned(),
            Some(_) if several => "write the values as shown".to_owned(),
            Some(remedy) => format!("write {}", quoted(&remedy.yaml)),
            None => "write the value so that all readers agree".to_owned(),
        }
    }

    fn help(&self, first: &Doubt<'_>) -> String {
        let reason = match (first.hub, first.python) {
            _ if !self.is_read => {
                let key = quoted(self.key());
                return advice(
                    &self.order(first),
                    &format!("Neither the Hub nor `huggingface_hub` reads {key}, but your own tools may."),
                );
            }
            (Reading::Date, _) => "YAML readers turn it into a date, and the field takes text",
            (Reading::Text, Reading::Bool(_)) if first.remedy(self.quotes).is_some_and(|remedy| remedy.quotes) => {
                "`huggingface_hub` reads true or false, and writes that back when it updates the card"
            }
            (Reading::Text, Reading::Bool(_)) => "The field takes true or false, and the Hub reads text here",
            (Reading::Text, Reading::Int(_) | Reading::Float(_)) => {
                "Only Python's reader accepts underscores, and colons as base 60, in a number"
            }
            (Reading::Int(_) | Reading::Float(_), Reading::Text) => {
                "Users cannot compute with it in Python, which reads text here"
            }
            (Reading::Int(_), Reading::Int(_)) => "Only Python's reader takes a leading zero as a sign of base 8",
            (_, Reading::Refused) => STOPS.trim_end_matches('.'),
            _ => "`huggingface_hub` and the Hub show different cards",
        };
        advice(&self.order(first), &format!("{reason}."))
    }

    fn fix(&self) -> Option<Fix> {
        let (source, matter) = (self.card.source(), &self.card.front_matter);
        let remedies: Option<Vec<Remedy>> = self.doubts.iter().map(|doubt| doubt.remedy(self.quotes)).collect();
        let remedies = remedies.filter(|remedies| self.room.take(remedies.len()))?;
        let title = match remedies.as_slice() {
            [only] => format!("write {}", quoted(&only.yaml)),
            several => format!("write {} values of {} so that all readers agree", several.len(), quoted(self.key())),
        };
        let safety = if self.is_read { Safety::Safe } else { Safety::Unsafe };
        let safety = remedies.iter().map(|remedy| remedy.safety).fold(safety, Safety::max);
        self.doubts.iter().zip(&remedies).try_fold(Fix::new(title, safety).key(self.key()), |fix, (doubt, remedy)| {
            let edit = if remedy.quotes {
                edits::quote(matter, doubt.node)
            } else {
                edits::replace_value(source, matter, doubt.node, &remedy.yaml)
            }?;
            Some(fix.edit(edit.at, edit.text))
        })
    }
}

/// What one value is to a reader.
fn singular(reading: Reading) -> String {
    match reading {
        Reading::Int(number) => format!("the number {number}"),
        Reading::Float(number) => format!("the number {number}"),
        Reading::Bool(value) => format!("`{value}`"),
        other => plural(other).trim_end_matches('s').to_owned(),
    }
}

/// What several values are to a reader.
fn plural(reading: Reading) -> &'static str {
    match reading {
        Reading::Int(_) | Reading::Float(_) => "numbers",
        Reading::Bool(_) => "true or false",
        Reading::Date => "dates",
        Reading::Null => "nothing",
        Reading::Refused => "an error",
        Reading::Text | Reading::Binary | Reading::Collection => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_before_values() {
        for (before, after) in [
            ("license:\tmit\n", "license: mit\n"),
            ("license: \tmit\t# mine\ntags: [a]\n", "license: mit\t# mine\ntags: [a]\n"),
        ] {
            assert_eq!(fixed(&AmbiguousValue, before).as_deref(), Some(after), "{before:?}");
        }
        for yaml in ["license: mit\t\n", "license: a\tb\n", "tags:\t\n- a\n", "license: # a\tb\n  mit\n"] {
            assert_eq!(in_front_matter(&AmbiguousValue, yaml), [], "{yaml:?}");
        }
    }
    use crate::rules::testing::{fixed, in_front_matter};

    #[test]
    fn what_is_written_and_who_may_write_it() {
        for (yaml, after, safety) in [
            ("language: no\n", "language: \"no\"\n", Safety::Safe),
            ("license: 'mit'\nlanguage: [no, en]\n", "license: 'mit'\nlanguage: ['no', en]\n", Safety::Safe),
            ("inference: off\n", "inference: false\n", Safety::Unsafe),
            ("co2_eq_emissions: 1e3\n", "co2_eq_emissions: 1000.0\n", Safety::Safe),
            ("co2_eq_emissions: 010\n", "co2_eq_emissions: 10\n", Safety::Unsafe),
            ("co2_eq_emissions: {emissions: 24_700}\n", "co2_eq_emissions: {emissions: 24700}\n", Safety::Unsafe),
            ("license_name: 08\n", "license_name: \"08\"\n", Safety::Unsafe),
            ("license_name: 2024-01-01\n", "license_name: \"2024-01-01\"\n", Safety::Safe),
            ("mine: yes\n", "mine: \"yes\"\n", Safety::Unsafe),
            ("on: push\n", "\"on\": push\n", Safety::Unsafe),
        ] {
            assert_eq!(fixed(&AmbiguousValue, yaml).as_deref(), Some(after), "{yaml}");
            let found = in_front_matter(&AmbiguousValue, yaml);
            assert_eq!(found[0].fix.as_ref().unwrap().safety, safety, "{yaml}");
        }
    }

    #[test]
    fn one_finding_for_each_way_of_being_read() {
        let yaml = "widget:\n- a: [no, yes, 1e3]\n- b: off\n- c: 2e3\n";
        let found: Vec<String> =
            in_front_matter(&AmbiguousValue, yaml).into_iter().map(|found| found.message).collect();
        assert_eq!(
            found,
            [
                "3 values of `widget`, such as `no`, are text to the Hub and true or false to Python tools",
                "2 values of `widget`, such as `1e3`, are numbers to the Hub and text to Python tools",
            ]
        );
    }

    #[test]
    fn silent_where_readers_agree() {
        for yaml in [
            "language: 'no'\n",
            "language: n\n",
            "version: 3.10\n",
            "a: !!str no\n",
            "a: true\nb: null\nc: ~\n",
            "base: &b {x: y}\nother:\n  <<: *b\n",
            "a: 1.0e-05\n",
            "a: Norwegian\nb: Office\nc: yes-and-no\n",
        ] {
            assert_eq!(in_front_matter(&AmbiguousValue, yaml), [], "{yaml}");
        }
    }
}

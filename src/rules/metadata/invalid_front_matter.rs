//! `invalid-front-matter`: YAML that the Hub's reader refuses.

use crate::card::front_matter::{YamlError, YamlErrorKind as Kind, edits};
use crate::checklist;
use crate::diagnostic::{Diagnostic, Effect, Label, Level};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::SourceFile;
use crate::source::tree::Style;

pub(crate) struct InvalidFrontMatter;

static META: Meta = Meta {
    name: "invalid-front-matter",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::BlocksPush,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("invalid_front_matter.md"),
};

/// The longest value that a label shows in quotes, in bytes.
const SHOWN: usize = 60;

impl Rule for InvalidFrontMatter {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(card) = cx.card() else { return };
        for error in &card.front_matter.errors {
            out.push(finding(card.source(), error, out));
        }
    }
}

fn finding(source: &SourceFile, error: &YamlError, out: &Sink<'_>) -> Diagnostic {
    let finding =
        out.finding(error.message.clone(), Label::at(error.span, remedy(source, error))).help(help(error.kind));
    match error.kind {
        // Python readers fail on it for certain; what the Hub does is not known.
        Kind::InvalidUtf8 => finding.effect(Effect::BreaksUsers),
        // The Hub's reader takes it, the first under a name that nobody wrote; Python's does not.
        Kind::CollectionAsKey | Kind::TabInFlow => finding.effect(Effect::BreaksUsers),
        Kind::TooLarge | Kind::TooDeep => finding.effect(Effect::LosesReach),
        Kind::DuplicateKey { first } => finding.related(Label::at(first, "the first one")),
        _ => finding,
    }
}

/// What to write, where that fits a label.
fn remedy(source: &SourceFile, error: &YamlError) -> String {
    let text = source.slice(error.span);
    let quotes = || {
        let fits = text.len() <= SHOWN && !text.contains(['\n', '\r']);
        if fits {
            format!("write {}", in_backticks(&edits::quoted(text, Style::DoubleQuoted)))
        } else {
            "put it in quotes".to_owned()
        }
    };
    match error.kind {
        Kind::ColonInValue | Kind::ReservedCharacter if !text.starts_with(['|', '>']) => quotes(),
        Kind::NoSpaceAfterColon => "write a blank behind this colon".to_owned(),
        Kind::UnclosedQuote => "close it on this line".to_owned(),
        Kind::UnclosedBracket => "close it behind the last item".to_owned(),
        Kind::Tab | Kind::TabInFlow => "use blanks".to_owned(),
        Kind::Template => "write the value".to_owned(),
        Kind::CollectionAsKey if text.starts_with("{{") => "write the value".to_owned(),
        Kind::DuplicateKey { .. } => "keep one of the two".to_owned(),
        Kind::NotAMapping => "write `key: value` lines".to_owned(),
        Kind::SecondDocument => "remove this line".to_owned(),
        Kind::ControlCharacter => "remove it".to_owned(),
        Kind::InvalidUtf8 => "not UTF-8".to_owned(),
        Kind::UnknownAlias => match text.strip_prefix('*') {
            Some(name) if text.len() <= SHOWN => format!("no `&{name}` stands above"),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

fn in_backticks(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// What it costs, and the next step.
fn help(kind: Kind) -> &'static str {
    match kind {
        Kind::DuplicateKey { .. } => {
            "the Hub refuses the push; Python tools take the last one without a word, so that both see different cards"
        }
        Kind::NotAMapping => "the Hub refuses the push: metadata are `key: value` lines, as in `license: mit`",
        Kind::InvalidUtf8 => "Python tools fail on the card; save the file as UTF-8 in the editor that wrote it",
        Kind::TooLarge => "what comes behind was not checked; a card's metadata are a few hundred lines at most",
        Kind::TooDeep => "what lies deeper was not checked; metadata need no more than six levels",
        Kind::TabInFlow => {
            "the Hub reads it, and Python tools such as `huggingface_hub` fail on the card; write blanks"
        }
        Kind::CollectionAsKey => {
            "Python tools cannot read the card, and the Hub makes another key of it: write a word as the key, or fill in what a template left in braces"
        }
        Kind::Template => {
            "the Hub refuses the push: braces are YAML's own; the program that should have filled this in did not"
        }
        _ => "the Hub refuses the push (`Invalid YAML in README.md`) until the whole block can be read",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::in_front_matter;

    #[test]
    fn the_hub_is_not_said_to_refuse_a_collection_as_a_key() {
        for (yaml, said) in [
            ("x: {{ y }}\n", "template"),
            ("x:\n  {arg_0}: 1\n", "template"),
            ("x:\n  {a: 1, b: 2}: 1\n", "cannot be a key"),
        ] {
            let [finding] = in_front_matter(&InvalidFrontMatter, yaml).try_into().unwrap();
            assert!(finding.message.contains(said), "{}", finding.message);
            assert!(finding.help.unwrap().starts_with("Python tools cannot read"));
            assert_eq!(finding.effect, Effect::BreaksUsers);
        }
    }
}

//! `invalid-front-matter`: YAML that the Hub's reader rejects.

use crate::card::front_matter::{YamlError, YamlErrorKind as Kind, edits};
use crate::checklist;
use crate::diagnostic::{Diagnostic, Effect, Label, Level};
use crate::rules::fields::advice::advice;
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
        out.finding(error.message.clone(), Label::at(error.span, remedy(source, error))).help(help(source, error));
    match error.kind {
        // Python readers fail on it for certain; what the Hub does is not known.
        Kind::InvalidUtf8 => finding.effect(Effect::BreaksUsers),
        // The Hub's reader accepts both, and makes another key of the first; Python's reader does not.
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
        Kind::NoSpaceAfterColon => "write a space after this colon".to_owned(),
        Kind::UnclosedQuote => "close it on this line".to_owned(),
        Kind::UnclosedBracket => "close it after the last item".to_owned(),
        Kind::Tab | Kind::TabInFlow => "use spaces".to_owned(),
        Kind::Template => "write the value".to_owned(),
        Kind::CollectionAsKey if text.starts_with("{{") => "write the value".to_owned(),
        Kind::DuplicateKey { .. } => "keep one of the two".to_owned(),
        Kind::NotAMapping => "write `key: value` lines".to_owned(),
        Kind::SecondDocument => "remove this line".to_owned(),
        Kind::ControlCharacter => "remove it".to_owned(),
        Kind::InvalidUtf8 => "not UTF-8".to_owned(),
        Kind::UnknownAlias => match text.strip_prefix('*') {
            Some(name) if text.len() <= SHOWN => format!("no `&{name}` above this line"),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

fn in_backticks(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

const REJECTED: &str = "The Hub rejects the push (`Invalid YAML in README.md`) until the whole block is valid.";

/// The next step, and what it costs to leave it.
fn help(source: &SourceFile, error: &YamlError) -> String {
    let is_block_scalar = source.slice(error.span).starts_with(['|', '>']);
    let (order, reason) = match error.kind {
        Kind::DuplicateKey { .. } => {
            ("keep only one of the two keys", "The Hub rejects the push, and Python tools read only the last key.")
        }
        Kind::NotAMapping => (
            "write the metadata as `key: value` lines, such as `license: mit`",
            "The Hub rejects the push of any other form.",
        ),
        Kind::InvalidUtf8 => {
            ("save the file as UTF-8 in the editor that wrote it", "Loading the card fails in Python tools.")
        }
        Kind::TooLarge => ("shorten the metadata to a few hundred lines", "The rest of the block was not checked."),
        Kind::TooDeep => ("nest values at most six levels deep", "Values below this level were not checked."),
        Kind::TabInFlow => (
            "write spaces instead of the tab",
            "The Hub accepts it, but loading the card fails in Python tools such as `huggingface_hub`.",
        ),
        Kind::CollectionAsKey => (
            "write a word as the key, or fill in the braces of a template",
            "Loading the card fails in Python tools, and the Hub reads another key.",
        ),
        Kind::Template => (
            "write the value instead of the braces",
            "The Hub rejects the push, because braces have a meaning in YAML.",
        ),
        Kind::ColonInValue | Kind::ReservedCharacter if !is_block_scalar => ("put the value in quotes", REJECTED),
        Kind::NoSpaceAfterColon => ("write a space after the colon", REJECTED),
        Kind::UnclosedQuote => ("close the quotation mark", REJECTED),
        Kind::UnclosedBracket => ("close the bracket", REJECTED),
        Kind::Tab => ("use spaces for indentation", REJECTED),
        Kind::UnknownAlias => ("put the value in quotes, or define the anchor above", REJECTED),
        Kind::SecondDocument | Kind::ControlCharacter => ("remove it", REJECTED),
        _ => ("correct the YAML here", REJECTED),
    };
    advice(order, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::in_front_matter;

    #[test]
    fn the_hub_is_not_said_to_reject_a_collection_as_a_key() {
        for (yaml, said) in [
            ("x: {{ y }}\n", "template"),
            ("x:\n  {arg_0}: 1\n", "template"),
            ("x:\n  {a: 1, b: 2}: 1\n", "cannot be a key"),
        ] {
            let [finding] = in_front_matter(&InvalidFrontMatter, yaml).try_into().unwrap();
            assert!(finding.message.contains(said), "{}", finding.message);
            assert!(finding.help.unwrap().contains("fails in Python tools"));
            assert_eq!(finding.effect, Effect::BreaksUsers);
        }
    }
}

//! `misplaced-metadata`: keys of the card that stand where the Hub does not look for them.

use crate::card::Card;
use crate::card::front_matter::Fence;
use crate::card::front_matter::fence::Block;
use crate::checklist;
use crate::claims::misplaced::{Misplaced, Place};
use crate::diagnostic::{Edit, Effect, Fix, Label, Level, Safety};
use crate::rules::fields::advice::advice;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::Span;
use crate::source::tree::{Kind, NodeRef};
use crate::words::{all_of, quoted};

pub(crate) struct MisplacedMetadata;

static META: Meta = Meta {
    name: "misplaced-metadata",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("misplaced_metadata.md"),
};

/// How many keys a message names.
const MAX_NAMED: usize = 5;

const UNSEEN: &str = "The Hub reads no metadata here, so users cannot find the model by task, license or language.";

impl Rule for MisplacedMetadata {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let (Some(card), Some(misplaced)) = (cx.card(), cx.misplaced()) else { return };
        // Keys without fences are a block that only lacks them: `missing-front-matter`.
        if misplaced.place == Place::Unfenced {
            return;
        }
        let Words { message, label, order } = words(misplaced);
        let lost = misplaced.repeated.len() < misplaced.keys.len() || misplaced.keys.is_empty();
        let level = if lost { Level::Error } else { Level::Warning };
        let shown = if misplaced.place == Place::BelowFence { misplaced.lines } else { misplaced.whole };
        let at = card.source().first_line(shown);
        let mut finding = out.finding_at(level, message, Label::at(at, label));
        if let Fence::Block(block) = &card.front_matter.fence {
            finding = finding.related(Label::at(block.close, "the metadata block ends here"));
        }
        if misplaced.repeated.is_empty() {
            return out.push(finding.help(advice(order, UNSEEN)).fix(fix(card, misplaced)));
        }
        let repeated = all_of(misplaced.repeated.iter().take(MAX_NAMED).map(|key| quoted(key)));
        let help = "Write each key once, above the closing `---`. The Hub ignores these lines and shows them as text.";
        let block = card.front_matter.get(misplaced.repeated.first().map_or("", String::as_str));
        if let Some(field) = block {
            finding = finding.related(Label::at(field.key.span(), format!("the block has {repeated}, too")));
        }
        out.push(finding.help(help));
    }
}

/// What a finding says.
struct Words {
    message: &'static str,
    label: &'static str,
    order: &'static str,
}

fn words(misplaced: &Misplaced) -> Words {
    let (message, label, order) = match misplaced.place {
        Place::Unfenced | Place::CodeBlock => (
            "the metadata is in a code block, where the Hub does not look for it",
            "write `---` in place of this line, and of the line that ends the code block",
            "write `---` in place of the two lines of the code block",
        ),
        Place::Lower { after_comment: true, .. } => (
            "the metadata block is below a comment, where the Hub does not look for it",
            "move the block above the comment",
            "move the block above the comment",
        ),
        Place::Lower { .. } => (
            "the metadata is below other text, where the Hub does not look for it",
            "move it to the top of the file, between two `---` lines",
            "move the metadata to the top of the file, between two `---` lines",
        ),
        Place::BelowFence => (
            "metadata keys are below the closing `---`, where the Hub does not look for them",
            "move the keys above the closing `---`",
            "move the keys above the closing `---`",
        ),
        Place::SecondBlock => (
            "a second metadata block is below the first, where the Hub does not look for it",
            "move its keys into the first block",
            "move the keys of the second block into the first",
        ),
    };
    Words { message, label, order }
}

/// Wraps or moves the author's lines. Nothing where they are not YAML, or where the block above could not take them.
fn fix(card: &Card<'_>, misplaced: &Misplaced) -> Option<Fix> {
    let source = card.source();
    let written = source.slice(misplaced.lines);
    let line_end = if written.contains("\r\n") { "\r\n" } else { "\n" };
    let lines = if written.ends_with('\n') { written.to_owned() } else { format!("{written}{line_end}") };
    let fence = format!("---{line_end}");
    let (start, end) = (misplaced.lines.start, misplaced.lines.end);
    let span = |start: u32, end: u32| Span { start, end, ..misplaced.lines };
    let taken_out = |at: Span| Edit { at, text: String::new() };
    let (title, edits) = match misplaced.place {
        Place::Unfenced => return None,
        Place::CodeBlock => {
            let open = Edit { at: span(misplaced.whole.start, start), text: fence.clone() };
            let close = Edit { at: span(end, misplaced.whole.end), text: fence };
            ("write `---` in place of the code block", vec![open, close])
        }
        Place::Lower { .. } => {
            let top = if source.text().starts_with('\u{feff}') { 3 } else { 0 };
            let block = Edit { at: span(top, top), text: format!("{fence}{lines}{fence}") };
            ("move the metadata to the top of the file", vec![block, taken_out(misplaced.whole)])
        }
        Place::BelowFence | Place::SecondBlock => {
            let (Fence::Block(Block { close, .. }) | Fence::Empty { close, .. }) = &card.front_matter.fence else {
                return None;
            };
            let keys = Edit { at: span(joint(card, close.start)?, close.start), text: lines };
            ("move the keys into the metadata block", vec![keys, taken_out(misplaced.whole)])
        }
    };
    let is_quoted = matches!(misplaced.place, Place::Lower { is_own: false, .. });
    let mut fix = Fix::new(title, if is_quoted { Safety::Unsafe } else { Safety::Safe });
    fix.edits = edits;
    fix.keys.clone_from(&misplaced.keys);
    misplaced.is_sound.then_some(fix)
}

/// Where the keys of a block end that can take more: at its closing fence, or, of one that is `{}`, at its start. Nothing for
/// a mapping in braces, and for keys that are indented.
fn joint(card: &Card<'_>, close: u32) -> Option<u32> {
    let matter = &card.front_matter;
    let Some(root) = matter.tree.root() else { return Some(close) };
    let Kind::Mapping { flow, .. } = root.kind() else { return None };
    match root.pairs().next() {
        None => matter.comments.is_empty().then_some(root.span().start),
        Some((key, _)) => (!flow && starts_line(card, key)).then_some(close),
    }
}

fn starts_line(card: &Card<'_>, key: NodeRef<'_>) -> bool {
    card.source().text().get(..key.span().start as usize).is_some_and(|before| before.ends_with('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::metadata::{MissingFrontMatter, MissingLicense};
    use crate::rules::testing::{applied, findings};

    /// The card after the fix of the only finding.
    fn fixed(card: &str) -> Option<String> {
        let found = findings(&MisplacedMetadata, &[("README.md", card)]);
        assert_eq!(found.len(), 1, "{card}");
        assert_eq!(findings(&MissingFrontMatter, &[("README.md", card)]), [], "{card}");
        found[0].fix.as_ref().map(|fix| applied(card, fix))
    }

    #[test]
    fn the_lines_of_the_author_become_the_block() {
        for (card, after) in [
            ("# T\n\nlicense: mit\ntags: [a]\n\nText.\n", "---\nlicense: mit\ntags: [a]\n---\n# T\n\n\nText.\n"),
            ("```yaml\nlicense: mit\ntags: [a]\n```\n# T\n", "---\nlicense: mit\ntags: [a]\n---\n# T\n"),
            ("```yaml\n---\nlicense: mit\ntags: [a]\n---\n```\n# T\n", "---\nlicense: mit\ntags: [a]\n---\n# T\n"),
            ("# T\n---\nlicense: mit\n---\nText.\n", "---\nlicense: mit\n---\n# T\nText.\n"),
            ("<!-- c -->\n---\nlicense: mit\n---\nText.\n", "---\nlicense: mit\n---\n<!-- c -->\nText.\n"),
            ("---\nlicense: mit\n---\n\ntags:\n- a\n---\n# T\n", "---\nlicense: mit\ntags:\n- a\n---\n# T\n"),
            ("---\nlicense: mit\n---\n---\n\n\ntags:\n- a\n\n**T**\n", "---\nlicense: mit\ntags:\n- a\n---\n\n**T**\n"),
            ("---\n---\nlicense: mit\n\n# T\n", "---\nlicense: mit\n---\n\n# T\n"),
            ("---\n{}\n---\nlicense: mit\n---\n# T\n", "---\nlicense: mit\n---\n# T\n"),
            (
                "---\nlicense: mit\n---\n# T\n\n---\nlanguage: en\n---\nText.\n",
                "---\nlicense: mit\nlanguage: en\n---\n# T\n\nText.\n",
            ),
        ] {
            let result = fixed(card);
            assert_eq!(result.as_deref(), Some(after), "{card}");
            assert_eq!(findings(&MisplacedMetadata, &[("README.md", after)]), [], "{after}");
        }
    }

    #[test]
    fn what_cannot_be_moved_is_explained() {
        for (card, level) in [
            ("---\nlicense: mit\n---\n\nlicense: mit\ndatasets:\n\t- a\n\n# T\n", Level::Error),
            ("---\nlicense: mit\n---\nlicense: mit\n", Level::Warning),
            ("---\n{license: mit}\n---\nlanguage: en\n", Level::Error),
            ("---\n  license: mit\n---\nlanguage: en\n", Level::Error),
        ] {
            assert_eq!(fixed(card), None, "{card}");
            assert_eq!(findings(&MisplacedMetadata, &[("README.md", card)])[0].level, level, "{card}");
        }
    }

    #[test]
    fn a_quoted_card_is_moved_only_when_that_is_asked_for() {
        let card = format!("# T\n{}---\nlicense: mit\n---\n", "A line of text.\n".repeat(5));
        let found = findings(&MisplacedMetadata, &[("README.md", &card)]);
        assert_eq!(found[0].fix.as_ref().map(|fix| fix.safety), Some(Safety::Unsafe));
    }

    #[test]
    fn prose_with_colons_tables_rules_and_examples_are_none() {
        for card in [
            "# T\n\nlicense: the MIT license\nlanguage: German or Deutsch <br />\n",
            "language: this model speaks\n",
            "description: a model\n\n# T\n",
            "License: MIT\nLanguage: English\n",
            "# T\n\nlicense: mit\n",
            "| license: | mit |\n|---|---|\n",
            "# T\n\n```yaml\nlicense: mit\ntags: [a]\n```\n",
            "```yaml\nmodel: a\nlicense: mit\n```\nText.\n```\n",
            "```python\nlicense: mit\ntags: [a]\n```\n",
            "---\nlicense: mit\n---\n\n# T\n\nlicense: mit\nlanguage: en\n",
            "---\nlicense: mit\n---\n\n---\n\n# T\n---\n",
            "---\nlicense: mit\n---\n# T\n---\nlicense: mit\ntags: [a]\n---\n",
            "---\nlicense: mit\n---\nA paragraph that is longer than what is left of a picture, and more.\n\n---\ntags: [a]\n---\n",
            "---\nlicense: mit\n---\nModel Name: a <br />\nlanguage: en <br />\n",
            "---\nlicense: mit\n---\ntags: are words\n",
            "---\nlicense: [mit\n---\ntags: [a]\n",
            "\n\n---\nlicense: mit\n---\n# T\n",
            "\u{feff}---\nlicense: mit\n---\n# T\n",
            "license: mit\nlanguage: en\n---\n# T\n",
        ] {
            assert_eq!(findings(&MisplacedMetadata, &[("README.md", card)]), [], "{card}");
        }
    }

    #[test]
    fn a_key_that_is_misplaced_is_not_missing() {
        let card = "---\nlanguage: en\n---\n---\nlicense: mit\n\n# T\n";
        assert_eq!(findings(&MissingLicense, &[("README.md", card)]), []);
    }

    #[test]
    fn a_hostile_file_costs_little() {
        for line in ["license: mit\n", "---\n", "# T\n", "\n", "license:\n", "- a\n", "```\n", "<!-- -->\n---\n"] {
            let many = line.repeat(100_000);
            for card in [many.clone(), format!("license: mit\n{many}"), format!("---\na: b\n---\n{many}")] {
                findings(&MisplacedMetadata, &[("README.md", &card)]);
            }
        }
    }
}

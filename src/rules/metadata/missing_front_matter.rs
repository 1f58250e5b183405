//! `missing-front-matter`: a card in which the Hub sees no metadata.

use crate::card::Card;
use crate::card::front_matter::fence::{NearMiss, Why};
use crate::card::front_matter::{Fence, edits};
use crate::checklist;
use crate::claims::misplaced::{Misplaced, Place};
use crate::diagnostic::{Diagnostic, Edit, Effect, Fix, Label, Level, Safety};
use crate::hub::fields;
use crate::rules::fields::advice::advice;
use crate::rules::fields::block;
use crate::rules::{Context, Meta, Needs, README, Rule, Section, Sink};
use crate::source::tree::NodeRef;
use crate::source::{Encoding, SourceFile, Span};
use crate::words::quoted;

pub(crate) struct MissingFrontMatter;

static META: Meta = Meta {
    name: "missing-front-matter",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("missing_front_matter.md"),
};

const COST: &str = "Without metadata, the Hub cannot list the model by task, license, library or language.";

const UNSEEN: &str = "The Hub reads no metadata here, so users cannot find the model by task, license or language.";

const REJECTED: &str = "The Hub rejects the push of a metadata block without keys.";

impl Rule for MissingFrontMatter {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(card) = cx.card() else { return };
        // An LFS pointer in the card's place is another defect: the card itself was not read.
        if cx.release().find(README).is_some_and(|file| file.lfs.is_some()) {
            return;
        }
        // The metadata is there, without its fences or at another place.
        if let Some(misplaced) = cx.misplaced() {
            if misplaced.place == Place::Unfenced {
                out.push(unfenced(card.source(), misplaced, out));
            }
            return;
        }
        let source = card.source();
        let found = match &card.front_matter.fence {
            Fence::Missing { .. } if *source.encoding() == Encoding::Utf16 => utf16(source, out),
            Fence::Missing { .. } if !unopened_keys(source).is_empty() => unopened(source, out),
            Fence::Missing { near: Some(near) } => badly_opened(source, *near, out),
            Fence::Missing { near: None } => filled(cx, card, absent(source, out), COST),
            Fence::Empty { open, close } => {
                let message = "the metadata block has nothing between its `---` lines";
                filled(cx, card, out.finding(message, Label::at(open.to(*close), "no key here")), COST)
            }
            Fence::Unclosed { open, near } => unclosed(source, *open, *near, out),
            Fence::Block(block) if has_no_key(card) => {
                let label = Label::at(block.open.to(block.close), "no key here");
                if card.front_matter.tree.root().is_some() {
                    // `{}` is a mapping, as the Hub's own template has it.
                    let finding = out.finding("the metadata block is `{}`, which contains no key", label);
                    filled(cx, card, finding, COST)
                } else {
                    // The Hub answers "the YAML metadata is invalid".
                    let finding = out.finding("the metadata block contains no key", label);
                    filled(cx, card, finding.effect(Effect::BlocksPush), REJECTED)
                }
            }
            Fence::Block(_) => return,
        };
        out.push(found);
    }
}

fn has_no_key(card: &Card<'_>) -> bool {
    let matter = &card.front_matter;
    matter.errors.is_empty()
        && matter.tree.root().is_none_or(|root: NodeRef<'_>| root.is_mapping() && root.pairs().next().is_none())
}

/// Adds the fix that writes what the files prove.
fn filled(cx: &Context<'_>, card: &Card<'_>, mut finding: Diagnostic, cost: &str) -> Diagnostic {
    let block = block::of(cx);
    let edit: Option<Edit> = match card.front_matter.fence {
        Fence::Missing { .. } => edits::create_block(card.source(), &card.front_matter, &block.lines),
        _ => edits::insert_key(card.source(), &card.front_matter, &block.lines),
    };
    let order = match &edit {
        None => format!("write `key: value` lines between two `---` lines at the top of `{README}`"),
        Some(_) => "write the metadata, or let `--fix` begin it with a TODO for each open value".to_owned(),
    };
    let title = match block.summary() {
        Some(proven) => format!("write the metadata block with {proven}"),
        None => "write the metadata block".to_owned(),
    };
    let fix = edit.map(|edit| {
        let mut fix = Fix::new(title, Safety::Safe).edit(edit.at, edit.text);
        fix.keys = block.keys.iter().map(|key| (*key).to_owned()).collect();
        fix.left_open = block.left_open;
        fix
    });
    finding.related = block.proofs;
    finding.help(advice(&order, cost)).fix(fix)
}

fn absent(source: &SourceFile, out: &Sink<'_>) -> Diagnostic {
    let label = match first_words(source) {
        Some(line) => Label::at(line, "write the block above this line, between two `---` lines"),
        None => Label::file(source.id(), "the file is empty"),
    };
    out.finding(format!("`{README}` has no metadata block"), label)
}

/// The most lines of a block whose opening line is missing; real ones have a few dozen.
const MAX_UNOPENED_LINES: usize = 500;

/// The keys of a file that begins with the lines of a metadata block and a closing `---`, as if only the opening one
/// were missing. Empty for any other text: the first line must be a key that the Hub knows.
fn unopened_keys(source: &SourceFile) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for line in source.text().trim_start_matches('\u{feff}').lines().take(MAX_UNOPENED_LINES) {
        if line.trim_end() == "---" {
            return keys;
        }
        let is_inside = !keys.is_empty() && (line.starts_with([' ', '#']) || line.starts_with("- ") || line.is_empty());
        if is_inside {
            continue;
        }
        let key = line.split_once(':').filter(|(_, value)| value.is_empty() || value.starts_with(' '));
        match key.map(|(key, _)| key) {
            Some(key) if fields::get(key).is_some() => keys.push(key.to_owned()),
            Some(key) if !keys.is_empty() && is_plain_key(key) => keys.push(key.to_owned()),
            _ => return Vec::new(),
        }
    }
    Vec::new()
}

fn is_plain_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// A block without its opening line, which is all that the fix writes.
fn unopened(source: &SourceFile, out: &Sink<'_>) -> Diagnostic {
    let text = source.text();
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let label = match first_words(source) {
        Some(line) => Label::at(line, "write `---` on its own line above this one"),
        None => Label::file(source.id(), "write `---` on the first line"),
    };
    let mut fix =
        Fix::new("write the opening `---`", Safety::Safe).edit(source.span(start, start), format!("---{line_end}"));
    fix.keys = unopened_keys(source);
    out.finding("the metadata block has no opening `---`", label)
        .help(advice("write `---` on the first line of the file", UNSEEN))
        .fix(Some(fix))
}

/// Keys without any fence: the fix wraps the lines as they are.
fn unfenced(source: &SourceFile, misplaced: &Misplaced, out: &Sink<'_>) -> Diagnostic {
    let lines = misplaced.lines;
    let written = source.slice(lines);
    let line_end = if written.contains("\r\n") { "\r\n" } else { "\n" };
    let (open, close) = match written.ends_with('\n') {
        true => (format!("---{line_end}"), format!("---{line_end}")),
        false => (format!("---{line_end}"), format!("{line_end}---{line_end}")),
    };
    let start = Span { end: lines.start, ..lines };
    let mut fix = Fix::new("write `---` above and below the metadata", Safety::Safe);
    fix = fix.edit(start, open).edit(Span::at(lines.file, lines.end), close);
    fix.keys.clone_from(&misplaced.keys);
    let label = Label::at(source.first_line(lines), "write `---` above this line, and below the last key");
    out.finding("the metadata at the top of the file has no `---` lines around it", label)
        .help(advice("write `---` on its own line above and below the keys", UNSEEN))
        .fix(misplaced.is_sound.then_some(fix))
}

/// The first line that is not empty.
fn first_words(source: &SourceFile) -> Option<Span> {
    let text = source.text();
    let line = text.lines().map(|line| line.trim_matches(['\u{feff}', ' ', '\t'])).find(|line| !line.is_empty())?;
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    Some(source.span(start, start + line.len()))
}

fn utf16(source: &SourceFile, out: &Sink<'_>) -> Diagnostic {
    let label = Label::file(source.id(), "save it as UTF-8");
    let help = advice("save the file as UTF-8 in your editor", UNSEEN);
    out.finding(format!("`{README}` is encoded as UTF-16, which the Hub does not read"), label).help(help)
}

/// A block that would be one with another opening line.
fn badly_opened(source: &SourceFile, near: NearMiss, out: &Sink<'_>) -> Diagnostic {
    let shown = source.first_line(near.span);
    let text = quoted(source.slice(shown));
    let (message, label) = match near.why {
        Why::SpaceAfterOpening => {
            ("spaces after the opening `---` hide the metadata from the Hub".to_owned(), "remove the spaces")
        }
        Why::TooManyDashes => (format!("{text} does not open a metadata block"), "write three dashes: `---`"),
        Why::OldMacLineEnd => (OLD_MAC.to_owned(), OLD_MAC_REMEDY),
        _ => (format!("{text} does not open a metadata block"), "write `---` and nothing else on this line"),
    };
    out.finding(message, Label::at(shown, label)).help(advice(label, UNSEEN))
}

const OLD_MAC: &str = "the line ends are single carriage returns, which the Hub does not read as line ends";
const OLD_MAC_REMEDY: &str = "save the file with `\\n` line ends";

fn unclosed(source: &SourceFile, open: Span, near: Option<NearMiss>, out: &Sink<'_>) -> Diagnostic {
    let Some(near) = near else {
        let message = "the metadata block is never closed";
        let help = advice("write `---` on its own line after the last key", UNSEEN);
        return out.finding(message, Label::at(open, "no `---` line follows")).help(help);
    };
    let shown = source.first_line(near.span);
    let text = quoted(source.slice(shown));
    let (message, label) = match near.why {
        Why::IndentedClosing => {
            ("the closing `---` of the metadata block is indented".to_owned(), "move it to the start of the line")
        }
        Why::ClosedByDots => ("`...` does not close the metadata block".to_owned(), "write `---`"),
        Why::TooManyDashes => (format!("{text} does not close the metadata block"), "write three dashes: `---`"),
        Why::OldMacLineEnd => (OLD_MAC.to_owned(), OLD_MAC_REMEDY),
        _ => (format!("{text} does not close the metadata block"), "write `---` and nothing else on this line"),
    };
    let finding = out.finding(message, Label::at(shown, label));
    finding.related(Label::at(open, "the block opens here")).help(advice(label, UNSEEN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{applied, check, findings};

    #[test]
    fn the_block_goes_before_the_text_and_takes_its_line_ends() {
        for (card, start) in [
            ("# A\r\n", "---\r\npipeline_tag:"),
            ("\u{feff}# A\n", "\u{feff}---\npipeline_tag:"),
            ("", "---\npipeline_tag:"),
            ("\n\n# A\n", "---\npipeline_tag:"),
        ] {
            let found = findings(&MissingFrontMatter, &[("README.md", card)]);
            let after = applied(card, found[0].fix.as_ref().unwrap());
            assert!(after.starts_with(start) && after.ends_with(card.trim_start_matches('\u{feff}')), "{after:?}");
            assert_eq!(findings(&MissingFrontMatter, &[("README.md", &after)]), [], "{after:?}");
        }
    }

    #[test]
    fn braces_are_what_the_template_writes_and_give_way_to_keys() {
        for (card, start) in [
            ("---\n{}\n---\n# A\n", "---\npipeline_tag:"),
            ("---\n{ }\n---\n", "---\npipeline_tag:"),
            ("---\r\n{}\r\n---\r\n", "---\r\npipeline_tag:"),
            ("---\n# mine\n{} # none\n---\n", "---\n# mine\npipeline_tag:"),
            ("---\n{\n}\n---\n", "---\npipeline_tag:"),
        ] {
            let found = findings(&MissingFrontMatter, &[("README.md", card)]);
            assert_eq!((found.len(), found[0].effect), (1, Effect::LosesReach), "{card:?}");
            let after = applied(card, found[0].fix.as_ref().unwrap());
            assert!(after.starts_with(start) && !after.contains('{'), "{after:?}");
            assert_eq!(findings(&MissingFrontMatter, &[("README.md", &after)]), [], "{after:?}");
        }
        for card in ["---\n\n---\n", "---\n# a\n---\n"] {
            assert_eq!(findings(&MissingFrontMatter, &[("README.md", card)])[0].effect, Effect::BlocksPush, "{card}");
        }
    }

    #[test]
    fn what_a_person_took_for_a_fence_is_named_and_left_alone() {
        for (card, label) in [
            ("--- \nlicense: mit\n---\n", "remove the spaces"),
            ("----\nlicense: mit\n---\n", "write three dashes: `---`"),
            ("---\nlicense: mit\n--- end\n", "write `---` and nothing else on this line"),
            ("---\nlicense: mit\r---\r# A", "save the file with `\\n` line ends"),
            ("---\n# A rule, not a block\n\nText.\n", "no `---` line follows"),
        ] {
            let found = findings(&MissingFrontMatter, &[("README.md", card)]);
            assert_eq!(found.iter().map(|found| found.primary.text.as_str()).collect::<Vec<_>>(), [label], "{card:?}");
            assert_eq!(found[0].fix, None, "{card:?}");
        }
    }

    #[test]
    fn a_block_without_its_opening_line_gets_that_line() {
        for card in [
            "language: en\nlicense: mit\ndatasets:\n- a/b\n\nthumbnail:\n---\n\n# A\n",
            "\u{feff}license: mit\r\n---\r\n# A\r\n\r\n---\r\nx: y\r\n---\r\n",
        ] {
            let found = findings(&MissingFrontMatter, &[("README.md", card)]);
            let after = applied(card, found[0].fix.as_ref().unwrap());
            assert_eq!(after.replace("---\r\nlicense", "license").replace("---\nlanguage", "language"), card);
            assert_eq!(findings(&MissingFrontMatter, &[("README.md", &after)]), [], "{after:?}");
        }
        for card in ["Note: this\n---\n", "license: mit\nSome text.\n---\n", "license: mit\n", "language\n---\n"] {
            let found = findings(&MissingFrontMatter, &[("README.md", card)]);
            assert!(found.iter().all(|found| !found.message.contains("opening")), "{card:?}");
        }
    }

    #[test]
    fn keys_without_fences_become_the_block() {
        for (card, after) in [
            ("license: mit\ntags:\n- a\n\n# T\n", "---\nlicense: mit\ntags:\n- a\n---\n\n# T\n"),
            (
                "\u{feff}\r\nlicense: mit\r\nlanguage: en\r\n# T\r\n",
                "\u{feff}\r\n---\r\nlicense: mit\r\nlanguage: en\r\n---\r\n# T\r\n",
            ),
            ("language: en", "---\nlanguage: en\n---\n"),
            (
                "language:\n  - en\n\nlicense: mit\nours: 1\n\nNote: text\n",
                "---\nlanguage:\n  - en\n\nlicense: mit\nours: 1\n---\n\nNote: text\n",
            ),
        ] {
            let found = findings(&MissingFrontMatter, &[("README.md", card)]);
            assert_eq!(found.len(), 1, "{card}");
            assert_eq!(applied(card, found[0].fix.as_ref().unwrap()), after);
            assert_eq!(findings(&MissingFrontMatter, &[("README.md", after)]), [], "{after}");
        }
    }

    #[test]
    fn the_block_contains_what_files_prove_and_never_what_they_suggest() {
        let t5 = ("config.json", r#"{"model_type": "t5", "architectures": ["T5ForConditionalGeneration"]}"#);
        let card = "# A\n\n```python\npipeline('translation')\n```\n";
        let found = findings(&MissingFrontMatter, &[("README.md", card), t5]);
        let after = applied(card, found[0].fix.as_ref().unwrap());
        assert!(after.starts_with("---\npipeline_tag:  # TODO"), "{after}");
    }

    #[test]
    fn silent_where_another_rule_speaks() {
        let pointer = format!(
            "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n",
            "0123456789abcdef".repeat(4)
        );
        for card in [pointer.as_str(), "---\nlicense: [mit\n---\n", "---\n- a\n---\n", "---\nlicense:\n---\n"] {
            assert_eq!(findings(&MissingFrontMatter, &[("README.md", card)]), [], "{card}");
        }
        assert!(check(&MissingFrontMatter, &[("readme.md", "# A")]).found.is_empty());
    }
}

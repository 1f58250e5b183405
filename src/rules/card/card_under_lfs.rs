//! `card-under-lfs`: a README.md that git-lfs would take away from the Hub's page.

use crate::checklist;
use crate::diagnostic::{Diagnostic, Edit, Effect, Fix, Label, Level, Safety};
use crate::release::lfs_line;
use crate::rules::{Context, Meta, Needs, README, Rule, Section, Sink};
use crate::source::{Encoding, SourceFile};

pub(crate) struct CardUnderLfs;

static META: Meta = Meta {
    name: "card-under-lfs",
    section: Section::Card,
    level: Level::Error,
    effect: Effect::LosesReach,
    item: checklist::CARD_METADATA,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("card_under_lfs.md"),
};

const ATTRIBUTES: &str = ".gitattributes";

/// The line that keeps the card out of git-lfs: it stands last, so that it wins.
const LINE: &str = "README.md -filter -diff -merge text";

const HELP: &str = "Add the line `README.md -filter -diff -merge text` at the end of `.gitattributes`. Otherwise the Hub \
                    stores the card with git-lfs and reads no card.";

impl Rule for CardUnderLfs {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let release = cx.release();
        let Some(card) = release.find(README).filter(|file| file.lfs_covered) else { return };
        let message = format!("`{ATTRIBUTES}` gives `{README}` to git-lfs");
        let attributes = release.find(ATTRIBUTES).and_then(|file| release.text(file.id).ok());
        let line = attributes.and_then(|source| Some((source, lfs_line(source.text(), README)?)));
        let label = match line {
            Some((source, line)) => Label::at(source.span(line.start, line.end), "this pattern takes the card"),
            None => Label::file(card.id, "a pattern takes the card"),
        };
        let finding: Diagnostic = out.finding(message, label).help(HELP);
        if card.lfs.is_some() {
            out.skip(format!("{README} is a git-lfs pointer here: its content was not checked"));
        }
        out.push(finding.fix(attributes.and_then(excepted)));
    }
}

/// Adds the line that keeps the card out of git-lfs.
fn excepted(attributes: &SourceFile) -> Option<Fix> {
    if !matches!(attributes.encoding(), Encoding::Utf8 | Encoding::Utf8WithBom) {
        return None;
    }
    let text = attributes.text();
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = if text.is_empty() || text.ends_with('\n') { "" } else { line_end };
    let at = attributes.span(text.len(), text.len());
    let edit = Edit { at, text: format!("{before}{LINE}{line_end}") };
    Some(Fix::new(format!("add `{LINE}` to `{ATTRIBUTES}`"), Safety::Safe).edit(edit.at, edit.text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::ready::LfsPointer;
    use crate::rules::testing::{applied, check, findings};

    #[test]
    fn a_pattern_that_takes_the_card_gets_an_exception_that_wins() {
        for attributes in [
            "*.md filter=lfs diff=lfs merge=lfs -text\n",
            "README.md filter=lfs -text",
            "* filter=lfs -text\r\n*.txt text\r\n",
            "/README.md filter=lfs\n",
            "*.md !filter\nREADME* filter=lfs\n",
            "[attr]big filter=lfs -text\n*.md big\n",
            "\"README.md\" filter=lfs\n",
        ] {
            let found = findings(&CardUnderLfs, &[("README.md", "# A\n"), (".gitattributes", attributes)]);
            assert_eq!(found.len(), 1, "{attributes}");
            let after = applied(attributes, found[0].fix.as_ref().unwrap());
            assert!(after.starts_with(attributes), "{after}");
            let again = findings(&CardUnderLfs, &[("README.md", "# A\n"), (".gitattributes", &after)]);
            assert_eq!(again, [], "{after}");
        }
    }

    #[test]
    fn a_card_that_git_lfs_leaves_alone() {
        for attributes in [
            "*.md filter=lfs\nREADME.md -filter\n",
            "*.md filter=lfs\nREADME.md !filter\n",
            "* filter=lfs\n*.md filter= text\n",
            "docs/*.md filter=lfs\n",
            "readme.md filter=lfs\n",
            "#*.md filter=lfs\n",
            "*.md text\n",
        ] {
            let found = findings(&CardUnderLfs, &[("README.md", "# A\n"), (".gitattributes", attributes)]);
            assert_eq!(found, [], "{attributes}");
        }
        let nested = [("README.md", "# A\n"), ("docs/README.md", "# A\n"), ("docs/.gitattributes", "* filter=lfs\n")];
        assert_eq!(findings(&CardUnderLfs, &nested), []);
        assert_eq!(findings(&CardUnderLfs, &[(".gitattributes", "* filter=lfs\n")]), []);
    }

    #[test]
    fn a_pointer_in_the_place_of_the_card_is_one_finding() {
        let pointer =
            format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n", "ab".repeat(32));
        for (attributes, own, other) in [("*.md filter=lfs\n", 1, 0), ("*.bin filter=lfs\n", 0, 1)] {
            let files = [("README.md", pointer.as_str()), (".gitattributes", attributes)];
            let found = (findings(&CardUnderLfs, &files).len(), findings(&LfsPointer, &files).len());
            assert_eq!(found, (own, other), "{attributes}");
        }
        let files = [("README.md", pointer.as_str()), (".gitattributes", "*.md filter=lfs\n")];
        assert_eq!(check(&CardUnderLfs, &files).skipped.len(), 1);
    }
}

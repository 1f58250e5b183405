//! `invalid-encoding`: a card whose text is not UTF-8.

use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::rules::{Context, Meta, Needs, README, Rule, Section, Sink};
use crate::source::{Encoding, Span};
use crate::words::count;

pub(crate) struct InvalidEncoding;

static META: Meta = Meta {
    name: "invalid-encoding",
    section: Section::Card,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::CARD_DESCRIPTION,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("invalid_encoding.md"),
};

const HELP: &str = "Save the file as UTF-8 in your editor. Users cannot read these characters on the page.";

impl Rule for InvalidEncoding {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(card) = cx.card() else { return };
        let source = card.source();
        // A whole file in UTF-16 has no metadata, and is reported as that.
        let Encoding::Invalid(runs) = source.encoding() else { return };
        // What stands in the block is a syntax error there.
        let body = card.front_matter.body_start();
        let in_text = runs.iter().filter(|run| run.start >= body);
        let number = in_text.clone().count();
        if number == 0 {
            return;
        }
        let labels = in_text.map(|run| Label::at(Span::new(source.id(), run.clone()), "not UTF-8"));
        let message = format!("`{README}` has bytes that are not UTF-8, in {}", count(number, "place"));
        let finding = out.finding(message, Label::file(source.id(), "save it as UTF-8")).help(HELP);
        out.push(finding.also(labels));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::metadata::InvalidFrontMatter;
    use crate::rules::testing::check;

    #[test]
    fn the_text_and_the_block_are_two_rules() {
        for (card, said) in [
            (&b"---\nlicense: mit\n---\n# Caf\xe9\n"[..], (1, 0)),
            (b"# Caf\xe9 \x93x\x94\n", (1, 0)),
            (b"---\nlicense: mit\nx: \xe9\n---\n# A\n", (0, 1)),
            (b"---\nlicense: mit\n---\n# Caf\xc3\xa9\n", (0, 0)),
            (b"\xff\xfe-\0-\0", (0, 0)),
        ] {
            let found = |rule: &dyn Rule| check(rule, &[("README.md", card)]).found.len();
            assert_eq!((found(&InvalidEncoding), found(&InvalidFrontMatter)), said, "{card:?}");
        }
    }

    #[test]
    fn many_places_are_one_finding() {
        let card = b"a \xe9 ".repeat(10_000);
        let found = check(&InvalidEncoding, &[("README.md", card)]).found;
        assert!(
            found.len() == 1
                && found[0].related.len() + found[0].unlisted == 10_000
                && found[0].message.contains("10000 places")
        );
    }
}

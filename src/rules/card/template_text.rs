//! `template-text`: what a template or a library left in the card for its author to fill in.

use super::names::TEMPLATE_TEXT;
use crate::card::Card;
use crate::card::body::Topic;
use crate::checklist;
use crate::claims::{Kind, Leftover, gap, is_task, not_within};
use crate::diagnostic::{Effect, Label, Level};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::words::quoted;

pub(crate) struct TemplateText;

static META: Meta = Meta {
    name: TEMPLATE_TEXT,
    section: Section::Card,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::CARD_TEMPLATE,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("template_text.md"),
};

impl Rule for TemplateText {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(card) = cx.card() else { return };
        let mut found = cx.leftovers().to_vec();
        if !found.iter().all(|left| left.is_visible()) {
            // The comments of an untouched section go when it is filled, and its emptiness has a rule of its own.
            let gaps = TOPICS.into_iter().filter_map(|topic| gap(cx, topic));
            found = not_within(&found, gaps.flat_map(|gap| gap.empty).collect());
        }
        found.sort_by_key(|left| (left.span.start, left.span.end));
        found.dedup_by(|next, last| next.span.start < last.span.end);
        report(card, found, out);
    }
}

/// What a card has a section for whose emptiness is reported.
const TOPICS: [Topic; 5] = [Topic::Description, Topic::Usage, Topic::Technical, Topic::Evaluation, Topic::Limitations];

/// One finding for all of them: a person goes through the card once.
fn report(card: &Card<'_>, found: Vec<Leftover>, out: &mut Sink<'_>) {
    let is_seen = found.iter().any(|left| left.is_visible());
    // What readers see comes first, comments after it.
    let Some(first) = found.iter().find(|left| left.is_visible() == is_seen) else { return };
    let text = card.source().slice(first.span);
    let shown = quoted(text);
    let (level, message, help) = match (is_seen, found.len()) {
        (true, 1) if is_task(text) => (
            Level::Warning,
            format!("{shown} stands for what is still to be written"),
            "Write it, or delete the line. It makes the card look unfinished.",
        ),
        (true, 1) => (
            Level::Warning,
            format!("{shown} is text of a template"),
            "Fill it in, or delete the line. It makes the card look unfinished.",
        ),
        (true, many) => (
            Level::Warning,
            format!("the card still contains text of a template, in {many} places, such as {shown}"),
            "Fill them in, or delete the lines. They make the card look unfinished.",
        ),
        (false, _) => (
            Level::Info,
            "the source of the card still contains a template's instructions to its author".to_owned(),
            "Delete the comments once the text is right. Readers of the page do not see them.",
        ),
    };
    let finding = out.finding_at(level, message, Label::at(first.span, label(first.kind))).help(help);
    let of = |visible| found.iter().filter(move |left| left.is_visible() == visible);
    let others = of(true).chain(of(false)).filter(|left| left.span != first.span);
    out.push(finding.also(others.map(|left| Label::at(left.span, label(left.kind)))));
}

fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::Title => "name the model",
        Kind::Instruction => "an instruction to the author",
        Kind::Link => "a link to no model",
        Kind::Mark => "fill in or delete",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    fn said(body: &str) -> Vec<String> {
        check(&TemplateText, &[("README.md", body)]).said()
    }

    #[test]
    fn every_form_is_found() {
        for text in [
            "[More Information Needed]",
            "More information needed",
            "[TODO: describe the data used to train the model]",
            "Users should know more. More information needed for further recommendations.",
            "{{ model_summary | default(\"\", true) }}",
            "A fine-tuned version of [None](https://huggingface.co/None).",
            "A model on the None dataset.",
            "FIXME",
            "- **Developed by:** TODO",
            "| speed | TBD |\n|---|---|\n| a | b |",
            "Sorts orders. TODO",
            "More evaluations TBD.",
            "See the numbers, TODO: add them.",
            "setfit_model_id",
            "| a | More info needed |\n|---|---|\n| b | c |",
            "# <!-- TODO: the name -->",
        ] {
            assert_eq!(said(&format!("# Lamp\n\n## Glossary\n\n{text}\n")).len(), 1, "{text}");
        }
    }

    #[test]
    fn every_place_counts() {
        let card = format!("# Lamp\n\n## Glossary\n\n{}", "- **Made of:** [More Information Needed]\n".repeat(44));
        let found = check(&TemplateText, &[("README.md", card.as_str())]).found;
        assert_eq!((found.len(), found[0].related.len(), found[0].unlisted), (1, 19, 24));
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        for text in [
            "Write to-dos with the TODO-list app, or todo.txt.",
            "The data set acme/TODO holds lists.",
            "The next step (see [TODO.md](https://example.org/TODO.md)).",
            "[TODO.md](https://example.org/TODO.md) has the plan.",
            "We added #TODO comments all over, and a TODO list.",
            "There is no more information needed to rebuild it.",
            "No more info needed, as all is here.",
            "`TODO` is a token, and `{{ model_id }}` a variable.",
            "The template writes {{ message }} and $\\frac{{a}}{{b}}$.",
            "<!-- TODO: a note of my own -->",
            "[ACME](https://huggingface.co/acme) and the [Hub](https://huggingface.co/).",
            "<!--\n### Out-of-Scope Use\n\n*List how the model may be misused.*\n-->",
            "- License: unknown\n- Speaker: None\n- WIP",
            "```python\n# TODO: add an example\nmodel = load(\"setfit_model_id\")\n```",
        ] {
            assert_eq!(said(&format!("# Lamp\n\n## Glossary [optional]\n\n{text}\n")), Vec::<String>::new(), "{text}");
        }
    }
}

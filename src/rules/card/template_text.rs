//! `template-text`: what a template or a library left in the card for its author to fill in.

use super::gap::{card, gap};
use super::missing_usage;
use crate::card::Card;
use crate::card::body::{Topic, placeholders};
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::rules::values::{MAX_LABELS, quoted};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::{Phrases, Span};

pub(crate) struct TemplateText;

static META: Meta = Meta {
    name: "template-text",
    section: Section::Card,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::CARD_TEMPLATE,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("template_text.md"),
};

/// How the comments start that templates hold for the author: the Hub's template, and what trainers put first.
const INSTRUCTIONS: &[&str] = &[
    "provide a quick summary",
    "provide a longer summary",
    "provide the basic links",
    "address questions around how",
    "this section is for the model use",
    "this section addresses misuse",
    "this section is meant to convey",
    "this section provides information about throughput",
    "this section describes the evaluation",
    "this should link to a dataset card",
    "this relates heavily to",
    "these are the things the evaluation",
    "these are the evaluation metrics",
    "relevant interpretability work",
    "total emissions (in grams",
    "if there is a paper or blog post",
    "if relevant, include terms",
    "fp32, fp16 mixed precision",
    "this model card has been generated automatically",
];

/// Names of the variables of the Hub's template. Others may be part of a text about templates, or of a formula.
const VARIABLES: &[&str] = &[
    "bias_recommendations",
    "bias_risks_limitations",
    "base_model",
    "citation_apa",
    "citation_bibtex",
    "cloud_provider",
    "cloud_region",
    "co2_emitted",
    "compute_infrastructure",
    "demo",
    "developers",
    "direct_use",
    "downstream_use",
    "funded_by",
    "get_started_code",
    "glossary",
    "hardware_requirements",
    "hardware_type",
    "hours_used",
    "language",
    "license",
    "model_card_authors",
    "model_card_contact",
    "model_description",
    "model_examination",
    "model_id",
    "model_name",
    "model_specs",
    "model_summary",
    "model_type",
    "more_information",
    "out_of_scope_use",
    "paper",
    "preprocessing",
    "repo",
    "results",
    "results_summary",
    "shared_by",
    "software",
    "speeds_sizes_times",
    "testing_data",
    "testing_factors",
    "testing_metrics",
    "training_data",
    "training_regime",
];

/// One place that a template left.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Leftover {
    span: Span,
    /// What it is, for the label.
    what: &'static str,
    /// Whether a reader of the page sees it.
    visible: bool,
}

impl Rule for TemplateText {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(card) = card(cx) else { return };
        let topics = [Topic::Description, Topic::Technical, Topic::Evaluation, Topic::Limitations];
        // The comments of an untouched section go when it is filled, and its emptiness has a rule of its own.
        let mut spoken_of: Vec<Span> =
            topics.into_iter().filter_map(|topic| gap(cx, topic)).flat_map(|gap| gap.empty.clone()).collect();
        spoken_of.extend(missing_usage::section_without_code(card));
        let mut found = cx.leftovers().to_vec();
        let spoken_of = merged(spoken_of);
        found.retain(|left| left.visible || !is_within(&spoken_of, left.span.start));
        found.sort_by_key(|left| (left.span.start, left.span.end));
        found.dedup_by(|next, last| next.span.start < last.span.end);
        report(card, found, out);
    }
}

/// This rule's name, if readers see what a template left in one of some sections: then the finding here stands for what
/// the section lacks, too.
pub(super) fn of_sections(cx: &Context<'_>, sections: &[Span]) -> Option<&'static str> {
    let sections = merged(sections.to_vec());
    let is_seen = |left: &Leftover| left.visible && is_within(&sections, left.span.start);
    (!sections.is_empty() && cx.leftovers().iter().any(is_seen)).then_some(META.name)
}

/// One finding for all of them: a person goes through the card once.
fn report(card: &Card<'_>, found: Vec<Leftover>, out: &mut Sink<'_>) {
    let is_seen = found.iter().any(|left| left.visible);
    // What readers see comes first, comments after it.
    let Some(first) = found.iter().find(|left| left.visible == is_seen) else { return };
    let text = card.source().slice(first.span);
    let shown = quoted(text);
    let (level, message, help) = match (is_seen, found.len()) {
        (true, 1) if is_task(text) => (
            Level::Warning,
            format!("{shown} stands for what is still to be written"),
            "it makes the card look unfinished: write it, or delete the line",
        ),
        (true, 1) => (
            Level::Warning,
            format!("{shown} is text of a template"),
            "it makes the card look unfinished: fill it in, or delete the line",
        ),
        (true, many) => (
            Level::Warning,
            format!("the card still holds text of a template, in {many} places, such as {shown}"),
            "they make the card look unfinished: fill them in, or delete the lines for which there is nothing to say; `hf-release init` writes what the files show",
        ),
        (false, _) => (
            Level::Info,
            "the card's source still holds a template's instructions to its author".to_owned(),
            "nobody sees the comments on the model's page; once the text is right, they can go",
        ),
    };
    let mut finding = out.finding_at(level, message, Label::at(first.span, first.what)).help(help);
    let of = |visible| found.iter().filter(move |left| left.visible == visible);
    let others = of(true).chain(of(false)).filter(|left| left.span != first.span).take(MAX_LABELS - 1);
    finding.related.extend(others.map(|left| Label::at(left.span, left.what)));
    out.push(finding);
}

impl Leftover {
    /// Every one of a card's body.
    pub(in crate::rules) fn all(card: &Card<'_>) -> Vec<Self> {
        let (source, body) = (card.source(), card.body());
        let mut found = Vec::new();
        for heading in &body.headings {
            let titles = ["Model Card for Model ID", "Model Card for None"];
            let is_title = titles.iter().any(|title| title.eq_ignore_ascii_case(&heading.text));
            if is_title || holds_variable(&heading.text) {
                found.push(Leftover { span: heading.span, what: "name the model", visible: true });
            }
        }
        for comment in &body.comments {
            let text = source.slice(*comment).trim_start_matches("<!--").trim_start().to_lowercase();
            if INSTRUCTIONS.iter().any(|start| text.starts_with(start)) {
                found.push(Leftover { span: *comment, what: "an instruction to the author", visible: false });
            }
        }
        for link in &body.links {
            let target = link.url.trim_end_matches('/');
            let is_nobody =
                target == "https://huggingface.co/None" || (target == "https://huggingface.co" && link.text.is_empty());
            if is_nobody {
                found.push(Leftover { span: link.span, what: "a link to no model", visible: true });
            }
        }
        // A plan for the future is no leftover.
        let plans = body.headings.iter().filter(|heading| is_plan(&heading.text)).map(|heading| heading.section);
        let (plans, code, comments) =
            (merged(plans.collect()), merged(body.code_spans.clone()), merged(body.comments.clone()));
        for prose in &body.prose {
            let text = source.slice(prose.span);
            for range in marks(text) {
                let start = prose.span.start as usize;
                let span = source.span(start + range.start, start + range.end);
                let written = text.get(range).unwrap_or_default();
                let is_planned = is_task(written) && is_within(&plans, span.start);
                let is_example = written.starts_with("{{") && !holds_variable(written);
                if !is_planned && !is_example && !is_within(&code, span.start) && !is_within(&comments, span.start) {
                    found.push(Leftover { span, what: "fill in or delete", visible: true });
                }
            }
        }
        found
    }
}

/// Spans in order, those that touch or overlap made one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable_by_key(|span| span.start);
    let mut whole: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match whole.last_mut().filter(|last| span.start <= last.end) {
            Some(last) => last.end = last.end.max(span.end),
            None => whole.push(span),
        }
    }
    whole
}

/// Whether one of some merged spans holds an offset.
fn is_within(spans: &[Span], at: u32) -> bool {
    let next = spans.partition_point(|span| span.start <= at);
    next.checked_sub(1).and_then(|last| spans.get(last)).is_some_and(|span| span.contains(at))
}

fn is_plan(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    ["todo", "to do", "to-do", "roadmap", "future work"].iter().any(|word| heading.contains(word))
}

fn is_task(text: &str) -> bool {
    text.contains("TODO") || text.contains("TBD") || text.contains("FIXME")
}

/// `{{ model_id }}`, `{{ license | default("…") }}`.
fn holds_variable(text: &str) -> bool {
    let Some((_, inside)) = text.split_once("{{") else { return false };
    let name = inside.trim_start().split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next();
    name.is_some_and(|name| VARIABLES.contains(&name))
}

/// The placeholders in a text, the words by which people and libraries mark what is to be written, sentences about
/// nothing, and the ids that libraries write into a card before the model has one.
fn marks(text: &str) -> Vec<std::ops::Range<usize>> {
    use placeholders::OPENINGS;
    static PHRASES: Phrases = Phrases::new(&[
        OPENINGS[0],
        OPENINGS[1],
        OPENINGS[2],
        "cross_encoder_model_id",
        "fixme",
        "hub_model_id",
        "lorem ipsum",
        "more info needed",
        "needs more information",
        "on an unknown dataset",
        "on the none dataset",
        "sentence_transformers_model_id",
        "setfit_model_id",
        "sparse_encoder_model_id",
        "tbd",
        "this model card has been automatically generated",
        "todo",
    ]);
    let mut found = Vec::new();
    let mut holds_placeholders = false;
    for (at, phrase) in PHRASES.matches(text) {
        if OPENINGS.contains(&phrase) {
            holds_placeholders = true;
            continue;
        }
        let end = at + phrase.len();
        let written = text.get(at..end).unwrap_or_default();
        if !matches!(phrase, "todo" | "fixme" | "tbd") {
            // In upper case an id is the name of a variable.
            if !phrase.ends_with("_model_id") || written == phrase {
                found.push(at..end);
            }
            continue;
        }
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(end..).and_then(|after| after.chars().next());
        let inside = |letter: Option<char>| {
            letter.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '/'))
        };
        if written.bytes().all(|letter| letter.is_ascii_uppercase())
            && !inside(before)
            && !inside(after)
            && stands_alone(text, at, end)
        {
            found.push(at..end);
        }
    }
    if holds_placeholders {
        found.extend(placeholders::find(text));
    }
    found
}

/// Whether a mark stands where a note starts: at the start of a line, cell, item, sentence or value, or before a colon.
/// Inside a sentence ("we added TODO comments") and in the name of a file it is a word.
/// "TBD" is never part of one.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let after = text.get(end..).unwrap_or_default();
    if after.starts_with(':') || text.get(start..end) == Some("TBD") {
        return true;
    }
    if after.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphanumeric)) {
        return false;
    }
    let before = text.get(..start).unwrap_or_default();
    let before = before.trim_end_matches([' ', '\t', '*', '_', '>', '-', '#']);
    before.is_empty() || before.ends_with(['\n', '\r', '|', '[', '(', ':', '：', '.', '!', '?', '。', '•'])
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
        ] {
            assert_eq!(said(&format!("# Lamp\n\n## Glossary\n\n{text}\n")).len(), 1, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        for text in [
            "Write to-dos with the TODO-list app, or todo.txt.",
            "The data set acme/TODO holds lists.",
            "The next step (see [TODO.md](https://example.org/TODO.md)).",
            "[TODO.md](https://example.org/TODO.md) has the plan.",
            "We added #TODO comments all over, and a TODO list.",
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

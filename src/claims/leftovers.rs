//! What templates and libraries left in a card's body for its author to fill in.

use super::placeholders::{has_variable, marks};
use crate::card::Card;
use crate::source::{List, Span, word_list};

/// How the comments start that templates contain for the author: the Hub's template, and what trainers put first.
static INSTRUCTIONS: List = word_list!("instructions");

/// One place that a template left.
#[derive(Clone, Copy)]
pub(crate) struct Leftover {
    /// Where it stands.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What templates leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A title without a name.
    Title,
    /// A comment that tells the author what to write.
    Instruction,
    /// A link to no model.
    Link,
    /// A text that is to be filled in.
    Mark,
}

impl Leftover {
    /// Whether a reader of the page sees it.
    pub(crate) fn is_visible(self) -> bool {
        self.kind != Kind::Instruction
    }

    /// Every one of a card's body.
    pub(super) fn all(card: &Card<'_>) -> Vec<Self> {
        let (source, body) = (card.source(), card.body());
        let mut found = Vec::new();
        for heading in &body.headings {
            let titles = ["Model Card for Model ID", "Model Card for None"];
            let is_title = titles.iter().any(|title| title.eq_ignore_ascii_case(&heading.text));
            // `# <!-- TODO: the model's name -->`
            let is_note = || heading.text.is_empty() && is_task(source.slice(heading.span));
            if is_title || has_variable(&heading.text) || is_note() {
                found.push(Leftover { span: heading.span, kind: Kind::Title });
            }
        }
        for comment in &body.comments {
            let text = source.slice(*comment).trim_start_matches("<!--").trim_start().to_lowercase();
            if INSTRUCTIONS.phrases().any(|start| text.starts_with(start)) {
                found.push(Leftover { span: *comment, kind: Kind::Instruction });
            }
        }
        for link in &body.links {
            let target = link.url.trim_end_matches('/');
            let is_of_no_model =
                target == "https://huggingface.co/None" || (target == "https://huggingface.co" && link.text.is_empty());
            if is_of_no_model {
                found.push(Leftover { span: link.span, kind: Kind::Link });
            }
        }
        // A plan for the future is not a leftover.
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
                let is_example = written.starts_with("{{") && !has_variable(written);
                if !is_planned && !is_example && !is_within(&code, span.start) && !is_within(&comments, span.start) {
                    found.push(Leftover { span, kind: Kind::Mark });
                }
            }
        }
        found
    }
}

/// Whether readers see what a template left in one of some sections.
pub(crate) fn are_left_in(leftovers: &[Leftover], sections: &[Span]) -> bool {
    let sections = merged(sections.to_vec());
    leftovers.iter().any(|left| left.is_visible() && is_within(&sections, left.span.start))
}

/// Those that readers see, and those that stand outside of some sections.
pub(crate) fn not_within(leftovers: &[Leftover], sections: Vec<Span>) -> Vec<Leftover> {
    let sections = merged(sections);
    leftovers.iter().copied().filter(|left| left.is_visible() || !is_within(&sections, left.span.start)).collect()
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

/// Whether one of some merged spans contains an offset.
fn is_within(spans: &[Span], at: u32) -> bool {
    let next = spans.partition_point(|span| span.start <= at);
    next.checked_sub(1).and_then(|last| spans.get(last)).is_some_and(|span| span.contains(at))
}

/// What a heading over plans for the future says.
static PLANS: List = word_list!("plans");

fn is_plan(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    PLANS.phrases().any(|word| heading.contains(word))
}

/// Whether a text is a note about work that is still to be done.
pub(crate) fn is_task(text: &str) -> bool {
    text.contains("TODO") || text.contains("TBD") || text.contains("FIXME")
}

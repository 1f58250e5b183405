//! The rules on one release: each is called, what goes wrong in it is contained, and the findings get one order.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::config::Selection;
use crate::diagnostic::{Diagnostic, Label, Lack, Level, Place, Skip};
use crate::rules::{Context, Needs, README, Rule, Section, Sink};
use crate::source::RepoPath;

/// What a run found in one release.
#[derive(Debug, Default)]
pub struct Report {
    /// The findings, ordered by file, place and rule.
    pub found: Vec<Diagnostic>,
    /// Findings that the repository's configuration silences.
    pub muted: Vec<Diagnostic>,
    /// Rules that gave no answer.
    pub skipped: Vec<Skip>,
    /// Whether a rule broke: its answer is missing, so the run is incomplete.
    pub crashed: bool,
}

impl Report {
    /// Whether a rule broke, or could not look at something.
    pub fn is_incomplete(&self) -> bool {
        self.crashed || self.skipped.iter().any(|skip| skip.lack == Lack::Part)
    }
}

/// Runs the selected rules on one release.
pub fn run(cx: &Context<'_>, selection: &Selection) -> Report {
    let mut report = Report::default();
    for rule in selection.rules() {
        run_rule(*rule, cx, &mut report);
    }
    fold(&mut report.found);
    sort(&mut report.found, cx);
    report
}

fn run_rule(rule: &dyn Rule, cx: &Context<'_>, report: &mut Report) {
    let meta = rule.meta();
    if meta.needs == Needs::Hub {
        report.skipped.push(Skip { rule: meta.name, why: "offline".to_owned(), lack: Lack::Hub });
        return;
    }
    let mut found = Vec::new();
    let mut sink = Sink::new(meta, &mut found);
    let outcome = catch_unwind(AssertUnwindSafe(|| match cx.space().filter(|_| meta.section != Section::Weights) {
        Some(sdk) => sink.skip(format!("README.md is the card of a Space (`sdk: {sdk}`), not of a model")),
        None => rule.check(cx, &mut sink),
    }));
    report.skipped.extend(sink.into_skipped());
    report.found.append(&mut found);
    if outcome.is_err() {
        report.crashed = true;
        report.found.push(internal_error(rule));
    }
}

/// One defect, one finding: those that yield to a rule become part of its first finding that weighs as much. A rule that
/// did not run, or found nothing, covers nothing.
fn fold(found: &mut Vec<Diagnostic>) {
    let (yielding, mut kept): (Vec<_>, Vec<_>) = found.drain(..).partition(|finding| finding.yields_to.is_some());
    for finding in yielding {
        let same = |other: &&mut Diagnostic| Some(other.rule) == finding.yields_to && other.level >= finding.level;
        match kept.iter_mut().find(same) {
            Some(other) => other.covers.push(finding),
            None => kept.push(finding),
        }
    }
    *found = kept;
}

/// A rule that panics is our fault, and must neither stop the others nor pass for "nothing found".
fn internal_error(rule: &dyn Rule) -> Diagnostic {
    let meta = rule.meta();
    let place = Place::Absent(RepoPath::new("."));
    let mut diagnostic =
        Diagnostic::new(Level::Error, format!("internal error in {}", meta.name), Label::new(place, ""))
            .help("Report this as a defect of hf-release, with the file that the rule was reading. `--ignore` leaves the rule out.");
    diagnostic.rule = meta.name;
    diagnostic.item = meta.item.id;
    diagnostic
}

/// By file, then place, then the order of the rules; README.md first, since that is where a releaser works.
fn sort(found: &mut [Diagnostic], cx: &Context<'_>) {
    let key = |diagnostic: &Diagnostic| {
        let path = match &diagnostic.primary.place {
            Place::Absent(path) => path.as_str().to_owned(),
            place => place.file().and_then(|id| cx.path(id)).map(|path| path.as_str().to_owned()).unwrap_or_default(),
        };
        let offset = diagnostic.primary.place.span().map_or(0, |span| span.start);
        (path != README, path, offset)
    };
    found.sort_by_cached_key(key);
}

#[cfg(test)]
mod tests;

//! The last lines of a report for people: what was found, what follows from it, what to do.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Fix, Kept, Lack, Level, Safety, Skip};
use crate::words::{all_of, count};

use super::{Exit, Run, consequences};
use crate::report::Paint;
use crate::report::visible::visible;

/// The card.
const README: &str = "README.md";

/// One line: visible text, and the color that it asks for.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) paint: Option<Paint>,
}

impl Line {
    fn plain(text: String) -> Self {
        Self { text, paint: None }
    }

    fn painted(paint: Paint, text: String) -> Self {
        Self { text, paint: Some(paint) }
    }
}

/// The summary as one line.
pub(super) fn line(run: &Run<'_>) -> String {
    lines(run).into_iter().map(|line| line.text).collect::<Vec<_>>().join("; ")
}

/// The lines of the summary.
pub(super) fn lines(run: &Run<'_>) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.extend(counts(run));
    lines.extend(consequences::lines(run).into_iter().map(|text| Line::painted(Paint::Error, text)));
    lines.extend(verdict(run));
    let rest = written(run)
        .into_iter()
        .chain(fixes(run))
        .chain(skips(run))
        .chain(unread(run))
        .chain(kept(run))
        .chain(models(run));
    lines.extend(rest.map(Line::plain));
    lines
}

fn findings<'a>(run: &'a Run<'_>) -> impl Iterator<Item = &'a Diagnostic> {
    run.repositories.iter().flat_map(|repository| repository.findings)
}

/// `1 error, 5 warnings, 2 notes`; nothing where nothing was found.
fn counts(run: &Run<'_>) -> Option<Line> {
    let worst = findings(run).map(|finding| finding.level).max()?;
    let levels = [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Info, "note")];
    let counts = levels.into_iter().filter_map(|(level, word)| {
        let number = findings(run).filter(|finding| finding.level == level).count();
        (number > 0).then(|| count(number, word))
    });
    Some(Line::painted(worst.into(), counts.collect::<Vec<_>>().join(", ")))
}

/// Whether the run passes, where it does not fail.
fn verdict(run: &Run<'_>) -> Option<Line> {
    match run.exit {
        Exit::Incomplete => {
            let what = if is_only_unwritten(run) { "written" } else { "checked" };
            Some(Line::painted(Paint::Strong, format!("Incomplete: not everything could be {what}")))
        }
        Exit::Clean if findings(run).next().is_none() => Some(Line::painted(Paint::Good, clean(run))),
        Exit::Clean => Some(Line::painted(Paint::Good, passes(run.fail_on))),
        Exit::Findings | Exit::Usage => None,
    }
}

/// Whether all was looked at, and only the writing failed.
fn is_only_unwritten(run: &Run<'_>) -> bool {
    run.repositories.iter().all(|repository| {
        let mut problems = repository.problems.iter();
        let mut skipped = repository.skipped.iter();
        problems.all(|problem| problem.kept == Kept::Writing) && skipped.all(|skip| skip.lack != Lack::Part)
    })
}

/// Why findings do not make the run fail.
fn passes(fail_on: Option<Level>) -> String {
    match fail_on {
        Some(Level::Error) => "Passed: no errors",
        Some(Level::Warning) => "Passed: no errors or warnings",
        Some(Level::Info) => "Passed: no findings",
        None => "Passed: `--fail-on never` accepts every level",
    }
    .to_owned()
}

/// What to say when nothing was found.
fn clean(run: &Run<'_>) -> String {
    let unread = unread_formats(run).count();
    let checked: usize = run.repositories.iter().map(|repository| repository.checked).sum();
    let files = count(checked.saturating_sub(unread), "file");
    let unread = if unread == 0 { String::new() } else { format!("{unread} not read, ") };
    match run.repositories.len() {
        0 | 1 => format!("Passed: {files} checked, {unread}no findings"),
        many => format!("Passed: {files} in {many} repositories checked, {unread}no findings"),
    }
}

/// What was written in this run.
fn written(run: &Run<'_>) -> Option<String> {
    let fixed: usize = run.repositories.iter().map(|repository| repository.fixed.len()).sum();
    let refused: usize = run.repositories.iter().map(|repository| repository.refused.len()).sum();
    match (fixed, refused) {
        (0, 0) => None,
        (_, 0) => Some(format!("{} written", fix_count(fixed))),
        (0, _) => Some(format!("{} not written", fix_count(refused))),
        _ => Some(format!("{} written, {refused} not written", fix_count(fixed))),
    }
}

fn fix_count(number: usize) -> String {
    if number == 1 { "1 fix".to_owned() } else { format!("{number} fixes") }
}

/// What the next run could write.
#[derive(Default)]
struct Offers {
    findings: usize,
    /// Safe fixes that fix their finding.
    safe: usize,
    /// Safe fixes that leave places to fill, and these places.
    placeholders: usize,
    to_fill: usize,
    /// Whether another one creates the card.
    card: bool,
    /// Fixes that a person must judge.
    risky: usize,
}

impl Offers {
    fn of(run: &Run<'_>) -> Self {
        let mut offers = Self::default();
        for repository in &run.repositories {
            // What this run refused, the next one will not do either.
            let is_open = |fix: &&Fix| repository.refused.iter().all(|refused| refused.title != fix.title);
            for finding in repository.findings {
                offers.findings += 1;
                let Some(fix) = finding.fix.as_ref().filter(is_open) else { continue };
                match fix.safety {
                    Safety::Safe if fix.new_files.iter().any(|new| new.path.as_str() == README) => offers.card = true,
                    Safety::Safe if fix.places_to_fill() > 0 => {
                        offers.placeholders += 1;
                        offers.to_fill += fix.places_to_fill();
                    }
                    Safety::Safe => offers.safe += 1,
                    Safety::Unsafe => offers.risky += 1,
                    Safety::DisplayOnly => {}
                }
            }
        }
        offers
    }

    fn of_these(&self, number: usize) -> String {
        match (number, self.findings) {
            (1, 1) => "it".to_owned(),
            (2, 2) => "both".to_owned(),
            (number, all) if number == all => format!("all {all}"),
            (number, _) => format!("{number} of these"),
        }
    }
}

/// The options that fix something. After a run that fixed, only what it was not asked for.
fn fixes(run: &Run<'_>) -> Option<String> {
    let tried =
        run.repositories.iter().any(|repository| !repository.fixed.is_empty() || !repository.refused.is_empty());
    let offers = Offers::of(run);
    let mut safe: Vec<String> = Vec::new();
    if offers.card {
        safe.push(format!("creates a {README} for you to fill in"));
    }
    if offers.safe > 0 {
        safe.push(format!("fixes {}", offers.of_these(offers.safe)));
    }
    match (safe.is_empty(), offers.to_fill) {
        (_, 0) => {}
        (true, 1) => safe.push("adds a placeholder for you to fill in".to_owned()),
        (true, places) => safe.push(format!("adds {} for you to fill in", count(places, "placeholder"))),
        (false, _) => safe.push(format!("adds placeholders for {}", offers.placeholders)),
    }
    let safe = Some(all_of(safe)).filter(|safe| !tried && !safe.is_empty());
    match (safe, offers.risky) {
        (None, 0) => None,
        (Some(safe), 0) => Some(format!("`--fix` {safe}")),
        (Some(safe), risky) => Some(format!("`--fix` {safe}; `--unsafe-fixes` fixes {risky} more, for you to review")),
        (None, risky) => Some(format!("`--unsafe-fixes` fixes {}, for you to review", offers.of_these(risky))),
    }
}

/// What could not be read or written.
fn kept(run: &Run<'_>) -> Vec<String> {
    let problems = || run.repositories.iter().flat_map(|repository| repository.problems);
    let kinds = [(Kept::Reading, "read"), (Kept::Writing, "written")];
    let lines = kinds.into_iter().filter_map(|(kept, word)| {
        let number = problems().filter(|problem| problem.kept == kept && problem.path.is_some()).count();
        (number > 0).then(|| format!("{} could not be {word}", count(number, "file")))
    });
    lines.collect()
}

/// How the models of a folder are checked that contains several.
fn models(run: &Run<'_>) -> Vec<String> {
    let folders =
        run.repositories.iter().filter_map(|repository| Some(super::place::join(repository.path, repository.models?)));
    folders
        .map(|folder| {
            let pattern = if folder == "." { "*/".to_owned() } else { format!("{folder}/*") };
            format!("This folder contains several models: `hf-release check {}` checks each of them", visible(&pattern))
        })
        .collect()
}

/// Files whose format is known and whose content is not read.
fn unread_formats<'a>(run: &'a Run<'_>) -> impl Iterator<Item = &'a Skip> {
    let skipped = run.repositories.iter().flat_map(|repository| repository.skipped);
    skipped.filter(|skip| skip.lack == Lack::Format)
}

/// Which files are not read, as every run says of them.
fn unread(run: &Run<'_>) -> Option<String> {
    let first = unread_formats(run).next()?;
    let more = match unread_formats(run).count() - 1 {
        0 => String::new(),
        more => format!(", and {more} more like this"),
    };
    Some(format!("not read: {}{more}", visible(&first.why)))
}

/// The rules that did not run, a line a reason.
fn skips(run: &Run<'_>) -> Vec<String> {
    let mut reasons: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let skipped = run.repositories.iter().flat_map(|repository| repository.skipped);
    for skip in skipped.filter(|skip| skip.lack != Lack::Format) {
        reasons.entry(&skip.why).or_default().insert(skip.rule);
    }
    let mut by_rules: BTreeMap<BTreeSet<&str>, Vec<&str>> = BTreeMap::new();
    for (why, rules) in reasons {
        by_rules.entry(rules).or_default().push(why);
    }
    let mut lines: Vec<(&str, String)> = Vec::new();
    for (rules, reasons) in by_rules {
        let shown = if rules.len() > MAX_SKIPPED_RULES { MAX_SKIPPED_RULES - 1 } else { rules.len() };
        let mut names = rules.iter().take(shown).map(|rule| visible(rule)).collect::<Vec<_>>().join(", ");
        if shown < rules.len() {
            names += &format!(" and {} more", rules.len() - shown);
        }
        let skipped = count(rules.len(), "rule");
        // A hundred shards that are pointers are one reason.
        let (shown, more) = match reasons.split_first() {
            Some((first, others)) if others.len() >= MAX_SKIP_REASONS => {
                (std::slice::from_ref(first), format!(", and {} more like this", others.len()))
            }
            _ => (reasons.as_slice(), String::new()),
        };
        lines.extend(shown.iter().map(|why| (*why, format!("{skipped} skipped: {}{more} ({names})", visible(why)))));
    }
    lines.sort();
    lines.into_iter().map(|(_, line)| line).collect()
}

/// More rules than this are not all named.
const MAX_SKIPPED_RULES: usize = 5;

/// The same rules are skipped for so many reasons before only one is printed; `--output json` has all.
const MAX_SKIP_REASONS: usize = 3;

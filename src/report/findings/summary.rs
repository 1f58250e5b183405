//! The last lines of a report for people: what was found, what it costs, what to do.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Effect, Fix, Level, Safety};
use crate::words::count;

use super::{Exit, Run};
use crate::report::Paint;
use crate::report::visible::visible;

/// One line: visible text, and the colour that it asks for.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) paint: Option<Paint>,
}

/// How many findings of each kind there are.
#[derive(Default)]
struct Tally {
    findings: usize,
    infos: usize,
    /// Safe fixes that mend their finding.
    safe: usize,
    /// Safe fixes that leave a place to fill.
    stubs: usize,
    /// Fixes that a person must judge.
    risky: usize,
}

/// The summary as one line.
pub(super) fn line(run: &Run<'_>) -> String {
    lines(run).into_iter().map(|line| line.text).collect::<Vec<_>>().join("; ")
}

/// The lines of the summary.
pub(super) fn lines(run: &Run<'_>) -> Vec<Line> {
    let findings = || run.repositories.iter().flat_map(|repository| repository.findings);
    let mut tally = Tally::default();
    for repository in &run.repositories {
        // What this run refused, the next one will not do either.
        let is_open = |fix: &&Fix| repository.refused.iter().all(|refused| refused.title != fix.title);
        for finding in repository.findings {
            tally.findings += 1;
            tally.infos += usize::from(finding.level == Level::Info);
            match finding.fix.as_ref().filter(is_open) {
                Some(Fix { safety: Safety::Safe, stub: false, .. }) => tally.safe += 1,
                Some(Fix { safety: Safety::Safe, stub: true, .. }) => tally.stubs += 1,
                Some(Fix { safety: Safety::Unsafe, .. }) => tally.risky += 1,
                Some(Fix { safety: Safety::DisplayOnly, .. }) | None => {}
            }
        }
    }

    let mut lines = Vec::new();
    let mut say = |paint: Option<Paint>, text: String| lines.push(Line { text, paint });
    let groups = [
        (Effect::BlocksPush, "blocks the push", "block the push"),
        (Effect::BreaksUsers, "stands in the way of users", "stand in the way of users"),
        (Effect::LosesReach, "loses reach", "lose reach"),
    ];
    for (effect, one, many) in groups {
        let number_of = |level| findings().filter(|f: &&Diagnostic| f.effect == effect && f.level == level).count();
        let (errors, warnings) = (number_of(Level::Error), number_of(Level::Warning));
        let verb = if errors + warnings == 1 { one } else { many };
        let (error, warning) = (count(errors, "error"), count(warnings, "warning"));
        match (errors, warnings) {
            (0, 0) => {}
            (_, 0) => say(Some(Paint::Error), format!("{error} {verb}")),
            (0, _) => say(Some(Paint::Warning), format!("{warning} {verb}")),
            _ => say(Some(Paint::Error), format!("{error} and {warning} {verb}")),
        }
    }
    if tally.infos > 0 {
        say(Some(Paint::Info), format!("{} to consider", count(tally.infos, "suggestion")));
    }
    if tally.findings == 0 {
        let paint = if run.exit == Exit::Clean { Paint::Good } else { Paint::Strong };
        say(Some(paint), clean(run));
    } else if run.exit == Exit::Clean {
        say(Some(Paint::Good), passes(run.fail_on));
    }
    let tried =
        run.repositories.iter().any(|repository| !repository.fixed.is_empty() || !repository.refused.is_empty());
    let unread = run.repositories.iter().flat_map(|repository| repository.problems);
    let unread = match unread.filter(|problem| problem.path.is_some()).count() {
        0 => None,
        number => Some(format!("{} could not be read", count(number, "file"))),
    };
    let rest = written(run).into_iter().chain(fixes(&tally, tried)).chain(skips(run)).chain(unread);
    rest.for_each(|text| say(None, text));
    lines
}

/// Why findings do not make the run fail.
fn passes(fail_on: Option<Level>) -> String {
    match fail_on {
        Some(level) => format!("passes: nothing at level {} or above", level.as_str()),
        None => "passes: no level makes the check fail".to_owned(),
    }
}

/// What to say when nothing was found.
fn clean(run: &Run<'_>) -> String {
    if run.exit == Exit::Incomplete {
        return "nothing found, but not everything could be checked".to_owned();
    }
    let files = count(run.repositories.iter().map(|repository| repository.checked).sum(), "file");
    match run.repositories.len() {
        0 | 1 => format!("{files} checked, nothing to report"),
        many => format!("{files} in {many} repositories checked, nothing to report"),
    }
}

/// What was written in this run.
fn written(run: &Run<'_>) -> Option<String> {
    let fixed: usize = run.repositories.iter().map(|repository| repository.fixed.len()).sum();
    let refused: usize = run.repositories.iter().map(|repository| repository.refused.len()).sum();
    let fixes = |count| if count == 1 { "1 fix".to_owned() } else { format!("{count} fixes") };
    match (fixed, refused) {
        (0, 0) => None,
        (_, 0) => Some(format!("{} written", fixes(fixed))),
        (0, _) => Some(format!("{} refused", fixes(refused))),
        _ => Some(format!("{} written, {refused} refused", fixes(fixed))),
    }
}

/// What the next run could write. After a run that tried, only what it was not asked for.
fn fixes(tally: &Tally, tried: bool) -> Option<String> {
    let of_them = |count: usize| match (count, tally.findings) {
        (1, 1) => "it".to_owned(),
        (2, 2) => "both".to_owned(),
        (count, all) if count == all => format!("all {all}"),
        (count, _) => format!("{count} of them"),
    };
    let stubs = |number: usize| format!("adds {} to fill in", count(number, "stub"));
    let safe = match (tally.safe, tally.stubs) {
        _ if tried => None,
        (0, 0) => None,
        (safe, 0) => Some(format!("mends {}", of_them(safe))),
        (0, count) => Some(stubs(count)),
        (safe, count) => Some(format!("mends {} and {}", of_them(safe), stubs(count))),
    };
    match (safe, tally.risky) {
        (None, 0) => None,
        (Some(safe), 0) => Some(format!("`hf-release check --fix` {safe}")),
        (Some(safe), risky) => Some(format!("`hf-release check --fix` {safe}; `--unsafe-fixes` {risky} more")),
        (None, risky) => {
            Some(format!("`hf-release check --fix --unsafe-fixes` mends {}, for you to review", of_them(risky)))
        }
    }
}

/// The rules that did not run, a line a reason.
fn skips(run: &Run<'_>) -> Vec<String> {
    let mut reasons: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for skip in run.repositories.iter().flat_map(|repository| repository.skipped) {
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

//! Whether a pass kept its promises: the findings that it fixes are gone, placeholders left theirs, and no error came.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use crate::diagnostic::{Diagnostic, Fix, Level, Place, Safety};
use crate::fix::Refusal;
use crate::fix::edits::{moved, written};

use super::Linted;
use super::candidates::{Attempt, fix_of, is_allowed};

/// What is to be done with a pass.
pub(super) enum Verdict {
    /// Every fix holds.
    Sound,
    /// These fixes do not, by the numbers of their findings.
    Blames(Vec<(usize, Refusal)>),
    /// Some fix does not, and it is not clear which.
    Unclear(Refusal),
}

/// Compares the findings before and after; those that are not explained by the ones before are there because of the
/// fixes.
pub(super) fn judge<L: Linted>(before: &L, after: &L, attempt: &Attempt, allowed: Safety) -> Verdict {
    let mut left: BTreeMap<&'static str, Vec<&Diagnostic>> = BTreeMap::new();
    for finding in unexplained(before, after, attempt) {
        left.entry(finding.rule).or_default().push(finding);
    }
    let mut blamed = Vec::new();
    let mut uncovered = 0;
    for number in &attempt.chosen {
        let Some((fixed, fix)) = fix_of(before, *number) else { continue };
        let here = (path(before, fixed), place_after(fixed, attempt));
        let candidates = left.entry(fixed.rule).or_default();
        let same = candidates.iter().position(|found| fix.placeholder || is_same(after, found, fixed, here));
        match same.map(|index| candidates.remove(index)) {
            None if fix.placeholder => blamed.push((*number, Refusal::Silenced)),
            None => uncovered += usize::from(fixed.level == Level::Error && only_adds(fix)),
            Some(_) if !fix.placeholder => blamed.push((*number, Refusal::Remains)),
            Some(found) if found.level < fixed.level => blamed.push((*number, Refusal::Silenced)),
            Some(found) if found.fix.as_ref().is_some_and(|again| again.placeholder && is_allowed(again, allowed)) => {
                blamed.push((*number, Refusal::Repeats));
            }
            Some(_) => {}
        }
    }
    if !blamed.is_empty() {
        return Verdict::Blames(blamed);
    }
    // The most specific rule reports and the others stay silent, so a fix that takes an error away by adding what was not
    // there (a card, a front matter) may bring to light one error that its own finding stood for.
    let mut new_errors = left
        .into_values()
        .flatten()
        .filter(|new| new.level == Level::Error && !was_hidden(before, after, attempt, new, allowed));
    match new_errors.nth(uncovered) {
        Some(error) => Verdict::Unclear(Refusal::Causes(error.message.clone())),
        None => Verdict::Sound,
    }
}

/// Whether an error stands on bytes that no fix wrote, and comes with a fix of its own: the value of a misspelled key is
/// judged once the key is right.
fn was_hidden<L: Linted>(before: &L, after: &L, attempt: &Attempt, error: &Diagnostic, allowed: Safety) -> bool {
    let fixable = error.fix.as_ref().is_some_and(|fix| !fix.placeholder && is_allowed(fix, allowed));
    let Some(at) = error.primary.place.span().filter(|_| fixable) else { return false };
    let here = after.path(at.file);
    let created = attempt.fixes(before).flat_map(|(_, fix)| &fix.new_files).any(|new| Some(&new.path) == here);
    let mut edited = attempt.edits.iter().filter(|(file, _)| before.path(**file) == here);
    !created && edited.all(|(_, edits)| written(edits).all(|(start, end)| end < at.start || at.end < start))
}

fn only_adds(fix: &Fix) -> bool {
    fix.edits.iter().all(|edit| edit.at.is_empty())
}

/// The findings after the pass that were not there before it. Those that no fix was made for are recognized
/// by their words wherever they moved, or by their place when another fix changed their words.
fn unexplained<'l, L: Linted>(before: &'l L, after: &'l L, attempt: &Attempt) -> Vec<&'l Diagnostic> {
    let untouched =
        before.findings().iter().enumerate().filter(|(index, _)| attempt.chosen.binary_search(index).is_err());
    let mut old: Vec<_> = untouched.map(|(_, finding)| finding).collect();
    let mut new: Vec<_> = after.findings().iter().collect();
    pair_off(&mut old, &mut new, |finding| words(before, finding), |finding| words(after, finding));
    pair_off(
        &mut old,
        &mut new,
        |finding| (finding.rule, path(before, finding), place_after(finding, attempt), finding.level),
        |finding| (finding.rule, path(after, finding), place(finding), finding.level),
    );
    new
}

fn place(finding: &Diagnostic) -> Option<(u32, u32)> {
    finding.primary.place.span().map(|at| (at.start, at.end))
}

/// Takes out of both lists what has the same key, one for one.
fn pair_off<'l, K: Eq + Hash>(
    old: &mut Vec<&'l Diagnostic>,
    new: &mut Vec<&'l Diagnostic>,
    old_key: impl Fn(&'l Diagnostic) -> K,
    new_key: impl Fn(&'l Diagnostic) -> K,
) {
    let mut open: HashMap<K, Vec<usize>> = HashMap::new();
    for (place, finding) in new.iter().enumerate().rev() {
        open.entry(new_key(finding)).or_default().push(place);
    }
    let mut paired = vec![false; new.len()];
    old.retain(|finding| match open.get_mut(&old_key(finding)).and_then(Vec::pop) {
        Some(place) => {
            paired.get_mut(place).into_iter().for_each(|paired| *paired = true);
            false
        }
        None => true,
    });
    let mut paired = paired.into_iter();
    new.retain(|_| !paired.next().unwrap_or(false));
}

/// Rule, file and message.
fn words<'l>(linted: &'l impl Linted, finding: &'l Diagnostic) -> (&'static str, Option<&'l str>, &'l str) {
    (finding.rule, path(linted, finding), &finding.message)
}

fn path<'l>(linted: &'l impl Linted, finding: &'l Diagnostic) -> Option<&'l str> {
    match &finding.primary.place {
        Place::Absent(path) => Some(path.as_str()),
        place => place.file().and_then(|file| linted.path(file)).map(|path| path.as_str()),
    }
}

fn place_after(finding: &Diagnostic, attempt: &Attempt) -> Option<(u32, u32)> {
    let span = finding.primary.place.span()?;
    Some(attempt.edits.get(&span.file).map_or((span.start, span.end), |edits| moved(span, edits)))
}

/// Whether a finding is still the one that was to be fixed: of the same rule, in the same file, and with the same words
/// or on the place that the fix changed. (For a placeholder the rule is enough: it may change words and place.)
fn is_same<'l>(
    after: &'l impl Linted,
    found: &'l Diagnostic,
    fixed: &Diagnostic,
    (file, place): (Option<&'l str>, Option<(u32, u32)>),
) -> bool {
    let overlaps = match (place, found.primary.place.span()) {
        (Some((start, end)), Some(at)) => start < at.end && at.start < end,
        _ => false,
    };
    path(after, found) == file && (found.message == fixed.message || overlaps)
}

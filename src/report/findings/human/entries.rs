//! What stands on the screen, one below the other.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::report::findings::Repository;

/// A paragraph of the report.
pub(super) enum Entry<'a> {
    /// One finding.
    Finding(&'a Diagnostic),
    /// Several metadata keys that are not there, the worst first: one place, and a line or two for each.
    Lacking(Vec<&'a Diagnostic>),
}

/// The paragraphs, the worst last.
pub(super) fn entries<'a>(repository: &'a Repository<'_>) -> Vec<Entry<'a>> {
    let sorted = repository.worst_last();
    let mut lacking: Vec<&Diagnostic> = sorted.iter().copied().filter(|finding| finding.absent_key.is_some()).collect();
    lacking.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    // All keys are missing from the one block that a card has.
    let Some(worst) = lacking.first().copied().filter(|_| lacking.len() > 1) else {
        return sorted.into_iter().map(Entry::Finding).collect();
    };
    let mut entries = Vec::with_capacity(sorted.len());
    for finding in sorted {
        if std::ptr::eq(finding, worst) {
            entries.push(Entry::Lacking(std::mem::take(&mut lacking)));
        } else if finding.absent_key.is_none() {
            entries.push(Entry::Finding(finding));
        }
    }
    entries
}

/// How often each help is still to come: it is printed the last time only, nearest the prompt.
pub(super) struct Helps<'a> {
    left: HashMap<&'a str, usize>,
}

impl<'a> Helps<'a> {
    /// Counts the helps.
    pub(super) fn of(entries: &[Entry<'a>]) -> Self {
        let mut left = HashMap::new();
        for entry in entries {
            let findings = match entry {
                Entry::Finding(finding) => std::slice::from_ref(finding),
                Entry::Lacking(findings) => findings,
            };
            for help in findings.iter().filter_map(|finding| finding.help.as_deref()) {
                *left.entry(help).or_insert(0) += 1;
            }
        }
        Self { left }
    }

    /// The help of a finding, unless it comes again below.
    pub(super) fn last_time<'d>(&mut self, finding: &'d Diagnostic) -> Option<&'d str> {
        let help = finding.help.as_deref()?;
        let left = self.left.get_mut(help)?;
        *left = left.saturating_sub(1);
        (*left == 0).then_some(help)
    }
}

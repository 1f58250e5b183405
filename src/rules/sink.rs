//! Where a rule puts what it found.

use super::Meta;
use crate::diagnostic::{Diagnostic, Label, Lack, Level, Skip};

/// How many findings one rule may report for one repository. A hostile or generated file could make a million.
/// The run says that there were more.
pub(super) const MAX_FINDINGS: usize = 1000;

/// Collects the findings of one rule.
pub struct Sink<'a> {
    meta: &'static Meta,
    found: &'a mut Vec<Diagnostic>,
    skipped: Vec<Skip>,
    count: usize,
}

impl<'a> Sink<'a> {
    /// A sink for one rule that adds to `found`.
    pub fn new(meta: &'static Meta, found: &'a mut Vec<Diagnostic>) -> Self {
        Self { meta, found, skipped: Vec::new(), count: 0 }
    }

    /// Adds a finding and gives it the rule's name and checklist item.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        self.count += 1;
        if self.count > MAX_FINDINGS {
            return;
        }
        diagnostic.rule = self.meta.name;
        diagnostic.item = self.meta.item.id;
        self.found.push(diagnostic);
    }

    /// A finding at the rule's own level, costing what the rule's findings cost. Give it to [`Sink::push`].
    pub fn finding(&self, message: impl Into<String>, primary: Label) -> Diagnostic {
        self.finding_at(self.meta.level, message, primary)
    }

    /// A finding at another level.
    pub fn finding_at(&self, level: Level, message: impl Into<String>, primary: Label) -> Diagnostic {
        Diagnostic::new(level, message, primary).effect(self.meta.effect)
    }

    /// Says that the rule could not look at something, and why: neither a finding nor silence. The run is incomplete.
    pub fn skip(&mut self, why: impl Into<String>) {
        self.lack(why.into(), Lack::Part);
    }

    /// Says that the content of a file is of a format that is not read.
    pub fn unread_format(&mut self, why: impl Into<String>) {
        self.lack(why.into(), Lack::Format);
    }

    fn lack(&mut self, why: String, lack: Lack) {
        let skip = Skip { rule: self.meta.name, why, lack };
        if !self.skipped.contains(&skip) && self.skipped.len() < MAX_FINDINGS {
            self.skipped.push(skip);
        }
    }

    /// Why parts were not looked at, findings that did not fit included.
    pub fn into_skipped(mut self) -> Vec<Skip> {
        let dropped = self.count.saturating_sub(MAX_FINDINGS);
        if dropped > 0 {
            let why = format!("{dropped} more findings are not shown");
            self.skipped.push(Skip { rule: self.meta.name, why, lack: Lack::Part });
        }
        self.skipped
    }
}

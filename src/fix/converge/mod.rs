//! The loop of `--fix`: apply, prove, look again, until nothing more is proposed.
//!
//! Each pass applies the fixes that fit together, in memory, and runs the rules on the result. A fix that breaks the
//! text, leaves its finding, or causes an error is dropped and said so, and the pass is tried again without it; when it
//! is not clear which one is to blame, half of them are tried. In the end everything that was dropped gets a second
//! chance on the final text, exactly as another run would give it: when that changes nothing, another run changes
//! nothing either.

mod candidates;
mod judge;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::diagnostic::{Diagnostic, Files, Fix, Safety};
use crate::source::RepoPath;

use super::{Refusal, Texts};
use candidates::Attempt;
use judge::Verdict;

/// How often the rules are run. Two or three times is usual: once to see the findings, once after each pass. When this
/// is reached, every fix is taken back: rules that never agree must not leave half of their quarrel on disk.
pub const MAX_PASSES: usize = 64;

/// What a run of the rules gives: the findings, and the files that their places name, as the rules saw them.
pub trait Linted: Files {
    /// The findings, in a stable order.
    fn findings(&self) -> &[Diagnostic];
}

/// A fix that is part of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The rule whose finding it fixes.
    pub rule: &'static str,
    /// The file that it changes, or the first that it creates.
    pub path: RepoPath,
    /// What it does, in its own words.
    pub title: String,
    /// Whether a person must fill what it leaves, and the finding remains.
    pub placeholder: bool,
}

/// A fix that was allowed and is not part of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The rule whose finding it would have fixed.
    pub rule: &'static str,
    /// The file that it would have changed, or the first that it would have created.
    pub path: RepoPath,
    /// What it would have done, in its own words.
    pub title: String,
    /// Why it was not applied.
    pub reason: Refusal,
}

/// Where the loop came to rest.
#[derive(Debug)]
pub struct Outcome<L> {
    /// The files that differ from the disk; nothing is written yet.
    pub texts: Texts,
    /// The fixes that are in them, in the order in which they were applied.
    pub applied: Vec<Applied>,
    /// The fixes that were allowed and are not in them.
    pub refused: Vec<Refused>,
    /// The last run of the rules: what remains.
    pub last: L,
    /// How often the rules were run.
    #[cfg_attr(not(test), expect(dead_code, reason = "what tests hold the loop to"))]
    pub passes: usize,
}

/// Applies the fixes of at most `allowed` safety, in memory, until nothing more changes.
///
/// `may_write` says whether a file may be changed (`true`) or created (`false`); [`super::write::check`] answers for a
/// disk. `lint` runs the rules on the repository with the given texts in place of those on disk, and with the same
/// texts gives the same findings.
///
/// # Errors
/// Those of `lint`.
pub fn converge<L: Linted, E>(
    allowed: Safety,
    may_write: impl Fn(&RepoPath, bool) -> Result<(), Refusal>,
    mut lint: impl FnMut(&Texts) -> Result<L, E>,
) -> Result<Outcome<L>, E> {
    let mut state = State::new();
    let mut last = lint(&state.texts)?;
    let mut passes = 1;
    loop {
        let banned = state.banned.len();
        let attempt = candidates::choose(&last, allowed, &may_write, &mut state);
        if attempt.chosen.is_empty() {
            // Those that were refused unseen made room for others, or the text changed since others were refused.
            if state.banned.len() > banned || state.next_round() {
                continue;
            }
            break;
        }
        if passes >= MAX_PASSES {
            state.take_everything_back(&last, &attempt);
            last = lint(&state.texts)?;
            passes += 1;
            break;
        }
        let after = match attempt.apply(&last, &state.texts) {
            Ok(after) => after,
            Err(refusal) => {
                state.fail(&last, &attempt, &refusal);
                continue;
            }
        };
        if state.returns_to(&after, &last, &attempt) {
            last = lint(&state.texts)?;
            passes += 1;
            continue;
        }
        let next = lint(&after)?;
        passes += 1;
        match judge::judge(&last, &next, &attempt, allowed) {
            Verdict::Sound => {
                state.accept(&last, &attempt, after);
                last = next;
            }
            Verdict::Blames(blamed) => {
                for (finding, refusal) in blamed {
                    state.refuse(&last, finding, refusal);
                }
            }
            Verdict::Unclear(refusal) => state.fail(&last, &attempt, &refusal),
        }
    }
    let State { texts, applied, refused, .. } = state;
    Ok(Outcome { texts, applied: applied.into_iter().map(|(_, applied)| applied).collect(), refused, last, passes })
}

/// What names a fix from one pass to the next; offsets and numbers of files do not. Twins share a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Name {
    rule: &'static str,
    path: RepoPath,
    message: String,
    title: String,
}

impl Name {
    fn of(linted: &impl Linted, finding: &Diagnostic, fix: &Fix) -> Self {
        let edited = fix.edits.first().and_then(|edit| linted.path(edit.at.file));
        let path = edited.or(fix.new_files.first().map(|new| &new.path)).cloned();
        Self {
            rule: finding.rule,
            path: path.unwrap_or_else(|| RepoPath::new("")),
            message: finding.message.clone(),
            title: fix.title.clone(),
        }
    }
}

/// Where the loop stands.
struct State {
    texts: Texts,
    applied: Vec<(Name, Applied)>,
    refused: Vec<Refused>,
    /// The names of the refused, and why.
    banned: HashMap<Name, Refusal>,
    /// How many fixes are tried at once.
    limit: usize,
    /// The texts before each accepted pass of this round, with the number of fixes that were in them.
    history: Vec<(Texts, usize)>,
}

impl State {
    fn new() -> Self {
        Self {
            texts: Texts::default(),
            applied: Vec::new(),
            refused: Vec::new(),
            banned: HashMap::new(),
            limit: usize::MAX,
            history: Vec::new(),
        }
    }

    /// Gives the refused fixes another chance if the text changed since the round began.
    fn next_round(&mut self) -> bool {
        if self.history.is_empty() || self.refused.iter().all(|refused| refused.reason == Refusal::Cycle) {
            return false;
        }
        self.history.clear();
        self.refused.retain(|refused| refused.reason == Refusal::Cycle);
        self.banned.retain(|_, reason| *reason == Refusal::Cycle);
        true
    }

    fn accept(&mut self, linted: &impl Linted, attempt: &Attempt, after: Texts) {
        self.history.push((std::mem::replace(&mut self.texts, after), self.applied.len()));
        self.limit = usize::MAX;
        for (finding, fix) in attempt.fixes(linted) {
            let name = Name::of(linted, finding, fix);
            let applied = Applied {
                rule: name.rule,
                path: name.path.clone(),
                title: name.title.clone(),
                placeholder: fix.placeholder,
            };
            self.applied.push((name, applied));
        }
    }

    fn refuse(&mut self, linted: &impl Linted, finding: usize, reason: Refusal) {
        if let Some((finding, fix)) = candidates::fix_of(linted, finding) {
            self.ban(Name::of(linted, finding, fix), reason);
        }
    }

    fn ban(&mut self, name: Name, reason: Refusal) {
        let refused =
            Refused { rule: name.rule, path: name.path.clone(), title: name.title.clone(), reason: reason.clone() };
        if let Entry::Vacant(place) = self.banned.entry(name) {
            place.insert(reason);
            self.refused.push(refused);
        }
    }

    /// An attempt failed as a whole: the only one in it is to blame, else fewer are tried.
    fn fail(&mut self, linted: &impl Linted, attempt: &Attempt, refusal: &Refusal) {
        match attempt.chosen.as_slice() {
            [only] => self.refuse(linted, *only, refusal.clone()),
            several => self.limit = several.len() / 2,
        }
    }

    /// Whether an attempt leads back to an earlier text. Then the fixes on the way never get another chance, and
    /// everything begins anew without them: what they did to the text cannot be separated from what others did.
    fn returns_to(&mut self, after: &Texts, linted: &impl Linted, attempt: &Attempt) -> bool {
        let Some(index) = self.history.iter().position(|(texts, _)| texts == after) else { return false };
        self.refuse_all(linted, attempt, &Refusal::Cycle);
        let before = self.history.get(index).map_or(0, |(_, before)| *before);
        for (name, _) in self.applied.split_off(before) {
            self.ban(name, Refusal::Cycle);
        }
        self.texts = Texts::default();
        self.applied.clear();
        self.history.clear();
        self.limit = usize::MAX;
        true
    }

    fn take_everything_back(&mut self, linted: &impl Linted, attempt: &Attempt) {
        for (name, _) in std::mem::take(&mut self.applied) {
            self.ban(name, Refusal::Unsettled);
        }
        self.refuse_all(linted, attempt, &Refusal::Unsettled);
        self.texts = Texts::default();
    }

    fn refuse_all(&mut self, linted: &impl Linted, attempt: &Attempt, reason: &Refusal) {
        for finding in &attempt.chosen {
            self.refuse(linted, *finding, reason.clone());
        }
    }
}

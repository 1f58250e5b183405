//! How a card begins, or is completed: what the fixes of its metadata write, then the sections that it lacks.

use std::sync::Arc;

use super::fixed::fixed;
use super::problems::cannot_open;
use super::run::run;
use crate::config::Selection;
use crate::diagnostic::{Level, Problem, Safety};
use crate::draft;
use crate::evidence::Subject;
use crate::fix::{self, Change, Linted, Outcome, Refusal};
use crate::release::Release;
use crate::rules::{Context, README, Section};
use crate::source::{RepoPath, SourceFile};

/// What would become of the card.
pub struct Begun {
    /// The card as it would be; nothing when there is nothing to add.
    pub change: Option<Change>,
    /// What was done, each an order: "insert `library_name: peft`".
    pub done: Vec<String>,
    /// What was left undone, and why.
    pub refused: Vec<(String, Refusal)>,
    /// Errors and warnings that remain.
    pub left: usize,
}

/// The metadata as `check --fix` writes it, then the sections.
///
/// # Errors
/// What keeps the card from being read or created.
pub fn begin(release: &Release) -> Result<Begun, Problem> {
    let path = RepoPath::new(README);
    let on_disk = match release.find(README) {
        Some(file) if file.lfs.is_some() => {
            return Err(Problem::reading(
                Some(path),
                format!("`{README}` is a git-lfs pointer, not the card"),
                "Fetch the card with `git lfs pull`, and keep it out of LFS.",
            ));
        }
        Some(file) => {
            let text = release.text(file.id);
            Some(text.map_err(|error| Problem::reading(Some(path.clone()), error.to_string(), error.help()))?)
        }
        None => None,
    };
    let subject = Subject::new(release);
    let metadata = Selection::of(Section::Metadata);
    let outcome = fixed(&subject, &metadata, Safety::Safe).map_err(|error| cannot_open(&error))?;
    let Some(bytes) = outcome.texts.get(&path).or(on_disk.map(SourceFile::bytes)) else {
        return Err(no_card(&outcome));
    };
    let id = release.find(README).map_or_else(|| Context::id_for_new_readme(release), |file| file.id);
    let mut card = SourceFile::new(id, path.clone(), bytes.to_vec());
    let mut begun = Begun {
        change: None,
        done: outcome.applied.iter().map(|applied| applied.title.clone()).collect(),
        refused: outcome.refused.into_iter().map(|refused| (refused.title, refused.reason)).collect(),
        left: 0,
    };
    match sections(release, &subject, &card, on_disk.is_some()) {
        Some((title, Ok(completed))) => {
            begun.done.push(title);
            card = completed;
        }
        Some((title, Err(why))) => begun.refused.push((title, why)),
        None => {}
    }
    let before = on_disk.map(SourceFile::bytes);
    if before != Some(card.bytes()) {
        begun.change = Some(Change { path, before: before.map(Arc::from), after: Arc::from(card.bytes()) });
    }
    let left = run(&Context::with_readme(&subject, Some(&card)), &Selection::all()).found;
    begun.left = left.iter().filter(|finding| finding.level >= Level::Warning).count();
    Ok(begun)
}

/// The card with the sections that it lacks, proven to be sound; nothing when it lacks none.
fn sections(
    release: &Release,
    subject: &Subject<'_>,
    card: &SourceFile,
    exists: bool,
) -> Option<(String, Result<SourceFile, Refusal>)> {
    let cx = Context::with_readme(subject, Some(card));
    let (lacking, addition) = draft::addition(&cx)?;
    let completed = || {
        if exists {
            fix::write::check(release.root(), card.path(), true)?;
        }
        let bytes = fix::apply(card, &addition.edits)?;
        let completed = SourceFile::new(card.id(), card.path().clone(), bytes);
        fix::verify(card, &completed, &[&addition])?;
        let keeps = cx.card().is_some_and(|before| draft::keeps(before, &completed, lacking));
        if keeps { Ok(completed) } else { Err(Refusal::Body) }
    };
    Some((addition.title.clone(), completed()))
}

/// Why no card could be created: in the words of the rule that misses it.
fn no_card<L: Linted>(outcome: &Outcome<L>) -> Problem {
    let path = RepoPath::new(README);
    if let Some(refused) = outcome.refused.first() {
        return Problem::writing(path, refused.reason.to_string(), refused.reason.help());
    }
    let found = outcome.last.findings().iter().find(|finding| finding.rule == "missing-model-card");
    let message = found.map_or_else(|| format!("`{README}` cannot be read"), |found| found.message.clone());
    let help = found.and_then(|found| found.help.as_deref()).unwrap_or("See `hf-release check`.");
    Problem::reading(Some(path), message, help)
}

//! What could not be looked at.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Place, Problem};
use crate::evidence::Subject;
use crate::fix;
use crate::release::{OpenError, ProblemKind};
use crate::source::RepoPath;

/// Why a folder could not be opened as a release.
pub fn cannot_open(error: &OpenError) -> Problem {
    Problem::reading(None, error.to_string(), error.help())
}

/// What could not be looked at, texts and bytes that somebody asked for in vain included. What a finding already says of a
/// link that leads out is left to it.
pub(super) fn problems(subject: &Subject<'_>, found: &[Diagnostic]) -> Vec<Problem> {
    let release = subject.release();
    let absent = found.iter().filter_map(|finding| match &finding.primary.place {
        Place::Absent(path) => Some(path),
        _ => None,
    });
    let spoken_of: BTreeSet<&RepoPath> = absent.collect();
    let path = |id| release.file(id).map(|file| file.path.clone());
    let unsaid = |problem: &&crate::release::Problem| {
        problem.kind != ProblemKind::LinkLeaves || !spoken_of.contains(&problem.path)
    };
    let of_folder = release.problems().iter().filter(unsaid).map(|problem| {
        let path = Some(problem.path.clone()).filter(|path| !path.as_str().is_empty());
        Problem::reading(path, problem.message.clone(), problem.help())
    });
    let of_texts =
        release.failed_reads().map(|(id, error)| Problem::reading(path(id), error.to_string(), error.help()));
    let of_bytes =
        subject.weights().failed().map(|(id, why)| Problem::reading(path(id), why, ProblemKind::Unreadable.help()));
    let left = release.files().iter().filter(|file| fix::write::is_temporary(&file.path)).map(|file| {
        let message = "a `--fix` that was killed left this file, and it would be pushed";
        Problem::writing(file.path.clone(), message, "Delete it, or run `hf-release check --fix` again.")
    });
    let mut problems: Vec<Problem> = of_folder.chain(of_texts).chain(of_bytes).chain(left).collect();
    // One file, one problem: a text that could not be read could not be examined either.
    let mut said = BTreeSet::new();
    problems.retain(|problem| problem.path.is_none() || said.insert(problem.path.clone()));
    problems
}

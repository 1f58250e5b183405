//! What a run found, one file an output format.
//!
//! Everything that comes from a repository is hostile text: each format escapes it for its target. Levels, exit code and the
//! order of the findings are given; a format for people may show them in another order.

mod concise;
mod consequences;
mod excerpt;
mod github;
mod human;
pub mod json;
mod place;
mod statistics;
mod summary;

use std::fmt;
use std::io;
use std::str::FromStr;

use crate::diagnostic::{Diagnostic, Files, Kept, Level, Problem, Skip};
use crate::fix::{Applied, Refusal, Refused};

use super::{Exit, Style, visible};
use place::join;

/// Everything that one run says.
pub struct Run<'a> {
    /// The version of hf-release.
    pub version: &'a str,
    /// The date of the Hub tables that the run compared with, as `2026-08-22`.
    pub data: &'a str,
    /// The repositories, in the order in which the user named them.
    pub repositories: Vec<Repository<'a>>,
    /// How the run ends.
    pub exit: Exit,
    /// The level from which on a finding makes the run fail; `None` when no finding does.
    pub fail_on: Option<Level>,
    /// Where the manual of a rule is in hf-release's own repository.
    pub manual: fn(&str) -> Option<String>,
    /// Whether the formats for people print the findings alone.
    pub quiet: bool,
    /// Whether the formats for people count the findings of each rule instead of showing them.
    pub statistics: bool,
}

/// What a run says of one repository.
#[derive(Clone, Copy)]
pub struct Repository<'a> {
    /// The path as the user named it.
    pub path: &'a str,
    /// The path as it is seen from the root of the workspace on GitHub.
    pub in_workspace: &'a str,
    /// The files that the findings point into.
    pub files: &'a dyn Files,
    /// How many files were looked at.
    pub checked: usize,
    /// The findings, sorted.
    pub findings: &'a [Diagnostic],
    /// Findings that the user muted.
    pub muted: &'a [Diagnostic],
    /// Rules that had nothing to go by.
    pub skipped: &'a [Skip],
    /// What could not be read or written; makes the run incomplete.
    pub problems: &'a [Problem],
    /// Fixes that were written.
    pub fixed: &'a [Applied],
    /// Fixes that were asked for and not written.
    pub refused: &'a [Refused],
    /// The folder in it that contains several models, where it is not a model itself.
    pub models: Option<&'a str>,
}

impl Repository<'_> {
    /// The path of a file as the user opens it from where they stand: visible text.
    fn shown(&self, path: &str) -> String {
        visible(&join(self.path, path)).into_owned()
    }

    /// The findings as people read them: the worst last, nearest the prompt; within a level in the given order.
    fn worst_last(&self) -> Vec<&Diagnostic> {
        let mut found: Vec<&Diagnostic> = self.findings.iter().collect();
        found.sort_by_key(|finding| finding.level);
        found
    }
}

/// Writes a run in one format.
pub trait Reporter {
    /// Writes all of it; only `out` can fail.
    fn write(&self, run: &Run<'_>, out: &mut dyn io::Write) -> io::Result<()>;
}

/// The output formats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people: the place, marked in the file's own text.
    #[default]
    Human,
    /// One line a finding.
    Concise,
    /// For programs: schema 1, described in `schema-1.json`.
    Json,
    /// Workflow commands, which GitHub shows as annotations of the change.
    Github,
}

impl Format {
    /// Every format, in the order in which help lists them.
    pub const ALL: [Self; 4] = [Self::Human, Self::Concise, Self::Json, Self::Github];

    /// The word that names it on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Github => "github",
        }
    }

    /// What writes it. Only formats for people follow the style.
    pub fn reporter(self, style: Style) -> Box<dyn Reporter> {
        match self {
            Self::Human => Box::new(human::Human { style }),
            Self::Concise => Box::new(concise::Concise { style }),
            Self::Json => Box::new(json::Json),
            Self::Github => Box::new(github::Github),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.as_str() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// The name of no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an output format")]
pub struct UnknownFormat(pub String);

/// A level as people read it.
fn level_word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

/// What a problem is, after the path that the user opens: a message that begins with the path does not say it twice.
fn told(repository: &Repository<'_>, problem: &Problem) -> String {
    let message = visible(&problem.message).into_owned();
    let Some(path) = &problem.path else { return message };
    let shown = repository.shown(path.as_str());
    match message.strip_prefix(&format!("`{}` ", visible(path.as_str()))) {
        Some(rest) => format!("{shown} {rest}"),
        None => format!("{shown}: {message}"),
    }
}

/// The findings of other rules that a finding stands for; each has an item of the checklist, too.
fn covered(finding: &Diagnostic) -> Option<String> {
    let rules: Vec<&str> = finding.covers.iter().map(|covered| covered.rule).collect();
    let others = crate::words::count(rules.len(), "other finding");
    (!rules.is_empty()).then(|| format!("{others} in the same places ({})", rules.join(", ")))
}

/// The fixes that were refused for a reason of their own. Of a file that may not be written, its problem speaks.
fn refused<'a>(repository: &'a Repository<'_>) -> impl Iterator<Item = &'a Refused> {
    let is_told = |refused: &&Refused| {
        let of_file = |problem: &&Problem| problem.path.as_ref() == Some(&refused.path);
        repository.problems.iter().filter(of_file).any(|problem| problem.kept == Kept::Writing)
    };
    let refused = repository.refused.iter();
    refused.filter(move |refused| !matches!(refused.reason, Refusal::NotWritable(_)) || !is_told(refused))
}

/// The word that opens a problem in the formats for people.
fn word(problem: &Problem) -> &'static str {
    match (problem.kept, &problem.path) {
        (Kept::Writing, _) => "not written",
        (Kept::Reading, Some(_)) => "not read",
        (Kept::Reading, None) => "incomplete",
    }
}

#[cfg(test)]
mod tests;

//! What a run found, and the formats that print it.
//!
//! This module knows findings ([`crate::diagnostic`]), positions ([`crate::source`]) and how each output format wants
//! to be written. It does not know what a rule is, never reads a file or the environment, and never decides
//! anything: levels, exit code and order are given. Everything that comes from a repository is hostile text: each
//! format escapes it for its target.

mod concise;
mod excerpt;
mod github;
mod human;
pub mod json;
mod place;
pub mod preview;
mod style;
mod summary;
mod visible;

use std::fmt;
use std::io;
use std::str::FromStr;

use crate::diagnostic::{Diagnostic, Level};
use crate::source::{FileId, RepoPath, SourceFile};

pub(crate) use style::Paint;
pub use style::{ColorChoice, Graphics, Style, Terminal};
pub use visible::visible;
pub(crate) use visible::{width, wrap};

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
}

/// What a run says of one repository.
pub struct Repository<'a> {
    /// The path as the user named it.
    pub path: String,
    /// The files that the findings point into.
    pub files: &'a dyn Files,
    /// How many files were looked at.
    pub checked: usize,
    /// The findings, sorted.
    pub findings: Vec<Diagnostic>,
    /// Findings that the user muted.
    pub muted: Vec<Diagnostic>,
    /// Rules that had nothing to go by.
    pub skipped: Vec<Skip>,
    /// What kept the run from looking at everything; makes it incomplete.
    pub problems: Vec<Problem>,
    /// Fixes that were written.
    pub fixed: Vec<Applied>,
    /// Fixes that were asked for and not written.
    pub refused: Vec<Refused>,
}

impl<'a> Repository<'a> {
    /// A repository of which nothing is said yet.
    pub fn new(path: impl Into<String>, files: &'a dyn Files, checked: usize) -> Self {
        Self {
            path: path.into(),
            files,
            checked,
            findings: Vec::new(),
            muted: Vec::new(),
            skipped: Vec::new(),
            problems: Vec::new(),
            fixed: Vec::new(),
            refused: Vec::new(),
        }
    }
}

/// The files of one repository, as far as a report needs them.
pub trait Files {
    /// The path of a file.
    fn path(&self, file: FileId) -> Option<&RepoPath>;

    /// The text of a file, where it was read as text.
    fn source(&self, file: FileId) -> Option<&SourceFile>;
}

/// A rule that did not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// The rule's name.
    pub rule: String,
    /// The reason in a word or two, such as `offline`.
    pub why: String,
}

/// Something that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, where it is one.
    pub path: Option<String>,
    /// What went wrong: one sentence without a final dot.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
}

impl Problem {
    /// The word that opens it in the formats for people.
    fn word(&self) -> &'static str {
        if self.path.is_some() { "unread" } else { "incomplete" }
    }
}

/// A fix that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// What it did, as an order.
    pub title: String,
    /// The file, inside the repository.
    pub path: String,
}

/// A fix that was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What it would have done, as an order.
    pub title: String,
    /// Why it was not.
    pub why: String,
}

/// How a run ends; the same in every format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exit {
    /// Nothing at or above the level that fails.
    Clean = 0,
    /// Findings at or above it.
    Findings = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// Not everything could be looked at, and what could be looked at is clean.
    Incomplete = 3,
}

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        self as u8
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

#[cfg(test)]
mod tests;

//! What a run could not look at or could not do: neither a finding nor silence.

use serde::{Serialize, Serializer};

use crate::source::RepoPath;

/// A rule that gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skip {
    /// The rule's name.
    pub rule: &'static str,
    /// The reason in a few words, such as `offline`.
    pub why: String,
    /// What is missing without its answer.
    #[serde(skip)]
    pub lack: Lack,
}

/// What a run lacks where a rule gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lack {
    /// Something that was to be looked at: the run is incomplete.
    Part,
    /// The content of a file whose format is known and not read. Every run lacks it, and says so.
    Format,
    /// An answer of the Hub, for which the run was not asked to go online.
    Hub,
}

/// What a problem kept the run from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kept {
    /// From reading a file or a folder.
    Reading,
    /// From writing a fix.
    Writing,
}

/// Something that could not be read or written: the run is incomplete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, inside the repository, where it is one.
    #[serde(serialize_with = "as_text")]
    pub path: Option<RepoPath>,
    /// What went wrong: one sentence without a final dot.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    /// What it kept the run from.
    #[serde(skip)]
    pub kept: Kept,
}

impl Problem {
    /// A problem of reading.
    pub fn reading(path: Option<RepoPath>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { path, message: message.into(), help: Some(help.into()), kept: Kept::Reading }
    }

    /// A fix that could not be written.
    pub fn writing(path: RepoPath, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { path: Some(path), message: message.into(), help: Some(help.into()), kept: Kept::Writing }
    }
}

fn as_text<S: Serializer>(path: &Option<RepoPath>, out: S) -> Result<S::Ok, S::Error> {
    path.as_ref().map(RepoPath::as_str).serialize(out)
}

//! What stops a command before it has an answer, in words and exit codes: the one place that turns errors into what a
//! user reads.

use std::fmt;
use std::io;

use crate::config::SelectionError;
use crate::diagnostic::Problem;
use crate::report::{Exit, visible};

/// Why a command gave up.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command line makes no sense.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do next.
        help: String,
    },
    /// The command line is fine, but the work could not be done.
    Incomplete {
        /// What is wrong.
        message: String,
        /// What to do next.
        help: String,
    },
    /// The output could not be written.
    Output(io::Error),
}

impl Failure {
    /// A mistake in the command line.
    pub(super) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    /// Work that could not be done.
    pub(super) fn incomplete(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Incomplete { message: message.into(), help: help.into() }
    }

    /// The exit code.
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. } => Exit::Usage,
            Self::Incomplete { .. } | Self::Output(_) => Exit::Incomplete,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let help = problem.help.as_deref().unwrap_or_default();
        Self::incomplete(visible(&problem.message), visible(help))
    }
}

impl From<SelectionError> for Failure {
    fn from(error: SelectionError) -> Self {
        Self::usage(error.to_string(), error.help())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { message, help } | Self::Incomplete { message, help } => {
                write!(f, "error: {message}\n  help: {help}")
            }
            Self::Output(error) => write!(
                f,
                "error: the output could not be written: {error}\n  help: Free some space, or write to another place with `--output FORMAT=FILE`."
            ),
        }
    }
}

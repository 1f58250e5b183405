//! What people and programs read: one folder a kind of result, in it one file an output format.
//!
//! This module knows findings ([`crate::diagnostic`]), fixes ([`crate::fix`]), positions ([`crate::source`]) and how each
//! output format wants to be written. It does not know what a rule is, never reads a file or the environment, and never decides
//! anything: levels and exit code are given.

pub mod findings;
pub mod inspect;
pub mod json;
mod manual;
pub mod preview;
mod style;
mod visible;

pub use manual::write as write_manual;
pub(crate) use style::Paint;
pub use style::{ColorChoice, Graphics, Style, Terminal};
pub use visible::visible;
pub(crate) use visible::{width, wrap};

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

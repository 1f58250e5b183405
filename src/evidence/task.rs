//! The task.

use super::{Evidence, Weights};
use crate::configs::Configs;
use crate::diagnostic::Label;
use crate::release::Release;

/// What the files say of the task.
#[derive(Clone, Debug, Default)]
pub struct Task {
    /// The tag to write; strong only when it is the only reading.
    pub one: Option<Evidence<&'static str>>,
    /// Every tag that is no contradiction to the files, each once; empty when they say nothing.
    pub plausible: Vec<&'static str>,
    /// What shows it.
    pub proof: Vec<Label>,
}

pub(super) fn gather(_: &Release, _: &Configs<'_>, _: &Weights<'_>) -> Task {
    Task::default()
}

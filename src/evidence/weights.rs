//! The files of a release, each examined once.

use crate::release::Release;

/// A file and what its bytes are.
#[derive(Debug)]
pub struct WeightFile {}

/// The files of a release by content. A file is examined when it is first asked for.
#[derive(Debug)]
pub struct Weights<'r> {
    release: &'r Release,
}

impl<'r> Weights<'r> {
    /// Reads nothing yet.
    pub fn new(release: &'r Release) -> Self {
        Self { release }
    }
}

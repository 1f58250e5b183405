//! The page that a repository will have, printed: for people, and as JSON.
//!
//! Both take the values of [`crate::preview`]; what is said of a value in one is in the other.

pub mod json;
mod text;

pub use json::write as write_json;
pub use text::write as write_text;

use crate::diagnostic::Problem;
use crate::preview::{Area, Page, Rejection};

/// What is known of one repository's page.
pub struct Preview<'a> {
    /// The version of hf-release.
    pub version: &'a str,
    /// The date of the tables of the Hub.
    pub data: &'a str,
    /// The path as the user named it.
    pub path: &'a str,
    /// The repository's id, where it is known.
    pub repo_id: Option<String>,
    /// The page as the files are.
    pub now: Look<'a>,
    /// The page as fixes would make it, where that was asked for.
    pub after: Option<After<'a>>,
    /// What could not be looked at.
    pub problems: &'a [Problem],
    /// The process's exit code.
    pub exit: u8,
}

/// A page, and what keeps it from appearing.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The page.
    pub page: &'a Page,
    /// Why the Hub rejects the push; empty where nothing is known against it.
    pub refused: &'a [Rejection],
}

/// The page after fixes.
pub struct After<'a> {
    /// The page.
    pub look: Look<'a>,
    /// What the fixes do, each an order.
    pub fixes: &'a [String],
    /// The option of `check` that writes them: `--fix` or `--unsafe-fixes`.
    pub option: &'static str,
}

/// The areas that show something else on two pages, each with its other form. What a value follows from is not shown.
fn changed<'p>(now: &'p Page, after: &'p Page) -> Vec<(Area<'p>, Area<'p>)> {
    now.areas().into_iter().zip(after.areas()).filter(|(now, after)| !reads_the_same(now, after)).collect()
}

fn reads_the_same(now: &Area<'_>, after: &Area<'_>) -> bool {
    (now.state, &now.words, now.code) == (after.state, &after.words, after.code)
}

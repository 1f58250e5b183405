//! The JSON format of `preview`: schema 1, for programs. Frozen: a field may be added, and none is renamed, moved or
//! removed. `schema-1.json` beside this file describes it as a JSON Schema.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::{After, Look, Preview, changed};
use crate::diagnostic::Problem;
use crate::preview::{Page, Rejection, source};
use crate::report::json::{self, Tool};

/// The value of the field `schema`.
pub const SCHEMA: &str = "hf-release-preview/1";

/// The JSON Schema (draft 2020-12) that every document of this format satisfies.
pub const JSON_SCHEMA: &str = include_str!("schema-1.json");

/// A whole document.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    path: &'a str,
    repo_id: Option<&'a str>,
    refused: &'a [Rejection],
    page: &'a Page,
    after: Option<Changed<'a>>,
    problems: &'a [Problem],
    /// Of each area, where it is public how the Hub fills it.
    sources: BTreeMap<&'static str, &'static str>,
    exit: u8,
}

/// The page after fixes.
#[derive(Serialize)]
struct Changed<'a> {
    option: &'static str,
    fixes: &'a [String],
    refused: &'a [Rejection],
    page: &'a Page,
    /// The areas that are not the same in both pages.
    changed: Vec<&'static str>,
}

/// Writes the document on one line.
pub fn write(preview: &Preview<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let Look { page, refused } = preview.now;
    let document = Document {
        schema: SCHEMA,
        tool: Tool { version: preview.version, data: preview.data },
        path: preview.path,
        repo_id: preview.repo_id.as_deref(),
        refused,
        page,
        after: preview.after.as_ref().map(|after| of_after(page, after)),
        problems: preview.problems,
        sources: page.areas().iter().filter_map(|area| Some((area.key, source(area.key)?))).collect(),
        exit: preview.exit,
    };
    json::write(&document, out)
}

fn of_after<'a>(now: &Page, after: &'a After<'a>) -> Changed<'a> {
    Changed {
        option: after.option,
        fixes: after.fixes,
        refused: after.look.refused,
        page: after.look.page,
        changed: changed(now, after.look.page).into_iter().map(|(area, _)| area.key).collect(),
    }
}

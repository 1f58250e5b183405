//! The JSON format: schema 1, for programs. Frozen: a field may be added, and none is renamed, moved or removed.
//!
//! `schema-1.json` beside this file describes it as a JSON Schema.

use std::io;

use serde::Serialize;

use crate::diagnostic::{self, Files, Level, Place, Problem, Skip};
use crate::report::json::{self, Tool};
use crate::source;

use super::place::{Positions, path};
use super::{Reporter, Run};

/// The value of the field `schema`.
pub const SCHEMA: &str = "hf-release/1";

/// The JSON Schema (draft 2020-12) that every document of this format satisfies.
pub const JSON_SCHEMA: &str = include_str!("schema-1.json");

/// A whole document.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// What wrote the document.
    pub tool: Tool<'a>,
    /// The repositories, in the order in which the user named them.
    pub repositories: Vec<Repository<'a>>,
    /// Counts over all repositories.
    pub summary: Summary,
    /// The exit code of the process.
    pub exit: u8,
}

/// One repository.
#[derive(Debug, Serialize)]
pub struct Repository<'a> {
    /// The path as the user named it.
    pub path: &'a str,
    /// The findings, sorted.
    pub findings: Vec<Finding<'a>>,
    /// Findings that the user muted.
    pub muted: Vec<Finding<'a>>,
    /// Rules that did not run.
    pub skipped: &'a [Skip],
    /// What could not be read or written.
    pub problems: &'a [Problem],
    /// The fixes that this run was asked for.
    pub fixes: Fixes<'a>,
}

/// What became of the fixes that a run was asked for.
#[derive(Debug, Serialize)]
pub struct Fixes<'a> {
    /// Those that are in the files now, or in the diff.
    pub applied: Vec<Applied<'a>>,
    /// Those that are not.
    pub refused: Vec<Refused<'a>>,
}

/// A fix that was applied.
#[derive(Debug, Serialize)]
pub struct Applied<'a> {
    /// The rule whose finding it fixes.
    pub rule: &'a str,
    /// The file that it changes, inside the repository.
    pub file: &'a str,
    /// What it does, in the imperative.
    pub title: &'a str,
    /// Whether it leaves a place to fill in, and the finding remains.
    pub placeholder: bool,
}

/// A fix that was not applied.
#[derive(Debug, Serialize)]
pub struct Refused<'a> {
    /// The rule whose finding it would have fixed.
    pub rule: &'a str,
    /// The file that it would have changed, inside the repository.
    pub file: &'a str,
    /// What it would have done, in the imperative.
    pub title: &'a str,
    /// Why it was not applied.
    pub why: String,
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct Finding<'a> {
    /// The rule's name.
    pub rule: &'a str,
    /// `error`, `warning` or `info`.
    pub level: &'static str,
    /// The id of the checklist item.
    pub item: &'a str,
    /// What is wrong.
    pub message: &'a str,
    /// The path inside the repository, also of a file that is absent; null when it is unknown.
    pub file: Option<&'a str>,
    /// The first byte; null for what has no bytes.
    pub start: Option<Position>,
    /// One past the last byte; null where `start` is.
    pub end: Option<Position>,
    /// The finding's own label first where it has a text, then the places that prove or explain it.
    pub labels: Vec<Label<'a>>,
    /// How many more places belong to it than `labels` names; absent where that is all.
    #[serde(skip_serializing_if = "is_zero")]
    pub unlisted: usize,
    /// What it costs and what to do next.
    pub help: Option<&'a str>,
    /// The change that fixes it.
    pub fix: Option<Fix<'a>>,
    /// The rules that found the same defect, and of which this finding speaks, too.
    pub covers: Vec<&'a str>,
    /// Where the rule's manual is in hf-release's own repository.
    pub docs: Option<String>,
}

/// A place in a text file.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Position {
    /// Offset in the file, from 0; a byte order mark counts.
    pub byte: u32,
    /// From 1.
    pub line: u32,
    /// From 1, in Unicode scalar values; a byte order mark has none.
    pub column: u32,
}

/// A place and what is said there.
#[derive(Debug, Serialize)]
pub struct Label<'a> {
    /// As in [`Finding`].
    pub file: Option<&'a str>,
    /// As in [`Finding`].
    pub start: Option<Position>,
    /// As in [`Finding`].
    pub end: Option<Position>,
    /// May be empty.
    pub text: &'a str,
}

/// A change.
#[derive(Debug, Serialize)]
pub struct Fix<'a> {
    /// What it does, as an order.
    pub title: &'a str,
    /// `safe`, `unsafe` or `display-only`.
    pub safety: &'static str,
    /// Whether it leaves a place to fill in, and the finding remains.
    pub placeholder: bool,
    /// The changes, disjoint and in the order of the file; none where the fix is only described.
    pub edits: Vec<Edit<'a>>,
}

/// Bytes of a file that are replaced, or a file that is created.
#[derive(Debug, Serialize)]
pub struct Edit<'a> {
    /// The file, inside the repository.
    pub file: Option<&'a str>,
    /// The first byte that is replaced; null for a file that is created.
    pub start: Option<u32>,
    /// One past the last byte that is replaced; null for a file that is created.
    pub end: Option<u32>,
    /// What stands there afterwards; the whole text of a file that is created.
    pub text: &'a str,
}

/// Counts of findings that are not muted.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// Of level error.
    pub error: usize,
    /// Of level warning.
    pub warning: usize,
    /// Of level info.
    pub info: usize,
    /// With a fix of any safety.
    pub fixable: usize,
}

/// The format.
pub(super) struct Json;

impl Reporter for Json {
    fn write(&self, run: &Run<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        json::write(&document(run), out)
    }
}

/// The document of a run.
pub fn document<'a>(run: &'a Run<'_>) -> Document<'a> {
    let mut summary = Summary::default();
    for finding in run.repositories.iter().flat_map(|repository| repository.findings) {
        match finding.level {
            Level::Error => summary.error += 1,
            Level::Warning => summary.warning += 1,
            Level::Info => summary.info += 1,
        }
        summary.fixable += usize::from(finding.fix.is_some());
    }
    Document {
        schema: SCHEMA,
        tool: Tool { version: run.version, data: run.data },
        repositories: run.repositories.iter().map(|each| repository(each, run.manual)).collect(),
        summary,
        exit: run.exit.code(),
    }
}

fn repository<'a>(repository: &'a super::Repository<'_>, manual: fn(&str) -> Option<String>) -> Repository<'a> {
    let mut positions = Positions::default();
    let mut findings = |found: &'a [diagnostic::Diagnostic]| {
        found.iter().map(|each| finding(repository.files, each, manual, &mut positions)).collect()
    };
    Repository {
        path: repository.path,
        findings: findings(repository.findings),
        muted: findings(repository.muted),
        skipped: repository.skipped,
        problems: repository.problems,
        fixes: fixes(repository),
    }
}

fn finding<'a>(
    files: &'a dyn Files,
    found: &'a diagnostic::Diagnostic,
    manual: fn(&str) -> Option<String>,
    positions: &mut Positions,
) -> Finding<'a> {
    let (start, end) = ends(files, &found.primary.place, positions);
    let own = Some(&found.primary).filter(|label| !label.text.is_empty());
    let labels = own.into_iter().chain(&found.related).map(|label| {
        let (start, end) = ends(files, &label.place, positions);
        Label { file: path(files, &label.place), start, end, text: &label.text }
    });
    Finding {
        rule: found.rule,
        level: found.level.as_str(),
        item: found.item,
        message: &found.message,
        file: path(files, &found.primary.place),
        start,
        end,
        labels: labels.collect(),
        unlisted: found.unlisted,
        help: found.help.as_deref(),
        fix: found.fix.as_ref().map(|fix| Fix {
            title: &fix.title,
            safety: fix.safety.as_str(),
            placeholder: fix.placeholder,
            edits: edits(files, fix),
        }),
        covers: found.covers.iter().map(|covered| covered.rule).collect(),
        docs: manual(found.rule),
    }
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn edits<'a>(files: &'a dyn Files, fix: &'a diagnostic::Fix) -> Vec<Edit<'a>> {
    let changed = fix.edits.iter().map(|edit| Edit {
        file: files.path(edit.at.file).map(|path| path.as_str()),
        start: Some(edit.at.start),
        end: Some(edit.at.end),
        text: &edit.text,
    });
    let created =
        fix.new_files.iter().map(|new| Edit { file: Some(new.path.as_str()), start: None, end: None, text: &new.text });
    changed.chain(created).collect()
}

fn fixes<'a>(repository: &'a super::Repository<'_>) -> Fixes<'a> {
    let applied = repository.fixed.iter().map(|fix| Applied {
        rule: fix.rule,
        file: fix.path.as_str(),
        title: &fix.title,
        placeholder: fix.placeholder,
    });
    let refused = repository.refused.iter().map(|fix| Refused {
        rule: fix.rule,
        file: fix.path.as_str(),
        title: &fix.title,
        why: fix.reason.to_string(),
    });
    Fixes { applied: applied.collect(), refused: refused.collect() }
}

/// Start and end of a place that has bytes.
fn ends(files: &dyn Files, place: &Place, positions: &mut Positions) -> (Option<Position>, Option<Position>) {
    let Some((span, source)) = place.span().and_then(|span| Some((span, files.source(span.file)?))) else {
        return (None, None);
    };
    let (start, end) = positions.of(source, span);
    let at = |byte, at: source::Position| Position { byte, line: at.line, column: at.column };
    (Some(at(span.start, start)), Some(at(span.end.max(span.start), end)))
}

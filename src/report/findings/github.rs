//! GitHub's workflow commands: `::error file=…,line=…::message`, which become annotations of the change.

use std::io;

use crate::diagnostic::{Diagnostic, Level};

use super::place::{Positions, join, path};
use super::{Reporter, Repository, Run, covered, refused, summary};
use crate::report::visible::{push_visible, visible};

/// The format.
pub(super) struct Github;

impl Reporter for Github {
    fn write(&self, run: &Run<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        for repository in &run.repositories {
            let mut positions = Positions::default();
            for finding in repository.findings {
                writeln!(out, "{}", command(repository, finding, &mut positions))?;
            }
            for problem in repository.problems {
                let file = problem.path.as_ref().map(|path| property(&join(repository.in_workspace, path.as_str())));
                let file = file.map(|file| format!("file={file},")).unwrap_or_default();
                let help = problem.help.as_deref().map(|help| format!("%0A{}", message(help))).unwrap_or_default();
                writeln!(out, "::error {file}title=hf-release::{}{help}", message(&problem.message))?;
            }
            for fixed in repository.fixed {
                writeln!(
                    out,
                    "fixed {}: {}",
                    plain(&join(repository.in_workspace, fixed.path.as_str())),
                    plain(&fixed.title)
                )?;
            }
            for refused in refused(repository) {
                writeln!(out, "not written: {}: {}", plain(&refused.title), plain(&refused.reason.to_string()))?;
            }
        }
        writeln!(out, "hf-release: {}", plain(&summary::line(run)))
    }
}

/// The command of one finding.
fn command(repository: &Repository<'_>, finding: &Diagnostic, positions: &mut Positions) -> String {
    let name = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    };
    let place = &finding.primary.place;
    let mut properties = Vec::new();
    if let Some(path) = path(repository.files, place) {
        properties.push(format!("file={}", property(&join(repository.in_workspace, path))));
    }
    if let Some(span) = place.span()
        && let Some(source) = repository.files.source(span.file)
    {
        let (start, end) = positions.of(source, span);
        // Columns of two lines are not accepted: GitHub drops them with a complaint.
        properties.push(match start.line == end.line {
            true => format!("line={},col={},endLine={},endColumn={}", start.line, start.column, end.line, end.column),
            false => format!("line={},endLine={}", start.line, end.line),
        });
    }
    properties.push(format!("title={}", property(&format!("hf-release({})", finding.rule))));
    let mut text = message(&finding.message);
    let label = Some(finding.primary.text.as_str()).filter(|text| !text.is_empty());
    let covered = covered(finding).map(|covered| format!("covers {covered}"));
    for more in label.into_iter().chain(covered.as_deref()).chain(finding.help.as_deref()) {
        text.push_str("%0A");
        text.push_str(&message(more));
    }
    format!("::{name} {}::{text}", properties.join(","))
}

/// Text after the `::`. A line break is kept, as GitHub's own writers escape it.
fn message(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            c => push_visible(&mut out, c),
        }
    }
    out
}

/// A property's value.
fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

/// Text outside of any command. Runners still obey the older `##[…]` anywhere in a line.
fn plain(text: &str) -> String {
    visible(text).replace("##[", "## [")
}

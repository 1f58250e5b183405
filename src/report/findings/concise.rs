//! One line a finding, for `grep` and for editors: `path:line:col: level[rule] message`.

use std::io;

use crate::diagnostic::Diagnostic;

use super::place::{Positions, path};
use super::{Reporter, Repository, Run, Style, covered, level_word, refused, statistics, summary, word};
use crate::report::Paint;
use crate::report::visible::visible;

/// The format.
pub(super) struct Concise {
    pub(super) style: Style,
}

impl Reporter for Concise {
    fn write(&self, run: &Run<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if run.statistics {
            statistics::write(run, self.style, out)?;
        }
        for repository in run.repositories.iter().filter(|_| !run.statistics) {
            let mut positions = Positions::default();
            for finding in repository.worst_last() {
                writeln!(out, "{}", self.line(repository, finding, &mut positions))?;
            }
            for problem in repository.problems {
                let path = problem
                    .path
                    .as_ref()
                    .map_or_else(|| visible(repository.path).into_owned(), |path| repository.shown(path.as_str()));
                writeln!(
                    out,
                    "{path}: {} {}",
                    self.style.paint(Paint::Error, word(problem)),
                    visible(&problem.message)
                )?;
            }
            for fixed in repository.fixed {
                let path = repository.shown(fixed.path.as_str());
                writeln!(out, "{path}: {} {}", self.style.paint(Paint::Good, "fixed"), visible(&fixed.title))?;
            }
            for refused in refused(repository) {
                let path = visible(repository.path);
                let word = self.style.paint(Paint::Warning, "not written");
                writeln!(out, "{path}: {word} {}: {}", visible(&refused.title), visible(&refused.reason.to_string()))?;
            }
        }
        match run.quiet {
            true => Ok(()),
            false => writeln!(out, "{}", summary::line(run)),
        }
    }
}

impl Concise {
    fn line(&self, repository: &Repository<'_>, finding: &Diagnostic, positions: &mut Positions) -> String {
        let place = &finding.primary.place;
        let mut line = repository.shown(path(repository.files, place).unwrap_or("?"));
        if let Some(span) = place.span()
            && let Some(source) = repository.files.source(span.file)
        {
            let (start, _) = positions.of(source, span);
            line.push_str(&format!(":{}:{}", start.line, start.column));
        }
        let level = self.style.paint(finding.level.into(), &format!("{}[{}]", level_word(finding.level), finding.rule));
        let covered = covered(finding).map(|covered| format!(" (covers {covered})")).unwrap_or_default();
        format!("{line}: {level} {}{covered}", visible(&finding.message))
    }
}

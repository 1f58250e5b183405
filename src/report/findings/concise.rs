//! One line a finding, for `grep` and for editors: `path:line:col: level[rule] message`.

use std::io;

use crate::diagnostic::Diagnostic;

use super::place::{Positions, join, path};
use super::{Reporter, Repository, Run, Style, summary, word};
use crate::report::Paint;
use crate::report::visible::visible;

/// The format.
pub(super) struct Concise {
    pub(super) style: Style,
}

impl Reporter for Concise {
    fn write(&self, run: &Run<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let several = run.repositories.len() > 1;
        for repository in &run.repositories {
            let named = |path: &str| match several {
                true => visible(&join(repository.path, path)).into_owned(),
                false => visible(path).into_owned(),
            };
            let mut positions = Positions::default();
            for finding in repository.findings {
                writeln!(out, "{}", self.line(repository, finding, &mut positions, &named))?;
            }
            for problem in repository.problems {
                let path = problem
                    .path
                    .as_ref()
                    .map_or_else(|| visible(repository.path).into_owned(), |path| named(path.as_str()));
                writeln!(
                    out,
                    "{path}: {} {}",
                    self.style.paint(Paint::Error, word(problem)),
                    visible(&problem.message)
                )?;
            }
            for fixed in repository.fixed {
                let path = named(fixed.path.as_str());
                writeln!(out, "{path}: {} {}", self.style.paint(Paint::Good, "fixed"), visible(&fixed.title))?;
            }
            for refused in repository.refused {
                let path = visible(repository.path);
                let word = self.style.paint(Paint::Warning, "refused");
                writeln!(out, "{path}: {word} {}: {}", visible(&refused.title), visible(&refused.reason.to_string()))?;
            }
        }
        writeln!(out, "{}", summary::line(run))
    }
}

impl Concise {
    fn line(
        &self,
        repository: &Repository<'_>,
        finding: &Diagnostic,
        positions: &mut Positions,
        named: &dyn Fn(&str) -> String,
    ) -> String {
        let place = &finding.primary.place;
        let mut line = named(path(repository.files, place).unwrap_or("?"));
        if let Some(span) = place.span()
            && let Some(source) = repository.files.source(span.file)
        {
            let (start, _) = positions.of(source, span);
            line.push_str(&format!(":{}:{}", start.line, start.column));
        }
        let level = self.style.paint(finding.level.into(), &format!("{}[{}]", finding.level.as_str(), finding.rule));
        format!("{line}: {level} {}", visible(&finding.message))
    }
}

//! For people: what is wrong, the place marked in the file's own text, what to do next, and at the end what it costs.
//!
//! Here is the order of things on the screen. `places` says where a finding is, `drawing` draws it with miette, and
//! nothing else knows that there is such a thing.

mod drawing;
mod places;

use std::collections::HashMap;
use std::io;

use crate::diagnostic::{Diagnostic, Fix, Safety};

use super::place::{Positions, path};
use super::{Reporter, Repository, Run, summary, word};
use crate::report::Paint;
use crate::report::visible::{visible, wrap};
use crate::report::{Graphics, Style};

use places::{MAX_RELATED, parts};

/// Narrower terminals get sentences instead of drawings.
const MIN_DRAWING_COLUMNS: usize = 40;

/// The format.
pub(super) struct Human {
    pub(super) style: Style,
}

impl Reporter for Human {
    fn write(&self, run: &Run<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let several = run.repositories.len() > 1;
        for repository in &run.repositories {
            if several {
                let name = self.style.paint(Paint::Strong, &visible(repository.path));
                let files = crate::words::count(repository.checked, "file");
                let quiet = if is_quiet(repository) { ", nothing to report" } else { "" };
                writeln!(out, "{name}: {files}{quiet}\n")?;
            }
            self.repository(repository, out)?;
        }
        for line in summary::lines(run) {
            for (index, words) in wrap(&line.text, self.style.columns().saturating_sub(2)).iter().enumerate() {
                let indent = if index == 0 { "" } else { "  " };
                let words = line.paint.map_or_else(|| words.clone(), |paint| self.style.paint(paint, words));
                writeln!(out, "{indent}{words}")?;
            }
        }
        Ok(())
    }
}

impl Human {
    fn repository(&self, repository: &Repository<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let mut positions = Positions::default();
        for finding in by_file(repository) {
            self.finding(repository, finding, &mut positions, out)?;
            writeln!(out)?;
        }
        for problem in repository.problems {
            let path = problem.path.as_ref().map(|path| format!("{}: ", visible(path.as_str()))).unwrap_or_default();
            self.headline(out, Paint::Error, word(problem), &format!("{path}{}", visible(&problem.message)))?;
            self.hint(out, "help", problem.help.as_deref())?;
            writeln!(out)?;
        }
        for fixed in repository.fixed {
            self.headline(
                out,
                Paint::Good,
                "fixed",
                &format!("{}: {}", visible(fixed.path.as_str()), visible(&fixed.title)),
            )?;
        }
        for refused in repository.refused {
            let text = format!("{}: {}", visible(&refused.title), visible(&refused.reason.to_string()));
            self.headline(out, Paint::Warning, "refused", &text)?;
        }
        if !repository.fixed.is_empty() || !repository.refused.is_empty() {
            writeln!(out)?;
        }
        Ok(())
    }

    fn finding(
        &self,
        repository: &Repository<'_>,
        finding: &Diagnostic,
        positions: &mut Positions,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let name = format!("{}[{}]", finding.level.as_str(), finding.rule);
        self.headline(out, finding.level.into(), &name, &visible(&finding.message))?;
        let parts = parts(repository, finding);
        if self.style.graphics == Graphics::None || self.style.columns() < MIN_DRAWING_COLUMNS {
            places::tell(&parts, self.style, positions, out)?;
        } else {
            drawing::draw(&parts, self.style, finding.level, positions, out)?;
        }
        let more = finding.related.len().saturating_sub(MAX_RELATED);
        if more > 0 {
            writeln!(out, "  and {}", crate::words::count(more, "more place"))?;
        }
        self.hint(out, "help", finding.help.as_deref())?;
        self.hint(out, "fix", finding.fix.as_ref().map(offer).as_deref())
    }

    /// What opens at the left edge: `error[missing-license]: …`. The name has no spaces.
    fn headline(&self, out: &mut dyn io::Write, paint: Paint, name: &str, text: &str) -> io::Result<()> {
        let lines = wrap(&format!("{name}: {text}"), self.style.columns().saturating_sub(2));
        for (index, line) in lines.iter().enumerate() {
            match line.strip_prefix(name).filter(|_| index == 0) {
                Some(rest) => {
                    writeln!(out, "{}{}", self.style.paint(paint, name), self.style.paint(Paint::Strong, rest))?;
                }
                None => writeln!(out, "  {}", self.style.paint(Paint::Strong, line))?,
            }
        }
        Ok(())
    }

    /// An indented line such as `help: …`; nothing without text.
    fn hint(&self, out: &mut dyn io::Write, name: &str, text: Option<&str>) -> io::Result<()> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(()) };
        // Code to copy starts with its first indented line.
        let (text, code) = text.find("\n    ").map_or((text, ""), |at| text.split_at(at));
        let text = text.split('\n').map(visible).collect::<Vec<_>>().join("\n");
        let columns = self.style.columns();
        let (indent, lines) = if columns < MIN_DRAWING_COLUMNS {
            (4, wrap(&format!("{name}: {text}"), columns.saturating_sub(4)))
        } else {
            // The further lines stand under the text of the first.
            let indent = name.len() + 4;
            let text = wrap(&text, columns.saturating_sub(indent)).join("\n");
            (indent, format!("{name}: {text}").split('\n').map(str::to_owned).collect())
        };
        for (index, line) in lines.iter().enumerate() {
            match line.strip_prefix(name).filter(|_| index == 0) {
                Some(rest) => writeln!(out, "  {}{rest}", self.style.paint(Paint::Info, name))?,
                None => writeln!(out, "{:indent$}{line}", "")?,
            }
        }
        code.split('\n').skip(1).try_for_each(|line| writeln!(out, "{}", visible(line)))
    }
}

/// Whether there is nothing to print of a repository but its name.
fn is_quiet(repository: &Repository<'_>) -> bool {
    repository.findings.is_empty()
        && repository.problems.is_empty()
        && repository.fixed.is_empty()
        && repository.refused.is_empty()
}

/// Findings in the given order, except that those of one file stand together, where the first of them is.
fn by_file<'a>(repository: &'a Repository<'_>) -> Vec<&'a Diagnostic> {
    let mut groups: HashMap<Option<&str>, usize> = HashMap::new();
    let mut sorted: Vec<(usize, &Diagnostic)> = Vec::with_capacity(repository.findings.len());
    for finding in repository.findings {
        let next = groups.len();
        let group = groups.entry(path(repository.files, &finding.primary.place)).or_insert(next);
        sorted.push((*group, finding));
    }
    sorted.sort_by_key(|(group, _)| *group);
    sorted.into_iter().map(|(_, finding)| finding).collect()
}

/// What a fix does and how to have it done.
fn offer(fix: &Fix) -> String {
    let how = match (fix.safety, fix.stub) {
        (Safety::Safe, false) => "`--fix`",
        (Safety::Safe, true) => "`--fix` inserts a stub to fill in",
        (Safety::Unsafe, false) => "`--unsafe-fixes`, then review",
        (Safety::Unsafe, true) => "`--unsafe-fixes` inserts a stub to fill in",
        (Safety::DisplayOnly, _) => "by hand",
    };
    format!("{} ({how})", fix.title)
}

//! For people: what is wrong, the place marked in the file's own text, what to do next, and at the end what it costs.
//!
//! Here is the order of things on the screen. `places` says where a finding is, `drawing` draws it with miette, and
//! nothing else knows that there is such a thing.

mod drawing;
mod entries;
mod places;

use std::io;

use crate::diagnostic::{Diagnostic, Fix, Label, Level, Safety};

use super::place::Positions;
use super::{Reporter, Repository, Run, covered, level_word, refused, statistics, summary, told, word};
use crate::report::Paint;
use crate::report::visible::{visible, wrap};
use crate::report::{Graphics, Style};

use entries::{Entry, Helps, entries};
use places::{MAX_RELATED, parts};

/// Narrower terminals get sentences instead of drawings.
const MIN_DRAWING_COLUMNS: usize = 40;

/// The format.
pub(super) struct Human {
    pub(super) style: Style,
}

impl Reporter for Human {
    fn write(&self, run: &Run<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if run.statistics {
            statistics::write(run, self.style, out)?;
            return self.summary(run, out);
        }
        let several = run.repositories.len() > 1 && !run.quiet;
        for repository in &run.repositories {
            if several {
                let name = self.style.paint(Paint::Strong, &visible(repository.path));
                let files = crate::words::count(repository.checked, "file");
                let quiet = if is_quiet(repository) { ", no findings" } else { "" };
                writeln!(out, "{name}: {files}{quiet}\n")?;
            }
            self.repository(repository, out)?;
        }
        self.summary(run, out)
    }
}

impl Human {
    fn summary(&self, run: &Run<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        if run.quiet {
            return Ok(());
        }
        for line in summary::lines(run) {
            self.last(&line.text, line.paint, out)?;
        }
        match run.repositories.iter().all(|repository| repository.findings.is_empty()) {
            true => Ok(()),
            false => self.last("`hf-release explain RULE` shows the manual of a rule", None, out),
        }
    }

    /// A line of the summary.
    fn last(&self, text: &str, paint: Option<Paint>, out: &mut dyn io::Write) -> io::Result<()> {
        for (index, words) in wrap(text, self.style.columns().saturating_sub(2)).iter().enumerate() {
            let indent = if index == 0 { "" } else { "  " };
            let words = paint.map_or_else(|| words.clone(), |paint| self.style.paint(paint, words));
            writeln!(out, "{indent}{words}")?;
        }
        Ok(())
    }

    fn repository(&self, repository: &Repository<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let mut positions = Positions::default();
        let entries = entries(repository);
        let mut helps = Helps::of(&entries);
        for entry in &entries {
            match entry {
                Entry::Finding(finding) => self.finding(repository, finding, &mut positions, &mut helps, out)?,
                Entry::Lacking(findings) => self.lacking(repository, findings, &mut positions, &mut helps, out)?,
            }
            writeln!(out)?;
        }
        for problem in repository.problems {
            self.headline(out, Paint::Error, word(problem), &told(repository, problem))?;
            self.hint(out, "help", problem.help.as_deref())?;
            writeln!(out)?;
        }
        for fixed in repository.fixed {
            let text = format!("{}: {}", repository.shown(fixed.path.as_str()), visible(&fixed.title));
            self.headline(out, Paint::Good, "fixed", &text)?;
        }
        for refused in refused(repository) {
            let text = format!("{}: {}", visible(&refused.title), visible(&refused.reason.to_string()));
            self.headline(out, Paint::Warning, "not written", &text)?;
        }
        if !repository.fixed.is_empty() || refused(repository).next().is_some() {
            writeln!(out)?;
        }
        Ok(())
    }

    fn finding(
        &self,
        repository: &Repository<'_>,
        finding: &Diagnostic,
        positions: &mut Positions,
        helps: &mut Helps<'_>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.headline(out, finding.level.into(), &name(finding), &visible(&finding.message))?;
        self.places(repository, finding.level, (&finding.primary, &finding.related, finding.unlisted), positions, out)?;
        self.hint(out, "covers", covered(finding).as_deref())?;
        self.hint(out, "help", helps.last_time(finding))?;
        self.hint(out, "fix", finding.fix.as_ref().map(offer).as_deref())
    }

    /// Several keys that the metadata lacks: one place, and what there is to say of each key.
    fn lacking(
        &self,
        repository: &Repository<'_>,
        findings: &[&Diagnostic],
        positions: &mut Positions,
        helps: &mut Helps<'_>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let Some(first) = findings.first() else { return Ok(()) };
        let keys = findings.iter().filter_map(|finding| {
            finding.absent_key.map(|key| format!("`{}` ({})", visible(key), level_word(finding.level)))
        });
        let text = format!("the metadata lacks {}", keys.collect::<Vec<_>>().join(", "));
        self.headline(out, first.level.into(), level_word(first.level), &text)?;
        let primary = Label::new(first.primary.place.clone(), "add the missing keys to this block");
        let related: Vec<Label> = findings.iter().flat_map(|finding| &finding.related).cloned().collect();
        let unlisted = findings.iter().map(|finding| finding.unlisted).sum();
        self.places(repository, first.level, (&primary, &related, unlisted), positions, out)?;
        for finding in findings {
            let name = name(finding);
            let lines = wrap(&format!("{name}: {}", visible(&finding.message)), self.style.columns().saturating_sub(4));
            for (index, line) in lines.iter().enumerate() {
                match line.strip_prefix(name.as_str()).filter(|_| index == 0) {
                    Some(rest) => writeln!(out, "  {}{rest}", self.style.paint(finding.level.into(), &name))?,
                    None => writeln!(out, "    {line}")?,
                }
            }
            self.hint_at(2, out, "help", helps.last_time(finding))?;
            self.hint_at(2, out, "fix", finding.fix.as_ref().map(offer).as_deref())?;
        }
        Ok(())
    }

    fn places(
        &self,
        repository: &Repository<'_>,
        level: Level,
        (primary, related, unlisted): (&Label, &[Label], usize),
        positions: &mut Positions,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let parts = parts(repository, primary, related);
        if self.style.graphics == Graphics::None || self.style.columns() < MIN_DRAWING_COLUMNS {
            places::tell(&parts, self.style, positions, out)?;
        } else {
            drawing::draw(&parts, self.style, level, positions, out)?;
        }
        match related.len().saturating_sub(MAX_RELATED) + unlisted {
            0 => Ok(()),
            more => writeln!(out, "  and {}", crate::words::count(more, "more place")),
        }
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
        self.hint_at(0, out, name, text)
    }

    /// The same, further to the right.
    fn hint_at(&self, left: usize, out: &mut dyn io::Write, name: &str, text: Option<&str>) -> io::Result<()> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(()) };
        // Code to copy starts with its first indented line.
        let (text, code) = text.find("\n    ").map_or((text, ""), |at| text.split_at(at));
        let text = text.split('\n').map(visible).collect::<Vec<_>>().join("\n");
        let columns = self.style.columns();
        let (indent, lines) = if columns < MIN_DRAWING_COLUMNS {
            (left + 4, wrap(&format!("{name}: {text}"), columns.saturating_sub(left + 4)))
        } else {
            // The further lines stand under the text of the first.
            let indent = left + name.len() + 4;
            let text = wrap(&text, columns.saturating_sub(indent)).join("\n");
            (indent, format!("{name}: {text}").split('\n').map(str::to_owned).collect())
        };
        for (index, line) in lines.iter().enumerate() {
            match line.strip_prefix(name).filter(|_| index == 0) {
                Some(rest) => writeln!(out, "{:left$}  {}{rest}", "", self.style.paint(Paint::Info, name))?,
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

/// The level and the rule: `error[missing-license]`.
fn name(finding: &Diagnostic) -> String {
    format!("{}[{}]", level_word(finding.level), finding.rule)
}

/// What a fix does and how to have it done.
fn offer(fix: &Fix) -> String {
    let how = match (fix.safety, fix.places_to_fill() > 0) {
        (Safety::Safe, false) => "`--fix`",
        (Safety::Safe, true) => "`--fix`, for you to fill in",
        (Safety::Unsafe, false) => "`--unsafe-fixes`, then review",
        (Safety::Unsafe, true) => "`--unsafe-fixes`, for you to fill in",
        (Safety::DisplayOnly, _) => "by hand",
    };
    format!("{} ({how})", fix.title)
}

//! `hf-release check [PATH…]`: look, mend if asked, report.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::args::{CheckArgs, FailOn};
use super::output::{Target, targets};
use super::{Failure, options, require_folders, stdout, terminal};
use crate::check::{Checked, Job, check_all};
use crate::config::Selection;
use crate::diagnostic::{Level, Problem, Safety};
use crate::fix::diff;
use crate::hub;
use crate::report::Exit;
use crate::report::findings::{Repository, Run};

/// Checks every repository and reports in every format that was asked for.
pub(super) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let job = job(args)?;
    let outputs = targets(&args.output)?;
    require_folders(&args.paths)?;
    let checked = check_all(&args.paths, &job);
    if args.diff {
        return print_diff(&checked);
    }
    let exit = exit(&checked, args.fail_on);
    let run = Run {
        version: env!("CARGO_PKG_VERSION"),
        data: hub::DATA_DATE,
        repositories: checked.iter().map(shown).collect(),
        exit,
        fail_on: args.fail_on.level(),
    };
    for Target { format, file } in &outputs {
        match file {
            None => {
                let mut out = stdout();
                format.reporter(terminal::style(args.color)).write(&run, &mut out)?;
                out.flush()?;
            }
            Some(path) => write_file(path, |out| format.reporter(crate::report::Style::PLAIN).write(&run, out))?,
        }
    }
    Ok(exit)
}

fn job(args: &CheckArgs) -> Result<Job, Failure> {
    let selection = Selection::new(&args.rules.select, &args.rules.ignore)?;
    if args.release.repo_id.is_some() && args.paths.len() > 1 {
        return Err(Failure::usage(
            "`--repo-id` names one repository, but several paths are given",
            "run hf-release once for each repository, or leave the id out",
        ));
    }
    let options = options(&args.release)?;
    let fix = match (args.fix || args.diff, args.unsafe_fixes) {
        (_, true) => Some(Safety::Unsafe),
        (true, false) => Some(Safety::Safe),
        (false, false) => None,
    };
    Ok(Job { options, selection, fix, write: !args.diff })
}

/// Findings win over an incomplete run: what was found is certain.
fn exit(checked: &[Checked], fail_on: FailOn) -> Exit {
    let fails = |repository: &Checked| repository.report.found.iter().any(|finding| fail_on.includes(finding.level));
    if checked.iter().any(fails) {
        Exit::Findings
    } else if checked.iter().any(Checked::is_incomplete) {
        Exit::Incomplete
    } else {
        Exit::Clean
    }
}

/// The diff alone goes to stdout, so that it can be piped into `git apply`; what could not be read goes to stderr.
fn print_diff(checked: &[Checked]) -> Result<Exit, Failure> {
    let mut out = stdout();
    let mut empty = true;
    for repository in checked {
        let text = diff::unified(&repository.changes);
        empty &= text.is_empty();
        out.write_all(&terminal::for_stdout(&text))?;
    }
    out.flush()?;
    let mut told = BTreeSet::new();
    for problem in checked.iter().flat_map(|checked| &checked.problems) {
        let Problem { path, message, .. } = problem;
        let line = path.as_ref().map_or_else(|| message.clone(), |path| format!("{path}: {message}"));
        if told.insert(line.clone()) {
            writeln!(std::io::stderr().lock(), "warning: {}", terminal::visible(&line))?;
        }
    }
    Ok(match empty {
        false => Exit::Findings,
        true if checked.iter().any(Checked::is_incomplete) => Exit::Incomplete,
        true => Exit::Clean,
    })
}

fn write_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| {
        Failure::incomplete(
            format!("the report could not be written to {}: {error}", path.display()),
            "name a file in a folder that exists and can be written",
        )
    };
    let mut out = BufWriter::new(File::create(path).map_err(cannot)?);
    write(&mut out).and_then(|()| out.flush()).map_err(cannot)
}

impl FailOn {
    fn level(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warning => Some(Level::Warning),
            Self::Info => Some(Level::Info),
            Self::Never => None,
        }
    }
}

/// The repository as reports take it.
fn shown(checked: &Checked) -> Repository<'_> {
    Repository {
        path: &checked.label,
        files: checked,
        checked: checked.file_count(),
        findings: &checked.report.found,
        muted: &checked.report.muted,
        skipped: &checked.report.skipped,
        problems: &checked.problems,
        fixed: &checked.applied,
        refused: &checked.refused,
    }
}

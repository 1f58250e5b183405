//! `hf-release check [PATH…]`: look, fix if asked, report.

use std::collections::BTreeSet;
use std::io::Write;

use super::args::{CheckArgs, ColorWhen, FailOn};
use super::output::targets;
use super::{Failure, options, require_folders, stdout, terminal, workspace};
use crate::check::{Checked, Job, check_all};
use crate::config::Selection;
use crate::diagnostic::{Problem, Safety};
use crate::fix::diff;
use crate::hub;
use crate::report::Exit;
use crate::report::findings::{Format, Repository, Run};
use crate::rules;

/// Checks every repository and reports in every format that was asked for.
pub(super) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let job = job(args)?;
    let outputs = targets::<Format>(&args.output)?;
    if let Err(failure) = require_folders(&args.paths) {
        // One path that is wrong does not hide what the others show.
        if args.paths.iter().all(|path| !path.is_dir()) {
            return Err(failure);
        }
    }
    let checked = check_all(&args.paths, &job);
    if args.diff {
        return print_diff(&checked, args.output.color);
    }
    let exit = exit(&checked, args.fail_on);
    let in_workspace: Vec<String> = args.paths.iter().map(|path| workspace::path(path)).collect();
    let folders: Vec<Option<String>> = checked.iter().map(Checked::folder_of_models).collect();
    let repositories = checked.iter().zip(&in_workspace).zip(&folders);
    let run = Run {
        version: env!("CARGO_PKG_VERSION"),
        data: hub::DATA_DATE,
        repositories: repositories.map(|((checked, path), models)| shown(checked, path, models.as_deref())).collect(),
        exit,
        fail_on: args.fail_on.level(),
        manual,
        quiet: args.quiet,
        statistics: args.statistics,
    };
    for target in &outputs {
        target.write(args.output.color, |style, out| target.format.reporter(style).write(&run, out))?;
    }
    Ok(exit)
}

fn job(args: &CheckArgs) -> Result<Job, Failure> {
    let selection = Selection::new(&args.rules.select, &args.rules.ignore)?;
    if args.release.repo_id.is_some() && args.paths.len() > 1 {
        return Err(Failure::usage(
            "`--repo-id` names one repository, but several paths are given",
            "Run hf-release once for each repository, or leave the id out.",
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
    let fails = |repository: &Checked| {
        fail_on.level().is_some_and(|lowest| repository.report.found.iter().any(|finding| finding.level >= lowest))
    };
    if checked.iter().any(fails) {
        Exit::Findings
    } else if checked.iter().any(Checked::is_incomplete) {
        Exit::Incomplete
    } else {
        Exit::Clean
    }
}

/// The diff alone goes to stdout, so that it can be piped into `git apply`; what could not be read goes to stderr.
fn print_diff(checked: &[Checked], color: ColorWhen) -> Result<Exit, Failure> {
    let mut out = stdout();
    let mut empty = true;
    for repository in checked {
        let text = diff::unified(&repository.changes);
        empty &= text.is_empty();
        out.write_all(&terminal::diff(&text, color))?;
    }
    out.flush()?;
    let mut said = BTreeSet::new();
    for problem in checked.iter().flat_map(|checked| &checked.problems) {
        let Problem { path, message, .. } = problem;
        let line = path.as_ref().map_or_else(|| message.clone(), |path| format!("{path}: {message}"));
        if said.insert(line.clone()) {
            writeln!(std::io::stderr().lock(), "warning: {}", terminal::visible(&line))?;
        }
    }
    Ok(match empty {
        false => Exit::Findings,
        true if checked.iter().any(Checked::is_incomplete) => Exit::Incomplete,
        true => Exit::Clean,
    })
}

/// The repository as reports take it.
fn shown<'a>(checked: &'a Checked, in_workspace: &'a str, models: Option<&'a str>) -> Repository<'a> {
    Repository {
        path: &checked.label,
        in_workspace,
        files: checked,
        checked: checked.file_count(),
        findings: &checked.report.found,
        muted: &checked.report.muted,
        skipped: &checked.report.skipped,
        problems: &checked.problems,
        fixed: &checked.applied,
        refused: &checked.refused,
        models,
    }
}

fn manual(rule: &str) -> Option<String> {
    rules::find(rule).map(|rule| rule.meta().manual())
}

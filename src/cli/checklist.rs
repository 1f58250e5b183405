//! `hf-release checklist [PATH]`: the whole release checklist, with the state of every item.

use std::io::Write;

use super::args::{ChecklistArgs, ListFormat};
use super::{Failure, options, require_folders, stdout, terminal};
use crate::check::{Checked, Job, Line, State, check_all, lines};
use crate::config::Selection;
use crate::report::Exit;

/// Prints the list. The exit code is 1 when an item is not met.
pub(super) fn run(args: &ChecklistArgs) -> Result<Exit, Failure> {
    require_folders(std::slice::from_ref(&args.path))?;
    let job = Job { options: options(&args.release)?, selection: Selection::all(), fix: None, write: false };
    let checked = check_all(std::slice::from_ref(&args.path), &job);
    let mut out = stdout();
    let mut exit = Exit::Clean;
    for repository in &checked {
        let lines = lines(repository);
        if lines.iter().any(|line| line.state == State::NotMet) {
            exit = Exit::Findings;
        } else if repository.is_incomplete() {
            exit = Exit::Incomplete;
        }
        match args.output {
            ListFormat::Json => {
                serde_json::to_writer_pretty(&mut out, &lines).map_err(std::io::Error::from)?;
                writeln!(out)?;
            }
            ListFormat::Table => table(repository, &lines, &mut out)?,
        }
    }
    out.flush()?;
    Ok(exit)
}

fn table(checked: &Checked, lines: &[Line], out: &mut impl Write) -> std::io::Result<()> {
    let width = State::NeedsPerson.words().len();
    for line in lines {
        writeln!(out, "{:width$}  {}", line.state.words(), line.title)?;
        let indent = " ".repeat(width + 2);
        if let Some(note) = &line.note {
            writeln!(out, "{indent}{}", terminal::visible(note))?;
        }
        if line.state != State::Met {
            writeln!(out, "{indent}{}", line.link)?;
        }
    }
    for problem in &checked.problems {
        let path = problem.path.as_ref().map(|path| format!("{path}: ")).unwrap_or_default();
        writeln!(out, "\nnot read: {}", terminal::visible(&format!("{path}{}", problem.message)))?;
    }
    let count = |state: State| lines.iter().filter(|line| line.state == state).count();
    writeln!(
        out,
        "\n{} of {} items met, {} not met; {} need the Hub and {} a person",
        count(State::Met),
        lines.len(),
        count(State::NotMet),
        count(State::NeedsHub),
        count(State::NeedsPerson)
    )
}

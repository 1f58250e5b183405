//! `hf-release checklist [PATH]`: the whole release checklist, with the state of every item.

use std::io::Write;

use serde::Serialize;

use super::args::ChecklistArgs;
use super::output::{Plain, targets};
use super::{Failure, options, require_folders, tool};
use crate::check::{Checked, Job, Line, State, check_all, lines};
use crate::config::Selection;
use crate::diagnostic::Problem;
use crate::release::Release;
use crate::report::json::{self, Tool};
use crate::report::{Exit, Paint, Style, visible, wrap};

/// A whole document.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool<'static>,
    path: &'a str,
    repo_id: Option<String>,
    items: Vec<Line>,
    problems: &'a [Problem],
    exit: u8,
}

/// Prints the list. The exit code is 1 when an item is not met.
pub(super) fn run(args: &ChecklistArgs) -> Result<Exit, Failure> {
    require_folders(std::slice::from_ref(&args.path))?;
    let outputs = targets(&args.output)?;
    let job = Job { options: options(&args.release)?, selection: Selection::all(), fix: None, write: false };
    let mut last = Exit::Clean;
    for checked in &check_all(std::slice::from_ref(&args.path), &job) {
        let items = lines(checked);
        last = exit(checked, &items);
        let document = Document {
            schema: "hf-release-checklist/1",
            tool: tool(),
            path: &checked.label,
            repo_id: checked.release.as_ref().and_then(Release::repo_id).map(ToString::to_string),
            items,
            problems: &checked.problems,
            exit: last.code(),
        };
        for target in &outputs {
            target.write(args.output.color, |style, out| match target.format {
                Plain::Human => table(&document, style, out),
                Plain::Json => json::write(&document, out),
            })?;
        }
    }
    Ok(last)
}

fn exit(checked: &Checked, items: &[Line]) -> Exit {
    if items.iter().any(|line| line.state == State::NotMet) {
        Exit::Findings
    } else if checked.is_incomplete() {
        Exit::Incomplete
    } else {
        Exit::Clean
    }
}

/// Columns that a title needs beside its state.
const MIN_TITLE: usize = 40;

fn table(document: &Document<'_>, style: Style, out: &mut dyn Write) -> std::io::Result<()> {
    let width = State::NeedsPerson.words().len();
    let narrow = style.columns() < width + 2 + MIN_TITLE;
    let indent = if narrow { 2 } else { width + 2 };
    for line in &document.items {
        let words = line.state.words();
        let state = style.paint(paint(line.state), words);
        let title = wrap(line.title, style.columns() - indent);
        let mut rest = title.iter();
        match narrow {
            true => writeln!(out, "{state}")?,
            false => {
                let gap = " ".repeat(width - words.len());
                writeln!(out, "{state}{gap}  {}", rest.next().map_or("", String::as_str))?;
            }
        }
        let note = line.note.as_deref().map(visible);
        let note = note.into_iter().flat_map(|note| wrap(&note, style.columns() - indent));
        let link = Some(line.link.clone()).filter(|_| line.state != State::Met);
        for text in rest.cloned().chain(note).chain(link) {
            writeln!(out, "{:indent$}{text}", "")?;
        }
    }
    for problem in document.problems {
        let own = problem.path.as_ref().filter(|path| !problem.message.starts_with(&format!("`{path}` ")));
        let path = own.map(|path| format!("{path}: ")).unwrap_or_default();
        let text = format!("not read: {path}{}", problem.message);
        writeln!(out, "\n{}", wrap(&visible(&text), style.columns()).join("\n  "))?;
    }
    let count = |state: State| document.items.iter().filter(|line| line.state == state).count();
    let last = format!(
        "{} of {} items met, {} not met, {} optional, {} not checked; {} need the Hub and {} a person",
        count(State::Met),
        document.items.len(),
        count(State::NotMet),
        count(State::Optional),
        count(State::NotChecked),
        count(State::NeedsHub),
        count(State::NeedsPerson)
    );
    writeln!(out, "\n{}", wrap(&last, style.columns()).join("\n"))
}

fn paint(state: State) -> Paint {
    match state {
        State::NotMet => Paint::Warning,
        State::Met => Paint::Good,
        State::Optional => Paint::Info,
        State::NotChecked | State::NeedsHub | State::NeedsPerson => Paint::Strong,
    }
}

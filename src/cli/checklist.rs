//! `hf-release checklist [PATH]`: the whole release checklist, with the state of every item.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use super::args::{ChecklistArgs, ListFormat};
use super::repository::{Checked, Job, check_all};
use super::{Failure, options, require_folders, stdout, terminal};
use crate::checklist::{ITEMS, Item, Verifier};
use crate::diagnostic::{Diagnostic, Level};
use crate::lint::Selection;
use crate::report::Exit;
use crate::rules::{Meta, Needs, RULES};

/// What is known of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// A rule found that it does not hold.
    NotMet,
    /// The files show that it holds.
    Met,
    /// It does not hold, and the checklist calls it a bonus.
    Optional,
    /// Only the Hub can tell.
    NeedsHub,
    /// Only a person can tell.
    NeedsPerson,
}

impl State {
    fn words(self) -> &'static str {
        match self {
            Self::NotMet => "not met",
            Self::Met => "met",
            Self::Optional => "optional",
            Self::NeedsHub => "needs the Hub",
            Self::NeedsPerson => "needs a person",
        }
    }
}

/// One line of the list; also its JSON form.
#[derive(Serialize)]
struct Line {
    item: &'static str,
    title: &'static str,
    state: State,
    /// Why, or what remains to be judged.
    note: Option<String>,
    rules: Vec<&'static str>,
    link: String,
}

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

fn lines(checked: &Checked) -> Vec<Line> {
    let mut by_item: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for finding in checked.findings() {
        for finding in [finding].into_iter().chain(&finding.covers) {
            by_item.entry(finding.item).or_default().push(finding);
        }
    }
    let id = checked.release().and_then(|release| release.repo_id()).map(ToString::to_string);
    ITEMS
        .iter()
        .map(|item| {
            let found = by_item.remove(item.id).unwrap_or_default();
            let (state, note) = state(item, &found, checked);
            let mut rules: Vec<&str> = found.iter().map(|finding| finding.rule).collect();
            rules.dedup();
            Line { item: item.id, title: item.title, state, note, rules, link: item.link_for(id.as_deref()) }
        })
        .collect()
}

fn state(item: &Item, found: &[&Diagnostic], checked: &Checked) -> (State, Option<String>) {
    let worst = found.iter().max_by_key(|finding| finding.level);
    if let Some(worst) = worst {
        let others = match found.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let state = if worst.level == Level::Info { State::Optional } else { State::NotMet };
        return (state, Some(format!("{}{others}", worst.message)));
    }
    let mut serving = RULES.iter().map(|rule| rule.meta());
    let serves = |rule: &Meta| rule.item.id == item.id && rule.needs == Needs::Files;
    let served = serving.clone().any(serves);
    let skipped = checked.skipped();
    let skip = serving.find_map(|rule| skipped.iter().find(|skip| serves(rule) && skip.rule == rule.name));
    match item.verifier {
        Verifier::Hub => (State::NeedsHub, None),
        // A rule that could not look proves nothing, and neither does a rule that does not exist.
        _ if checked.is_incomplete() => (State::NeedsPerson, Some("not everything could be read".to_owned())),
        Verifier::Person => (State::NeedsPerson, None),
        _ if skip.is_some() => (State::NeedsPerson, skip.map(|skip| format!("not checked: {}", skip.why))),
        _ if !served => (State::NeedsPerson, None),
        Verifier::Files => (State::Met, None),
        Verifier::FilesThenPerson => (State::Met, Some("it is there; only you can tell whether it is true".to_owned())),
    }
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
    for problem in checked.problems() {
        let path = problem.path.map(|path| format!("{path}: ")).unwrap_or_default();
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

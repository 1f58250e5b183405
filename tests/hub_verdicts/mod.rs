//! Reads table.md: sections of cards with what the Hub says of them and what we have to say.
#![allow(dead_code, reason = "each test uses its own part")]

use std::path::Path;

use hf_release::check;
use hf_release::config::Selection;
use hf_release::diagnostic::{Diagnostic, Effect};
use hf_release::evidence::Subject;
use hf_release::release::{Options, Release};
use hf_release::rules::Context;

/// What the Hub does with a card, as far as public sources say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hub {
    Refuses,
    /// One measurement says so, and no message of the server.
    ProbablyRefuses,
    Warns,
    Accepts,
    Unknown,
}

/// A finding that has to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) rule: String,
    pub(crate) level: String,
    pub(crate) blocks: bool,
}

/// One section.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) title: String,
    pub(crate) hub: Hub,
    pub(crate) source: String,
    pub(crate) here: Vec<Expected>,
    pub(crate) covers: Vec<String>,
    /// Whole files.
    pub(crate) cards: Vec<String>,
}

pub(crate) fn rows() -> Vec<Row> {
    let text = include_str!("table.md");
    text.split("\n## ").skip(1).map(row).collect()
}

fn row(section: &str) -> Row {
    let mut lines = section.lines();
    let title = lines.next().unwrap().to_owned();
    let said = |name: &str| {
        let start = format!("- {name}: ");
        section.lines().find_map(|line| line.strip_prefix(&start)).map(str::to_owned)
    };
    let must = |name: &str| said(name).unwrap_or_else(|| panic!("{title}: no `- {name}:`"));
    let hub = must("Hub");
    let mut cards = Vec::new();
    while let Some(line) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else { continue };
        let content: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let content = content.join("\n");
        cards.push(match kind {
            "yaml" => format!("---\n{content}\n---\n"),
            "card" => serde_json::from_str(&content).unwrap(),
            other => panic!("{title}: a fence of kind {other}"),
        });
    }
    assert!(!cards.is_empty(), "{title}: no card");
    Row {
        hub: match hub.split([' ', ',', ';']).next().unwrap() {
            "refuses" => Hub::Refuses,
            "probably" => Hub::ProbablyRefuses,
            "warns" => Hub::Warns,
            "accepts" => Hub::Accepts,
            "unknown" => Hub::Unknown,
            other => panic!("{title}: the Hub `{other}`?"),
        },
        source: must("source"),
        here: must("here").split("; ").filter(|here| *here != "silent").map(|here| expected(&title, here)).collect(),
        covers: said("covers").iter().flat_map(|covers| covers.split("; ")).map(str::to_owned).collect(),
        cards,
        title,
    }
}

fn expected(title: &str, here: &str) -> Expected {
    let words: Vec<&str> = here.split(' ').collect();
    let [rule, level, rest @ ..] = words.as_slice() else { panic!("{title}: `{here}`") };
    assert!(matches!(rest, [] | ["blocks"]), "{title}: `{here}`");
    Expected { rule: (*rule).to_owned(), level: (*level).to_owned(), blocks: !rest.is_empty() }
}

/// What all rules find in a folder.
pub(crate) fn findings(folder: &Path, repo_id: Option<&str>) -> Vec<Diagnostic> {
    let release = Release::open(folder, &Options { repo_id: repo_id.map(str::to_owned) }).unwrap();
    let subject = Subject::new(&release);
    let report = check::run(&Context::new(&subject), &Selection::new(&[], &[]).unwrap());
    assert!(!report.crashed);
    report.found
}

/// What all rules find in a card alone.
pub(crate) fn findings_in(card: &str) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("README.md"), card).unwrap();
    findings(folder.path(), None)
}

pub(crate) fn blocks(finding: &Diagnostic) -> bool {
    finding.effect == Effect::BlocksPush
}

/// A claim without its values: the rule, and the message with everything in backticks taken out.
pub(crate) fn claim(finding: &Diagnostic) -> String {
    let words = finding.message.replace("``", "`");
    let outside: Vec<&str> = words.split('`').step_by(2).collect();
    format!("{}: {}", finding.rule, outside.join("`…`"))
}

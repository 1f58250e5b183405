//! A world for the loop: files, and rules that are functions from files to findings.

use std::collections::BTreeMap;
use std::convert::Infallible;

use crate::diagnostic::{Diagnostic, Files, Fix, Label, Level, Safety};
use crate::fix::{Linted, Outcome, Refusal, Texts, converge};
use crate::source::{FileId, RepoPath, SourceFile};

/// Files and the findings in them.
pub(super) struct World {
    pub(super) files: Vec<SourceFile>,
    pub(super) findings: Vec<Diagnostic>,
}

impl Linted for World {
    fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }
}

impl Files for World {
    fn source(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(file.0 as usize)
    }
    fn path(&self, file: FileId) -> Option<&RepoPath> {
        self.source(file).map(SourceFile::path)
    }
}

pub(super) type Disk = BTreeMap<String, String>;
pub(super) type Rule = fn(&[SourceFile], &mut Vec<Diagnostic>);

pub(super) fn disk(files: &[(&str, &str)]) -> Disk {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// Runs rules on files as a release would see them: numbered by path, so that a new file shifts the numbers.
pub(super) fn lint(disk: &Disk, texts: &Texts, rules: &[(&'static str, Rule)]) -> World {
    let mut bytes: BTreeMap<RepoPath, Vec<u8>> =
        disk.iter().map(|(path, text)| (RepoPath::new(path), text.clone().into_bytes())).collect();
    for change in texts.changes() {
        bytes.insert(change.path.clone(), change.after.to_vec());
    }
    let files: Vec<_> =
        bytes.into_iter().zip(0..).map(|((path, bytes), id)| SourceFile::new(FileId(id), path, bytes)).collect();
    let mut findings = Vec::new();
    for (name, rule) in rules {
        let from = findings.len();
        rule(&files, &mut findings);
        for finding in findings.iter_mut().skip(from) {
            finding.rule = name;
        }
    }
    World { files, findings }
}

pub(super) fn run_as(disk: &Disk, rules: &[(&'static str, Rule)], allowed: Safety) -> Outcome<World> {
    let lint = |texts: &Texts| Ok::<_, Infallible>(lint(disk, texts, rules));
    let Ok(outcome) = converge(allowed, |_, _| Ok(()), lint);
    outcome
}

/// Runs the loop, and again on what it made: the second run must change nothing.
pub(super) fn run(files: &[(&str, &str)], rules: &[(&'static str, Rule)]) -> (Disk, Outcome<World>) {
    let mut disk = disk(files);
    let outcome = run_as(&disk, rules, Safety::Safe);
    for change in outcome.texts.changes() {
        disk.insert(change.path.to_string(), String::from_utf8(change.after.to_vec()).unwrap());
    }
    let again = run_as(&disk, rules, Safety::Safe);
    assert!(again.texts.changes().next().is_none(), "a second run changes {:?}", again.texts);
    assert_eq!(again.applied, []);
    (disk, outcome)
}

pub(super) fn reasons(outcome: &Outcome<World>) -> Vec<(&'static str, Refusal)> {
    outcome.refused.iter().map(|refused| (refused.rule, refused.reason.clone())).collect()
}

/// A finding for each place where `word` stands, with the fix that writes `instead`.
pub(super) fn replace(files: &[SourceFile], level: Level, word: &str, instead: &str, out: &mut Vec<Diagnostic>) {
    for file in files {
        for (start, _) in file.text().match_indices(word) {
            let span = file.span(start, start + word.len());
            let fix = Fix::new(format!("write {instead}"), Safety::Safe).edit(span, instead);
            out.push(Diagnostic::new(level, format!("`{word}` is wrong"), Label::at(span, "")).fix(Some(fix)));
        }
    }
}

//! Runs one rule on a folder, through the library for findings and through the program for fixes.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use hf_release::check;
use hf_release::config::Selection;
use hf_release::diagnostic::{Diagnostic, Place, Safety};
use hf_release::evidence::Subject;
use hf_release::release::{Options, Release};
use hf_release::rules::Context;

/// Where a finding is shown.
pub(crate) struct Shown {
    pub(crate) path: String,
    /// Line, first column, one past the last column.
    pub(crate) at: Option<(u32, u32, u32)>,
}

/// What one rule finds.
pub(crate) fn check(folder: &Path, repo_id: Option<&str>, rule: &str) -> Vec<(Shown, Diagnostic)> {
    check_with(folder, repo_id, &Selection::new(&[rule.to_owned()], &[]).unwrap())
}

/// What the rules of a selection find.
pub(crate) fn check_with(folder: &Path, repo_id: Option<&str>, rules: &Selection) -> Vec<(Shown, Diagnostic)> {
    let release = Release::open(folder, &Options { repo_id: repo_id.map(str::to_owned) }).unwrap();
    let subject = Subject::new(&release);
    let cx = Context::new(&subject);
    let report = check::run(&cx, rules);
    assert!(!report.crashed, "a rule panicked");
    let shown = report.found.into_iter().map(|diagnostic| (shown(&release, &diagnostic), diagnostic));
    shown.collect()
}

fn shown(release: &Release, diagnostic: &Diagnostic) -> Shown {
    match &diagnostic.primary.place {
        Place::Absent(path) => Shown { path: path.to_string(), at: None },
        Place::File(file) | Place::Tensor { file, .. } => {
            Shown { path: release.file(*file).unwrap().path.to_string(), at: None }
        }
        Place::Bytes(span) => {
            let source = release.text(span.file).unwrap();
            let (start, end) = (source.position(span.start), source.position(span.end));
            // A span over several lines is marked on its first.
            let last = if end.line == start.line {
                end.column
            } else {
                let line_end = source.text()[span.start as usize..].find(['\r', '\n']).unwrap() as u32;
                source.position(span.start + line_end).column
            };
            Shown { path: source.path().to_string(), at: Some((start.line, start.column, last)) }
        }
    }
}

/// Every file after the rule's fixes; nothing when it offers none of that safety.
pub(crate) fn fix(
    folder: &Path,
    repo_id: Option<&str>,
    rule: &str,
    unsafe_fixes: bool,
) -> Option<BTreeMap<String, Vec<u8>>> {
    let allowed = if unsafe_fixes { Safety::Unsafe } else { Safety::Safe };
    let offered = |(_, finding): &(Shown, Diagnostic)| finding.fix.as_ref().is_some_and(|fix| fix.safety <= allowed);
    if !check(folder, repo_id, rule).iter().any(offered) {
        return None;
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_hf-release"));
    command.args(["check", "--select", rule, "--fail-on", "never"]).arg(folder);
    command.arg(if unsafe_fixes { "--unsafe-fixes" } else { "--fix" });
    if let Some(id) = repo_id {
        command.args(["--repo-id", id]);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{rule}: {}", String::from_utf8_lossy(&output.stdout));
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    Some(files)
}

//! Every rule on every fixture: the matrix is a snapshot, so that a new rule's false findings show at review.

mod repositories;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use repositories::{fixtures, root};

/// A copy, with the file that the Hub puts into every new repository.
fn copy(name: &str) -> (tempfile::TempDir, PathBuf) {
    let (folder, target) = repositories::copy(name);
    if name == "clean" {
        fs::copy(root().join("fixtures/hub.gitattributes"), target.join(".gitattributes")).unwrap();
    }
    (folder, target)
}

fn check(folder: &Path, name: &str, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_hf-release"))
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .env("LC_ALL", "C.UTF-8")
        .arg("check")
        .args(arguments)
        .arg(name)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{name}");
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn concise(name: &str) -> (i32, String) {
    let (folder, _) = copy(name);
    check(folder.path(), name, &["--output", "concise"])
}

#[test]
fn findings_on_every_fixture() {
    for name in fixtures() {
        let (exit, text) = concise(&name);
        insta::assert_snapshot!(format!("findings_{name}"), format!("{text}exit {exit}\n"));
    }
}

#[test]
fn people_read_this() {
    for name in ["bin-classifier", "defects-yaml", "peft-adapter"] {
        let (folder, _) = copy(name);
        let (_, text) = check(folder.path(), name, &[]);
        insta::assert_snapshot!(format!("human_{name}"), text);
    }
}

#[test]
fn the_exemplary_repository_is_clean() {
    let (exit, text) = concise("clean");
    assert_eq!(exit, 0, "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

/// Where one run points to: rule, file and line of every finding and every label.
fn places(name: &str) -> Vec<(String, String, Option<u64>)> {
    let (folder, _) = copy(name);
    let report: serde_json::Value = serde_json::from_str(&check(folder.path(), name, &["--output", "json"]).1).unwrap();
    let mut places = Vec::new();
    for finding in report["repositories"][0]["findings"].as_array().unwrap() {
        for place in finding["labels"].as_array().unwrap().iter().chain([finding]) {
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            places.push((text(&finding["rule"]), text(&place["file"]), place["start"]["line"].as_u64()));
        }
    }
    places
}

/// The table of planted defects in fixtures/README.md: those of rules that exist are found, each at its line.
#[test]
fn planted_defects_are_found() {
    let readme = fs::read_to_string(root().join("fixtures/README.md")).unwrap();
    let known: Vec<&str> = hf_release::rules::RULES.iter().map(|rule| rule.meta().name).collect();
    let mut found = Vec::new();
    let mut missing = String::new();
    let mut counted = 0;
    for line in readme.lines() {
        if let Some(title) = line.strip_prefix("## Defects planted in `") {
            found = places(title.trim_end_matches('`'));
        }
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [number, file, at, rule, ..] = cells[..] else { continue };
        if number.parse::<u32>().is_err() || !known.contains(&rule) {
            continue;
        }
        counted += 1;
        let at = at.parse::<u64>().ok();
        let is_it = |(by, path, line): &(String, String, Option<u64>)| {
            by == rule && path == file && (at.is_none() || *line == at)
        };
        if !found.iter().any(is_it) {
            writeln!(missing, "{number}: {rule} at {file}, line {at:?}").unwrap();
        }
    }
    assert!(counted >= 30, "only {counted} planted defects belong to rules that exist");
    assert_eq!(missing, "", "planted and not found");
}

/// `--fix` on every fixture: fewer findings or the same, a second run changes nothing, other files are untouched.
#[test]
fn fixing_every_fixture_converges() {
    for name in fixtures() {
        for safety in ["--fix", "--unsafe-fixes"] {
            let (folder, target) = copy(&name);
            let before = check(folder.path(), &name, &["--output", "json"]).1;
            let (_, diff) = check(folder.path(), &name, &[safety, "--diff"]);
            check(folder.path(), &name, &[safety]);
            let first = snapshot(&target);
            let after = check(folder.path(), &name, &["--output", "json"]).1;
            check(folder.path(), &name, &[safety]);
            assert_eq!(first, snapshot(&target), "{name} {safety}: a second run changes something");
            assert!(errors(&after) <= errors(&before), "{name} {safety}: more errors than before");
            for (path, bytes) in &first {
                let original = fs::read(root().join("fixtures").join(&name).join(path)).unwrap_or_default();
                if path != "README.md" && path != ".gitattributes" {
                    assert_eq!(bytes, &original, "{name} {safety}: {path} changed");
                }
            }
            if safety == "--fix" {
                insta::assert_snapshot!(format!("fix_{name}"), diff);
            }
        }
    }
}

fn snapshot(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

fn errors(json: &str) -> u64 {
    let report: serde_json::Value = serde_json::from_str(json).unwrap();
    report["summary"]["error"].as_u64().unwrap()
}

//! The corpus of weight files: each is called what `fixtures/weights/expected.tsv` says, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The rules that say what is in a weight file. What is better kept in another format is not their subject.
const RULES: &str = "dangerous-pickle,unknown-pickle-import,unscanned-weights,malformed-weights,disguised-format,\
                     active-content,path-escapes-repository";

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/weights")
}

/// File and the rules that must speak about it.
fn expected() -> BTreeMap<String, BTreeSet<String>> {
    let table = std::fs::read_to_string(corpus().join("expected.tsv")).unwrap();
    let rows = table.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut columns = line.split('\t');
        let (file, rules) = (columns.next().unwrap(), columns.next().unwrap());
        (file.to_owned(), rules.split(',').filter(|rule| *rule != "-").map(str::to_owned).collect())
    });
    rows.collect()
}

fn found() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO_BIN_EXE_hf-release"))
        .args(["check", "--fail-on", "never", "--output", "json", "--select", RULES])
        .arg(corpus())
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let repository = &report["repositories"][0];
    // Raw numbers without a reader are named; nothing that may hold code is left unread without a finding.
    let unread: Vec<&str> =
        repository["skipped"].as_array().unwrap().iter().filter_map(|skip| skip["why"].as_str()).collect();
    assert!(unread.len() == 2 && unread.iter().all(|why| why.ends_with("is OpenVINO")), "{unread:?}");
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in repository["findings"].as_array().unwrap() {
        let [file, rule] = ["file", "rule"].map(|key| finding[key].as_str().unwrap().to_owned());
        found.entry(file).or_default().insert(rule);
    }
    found
}

#[test]
fn every_file_of_the_corpus_is_called_what_it_is() {
    let (expected, found) = (expected(), found());
    let nothing = BTreeSet::new();
    let files: BTreeSet<&String> = expected.keys().chain(found.keys()).collect();
    let wrong: Vec<String> = files
        .into_iter()
        .filter_map(|file| {
            let (due, said) = (expected.get(file).unwrap_or(&nothing), found.get(file).unwrap_or(&nothing));
            (due != said).then(|| format!("{file}: expected {due:?}, found {said:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The corpus contains what it should: as many files as the table, and something of each kind.
#[test]
fn the_table_names_every_file() {
    let expected = expected();
    let mut files = BTreeSet::new();
    for kind in ["good", "attack", "broken"] {
        for entry in std::fs::read_dir(corpus().join(kind)).unwrap() {
            files.insert(format!("{kind}/{}", entry.unwrap().file_name().into_string().unwrap()));
        }
    }
    assert!(files.iter().eq(expected.keys()), "{:?}", files.symmetric_difference(&expected.keys().cloned().collect()));
    let attacks = expected.iter().filter(|(file, _)| file.starts_with("attack/"));
    attacks.for_each(|(file, rules)| assert!(!rules.is_empty(), "{file} must be called something"));
}

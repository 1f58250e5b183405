//! The house keeps its order: which room may know which, and where the noisy things are allowed.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may import. What is not listed here fails: a new room must be given a place.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("words", &[]),
    ("diagnostic", &["source"]),
    ("hub", &[]),
    ("checklist", &[]),
    ("release", &["source"]),
    ("card", &["source", "diagnostic"]),
    ("template", &[]),
    ("bytes", &[]),
    ("pickle", &["bytes"]),
    ("weights", &["source", "template", "bytes", "pickle"]),
    ("configs", &["source", "release"]),
    ("code", &["source"]),
    ("evidence", &["source", "diagnostic", "release", "card", "bytes", "weights", "configs", "code", "hub"]),
    ("claims", &["source", "diagnostic", "release", "card", "configs", "hub", "evidence"]),
    ("draft", &["source", "diagnostic", "release", "card", "bytes", "weights", "configs", "hub", "evidence", "claims"]),
    (
        "rules",
        &[
            "source",
            "diagnostic",
            "release",
            "card",
            "template",
            "bytes",
            "pickle",
            "weights",
            "configs",
            "code",
            "hub",
            "evidence",
            "claims",
            "draft",
            "checklist",
        ],
    ),
    ("config", &["rules"]),
    ("fix", &["source", "diagnostic", "card"]),
    ("preview", &["source", "release", "card", "bytes", "pickle", "weights", "hub", "evidence", "claims", "draft"]),
    ("report", &["source", "diagnostic", "fix", "preview"]),
    (
        "check",
        &["source", "diagnostic", "release", "evidence", "draft", "preview", "checklist", "rules", "config", "fix"],
    ),
    ("inspect", &["source", "bytes", "pickle", "weights", "draft", "report"]),
    ("cli", &["source", "diagnostic", "release", "hub", "rules", "config", "fix", "check", "report", "inspect"]),
];

/// The room at the bottom of the house, which every other one may import.
const GROUND: &str = "words";

/// Words that only some files may use.
const ONLY_IN: &[(&str, &str)] = &[
    ("miette", "src/report/findings/human"),
    ("println!", "src/cli"),
    ("eprintln!", "src/cli"),
    ("process::exit", "src/cli"),
    ("std::env::", "src/cli"),
    ("std::io::stdout", "src/cli"),
    ("std::io::stderr", "src/cli"),
    ("process::{Command", "src/cli/pager"),
    ("process::Command", "src/cli/pager"),
    ("std::net", "src/hub/client"),
    ("granit_parser", "src/card/front_matter"),
    ("pulldown_cmark", "src/card/body"),
    ("ruff_", "src/code"),
];

/// No file grows beyond this; a concept is missing when one wants to.
const MAX_LINES: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file that is not a test, with its text.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") {
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// The code of a file without comments and without what only tests compile.
fn code(name: &str, text: &str) -> String {
    let is_test_file = name.contains("/tests") || name.ends_with("testing.rs") || name.contains("/generate");
    if is_test_file {
        return String::new();
    }
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_room_reaches_back() {
    let mut faults = Vec::new();
    for (name, text) in sources() {
        let Some(room) = name.strip_prefix("src/").and_then(|rest| rest.split_once('/')).map(|(room, _)| room) else {
            continue;
        };
        let Some((_, known)) = MAY_KNOW.iter().find(|(other, _)| *other == room) else {
            faults.push(format!("{name}: room `{room}` has no place in MAY_KNOW"));
            continue;
        };
        let code = code(&name, &text);
        for (at, _) in code.match_indices("crate::") {
            let rest = &code[at + "crate::".len()..];
            let other: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if other != room && other != GROUND && !known.contains(&other.as_str()) {
                faults.push(format!("{name}: `{room}` must not know `{other}`"));
            }
        }
    }
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn noisy_words_stay_where_they_belong() {
    let mut faults = Vec::new();
    for (name, text) in sources() {
        if name == "src/main.rs" {
            continue;
        }
        let code = code(&name, &text);
        for (word, place) in ONLY_IN {
            if code.contains(word) && !name.starts_with(place) {
                faults.push(format!("{name}: `{word}` belongs to {place}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_stay_small() {
    let mut lengths: Vec<(usize, String)> =
        sources().into_iter().map(|(name, text)| (text.lines().count(), name)).collect();
    lengths.sort();
    let long: Vec<_> = lengths.iter().filter(|(lines, _)| *lines > MAX_LINES).collect();
    assert!(long.is_empty(), "a concept is missing in {long:?}");
    let median = lengths[lengths.len() / 2].0;
    assert!(median < 200, "the median file has {median} lines");
}

#[test]
fn every_folder_says_what_it_knows() {
    for (name, text) in sources() {
        if name.ends_with("/mod.rs") || name == "src/lib.rs" {
            assert!(text.starts_with("//! "), "{name} opens without a paragraph");
        }
    }
}

//! The house keeps its order: which room may know which, and where the noisy things are allowed.

use std::collections::{BTreeMap, BTreeSet};
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
    ("targets", &["source", "card", "pickle"]),
    ("weights", &["source", "template", "bytes", "pickle", "targets"]),
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
            "targets",
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
    ("report", &["source", "diagnostic", "fix", "bytes", "pickle", "weights", "inspect", "preview"]),
    (
        "check",
        &[
            "source",
            "diagnostic",
            "release",
            "card",
            "bytes",
            "weights",
            "hub",
            "evidence",
            "claims",
            "draft",
            "preview",
            "checklist",
            "rules",
            "config",
            "fix",
        ],
    ),
    ("inspect", &["source", "bytes", "pickle", "weights"]),
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

/// A file as a module: its path from the crate, and the paths that it names. `a/mod.rs` and `a.rs` are both `a`.
struct Module {
    file: String,
    path: Vec<String>,
    names: Vec<Named>,
}

/// A path that a file names, with the name that it brings in, and whether that is handed on (`pub use`).
struct Named {
    path: Vec<String>,
    name: String,
    is_handed_on: bool,
}

fn modules() -> Vec<Module> {
    let sources = sources().into_iter().filter(|(name, _)| name != "src/main.rs" && name != "src/lib.rs");
    let module = |(file, text): (String, String)| {
        let path = file.strip_prefix("src/")?.strip_suffix(".rs")?;
        let path = path.strip_suffix("/mod").unwrap_or(path).split('/').map(str::to_owned).collect();
        Some(Module { names: named(&code(&file, &text)), file, path })
    };
    sources.filter_map(module).collect()
}

/// The paths of a `use` tree, each with the name that it brings in: `a::{b, c as d}` is `a::b` and `a::c`.
fn paths_of(tree: &str) -> Vec<(Vec<String>, String)> {
    let tree = tree.trim();
    let Some((start, inside)) = tree.split_once('{') else {
        let (path, name) = tree.split_once(" as ").unwrap_or((tree, tree));
        let path: Vec<String> = path.trim().split("::").map(|part| part.trim().to_owned()).collect();
        let name = name.rsplit("::").next().unwrap_or_default().trim().to_owned();
        return vec![(path, name)];
    };
    let inside = inside.trim_end().strip_suffix('}').unwrap_or(inside);
    let (mut depth, mut from, mut branches) = (0, 0, Vec::new());
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                branches.push(&inside[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    branches.push(&inside[from..]);
    let branches = branches.into_iter().filter(|branch| !branch.trim().is_empty());
    branches.flat_map(|branch| paths_of(&format!("{start}{}", branch.trim()))).collect()
}

/// Every path that a file names: its imports, and what stands in the code.
fn named(code: &str) -> Vec<Named> {
    let mut found = Vec::new();
    let mut rest = String::new();
    let mut statement: Option<(String, bool)> = None;
    for line in code.lines() {
        let trimmed = line.trim();
        if statement.is_none() {
            let visible = trimmed.starts_with("pub");
            let unmarked = if visible { trimmed.split_once("use ").map_or("", |(_, tree)| tree) } else { trimmed };
            let is_use = trimmed.starts_with("use ")
                || (visible && trimmed.split_once("use ").is_some_and(|(mark, _)| !mark.contains(['{', '=', ';'])));
            if is_use {
                statement = Some((unmarked.strip_prefix("use ").unwrap_or(unmarked).to_owned(), visible));
            } else {
                rest.push_str(line);
                rest.push('\n');
                continue;
            }
        } else if let Some((tree, _)) = &mut statement {
            tree.push_str(trimmed);
        }
        if let Some((tree, is_handed_on)) = statement.take_if(|(tree, _)| tree.ends_with(';')) {
            let paths = paths_of(tree.trim_end_matches(';'));
            found.extend(paths.into_iter().map(|(path, name)| Named { path, name, is_handed_on }));
        }
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    for word in rest.split(|c: char| !is_part(c)) {
        if ["crate::", "super::", "self::"].iter().any(|start| word.starts_with(start)) {
            let path: Vec<String> = word.split("::").map(str::to_owned).collect();
            found.push(Named { path, name: String::new(), is_handed_on: false });
        }
    }
    found
}

/// The file in which what a path names is written, seen from a module: through modules as far as they go, then through
/// what is handed on by the last of them.
fn target<'m>(modules: &'m [Module], from: &[String], path: &[String], hops: usize) -> Option<&'m Module> {
    let mut at: Vec<String> = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" => from.to_vec(),
        "super" => from[..from.len() - 1].to_vec(),
        _ => return None,
    };
    let mut parts = path[1..].iter().peekable();
    while parts.next_if(|part| *part == "super").is_some() {
        at.pop()?;
    }
    let is_module = |path: &[String]| modules.iter().find(|module| module.path == path);
    while let Some(part) = parts.peek() {
        let below: Vec<String> = at.iter().chain([*part]).cloned().collect();
        if is_module(&below).is_none() {
            break;
        }
        at = below;
        parts.next();
    }
    let module = is_module(&at)?;
    let handed_on = parts.peek().and_then(|name| {
        let path = &module.names.iter().find(|named| named.is_handed_on && named.name == **name)?.path;
        let path = match path.first().map(String::as_str) {
            Some("crate" | "self" | "super") => path.clone(),
            _ => std::iter::once("self".to_owned()).chain(path.iter().cloned()).collect(),
        };
        if hops == 0 { None } else { target(modules, &at, &path, hops - 1) }
    });
    Some(handed_on.unwrap_or(module))
}

/// No two files of a room reach each other through imports. A folder's own file and the files below it are one thing here:
/// it contains what they share and calls them, and only what it hands on from one of them to another counts.
#[test]
fn no_circles_inside_rooms() {
    let modules = modules();
    let is_family = |a: &Module, b: &Module| a.path.starts_with(&b.path) || b.path.starts_with(&a.path);
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for module in &modules {
        let targets = module.names.iter().filter_map(|named| target(&modules, &module.path, &named.path, 8));
        let targets = targets.filter(|other| other.path[0] == module.path[0] && !is_family(module, other));
        known.insert(&module.file, targets.map(|other| other.file.as_str()).collect());
    }
    let reached = |from: &str| {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut waiting: Vec<&str> = known[from].iter().copied().collect();
        while let Some(file) = waiting.pop() {
            if reached.insert(file) {
                waiting.extend(&known[file]);
            }
        }
        reached
    };
    let reach: BTreeMap<&str, BTreeSet<&str>> = known.keys().map(|file| (*file, reached(file))).collect();
    let circles: BTreeSet<Vec<&str>> = reach
        .iter()
        .filter(|(file, reached)| reached.contains(*file))
        .map(|(file, reached)| reached.iter().copied().filter(|other| reach[other].contains(file)).collect())
        .collect();
    assert!(circles.is_empty(), "files that import each other; name the third thing that both need: {circles:#?}");
}

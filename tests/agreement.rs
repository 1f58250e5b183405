//! A check and an inspection say the same of every file: whatever one of them calls broken, dangerous or not looked at, the
//! other does not pass in silence. Tried on every fixture, and on what is left of small containers after accidents.

mod repositories;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use repositories::root;
use serde_json::Value;

fn json(command: &str, arguments: &[&str], folder: &Path) -> Value {
    let mut program = Command::new(env!("CARGO_BIN_EXE_hf-release"));
    let output = program.arg(command).args(["--output", "json"]).args(arguments).arg(folder).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// What a check says of each file: `RULE LEVEL`, or `skip`.
fn said(folder: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let report = json("check", &["--select", "weights,lfs-pointer"], folder);
    let repository = &report["repositories"][0];
    let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in repository["findings"].as_array().unwrap() {
        let what = format!("{} {}", finding["rule"].as_str().unwrap(), finding["level"].as_str().unwrap());
        let files = finding["labels"].as_array().unwrap().iter().chain([finding]);
        for file in files.filter_map(|place| place["file"].as_str()) {
            said.entry(file.to_owned()).or_default().insert(what.clone());
        }
    }
    for skip in repository["skipped"].as_array().unwrap() {
        for word in skip["why"].as_str().unwrap().split([' ', '`', ':']) {
            said.entry(word.to_owned()).or_default().insert("skip".to_owned());
        }
    }
    said
}

/// What the check must say where an inspection gives a verdict: one of these, or nothing of these where there is none.
fn expected(verdict: &str) -> &'static [&'static str] {
    match verdict {
        "ok" => &[],
        "not-read" => &["skip"],
        "not-checked" => &["skip", "unscanned-weights error", "unscanned-weights warning"],
        "not-fetched" => &["lfs-pointer error", "lfs-pointer info", "skip"],
        "irregular" => &["malformed-weights warning"],
        "malformed" => &["malformed-weights error", "malformed-weights warning"],
        "disguised" => &["disguised-format warning", "disguised-format error", "unscanned-weights error"],
        "may-run-code" => &["unknown-pickle-import", "active-content"],
        "dangerous" => {
            &["dangerous-pickle error", "active-content error", "disguised-format error", "unscanned-weights error"]
        }
        other => panic!("{other}"),
    }
}

/// Findings that contradict the verdict "ok".
const AGAINST_OK: [&str; 9] = [
    "skip",
    "malformed-weights error",
    "malformed-weights warning",
    "unscanned-weights error",
    "unscanned-weights warning",
    "dangerous-pickle error",
    "disguised-format error",
    "disguised-format warning",
    "unknown-pickle-import warning",
];

/// Compares both commands on a folder.
fn compare(folder: &Path) -> (usize, Vec<String>) {
    let said = said(folder);
    let inspected = json("inspect", &[], folder);
    let files = inspected["files"].as_array().unwrap();
    let mut listed = BTreeSet::new();
    let mut faults = Vec::new();
    for file in files {
        let (path, verdict) = (file["path"].as_str().unwrap(), file["verdict"].as_str().unwrap());
        let of_file = said.get(path).cloned().unwrap_or_default();
        let agrees = match verdict {
            "ok" => AGAINST_OK.iter().all(|against| !of_file.contains(*against)),
            _ => expected(verdict).iter().any(|word| of_file.iter().any(|said| said.starts_with(word))),
        };
        if !agrees {
            faults.push(format!("{path}: inspect says {verdict}, check says {of_file:?}"));
        }
        listed.insert(path.to_owned());
    }
    for (path, what) in &said {
        let is_judged = what.iter().any(|what| AGAINST_OK.contains(&what.as_str()) && what != "skip");
        if is_judged && !listed.contains(path) && !path.ends_with(".json") && !path.ends_with(".py") {
            faults.push(format!("{path}: inspect does not list it, check says {what:?}"));
        }
    }
    (files.len(), faults)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

#[test]
fn both_commands_agree_on_every_fixture() {
    let mut names: Vec<PathBuf> = vec![root().join("fixtures/weights")];
    names.extend(repositories::fixtures().iter().map(|name| root().join("fixtures").join(name)));
    let (mut number, mut faults) = (0, Vec::new());
    for folder in names {
        let (files, more) = compare(&folder);
        number += files;
        faults.extend(more);
    }
    assert!(number > 40, "{number}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What accidents and attackers leave of a file: cut at several places, with bytes turned over, with more at either end.
fn damaged(bytes: &[u8], seed: &mut u32) -> Vec<Vec<u8>> {
    let mut next = |below: usize| {
        *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (*seed >> 8) as usize % below.max(1)
    };
    let mut all = vec![bytes.to_vec(), Vec::new(), vec![0; bytes.len()]];
    all.push([&b"prefix"[..], bytes].concat());
    all.push([bytes, &b"suffix"[..]].concat());
    all.push([bytes, bytes].concat());
    for _ in 0..4 {
        all.push(bytes[..next(bytes.len())].to_vec());
    }
    for _ in 0..8 {
        let mut turned = bytes.to_vec();
        for _ in 0..=next(3) {
            let at = next(turned.len());
            if let Some(byte) = turned.get_mut(at) {
                *byte ^= 1 << next(8);
            }
        }
        all.push(turned);
    }
    all
}

#[test]
fn both_commands_agree_on_damaged_containers() {
    let mut seed = 7;
    let mut faults = Vec::new();
    let mut number = 0;
    for path in files_below(&root().join("fixtures/weights")) {
        let bytes = fs::read(&path).unwrap();
        let extension = path.extension().map_or("", |extension| extension.to_str().unwrap_or_default());
        if bytes.len() > 20_000 || ["md", "py", "json", "txt"].contains(&extension) {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        for (index, bytes) in damaged(&bytes, &mut seed).iter().enumerate() {
            for other in [extension, "zip", "bin", "pt"] {
                fs::write(folder.path().join(format!("{stem}-{index}.{other}")), bytes).unwrap();
            }
        }
        let (files, more) = compare(folder.path());
        number += files;
        faults.extend(more);
    }
    assert!(number > 500, "{number}");
    let shown: Vec<&String> = faults.iter().take(60).collect();
    assert!(faults.is_empty(), "{} of {number}: {shown:#?}", faults.len());
}

/// A zip of one member, stored or deflated.
fn zipped(name: &str, bytes: &[u8], method: zip::CompressionMethod) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(method);
    writer.start_file(name, options).unwrap();
    std::io::Write::write_all(&mut writer, bytes).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_pickle_ten_archives_deep_does_not_pass() {
    for method in [zip::CompressionMethod::Stored, zip::CompressionMethod::Deflated] {
        let mut bytes = b"cposix\nsystem\nX\x02\0\0\0id\x85R.".to_vec();
        for depth in 0..10 {
            bytes = zipped(if depth == 0 { "a.pkl" } else { "in.zip" }, &bytes, method);
        }
        for (name, level) in [("model.bin", "error"), ("model.pt", "error"), ("model.zip", "warning")] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(name), &bytes).unwrap();
            let report = json("check", &["--select", "unscanned-weights"], folder.path());
            let finding = &report["repositories"][0]["findings"][0];
            assert_eq!(
                (finding["level"].as_str(), report["exit"].as_u64()),
                (Some(level), Some(1)),
                "{name}: {report}"
            );
            assert!(finding["message"].as_str().unwrap().ends_with("archives are nested deeper than is read"));
            assert_eq!(compare(folder.path()).1, Vec::<String>::new());
        }
    }
}

/// Two bytes of a field of the last entry of a zip's directory are set.
fn with_field(mut zip: Vec<u8>, field: usize, bytes: &[u8]) -> Vec<u8> {
    let at = zip.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap() + field;
    zip[at..at + bytes.len()].copy_from_slice(bytes);
    zip
}

#[test]
fn both_commands_agree_on_archives_that_lie() {
    let good = zipped("weights.txt", &b"a lamp that is on. ".repeat(9), zip::CompressionMethod::Deflated);
    let big = 1_000_000_000_u32.to_le_bytes();
    let lies: [(&str, usize, &[u8]); 6] = [
        ("compressed", 20, &big),
        ("size", 24, &big),
        ("offset", 42, &big),
        ("shorter", 20, &[3, 0]),
        ("method", 10, &[99, 0]),
        ("checksum", 16, &[1, 2, 3, 4]),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, field, bytes) in lies {
        for extension in ["zip", "pt", "bin", "npz", "keras", "nemo"] {
            let path = folder.path().join(format!("{name}.{extension}"));
            fs::write(path, with_field(good.clone(), field, bytes)).unwrap();
        }
    }
    assert_eq!(compare(folder.path()).1, Vec::<String>::new());
}

/// Findings win; where there are none, what was not looked at makes the run incomplete.
#[test]
fn what_was_not_looked_at_makes_the_exit_code_3() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.model"), b"7z\xBC\xAF\x27\x1C\0\x04......").unwrap();
    let report = json("check", &["--select", "weights"], folder.path());
    assert_eq!((&report["repositories"][0]["findings"], report["exit"].as_u64()), (&serde_json::json!([]), Some(3)));
    assert_eq!(json("inspect", &[], folder.path())["exit"], 3);
}

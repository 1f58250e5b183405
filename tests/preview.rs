//! `hf-release preview`: every fixture's page, before and after fixes, for people and for programs; nothing is written.

mod repositories;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use hf_release::report::preview::json::JSON_SCHEMA;
use serde_json::Value;
use tempfile::TempDir;

use repositories::{copy, fixtures};

fn run(folder: &Path, name: &str, arguments: &[&str], columns: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hf-release"))
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("COLUMNS", columns)
        .env("LC_ALL", "C.UTF-8")
        .args(["preview", name])
        .args(arguments)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A document, proven to be one of the schema.
fn json(folder: &Path, name: &str, arguments: &[&str]) -> Value {
    let output = run(folder, name, &[arguments, &["--output", "json"]].concat(), "100");
    let document: Value = serde_json::from_str(&text(&output)).unwrap();
    let schema: Value = serde_json::from_str(JSON_SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{name}: {errors:?}");
    document
}

/// A folder with one repository, `model`, of these files.
fn model(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("model")).unwrap();
    for (path, text) in files {
        fs::write(folder.path().join("model").join(path), text).unwrap();
    }
    folder
}

#[test]
fn every_fixture_has_a_page() {
    for name in fixtures() {
        let (folder, _) = copy(&name);
        let output = run(folder.path(), &name, &[], "100");
        assert_eq!(output.status.code(), Some(0), "{name}");
        insta::assert_snapshot!(format!("page_{name}"), text(&output));
    }
}

#[test]
fn before_and_after_stand_side_by_side() {
    for name in ["bin-classifier", "diffusers-pipeline", "trl-sft"] {
        let (folder, _) = copy(name);
        insta::assert_snapshot!(
            format!("page_fixed_{name}"),
            text(&run(folder.path(), name, &["--fix", "--diff"], "100"))
        );
    }
    let (folder, _) = copy("diffusers-pipeline");
    insta::assert_snapshot!("page_narrow", text(&run(folder.path(), "diffusers-pipeline", &["--diff"], "40")));
}

/// What the comparison shows is what the page is once the fixes are written; and looking writes nothing.
#[test]
fn the_page_after_is_the_page_that_the_fixes_make() {
    for name in fixtures() {
        for option in ["--fix", "--unsafe-fixes"] {
            let (folder, target) = copy(&name);
            let readme = || fs::read(target.join("README.md")).unwrap_or_default();
            let before = readme();
            let shown = json(folder.path(), &name, &[option, "--diff"]);
            assert_eq!(before, readme(), "{name}: a look wrote something");
            assert_eq!(shown["after"]["option"], option);
            let check = Command::new(env!("CARGO_BIN_EXE_hf-release"))
                .current_dir(folder.path())
                .args(["check", option, "--output", "json", &name])
                .output()
                .unwrap();
            assert!(check.status.code().is_some_and(|code| code < 2), "{name}");
            let written = json(folder.path(), &name, &[]);
            assert_eq!(shown["after"]["page"], written["page"], "{name} {option}");
            assert_eq!(shown["after"]["refused"], written["refused"], "{name} {option}");
            assert_eq!(written["after"], Value::Null);
            let has_changes = shown["page"] != shown["after"]["page"];
            let changed = shown["after"]["changed"].as_array().unwrap();
            assert!(has_changes || changed.is_empty(), "{name} {option}");
            assert_eq!(shown["after"]["fixes"] == serde_json::json!([]), before == readme(), "{name} {option}");
        }
    }
}

/// Every area of the page has a source, and text and JSON say the same of it.
#[test]
fn people_and_programs_are_told_the_same() {
    let (folder, _) = copy("clean");
    let document = json(folder.path(), "clean", &["--repo-id", "acme/lamp"]);
    assert_eq!(document["repo_id"], "acme/lamp");
    let page = document["page"].as_object().unwrap();
    assert!(page.keys().all(|area| document["sources"][area].is_string()));
    let text = text(&run(folder.path(), "clean", &["--repo-id", "acme/lamp"], "100"));
    assert!(text.starts_with("the page of acme/lamp after the push\n"), "{text}");
    let all = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (area, shown) in page {
        if let Some(note) = shown["note"].as_str() {
            assert!(all.contains(note), "{area}: {note}");
        }
    }
    assert!(text.contains("\"acme/lamp\"") && !text.contains("OWNER/NAME"), "{text}");
}

#[test]
fn exit_codes() {
    let folder = model(&[("README.md", "---\nlicense: Apache-2.0\n---\n")]);
    let exit = |name: &str, arguments: &[&str]| run(folder.path(), name, arguments, "100").status.code().unwrap();
    assert_eq!(exit("model", &[]), 0);
    assert_eq!(exit("model", &["--diff"]), 0);
    assert_eq!(exit("model", &["--unsafe-fixes", "--diff"]), 0);
    // Nothing is written here, so --fix alone makes no sense.
    assert_eq!(exit("model", &["--fix"]), 2);
    assert_eq!(exit("model", &["--output", "html"]), 2);
    assert_eq!(exit("model", &["--repo-id", "no id"]), 2);
    assert_eq!(exit("absent", &[]), 2);
    assert_eq!(exit("model/README.md", &[]), 2);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_said() {
    let folder = model(&[("README.md", "---\nlicense: mit\n---\n")]);
    // A link that leads out of the repository is not followed.
    std::os::unix::fs::symlink("/nowhere/model.safetensors", folder.path().join("model/model.safetensors")).unwrap();
    let output = run(folder.path(), "model", &[], "100");
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output).contains("not everything could be read: model.safetensors"), "{}", text(&output));
    assert_eq!(json(folder.path(), "model", &[])["exit"], 3);
}

#[test]
fn cards_without_metadata() {
    for (card, note) in [
        ("# Lamp\n", "the Hub warns that its metadata is missing"),
        ("---\n", "the Hub warns that its metadata is missing"),
        ("", "the Hub warns that its metadata is missing"),
    ] {
        let folder = model(&[("README.md", card)]);
        assert_eq!(json(folder.path(), "model", &[])["page"]["card"]["note"], note, "{card:?}");
    }
    let folder = model(&[("config.json", "{}")]);
    assert_eq!(json(folder.path(), "model", &[])["page"]["card"]["state"], "absent");
}

/// Nothing that a repository says reaches the terminal as a command, or breaks a column.
#[test]
fn hostile_text_is_shown_and_not_obeyed() {
    let long = "x".repeat(5000);
    let card = format!(
        "---\nlicense: other\nlicense_name: \"\\e[31mred\\a\"\nlibrary_name: \"a\\nb\\u202ec\"\npipeline_tag: \"\\x9b2J\"\ntags: [\"{long}\", \"\\e]0;x\\a\"]\nnew_version: \"\\e[2J\"\nextra_gated_fields:\n  \"\\e[5m\": text\n---\n<Gallery />\n"
    );
    let folder = model(&[("README.md", &card), ("model\u{1b}[2J.gguf", "x")]);
    for (arguments, columns) in [(&[][..], "100"), (&["--diff"], "100"), (&["--diff"], "30"), (&[], "20"), (&[], "1")] {
        let shown = text(&run(folder.path(), "model", arguments, columns));
        let hidden = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!shown.contains(hidden), "{columns}: {shown:?}");
        if columns == "100" {
            assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
        }
    }
    let output = run(folder.path(), "model", &["--output", "json"], "100");
    assert!(!text(&output).trim_end().contains(|c: char| c.is_control() || c == '\u{202e}'));
    json(folder.path(), "model", &["--unsafe-fixes", "--diff"]);
}

#[test]
fn a_huge_card_costs_little() {
    let tags: String = (0..200_000).map(|number| format!("- tag{number}\n")).collect();
    let papers: String = (0..20_000).map(|number| format!("[p](https://arxiv.org/abs/2101.{number:05})\n\n")).collect();
    let folder = model(&[("README.md", &format!("---\ntags:\n{tags}---\n{papers}"))]);
    let started = std::time::Instant::now();
    let output = run(folder.path(), "model", &["--output", "json"], "100");
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    assert!(output.stdout.len() < 100_000, "{} bytes", output.stdout.len());
}

//! Cards as today's libraries write them (`fixtures/cards.py` makes them): what is said of each is a snapshot, the faults
//! that are known are found, and no card is said to be refused without reason.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn cards() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cards");
    let mut cards: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), path))
        .collect();
    cards.sort();
    assert!(cards.len() >= 20, "only {} cards", cards.len());
    cards
}

fn run(card: &Path, name: &str, format: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(name)).unwrap();
    fs::copy(card, folder.path().join(name).join("README.md")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_hf-release"));
    command.current_dir(folder.path()).env("NO_COLOR", "1").args(["check", "--output", format, name]);
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn what_is_said() {
    for (name, card) in cards() {
        insta::assert_snapshot!(format!("card_{name}"), run(&card, &name, "concise"));
    }
}

/// What one card's findings say: `RULE LEVEL MESSAGE`.
fn said(card: &str) -> Vec<String> {
    let (name, path) = cards().into_iter().find(|(name, _)| name == card).unwrap();
    let report: Value = serde_json::from_str(&run(&path, &name, "json")).unwrap();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = report["repositories"][0]["findings"].as_array().unwrap();
    findings.iter().map(|f| format!("{} {} {}", text(f, "rule"), text(f, "level"), text(f, "message"))).collect()
}

#[test]
fn known_faults_are_found() {
    for card in ["trl-sft-named", "trl-sft-local", "trl-sft-lora", "trl-dpo", "trl-reward", "trl-grpo"] {
        let said = said(card);
        // TRL misspells the key, and its value is not a license: the model has none.
        let faults: Vec<_> = said.iter().filter(|it| it.contains("licen")).collect();
        assert!(matches!(faults[..], [it] if it.starts_with("missing-license error")), "{card}: {said:?}");
    }
    for (card, path) in [
        ("trl-sft-local", "`./checkpoints/lamp-llama`"),
        ("trainer-local-base", "`/home/user/models/bert-base`"),
        ("diffusers-dreambooth", "`/home/user/models/sdxl`"),
    ] {
        let said = said(card);
        let is_it = |it: &String| it.starts_with("invalid-repo-id error") && it.contains(path);
        assert!(said.iter().any(is_it), "{card}: {said:?}");
    }
    for card in ["trainer-bare", "trl-dpo", "peft-lora", "hub-template"] {
        let said = said(card);
        assert!(said.iter().any(|it| it.starts_with("template-text")), "{card}: {said:?}");
    }
}

/// A card whose library had everything said to it has no error.
#[test]
fn well_filled_cards_have_no_error() {
    for card in [
        "trainer-full",
        "hub-template",
        "sentence-transformer-trained",
        "setfit-named",
        "model-mixin",
        "diffusers-lora",
    ] {
        let said = said(card);
        assert!(!said.iter().any(|it| it.contains(" error ")), "{card}: {said:?}");
    }
}

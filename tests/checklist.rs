//! The checklist of every fixture, read line by line, and the law that it keeps: met is what was seen.

mod repositories;

use std::fs;
use std::path::Path;
use std::process::Command;

use repositories::{copy, fixtures};
use serde_json::Value;

/// The items of a checklist.
fn items(folder: &Path) -> Vec<Value> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hf-release"));
    let output = command.args(["checklist", "--output", "json"]).arg(folder).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    document["items"].as_array().unwrap().clone()
}

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// The state and the note of one item.
fn state(items: &[Value], item: &str) -> (String, String) {
    let line = items.iter().find(|line| line["item"] == item).unwrap();
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    (text("state"), text("note"))
}

/// A safetensors file of one tensor.
fn safetensors() -> Vec<u8> {
    let header = br#"{"lamp":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header);
    bytes.extend(1.5_f32.to_le_bytes().repeat(2));
    bytes
}

#[test]
fn the_checklist_of_every_fixture() {
    for name in fixtures() {
        let (_folder, path) = copy(&name);
        let mut text = String::new();
        for line in items(&path) {
            let part = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            text += format!("{:<14} {:<28} {}", part("state"), part("item"), part("note")).trim_end();
            text += "\n";
        }
        insta::assert_snapshot!(format!("checklist_{name}"), text);
    }
}

#[test]
fn what_is_met_says_what_was_seen() {
    for name in fixtures() {
        let (_folder, path) = copy(&name);
        for line in items(&path).iter().filter(|line| line["state"] == "met" || line["state"] == "not-checked") {
            assert!(line["note"].as_str().is_some_and(|note| !note.is_empty()), "{name}: {line}");
        }
    }
}

#[test]
fn nothing_is_met_in_an_empty_folder() {
    let empty = folder(&[]);
    let items = items(empty.path());
    assert!(items.iter().all(|line| line["state"] != "met"), "{items:?}");
    for item in ["discover.license", "card.description", "card.metadata"] {
        assert_eq!(state(&items, item), ("not-met".to_owned(), "the repository has no `README.md`".to_owned()));
    }
}

/// Files of a folder: path and bytes.
type Files<'f> = &'f [(&'f str, &'f [u8])];

#[test]
fn weights_are_safetensors_where_a_header_was_read() {
    let safe = safetensors();
    let mut empty = 2_u64.to_le_bytes().to_vec();
    empty.extend(b"{}");
    let pointer: &[u8] = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 9000\n";
    let pickle: &[u8] = b"\x80\x02}q\0X\x01\0\0\0aq\x01K\x01s.";
    let cases: [(&str, Files<'_>); 7] = [
        ("met", &[("model.safetensors", &safe)]),
        ("not-checked", &[]),
        ("not-checked", &[("model.safetensors", &empty)]),
        ("not-checked", &[("model.safetensors", pointer)]),
        ("not-checked", &[("model.safetensors", &safe[..60])]),
        ("not-checked", &[("model.h5", b"\x89HDF\r\n\x1a\n\0\0\0\0\0\0\0\0")]),
        ("not-checked", &[("model.safetensors", &safe), ("head.pkl", pickle)]),
    ];
    for (expected, files) in cases {
        let folder = folder(files);
        let items = items(folder.path());
        let (found, note) = state(&items, "weights.safetensors");
        assert_eq!(found, expected, "{:?}: {note}", files.iter().map(|(path, _)| path).collect::<Vec<_>>());
        assert_ne!(state(&items, "ready.loads").0, "met");
    }
}

#[test]
fn a_finding_on_a_key_tells_against_the_item_of_that_key() {
    let card = b"---\nlicense: [mit, TODO]\ndatasets: [1, 2]\npipeline_tag: yes\n---\n# Lamp\n";
    let folder = folder(&[("README.md", card), ("model.safetensors", &safetensors())]);
    let items = items(folder.path());
    for item in ["discover.license", "discover.datasets", "discover.pipeline-tag", "card.metadata"] {
        assert_eq!(state(&items, item).0, "not-met", "{item}: {}", state(&items, item).1);
    }
}

#[test]
fn the_note_names_the_best_known_weights() {
    let pickle: &[u8] = b"\x80\x02cbuiltins\neval\nX\x01\0\0\x001\x85R.";
    let folder = folder(&[("training_args.bin", pickle), ("logs/a.pkl", pickle), ("pytorch_model.bin", pickle)]);
    let (_, note) = state(&items(folder.path()), "weights.safetensors");
    assert!(note.contains("pytorch_model.bin"), "{note}");
}

#[test]
fn a_card_in_another_encoding_was_not_understood() {
    let folder = folder(&[("README.md", b"---\nlicense: mit\n---\n# Lamp\n\nEine gr\xfcne Lampe.\n")]);
    for line in items(folder.path()).iter().filter(|line| line["item"].as_str().unwrap().starts_with("card.")) {
        assert_ne!(line["state"], "met", "{line}");
    }
}

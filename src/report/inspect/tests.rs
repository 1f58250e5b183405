use super::*;
use crate::bytes::testing::zip;
use crate::inspect::testing::{ALL, HEADER, read, safetensors, shelf};
use crate::inspect::{Inspected, Wanted};
use crate::report::{Graphics, Style};

fn shown(files: &[Inspected], all: bool, width: usize) -> String {
    let wanted = if all { ALL } else { Wanted::default() };
    let style = Style { color: false, graphics: Graphics::Unicode, width };
    let mut out = Vec::new();
    write_human(files, wanted, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn people_get_a_table_where_it_fits_and_blocks_where_not() {
    let files = shelf();
    let wide = shown(&files, false, 120);
    assert!(wide.lines().next().unwrap().starts_with("file  "), "{wide}");
    assert!(wide.contains("model.safetensors   safetensors"), "{wide}");
    for width in [20, 40, 80, 120] {
        let text = shown(&files, true, width);
        assert!(!text.contains('\u{1b}') && text.contains("\\u{1b}[31mred"), "{text}");
        let words = text.lines().filter(|line| line.chars().count() > width && line.trim().contains(' '));
        let too_wide: Vec<_> = words.filter(|line| line.trim().split("  ").count() > 1).collect();
        assert!(width < 80 || too_wide.is_empty(), "{width}: {too_wide:?}\n{text}");
    }
    let last = wide.lines().last().unwrap();
    assert_eq!(last, "9 files, 9.0 GB: 2 dangerous, 1 malformed, 1 not checked, 1 may run code, 1 not fetched, 3 ok");
    assert_eq!(shown(&[], false, 80), "no weight files\n");
}

#[test]
fn shards_are_one_row_unless_their_tensors_are_wanted() {
    let shard = |number: u32| {
        let header = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
        read(&format!("m/model-0000{number}-of-00003.safetensors"), safetensors(header, 8)).unwrap()
    };
    let files: Vec<_> = (1..=3).map(shard).collect();
    let text = shown(&files, false, 120);
    let row = text.lines().nth(1).unwrap();
    assert!(row.starts_with("m/model-*-of-00003.safetensors (3 files)"), "{text}");
    assert!(row.split_whitespace().any(|cell| cell == "6"), "{text}");
    // The headers are not padded, which readers tolerate: once is enough.
    assert_eq!(text.matches("  note: for example in m/model-00001-of-00003.safetensors: ").count(), 1, "{text}");
    assert!(shown(&files, true, 120).contains("m/model-00002-of-00003.safetensors"));
    let broken = read("m/model-00004-of-00003.safetensors", safetensors("{}", 3)).unwrap();
    let text = shown(&[files, vec![broken]].concat(), false, 120);
    assert!(text.contains("m/model-00004-of-00003.safetensors"), "{text}");
}

#[test]
fn what_a_pickle_does_is_reported_with_its_place() {
    let text = shown(&shelf(), false, 100);
    let told = "danger: imports posix.system, which runs a shell command (byte 2), called with";
    assert!(text.contains(told), "{text}");
    assert!(text.contains("warning: imports lamp.Thing, which is not known to be harmless (byte 2)"), "{text}");
    assert!(text.contains("pickle: imports 1 name, which is known to be harmless"), "{text}");
    let text = shown(&shelf(), true, 100);
    assert!(text.contains("       2  GLOBAL            posix system\n"), "{text}");
    assert!(text.contains("  dangerous  posix.system\n    GLOBAL at byte 2\n    REDUCE at byte 26 with "), "{text}");
}

#[test]
fn json_satisfies_its_schema() {
    let schema: serde_json::Value = serde_json::from_str(json::JSON_SCHEMA).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let files = shelf();
    for tensors in [false, true] {
        let wanted = if tensors { ALL } else { Wanted::default() };
        let document = json::Document {
            schema: json::SCHEMA,
            tool: json::Tool { version: "0.1.0" },
            files: files.iter().map(|file| json::File::new(file, wanted)).collect(),
            problems: vec![json::Problem { path: None, message: "x" }],
            exit: 1,
        };
        let value = serde_json::to_value(&document).unwrap();
        let faults: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(value["files"][0]["metadata"][1]["value"], "\u{1b}[31mred");
        assert_eq!(value["files"][0].get("tensors").is_some(), tensors);
        assert_eq!(value["files"][2]["promised"], "safetensors");
        let import = &value["files"][4]["pickle"]["imports"][0];
        assert_eq!((&import["name"], &import["trust"]), (&"posix.system".into(), &"dangerous".into()));
        let opcodes = &value["files"][4]["pickle"]["opcodes"];
        assert_eq!(opcodes[1]["opcode"].as_str(), tensors.then_some("GLOBAL"));
        let mut wrong = value.clone();
        wrong["files"][0]["verdict"] = "fine".into();
        assert!(!schema.is_valid(&wrong));
    }
}

#[test]
fn what_is_not_read_is_said() {
    let good = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/weights/good");
    let told = |name: &str| shown(&[read(name, std::fs::read(good.join(name)).unwrap()).unwrap()], true, 120);
    for name in ["dense.h5", "dense.keras"] {
        let text = told(name);
        assert!(text.contains("not listed: tensors of this format are not read"), "{text}");
    }
    let arrays = told("arrays.npz");
    assert!(arrays.contains("tensors of arrays.npz\n  a  <f4  [6]"), "{arrays}");
    assert!(!arrays.contains("not listed"), "{arrays}");
}

#[test]
fn tensors_are_listed_with_their_bytes() {
    let file = read("model.safetensors", safetensors(HEADER, 26)).unwrap();
    let start = 8 + HEADER.len() as u64;
    let text = shown(&[file], true, 100);
    assert!(text.contains(&format!("  a  F32   [2, 3]  {start}..{}\n", start + 24)), "{text}");
    assert!(text.contains(&format!("  b  BF16  [1]     {}..{}\n", start + 24, start + 26)), "{text}");
}

#[test]
fn what_keras_says_of_itself_is_shown() {
    let metadata = br#"{"keras_version": "3.5.0", "date_saved": "2026-01-02@03:04:05"}"#.as_slice();
    let archive = zip(&[("metadata.json", metadata), ("config.json", b"{}"), ("model.weights.h5", b"x")]);
    let text = shown(&[read("model.keras", archive).unwrap()], false, 100);
    assert!(
        text.contains("  keras_version: 3.5.0\n") && text.contains("  date_saved: 2026-01-02@03:04:05\n"),
        "{text}"
    );
}

use std::io::Cursor;

use super::*;
use crate::report::{Graphics, Style};
use crate::source::RepoPath;

fn safetensors(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.extend(std::iter::repeat_n(0, data));
    bytes
}

const ALL: Wanted = Wanted { tensors: true, imports: true, opcodes: true };

fn read(path: &str, bytes: Vec<u8>) -> Option<Inspected> {
    let size = bytes.len() as u64;
    Inspected::read(&RepoPath::new(path), Cursor::new(bytes), size, ALL).unwrap()
}

fn shown(files: &[Inspected], all: bool, width: usize) -> String {
    let wanted = if all { ALL } else { Wanted::default() };
    let style = Style { color: false, graphics: Graphics::Unicode, width };
    let mut out = Vec::new();
    write_human(files, wanted, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn pointer(size: u64) -> Vec<u8> {
    format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {size}\n", "a".repeat(64)).into_bytes()
}

const HEADER: &str = r#"{"__metadata__":{"format":"pt","author":"\u001b[31mred"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[24,26]}}"#;

/// One of each verdict.
fn shelf() -> Vec<Inspected> {
    [
        ("model.safetensors", safetensors(HEADER, 26)),
        ("broken.safetensors", safetensors(HEADER, 20)),
        ("evil.safetensors", b"\x80\x02}.".to_vec()),
        ("optimizer.pt", b"\x80\x02clamp\nThing\n.".to_vec()),
        ("virus.pt", b"\x80\x02cposix\nsystem\nX\x04\0\0\0\x1b[1m\x85R.".to_vec()),
        ("plain.pt", b"\x80\x02ccollections\nOrderedDict\n)R.".to_vec()),
        ("pytorch_model.bin", pointer(9_000_000_000)),
        ("weights.pkl", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0".to_vec()),
        ("head.npy", b"\x93NUMPY\x01\0\x46\0{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }             \n\0\0\0\0\0\0\0\0".to_vec()),
    ]
    .into_iter()
    .map(|(path, bytes)| read(path, bytes).unwrap())
    .collect()
}

#[test]
fn each_file_has_its_verdict() {
    let verdicts: Vec<_> = shelf().iter().map(|file| (file.path.clone(), file.verdict())).collect();
    let wanted = [
        ("model.safetensors", Verdict::Ok),
        ("broken.safetensors", Verdict::Malformed),
        ("evil.safetensors", Verdict::Dangerous),
        ("optimizer.pt", Verdict::MayRunCode),
        ("virus.pt", Verdict::Dangerous),
        ("plain.pt", Verdict::Ok),
        ("pytorch_model.bin", Verdict::NotFetched),
        ("weights.pkl", Verdict::NotChecked),
        ("head.npy", Verdict::Ok),
    ];
    assert_eq!(verdicts, wanted.map(|(path, verdict)| (path.to_owned(), verdict)));
}

#[test]
fn what_runs_without_a_pickle_has_its_verdict_too() {
    let fixture = |name: &str| {
        let bytes =
            std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/weights/good").join(name));
        read(name, bytes.unwrap()).unwrap()
    };
    for name in ["lambda.keras", "lambda.h5", "python-operator.onnx"] {
        let file = fixture(name);
        assert_eq!(file.verdict(), Verdict::MayRunCode, "{name}");
        assert!(shown(&[file], false, 100).contains("warning: the "), "{name}");
    }
    let model = fixture("model.onnx");
    assert_eq!((model.verdict(), model.tensor_count, model.tensors.len()), (Verdict::Ok, Some(1), 1));
    assert!(model.parameters > Some(0) && model.dtypes.iter().any(|(name, _)| name == "F32"), "{:?}", model.dtypes);
    assert!(model.metadata.iter().any(|(key, _)| key == "opset"), "{:?}", model.metadata);
}

#[test]
fn what_is_no_weight_file_is_left_out() {
    for (path, bytes) in [
        ("config.json", b"{}".to_vec()),
        ("README.md", b"# hello".to_vec()),
        ("picture.png", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("picture.png", pointer(5)),
    ] {
        assert!(read(path, bytes).is_none(), "{path}");
    }
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
    assert_eq!(text.matches("  note: in m/model-00001-of-00003.safetensors, for one: ").count(), 1, "{text}");
    assert!(shown(&files, true, 120).contains("m/model-00002-of-00003.safetensors"));
    let broken = read("m/model-00004-of-00003.safetensors", safetensors("{}", 3)).unwrap();
    let text = shown(&[files, vec![broken]].concat(), false, 120);
    assert!(text.contains("m/model-00004-of-00003.safetensors"), "{text}");
}

#[test]
fn tensors_are_listed_with_their_bytes() {
    let file = read("model.safetensors", safetensors(HEADER, 26)).unwrap();
    let start = 8 + HEADER.len() as u64;
    assert_eq!(file.tensors[0].range, Some(start..start + 24));
    let text = shown(&[file], true, 100);
    assert!(text.contains(&format!("  a  F32   [2, 3]  {start}..{}\n", start + 24)), "{text}");
    assert!(text.contains(&format!("  b  BF16  [1]     {}..{}\n", start + 24, start + 26)), "{text}");
}

#[test]
fn what_a_pickle_does_is_told_with_its_place() {
    let text = shown(&shelf(), false, 100);
    let told = "danger: imports posix.system, which runs a shell command (byte 2); called with";
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

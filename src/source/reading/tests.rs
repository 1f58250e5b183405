//! The readers' tables, row by row, and the real PyYAML where there is one.

use super::Reading::*;
use super::*;
use crate::source::tree::{Node, Tree};
use crate::source::{FileId, Span};

fn node(text: &str, style: Style, tag: Option<&str>) -> Tree {
    let mut tree = Tree::new(FileId(0));
    let kind = Kind::Scalar { text: text.to_owned(), style };
    let id = tree.push(Node { span: Span::at(FileId(0), 0), kind, anchor: None, tag: tag.map(str::to_owned) });
    tree.set_root(id);
    tree
}

fn readings(text: &str) -> (Reading, Reading) {
    let tree = node(text, Style::Plain, None);
    let root = tree.root().unwrap();
    (root.python(), root.hub())
}

#[test]
fn plain_values_read_as_measured() {
    let rows = [
        ("no No NO off", Bool(false), Text),
        ("yes Yes on", Bool(true), Text),
        ("y n nO", Text, Text),
        ("true True TRUE", Bool(true), Bool(true)),
        ("null Null ~", Null, Null),
        ("012", Int(10), Int(12)),
        ("08", Text, Int(8)),
        ("0o14", Text, Int(12)),
        ("1e3", Text, Float(1000.0)),
        ("1e+3", Text, Float(1000.0)),
        ("1.5e3", Text, Float(1500.0)),
        ("1_000", Int(1000), Text),
        ("12:30", Int(750), Text),
        ("0b101", Int(5), Int(5)),
        ("0x1F", Int(31), Int(31)),
        ("2024-01-01", Date, Date),
        ("2024-1-1", Text, Text),
        ("2024-02-30", Refused, Date),
        ("3.10", Float(3.1), Float(3.1)),
        ("-7 +7", Text, Text),
        ("-.5", Text, Text),
        ("1:30.5", Float(90.5), Text),
        (".inf", Float(f64::INFINITY), Float(f64::INFINITY)),
        (".nan", Float(f64::NAN), Float(f64::NAN)),
        ("= <<", Refused, Text),
        ("mit", Text, Text),
    ];
    for (values, python, hub) in rows {
        let whole = values == "-7 +7";
        for value in values.split(if whole { '\n' } else { ' ' }) {
            assert_eq!(readings(value), (python, hub), "{value}");
        }
    }
    assert_eq!(readings(""), (Null, Null));
    assert_eq!(readings("2024-01-01 10:00:00 +99:00"), (Refused, Date));
}

#[test]
fn quotes_and_tags_decide_before_the_text_does() {
    let read = |text, style, tag| {
        let tree = node(text, style, tag);
        let root = tree.root().unwrap();
        (root.python(), root.hub())
    };
    assert_eq!(read("no", Style::DoubleQuoted, None), (Text, Text));
    assert_eq!(read("12", Style::Literal, None), (Text, Text));
    assert_eq!(read("no", Style::Plain, Some("!!str")), (Text, Text));
    assert_eq!(read("12", Style::DoubleQuoted, Some("!!int")), (Int(12), Int(12)));
    assert_eq!(read("no", Style::Plain, Some("!!bool")), (Bool(false), Refused));
    assert_eq!(read("", Style::Plain, Some("!!str")), (Text, Text));
    assert_eq!(read("12", Style::Plain, Some("!")), (Int(12), Text));
    assert_eq!(read("x", Style::Plain, Some("!foo")), (Refused, Refused));
    assert_eq!(read("12", Style::Plain, Some("!<tag:yaml.org,2002:str>")), (Text, Text));
    assert_eq!(read("aGk=", Style::Plain, Some("!!binary")), (Binary, Binary));
}

#[test]
fn a_date_differs_although_both_readers_call_it_one() {
    assert!(node("2024-01-01", Style::Plain, None).root().unwrap().readings_differ());
    assert!(node("no", Style::Plain, None).root().unwrap().readings_differ());
    assert!(!node("en", Style::Plain, None).root().unwrap().readings_differ());
    assert!(!node("no", Style::SingleQuoted, None).root().unwrap().readings_differ());
    assert_eq!(node("no", Style::Plain, None).root().unwrap().as_str(), Some("no"));
    assert_eq!(node("012", Style::Plain, None).root().unwrap().as_str(), None);
}

#[test]
fn numbers_of_any_length_do_not_fail() {
    let digits = "9".repeat(5000);
    assert_eq!(readings(&digits).1, Text, "infinite in JavaScript");
    assert_eq!(readings(&"9".repeat(60)).1, Float(1e60));
    let clock = format!("1{}", ":59".repeat(5000));
    assert!(matches!(readings(&clock), (Float(_), Text)));
}

/// Texts made of the pieces that the readers' patterns are made of.
fn corpus() -> Vec<String> {
    let heads = ["", "0", "1", "07", "08", "0b", "0x", "0o", "12", ".", "1.", "-", "+", "-1", "+.5", "_", "1_0", "0_"];
    let tails = [
        "", "0", "1", "9", "_", "1_1", ".", ".5", "._5", "e3", "e+3", ".5e-3", "E5", ":30", ":59:59", ":60", ":1.5",
        "f", "_f", "b1",
    ];
    let words = [
        "yes",
        "Yes",
        "YES",
        "yEs",
        "on",
        "On",
        "off",
        "OFF",
        "y",
        "Y",
        "n",
        "null",
        "Null",
        "NULL",
        "nUll",
        "~",
        "~~",
        "true",
        "TRUE",
        ".inf",
        "-.inf",
        "+.Inf",
        ".INF",
        ".iNF",
        ".nan",
        "-.nan",
        ".NaN",
        "2024-01-01",
        "2024-13-01",
        "0000-01-01",
        "2023-02-29",
        "2024-02-29",
        "2024-1-2 3:04:05",
        "2024-1-2T3:04:05.123Z",
        "2024-1-2 3:04:05 +1",
        "2024-1-2 3:04:05 -23:59",
        "2024-1-2 25:04:05",
        "2024-01-01T",
        "24:00",
        "190:20:30",
        "190:20:30.15",
        "685_230.15",
        "0.",
        "=",
        "1.0.0",
        "v1",
        "1-2",
    ];
    let mut all: Vec<String> =
        heads.iter().flat_map(|head| tails.iter().map(move |tail| format!("{head}{tail}"))).collect();
    all.extend(words.map(str::to_owned));
    all.retain(|text| !matches!(text.as_str(), "-" | "" | "?") && !text.starts_with("- "));
    all
}

#[test]
fn the_real_pyyaml_reads_the_same() {
    let script = r#"
import sys, datetime
try:
    import yaml
except ImportError:
    sys.exit(3)
for line in sys.stdin.read().split("\n"):
    try:
        v = yaml.safe_load("k: " + line)["k"]
    except Exception:
        print("refused"); continue
    if v is None: print("null")
    elif isinstance(v, bool): print("bool", v)
    elif isinstance(v, int): print("int", v)
    elif isinstance(v, float): print("float", repr(v))
    elif isinstance(v, datetime.date): print("date")
    elif isinstance(v, str): print("text")
    else: print("other")
"#;
    let corpus = corpus();
    let child = std::process::Command::new("python3")
        .args(["-c", script])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: no python3, the readings were not compared with PyYAML");
        return;
    };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), corpus.join("\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    if output.status.code() == Some(3) {
        eprintln!("SKIPPED: no PyYAML, the readings were not compared with it");
        return;
    }
    assert!(output.status.success());
    let answers = String::from_utf8(output.stdout).unwrap();
    assert_eq!(answers.lines().count(), corpus.len());
    for (text, answer) in corpus.iter().zip(answers.lines()) {
        let said = match readings(text).0 {
            Null => "null".to_owned(),
            Bool(value) => format!("bool {}", if value { "True" } else { "False" }),
            Int(value) => format!("int {value}"),
            Float(value) => {
                let (_, theirs) =
                    answer.split_once(' ').unwrap_or_else(|| panic!("{text}: {value} here, {answer} there"));
                assert_eq!(Float(theirs.parse().unwrap()), Float(value), "{text}");
                continue;
            }
            Date => "date".to_owned(),
            Text => "text".to_owned(),
            Binary | Collection => "other".to_owned(),
            Refused => "refused".to_owned(),
        };
        assert_eq!(said, answer, "{text}");
    }
}

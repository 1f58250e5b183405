//! The formats for programs.

use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::Value;

use super::*;

/// What a finding stands for is said wherever people look for it by its rule.
#[test]
fn covered_findings_are_named_in_every_format() {
    let shelf = Shelf::of(&[("README.md", "a\n")]);
    let finding = |rule| named(rule, "an.item", Diagnostic::new(Level::Error, "m", Label::file(FileId(0), "")));
    let findings = vec![Diagnostic { covers: vec![finding("missing-usage")], ..finding("template-text") }];
    let run = run(&shelf, findings);
    for format in Format::ALL {
        let text = print(format, drawn(80), &run);
        assert_eq!(text.matches("missing-usage").count(), 1, "{text}");
    }
}

fn json(run: &Run<'_>) -> Value {
    serde_json::from_str(&print(Format::Json, Style::PLAIN, run)).unwrap()
}

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(json::JSON_SCHEMA).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

/// Two repositories with something in every field.
fn full(shelf: &Shelf) -> Run<'_> {
    let mut run = run(shelf, findings(shelf));
    let mut other = empty("./models/b", shelf, 3);
    other.findings = findings(shelf).split_off(4).leak();
    other.muted = findings(shelf).split_off(5).leak();
    other.skipped = vec![Skip { rule: "base-model-not-found", why: "offline".into(), lack: Lack::Part }].leak();
    other.problems = vec![
        Problem::reading(Some("a.bin".into()), "permission denied", "make it readable"),
        Problem { help: None, ..Problem::reading(None, "nothing to check", "") },
        Problem::writing("README.md".into(), "the disk is full", "free space"),
    ]
    .leak();
    other.fixed = vec![applied("insert `license:`", "README.md")].leak();
    other.refused = vec![refused("remove it", "the file changed")].leak();
    run.repositories.push(other);
    run
}

#[test]
fn human_with_two_repositories() {
    let shelf = release();
    let text = print(Format::Human, drawn(80), &full(&shelf));
    assert_snapshot!(text.split_once("models/b").unwrap().1);
}

#[test]
fn concise() {
    let shelf = release();
    assert_snapshot!(print(Format::Concise, Style::PLAIN, &run(&shelf, findings(&shelf))));
}

#[test]
fn concise_with_two_repositories() {
    let shelf = release();
    assert_snapshot!(print(Format::Concise, Style::PLAIN, &full(&shelf)));
}

#[test]
fn what_has_no_file_names_its_repository() {
    let shelf = Shelf(Vec::new());
    let mut run = run(&shelf, Vec::new());
    run.repositories.push(empty("b", &shelf, 0));
    let problem = [Problem { help: None, ..Problem::reading(None, "nothing to check", "") }];
    run.repositories.iter_mut().for_each(|repository| repository.problems = &problem);
    run.exit = Exit::Incomplete;
    assert_eq!(
        print(Format::Concise, Style::PLAIN, &run),
        ".: incomplete nothing to check\nb: incomplete nothing to check\n\
         Incomplete: not everything could be checked\n"
    );
}

#[test]
fn github() {
    let shelf = release();
    assert_snapshot!(print(Format::Github, Style::PLAIN, &full(&shelf)));
}

#[test]
fn json_holds_everything_and_satisfies_its_schema() {
    let shelf = release();
    let value = json(&full(&shelf));
    assert!(schema().is_valid(&value));
    assert_json_snapshot!(value);
}

#[test]
fn json_has_the_fields_of_the_contract_in_its_order() {
    let shelf = Shelf::of(&[("README.md", "---\nlicense: mit\n---\n"), ("LICENSE", "")]);
    let finding = Diagnostic::new(Level::Error, "m", Label::at(shelf.find(0, "mit"), ""))
        .related(Label::file(FileId(1), "t"))
        .help("h")
        .fix(Some(Fix::new("f", Safety::Safe)));
    let mut run = run(&shelf, vec![named("unknown-license", "discover.license", finding)]);
    let skips = [Skip { rule: "base-model-not-found", why: "offline".into(), lack: Lack::Part }];
    run.repositories[0].skipped = &skips;
    let expected = concat!(
        r#"{"schema":"hf-release/1","tool":{"version":"0.1.0","data":"2026-08-22"},"#,
        r#""repositories":[{"path":".","findings":[{"rule":"unknown-license","level":"error","#,
        r#""item":"discover.license","message":"m","file":"README.md","#,
        r#""start":{"byte":13,"line":2,"column":10},"end":{"byte":16,"line":2,"column":13},"#,
        r#""labels":[{"file":"LICENSE","start":null,"end":null,"text":"t"}],"help":"h","#,
        r#""fix":{"title":"f","safety":"safe","placeholder":false,"edits":[]},"covers":[],"#,
        r#""docs":"unknown-license.md"}],"muted":[],"#,
        r#""skipped":[{"rule":"base-model-not-found","why":"offline"}],"problems":[],"#,
        r#""fixes":{"applied":[],"refused":[]}}],"#,
        r#""summary":{"error":1,"warning":0,"info":0,"fixable":1},"exit":1}"#,
        "\n"
    );
    assert_eq!(print(Format::Json, Style::PLAIN, &run), expected);
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let shelf = release();
    let (schema, right) = (schema(), json(&full(&shelf)));
    let wrong: [(&str, Value); 9] = [
        ("/schema", "hf-release/2".into()),
        ("/exit", 4.into()),
        ("/tool/data", "yesterday".into()),
        ("/summary/error", (-1).into()),
        ("/repositories/0/path", Value::Null),
        ("/repositories/0/findings/0/level", "fatal".into()),
        ("/repositories/0/findings/0/end", Value::Null),
        ("/repositories/0/findings/0/start/line", 0.into()),
        ("/repositories/0/findings/0/fix/safety", "maybe".into()),
    ];
    for (pointer, value) in wrong {
        let mut document = right.clone();
        *document.pointer_mut(pointer).unwrap() = value;
        assert!(!schema.is_valid(&document), "{pointer}");
    }
    for (pointer, field) in [("", "exit"), ("/repositories/0", "muted"), ("/repositories/0/findings/0", "help")] {
        let mut document = right.clone();
        document.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(field).unwrap();
        assert!(!schema.is_valid(&document), "{pointer} without {field}");
    }
    let mut document = right;
    document["new"] = true.into();
    assert!(schema.is_valid(&document), "a field may be added");
}

#[test]
fn json_keeps_text_but_sends_no_control_character() {
    let shelf = Shelf::of(&[("README.md", "a\n")]);
    let message = "\u{1b}[31m \u{9b}1m \u{202e}\u{7f}\u{e0041} é 🤗 \"\\\n";
    let run = run(&shelf, vec![Diagnostic::new(Level::Error, message, Label::file(FileId(0), ""))]);
    let text = print(Format::Json, Style::PLAIN, &run);
    assert_eq!(text.trim_end().chars().find(|c| crate::report::visible::is_hidden(*c)), None);
    assert!(text.contains("\\u009b1m \\u202e\\u007f\\udb40\\udc41 é 🤗"), "{text}");
    assert_eq!(json(&run)["repositories"][0]["findings"][0]["message"], message);
}

#[test]
fn no_text_starts_a_workflow_command() {
    let hostile = "x\n::set-output name=a::b\r\n::error::c%0A::d ##[add-path]e";
    let shelf = Shelf::of(&[("a,b:c%\n::stop-commands::x.md", "a\n")]);
    let finding = Diagnostic::new(Level::Info, hostile, Label::at(shelf.0[0].span(0, 1), hostile)).help(hostile);
    let mut run = run(&shelf, vec![finding]);
    let repository = &mut run.repositories[0];
    let path = format!("./{hostile}");
    repository.path = &path;
    repository.in_workspace = &path;
    repository.skipped = vec![Skip { rule: hostile, why: hostile.into(), lack: Lack::Part }].leak();
    repository.problems = vec![Problem::reading(Some(hostile.into()), hostile, hostile)].leak();
    repository.fixed = vec![applied(hostile, hostile)].leak();
    repository.refused = vec![refused(hostile, hostile)].leak();
    let text = print(Format::Github, Style::PLAIN, &run);
    let starts: Vec<_> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(starts, ["::notice", "::error", "fixed", "not", "hf-release:"], "{text}");
    assert!(text.lines().filter(|line| !line.starts_with("::")).all(|line| !line.contains("##[")), "{text}");
    let file = text.split("file=").nth(1).unwrap().split(",line=").next().unwrap();
    assert!(file.ends_with("a%2Cb%3Ac%25%0A%3A%3Astop-commands%3A%3Ax.md"), "{file}");
}

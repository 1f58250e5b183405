//! The format for people, as they see it.

use std::time::Duration;

use insta::assert_snapshot;

use super::*;

#[test]
fn on_a_wide_terminal() {
    let shelf = release();
    assert_snapshot!(print(Format::Human, drawn(100), &run(&shelf, findings(&shelf))));
}

#[test]
fn on_forty_columns() {
    let shelf = release();
    assert_snapshot!(print(Format::Human, drawn(40), &run(&shelf, findings(&shelf))));
}

#[test]
fn on_twenty_columns() {
    let shelf = release();
    assert_snapshot!(print(Format::Human, drawn(20), &run(&shelf, findings(&shelf))));
}

#[test]
fn in_ascii() {
    let shelf = release();
    let style = Style { graphics: Graphics::Ascii, ..drawn(80) };
    let text = print(Format::Human, style, &run(&shelf, findings(&shelf)));
    let drawing = text.replace("日本語モデル", "").replace('🤗', "");
    assert!(drawing.is_ascii(), "{drawing}");
    assert_snapshot!(text);
}

#[test]
fn without_graphics() {
    let shelf = release();
    let style = Style { graphics: Graphics::None, ..drawn(80) };
    assert_snapshot!(print(Format::Human, style, &run(&shelf, findings(&shelf))));
}

#[test]
fn in_color() {
    let shelf = release();
    let style = Style { color: true, ..drawn(80) };
    let text = print(Format::Human, style, &run(&shelf, findings(&shelf)));
    assert_snapshot!(text.replace('\u{1b}', "␛"));
}

/// Takes colors away as a terminal does.
fn without_color(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once('m').unwrap().1)
}

#[test]
fn color_changes_nothing_but_color() {
    let shelf = release();
    let plain = print(Format::Human, drawn(80), &run(&shelf, findings(&shelf)));
    let painted = print(Format::Human, Style { color: true, ..drawn(80) }, &run(&shelf, findings(&shelf)));
    let trimmed = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(trimmed(&without_color(&painted)), trimmed(&plain));
}

#[test]
fn a_line_of_two_megabytes_prints_a_short_window_in_a_short_time() {
    let text = format!("[{}\"needle\": 1, {}]\n", "9,".repeat(500_000), "9,".repeat(500_000));
    let shelf = Shelf::of(&[("config.json", &text)]);
    let found = |needle, label| Label::at(shelf.find(0, needle), label);
    let finding = Diagnostic::new(Level::Error, "two places of one line", found("needle", "the first"))
        .related(found(": 1", "near it"))
        .related(found("9,]", "far from it"));
    let findings: Vec<_> = (0..200).map(|_| finding.clone()).collect();
    assert_snapshot!(print(Format::Human, drawn(80), &run(&shelf, vec![finding])));

    let start = crate::testing::Stopwatch::start();
    let text = print(Format::Human, drawn(80), &run(&shelf, findings));
    assert!(text.lines().all(|line| crate::report::visible::width(line) <= 80));
    // Two hundred findings that each read the whole line several times would take minutes.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_long_line_is_cut_at_both_ends_and_keeps_the_mark() {
    let text = format!("{}NEEDLE{}\n", "日本".repeat(60), "é".repeat(90));
    let shelf = Shelf::of(&[("README.md", &text)]);
    let finding = Diagnostic::new(Level::Warning, "cut", Label::at(shelf.find(0, "NEEDLE"), "here"));
    assert_snapshot!(print(Format::Human, drawn(60), &run(&shelf, vec![finding])));
}

#[test]
fn places_far_apart_are_two_excerpts_that_share_an_edge() {
    let text = (1..=120).map(|line| format!("line {line}\n")).collect::<String>();
    let shelf = Shelf::of(&[("README.md", &text)]);
    let finding = Diagnostic::new(Level::Warning, "far apart", Label::at(shelf.find(0, "line 9\n"), "the first"))
        .related(Label::at(shelf.find(0, "line 110"), "the second"))
        .related(Label::at(shelf.find(0, "line 112"), "two lines on, in the same excerpt"));
    assert_snapshot!(print(Format::Human, drawn(60), &run(&shelf, vec![finding])));
}

#[test]
fn hostile_text_is_shown_and_never_obeyed() {
    let shelf = Shelf::of(&[("ev\u{1b}[2Jil\r.md", "li\u{1b}]0;title\u{7}cense: \u{202e}tim\u{9b}31m\u{200b}\n")]);
    let finding = named(
        "unknown-license",
        "discover.license",
        Diagnostic::new(
            Level::Error,
            "`\u{202e}tim` is\n\u{1b}[31mnot a license",
            Label::at(shelf.find(0, "\u{202e}tim\u{9b}31m"), "\u{1b}[5mblinks\n\ttwice"),
        )
        .help("first\u{7}\nsecond\u{85}")
        .fix(Some(Fix::new("\u{1b}c", Safety::DisplayOnly))),
    );
    let mut run = run(&shelf, vec![finding]);
    run.repositories[0].path = "\u{1b}[1mrepo";
    run.repositories[0].skipped = vec![Skip { rule: "a\u{1b}", why: "off\nline".into(), lack: Lack::Part }].leak();
    run.repositories[0].problems = vec![Problem::reading(Some("\u{1b}[2K".into()), "\r", "\u{8}")].leak();
    run.repositories[0].fixed = vec![applied("\u{1b}", "\u{7f}")].leak();
    run.repositories[0].refused = vec![refused("\u{1b}", "\u{feff}")].leak();
    let text = print(Format::Human, drawn(80), &run);
    assert_eq!(text.chars().find(|c| *c != '\n' && crate::report::visible::is_hidden(*c)), None);
    assert_snapshot!(text);
}

#[test]
fn empty_files_and_empty_lines_can_be_pointed_at() {
    let shelf = Shelf::of(&[("README.md", ""), ("a.txt", "one\n\nthree\n")]);
    let at = |file: usize, offset| Label::at(shelf.0[file].span(offset, offset), "here");
    let findings = vec![
        Diagnostic::new(Level::Error, "an empty file", at(0, 0)),
        Diagnostic::new(Level::Error, "an empty line", at(1, 4)),
        Diagnostic::new(Level::Error, "the end of a line", at(1, 3)),
        Diagnostic::new(Level::Error, "the end of the file", at(1, 11)),
        Diagnostic::new(Level::Error, "beyond the end of the file", at(1, 99)),
    ];
    assert_snapshot!(print(Format::Human, drawn(60), &run(&shelf, findings)));
}

#[test]
fn the_worst_stands_last_and_a_level_keeps_the_given_order() {
    let shelf = Shelf::of(&[("a.md", "a\n")]);
    let finding = |level, message| Diagnostic::new(level, message, Label::at(shelf.0[0].span(0, 1), ""));
    let findings = vec![
        finding(Level::Error, "an error"),
        finding(Level::Info, "a note"),
        finding(Level::Warning, "a warning"),
        finding(Level::Info, "one more note"),
    ];
    let text = print(Format::Human, drawn(60), &run(&shelf, findings));
    let order = ["a note", "one more note", "a warning", "an error"];
    let order: Vec<_> = order.iter().map(|message| text.find(message).unwrap()).collect();
    assert!(order.is_sorted(), "{text}");
}

#[test]
fn related_places_beyond_the_cap_are_counted() {
    let shelf = Shelf::of(&[("a.md", "a\n")]);
    let mut finding = Diagnostic::new(Level::Error, "many", Label::file(FileId(0), ""));
    for index in 0..10 {
        finding = finding.related(Label::new(Place::Absent(RepoPath::new(&format!("{index}.bin"))), ""));
    }
    let text = print(Format::Human, drawn(60), &run(&shelf, vec![finding]));
    assert!(text.contains("[7.bin]\n  and 2 more places\n") && !text.contains("8.bin"), "{text}");
    // Those that the rule only counted are places, too.
    let places = (0..40).map(|index| Label::new(Place::Absent(RepoPath::new(&format!("{index}.bin"))), ""));
    let finding = Diagnostic::new(Level::Error, "many", Label::file(FileId(0), "")).also(places);
    let text = print(Format::Human, drawn(60), &run(&shelf, vec![finding.clone()]));
    assert!(text.contains("[7.bin]\n  and 32 more places\n"), "{text}");
    let text = print(Format::Json, drawn(60), &run(&shelf, vec![finding]));
    assert!(text.contains(r#""unlisted":21"#), "{text}");
}

/// Three keys that a card lacks: one excerpt, a line for each with its help and its fix, before what is worse.
#[test]
fn missing_keys_are_one_block_and_a_help_is_printed_once() {
    let shelf = Shelf::of(&[("README.md", "---\ntags:\n- a\n---\n")]);
    let lacks = |rule, level, key, help: &str| {
        let label = Label::at(shelf.find(0, "---"), "add it");
        let finding = Diagnostic::new(level, format!("`{key}` is missing"), label).absent_key(Some(key)).help(help);
        let fix = Fix::new(format!("insert an empty `{key}:`"), Safety::Safe).placeholder();
        named(rule, "an.item", finding.fix(Some(fix)))
    };
    let other = |level, message: &str| {
        named("other", "an.item", Diagnostic::new(level, message, Label::at(shelf.find(0, "a"), "")).help("Do it."))
    };
    let findings = vec![
        lacks("missing-license", Level::Error, "license", "Write the id of the license. Users need it."),
        other(Level::Error, "the first error"),
        other(Level::Error, "the second error"),
        lacks("missing-language", Level::Warning, "language", "Do it."),
        other(Level::Warning, "a warning"),
        lacks("missing-datasets", Level::Info, "datasets", "Name them."),
    ];
    let text = print(Format::Human, drawn(80), &run(&shelf, findings));
    assert_eq!(text.matches("help: Do it.").count(), 1, "{text}");
    assert_eq!(text.matches("[README.md:1:1]").count(), 1, "{text}");
    assert_snapshot!(text);
}

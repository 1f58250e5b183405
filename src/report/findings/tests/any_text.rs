//! Whatever a repository contains and wherever a finding points, every format prints, and prints only what is visible.

use proptest::prelude::*;

use super::*;
use crate::report::visible::is_hidden;

/// Text of all kinds, with what is likely to trouble a drawing more often than chance would have it.
fn text() -> impl Strategy<Value = String> {
    let troublesome = prop::sample::select(vec![
        "\n",
        "\r\n",
        "\r",
        "\t",
        "\u{feff}",
        "\u{1b}[31m",
        "\u{9b}2J",
        "\u{202e}",
        "\u{200d}",
        "日本",
        "🤗",
        "é",
        "e\u{301}",
        "\u{2028}",
        "\0",
        "a",
        "           ",
        "::error::",
        "##[",
    ]);
    let piece = prop_oneof![3 => troublesome.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from), 1 => ".{0,40}"];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn every_format_prints_any_text_with_any_span(
        source in text(),
        words in text(),
        spans in prop::collection::vec((0_u32..300, 0_u32..300), 1..5),
        width in 0_usize..140,
        graphics in prop::sample::select(vec![Graphics::Unicode, Graphics::Ascii, Graphics::None]),
    ) {
        let shelf = Shelf::of(&[("README.md", &source), (&words, "x")]);
        let label = |(start, end): &(u32, u32)| Label::at(Span { file: FileId(0), start: *start, end: *end }, &words);
        let mut finding = Diagnostic::new(Level::Warning, &words, label(&spans[0])).help(&words);
        for span in &spans[1..] {
            finding = finding.related(label(span));
        }
        finding = finding.related(Label::file(FileId(1), &words)).fix(Some(Fix::new(&words, Safety::Safe)));
        let run = run(&shelf, vec![finding]);
        for format in Format::ALL {
            let text = print(format, Style { color: false, graphics, width }, &run);
            prop_assert_eq!(text.chars().find(|c| *c != '\n' && is_hidden(*c)), None, "{}: {}", format, text);
            prop_assert!(text.ends_with('\n') && !text.contains("\n\n\n"));
        }
        let concise = print(Format::Concise, Style::PLAIN, &run);
        prop_assert_eq!(concise.lines().count(), 2);
        let painted = print(Format::Human, Style { color: true, graphics, width }, &run);
        let escapes_are_colors = painted.split('\u{1b}').skip(1).all(|part| part.starts_with('['));
        prop_assert!(escapes_are_colors);
    }

    /// The first label always stands somewhere, and the mark is under the marked text.
    #[test]
    fn a_mark_stands_under_its_text(before in "[ -~]{0,200}", after in "[ -~]{0,200}", width in 40_usize..120) {
        let before = before.replace("NEEDLE", "");
        let shelf = Shelf::of(&[("README.md", &format!("{before}NEEDLE{after}"))]);
        let finding = Diagnostic::new(Level::Error, "m", Label::at(shelf.find(0, "NEEDLE"), "say"));
        let text = print(Format::Human, Style { color: false, graphics: Graphics::Ascii, width }, &run(&shelf, vec![finding]));
        let lines: Vec<_> = text.lines().collect();
        let at = lines[3].find('^').unwrap();
        prop_assert_eq!(lines[2].get(at..at + 6), Some("NEEDLE"), "{}", text);
        prop_assert_eq!(lines[3].trim_start_matches([' ', ':']).replace('|', "^"), "^^^^^^", "{}", text);
        prop_assert!(lines[2].len() <= width, "{}", text);
    }
}

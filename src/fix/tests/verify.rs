use std::fmt::Write;

use super::{at, source};
use crate::diagnostic::{Fix, Safety};
use crate::fix::verify::verify_new;
use crate::fix::{Refusal, apply, verify};
use crate::source::{FileId, Span};

/// Replaces the first `old` in a file, with declared keys, and asks for the proof.
fn change(path: &str, text: &str, old: &str, new: &str, keys: &[&str]) -> Result<(), Refusal> {
    let range = at(text, old);
    // The smallest edit: what both begin and end with is not part of it.
    let same = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| -> usize {
        a.zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let front = same(&mut old.chars(), &mut new.chars());
    let back = same(&mut old[front..].chars().rev(), &mut new[front..].chars().rev());
    let span = Span::new(FileId(0), range.start + front as u32..range.end - back as u32);
    let fix = keys
        .iter()
        .fold(Fix::new("a fix", Safety::Safe).edit(span, &new[front..new.len() - back]), |fix, key| fix.key(*key));
    let before = source(path, text);
    let after = source(path, apply(&before, &fix.edits)?);
    verify(&before, &after, &[&fix])
}

fn card(text: &str, old: &str, new: &str, keys: &[&str]) -> Result<(), Refusal> {
    change("README.md", text, old, new, keys)
}

const CARD: &str = "---\nlicense: mit # as ever\ntags:\n- a\n- &x b\nmore: [*x, no, 1.0]\n---\n# Title\n\ntext\n";

#[test]
fn declared_keys_may_change_come_and_go() {
    assert_eq!(card(CARD, "mit", "apache-2.0", &["license"]), Ok(()));
    assert_eq!(card(CARD, "tags:", "library_name: peft\ntags:", &["library_name"]), Ok(()));
    assert_eq!(card(CARD, "---\n# T", "language:  # TODO\n---\n# T", &["language"]), Ok(()));
    assert_eq!(card(CARD, "license", "licence", &["license", "licence"]), Ok(()));
    assert_eq!(card(CARD, "more: [*x, no, 1.0]\n", "", &["more"]), Ok(()));
}

#[test]
fn undeclared_keys_may_not() {
    let key = |name: &str| Err(Refusal::Key(name.into()));
    assert_eq!(card(CARD, "mit", "apache-2.0", &["tags"]), key("license"));
    assert_eq!(card(CARD, "tags:", "library_name: peft\ntags:", &[]), Err(Refusal::Keys));
    assert_eq!(card(CARD, "more: [*x, no, 1.0]\n", "", &[]), Err(Refusal::Keys));
    assert_eq!(card(CARD, "license", "licence", &["license"]), Err(Refusal::Keys));
    // Equal to YAML 1.2, not to YAML 1.1, and the reverse; then order and number of items.
    assert_eq!(card(CARD, "no,", "'no',", &["tags"]), key("more"));
    assert_eq!(card("---\na: '1'\nb: x\n---\n", "'1'", "1", &["b"]), key("a"));
    assert_eq!(card("---\na: 0o14\nb: x\n---\n", "0o14", "'0o14'", &["b"]), key("a"));
    assert_eq!(card("---\na: [1, 2]\nb: x\n---\n", "1, 2", "2, 1", &["b"]), key("a"));
    assert_eq!(card("---\na: [1, 2]\nb: x\n---\n", "1, 2", "1, 2, 3", &["b"]), key("a"));
    assert_eq!(card("---\na: {c: 1, d: 2}\nb: x\n---\n", "c: 1, d: 2", "d: 2, c: 1", &["b"]), key("a"));
    // An edit in one key that changes another through its alias.
    assert_eq!(card(CARD, "&x b", "&x c", &["tags"]), key("more"));
    assert!(card(CARD, "&x b", "b", &["tags"]).is_err());
}

#[test]
fn a_text_at_the_end_of_the_block_may_get_its_line_break_back() {
    for header in ["|", ">", "|-", "| # a-b"] {
        let text = format!("---\na: x\nb: {header}\n  text\n---\n");
        assert_eq!(card(&text, "text\n", "text\nc: y\n", &["c"]), Ok(()), "{header}");
        let text = format!("---\na: x\nb: {header}\n  text\nc: y\n---\n");
        assert_eq!(card(&text, "c: y\n", "", &["c"]), Ok(()), "{header}");
    }
    // All the line breaks of this one count, so it does not stand where one of them is lost.
    assert!(card("---\nb: |+\n  text\n\n---\n", "\n---\n", "\nc: y\n---\n", &["c"]).is_err());
    let text = "---\na: x\nb: |\n  text\n---\n";
    for other in ["|-\n  text", ">-\n  text"] {
        assert!(card(text, "|\n  text", other, &["a"]).is_err(), "{other}");
    }
}

#[test]
fn an_edit_that_swallows_its_neighbours_is_refused() {
    let text = "---\na: x\nb: y\nc: z\n---\nbody\n";
    assert!(card(text, "a: x\n", "a: |\n x\n ", &["a"]).is_err());
    assert!(card(text, "a: x", "a: [x", &["a"]).is_err());
    assert!(card(text, "a: x", "a: \"x", &["a"]).is_err());
    assert!(card(text, "a: x", "a: x\nc: w", &["a"]).is_err());
    assert!(card(text, "\nb", "\n b", &["a"]).is_err());
}

#[test]
fn comments_are_kept() {
    assert_eq!(card(CARD, "mit # as ever", "mit", &["license"]), Err(Refusal::Comment("# as ever".into())));
    assert_eq!(card(CARD, "as ever", "as never", &["license"]), Err(Refusal::Comment("# as ever".into())));
    assert_eq!(card(CARD, "license: mit # as ever\n", "", &["license"]), Err(Refusal::Comment("# as ever".into())));
    // What was text becomes a comment.
    assert_eq!(card("---\na: x#y\n---\n", "x#", "x #", &["a"]), Err(Refusal::Comment("#y".into())));
    // A comment that the edit writes again is kept.
    let whole = Fix::new("", Safety::Safe).edit(super::span(at(CARD, "mit # as ever")), "bsd # as ever").key("license");
    let before = source("README.md", CARD);
    assert_eq!(verify(&before, &source("README.md", apply(&before, &whole.edits).unwrap()), &[&whole]), Ok(()));
}

#[test]
fn the_fence_stays_where_it_is() {
    assert_eq!(card(CARD, "tags:", "---\ntags:", &["tags", "more"]), Err(Refusal::Body));
    assert!(card(CARD, "---\n# T", "--- x\n# T", &["license", "tags", "more"]).is_err());
    assert_eq!(card(CARD, "---\nlicense", "--- \nlicense", &["license", "tags", "more"]), Err(Refusal::Body));
    // Edits of the body are edits of the body.
    assert_eq!(card(CARD, "text", "another text", &[]), Ok(()));
    assert_eq!(card(CARD, "# Title", "---\n\n# Title", &[]), Ok(()));
}

#[test]
fn a_front_matter_may_come_where_there_was_none() {
    assert_eq!(card("# Title\n", "# Title", "---\nlicense: mit\n---\n# Title", &["license"]), Ok(()));
    assert_eq!(card("# Title\n", "# Title", "---\nlicense: mit\n---\n# Title", &[]), Err(Refusal::Keys));
    assert_eq!(card("--- \nlicense: mit\n---\n", "--- \n", "---\n", &["license"]), Ok(()));
}

#[test]
fn a_broken_front_matter_may_be_mended_but_not_broken_further() {
    let broken = "---\na: @x\nb: y\n---\n";
    assert_eq!(card(broken, "b: y", "b: y\nc: z", &["c"]), Ok(()));
    assert_eq!(card(broken, "@x", "'@x'", &["a"]), Ok(()));
    assert_eq!(card(broken, "@x", "'@x'", &[]), Err(Refusal::Keys));
    assert!(matches!(card(broken, "b: y", "b: @y", &["b"]), Err(Refusal::Unreadable(_))));
    assert_eq!(card(broken, "a: @x\n", "", &["b"]), Err(Refusal::Keys));
    let duplicate = "---\na: 1\nb: 2\na: 3\n---\n";
    assert_eq!(card(duplicate, "b: 2", "b: 4", &["b"]), Ok(()));
    assert_eq!(card(duplicate, "a: 1\n", "", &["b"]), Err(Refusal::Key("a".into())));
    assert!(matches!(card("---\na: 1\n---\n", "a: 1", "a: 1\na: 2", &["a"]), Err(Refusal::Unreadable(_))));
}

#[test]
fn encoding_and_line_ends_stay() {
    assert_eq!(card("\u{feff}---\na: 1\n---\n", "a: 1", "a: 2", &["a"]), Ok(()));
    assert_eq!(card("\u{feff}---\na: 1\n---\n", "\u{feff}", "", &[]), Err(Refusal::Encoding));
    assert_eq!(card("\u{feff}---\na: 1\n---\n", "\u{feff}", "x\u{feff}", &[]), Err(Refusal::Encoding));
    assert_eq!(card("---\na: 1\n---\n", "---\na", "\u{feff}---\na", &[]), Err(Refusal::Encoding));
    assert_eq!(card("---\r\na: 1\r\n---\r\n", "a: 1\r\n", "a: 1\r\nb: 2\r\n", &["b"]), Ok(()));
    assert_eq!(card("---\r\na: 1\r\n---\r\n", "a: 1\r\n", "a: 1\r\nb: 2\n", &["b"]), Err(Refusal::LineEnds));
    assert_eq!(card("---\na: 1\n---\n", "a: 1\n", "a: 1\nb: 2\r\n", &["b"]), Err(Refusal::LineEnds));
    assert_eq!(card("---\na: 1\n---\r\nx\n", "a: 1\n", "a: 1\nb: 2\n", &["b"]), Ok(()));
}

#[test]
fn bytes_that_no_edit_accounts_for_are_refused() {
    let fix = Fix::new("", Safety::Safe).edit(Span::at(FileId(0), 4), "b: 2\n").key("b");
    let before = source("README.md", b"---\na: 1\n---\nbody \xff\n");
    let good = apply(&before, &fix.edits).unwrap();
    assert_eq!(verify(&before, &source("README.md", &good), &[&fix]), Ok(()));
    let replaced = String::from_utf8_lossy(&good).into_owned();
    assert_eq!(verify(&before, &source("README.md", replaced), &[&fix]), Err(Refusal::Outside));
    assert_eq!(verify(&before, &source("README.md", &good), &[]), Err(Refusal::Outside));
}

#[test]
fn other_yaml_files_and_folders_are_no_cards() {
    assert_eq!(change("docs/README.md", CARD, "mit", "bsd", &[]), Ok(()));
    assert_eq!(change(".gitignore", "a\n", "a\n", "a\nb\n", &[]), Ok(()));
}

#[test]
fn json_stays_json_and_says_the_same() {
    let text = "{\n  \"a\": {\"b\": 1},\n  \"c\": \"/home/x\"\n}\n";
    assert_eq!(change("config.json", text, "/home/x", "x/y", &["c"]), Ok(()));
    assert_eq!(change("config.json", text, "/home/x", "x/y", &[]), Err(Refusal::Key("c".into())));
    assert_eq!(change("config.json", text, "{\n", "{\n  \"n\": 0,\n", &["n"]), Ok(()));
    assert_eq!(change("config.json", text, "{\n", "{\n  \"n\": 0,\n", &[]), Err(Refusal::Keys));
    assert!(matches!(change("config.json", text, "1}", "1", &["a"]), Err(Refusal::Unreadable(_))));
}

#[test]
fn a_new_file_must_be_readable() {
    assert_eq!(verify_new(&source("README.md", "---\nlicense:  # TODO\n---\n# Title\n")), Ok(()));
    assert!(matches!(verify_new(&source("README.md", "---\na: [\n---\n")), Err(Refusal::Unreadable(_))));
    assert!(matches!(verify_new(&source("x.json", "{")), Err(Refusal::Unreadable(_))));
    assert_eq!(verify_new(&source(".gitignore", "a\r\nb\n")), Err(Refusal::LineEnds));
}

#[test]
fn aliases_of_aliases_and_deep_nests_are_compared_quickly() {
    let mut text = String::from("---\na0: &a0 [x, x]\n");
    for level in 1..60 {
        let below = level - 1;
        writeln!(text, "a{level}: &a{level} [*a{below}, *a{below}]").unwrap();
    }
    writeln!(text, "deep: {}{}", "[".repeat(90), "]".repeat(90)).unwrap();
    text.push_str("b: 1\n---\n");
    assert_eq!(card(&text, "b: 1", "b: 2", &["b"]), Ok(()));
    assert_eq!(card(&text, "[x, x]", "[x, y]", &["a0"]), Err(Refusal::Key("a1".into())));
}

#[test]
fn every_refusal_says_what_and_what_next() {
    for refusal in [Refusal::Misfit, Refusal::Key("tags".into()), Refusal::LineEnds, Refusal::NotWritable("x".into())] {
        assert!(!refusal.to_string().is_empty() && !refusal.help().is_empty());
    }
    assert_eq!(Refusal::Key("tags".into()).to_string(), "it would change `tags`");
}

//! Broken blocks: each mistake once, at its place, in words, and the good keys kept.

use super::*;
use crate::card::front_matter::YamlErrorKind as Kind;

/// The kinds and texts of the errors, and the keys that could be read.
fn broken(yaml: &str) -> (Vec<(Kind, String)>, Vec<String>) {
    let source = card(yaml);
    let matter = FrontMatter::parse(&source);
    let errors = matter.errors.iter().map(|error| (error.kind, source.slice(error.span).to_owned())).collect();
    (errors, matter.fields().filter_map(|field| field.key.text().map(str::to_owned)).collect())
}

#[track_caller]
fn one(yaml: &str, kind: Kind, at: &str, keys: &[&str]) {
    let (errors, found) = broken(yaml);
    assert_eq!(errors, [(kind, at.to_owned())], "{yaml:?}");
    assert_eq!(found, keys, "{yaml:?}");
}

#[test]
fn mistakes_of_authors_have_a_place_and_a_kind() {
    one("a: 1\nname: b: c\nd: e", Kind::ColonInValue, "b: c", &["a", "d"]);
    one("a: 1\nname: b: c # note\nd: e", Kind::ColonInValue, "b: c", &["a", "d"]);
    one("m:\n- name: b: c\n  x: y\nd: e", Kind::ColonInValue, "b: c", &["d"]);
    one("a: @x\nd: e", Kind::ReservedCharacter, "@x", &["d"]);
    one("a: `x`\nd: e", Kind::ReservedCharacter, "`x`", &["d"]);
    one("a: %x\nd: e", Kind::ReservedCharacter, "%x", &["d"]);
    one("t:\n- a\n- @b\nd: e", Kind::ReservedCharacter, "@b", &["d"]);
    one("a: *\nd: e", Kind::ReservedCharacter, "*", &["d"]);
    one("a: [x\nd: e\nf: g", Kind::UnclosedBracket, "[x", &["d", "f"]);
    one("d: e\na: [x, y", Kind::UnclosedBracket, "[x, y", &["d"]);
    one("a: {x: y\nd: e", Kind::UnclosedBracket, "{x: y", &["d"]);
    one("a: \"x\nd: e\nf: g", Kind::UnclosedQuote, "\"x", &["d", "f"]);
    one("a: \"x\nd: \"e\"\nf: g", Kind::UnclosedQuote, "\"x", &["d", "f"]);
    one("a: 'x\nd: 'e'\nf: g", Kind::UnclosedQuote, "'x", &["d", "f"]);
    one("a: 'it's'\nf: g", Kind::TextAfterValue, "'it's'", &["f"]);
    one("a: \"x\" y\nf: g", Kind::TextAfterValue, "\"x\" y", &["f"]);
    one("a: \"C:\\dir\"\nf: g", Kind::Syntax, "\\d", &["f"]);
    one("a:\n\tb: c\nd: e", Kind::Tab, "\t", &["d"]);
    one("a:\n\t- c\nd: e", Kind::Tab, "\t", &["d"]);
    one("a: [\n\tb,\n\t]\nd: e", Kind::TabInFlow, "\t", &["d"]);
    one("a:b\nd: e", Kind::NoSpaceAfterColon, ":", &["d"]);
    one("x: y\na:b\nd: e", Kind::NoSpaceAfterColon, ":", &["x", "d"]);
    one("x: y\na:b", Kind::NoSpaceAfterColon, ":", &["x"]);
    one("t:\n  - a\n - b\nd: e", Kind::Indentation, "- b", &["d"]);
    one("t: a\n   u: b\nd: e", Kind::Indentation, "u: b", &["d"]);
    one("  t: a\nu: b\nd: e", Kind::Syntax, "u: b", &["t", "d"]);
    one("license: {{ license }}\nd: e", Kind::CollectionAsKey, "{{ license }}", &["license", "d"]);
    one("name: {{ a }} b\nd: e", Kind::Template, "{{ a }}", &["d"]);
    one("license mit\nd: e", Kind::Syntax, "license mit", &["d"]);
    one("d: e\nlicense mit", Kind::Syntax, "license mit", &["d"]);
    one("a: !foo b\nd: e", Kind::UnknownTag, "b", &["a", "d"]);
    one("a: !!int b\nd: e", Kind::UnknownTag, "b", &["a", "d"]);
    one("a: *b\nd: e", Kind::UnknownAlias, "*b", &["a", "d"]);
    one("a: **bold**\nd: e", Kind::UnknownAlias, "**bold**", &["a", "d"]);
    one("a: &x [*x]\nd: e", Kind::UnknownAlias, "*x", &["a", "d"]);
    one("a: b\n...\nd: e", Kind::SecondDocument, "...", &["a"]);
    one("a: b\n: c\nd: e", Kind::Syntax, ":", &["a", "", "d"]);
    one("a: b\n<<: c\nd: e", Kind::Syntax, "c", &["a", "<<", "d"]);
    one("? [a]\n: b", Kind::CollectionAsKey, "[a]", &[]);
}

#[test]
fn a_block_that_is_no_mapping() {
    one("- a\n- b", Kind::NotAMapping, "a\n- b", &[]);
    one("just text", Kind::NotAMapping, "just text", &[]);
    one("license:mit", Kind::NoSpaceAfterColon, ":", &[]);
}

#[test]
fn duplicate_keys_at_any_depth() {
    one("a: 1\nb: 2\na: 3", Kind::DuplicateKey { first: span(4, 5) }, "a", &["a", "b", "a"]);
    one("m:\n  a: 1\n  \"a\": 3", Kind::DuplicateKey { first: span(9, 10) }, "\"a\"", &["m"]);
    one("m: {1: x, 01: y}", Kind::DuplicateKey { first: span(8, 9) }, "01", &["m"]);
    assert_eq!(broken("no: 1\nNo: 2\nfalse: 3").0, [], "three keys for the Hub");
}

fn span(start: u32, end: u32) -> crate::source::Span {
    crate::source::Span { file: FileId(0), start, end }
}

#[test]
fn several_mistakes_are_several_errors() {
    let (errors, keys) = broken("a: b: c\nlicense: mit\nname: \"open\ntags:\n- x\nd: @e\nf: *none\nlicense: mit\ng: h");
    let kinds: Vec<Kind> = errors.iter().map(|error| error.0).collect();
    assert!(
        matches!(
            kinds[..],
            [
                Kind::ColonInValue,
                Kind::UnclosedQuote,
                Kind::ReservedCharacter,
                Kind::UnknownAlias,
                Kind::DuplicateKey { .. }
            ]
        ),
        "{errors:?}"
    );
    assert_eq!(keys, ["license", "tags", "f", "license", "g"]);
}

#[test]
fn anchors_reach_over_an_error() {
    let (errors, _) = broken("a: &x y\nb: c: d\ne: *x");
    assert_eq!(errors.len(), 1, "{errors:?}");
}

#[test]
fn a_key_with_a_lost_value_is_not_missing() {
    let source = card("license: a: b\nd: e\n\"base_model\": [x\ntags: |\n  no: key\nx: y");
    let matter = FrontMatter::parse(&source);
    let lost: Vec<&str> = matter.lost.iter().map(|span| source.slice(*span)).collect();
    assert_eq!(lost, ["license", "base_model"]);
}

#[test]
fn bytes_and_characters_that_yaml_forbids() {
    let source = SourceFile::new(FileId(0), RepoPath::new("README.md"), b"---\na: b\xffc\nd: e\n---\n\xff".to_vec());
    let matter = FrontMatter::parse(&source);
    assert_eq!(matter.errors.len(), 1);
    assert_eq!((matter.errors[0].kind, matter.errors[0].span), (Kind::InvalidUtf8, span(8, 9)));
    assert!(matter.get("d").is_some());
    one("a: b\u{1}\nd: e", Kind::ControlCharacter, "\u{1}", &["a", "d"]);
    one("a: \u{7f}\nd: e", Kind::ControlCharacter, "\u{7f}", &["a", "d"]);
}

//! Edits: the bytes that they promise, the refusals, and that nothing but the declared key changes.

use proptest::prelude::*;

use super::*;
use crate::card::front_matter::edits;
use crate::diagnostic::Edit;
use crate::source::reading::Reading;
use crate::source::tree::{Kind, NodeRef, Style};

fn apply(source: &SourceFile, edit: &Edit) -> String {
    let mut text = source.text().to_owned();
    text.replace_range(edit.at.range(), &edit.text);
    text
}

/// The block after an edit of it, without its fences.
fn changed(yaml: &str, edit: impl Fn(&SourceFile, &FrontMatter) -> Option<Edit>) -> Option<String> {
    let source = card(yaml);
    let matter = FrontMatter::parse(&source);
    let whole = apply(&source, &edit(&source, &matter)?);
    let after = FrontMatter::parse(&file(&whole));
    assert_eq!(after.errors, [], "{whole}");
    Some(whole.strip_prefix("---\n").unwrap().strip_suffix("\n---\n# Title\n").unwrap().to_owned())
}

fn insert(yaml: &str) -> Option<String> {
    changed(yaml, |source, matter| edits::insert_key(source, matter, "k: v\nl:\n- m"))
}

#[test]
fn new_keys_go_below_the_last_one() {
    assert_eq!(insert("a: b").unwrap(), "a: b\nk: v\nl:\n- m");
    assert_eq!(insert("a: b\n# end").unwrap(), "a: b\n# end\nk: v\nl:\n- m");
    assert_eq!(insert("").unwrap(), "\nk: v\nl:\n- m");
    assert_eq!(insert("# c").unwrap(), "# c\nk: v\nl:\n- m");
    assert_eq!(insert("a: b\n...").unwrap(), "a: b\nk: v\nl:\n- m\n...");
    assert_eq!(insert("  a: b\n  c: d").unwrap(), "  a: b\n  c: d\n  k: v\n  l:\n  - m");
    assert_eq!(insert("a: |\n  x\n").unwrap(), "a: |\n  x\n\nk: v\nl:\n- m");
    assert_eq!(insert("# c\na: |+\n  x\n").unwrap(), "# c\nk: v\nl:\n- m\na: |+\n  x\n");
    assert_eq!(insert("a:").unwrap(), "a:\nk: v\nl:\n- m");
    assert_eq!(insert("{a: b}"), None);
    assert_eq!(insert("- a"), None);
    assert_eq!(insert("a: b: c"), None);
}

#[test]
fn line_ends_and_fences_of_any_kind_are_kept() {
    let after = |text: &str| {
        let source = file(text);
        let matter = FrontMatter::parse(&source);
        edits::insert_key(&source, &matter, "k: v")
            .or_else(|| edits::create_block(&source, &matter, "k: v"))
            .map(|edit| apply(&source, &edit))
    };
    assert_eq!(after("---\r\na: b\r\n---\r\n").unwrap(), "---\r\na: b\r\nk: v\r\n---\r\n");
    assert_eq!(after("\u{feff}---\na: b\n---").unwrap(), "\u{feff}---\na: b\nk: v\n---");
    assert_eq!(after("---\n---\nx").unwrap(), "---\nk: v\n---\nx");
    assert_eq!(after("---\r\n---\r\nx").unwrap(), "---\r\nk: v\r\n---\r\nx");
    assert_eq!(after("# T\r\n").unwrap(), "---\r\nk: v\r\n---\r\n# T\r\n");
    assert_eq!(after("\u{feff}# T").unwrap(), "\u{feff}---\nk: v\n---\n# T");
    assert_eq!(after("---\na: b\n"), None, "nobody knows where the block should end");
    assert_eq!(after("# T\n\n---\nlicense: mit\n---\n"), None, "there is a block, only lower down");
}

#[test]
fn values_are_replaced_where_they_stand() {
    let replace = |yaml: &str, key: &str| {
        changed(yaml, |source, matter| edits::replace_value(source, matter, matter.get(key)?.value, "new"))
    };
    assert_eq!(replace("a: b # c\nd: e", "a").unwrap(), "a: new # c\nd: e");
    assert_eq!(replace("a: # c\nd: e", "a").unwrap(), "a: new # c\nd: e");
    assert_eq!(replace("a:\nd: e", "a").unwrap(), "a: new\nd: e");
    assert_eq!(replace("a: \"b\"", "a").unwrap(), "a: new");
    assert_eq!(replace("a: |\n  b\n  c\nd: e", "a").unwrap(), "a: new\nd: e");
    assert_eq!(replace("a: [b,\n  c]\nd: e", "a").unwrap(), "a: new\nd: e");
    assert_eq!(replace("a:\n- b\n- c # d\nd: e", "a").unwrap(), "a: new # d\nd: e");
    assert_eq!(replace("a:\n- b # x\n- c\nd: e", "a"), None, "a comment would be lost");
    assert_eq!(replace("a: &x b\nd: *x", "a"), None, "the alias would change too");
    assert_eq!(replace("a: [&x b]\nd: *x", "a"), None);
    assert_eq!(replace("a: &x b\nd: *x", "d").unwrap(), "a: &x b\nd: new");
    assert_eq!(replace("a: !!int 3", "a"), None);
    assert_eq!(replace("{a: b, c}", "a").unwrap(), "{a: new, c}");
    assert_eq!(replace("{a, c}", "a"), None, "there is no colon to write behind");
    let source = card("a: b");
    let matter = FrontMatter::parse(&source);
    assert_eq!(edits::replace_value(&source, &matter, matter.get("a").unwrap().value, "x\ny: z"), None);
}

#[test]
fn a_mapping_becomes_an_item() {
    let wrap = |yaml: &str| changed(yaml, |source, matter| edits::wrap_in_list(source, matter, matter.get("a")?.value));
    assert_eq!(
        wrap("a:\n  b: c\n  # x\n\n  d:\n  - e\nf: g").unwrap(),
        "a:\n  - b: c\n    # x\n\n    d:\n    - e\nf: g"
    );
    assert_eq!(
        wrap("a: # x\n    b: |2-\n        c\n    d: e # y").unwrap(),
        "a: # x\n    - b: |2-\n          c\n      d: e # y"
    );
    assert_eq!(wrap("a: {b: c,\n  d: e} # x").unwrap(), "a: [{b: c,\n  d: e}] # x");
    assert_eq!(wrap("a:\n  b: &x c\n  d: *x").unwrap(), "a:\n  - b: &x c\n    d: *x");
    assert_eq!(wrap("a: &x\n  b: c\nd: *x"), None, "the anchor would name the list");
    for other in ["a: b", "a: [b]", "a:\n- b: c", "a:"] {
        assert_eq!(wrap(other), None, "{other}");
    }
}

#[test]
fn keys_are_renamed_and_removed() {
    let rename = |yaml: &str| changed(yaml, |_, matter| edits::rename_key(matter, matter.get("licence")?, "license"));
    assert_eq!(rename("licence: mit # x").unwrap(), "license: mit # x");
    assert_eq!(rename("'licence' : mit").unwrap(), "license : mit");
    assert_eq!(rename("licence: mit\nlicense: mit"), None);
    let remove = |yaml: &str| changed(yaml, |source, matter| edits::remove_pair(source, matter, matter.get("a")?));
    assert_eq!(remove("a: b\nd: e").unwrap(), "d: e");
    assert_eq!(remove("d: e\na:\n- b\n- c # x\n# y\nf: g").unwrap(), "d: e\n# y\nf: g");
    assert_eq!(remove("d: e\na: |\n  b\n\nf: g").unwrap(), "d: e\n\nf: g");
    assert_eq!(remove("d: e\na:\nf: g").unwrap(), "d: e\nf: g");
    assert_eq!(remove("a: b"), None, "the block would be empty");
    assert_eq!(remove("{a: b, c: d}"), None);
    assert_eq!(remove("a: &x b\nd: *x"), None);
    assert_eq!(remove("d: |\n  x\na: b\n  # c\ne: f"), None, "the comment would become text");
}

#[test]
fn quotes_keep_the_text() {
    let quote = |yaml: &str| changed(yaml, |_, matter| edits::quote(matter, matter.get("a")?.value));
    assert_eq!(quote("a: no # x").unwrap(), "a: \"no\" # x");
    assert_eq!(quote("b: 'x'\na: no").unwrap(), "b: 'x'\na: 'no'");
    assert_eq!(quote("a: x\"y\\z").unwrap(), "a: 'x\"y\\z'");
    assert_eq!(quote("a: it's\n  so").unwrap(), "a: \"it's so\"");
    assert_eq!(quote("a: &x no").unwrap(), "a: &x \"no\"");
    assert_eq!(quote("a: 'no'"), None);
    assert_eq!(quote("a: !!str no"), None);
    assert_eq!(quote("a:"), None);
}

#[test]
fn a_scalar_is_plain_only_where_every_reader_agrees() {
    let write = |text: &str| edits::scalar(text, Style::DoubleQuoted);
    for plain in ["mit", "apache-2.0", "a/b", "en-US", "text-generation", "it's", "a:b", "https://x.y"] {
        assert_eq!(write(plain), plain);
    }
    for text in [
        "",
        "no",
        "12",
        "1e3",
        "2024-01-01",
        " a",
        "a ",
        "a: b",
        "a #b",
        "- a",
        "#a",
        "@a",
        "*a",
        "a, b",
        "[a]",
        "~",
        "=",
        "a:",
        "a\nb",
        "\u{1}",
    ] {
        let written = write(text);
        assert!(written.starts_with(['"', '\'']), "{text:?} {written}");
    }
}

/// A node and all below it as text, the same for equal values.
fn value(node: NodeRef<'_>) -> String {
    let mut shown = String::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let stored = node.stored();
        shown += &format!("{:?}{:?}", stored.anchor, stored.tag);
        shown += &match &stored.kind {
            Kind::Scalar { text, .. } => format!("{text:?}{:?}{:?}", node.hub(), node.python()),
            Kind::Sequence { items, .. } => format!("[{}", items.len()),
            Kind::Mapping { pairs, .. } => format!("{{{}", pairs.len()),
            Kind::Alias(_) => "*".to_owned(),
        };
        if !matches!(stored.kind, Kind::Alias(_)) {
            open.extend(node.items());
            open.extend(node.pairs().flat_map(|(key, value)| [key, value]));
        }
    }
    shown
}

fn fields(matter: &FrontMatter) -> Vec<(String, String)> {
    matter.fields().map(|field| (value(field.key), value(field.value))).collect()
}

/// A value as YAML below a key at column 0.
fn any_value() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just(" # note".to_owned()),
        "[a-z]{1,6}( [a-z]{1,4})?".prop_map(|text| format!(" {text}")),
        prop_oneof!["no", "on", "12", "1_000", "2024-01-01", "~", "1e3"].prop_map(|text| format!(" {text} # c")),
        "[a-z':#é\\[ ]{0,8}".prop_map(|text| format!(" \"{text}\"")),
        "[a-z\":#, ]{0,8}".prop_map(|text| format!(" '{text}'")),
        proptest::collection::vec("[a-z]{1,3}", 0..4).prop_map(|items| format!(" [{}]", items.join(", "))),
        proptest::collection::vec("[a-z]{1,3}", 1..4)
            .prop_map(|items| items.iter().map(|item| format!("\n- {item}")).collect()),
        proptest::collection::vec("[a-z]{1,3}", 1..4)
            .prop_map(|items| items.iter().map(|item| format!("\n  # c\n  - {item}: x\n    Y: {item}")).collect()),
        ("[|>][+-]?", proptest::collection::vec("[a-z#:]{0,4}", 1..4)).prop_map(|(header, lines)| format!(
            " {header}{}",
            lines.iter().map(|line| format!("\n  {line}")).collect::<String>()
        )),
        ("[|>][0-9+-]?", "[a-z]{0,3}").prop_map(|(header, word)| format!(
            " # c\n  x:\n  - {word}\n\n  # c\n  'y z': {{a: {word},\n    b: c}}\n  w: {}\n      {word}\n\n      d\n  v: \"{word}\n    e\"",
            header.replace(|digit: char| digit.is_ascii_digit(), "4")
        )),
        Just(" {x: y, z: [w]}".to_owned()),
        Just(" &n anchored".to_owned()),
        Just(" !!str 12".to_owned()),
        Just("\n\n  late".to_owned()),
    ]
}

fn any_block() -> impl Strategy<Value = (String, usize)> {
    let pair = (any_value(), prop_oneof![3 => Just(""), 1 => Just("# comment\n"), 1 => Just("\n")]);
    (proptest::collection::vec(pair, 1..6), any::<bool>(), 0..6usize).prop_map(|(pairs, crlf, index)| {
        let count = pairs.len();
        let yaml: String =
            pairs.iter().enumerate().map(|(number, (value, before))| format!("{before}k{number}:{value}\n")).collect();
        let text = format!("---\n{yaml}---\nbody\n");
        (if crlf { text.replace('\n', "\r\n") } else { text }, index % count)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_changes_its_own_key_alone((text, index) in any_block()) {
        let source = file(&text);
        let matter = FrontMatter::parse(&source);
        prop_assert_eq!(&matter.errors, &[], "{}", text);
        let before = fields(&matter);
        let field = matter.fields().nth(index).unwrap();
        let all = [
            ("insert", edits::insert_key(&source, &matter, "new: key")),
            ("replace", edits::replace_value(&source, &matter, field.value, "fresh")),
            ("fill", edits::fill_empty(&source, &matter, field.value, "fresh")),
            ("rename", edits::rename_key(&matter, field, "other")),
            ("remove", edits::remove_pair(&source, &matter, field)),
            ("quote", edits::quote(&matter, field.value)),
            ("wrap", edits::wrap_in_list(&source, &matter, field.value)),
        ];
        for (name, edit) in all {
            let Some(edit) = edit else { continue };
            let whole = apply(&source, &edit);
            let after = FrontMatter::parse(&file(&whole));
            prop_assert_eq!(&after.errors, &[], "{} of {:?} gave {:?}", name, text, whole);
            if text.contains("\r\n") {
                prop_assert!(!whole.replace("\r\n", "").contains('\n'), "{}: {:?}", name, whole);
            }
            let mut got = fields(&after);
            let mut wanted = before.clone();
            match name {
                "insert" => {
                    let at = got.iter().position(|(key, _)| key.contains("\"new\"")).unwrap();
                    got.remove(at);
                }
                "remove" => drop(wanted.remove(index)),
                "rename" => {
                    prop_assert!(got[index].0.contains("\"other\""));
                    prop_assert_eq!(&got[index].1, &wanted[index].1);
                    got[index] = wanted[index].clone();
                }
                "quote" => {
                    let field = after.fields().nth(index).unwrap();
                    let old = matter.fields().nth(index).unwrap();
                    prop_assert_eq!(field.value.text(), old.value.text());
                    prop_assert_eq!((field.value.hub(), field.value.python()), (Reading::Text, Reading::Text));
                    got[index] = wanted[index].clone();
                }
                "wrap" => {
                    prop_assert_eq!(&got[index].1, &format!("NoneNone[1{}", wanted[index].1), "{} gave {}", text, whole);
                    got[index] = wanted[index].clone();
                }
                _ => {
                    prop_assert_eq!(after.fields().nth(index).unwrap().value.text(), Some("fresh"), "{}: {:?}", name, whole);
                    got[index] = wanted[index].clone();
                }
            }
            prop_assert_eq!(got, wanted, "{} of {:?} gave {:?}", name, text, whole);
            prop_assert_eq!(
                after.comments.len() + usize::from(name == "remove") * 9 >= matter.comments.len(), true, "a comment was lost: {}", whole
            );
        }
    }

    #[test]
    fn a_written_scalar_reads_back(text in "[a-zA-Z0-9 '\"\\\\:#,\\[\\]{}&*!|>%@`~=.\\-\n\té\u{1f600}\u{7f}\u{85}\u{feff}]{0,12}") {
        for style in [Style::SingleQuoted, Style::DoubleQuoted] {
            for yaml in [format!("k: {}", edits::scalar(&text, style)), format!("k: [{}]", edits::scalar(&text, style)), format!("k: {}", edits::quoted(&text, style))] {
                let source = card(&yaml);
                let matter = FrontMatter::parse(&source);
                prop_assert_eq!(&matter.errors, &[], "{:?}", yaml);
                let value = matter.get("k").unwrap().value;
                let value = value.items().next().unwrap_or(value);
                prop_assert_eq!(value.text(), Some(text.as_str()), "{:?}", yaml);
                prop_assert_eq!((value.hub(), value.python()), (Reading::Text, Reading::Text));
            }
        }
    }
}

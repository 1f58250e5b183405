//! Spans: each value's bytes, and the places of values that are not there.

use super::*;
use crate::source::tree::{Kind, Style};

/// Every node as `span text = value`, in the order of the nodes.
fn show(source: &SourceFile) -> Vec<String> {
    let matter = FrontMatter::parse(source);
    assert_eq!(matter.errors, [], "{:?}", source.text());
    matter
        .tree
        .nodes()
        .map(|node| {
            let at = source.slice(node.span());
            let props = format!(
                "{}{}",
                node.stored().anchor.as_deref().map(|name| format!("&{name} ")).unwrap_or_default(),
                node.stored().tag.as_deref().map(|tag| format!("{tag} ")).unwrap_or_default()
            );
            match &node.stored().kind {
                Kind::Scalar { text, .. } if node.span().is_empty() => {
                    format!("{props}<{}>{text:?}", node.span().start)
                }
                Kind::Scalar { text, style: Style::Plain } if text == at => format!("{props}{at}"),
                Kind::Scalar { text, .. } => format!("{props}{at:?} = {text:?}"),
                Kind::Sequence { items, flow } => {
                    format!("{props}seq{} {at:?} {}", if *flow { "[]" } else { "" }, items.len())
                }
                Kind::Mapping { pairs, flow } => {
                    format!("{props}map{} {at:?} {}", if *flow { "{}" } else { "" }, pairs.len())
                }
                Kind::Alias(target) => format!("{at} -> {}", target.is_some()),
            }
        })
        .collect()
}

#[test]
fn scalars_of_every_style() {
    let source = card(
        "a: b c\nb: 'it''s'\nc: \"x\\ty\"\nd: one\n  two\ne: |\n  x\n\n  y  \n\nf: >-\n  z\n  # no comment\n# c\ng: |2+\n   q\n \nh: |\n\ni: |",
    );
    assert_eq!(
        show(&source)[1..],
        [
            "a",
            "b c",
            "b",
            "\"'it''s'\" = \"it's\"",
            "c",
            "\"\\\"x\\\\ty\\\"\" = \"x\\ty\"",
            "d",
            "\"one\\n  two\" = \"one two\"",
            "e",
            "\"|\\n  x\\n\\n  y  \" = \"x\\n\\ny  \\n\"",
            "f",
            "\">-\\n  z\\n  # no comment\" = \"z # no comment\"",
            "g",
            "\"|2+\\n   q\" = \" q\\n\\n\"",
            "h",
            "\"|\" = \"\"",
            "i",
            "\"|\" = \"\"",
        ]
    );
}

#[test]
fn a_value_that_is_not_there_stands_behind_its_colon_or_dash() {
    let source = card(
        "a:\nb: \nc:   # note\nd:\n- x\n-\n- \n-   # note\n- y\ne: &n\nf: !!str\ng: {k: , l, m: }\n? h\n? i\n:\nj:",
    );
    let matter = FrontMatter::parse(&source);
    assert_eq!(matter.errors, []);
    let text = source.text();
    let mut seen = 0;
    for node in matter.tree.nodes().filter(|node| node.span().is_empty()) {
        let before = &text[..node.span().start as usize];
        let fits = before.ends_with([':', '-'])
            || before.ends_with("&n")
            || before.ends_with("!!str")
            || before.ends_with("{k: , l")
            || before.ends_with("? h");
        assert!(fits, "{before:?}");
        seen += 1;
    }
    assert_eq!(seen, 14);
    assert_eq!(matter.comments.iter().map(|span| source.slice(*span)).collect::<Vec<_>>(), ["# note", "# note"]);
}

#[test]
fn collections_cover_their_children_or_their_brackets() {
    let source = card("a:\n  - x\n  - k: v\n    l: w\nb: [x, {y: z},\n   q] # c\nc: {}\nd: []\ne: [p: q]");
    assert_eq!(
        show(&source),
        [
            "map \"a:\\n  - x\\n  - k: v\\n    l: w\\nb: [x, {y: z},\\n   q] # c\\nc: {}\\nd: []\\ne: [p: q]\" 5",
            "a",
            "seq \"x\\n  - k: v\\n    l: w\" 2",
            "x",
            "map \"k: v\\n    l: w\" 2",
            "k",
            "v",
            "l",
            "w",
            "b",
            "seq[] \"[x, {y: z},\\n   q]\" 3",
            "x",
            "map{} \"{y: z}\" 1",
            "y",
            "z",
            "q",
            "c",
            "map{} \"{}\" 0",
            "d",
            "seq[] \"[]\" 0",
            "e",
            "seq[] \"[p: q]\" 1",
            "map{} \"p: q\" 1",
            "p",
            "q",
        ]
    );
}

#[test]
fn anchors_aliases_tags_and_merges_stay() {
    let source = card("a: &x\n  k: v\nb: *x\nc:\n  <<: *x\n  <<: *x\n  l: !!str no\nd: &s !!int 3\ne: *s");
    let shown = show(&source);
    assert_eq!(shown[2], "&x map \"k: v\" 1");
    assert!(shown.contains(&"*x -> true".to_owned()) && shown.contains(&"<<".to_owned()));
    assert!(shown.contains(&"!!str no".to_owned()) && shown.contains(&"&s !!int 3".to_owned()));
    let matter = FrontMatter::parse(&source);
    assert_eq!(matter.get("b").unwrap().value.get("k").unwrap().text(), Some("v"));
    assert_eq!(matter.get("e").unwrap().value.text(), Some("3"));
}

#[test]
fn offsets_are_the_files() {
    let source = file("\u{feff}\n---\r\nlicense: \u{e9}\u{1f600}\r\ntags:\r\n- |\r\n  a\r\n  b\r\n- c\r\n---\r\nbody");
    assert_eq!(
        show(&source)[1..],
        [
            "license",
            "\u{e9}\u{1f600}",
            "tags",
            "seq \"|\\r\\n  a\\r\\n  b\\r\\n- c\" 2",
            "\"|\\r\\n  a\\r\\n  b\" = \"a\\nb\\n\"",
            "c"
        ]
    );
}

#[test]
fn an_empty_block_is_no_error_of_yaml() {
    for yaml in ["", "# only a comment", "\n  \n"] {
        let matter = FrontMatter::parse(&card(yaml));
        assert!(matter.is_empty(), "{yaml:?} {:?}", matter.errors);
    }
    assert!(!FrontMatter::parse(&card("a:")).is_empty());
}

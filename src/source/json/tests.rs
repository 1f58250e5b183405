//! What the parser accepts, where it points, and that `serde_json` agrees.

use super::*;
use crate::source::FileId;
use crate::source::tree::{Style, Tree};

fn mistakes(text: &str) -> Vec<(Mistake, &str)> {
    let (_, errors) = tree(FileId(0), text);
    errors.iter().map(|error| (error.mistake, &text[error.span.start as usize..error.span.end as usize])).collect()
}

fn read(text: &str) -> Tree {
    let (tree, errors) = tree(FileId(0), text);
    assert_eq!(errors, [], "{text}");
    tree
}

fn accepts(text: &str, dialect: Dialect) -> bool {
    let mut parser = Parser::new(text, dialect);
    loop {
        match parser.next() {
            None => return true,
            Some(Ok(_)) => {}
            Some(Err(_)) => return false,
        }
    }
}

/// `serde_json`'s verdict; none where it stops at a number that fits no f64, which is not a matter of syntax.
fn serde_accepts(text: &str) -> Option<bool> {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => Some(true),
        Err(error) if error.to_string().starts_with("number out of range") => None,
        Err(_) => Some(false),
    }
}

#[test]
fn values_keep_their_text_and_place() {
    let text = "{\"a\": [1, -2.5e3, \"x\\u00e9\\n\"],\n \"a\": {\"b\": true, \"c\": null}}";
    let tree = read(text);
    let root = tree.root().unwrap();
    assert_eq!(root.span().range(), 0..text.len());
    let pairs: Vec<_> = root.pairs().collect();
    assert_eq!(pairs.len(), 2, "a repeated key is kept");
    let items: Vec<_> = pairs[0].1.items().map(|item| (item.text().unwrap(), &text[item.span().range()])).collect();
    assert_eq!(items, [("1", "1"), ("-2.5e3", "-2.5e3"), ("xé\n", "\"x\\u00e9\\n\"")]);
    let inner = root.get("a").unwrap();
    assert_eq!(&text[inner.span().range()], "{\"b\": true, \"c\": null}");
    assert_eq!(inner.get("b").unwrap().style(), Some(Style::Plain));
    assert_eq!(inner.pair("c").unwrap().0.style(), Some(Style::DoubleQuoted));
}

#[test]
fn a_string_without_escapes_is_borrowed() {
    let mut parser = Parser::new(r#"["plain", "\u0061"]"#, Dialect::Strict);
    parser.next();
    let borrowed = |event: Event<'_>| match event.kind {
        EventKind::String(text) => (matches!(text, std::borrow::Cow::Borrowed(_)), text.into_owned()),
        other => panic!("{other:?}"),
    };
    assert_eq!(borrowed(parser.next().unwrap().unwrap()), (true, "plain".to_owned()));
    assert_eq!(borrowed(parser.next().unwrap().unwrap()), (false, "a".to_owned()));
}

#[test]
fn mistakes_are_named_where_they_stand() {
    for (text, mistake, at) in [
        ("[1,]", Mistake::TrailingComma, ","),
        ("{\"a\":1 , }", Mistake::TrailingComma, ","),
        ("{'a':1}", Mistake::SingleQuotes, "'"),
        ("['a']", Mistake::SingleQuotes, "'"),
        ("[1] // x", Mistake::Comment, "// x"),
        ("# x\n[1]", Mistake::Comment, "# x"),
        ("[NaN]", Mistake::NotANumber, "NaN"),
        ("[-Infinity]", Mistake::NotANumber, "-Infinity"),
        ("[True]", Mistake::PythonWord, "True"),
        ("[yes]", Mistake::NotAValue, "yes"),
        ("{a:1}", Mistake::BadKey, "a"),
        ("{\"a\" 1}", Mistake::MissingColon, "1"),
        ("[1 2]", Mistake::MissingComma, "2"),
        ("[,1]", Mistake::MissingValue, ","),
        ("{\"a\":}", Mistake::MissingValue, "}"),
        ("[1}", Mistake::WrongBracket, "}"),
        ("01", Mistake::BadNumber, "01"),
        ("[1.]", Mistake::BadNumber, "1."),
        ("[0x10]", Mistake::BadNumber, "0x10"),
        ("[+1]", Mistake::BadNumber, "+"),
        ("\"abc", Mistake::OpenString, "\"abc"),
        ("\"a\nb\"", Mistake::ControlCharacter, "\n"),
        ("\"\\x\"", Mistake::BadEscape, "\\"),
        ("\"\\ud800\"", Mistake::LoneSurrogate, "\\ud800"),
        ("[] x", Mistake::AfterEnd, "x"),
        ("[1", Mistake::UnexpectedEnd, ""),
        (" ", Mistake::Empty, ""),
        ("\u{feff}1", Mistake::ByteOrderMark, "\u{feff}"),
    ] {
        assert_eq!(mistakes(text), [(mistake, at)], "{text}");
    }
}

#[test]
fn reading_goes_on_after_a_plain_mistake() {
    let text = "{\"a\": NaN, // why\n \"b\": [1,], \"c\": /* x */ 2,}";
    let (tree, errors) = tree(FileId(0), text);
    let found: Vec<_> = errors.iter().map(|error| error.mistake).collect();
    use Mistake::{Comment, NotANumber, TrailingComma};
    assert_eq!(found, [NotANumber, Comment, TrailingComma, Comment, TrailingComma]);
    let root = tree.root().unwrap();
    assert_eq!(root.get("a").unwrap().text(), Some("NaN"));
    assert_eq!(root.get("b").unwrap().items().count(), 1);
    assert_eq!(root.get("c").unwrap().text(), Some("2"));
}

#[test]
fn what_was_read_before_the_end_is_kept() {
    let text = "{\"a\": 1, \"b\": [2, 3";
    let (tree, errors) = tree(FileId(0), text);
    assert_eq!(errors.len(), 1);
    let list = tree.root().unwrap().get("b").unwrap();
    assert_eq!((list.items().count(), list.span().range()), (2, 14..text.len()));
}

#[test]
fn pythons_own_words_are_read_when_asked_for() {
    let text = "[NaN, Infinity, -Infinity, \"\\ud800\"]";
    assert!(accepts(text, Dialect::Python));
    assert!(!accepts(text, Dialect::Strict));
    assert!(!accepts("[nan]", Dialect::Python));
}

#[test]
fn depth_is_capped_where_serde_json_caps_it() {
    for depth in [MAX_DEPTH as usize, MAX_DEPTH as usize + 1] {
        let text = "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(Some(accepts(&text, Dialect::Strict)), serde_accepts(&text), "{depth}");
        assert_eq!(accepts(&text, Dialect::Strict), depth <= MAX_DEPTH as usize);
    }
    let hostile = "[{\"a\":".repeat(1_000_000);
    assert_eq!(mistakes(&hostile).last().unwrap().0, Mistake::TooDeep);
}

const SEEDS: [&str; 7] = [
    r#"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"__metadata__":{"format":"pt"}}"#,
    r#"[0, -0, 1.5, 1e5, -1.25E-3, 1E+2, 123456789012345678901234567890]"#,
    r#"["\"\\\/\b\f\n\r\t\u0041\ud83d\ude00", "é", "\uD800\u0041"]"#,
    "\t{ \"k\" : [ true , false , null ] }\r\n",
    r#"{"a":{"b":{"c":[[[]]]}},"d":[{},{}]}"#,
    "\"text\"",
    "  12 ",
];

#[test]
fn serde_json_agrees_under_mutation() {
    let alphabet = b"{}[]:,\"\\/ \n\t0129.-+eEuUdD8cCtrfalsn'#N\x01x";
    let mut random = crate::bytes::testing::Random::new(11);
    for seed in SEEDS {
        assert_eq!(Some(accepts(seed, Dialect::Strict)), serde_accepts(seed), "{seed}");
        for _ in 0..4000 {
            let mut bytes = seed.as_bytes().to_vec();
            for _ in 0..=random.below(3) {
                let at = random.below(bytes.len());
                let byte = alphabet[random.below(alphabet.len())];
                match random.below(4) {
                    0 => bytes[at] = byte,
                    1 => bytes.insert(at, byte),
                    2 if bytes.len() > 1 => drop(bytes.remove(at)),
                    _ => bytes.truncate(at.max(1)),
                }
            }
            let Ok(text) = String::from_utf8(bytes) else { continue };
            if let Some(verdict) = serde_accepts(&text) {
                assert_eq!(accepts(&text, Dialect::Strict), verdict, "{text}");
            }
            tree(FileId(0), &text);
        }
    }
}

#[test]
fn a_part_of_a_text_is_found_in_its_literal() {
    let literal = r#""a\"\u00e9\ud83d\ude00zé!""#;
    let text = serde_json::from_str::<String>(literal).unwrap();
    assert_eq!(text, "a\"é😀zé!");
    for (part, expected) in [("a", "a"), ("\"", "\\\""), ("é😀", r"\u00e9\ud83d\ude00"), ("zé", "zé"), ("!", "!")]
    {
        let at = text.find(part).unwrap();
        assert_eq!(&literal[within(literal, at..at + part.len())], expected);
    }
    assert_eq!(within(literal, 100..200), literal.len() - 1..literal.len() - 1);
    assert_eq!(&literal[within(literal, 0..200)], &literal[1..literal.len() - 1]);
}

//! The fence cases of the Hub's documentation and client, and near misses.

use super::*;
use crate::card::front_matter::fence::{Block, NearMiss, Why};

fn fence(text: &str) -> Fence {
    FrontMatter::parse(&file(text)).fence
}

fn block(text: &str) -> Option<(String, u32)> {
    let source = file(text);
    match FrontMatter::parse(&source).fence {
        Fence::Block(Block { open, yaml, close, end }) => {
            assert_eq!((source.slice(open), source.slice(close)), ("---", "---"), "{text:?}");
            Some((source.slice(yaml).to_owned(), end))
        }
        _ => None,
    }
}

#[test]
fn the_hub_takes_these() {
    let yaml = "license: mit".to_owned();
    for (text, end) in [
        ("---\nlicense: mit\n---\n", 21),
        ("---\nlicense: mit\n---", 20),
        ("---\nlicense: mit\n---  \n", 23),
        ("---\nlicense: mit\n---\t \nx", 23),
        ("\n\n---\nlicense: mit\n---\n", 23),
        (" \u{a0}\t---\nlicense: mit\n---\n", 25),
        ("\u{feff}---\nlicense: mit\n---\n", 24),
        ("---\r\nlicense: mit\r\n---\r\n", 24),
        ("---\rlicense: mit\r---\n", 21),
    ] {
        assert_eq!(block(text), Some((yaml.clone(), end)), "{text:?}");
    }
    assert_eq!(block("---\n\n---\n"), Some((String::new(), 9)));
    assert_eq!(block("---\r\n---\r\n"), Some((String::new(), 10)), "the pattern splits the first line break");
    assert_eq!(block("---\n---\na\n---\n"), Some(("---\na".to_owned(), 14)), "the block runs on to the next fence");
}

#[test]
fn the_hub_does_not_take_these() {
    for text in [
        "# Title\n---\nlicense: mit\n---\n",
        "--- \nlicense: mit\n---\n",
        "---yaml\nlicense: mit\n---\n",
        "---\nlicense: mit\n----\n",
        "---\nlicense: mit\n ---\n",
        "---\nlicense: mit\n...\n",
        "---\n---\n",
        "---\rlicense: mit\r---\r",
        "",
        "\u{200b}---\nlicense: mit\n---\n",
    ] {
        assert_eq!(block(text), None, "{text:?}");
    }
    assert!(matches!(fence("---\n---\n"), Fence::Empty { .. }));
    assert!(matches!(fence("---\n---"), Fence::Empty { .. }));
}

#[test]
fn near_misses_are_named_and_placed() {
    let cases: [(&str, &str, Why); 11] = [
        ("--- \nlicense: mit\n---\n", "--- ", Why::SpaceAfterOpening),
        ("---yaml\nlicense: mit\n---\n", "---yaml", Why::TextAfterOpening),
        ("----\nlicense: mit\n----\n", "----", Why::TooManyDashes),
        ("---\nlicense: mit\n----\n", "----", Why::TooManyDashes),
        ("---\nlicense: mit\n  ---\n", "---", Why::IndentedClosing),
        ("---\nlicense: mit\n--- # end\n", "--- # end", Why::TextAfterClosing),
        ("---\nlicense: mit\n...\n# T\n", "...", Why::ClosedByDots),
        ("---\nlicense: mit\n---\rx\n", "---\rx", Why::OldMacLineEnd),
        ("# T\n\n---\nlicense: mit\n---\n", "---\nlicense: mit\n---", Why::LowerDown),
        ("<!-- a\n-->\n---\nlicense: mit\n---\n", "---\nlicense: mit\n---", Why::AfterComment),
        ("![x](y)\n---\n# c\nlanguage: en\na: b\n---\n", "---\n# c\nlanguage: en\na: b\n---", Why::LowerDown),
    ];
    for (text, span, why) in cases {
        let source = file(text);
        let (Fence::Missing { near: Some(NearMiss { span: found, why: reason }) }
        | Fence::Unclosed { near: Some(NearMiss { span: found, why: reason }), .. }) =
            FrontMatter::parse(&source).fence
        else {
            panic!("{text:?}")
        };
        assert_eq!((source.slice(found), reason), (span, why), "{text:?}");
    }
}

#[test]
fn rules_and_examples_are_no_near_misses() {
    for text in [
        "# T\n\n---\n\nText: more\n\n---\n",
        "# T\n```yaml\n---\nlicense: mit\n---\n```\n",
        "---\n\n# A rule first\n",
        "----\n# T\n",
        "plain",
    ] {
        assert!(
            matches!(fence(text), Fence::Missing { near: None } | Fence::Unclosed { near: None, .. }),
            "{text:?} {:?}",
            fence(text)
        );
    }
}

#[test]
fn utf16_has_no_block() {
    let bytes: Vec<u8> = "\u{feff}---\nlicense: mit\n---\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let source = SourceFile::new(FileId(0), RepoPath::new("README.md"), bytes);
    assert_eq!(FrontMatter::parse(&source).fence, Fence::Missing { near: None });
}

#[test]
fn the_body_starts_behind_what_looks_like_metadata() {
    let start = |text: &str| text[FrontMatter::parse(&file(text)).body_start() as usize..].to_owned();
    assert_eq!(start("---\na: b\n---\nbody"), "body");
    assert_eq!(start("\u{feff}body"), "body");
    assert_eq!(start("---\n---\nbody"), "body");
    assert_eq!(start("---\nlicense: mit\ntags:\n- a\n\n# Title\n"), "\n# Title\n");
}

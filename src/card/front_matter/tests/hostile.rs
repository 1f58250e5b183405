//! Blocks made to hurt: bounded time, no panic, an error of their own where a cap is hit.

use std::time::Duration;

use super::*;
use crate::card::front_matter::YamlErrorKind as Kind;

#[test]
fn hostile_blocks_cost_little() {
    let cases: Vec<(&str, String)> = vec![
        ("brackets", "[".repeat(300_000)),
        ("brackets in a value", format!("a: {}", "[".repeat(300_000))),
        ("deep", (0..2_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect()),
        ("dashes", "- ".repeat(500_000)),
        ("one line", format!("a: {}", "x ".repeat(400_000))),
        ("quoted line", format!("a: \"{}\"", "x ".repeat(200_000))),
        ("keys", (0..30_000).map(|key| format!("k{key}: v\n")).collect()),
        ("aliases", format!("a: &a [x]\n{}", (0..20_000).map(|key| format!("b{key}: *a\n")).collect::<String>())),
        ("bad lines", "a: b: c\n".repeat(40_000)),
        ("open quotes", "a: \"b\n".repeat(40_000)),
        ("open brackets", "a: [b\n".repeat(40_000)),
        ("comments", "# c\n".repeat(80_000)),
        ("empty values", "- \n".repeat(40_000)),
        ("block scalars", "- |\n  x\n".repeat(50_000)),
        ("no colon", "x\n".repeat(200_000)),
        ("duplicates", "a: b\n".repeat(20_000)),
        ("dots", "...\n".repeat(40_000)),
    ];
    for (name, yaml) in cases {
        let source = card(&yaml);
        let start = crate::testing::Stopwatch::start();
        let matter = FrontMatter::parse(&source);
        let took = start.elapsed();
        assert!(matter.errors.len() <= MAX_ERRORS, "{name}");
        assert!(took < Duration::from_secs(10), "{name}: {took:?}");
        eprintln!("{name}: {took:?}, {} errors, {} nodes", matter.errors.len(), matter.tree.len());
    }
}

#[test]
fn caps_are_errors() {
    let kinds = |yaml: &str| FrontMatter::parse(&card(yaml)).errors.iter().map(|error| error.kind).collect::<Vec<_>>();
    assert_eq!(kinds(&format!("a: {}{}", "[".repeat(101), "]".repeat(101))), [Kind::TooDeep]);
    assert_eq!(kinds(&format!("a: {}{}", "[".repeat(90), "]".repeat(90))), []);
    assert_eq!(kinds(&format!("a: {}", "x".repeat(MAX_YAML_BYTES))), [Kind::TooLarge]);
}

#[test]
fn mutated_blocks_never_panic() {
    let seed = "license: mit\nlanguage:\n- en\n- 'no'\nbase_model: &b a/b # c\ntags: [x, \"y\", {z: *b}]\nmodel-index:\n- name: |\n    q\n  r: >-\n    s\n";
    let pieces = [
        ":", "- ", "\n", "\"", "'", "[", "]", "{", "}", "#", "&a", "*a", "!x", "|", ">", "\t", "  ", "---", "...", "?",
        "%", "@", ",", "\u{e9}", "\r", "\u{feff}", "\0", "<<: ",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..2_500 {
        let mut text: Vec<char> = seed.chars().collect();
        for _ in 0..1 + random(4) {
            let at = random(text.len());
            match random(3) {
                0 => drop(text.drain(at..(at + 1 + random(5)).min(text.len()))),
                _ => drop(text.splice(at..at, pieces[random(pieces.len())].chars())),
            }
        }
        let yaml: String = text.into_iter().collect();
        let source = card(&yaml);
        let matter = FrontMatter::parse(&source);
        for node in matter.tree.nodes() {
            let span = node.span();
            assert!(span.start <= span.end && source.text().get(span.range()).is_some(), "{yaml:?} {node:?}");
        }
        for error in &matter.errors {
            assert!(source.text().get(error.span.range()).is_some(), "{yaml:?} {error:?}");
        }
    }
}

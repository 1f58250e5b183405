//! The laws of text that a machine can hold, over every message that a user can see: the findings on each fixture and on
//! each example of each manual, the manuals themselves, the checklist and `--help`. `tests/words/` has the words.

#[allow(dead_code, reason = "fixes are not asked for here")]
mod engine;
#[allow(dead_code, reason = "only the examples are read, not what they expect")]
mod manual;
mod repositories;

use std::collections::BTreeSet;
use std::process::Command;

use hf_release::config::Selection;
use hf_release::diagnostic::Diagnostic;
use hf_release::rules::RULES;
use manual::Manual;

/// The longest sentence of a help, in words.
const MAX_WORDS: usize = 20;

/// How many sentences a help has at most.
const MAX_SENTENCES: usize = 2;

/// A text with the place where it comes from.
struct Text {
    from: String,
    kind: Kind,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Message,
    Label,
    Help,
    Fix,
    Page,
}

/// The rows of a list under `tests/words/`, without comments; what follows a tab is for people.
fn rows(text: &str) -> Vec<&str> {
    let rows = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    rows.map(|line| line.split('\t').next().unwrap().trim()).collect()
}

fn imperatives() -> BTreeSet<&'static str> {
    rows(include_str!("words/imperatives.tsv")).into_iter().collect()
}

/// The findings of every fixture and of every example of every manual, as texts.
fn of_findings() -> Vec<Text> {
    let mut texts = Vec::new();
    for name in repositories::fixtures() {
        let (_kept, folder) = repositories::copy(&name);
        for (_, finding) in engine::check_with(&folder, None, &Selection::all()) {
            for finding in finding.covers.iter().chain([&finding]) {
                add(finding, &format!("{} on {name}", finding.rule), &mut texts);
            }
        }
    }
    for rule in RULES {
        let meta = rule.meta();
        for scene in Manual::parse(meta.docs).scenes {
            let folder = scene.on_disk();
            for (_, finding) in engine::check(folder.path(), scene.repo_id.as_deref(), meta.name) {
                add(&finding, &format!("{}, {}", meta.name, scene.heading), &mut texts);
            }
        }
    }
    texts
}

fn add(finding: &Diagnostic, from: &str, texts: &mut Vec<Text>) {
    let mut push = |kind, text: &str| {
        if !text.is_empty() {
            texts.push(Text { from: from.to_owned(), kind, text: text.to_owned() });
        }
    };
    push(Kind::Message, &finding.message);
    push(Kind::Label, &finding.primary.text);
    for label in &finding.related {
        push(Kind::Label, &label.text);
    }
    if let Some(help) = &finding.help {
        push(Kind::Help, help);
    }
    if let Some(fix) = &finding.fix {
        push(Kind::Fix, &fix.title);
    }
}

/// What the program prints for a command line.
fn printed(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hf-release"));
    let output = command.args(arguments).env("COLUMNS", "200").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The pages that are not findings: manuals, `--help`, the checklist, the README.
fn of_pages() -> Vec<Text> {
    let page = |from: &str, text: String| Text { from: from.to_owned(), kind: Kind::Page, text };
    let mut pages: Vec<Text> = RULES
        .iter()
        .map(|rule| page(&format!("manual of {}", rule.meta().name), without_code(rule.meta().docs)))
        .collect();
    for command in ["check", "init", "preview", "inspect", "explain", "rules", "checklist"] {
        pages.push(page(&format!("{command} --help"), printed(&[command, "--help"])));
    }
    pages.push(page("--help", printed(&["--help"])));
    pages.push(page("rules", printed(&["rules"])));
    pages.push(page("checklist", printed(&["checklist", "fixtures/clean"])));
    pages.push(page("README.md", without_code(include_str!("../README.md"))));
    pages.push(page("CONTRIBUTING.md", without_code(include_str!("../CONTRIBUTING.md"))));
    pages
}

/// Markdown without its fenced code.
fn without_code(markdown: &str) -> String {
    let mut inside = false;
    let mut kept = String::new();
    for line in markdown.lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if !inside {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// A text without what it quotes: code, and lines of code to copy. What is quoted keeps its place as `…`.
fn unquoted(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("    ")).collect();
    let mut kept = String::new();
    for (index, part) in lines.join("\n").replace("``", "\u{1}").split('`').enumerate() {
        kept.push_str(if index % 2 == 0 { part } else { "…" });
    }
    let mut outside = String::new();
    for (index, part) in kept.split('\u{1}').enumerate() {
        outside.push_str(if index % 2 == 0 { part } else { "…" });
    }
    outside
}

/// The sentences of a text. A period inside of a number, a file name or an abbreviation ends none.
fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut sentence = String::new();
    for word in text.split_whitespace() {
        sentence.push_str(word);
        sentence.push(' ');
        let bare = word.trim_end_matches([')', '"', '”']);
        if bare.ends_with(['.', '?', '!']) && !matches!(bare, "e.g." | "i.e." | "etc." | "…") {
            found.push(std::mem::take(&mut sentence).trim().to_owned());
        }
    }
    if !sentence.trim().is_empty() {
        found.push(sentence.trim().to_owned());
    }
    found
}

/// What is wrong with a text, each fault in a few words.
fn faults(text: &Text) -> Vec<String> {
    let mut faults = Vec::new();
    let plain = unquoted(&text.text);
    let words = format!(" {} ", lower_words(&plain));
    for phrase in rows(include_str!("words/forbidden.tsv")) {
        if words.contains(&format!(" {phrase} ")) {
            faults.push(format!("says “{phrase}”"));
        }
    }
    if text.kind == Kind::Page {
        return faults;
    }
    if plain.contains(';') {
        faults.push("has a semicolon".to_owned());
    }
    if text.kind == Kind::Help {
        faults.extend(faults_of_help(&plain));
    }
    faults
}

fn faults_of_help(plain: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let sentences = sentences(plain);
    if sentences.len() > MAX_SENTENCES {
        faults.push(format!("has {} sentences", sentences.len()));
    }
    for sentence in &sentences {
        let length = sentence.split_whitespace().count();
        if length > MAX_WORDS {
            faults.push(format!("has a sentence of {length} words"));
        }
    }
    let first = plain.split_whitespace().next().unwrap_or_default().trim_end_matches([',', ':', '.']);
    if !imperatives().contains(first) {
        faults.push(format!("begins with “{first}”, not with what to do"));
    }
    if !plain.trim_end().ends_with(['.', ':', '…', '?']) {
        faults.push("does not end with a period".to_owned());
    }
    faults
}

/// The words of a text in lower case, one space apart, without punctuation.
fn lower_words(text: &str) -> String {
    let words =
        text.split(|letter: char| !letter.is_alphanumeric() && letter != '\'' && letter != '’' && letter != '-');
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[test]
fn texts_follow_the_laws() {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for text in of_findings().iter().chain(&of_pages()) {
        for fault in faults(text) {
            let shown: String = if text.kind == Kind::Page {
                String::new()
            } else {
                format!(": {:?} {}", text.kind, text.text.replace('\n', " / "))
            };
            found.insert(format!("{}: {fault}{shown}", text.from));
        }
    }
    let found: Vec<String> = found.into_iter().collect();
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}

#[test]
fn the_laws_notice() {
    let faults_of = |kind, text: &str| faults(&Text { from: String::new(), kind, text: text.to_owned() });
    for (kind, text) in [
        (Kind::Message, "`x` is no licence id of the Hub"),
        (Kind::Label, "add it; then push"),
        (Kind::Help, "the Hub rejects the push."),
        (Kind::Help, "Write it. Push it. Then push it again."),
        (Kind::Help, "Write a a a a a a a a a a a a a a a a a a a a."),
        (Kind::Help, "Write it"),
        (Kind::Page, "A stub that nobody fills in"),
    ] {
        assert_ne!(faults_of(kind, text), [""; 0], "{text}");
    }
    for (kind, text) in [
        (Kind::Message, "`licence` is not a key that the Hub reads"),
        (Kind::Help, "Write `apache-2.0`. The Hub rejects the push until `license` is one of its 83 ids."),
        (Kind::Help, "Paste this below a heading “How to use”:\n    from x import y; y.run()\n    licence = 1"),
    ] {
        assert_eq!(faults_of(kind, text), [""; 0], "{text}");
    }
}

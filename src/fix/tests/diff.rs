use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::fix::{Change, diff};
use crate::source::RepoPath;

fn change(path: &str, before: Option<&[u8]>, after: &[u8]) -> Change {
    Change { path: RepoPath::new(path), before: before.map(Into::into), after: after.into() }
}

fn text(changes: &[Change]) -> String {
    String::from_utf8(diff::unified(changes)).unwrap()
}

fn numbered(lines: std::ops::Range<usize>) -> String {
    lines.map(|line| format!("line {line}\n")).collect()
}

/// Gives the diff to a program in a folder that contains the old files, and compares the files that it makes.
fn reproduces(changes: &[Change]) {
    for program in [&["git", "apply", "--whitespace=nowarn"][..], &["patch", "-p1", "--binary", "--quiet"][..]] {
        let (name, arguments) = program.split_first().unwrap();
        if Command::new(name).arg("--version").output().is_err() {
            eprintln!("SKIPPED: `{name}` is not installed, its reading of the diff is not checked");
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        for Change { path, before, .. } in changes {
            let file = folder.path().join(path.as_str());
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            if let Some(before) = before {
                fs::write(file, before).unwrap();
            }
        }
        run(name, arguments, folder.path(), &diff::unified(changes));
        for Change { path, after, .. } in changes {
            let made = fs::read(folder.path().join(path.as_str())).unwrap();
            assert!(made == **after, "{name} made {:?} of {path}", String::from_utf8_lossy(&made));
        }
    }
}

fn run(name: &str, arguments: &[&str], folder: &Path, input: &[u8]) {
    let mut command = Command::new(name);
    // Neither a repository around the temporary folder nor the settings of the user who runs the tests take part.
    command
        .env("GIT_CEILING_DIRECTORIES", folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    command.args(arguments).current_dir(folder).stdin(Stdio::piped()).stderr(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{name}: {}{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(input)
    );
}

#[test]
fn one_change_shows_three_lines_around_it() {
    let (before, after) = (numbered(1..21), numbered(1..21).replace("line 10\n", "line ten\nand more\n"));
    let changes = [change("README.md", Some(before.as_bytes()), after.as_bytes())];
    assert_eq!(
        text(&changes),
        "--- a/README.md\n+++ b/README.md\n@@ -7,7 +7,8 @@\n line 7\n line 8\n line 9\n-line 10\n+line ten\n+and more\n \
         line 11\n line 12\n line 13\n"
    );
    reproduces(&changes);
}

#[test]
fn nothing_changed_says_nothing() {
    assert_eq!(text(&[change("README.md", Some(b"a\n"), b"a\n")]), "");
    assert_eq!(text(&[]), "");
}

#[test]
fn hunks_merge_when_they_touch() {
    let before = numbered(1..41);
    let near = before.replace("line 10\n", "ten\n").replace("line 17\n", "");
    let apart = before.replace("line 10\n", "ten\n").replace("line 18\n", "");
    for (after, hunks) in [(near, 1), (apart, 2)] {
        let changes = [change("README.md", Some(before.as_bytes()), after.as_bytes())];
        assert_eq!(text(&changes).matches("\n@@ ").count(), hunks);
        reproduces(&changes);
    }
}

#[test]
fn every_kind_of_text_comes_back_to_the_byte() {
    let pairs: [(&[u8], &[u8]); 14] = [
        (b"a: 1\r\nb: 2\r\n", b"a: 1\r\nc: 3\r\nb: 2\r\n"),
        (b"a: 1\r\nb: 2\r\n", b"a: 1\nb: 2\r\n"),
        (b"\xef\xbb\xbf---\na: 1\n---\n", b"\xef\xbb\xbf---\na: 1\nb: 2\n---\n"),
        (b"one", b"one\ntwo"),
        (b"one", b"one\n"),
        (b"one\n", b"one"),
        (b"zero\none", b"first\none"),
        (b"", b"one\n"),
        (b"one\n", b""),
        (b"one\n\n\n", b"\n"),
        (b"\n\n\n\n\n\n\n\n\n\n\n\n", b"x\n\n\n\n\n\n\n\n\n\n\n\n\ny\n"),
        (b"bad \xff\xfe\nbytes\n", b"bad \xff\xfe\nother bytes\n"),
        (b"tab\there\x1b[31m\n", b"tab\there\x1b[32m\n"),
        (b"- x\n+ y\n-- a\n", b"-- a\n+ y\n+++ b\n"),
    ];
    for (before, after) in pairs {
        reproduces(&[change("README.md", Some(before), after)]);
    }
}

#[test]
fn new_files_come_from_nowhere() {
    let changes = [change(".gitignore", None, b"*.tmp\n"), change("README.md", Some(b"a\n"), b"b\n")];
    assert!(text(&changes).contains("--- /dev/null\n+++ b/.gitignore\n@@ -0,0 +1 @@\n+*.tmp\n"));
    reproduces(&changes);
    reproduces(&[change("no-line-break", None, b"text"), change("sub/README.md", None, b"\r\nx\r\n")]);
}

#[test]
fn odd_paths_are_quoted_as_git_quotes_them() {
    let quoted = text(&[change("d\"é\\\t.md", Some(b"a\n"), b"b\n")]);
    assert!(
        quoted.starts_with("--- \"a/d\\\"\\303\\251\\\\\\t.md\"\n+++ \"b/d\\\"\\303\\251\\\\\\t.md\"\n"),
        "{quoted}"
    );
    for path in
        ["with blank.md", "é.md", "quote\".md", "back\\slash.md", "tab\t.md", "line\nbreak.md", "sub folder/ü 2026.md"]
    {
        reproduces(&[change(path, Some(b"a\n"), b"b\n")]);
    }
    reproduces(&[change("a new\tfile é.md", None, b"b\n")]);
}

#[test]
fn a_large_replacement_in_the_middle_is_still_right() {
    let before = numbered(1..3000);
    let block: String = (0..2000).map(|line| format!("other {line}\n")).collect();
    let after = before.replace(&numbered(500..1500), &block).replace("line 2000\n", "");
    reproduces(&[change("README.md", Some(before.as_bytes()), after.as_bytes())]);
}

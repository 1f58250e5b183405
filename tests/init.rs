//! `hf-release init`: what it shows is what it writes, it adds and never overwrites, and its placeholders stay findings.

mod repositories;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use hf_release::card::Card;
use hf_release::source::{FileId, RepoPath, SourceFile};
use tempfile::TempDir;

use repositories::{copy, fixtures, root};

fn run(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hf-release"));
    command.env("NO_COLOR", "1").args(arguments).arg(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        fs::write(folder.path().join(path), bytes).unwrap();
    }
    folder
}

fn readme(folder: &Path) -> Vec<u8> {
    fs::read(folder.join("README.md")).unwrap_or_default()
}

/// How often each rule speaks, and how many errors there are.
fn findings(folder: &Path, more: &[&str]) -> (BTreeMap<String, usize>, u64) {
    let output = run(&[&["check", "--output", "json"], more].concat(), folder);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut rules = BTreeMap::new();
    for finding in report["repositories"][0]["findings"].as_array().unwrap() {
        // A card without text has one finding for all that it lacks; one with empty sections, one for each.
        for rule in finding["covers"].as_array().unwrap().iter().chain([&finding["rule"]]) {
            *rules.entry(rule.as_str().unwrap().to_owned()).or_default() += 1;
        }
    }
    (rules, report["summary"]["error"].as_u64().unwrap())
}

/// The prose and the headings of a card, in order.
fn said(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let source = SourceFile::new(FileId(0), RepoPath::new("README.md"), bytes.to_vec());
    let card = Card::parse(&source);
    let prose = card.body().prose.iter().map(|prose| prose.text.clone()).collect();
    (prose, card.body().headings.iter().map(|heading| heading.text.clone()).collect())
}

/// The text below the metadata block.
fn body(bytes: &[u8]) -> String {
    let source = SourceFile::new(FileId(0), RepoPath::new("README.md"), bytes.to_vec());
    let start = Card::parse(&source).front_matter.body_start() as usize;
    source.text()[start..].to_owned()
}

/// Whether everything of one list stands in the other, in order.
fn keeps(before: &[String], after: &[String]) -> bool {
    let mut rest = after.iter();
    before.iter().all(|text| rest.any(|other| other == text))
}

#[test]
fn what_is_shown_is_what_is_written() {
    for name in fixtures() {
        let (_folder, target) = copy(&name);
        let before = readme(&target);
        let shown = run(&["init"], &target);
        assert_eq!(before, readme(&target), "{name}: a look wrote something");
        assert_eq!(shown.status.code(), Some(i32::from(!shown.stdout.is_empty())), "{name}");
        let diff = target.join("shown.diff");
        fs::write(&diff, &shown.stdout).unwrap();
        let (_other, applied) = copy(&name);
        if !shown.stdout.is_empty() {
            // Temporary folders may lie inside a repository.
            let mut git = Command::new("git");
            git.env("GIT_CEILING_DIRECTORIES", applied.parent().unwrap()).current_dir(&applied);
            let status = git.args(["apply", "--whitespace=nowarn"]).arg(&diff).status().unwrap();
            assert!(status.success(), "{name}: the diff does not apply");
        }
        fs::remove_file(diff).unwrap();
        let written = run(&["init", "--yes"], &target);
        assert_eq!(written.status.code(), Some(0), "{name}: {}", text(&written.stderr));
        assert_eq!(text(&readme(&target)), text(&readme(&applied)), "{name}");
    }
}

#[test]
fn every_fixture_keeps_what_it_said_and_settles() {
    for name in fixtures() {
        for id in [&[][..], &["--repo-id", "hf-release-examples/lamp"]] {
            let (_folder, target) = copy(&name);
            let before = readme(&target);
            let (old, old_errors) = findings(&target, id);
            assert_eq!(run(&[&["init", "--yes"], id].concat(), &target).status.code(), Some(0), "{name}");
            let after = readme(&target);
            let ((old_prose, old_titles), (prose, titles)) = (said(&before), said(&after));
            assert!(keeps(&old_prose, &prose) && keeps(&old_titles, &titles), "{name}");
            let lines = |bytes: &[u8]| body(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
            assert!(keeps(&lines(&before), &lines(&after)), "{name}");
            let (new, new_errors) = findings(&target, id);
            assert!(new_errors <= old_errors, "{name}: {old:?} {new:?}");
            // A card that was not there can have no gaps.
            if !before.is_empty() {
                let count = |found: &BTreeMap<String, usize>| found.values().sum::<usize>();
                assert!(count(&new) <= count(&old), "{name}: {old:?} {new:?}");
                assert!(new.keys().all(|rule| old.contains_key(rule)), "{name}: {old:?} {new:?}");
            }
            let again = run(&[&["init", "--yes"], id].concat(), &target);
            assert_eq!((again.status.code(), again.stdout), (Some(0), Vec::new()), "{name}");
            assert_eq!(text(&after), text(&readme(&target)), "{name}: a second run changes something");
        }
    }
}

#[test]
fn placeholders_stay_findings() {
    let (_folder, target) = copy("missing-card");
    run(&["init", "--yes"], &target);
    let (found, _) = findings(&target, &[]);
    let wanted = [
        "missing-description",
        "missing-evaluation",
        "missing-language",
        "missing-license",
        "missing-limitations",
        "missing-tags",
        "missing-technical-specs",
        "missing-usage",
        // The title, without an id.
        "template-text",
    ];
    assert!(found.keys().eq(wanted), "{found:?}");
    // With an id the code can be run.
    let (_folder, target) = copy("missing-card");
    run(&["init", "--yes", "--repo-id", "acme/lamp"], &target);
    let (found, _) = findings(&target, &[]);
    assert!(!found.contains_key("missing-usage") && found.contains_key("missing-technical-specs"), "{found:?}");
    let card = text(&readme(&target));
    assert!(card.contains("pipeline(\"text-classification\", model=\"acme/lamp\")"), "{card}");
    assert!(card.contains("| Parameters | 22,594 | safetensors headers |"), "{card}");
    assert!(card.contains("\n# lamp\n") && !card.contains("OWNER"), "{card}");
}

#[test]
fn the_summary_says_what_was_done_and_what_is_left() {
    let (_folder, target) = copy("timm");
    let output = run(&["init", "--yes"], &target);
    let told = text(&output.stdout);
    assert!(told.starts_with("completed `README.md`\n"), "{told}");
    let added = "add Description, Usage, Technical specifications, Evaluation, Limitations";
    assert!(told.contains(added) && told.contains("Fill in the TODOs."), "{told}");
}

#[test]
fn line_ends_and_marks_stay() {
    let card = b"\xef\xbb\xbf---\r\nlicense: mit\r\n---\r\n# Lamp\r\n\r\nIt shines.";
    let folder = folder(&[("README.md", card)]);
    assert_eq!(run(&["init", "--yes"], folder.path()).status.code(), Some(0));
    let after = text(&readme(folder.path()));
    assert!(after.starts_with("\u{feff}---\r\nlicense: mit\r\n"), "{after}");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "{after}");
    assert!(after.contains("It shines.\r\n\r\n## Description\r\n\r\n<!-- TODO"), "{after}");
}

#[test]
fn a_section_after_an_open_code_block_would_be_code() {
    let card = "---\nlicense: mit\n---\n# Lamp\n\n```python\nlamp.on()\n";
    let folder = folder(&[("README.md", card.as_bytes())]);
    let output = run(&["init", "--yes"], folder.path());
    let told = text(&output.stderr);
    assert!(told.contains("not done: add Description"), "{told}");
    assert!(!text(&readme(folder.path())).contains("Description"));
}

#[test]
fn what_cannot_be_a_card_is_told() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 9000\n";
    let utf16: Vec<u8> = "\u{feff}# Lamp\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, bytes, words) in [
        ("README.md", pointer.as_bytes(), "git-lfs pointer"),
        ("readme.md", b"# Lamp\n", "`readme.md`"),
        ("README.md", &utf16, "UTF-8"),
    ] {
        let folder = folder(&[(name, bytes)]);
        for arguments in [&["init"][..], &["init", "--yes"]] {
            let output = run(arguments, folder.path());
            let told = text(&output.stderr);
            assert_eq!((output.status.code(), output.stdout), (Some(3), Vec::new()), "{name}: {told}");
            assert!(told.contains(words) && told.contains("help: "), "{name}: {told}");
            assert_eq!(fs::read(folder.path().join(name)).unwrap(), bytes, "{name}");
        }
    }
    let output = run(&["init"], &root().join("no-such-folder"));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_card_that_is_cut_anywhere_keeps_what_is_left() {
    for name in ["causal-lm-sharded", "sentence-transformers", "trl-sft"] {
        let (_folder, target) = copy(name);
        let whole = readme(&target);
        for cut in (0..12).map(|part| whole.len() * part / 12) {
            let before = &whole[..cut];
            fs::write(target.join("README.md"), before).unwrap();
            let output = run(&["init", "--yes"], &target);
            assert!(matches!(output.status.code(), Some(0 | 3)), "{name} at {cut}");
            let after = readme(&target);
            let ((old_prose, old_titles), (prose, titles)) = (said(before), said(&after));
            assert!(keeps(&old_prose, &prose) && keeps(&old_titles, &titles), "{name} at {cut}: {}", text(&after));
            run(&["init", "--yes"], &target);
            assert_eq!(text(&after), text(&readme(&target)), "{name} at {cut}: a second run changes something");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_card_stays_and_is_told() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder(&[("README.md", b"# Lamp\n")]);
    let card = folder.path().join("README.md");
    fs::set_permissions(&card, fs::Permissions::from_mode(0o444)).unwrap();
    let output = run(&["init", "--yes"], folder.path());
    assert_eq!((output.status.code(), readme(folder.path())), (Some(3), b"# Lamp\n".to_vec()));
    assert!(text(&output.stderr).contains("make it writable"), "{}", text(&output.stderr));
    fs::set_permissions(&card, fs::Permissions::from_mode(0o644)).unwrap();
}

/// Headings of HTML stand in the middle of elements: nothing is put before one.
#[test]
fn code_goes_between_markdown_headings_only() {
    let config: &[u8] = br#"{"architectures": ["BertForSequenceClassification"], "model_type": "bert"}"#;
    let card = |next: &str| format!("---\nlicense: mit\n---\n# Lamp\n\n## How to use\n\n{next}\n\nWords.\n");
    for (next, expected) in [("## Data", true), ("<div><h2>Data</h2></div>", false), ("Data\n----", false)] {
        let folder = folder(&[("README.md", card(next).as_bytes()), ("config.json", config)]);
        run(&["init", "--yes", "--repo-id", "acme/lamp"], folder.path());
        let after = text(&readme(folder.path()));
        assert_eq!(after.contains("## How to use\n\n```python\n"), expected, "{after}");
        assert!(after.contains(&format!("\n\n{next}\n\nWords.\n")), "{after}");
    }
}

#[test]
fn sections_go_before_those_that_close_a_card() {
    let card = "# Lamp\n\n## Usage\n\n## License\n\nMIT\n\n## Citation\n\n### BibTeX\n\n```bibtex\n@misc{a}\n```\n\n## Authors\n\nUs.\n";
    let order = |card: &str, more: &[(&str, &[u8])]| {
        let folder = folder(&[&[("README.md", card.as_bytes())], more].concat());
        run(&["init", "--yes"], folder.path());
        let body = body(&readme(folder.path()));
        body.lines().filter_map(|line| line.strip_prefix("## ")).collect::<Vec<_>>().join(", ")
    };
    let new = "Technical specifications, Evaluation, Limitations";
    assert_eq!(order(card, &[]), format!("Description, Usage, {new}, License, Citation, Authors"));
    let config: &[(&str, &[u8])] = &[(
        "config.json",
        br#"{"model_type": "bert", "architectures": ["BertForMaskedLM"], "transformers_version": "5"}"#,
    )];
    let with_code = order(card, config);
    assert_eq!(
        with_code,
        format!("Description, Usage, {new}, License, Citation, Authors"),
        "code goes below its heading"
    );
    // Text after the citation does not end a card.
    let open = "# Lamp\n\n## Citation\n\nUs.\n\n## Results\n\n97 of 100, an accuracy of 0.97.\n";
    assert!(order(open, &[]).starts_with("Description, Citation, Results, Usage"), "{}", order(open, &[]));
}

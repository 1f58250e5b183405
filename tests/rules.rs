//! Every rule's manual is a test: its examples are repositories, its carets are the findings, its fixed form is what
//! the fix writes, byte for byte.
//!
//! How a manual writes a repository:
//! - Fences under one `## Example…`, `## Fixed…` or `## Fine…` heading are the files of one repository; each names its
//!   `path=`. `repo-id=` on a fence gives the repository an id.
//! - A line of carets followed by a rule name marks a finding on the line above, at those columns; it is not part of
//!   the file. `(warning)` after the name states a level other than the rule's own.
//! - `size=N` on a fence of text fills the file with empty lines up to N bytes.
//! - A fence of language `findings` lists findings that have no bytes: `PATH RULE [(LEVEL)]`.
//! - A fence of language `safetensors` is a header: the test adds its length before and the promised data after it
//!   (`data=N` overrides the number of data bytes). A fence of language `hex` is bytes; `;` starts a comment. One of
//!   language `pickle` is a listing of opcodes; see `manual/opcodes.rs`.
//! - `## Fixed` is what `--fix` makes of the example before it (`--unsafe-fixes` for a rule whose fix is unsafe); its
//!   carets are the findings that remain, as with a placeholder. Without a fix it is a repository that satisfies the rule.

mod engine;
mod manual;

use std::collections::BTreeSet;
use std::path::Path;

use hf_release::diagnostic::Safety;
use hf_release::rules::{RULES, Section};
use manual::{Manual, Role, Scene};

#[test]
fn the_table_lists_exactly_the_files_beside_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut files = BTreeSet::new();
    for section in Section::ALL {
        let folder = root.join(section.as_str());
        for entry in std::fs::read_dir(&folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if let Some(stem) = name.strip_suffix(".md") {
                files.insert(format!("{section}/{}", stem.replace('_', "-")));
            }
        }
    }
    let table: BTreeSet<_> = RULES.iter().map(|rule| format!("{}/{}", rule.meta().section, rule.meta().name)).collect();
    assert_eq!(table.len(), RULES.len(), "two rules share a name");
    assert_eq!(table, files);
}

#[test]
fn manuals_have_the_fixed_headings() {
    for rule in RULES {
        let meta = rule.meta();
        let manual = Manual::parse(meta.docs);
        assert_eq!(manual.title, meta.name);
        let wanted = ["What it does", "Why it matters", "Example", "Fixed", "References"];
        let order: Vec<_> = manual.headings.iter().filter(|name| wanted.contains(&name.as_str())).collect();
        assert_eq!(order, wanted.iter().collect::<Vec<_>>(), "{}", meta.name);
        for heading in &manual.headings {
            let word = heading.split([':', ' ']).next().unwrap();
            let known = ["What", "Why", "Example", "Fixed", "Fine", "Options", "References"];
            assert!(known.contains(&word), "{}: heading `{heading}`", meta.name);
        }
        let passport = manual.passport.as_str();
        let words = passport.split(" · ").collect::<Vec<_>>();
        assert!(words[0].contains(meta.level.as_str()), "{}: `{passport}` and {:?}", meta.name, meta.level);
        assert_eq!(words.get(1).copied(), Some(format!("item {}", meta.item.id).as_str()), "{}", meta.name);
        match meta.fix {
            None => assert_eq!(words.get(2).copied(), Some("no fix"), "{}", meta.name),
            Some(Safety::Safe) => assert!(words[2].starts_with("safe fix"), "{}: `{passport}`", meta.name),
            Some(_) => assert!(words[2].starts_with("unsafe fix"), "{}: `{passport}`", meta.name),
        }
        assert!(!meta.summary().is_empty(), "{}", meta.name);
        assert!(manual.scenes.iter().any(|scene| scene.role == Role::Example), "{}", meta.name);
    }
}

#[test]
fn examples_are_found_and_fixed_as_the_manual_says() {
    let mut faults = Vec::new();
    for rule in RULES {
        let meta = rule.meta();
        let manual = Manual::parse(meta.docs);
        let mut example: Option<&Scene> = None;
        for scene in &manual.scenes {
            let outcome = scene.check(meta);
            let found = outcome.findings.clone();
            if found != scene.expected(meta) {
                faults.push(format!(
                    "{} / {}\n  expected {:#?}\n  found {found:#?}",
                    meta.name,
                    scene.heading,
                    scene.expected(meta)
                ));
            }
            match scene.role {
                Role::Example if found.is_empty() => {
                    faults.push(format!("{} / {}: an example without a finding", meta.name, scene.heading));
                }
                Role::Fine if !found.is_empty() => {
                    faults.push(format!("{} / {}: a fine repository with findings", meta.name, scene.heading));
                }
                Role::Fixed => {
                    let before = example.take().expect("a fixed form follows its example");
                    let unsafe_fixes = meta.fix == Some(Safety::Unsafe);
                    if let Some(files) = before.fixed(meta, unsafe_fixes) {
                        for (path, bytes) in &scene.files {
                            let got = files.get(path).cloned().unwrap_or_default();
                            if &got != bytes {
                                let (want, got) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&got));
                                faults.push(format!("{} / {path}\nmanual:\n{want}\nfix:\n{got}", meta.name));
                            }
                        }
                    }
                }
                _ => {}
            }
            if scene.role == Role::Example {
                example = Some(scene);
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

/// One defect, one finding: what all rules together say where a manual shows a finding of its own.
#[test]
fn other_rules_on_every_example() {
    let mut text = String::new();
    for rule in RULES {
        let manual = Manual::parse(rule.meta().docs);
        for scene in manual.scenes.iter().filter(|scene| scene.role == Role::Example) {
            let overlaps = scene.overlaps(rule.meta());
            if !overlaps.is_empty() {
                text += &format!("{} / {}\n", rule.meta().name, scene.heading);
                overlaps.iter().for_each(|line| text += &format!("  {line}\n"));
            }
        }
    }
    insta::assert_snapshot!(text);
}

/// What a text tells to write: the first code after the words, unless it stands for something that only the author knows.
fn advised<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(&format!("{words} `"))?;
    let (code, after) = rest.split_once('`')?;
    // "or `…`" leaves a choice, and the others are forms to follow.
    let is_open = after.trim_start().starts_with("or ")
        || ["owner/name", "key: value", "…"].iter().any(|form| code.contains(form));
    (!is_open).then_some(code)
}

/// Advice that can be followed literally is followed: the value is written where the finding points, the key into the block.
#[test]
fn what_a_finding_says_to_write_makes_it_go() {
    let (mut followed, mut faults) = (0, Vec::new());
    for rule in RULES {
        let meta = rule.meta();
        for scene in Manual::parse(meta.docs).scenes.iter().filter(|scene| scene.role == Role::Example) {
            for (place, finding) in engine::check(scene.on_disk().path(), scene.repo_id.as_deref(), meta.name) {
                let Some(text) = scene.files.get(&place.path).and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
                    continue;
                };
                let help = finding.help.as_deref().unwrap_or_default();
                let changed = match (finding.primary.place.span(), advised(&finding.primary.text, "write")) {
                    (Some(span), Some(value)) => {
                        format!("{}{value}{}", &text[..span.start as usize], &text[span.end as usize..])
                    }
                    _ => match advised(help, "Add").filter(|line| line.contains(": ")) {
                        Some(line) if text.starts_with("---\n") => text.replacen("---\n", &format!("---\n{line}\n"), 1),
                        _ => continue,
                    },
                };
                followed += 1;
                let folder = scene.on_disk();
                std::fs::write(folder.path().join(&place.path), &changed).unwrap();
                let left = engine::check(folder.path(), scene.repo_id.as_deref(), meta.name);
                if left.iter().any(|(_, left)| left.message == finding.message) {
                    faults.push(format!("{} / {}: {}\n{changed}", meta.name, scene.heading, finding.message));
                }
            }
        }
    }
    assert!(followed > 20, "only {followed} findings say what to write");
    assert!(faults.is_empty(), "{} of {followed}:\n{}", faults.len(), faults.join("\n\n"));
}

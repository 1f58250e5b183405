//! What `--fix` writes, before the readers that people use: PyYAML, huggingface_hub and js-yaml. Every fixture, every card
//! that a library wrote, and every card of the push oracle.

mod hub_verdicts;
mod oracles;
mod repositories;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hf_release::diagnostic::{Level, Safety};
use hub_verdicts::{Hub, findings, findings_in, rows};
use oracles::{Read, ask};
use serde_json::Value;

use repositories::{copy_folder, root};

/// A repository in a place of its own.
struct Repository {
    name: String,
    folder: tempfile::TempDir,
    /// Whether a library or a person wrote it, and not somebody who wanted a certain defect.
    is_real: bool,
}

impl Repository {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), folder: tempfile::tempdir().unwrap(), is_real: true }
    }

    fn of_card(name: &str, card: &str) -> Self {
        let repository = Self::new(name);
        fs::write(repository.folder.path().join("README.md"), card).unwrap();
        repository
    }

    fn of_folder(from: &Path) -> Self {
        let repository = Self::new(&from.file_name().unwrap().to_string_lossy());
        copy_folder(from, repository.folder.path());
        repository
    }

    fn card(&self) -> String {
        let bytes = fs::read(self.folder.path().join("README.md")).unwrap_or_default();
        String::from_utf8(bytes).unwrap()
    }

    /// Runs the program; gives the number of errors, warnings and notes that remain.
    fn check(&self, arguments: &[&str]) -> [u64; 3] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hf-release"));
        command.args(["check", "--output", "json"]).args(arguments).arg(self.folder.path());
        let output = command.output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{}: {error}: {}", self.name, String::from_utf8_lossy(&output.stderr));
        });
        ["error", "warning", "info"].map(|level| report["summary"][level].as_u64().unwrap())
    }
}

fn entries(folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn repositories() -> Vec<Repository> {
    let mut all = Vec::new();
    for path in entries("fixtures") {
        if path.join("README.md").is_file() || path.ends_with("missing-card") {
            all.push(Repository::of_folder(&path));
        }
    }
    for path in entries("tests/cards") {
        if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.file_stem().unwrap().to_string_lossy();
            all.push(Repository::of_card(&name, &fs::read_to_string(&path).unwrap()));
        }
    }
    for row in rows() {
        let made = row.cards.iter().map(|card| Repository::of_card(&row.title, card));
        all.extend(made.map(|made| Repository { is_real: false, ..made }));
    }
    assert!(all.len() > 100);
    all
}

/// The block and the body of a card, as huggingface_hub cuts it: the block is closed by the first `---` line after
/// the opening one.
fn cut(card: &str) -> (Option<&str>, &str) {
    let start = card.len() - card.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len();
    let Some(block) = card[start..].strip_prefix("---\n").or_else(|| card[start..].strip_prefix("---\r\n")) else {
        return (None, card);
    };
    let at = card.len() - block.len();
    let mut end = at;
    for line in card[at..].split_inclusive('\n') {
        let closes = line.strip_prefix("---").is_some_and(|rest| rest.trim_matches([' ', '\t', '\r', '\n']).is_empty());
        if closes && end > at {
            return (Some(&card[at..end]), &card[end + line.len()..]);
        }
        end += line.len();
    }
    // Two fences with nothing between them: no block, and the body is after them.
    let empty = card[at..].strip_prefix("---").and_then(|rest| rest.split_once('\n'));
    (None, empty.filter(|(rest, _)| rest.trim().is_empty()).map_or(card, |(_, body)| body))
}

/// One repository before and after a fix.
struct Mended {
    name: String,
    before: String,
    after: String,
    /// The top-level keys that the fixes say they change.
    declared: BTreeSet<String>,
}

/// Fixes a repository: a second run changes nothing, and there is less to find unless all that was written are placeholders.
fn mend(repository: &Repository, flag: &str, allowed: Safety) -> Mended {
    let name = format!("{} {flag}", repository.name);
    let before = repository.card();
    let mut declared = BTreeSet::new();
    let mut mends = false;
    for finding in findings(repository.folder.path(), None) {
        if let Some(fix) = finding.fix.filter(|fix| fix.safety <= allowed) {
            declared.extend(fix.keys);
            mends |= !fix.placeholder && fix.new_files.is_empty();
        }
    }
    let count = repository.check(&[]);
    let remaining = repository.check(&[flag]);
    let after = repository.card();
    assert_eq!(repository.check(&[flag]), remaining, "{name}: a second run finds something else");
    assert_eq!(repository.card(), after, "{name}: a second run changes the card");
    let sum = |counts: [u64; 3]| counts.into_iter().sum::<u64>();
    if repository.is_real {
        assert!(sum(remaining) < sum(count) || !mends, "{name}: mended, and {count:?} findings are {remaining:?}");
        assert!(sum(remaining) <= sum(count) || before.is_empty(), "{name}: {count:?} findings are {remaining:?}");
    } else {
        // A defect may hide others: where there is no block, no key is missed in it.
        assert!(remaining[0] <= count[0], "{name}: {count:?} findings are {remaining:?}");
    }
    Mended { name, before, after, declared }
}

#[test]
fn fixed_cards_before_real_readers() {
    let mut mended = Vec::new();
    for (flag, allowed) in [("--fix", Safety::Safe), ("--unsafe-fixes", Safety::Unsafe)] {
        mended.extend(repositories().iter().map(|repository| mend(repository, flag, allowed)));
    }
    let changed = mended.iter().filter(|it| it.before != it.after).count();
    assert!(changed > 60, "only {changed} of {} cards were changed", mended.len());
    for it in &mended {
        let body = cut(&it.before).1;
        let kept = it.before == it.after || it.before.is_empty() || cut(&it.after).1 == body;
        // A block that only lacked its opening line becomes one.
        assert!(
            kept || it.after == format!("---\n{}", it.before),
            "{}: the body changed:\n{}\n{}",
            it.name,
            it.before,
            it.after
        );
    }
    let blocks: Vec<String> = mended
        .iter()
        .flat_map(|it| [&it.before, &it.after])
        .map(|card| cut(card).0.unwrap_or_default().to_owned())
        .collect();
    let Some(answers) = ask("that PyYAML and js-yaml read fixed cards as before", &blocks, &[]) else { return };
    let mut faults = Vec::new();
    for (reader, reads) in [("PyYAML", &answers.python), ("js-yaml", &answers.javascript)] {
        for (it, pair) in mended.iter().zip(reads.chunks(2)) {
            let quotes = if reader == "PyYAML" { "'" } else { "" };
            if let Some(fault) = differs(it, &pair[0], &pair[1], quotes) {
                faults.push(format!("{}, {reader}: {fault}", it.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a reader sees otherwise than before, the declared keys aside. `quotes` stand around the reader's keys.
fn differs(it: &Mended, before: &Read, after: &Read, quotes: &str) -> Option<String> {
    let after = match (before, after) {
        // What was not YAML is left alone, or its error is fixed.
        (Err(_), Err(_)) => return (it.before != it.after).then(|| "changed, and still no YAML".to_owned()),
        (_, Err(error)) => return Some(format!("no longer YAML: {error}")),
        (_, Ok(after)) => after,
    };
    let Ok(before) = before else { return None };
    let lost = before.iter().find(|(key, value)| {
        let declared = it.declared.contains(&key.replace(quotes, ""))
            // The key `no` is the boolean in Python.
            || ["True", "False"].contains(&key.as_str()) && it.declared.iter().any(|key| is_boolean_to_python(key));
        !declared && after.get(*key) != Some(value)
    });
    lost.map(|(key, value)| format!("{key} was {value} and is {:?}", after.get(key)))
}

fn is_boolean_to_python(key: &str) -> bool {
    ["no", "yes", "on", "off"].contains(&key.to_lowercase().as_str())
}

#[test]
fn what_real_readers_refuse_is_found() {
    let mut cards: Vec<(String, String, Option<Hub>)> =
        repositories().iter().map(|repository| (repository.name.clone(), repository.card(), None)).collect();
    let rows = rows();
    for row in &rows {
        let yaml = row.here.iter().any(|here| here.rule == "invalid-front-matter" && here.blocks);
        let yaml = yaml && row.source.contains("(readers)") || row.title.starts_with("A tag that js-yaml");
        let hub = if yaml { Some(Hub::Refuses) } else { None };
        cards.extend(row.cards.iter().map(|card| (row.title.clone(), card.clone(), hub)));
    }
    cards.retain(|(_, card, _)| !card.is_empty());
    let blocks: Vec<String> = cards.iter().map(|(_, card, _)| cut(card).0.unwrap_or_default().to_owned()).collect();
    let texts: Vec<String> = cards.iter().map(|(_, card, _)| card.clone()).collect();
    let what = "that what PyYAML, huggingface_hub and js-yaml refuse is found";
    let Some(answers) = ask(what, &blocks, &texts) else { return };
    let mut faults = Vec::new();
    let mut refused = 0;
    for (i, (name, card, hub)) in cards.iter().enumerate() {
        let found = findings_in(card);
        let says = |wanted: Level| found.iter().any(|f| f.level >= wanted && !f.rule.starts_with("missing-l"));
        let syntax = found.iter().any(|f| f.rule == "invalid-front-matter" && hub_verdicts::blocks(f));
        if let Some(error) = &answers.hub[i] {
            refused += 1;
            if !says(Level::Warning) {
                faults.push(format!("{name}: huggingface_hub refuses it ({error}), and nothing is said:\n{card}"));
            }
        }
        if let Err(error) = &answers.javascript[i]
            && !syntax
        {
            faults.push(format!("{name}: js-yaml refuses it ({error}), and nothing is said:\n{card}"));
        }
        if *hub == Some(Hub::Refuses) && answers.javascript[i].is_ok() {
            faults.push(format!("{name}: js-yaml reads it, against the table:\n{card}"));
        }
        // Where we say that it is not YAML to the Hub, js-yaml agrees. A text or a list is YAML, and rejected because it is not a mapping.
        let shape = found.iter().any(|f| f.message.contains("the Hub needs `key: value` lines"));
        if syntax && !shape && answers.javascript[i].is_ok() {
            faults.push(format!("{name}: we say that it is no YAML, and js-yaml reads it:\n{card}"));
        }
    }
    assert!(refused > 10, "huggingface_hub refuses only {refused}");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

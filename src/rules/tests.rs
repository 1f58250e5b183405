//! Every row of every list of words decides something: on its scene, the verdict without the row is another one.

use std::fs;
use std::path::Path;

use super::{Context, RULES, Sink};
use crate::draft;
use crate::evidence::Subject;
use crate::release::{Options, Release};
use crate::source::{RepoPath, SourceFile, without};

/// All that a user sees of a card: the findings, and what `init` would add.
fn verdict(subject: &Subject<'_>, card: &str) -> String {
    let id = Context::id_for_new_readme(subject.release());
    let source = SourceFile::new(id, RepoPath::new("README.md"), card.as_bytes().to_vec());
    let cx = Context::with_readme(subject, Some(&source));
    let mut found = Vec::new();
    for rule in RULES {
        let mut sink = Sink::new(rule.meta(), &mut found);
        rule.check(&cx, &mut sink);
    }
    format!("{found:?} {:?}", draft::addition(&cx))
}

#[test]
fn every_row_decides_a_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let release = Release::open(folder.path(), &Options::default()).unwrap();
    let subject = Subject::new(&release);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["src/claims/words", "src/card/body/words"];
    let paths =
        folders.iter().flat_map(|folder| fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()));
    let (mut rows, mut idle) = (0, Vec::new());
    for path in paths.filter(|path| path.extension().is_some_and(|end| end == "tsv")) {
        let file = path.file_name().unwrap().to_str().unwrap();
        let list = file.split('.').next().unwrap();
        for line in fs::read_to_string(&path).unwrap().lines().filter(|line| !line.starts_with("# ")) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [phrase, _, scene] = columns.as_slice() else { panic!("{file}: {line}") };
            let scene = format!("{}\n", scene.replace("\\n", "\n"));
            rows += 1;
            if verdict(&subject, &scene) == without(list, phrase, || verdict(&subject, &scene)) {
                idle.push(format!("{file}: {phrase}"));
            }
        }
    }
    assert!(rows > 100, "{rows} rows were read");
    assert!(idle.is_empty(), "no verdict depends on these rows:\n{}", idle.join("\n"));
}

//! Small repositories on disk, for tests of one rule.

use std::fs;
use std::path::Path;

use super::{Context, Rule, Sink, Subject};
use crate::diagnostic::Diagnostic;
use crate::release::{Options, Release};

/// What one rule says of a repository of these files.
pub(super) struct Outcome {
    pub(super) found: Vec<Diagnostic>,
    pub(super) skipped: Vec<String>,
}

impl Outcome {
    /// Level and message of each finding.
    pub(super) fn said(&self) -> Vec<String> {
        self.found.iter().map(|finding| format!("{} {}", finding.level.as_str(), finding.message)).collect()
    }
}

/// Writes the files into a new folder and runs one rule there.
pub(super) fn check<B: AsRef<[u8]>>(rule: &dyn Rule, files: &[(&str, B)]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        write(&folder.path().join(path), bytes.as_ref());
    }
    check_folder(rule, folder.path())
}

/// Runs one rule on a folder.
pub(super) fn check_folder(rule: &dyn Rule, folder: &Path) -> Outcome {
    let release = Release::open(folder, &Options::default()).unwrap();
    let subject = Subject::new(&release);
    let cx = Context::new(&subject);
    let mut found = Vec::new();
    let mut sink = Sink::new(rule.meta(), &mut found);
    rule.check(&cx, &mut sink);
    let skipped = sink.into_skipped();
    Outcome { found, skipped }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

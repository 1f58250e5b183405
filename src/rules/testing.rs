//! Small repositories on disk, for tests of one rule that teach a reader of its manual nothing.

use std::fs;
use std::path::Path;

use super::{Context, Rule, Sink};
use crate::diagnostic::{Diagnostic, Fix};
use crate::evidence::Subject;
use crate::release::{Options, Release};

/// What one rule says of a repository.
pub(crate) struct Outcome {
    pub(crate) found: Vec<Diagnostic>,
    pub(crate) skipped: Vec<String>,
}

impl Outcome {
    /// Level and message of each finding.
    pub(crate) fn said(&self) -> Vec<String> {
        self.found.iter().map(|finding| format!("{} {}", finding.level.as_str(), finding.message)).collect()
    }
}

/// Writes the files into a new folder and runs one rule there.
pub(crate) fn check<B: AsRef<[u8]>>(rule: &dyn Rule, files: &[(&str, B)]) -> Outcome {
    check_folder(rule, written(files).path())
}

/// Runs one rule on a folder.
pub(crate) fn check_folder(rule: &dyn Rule, folder: &Path) -> Outcome {
    check_as(rule, folder, None)
}

/// What a rule finds in a repository of these files. The id is `own/repository`.
pub(crate) fn findings(rule: &dyn Rule, files: &[(&str, &str)]) -> Vec<Diagnostic> {
    check_as(rule, written(files).path(), Some("own/repository")).found
}

/// What a rule finds in a card of this front matter.
pub(crate) fn in_front_matter(rule: &dyn Rule, yaml: &str) -> Vec<Diagnostic> {
    findings(rule, &[("README.md", &format!("---\n{yaml}---\n"))])
}

/// The text after a fix.
pub(crate) fn applied(text: &str, fix: &Fix) -> String {
    let mut text = text.to_owned();
    for edit in fix.edits.iter().rev() {
        text.replace_range(edit.at.start as usize..edit.at.end as usize, &edit.text);
    }
    text
}

/// The front matter after the only fix of a rule's findings.
pub(crate) fn fixed(rule: &dyn Rule, yaml: &str) -> Option<String> {
    let fixes: Vec<Fix> = in_front_matter(rule, yaml).into_iter().filter_map(|finding| finding.fix).collect();
    let [fix] = fixes.as_slice() else { return None };
    let text = applied(&format!("---\n{yaml}---\n"), fix);
    Some(text.strip_prefix("---\n")?.strip_suffix("---\n")?.to_owned())
}

/// The header of a GGUF file of these texts, without tensors.
pub(crate) fn gguf(keys: &[(&str, &str)]) -> Vec<u8> {
    let string = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
    let mut bytes = b"GGUF\x03\0\0\0\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend((keys.len() as u64).to_le_bytes());
    for (key, value) in keys {
        bytes.extend([string(key), 8_u32.to_le_bytes().to_vec(), string(value)].concat());
    }
    bytes
}

fn written<B: AsRef<[u8]>>(files: &[(&str, B)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn check_as(rule: &dyn Rule, folder: &Path, id: Option<&str>) -> Outcome {
    let release = Release::open(folder, &Options { repo_id: id.map(str::to_owned) }).unwrap();
    let subject = Subject::new(&release);
    let cx = Context::new(&subject);
    let mut found = Vec::new();
    let mut sink = Sink::new(rule.meta(), &mut found);
    rule.check(&cx, &mut sink);
    let skipped = sink.into_skipped().into_iter().map(|skip| skip.why).collect();
    Outcome { found, skipped }
}

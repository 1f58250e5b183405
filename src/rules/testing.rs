//! Runs one rule on a small repository, for cases that are no lesson for a reader of its manual.

use crate::diagnostic::{Diagnostic, Fix};
use crate::release::{Options, Release};
use crate::rules::{Context, Rule, Sink, Subject};

/// What a rule finds in a repository of these files. The id is `own/repository`.
pub(crate) fn findings(rule: &dyn Rule, files: &[(&str, &str)]) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let release = Release::open(folder.path(), &Options { repo_id: Some("own/repository".to_owned()) }).unwrap();
    let subject = Subject::new(&release);
    let cx = Context::new(&subject);
    let mut found = Vec::new();
    rule.check(&cx, &mut Sink::new(rule.meta(), &mut found));
    found
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

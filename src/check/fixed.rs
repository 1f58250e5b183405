//! The fix loop on a release: each pass is a run of the rules on the texts as the fixes made them.

use super::files;
use super::run::{Report, run};
use crate::config::Selection;
use crate::diagnostic::{Diagnostic, Files, Safety};
use crate::evidence::Subject;
use crate::fix::{self, Linted, Outcome, Refusal, Texts};
use crate::release::{OpenError, Overlay, Release};
use crate::rules::{Context, README};
use crate::source::{FileId, RepoPath, SourceFile};

/// Applies fixes in memory until nothing more changes. Fails when the folder cannot be listed again.
pub(super) fn fixed<'r>(
    subject: &Subject<'r>,
    selection: &Selection,
    allowed: Safety,
) -> Result<Outcome<Pass<'r>>, OpenError> {
    let root = subject.release().root();
    let may_write = |path: &RepoPath, exists: bool| {
        fix::write::check(root, path, exists).map_err(|error| Refusal::NotWritable(error.to_string()))
    };
    fix::converge(allowed, may_write, |texts| Pass::run(subject, selection, texts))
}

/// One run of the rules while fixes are tried out.
pub(super) struct Pass<'r> {
    on_disk: &'r Release,
    /// The release as it would be, where fixes changed more than the card.
    pub(super) laid_over: Option<Release>,
    /// The card as it would be, where fixes changed nothing else: what the other files show is then known already.
    pub(super) readme: Option<SourceFile>,
    pub(super) report: Report,
}

impl<'r> Pass<'r> {
    fn run(subject: &Subject<'r>, selection: &Selection, texts: &Texts) -> Result<Self, OpenError> {
        let release = subject.release();
        let path = RepoPath::new(README);
        if texts.changes().any(|change| change.path != path) {
            let overlay: Overlay = texts.changes().map(|change| (change.path.clone(), change.after.clone())).collect();
            let laid_over = release.over(overlay)?;
            let report = run(&Context::new(&Subject::new(&laid_over)), selection);
            return Ok(Self { on_disk: release, laid_over: Some(laid_over), readme: None, report });
        }
        let readme = texts.get(&path).map(|bytes| {
            let id = release.find(README).map_or_else(|| Context::id_for_new_readme(release), |file| file.id);
            SourceFile::new(id, path, bytes.to_vec())
        });
        let cx = match &readme {
            Some(readme) => Context::with_readme(subject, Some(readme)),
            None => Context::new(subject),
        };
        let report = run(&cx, selection);
        drop(cx);
        Ok(Self { on_disk: release, laid_over: None, readme, report })
    }

    /// The release as the rules saw it, the card aside.
    fn release(&self) -> &Release {
        self.laid_over.as_ref().unwrap_or(self.on_disk)
    }
}

impl Linted for Pass<'_> {
    fn findings(&self) -> &[Diagnostic] {
        &self.report.found
    }
}

impl Files for Pass<'_> {
    fn path(&self, file: FileId) -> Option<&RepoPath> {
        files::path(self.release(), self.readme.as_ref(), file)
    }

    fn source(&self, file: FileId) -> Option<&SourceFile> {
        files::source(self.release(), self.readme.as_ref(), file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Fix, Label, Level, NewFile};
    use crate::release::Options;
    use crate::source::Span;

    /// A pass with the findings of one rule that is not part of the program: weights belong to LFS.
    struct Toy<'r> {
        pass: Pass<'r>,
        findings: Vec<Diagnostic>,
    }

    impl Linted for Toy<'_> {
        fn findings(&self) -> &[Diagnostic] {
            &self.findings
        }
    }

    impl Files for Toy<'_> {
        fn source(&self, file: FileId) -> Option<&SourceFile> {
            self.pass.source(file)
        }

        fn path(&self, file: FileId) -> Option<&RepoPath> {
            self.pass.path(file)
        }
    }

    fn toy<'r>(pass: Pass<'r>) -> Toy<'r> {
        let release = pass.release();
        let outside = release.files().iter().filter(|file| file.path.extension() == "bin" && !file.lfs_covered);
        let findings = outside.map(|file| {
            let fix = Fix::new("cover it", Safety::Safe);
            let line = format!("{} filter=lfs\n", file.path);
            let fix = match release.find(".gitattributes").and_then(|found| release.text(found.id).ok()) {
                Some(text) => fix.edit(Span::at(text.id(), text.text().len() as u32), line),
                None => fix.file(RepoPath::new(".gitattributes"), line),
            };
            Diagnostic::new(Level::Error, format!("{} is outside", file.path), Label::file(file.id, "")).fix(Some(fix))
        });
        let findings = findings.collect();
        Toy { pass, findings }
    }

    #[test]
    fn fixes_of_any_file_are_judged_on_the_release_that_they_make() {
        for attributes in [None, Some("*.txt text\n")] {
            let folder = tempfile::tempdir().unwrap();
            for name in ["a.bin", "b.bin", "README.md"] {
                std::fs::write(folder.path().join(name), "x").unwrap();
            }
            if let Some(text) = attributes {
                std::fs::write(folder.path().join(".gitattributes"), text).unwrap();
            }
            let release = Release::open(folder.path(), &Options::default()).unwrap();
            let subject = Subject::new(&release);
            let selection = Selection::new(&["lfs-pointer".to_owned()], &[]).unwrap();
            let lint = |texts: &Texts| Pass::run(&subject, &selection, texts).map(toy);
            let outcome = fix::converge(Safety::Safe, |_, _| Ok(()), lint).unwrap();
            let changes: Vec<_> = outcome.texts.changes().collect();
            let start = attributes.unwrap_or_default();
            let text = String::from_utf8_lossy(&changes[0].after).into_owned();
            assert!(text.starts_with(start) && changes.len() == 1 && changes[0].path.as_str() == ".gitattributes");
            assert!(text.contains("a.bin filter=lfs\n") && text.contains("b.bin filter=lfs\n"), "{text}");
            assert!(outcome.last.findings.is_empty() && outcome.refused.is_empty(), "{:?}", outcome.refused);
            assert_eq!(outcome.last.pass.laid_over.unwrap().files().len(), 4);
        }
    }

    #[test]
    fn a_fix_that_fixes_nothing_elsewhere_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.bin"), "x").unwrap();
        let release = Release::open(folder.path(), &Options::default()).unwrap();
        let subject = Subject::new(&release);
        let selection = Selection::new(&["lfs-pointer".to_owned()], &[]).unwrap();
        let lint = |texts: &Texts| {
            let mut toy = toy(Pass::run(&subject, &selection, texts)?);
            let wrong = NewFile { path: RepoPath::new(".gitattributes"), text: "*.txt filter=lfs\n".to_owned() };
            for finding in &mut toy.findings {
                finding.fix = finding
                    .fix
                    .take()
                    .filter(|fix| !fix.new_files.is_empty())
                    .map(|fix| Fix { new_files: vec![wrong.clone()], ..fix });
            }
            Ok::<_, OpenError>(toy)
        };
        let outcome = fix::converge(Safety::Safe, |_, _| Ok(()), lint).unwrap();
        assert!(outcome.texts.changes().next().is_none() && outcome.refused.len() == 1);
    }
}

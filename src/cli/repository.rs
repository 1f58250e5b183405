//! One repository from its path to its findings, and many of them side by side.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diagnostic::{Diagnostic, Place, Safety};
use crate::evidence::Subject;
use crate::fix::{self, Change, Linted, Refusal, Texts};
use crate::lint::{self, Report, Selection};
use crate::release::{OpenError, Options, Overlay, ProblemKind, Release};
use crate::report::{self, Problem};
use crate::rules::{Context, README};
use crate::source::{FileId, RepoPath, SourceFile};

/// What is to be done with each repository.
pub(super) struct Job {
    /// How a folder is read.
    pub(super) options: Options,
    /// Which rules run.
    pub(super) selection: Selection,
    /// Which fixes are applied, if any.
    pub(super) fix: Option<Safety>,
    /// Whether changed files are written.
    pub(super) write: bool,
}

/// A repository with everything that is to be said of it.
pub(super) struct Checked {
    label: String,
    release: Option<Release>,
    /// README.md as it is after the fixes, where they changed it.
    readme: Option<SourceFile>,
    report: Report,
    problems: Vec<Problem>,
    changes: Vec<Change>,
    applied: Vec<report::Applied>,
    refused: Vec<report::Refused>,
}

/// Checks every path; the answers are in the order of the paths. A single one stays on this thread.
pub(super) fn check_all(paths: &[PathBuf], job: &Job) -> Vec<Checked> {
    // Asking for the number of processors reads files, and one repository needs no answer.
    let workers = match paths {
        [_] => 1,
        _ => std::thread::available_parallelism().map_or(1, usize::from).min(paths.len()),
    };
    if workers < 2 {
        return paths.iter().map(|path| check(path, job)).collect();
    }
    let next = AtomicUsize::new(0);
    let answers: Vec<Mutex<Option<Checked>>> = paths.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(path), Some(answer)) = (paths.get(index), answers.get(index)) else { return };
                    let checked = check(path, job);
                    if let Ok(mut slot) = answer.lock() {
                        *slot = Some(checked);
                    }
                }
            });
        }
    });
    answers.into_iter().filter_map(|answer| answer.into_inner().ok().flatten()).collect()
}

fn check(path: &Path, job: &Job) -> Checked {
    let release = match Release::open(path, &job.options) {
        Ok(release) => release,
        Err(error) => {
            return Checked::unopened(path, cannot_open(&error));
        }
    };
    let subject = Subject::new(&release);
    let Some(allowed) = job.fix else {
        let report = lint::run(&Context::new(&subject), &job.selection);
        let problems = problems(&subject, &report.found);
        drop(subject);
        return Checked::new(release, None, report, problems);
    };
    let root = release.root().to_owned();
    let outcome = match fixed(&subject, &job.selection, allowed) {
        Ok(outcome) => outcome,
        Err(error) => return Checked::unopened(path, cannot_open(&error)),
    };
    let fix::Outcome { texts, applied: done, refused: left, last: Pass { laid_over, readme, report, .. }, .. } =
        outcome;
    let problems = problems(&subject, &report.found);
    drop(subject);
    let mut checked = Checked::new(laid_over.unwrap_or(release), readme, report, problems);
    checked.applied = done.into_iter().map(applied).collect();
    checked.refused = left.into_iter().map(refused).collect();
    checked.changes = texts.changes().cloned().collect();
    if job.write {
        checked.write(&root);
    }
    checked
}

fn cannot_open(error: &OpenError) -> Problem {
    Problem { path: None, message: error.to_string(), help: Some(error.help().to_owned()) }
}

/// Applies fixes in memory until nothing more changes. Fails when the folder cannot be listed again.
pub(super) fn fixed<'r>(
    subject: &Subject<'r>,
    selection: &Selection,
    allowed: Safety,
) -> Result<fix::Outcome<Pass<'r>>, OpenError> {
    let root = subject.release().root();
    let may_write = |path: &RepoPath, exists: bool| {
        fix::write::check(root, path, exists).map_err(|error| Refusal::NotWritable(error.to_string()))
    };
    fix::converge(allowed, may_write, |texts| Pass::run(subject, selection, texts))
}

/// What could not be looked at, texts and bytes that somebody asked for in vain included. What a finding already says of a
/// link that leads out is left to it.
pub(super) fn problems(subject: &Subject<'_>, found: &[Diagnostic]) -> Vec<Problem> {
    let release = subject.release();
    let absent = found.iter().filter_map(|finding| match &finding.primary.place {
        Place::Absent(path) => Some(path),
        _ => None,
    });
    let spoken_of: std::collections::BTreeSet<&RepoPath> = absent.collect();
    let path = |id| release.file(id).map(|file| file.path.to_string());
    let untold = |problem: &&crate::release::Problem| {
        problem.kind != ProblemKind::LinkLeaves || !spoken_of.contains(&problem.path)
    };
    let of_folder = release.problems().iter().filter(untold).map(|problem| Problem {
        path: Some(problem.path.to_string()).filter(|path| !path.is_empty()),
        message: problem.message.clone(),
        help: Some(problem.help().to_owned()),
    });
    let of_texts = release.failed_reads().map(|(id, error)| Problem {
        path: path(id),
        message: error.to_string(),
        help: Some(error.help().to_owned()),
    });
    let of_bytes = subject.weights().failed().map(|(id, why)| Problem {
        path: path(id),
        message: why.to_owned(),
        help: Some("give yourself the right to read it and run the check again".to_owned()),
    });
    let mut problems: Vec<Problem> = of_folder.chain(of_texts).chain(of_bytes).collect();
    // One file, one problem: a text that could not be read could not be examined either.
    let mut told = std::collections::BTreeSet::new();
    problems.retain(|problem| problem.path.is_none() || told.insert(problem.path.clone()));
    problems
}

fn applied(fix: fix::Applied) -> report::Applied {
    report::Applied { title: fix.title, path: fix.path.to_string() }
}

fn refused(fix: fix::Refused) -> report::Refused {
    report::Refused { title: fix.title, why: fix.reason.to_string() }
}

/// One run of the rules while fixes are tried out.
pub(super) struct Pass<'r> {
    on_disk: &'r Release,
    /// The release as it would be, where fixes changed more than the card.
    laid_over: Option<Release>,
    /// The card as it would be, where fixes changed nothing else: what the other files show is then known already.
    readme: Option<SourceFile>,
    report: Report,
}

impl<'r> Pass<'r> {
    fn run(subject: &Subject<'r>, selection: &Selection, texts: &Texts) -> Result<Self, OpenError> {
        let release = subject.release();
        let path = RepoPath::new(README);
        if texts.changes().any(|change| change.path != path) {
            let overlay: Overlay = texts.changes().map(|change| (change.path.clone(), change.after.clone())).collect();
            let laid_over = release.over(overlay)?;
            let report = lint::run(&Context::new(&Subject::new(&laid_over)), selection);
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
        let report = lint::run(&cx, selection);
        drop(cx);
        Ok(Self { on_disk: release, laid_over: None, readme, report })
    }
}

impl Pass<'_> {
    /// The release as the rules saw it, the card aside.
    fn release(&self) -> &Release {
        self.laid_over.as_ref().unwrap_or(self.on_disk)
    }

    /// The release as it would be, where fixes changed more than the card.
    pub(super) fn laid_over(&self) -> Option<&Release> {
        self.laid_over.as_ref()
    }

    /// README.md as the fixes made it; nothing where they left it alone.
    pub(super) fn readme(&self) -> Option<&SourceFile> {
        self.readme.as_ref()
    }
}

impl Linted for Pass<'_> {
    fn findings(&self) -> &[Diagnostic] {
        &self.report.found
    }

    fn source(&self, file: FileId) -> Option<&SourceFile> {
        source(self.release(), self.readme.as_ref(), file)
    }

    fn path(&self, file: FileId) -> Option<&RepoPath> {
        path(self.release(), self.readme.as_ref(), file)
    }
}

/// A text as the rules saw it: the card in memory wins over the one on disk.
fn source<'a>(release: &'a Release, readme: Option<&'a SourceFile>, file: FileId) -> Option<&'a SourceFile> {
    readme.filter(|readme| readme.id() == file).or_else(|| release.text(file).ok())
}

fn path<'a>(release: &'a Release, readme: Option<&'a SourceFile>, file: FileId) -> Option<&'a RepoPath> {
    let readme = readme.filter(|readme| readme.id() == file).map(SourceFile::path);
    readme.or_else(|| release.file(file).map(|file| &file.path))
}

impl Checked {
    fn unopened(path: &Path, problem: Problem) -> Self {
        Self {
            label: path.display().to_string(),
            release: None,
            readme: None,
            report: Report::default(),
            problems: vec![problem],
            changes: Vec::new(),
            applied: Vec::new(),
            refused: Vec::new(),
        }
    }

    fn new(release: Release, readme: Option<SourceFile>, report: Report, problems: Vec<Problem>) -> Self {
        let label = release.label().to_owned();
        Self {
            label,
            release: Some(release),
            readme,
            report,
            problems,
            changes: Vec::new(),
            applied: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Writes what the fixes changed. What cannot be written is a problem, and no longer counts as fixed.
    fn write(&mut self, root: &Path) {
        for change in &self.changes {
            if let Err(error) = fix::write::write(root, change) {
                let path = change.path.to_string();
                self.applied.retain(|applied| applied.path != path);
                self.problems.push(Problem {
                    path: Some(path),
                    message: error.to_string(),
                    help: Some(error.help().to_owned()),
                });
            }
        }
    }

    pub(super) fn label(&self) -> &str {
        &self.label
    }

    pub(super) fn file_count(&self) -> usize {
        self.release.as_ref().map_or(0, |release| release.files().len())
    }

    pub(super) fn findings(&self) -> &[Diagnostic] {
        &self.report.found
    }

    pub(super) fn muted(&self) -> &[Diagnostic] {
        &self.report.muted
    }

    pub(super) fn skipped(&self) -> Vec<report::Skip> {
        let skips = self.report.skipped.iter();
        skips.map(|skip| report::Skip { rule: skip.rule.to_owned(), why: skip.why.clone() }).collect()
    }

    pub(super) fn problems(&self) -> Vec<Problem> {
        self.problems.clone()
    }

    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(super) fn applied(&self) -> Vec<report::Applied> {
        self.applied.clone()
    }

    pub(super) fn refused(&self) -> Vec<report::Refused> {
        self.refused.clone()
    }

    pub(super) fn release(&self) -> Option<&Release> {
        self.release.as_ref()
    }

    /// Whether something could not be looked at, or a rule broke.
    pub(super) fn is_incomplete(&self) -> bool {
        !self.problems.is_empty() || self.report.crashed
    }
}

impl report::Files for Checked {
    fn path(&self, file: FileId) -> Option<&RepoPath> {
        path(self.release.as_ref()?, self.readme.as_ref(), file)
    }

    fn source(&self, file: FileId) -> Option<&SourceFile> {
        source(self.release.as_ref()?, self.readme.as_ref(), file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Fix, Label, Level, NewFile};
    use crate::source::Span;

    /// A pass with the findings of one rule that is no part of the program: weights belong to LFS.
    struct Toy<'r> {
        pass: Pass<'r>,
        findings: Vec<Diagnostic>,
    }

    impl Linted for Toy<'_> {
        fn findings(&self) -> &[Diagnostic] {
            &self.findings
        }

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
            let shown = Checked::new(outcome.last.pass.laid_over.unwrap(), None, outcome.last.pass.report, Vec::new());
            assert_eq!(shown.file_count(), 4);
        }
    }

    #[test]
    fn a_fix_that_mends_nothing_elsewhere_is_refused() {
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
        assert!(outcome.texts.is_empty() && outcome.refused.len() == 1);
    }
}

//! One repository from its path to its findings, and many of them side by side.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diagnostic::{Diagnostic, Place, Safety};
use crate::fix::{self, Change, Linted, Refusal, Texts};
use crate::lint::{self, Report, Selection};
use crate::release::{Options, ProblemKind, Release};
use crate::report::{self, Problem};
use crate::rules::{Context, README, Subject};
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
            let problem = Problem { path: None, message: error.to_string(), help: Some(error.help().to_owned()) };
            return Checked::unopened(path, problem);
        }
    };
    let subject = Subject::new(&release);
    let Some(allowed) = job.fix else {
        let report = lint::run(&Context::new(&subject), &job.selection);
        let unread = unread(&subject);
        drop(subject);
        return Checked::new(release, None, report, unread);
    };
    let root = release.root().to_owned();
    let outcome = fixed(&subject, &job.selection, allowed);
    let fix::Outcome { texts, applied: done, refused: left, last: Pass { readme, report, .. }, .. } = outcome;
    let unread = unread(&subject);
    drop(subject);
    let mut checked = Checked::new(release, readme, report, unread);
    checked.applied = done.into_iter().map(applied).collect();
    checked.refused = left.into_iter().map(refused).collect();
    checked.changes = texts.changes().cloned().collect();
    if job.write {
        checked.write(&root);
    }
    checked
}

/// Applies fixes in memory until nothing more changes.
pub(super) fn fixed<'r>(subject: &Subject<'r>, selection: &Selection, allowed: Safety) -> fix::Outcome<Pass<'r>> {
    let root = subject.release().root();
    let may_write = |path: &RepoPath, exists: bool| {
        fix::write::check(root, path, exists).map_err(|error| Refusal::NotWritable(error.to_string()))
    };
    let run = |texts: &Texts| Ok::<_, Infallible>(Pass::run(subject, selection, texts));
    let Ok(outcome) = fix::converge(allowed, may_write, run);
    outcome
}

/// The files whose bytes a rule asked for in vain.
fn unread(subject: &Subject<'_>) -> Vec<Problem> {
    let path = |id| subject.release().file(id).map(|file| file.path.to_string());
    let failed = subject.weights().failed();
    failed
        .map(|(id, why)| Problem {
            path: path(id),
            message: why.to_owned(),
            help: Some("give yourself the right to read it and run the check again".to_owned()),
        })
        .collect()
}

fn applied(fix: fix::Applied) -> report::Applied {
    report::Applied { title: fix.title, path: fix.path.to_string() }
}

fn refused(fix: fix::Refused) -> report::Refused {
    report::Refused { title: fix.title, why: fix.reason.to_string() }
}

/// One run of the rules while fixes are tried out.
pub(super) struct Pass<'r> {
    release: &'r Release,
    readme: Option<SourceFile>,
    report: Report,
}

impl<'r> Pass<'r> {
    fn run(subject: &Subject<'r>, selection: &Selection, texts: &Texts) -> Self {
        let release = subject.release();
        let path = RepoPath::new(README);
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
        Self { release, readme, report }
    }
}

impl Linted for Pass<'_> {
    fn findings(&self) -> &[Diagnostic] {
        &self.report.found
    }

    fn source(&self, file: FileId) -> Option<&SourceFile> {
        source(self.release, self.readme.as_ref(), file)
    }

    fn path(&self, file: FileId) -> Option<&RepoPath> {
        path(self.release, self.readme.as_ref(), file)
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

    fn new(release: Release, readme: Option<SourceFile>, report: Report, unread: Vec<Problem>) -> Self {
        let absent = report.found.iter().filter_map(|found| match &found.primary.place {
            Place::Absent(path) => Some(path),
            _ => None,
        });
        let told: std::collections::BTreeSet<&RepoPath> = absent.collect();
        let mut problems: Vec<Problem> = release
            .problems()
            .iter()
            // One defect is told once: a rule may have spoken about a link that leads out.
            .filter(|problem| problem.kind != ProblemKind::LinkLeaves || !told.contains(&problem.path))
            .map(|problem| Problem {
                path: Some(problem.path.to_string()).filter(|path| !path.is_empty()),
                message: problem.message.clone(),
                help: Some(problem.help().to_owned()),
            })
            .collect();
        problems.extend(release.failed_reads().map(|(id, error)| Problem {
            path: release.file(id).map(|file| file.path.to_string()),
            message: error.to_string(),
            help: Some(error.help().to_owned()),
        }));
        problems.extend(unread);
        // One file, one problem: a text that could not be read could not be examined either.
        let mut told = std::collections::BTreeSet::new();
        problems.retain(|problem| problem.path.is_none() || told.insert(problem.path.clone()));
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

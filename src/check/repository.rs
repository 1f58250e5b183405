//! One repository from its path to its findings, and many of them side by side.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::files;
use super::fixed::{Pass, fixed};
use super::problems::{cannot_open, problems};
use super::run::{Report, run};
use crate::config::Selection;
use crate::diagnostic::{Files, Kept, Problem, Safety};
use crate::evidence::Subject;
use crate::fix::{self, Applied, Change, Refusal, Refused};
use crate::release::{OpenError, Options, Release};
use crate::rules::{Context, README};
use crate::source::{FileId, RepoPath, SourceFile};

/// What is to be done with each repository.
pub struct Job {
    /// How a folder is read.
    pub options: Options,
    /// Which rules run.
    pub selection: Selection,
    /// Which fixes are applied, if any.
    pub fix: Option<Safety>,
    /// Whether changed files are written.
    pub write: bool,
}

/// A repository with everything that is to be said of it.
pub struct Checked {
    /// The path as the user named it.
    pub label: String,
    /// The files; nothing where the folder could not be opened.
    pub release: Option<Release>,
    /// README.md as it is after the fixes, where they changed it.
    readme: Option<SourceFile>,
    /// What the rules found; after fixes, what remains.
    pub report: Report,
    /// What could not be read or written.
    pub problems: Vec<Problem>,
    /// The files that the fixes change.
    pub changes: Vec<Change>,
    /// The fixes that are in them.
    pub applied: Vec<Applied>,
    /// The fixes that were asked for and are not in them.
    pub refused: Vec<Refused>,
}

/// Checks every path; the answers are in the order of the paths. A single one stays on this thread.
pub fn check_all(paths: &[PathBuf], job: &Job) -> Vec<Checked> {
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
    let release = match open(path, job) {
        Ok(release) => release,
        Err(error) => return Checked::unopened(path, cannot_open(&error)),
    };
    let subject = Subject::new(&release);
    let Some(allowed) = job.fix else {
        let report = run(&Context::new(&subject), &job.selection);
        let problems = problems(&subject, &report.found);
        drop(subject);
        return Checked::new(release, None, report, problems);
    };
    let root = release.root().to_owned();
    let outcome = match fixed(&subject, &job.selection, allowed) {
        Ok(outcome) => outcome,
        Err(error) => return Checked::unopened(path, cannot_open(&error)),
    };
    let fix::Outcome { texts, applied, refused, last: Pass { laid_over, readme, report, .. }, .. } = outcome;
    let problems = problems(&subject, &report.found);
    drop(subject);
    let mut checked = Checked::new(laid_over.unwrap_or(release), readme, report, problems);
    checked.applied = applied;
    checked.refused = refused;
    if job.write {
        checked.say_unwritable();
    }
    checked.changes = texts.changes().cloned().collect();
    if job.write {
        checked.write(&root);
    }
    match checked.problems.iter().any(|problem| problem.kept == Kept::Writing) && !checked.changes.is_empty() {
        true => checked.read_again(path, job),
        false => checked,
    }
}

/// Opens a folder. A run that writes first removes what killed runs left there.
fn open(path: &Path, job: &Job) -> Result<Release, OpenError> {
    let release = Release::open(path, &job.options)?;
    let mut left = release.files().iter().map(|file| &file.path).filter(|path| fix::write::is_temporary(path));
    let is_writing = job.write && job.fix.is_some();
    let removed =
        is_writing && left.by_ref().map(|path| fix::write::remove_stale(release.root(), path)).max() == Some(true);
    if removed { Release::open(path, &job.options) } else { Ok(release) }
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
        Self {
            label: release.label().to_owned(),
            release: Some(release),
            readme,
            report,
            problems,
            changes: Vec::new(),
            applied: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// What may not be written is a problem, once for each file.
    fn say_unwritable(&mut self) {
        for Refused { path, reason, .. } in &self.refused {
            let is_said = self.problems.iter().any(|problem| problem.path.as_ref() == Some(path));
            if matches!(reason, Refusal::NotWritable(_)) && !is_said {
                self.problems.push(Problem::writing(path.clone(), reason.to_string(), reason.help()));
            }
        }
    }

    /// Writes what the fixes changed. What cannot be written is a problem, and no longer counts as fixed.
    fn write(&mut self, root: &Path) {
        for change in &self.changes {
            if let Err(error) = fix::write::write(root, change) {
                self.applied.retain(|applied| applied.path != change.path);
                self.problems.push(Problem::writing(change.path.clone(), error.to_string(), error.help()));
            }
        }
    }

    /// The same where something was not written: the findings are those of the files on disk, not of those that fixes made in
    /// memory.
    fn read_again(self, path: &Path, job: &Job) -> Self {
        let release = match Release::open(path, &job.options) {
            Ok(release) => release,
            Err(error) => return Self::unopened(path, cannot_open(&error)),
        };
        let subject = Subject::new(&release);
        let report = run(&Context::new(&subject), &job.selection);
        let mut problems = problems(&subject, &report.found);
        drop(subject);
        let unwritten = self.problems.into_iter().filter(|problem| problem.kept == Kept::Writing);
        let unsaid: Vec<Problem> = unwritten.filter(|problem| !problems.contains(problem)).collect();
        problems.extend(unsaid);
        Self { applied: self.applied, refused: self.refused, ..Self::new(release, None, report, problems) }
    }

    /// README.md as it is after the fixes; nothing where they left it alone.
    pub(super) fn readme(&self) -> Option<&SourceFile> {
        self.readme.as_ref()
    }

    /// How many files were looked at.
    pub fn file_count(&self) -> usize {
        self.release.as_ref().map_or(0, |release| release.files().len())
    }

    /// The folder that contains several models, where this one is not a model itself: `models`, or nothing but the empty path
    /// where they lie at the root.
    pub fn folder_of_models(&self) -> Option<String> {
        let release = self.release.as_ref()?;
        let at_root = [README, "config.json", "model_index.json", "adapter_config.json"];
        if at_root.iter().any(|name| release.find(name).is_some()) {
            return None;
        }
        let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
        for file in release.files().iter().filter(|file| file.path.name() == "config.json") {
            let (parent, _) = file.path.folder().rsplit_once('/').unwrap_or(("", file.path.folder()));
            *folders.entry(parent).or_default() += 1;
        }
        let (folder, models) = folders.into_iter().max_by_key(|(_, models)| *models)?;
        // A pipeline of diffusers has a configuration for each of its parts.
        let is_model = |name: &str| release.find(&format!("{folder}/{name}")).is_some();
        (models > 1 && !is_model(README) && !is_model("model_index.json")).then(|| folder.to_owned())
    }

    /// Whether something could not be looked at or written, or a rule broke.
    pub fn is_incomplete(&self) -> bool {
        !self.problems.is_empty() || self.report.is_incomplete()
    }
}

impl Files for Checked {
    fn path(&self, file: FileId) -> Option<&RepoPath> {
        files::path(self.release.as_ref()?, self.readme.as_ref(), file)
    }

    fn source(&self, file: FileId) -> Option<&SourceFile> {
        files::source(self.release.as_ref()?, self.readme.as_ref(), file)
    }
}

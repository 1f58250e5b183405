//! From a path to a release.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::OnceLock;

use super::git::config::Config;
use super::git::index::Index;
use super::git::{self, DotGit, Repository};
use super::globs::{Budget, Globs};
use super::link::Bounds;
use super::patterns::{Patterns, parse_ignore, read_text};
use super::problem::{OpenError, Problem, ProblemKind};
use super::repo_id::RepoId;
use super::walk::{Listing, Walk};
use super::{Options, Origin, Overlay, Release};

pub(super) fn open(path: &Path, options: &Options, overlay: Overlay) -> Result<Release, OpenError> {
    let path_buf = || path.to_owned();
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => OpenError::NotFound { path: path_buf() },
        _ => OpenError::Unreadable { path: path_buf(), source: error },
    };
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Err(OpenError::NotAFolder { path: path_buf() });
    }
    let real = fs::canonicalize(path).map_err(unreadable)?;
    // Asked once more by the walk; but a folder that cannot be listed at all is not a release.
    fs::read_dir(path).map_err(unreadable)?;
    let flag = options.repo_id.as_deref().map(RepoId::from_flag).transpose()?;

    let mut problems = Vec::new();
    let budget = Budget::new();
    let (origin, listing, found_id) = match DotGit::of(path) {
        DotGit::Repository(repository) => {
            let (config, index, exclude) = read_repository(&repository, &budget, &mut problems);
            let listing =
                Walk::new(path, &Bounds::new(real), Patterns::new(exclude, budget), Some(&index), &overlay).run();
            (Origin::GitCheckout, listing, git::repo_id(&config))
        }
        other => {
            if let DotGit::Broken(why) = other {
                problems.push(Problem::new(".git", ProblemKind::BadGit, why));
            }
            let cached = snapshot_of(&real);
            let (origin, bounds) = match cached {
                Some(_) => (Origin::Snapshot, Bounds::of_snapshot(real.clone())),
                None => (Origin::Folder, Bounds::new(real.clone())),
            };
            let listing = Walk::new(path, &bounds, Patterns::new(Globs::empty(), budget), None, &overlay).run();
            (origin, listing, cached.and_then(RepoId::from_cache_folder))
        }
    };
    let Listing { files, folders, problems: more, left_out } = listing;
    problems.extend(more);
    problems.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Release {
        root: path.to_owned(),
        label: path.display().to_string(),
        origin,
        repo_id: flag.or(found_id),
        texts: files.iter().map(|_| OnceLock::new()).collect(),
        files,
        folders,
        problems,
        left_out,
        overlay,
    })
}

/// Configuration, index and excluded patterns of a repository, each empty where it cannot be read.
fn read_repository(repository: &Repository, budget: &Budget, problems: &mut Vec<Problem>) -> (Config, Index, Globs) {
    let config = repository.config().unwrap_or_else(|error| {
        let message = format!("`.git/config` cannot be read: {error}");
        problems.push(Problem::new(".git/config", ProblemKind::BadGit, message));
        Config::default()
    });
    let index = repository.index(&config).unwrap_or_else(|error| {
        problems.push(Problem::new(".git/index", ProblemKind::BadIndex, error.to_string()));
        Index::default()
    });
    let file = repository.exclude_file();
    let exclude = match fs::symlink_metadata(&file) {
        Err(_) => Ok(Globs::empty()),
        Ok(_) => read_text(&file).and_then(|text| parse_ignore(&text, Path::new(""), budget)),
    };
    let exclude = exclude.unwrap_or_else(|error| {
        let message = format!("`.git/info/exclude` cannot be used: {error}");
        problems.push(Problem::new(".git/info/exclude", ProblemKind::BadPatterns, message));
        Globs::empty()
    });
    (config, index, exclude)
}

/// The name of the model's folder in the Hub's cache, when `folder` is one of its snapshots.
fn snapshot_of(folder: &Path) -> Option<&str> {
    let snapshots = folder.parent()?;
    let model = snapshots.parent()?.file_name()?.to_str()?;
    (snapshots.file_name()? == "snapshots" && model.starts_with("models--")).then_some(model)
}

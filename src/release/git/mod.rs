//! A git checkout, read without git: where its repository is, what its index lists, what its configuration says.
//!
//! This module knows git's files on disk. It does not walk the work tree, and it follows nothing that a configuration
//! names: no includes, no hooks, no programs.

pub(super) mod config;
pub(super) mod index;

use std::fs;
use std::path::{Path, PathBuf};

use self::config::Config;
use self::index::{Hash, Index, IndexError};
use super::folder::{open_regular, read_capped};
use super::repo_id::RepoId;
use super::{MAX_CONFIG_BYTES, MAX_INDEX_BYTES};

/// The longest `.git` or `commondir` file: they hold one path.
const MAX_PATH_FILE_BYTES: u64 = 16 * 1024;

/// The repository of a checkout.
#[derive(Debug)]
pub(super) struct Repository {
    /// What belongs to this work tree: `HEAD`, `index`.
    own: PathBuf,
    /// What all work trees share: `config`, `info/exclude`.
    common: PathBuf,
}

/// What `.git` in a folder is.
#[derive(Debug)]
pub(super) enum DotGit {
    Absent,
    Repository(Repository),
    /// There, but not a repository: says why.
    Broken(String),
}

impl DotGit {
    /// Looks at `.git` in this folder, and only there.
    pub(super) fn of(folder: &Path) -> Self {
        let dot_git = folder.join(".git");
        let Ok(metadata) = fs::metadata(&dot_git) else {
            return match fs::symlink_metadata(&dot_git) {
                Ok(_) => Self::Broken("`.git` is a link that does not lead anywhere".to_owned()),
                Err(_) => Self::Absent,
            };
        };
        if metadata.is_dir() {
            return Self::at(dot_git);
        }
        match path_in(&dot_git, "gitdir:") {
            Some(path) => Self::at(folder.join(path)),
            None => Self::Broken("`.git` is neither a folder nor a file that names one".to_owned()),
        }
    }

    fn at(own: PathBuf) -> Self {
        let common = path_in(&own.join("commondir"), "").map_or_else(|| own.clone(), |path| own.join(path));
        if fs::symlink_metadata(own.join("HEAD")).is_err() || !common.join("objects").is_dir() {
            return Self::Broken("`.git` is not a git repository".to_owned());
        }
        Self::Repository(Repository { own, common })
    }
}

/// The path in a file that contains nothing else after its `prefix`.
fn path_in(file: &Path, prefix: &str) -> Option<PathBuf> {
    let bytes = read_capped(file, MAX_PATH_FILE_BYTES).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let path = text.strip_prefix(prefix)?.trim();
    // The path of another computer (`\\server\share`) is not asked for: Windows would send it the user's credentials.
    let is_remote = path.starts_with("\\\\") || path.starts_with("//");
    (!path.is_empty() && !is_remote).then(|| PathBuf::from(path))
}

impl Repository {
    /// The configuration; an error says why there is none.
    pub(super) fn config(&self) -> Result<Config, String> {
        let bytes = read_capped(&self.common.join("config"), MAX_CONFIG_BYTES);
        bytes.map(|bytes| Config::parse(&String::from_utf8_lossy(&bytes))).map_err(|error| error.to_string())
    }

    /// The index; empty when nothing was ever added.
    pub(super) fn index(&self, config: &Config) -> Result<Index, IndexError> {
        let path = self.own.join("index");
        if fs::symlink_metadata(&path).is_err() {
            return Ok(Index::default());
        }
        let size = open_regular(&path).and_then(|file| file.metadata()).map(|metadata| metadata.len());
        if size.is_ok_and(|size| size > MAX_INDEX_BYTES) {
            return Err(IndexError::TooLarge);
        }
        let bytes = read_capped(&path, MAX_INDEX_BYTES).map_err(|error| IndexError::Unreadable(error.to_string()))?;
        let hash = match config.get("extensions", "objectformat") {
            Some("sha256") => Hash::Sha256,
            _ => Hash::Sha1,
        };
        Index::parse(&bytes, hash)
    }

    /// Where the patterns are that this clone alone ignores.
    pub(super) fn exclude_file(&self) -> PathBuf {
        self.common.join("info").join("exclude")
    }
}

/// The model a checkout is pushed to: the remote `origin`, or else the only model that any remote names. An address
/// to push to wins over the one to fetch from.
pub(super) fn repo_id(config: &Config) -> Option<RepoId> {
    let address =
        |remote: &str| config.get_in("remote", remote, "pushurl").or_else(|| config.get_in("remote", remote, "url"));
    let origin = address("origin").and_then(RepoId::from_remote);
    origin.or_else(|| {
        let mut ids = config.names_of("remote").filter_map(|remote| RepoId::from_remote(address(remote)?));
        let first = ids.next()?;
        ids.all(|id| id == first).then_some(first)
    })
}

#[cfg(test)]
mod tests;

//! Texts to disk: whole or not at all, and never through a link.
//!
//! A text goes to a new file beside its target, is synced, and takes the target's name in one step, so that a crash
//! leaves the old file or the new one. Between the last look at the target and that step another program could still
//! write to it; no portable call closes that gap, so it is kept as short as a rename.

use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use crate::source::RepoPath;

use super::Change;

/// Why a file was not written. The file on disk is as it was.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The path is empty, absolute, outside the repository, or belongs to git.
    #[error("`{0}` is not a path for a file of this repository")]
    Outside(RepoPath),
    /// The file, or a folder on the way to it, is a link.
    #[error("`{0}` is a link or is reached through one")]
    Link(RepoPath),
    /// Something else than a file.
    #[error("`{0}` is not a regular file")]
    NotAFile(RepoPath),
    /// The file may be read only.
    #[error("`{0}` is read-only")]
    ReadOnly(RepoPath),
    /// Another program wrote to the file in the meantime.
    #[error("`{0}` changed since it was read")]
    Changed(RepoPath),
    /// A new file whose name is taken.
    #[error("`{0}` already exists")]
    Exists(RepoPath),
    /// The system refused.
    #[error("cannot write `{path}`: {source}")]
    Io {
        /// The file.
        path: RepoPath,
        /// What the system said.
        source: io::Error,
    },
}

impl WriteError {
    /// What to do next, for the `help:` line.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Outside(_) | Self::NotAFile(_) => "Change this file yourself. Nothing was written.",
            Self::Link(_) => "Run on the folder that contains the file itself. Nothing was written.",
            Self::ReadOnly(_) => "Make the file writable, then run again. Nothing was written.",
            Self::Changed(_) | Self::Exists(_) => "Run again to see the findings of the new file. Nothing was written.",
            Self::Io { .. } => {
                "Check the disk and the permissions of the folder, then run again. The old file is in place."
            }
        }
    }

    fn io(path: &RepoPath) -> impl Fn(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(path.clone()),
            _ => Self::Io { path: path.clone(), source },
        }
    }
}

/// Whether a file of the repository at `root` could be written: the questions that can be asked beforehand. `exists`
/// says whether the fix changes a file or creates one. Nothing is changed.
///
/// # Errors
/// Every [`WriteError`] but [`WriteError::Changed`].
pub fn check(root: &Path, path: &RepoPath, exists: bool) -> Result<(), WriteError> {
    target(root, path, exists).map(|_| ())
}

/// Writes one changed or new file below `root`.
///
/// # Errors
/// A [`WriteError`]; the file is then as it was, and no temporary file is left.
pub fn write(root: &Path, change: &Change) -> Result<(), WriteError> {
    let path = &change.path;
    let failed = WriteError::io(path);
    let target = target(root, path, change.before.is_some())?;
    let folder = target.file.parent().unwrap_or(root);
    let temporary = Temporary::create(folder, target.metadata.is_some()).map_err(&failed)?;
    temporary.fill(&change.after, target.metadata.as_ref()).map_err(&failed)?;
    match &change.before {
        Some(before) => {
            if !holds(&target.file, before).map_err(&failed)? {
                return Err(WriteError::Changed(path.clone()));
            }
            temporary.replace(&target.file).map_err(&failed)?;
        }
        None => temporary.appear(&target.file, &change.after).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => WriteError::Exists(path.clone()),
            _ => failed(error),
        })?,
    }
    sync_folder(folder);
    Ok(())
}

/// A place that may be written, with what is known of the file that is there.
struct Target {
    file: PathBuf,
    metadata: Option<Metadata>,
}

fn target(root: &Path, path: &RepoPath, exists: bool) -> Result<Target, WriteError> {
    if !is_inside(path) {
        return Err(WriteError::Outside(path.clone()));
    }
    let failed = WriteError::io(path);
    let mut file = root.to_path_buf();
    // The root itself may be a link: it is what the user named. Below it, no link is followed.
    for part in path.folder().split('/').filter(|part| !part.is_empty()) {
        file.push(part);
        if fs::symlink_metadata(&file).map_err(&failed)?.file_type().is_symlink() {
            return Err(WriteError::Link(path.clone()));
        }
    }
    file.push(path.name());
    let metadata = match fs::symlink_metadata(&file) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !exists => return Ok(Target { file, metadata: None }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(WriteError::Changed(path.clone())),
        Err(error) => return Err(failed(error)),
    };
    if !exists {
        return Err(WriteError::Exists(path.clone()));
    }
    if metadata.file_type().is_symlink() {
        return Err(WriteError::Link(path.clone()));
    }
    if !metadata.is_file() {
        return Err(WriteError::NotAFile(path.clone()));
    }
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly(path.clone()));
    }
    // The mode bits say nothing about who runs this; opening does, and changes nothing.
    OpenOptions::new().write(true).open(&file).map_err(&failed)?;
    Ok(Target { file, metadata: Some(metadata) })
}

/// Whether a path stays inside the repository and outside of `.git`.
pub(super) fn is_inside(path: &RepoPath) -> bool {
    path.as_str().split('/').all(|part| {
        // On Windows the letters would name a drive, a stream or another folder.
        let elsewhere = cfg!(windows) && part.contains(['\\', ':']);
        !elsewhere && !matches!(part, "" | "." | "..") && !part.eq_ignore_ascii_case(".git")
    })
}

/// Whether a file contains exactly these bytes.
fn holds(file: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut now = Vec::with_capacity(bytes.len() + 1);
    File::open(file)?.take(bytes.len() as u64 + 1).read_to_end(&mut now)?;
    Ok(now == bytes)
}

/// What the names of temporary files begin and end with; between them stand sixteen hexadecimal digits.
const PREFIX: &str = ".hf-release-";
const SUFFIX: &str = ".tmp";

/// After so long no run of this program still writes to a temporary file.
const STALE_AFTER: Duration = Duration::from_secs(60);

/// Whether a file has the name of one that a run leaves when it is killed while it writes.
pub fn is_temporary(path: &RepoPath) -> bool {
    let digits = path.name().strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    digits.is_some_and(|digits| digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// Removes a temporary file that a killed run left: one of that name, no link, and not written to for a while. Says whether
/// it did.
pub fn remove_stale(root: &Path, path: &RepoPath) -> bool {
    let Ok(Target { file, metadata: Some(metadata) }) = target(root, path, true) else { return false };
    let age = metadata.modified().ok().and_then(|modified| modified.elapsed().ok());
    is_temporary(path) && age.is_some_and(|age| age > STALE_AFTER) && fs::remove_file(file).is_ok()
}

/// A file that is removed again unless it is kept.
struct Temporary {
    path: PathBuf,
    file: File,
    keep: bool,
}

impl Temporary {
    /// Creates an empty file whose name cannot be guessed. One that will replace another file is closed to everyone
    /// else until it has that file's mode.
    fn create(folder: &Path, replaces: bool) -> io::Result<Self> {
        // The seeds of `RandomState` are the system's random numbers.
        let name = format!("{PREFIX}{:016x}{SUFFIX}", RandomState::new().hash_one(folder));
        Self::open(folder.join(name), replaces)
    }

    #[cfg_attr(not(unix), allow(unused_variables))]
    fn open(path: PathBuf, private: bool) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if private {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let file = options.open(&path)?;
        Ok(Self { path, file, keep: false })
    }

    /// Writes the bytes, takes over owner and mode of the file to be replaced, and syncs.
    fn fill(&self, bytes: &[u8], old: Option<&Metadata>) -> io::Result<()> {
        (&self.file).write_all(bytes)?;
        if let Some(old) = old {
            keep_owner(&self.file, old);
            self.file.set_permissions(old.permissions())?;
        }
        self.file.sync_all()
    }

    /// Takes the name of an existing file.
    fn replace(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.keep = true;
        Ok(())
    }

    /// Takes a name that must be free. A hard link fails where the name is taken, a rename would not. Where the file
    /// system has no hard links, the file is created under its own name, and removed again if writing fails.
    fn appear(self, target: &Path, bytes: &[u8]) -> io::Result<()> {
        match fs::hard_link(&self.path, target) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                let mut direct = Self::open(target.to_path_buf(), false)?;
                direct.fill(bytes, None)?;
                direct.keep = true;
                Ok(())
            }
            done => done,
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.keep {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Gives a file the owner and group of another, as far as this user may.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    if fchown(file, Some(old.uid()), Some(old.gid())).is_err() {
        let _ = fchown(file, None, Some(old.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

/// Makes the new name durable. A file system that cannot sync folders has the file in place all the same.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

//! The folder as it would be pushed: which files the Hub would receive, how large they are, what git and git LFS know
//! about them, which repository they belong to, and their bytes on demand.
//!
//! This module knows folders, git's index and ignore rules, LFS pointers, links and the layout of the Hub's cache. It
//! does not know what a card, a weight file or a rule is, it never writes, and it never starts a program: a hostile
//! `.git/config` can make git run anything.
//!
//! What "would be pushed" means, by [`Origin`]:
//!
//! - [`Origin::GitCheckout`], when the folder itself contains `.git`: what the index lists, and what `git add --all` would
//!   add to it. `.gitignore` files and `.git/info/exclude` count; the user's own `core.excludesFile` does not, so that
//!   every machine reads the same release. A tracked file that is gone from disk is listed as [`File::missing`]: git
//!   would still push it. The work tree is what is read, since it is what the next commit will hold.
//! - [`Origin::Folder`], anything else, also a subfolder of some other project's checkout: what `hf upload` would send
//!   (huggingface_hub 2.4.0, `HfApi._prepare_upload_folder_additions` and `DEFAULT_IGNORE_PATTERNS`): every file, hidden
//!   ones too, but nothing in `.git` or `.cache/huggingface` at any depth, and no linked folders. The root `.gitignore`
//!   goes to the Hub, which leaves out what it names (`_fetch_upload_modes`, `gitIgnore`); nested ones have no effect.
//! - [`Origin::Snapshot`], a revision in the Hub's cache: as a folder, with links into the cache's blobs followed.

mod attributes;
mod file;
mod folder;
mod git;
mod globs;
mod lfs;
mod link;
mod open;
mod overlay;
mod patterns;
mod problem;
mod repo_id;
mod walk;

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub(crate) use attributes::lfs_line;
pub use file::{File, LfsPointer, Link, Tracking};
pub use overlay::{Overlay, Reader};
pub use problem::{LeftOut, OpenError, Problem, ProblemKind, ReadError, Why};
pub use repo_id::{BadRepoId, RepoId, RepoIdSource};

use crate::source::{FileId, MAX_TEXT_BYTES, RepoPath, SourceFile};

/// The most files and folders that are listed; the Hub advises against more than 100,000 files in a repository.
pub const MAX_ENTRIES: usize = 1_000_000;

/// How many folders may lie within each other.
pub const MAX_DEPTH: usize = 128;

/// The longest path in a repository, in bytes.
pub const MAX_PATH_BYTES: usize = 4096;

/// The largest `.gitignore` that is honoured, in bytes.
pub const MAX_PATTERN_BYTES: u64 = 256 * 1024;

/// The largest `.gitattributes` that is honoured, in bytes: the Hub takes no larger file outside of git-lfs.
pub const MAX_ATTRIBUTES_BYTES: u64 = 10 * 1024 * 1024;

/// The most patterns of one `.gitignore` or `.gitattributes` that are honoured.
pub const MAX_PATTERNS: usize = 50_000;

/// How many bytes of small files are kept from listing them, so that they are not read again.
const MAX_KEPT_BYTES: usize = 1024 * 1024;

/// The largest git index that is read, in bytes: room for more than [`MAX_ENTRIES`] files.
pub const MAX_INDEX_BYTES: u64 = 256 * 1024 * 1024;

/// The largest `.git/config` that is read, in bytes.
pub const MAX_CONFIG_BYTES: u64 = 1024 * 1024;

/// What a user says about a release beyond its path.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--repo-id`: the repository's id on the Hub; wins over what the folder says.
    pub repo_id: Option<String>,
}

/// Where a release was found, which decides what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The root of a git work tree.
    GitCheckout,
    /// A plain folder, as `hf upload` would send it.
    Folder,
    /// `models--owner--name/snapshots/<revision>` in the Hub's cache.
    Snapshot,
}

type CachedText = OnceLock<Result<Box<SourceFile>, ReadError>>;

/// A model repository on disk. Lists its files once, when opened; reads each text once, when asked.
#[derive(Debug)]
pub struct Release {
    root: PathBuf,
    label: String,
    origin: Origin,
    repo_id: Option<RepoId>,
    files: Vec<File>,
    folders: Vec<RepoPath>,
    texts: Vec<CachedText>,
    problems: Vec<Problem>,
    left_out: Vec<LeftOut>,
    overlay: Overlay,
}

impl Release {
    /// Lists the files of a folder. Fails only when there is nothing to list; what cannot be read inside it becomes a
    /// [`Problem`].
    pub fn open(path: &Path, options: &Options) -> Result<Self, OpenError> {
        open::open(path, options, Overlay::default())
    }

    /// The same folder with these texts in the place of its files, as if they were written already: pattern files
    /// among them count, and files that are not on disk are listed unless a pattern ignores them. Lists anew, so that files
    /// may have other numbers than here.
    pub fn over(&self, texts: Overlay) -> Result<Self, OpenError> {
        let mut release = open::open(&self.root, &Options::default(), texts)?;
        release.repo_id.clone_from(&self.repo_id);
        Ok(release)
    }

    /// The folder, as the user named it.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder's name for outputs: the path as the user named it.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What kind of folder it is.
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The repository on the Hub, as far as the flag, the git remote or the cache folder tell.
    pub fn repo_id(&self) -> Option<&RepoId> {
        self.repo_id.as_ref()
    }

    /// The files, sorted by the bytes of their paths; `FileId(i)` names the `i`th.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// A file by its number.
    pub fn file(&self, id: FileId) -> Option<&File> {
        self.files.get(id.0 as usize)
    }

    /// A file by its exact path; letter case counts, on every system.
    pub fn find(&self, path: &str) -> Option<&File> {
        let at = self.files.partition_point(|file| file.path.as_str() < path);
        self.files.get(at).filter(|file| file.path.as_str() == path)
    }

    /// The bytes of the file that another one names by a path from its own folder, as they will be once git-lfs has fetched
    /// them; none where no such file is in the release.
    pub fn size_beside(&self, from: &RepoPath, path: &str) -> Option<u64> {
        let mut parts: Vec<&str> = from.folder().split('/').filter(|part| !part.is_empty()).collect();
        for part in path.split(['/', '\\']).filter(|part| !matches!(*part, "" | ".")) {
            match part {
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        let file = self.find(&parts.join("/"))?;
        // What git remembers of a file that is not on disk is no more than a part of its size.
        let size = if file.missing { u64::MAX } else { file.size };
        Some(file.lfs.as_ref().map_or(size, |pointer| pointer.size))
    }

    /// Whether it is unknown if a file has this path: what is at the path, or a folder above it, could not be looked at. Of such a
    /// file the problem speaks, and nothing may say that it is absent.
    pub fn hides(&self, path: &str) -> bool {
        let is_problem = |path: &str| self.problems.binary_search_by(|known| known.path.as_str().cmp(path)).is_ok();
        let is_cut = self.problems.iter().take_while(|known| known.path.as_str().is_empty());
        let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        folders.chain([path]).any(is_problem) || is_cut.into_iter().any(|known| known.kind == ProblemKind::TooMany)
    }

    /// Whether a folder has this exact path, such as a `README.md` that is none.
    pub fn folder_named(&self, path: &str) -> bool {
        self.folders.binary_search_by(|folder| folder.as_str().cmp(path)).is_ok()
    }

    /// A file as text, read on first use and kept. Refused above [`MAX_TEXT_BYTES`]. Of a file that is an LFS pointer,
    /// this is the pointer.
    pub fn text(&self, id: FileId) -> Result<&SourceFile, &ReadError> {
        static NO_SUCH_FILE: ReadError = ReadError::NoSuchFile;
        let cached = self.texts.get(id.0 as usize).ok_or(&NO_SUCH_FILE)?;
        cached.get_or_init(|| self.read(id)).as_ref().map(|source| &**source)
    }

    /// A file's bytes, for those who seek: weights.
    pub fn reader(&self, id: FileId) -> Result<Reader<'_>, ReadError> {
        let file = self.file(id).ok_or(ReadError::NoSuchFile)?;
        let read = || self.texts.get(id.0 as usize)?.get()?.as_ref().ok().map(|text| text.bytes());
        let laid_over = self.overlay.get(&file.path).map(|text| &**text);
        if let Some(bytes) = laid_over.or(file.bytes.as_deref()).or_else(read) {
            return Ok(Reader::Memory(Cursor::new(bytes)));
        }
        if file.missing {
            return Err(ReadError::Missing { path: file.path.clone() });
        }
        let on_disk = match &file.link {
            Some(link) => link.target().to_owned(),
            None => file.on_disk(&self.root),
        };
        folder::open_regular(&on_disk)
            .map(Reader::Disk)
            .map_err(|error| ReadError::Unreadable { path: file.path.clone(), reason: error.to_string() })
    }

    /// What could not be listed: the release was not read completely. Sorted by path.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The texts that were asked for and could not be read so far, by file.
    pub fn failed_reads(&self) -> impl Iterator<Item = (FileId, &ReadError)> {
        (0..).map(FileId).zip(&self.texts).filter_map(|(id, text)| match text.get() {
            Some(Err(error)) => Some((id, error)),
            _ => None,
        })
    }

    /// What a push leaves out although it stands in the folder, ignored files aside. Sorted by path.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    fn read(&self, id: FileId) -> Result<Box<SourceFile>, ReadError> {
        let file = self.file(id).ok_or(ReadError::NoSuchFile)?;
        let too_large = |size| ReadError::TooLarge { path: file.path.clone(), size };
        if file.size > MAX_TEXT_BYTES && !file.missing {
            return Err(too_large(file.size));
        }
        let mut bytes = Vec::with_capacity(file.size.min(MAX_TEXT_BYTES) as usize + 1);
        // One byte more than allowed: the file may have grown since it was listed.
        let mut reader = self.reader(id)?.take(MAX_TEXT_BYTES + 1);
        reader
            .read_to_end(&mut bytes)
            .map_err(|error| ReadError::Unreadable { path: file.path.clone(), reason: error.to_string() })?;
        if bytes.len() as u64 > MAX_TEXT_BYTES {
            return Err(too_large(bytes.len() as u64));
        }
        Ok(Box::new(SourceFile::new(id, file.path.clone(), bytes)))
    }
}

#[cfg(test)]
mod tests;

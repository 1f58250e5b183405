//! From a folder to the list of what would be pushed. One loop, no recursion; links to folders are never entered, so
//! there are no circles.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use super::file::{File, Tracking};
use super::git::DotGit;
use super::git::index::{EntryKind, Index};
use super::lfs;
use super::link::{Bounds, Target};
use super::overlay::Overlay;
use super::patterns::{Patterns, Scope, read_text, text_of};
use super::problem::{LeftOut, Problem, ProblemKind, Why};
use super::{MAX_DEPTH, MAX_ENTRIES, MAX_KEPT_BYTES, MAX_PATH_BYTES};
use crate::source::{FileId, RepoPath};

/// What a walk found, each list sorted by path.
#[derive(Default)]
pub(super) struct Listing {
    pub(super) files: Vec<File>,
    pub(super) folders: Vec<RepoPath>,
    pub(super) problems: Vec<Problem>,
    pub(super) left_out: Vec<LeftOut>,
}

/// A path below the root.
#[derive(Clone)]
struct Name {
    path: String,
    /// As on disk, where that is not Unicode.
    spelled: Option<PathBuf>,
}

impl Name {
    fn join(&self, part: &OsStr) -> Self {
        let text = part.to_string_lossy();
        let lossy = matches!(text, Cow::Owned(_));
        let spelled = (lossy || self.spelled.is_some()).then(|| self.on_disk().join(part));
        let path = if self.path.is_empty() { text.into_owned() } else { format!("{}/{text}", self.path) };
        Self { path, spelled }
    }

    fn on_disk(&self) -> &Path {
        self.spelled.as_deref().unwrap_or(Path::new(&self.path))
    }

    /// The bytes by which git's index knows it.
    fn bytes(&self) -> &[u8] {
        self.spelled.as_ref().map_or(self.path.as_bytes(), |spelled| spelled.as_os_str().as_encoded_bytes())
    }
}

struct Folder {
    name: Name,
    depth: usize,
    /// Only what git tracks counts in it.
    ignored: bool,
    scope: Scope,
}

/// A walk in progress.
pub(super) struct Walk<'a> {
    root: &'a Path,
    bounds: &'a Bounds,
    patterns: Patterns,
    /// In a git checkout.
    index: Option<&'a Index>,
    /// What counts in the place of files on disk.
    overlay: &'a Overlay,
    /// By index entry: whether it was met on disk.
    met: Vec<bool>,
    pending: Vec<Folder>,
    seen: usize,
    /// How many more bytes of small files may be kept.
    room: usize,
    found: Listing,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        root: &'a Path,
        bounds: &'a Bounds,
        patterns: Patterns,
        index: Option<&'a Index>,
        overlay: &'a Overlay,
    ) -> Self {
        let met = vec![false; index.map_or(0, |index| index.entries().len())];
        let (pending, found) = (Vec::new(), Listing::default());
        Self { root, bounds, patterns, index, overlay, met, pending, seen: 0, room: MAX_KEPT_BYTES, found }
    }

    pub(super) fn run(mut self) -> Listing {
        let name = Name { path: String::new(), spelled: None };
        self.pending.push(Folder { name, depth: 0, ignored: false, scope: Scope::default() });
        while let Some(folder) = self.pending.pop() {
            self.list(folder);
        }
        if self.seen > MAX_ENTRIES {
            let message = format!("the folder holds more than {MAX_ENTRIES} files and folders");
            self.found.problems.push(Problem::new("", ProblemKind::TooMany, message));
        } else {
            self.add_missing();
        }
        self.lay_over();
        if self.patterns.are_exhausted() {
            let message = "the patterns of `.gitignore` and `.gitattributes` cost too much time on so many files";
            self.problem("", ProblemKind::BadPatterns, message);
        }
        let Listing { files, folders, problems, left_out } = &mut self.found;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        for (id, file) in (0..).zip(files) {
            file.id = FileId(id);
        }
        folders.sort();
        problems.sort_by(|a, b| a.path.cmp(&b.path));
        left_out.sort_by(|a, b| a.path.cmp(&b.path));
        self.found
    }

    fn problem(&mut self, path: &str, kind: ProblemKind, message: impl Into<String>) {
        self.found.problems.push(Problem::new(path, kind, message));
    }

    fn leave_out(&mut self, path: &str, why: Why) {
        self.found.left_out.push(LeftOut { path: RepoPath::new(path), why });
    }

    fn list(&mut self, mut folder: Folder) {
        let entries = self.entries_of(&folder.name);
        if let Some(index) = self.index
            && folder.depth > 0
            && entries.iter().any(|entry| entry.file_name() == ".git")
            && !index.has_below(folder.name.bytes())
            && matches!(DotGit::of(&self.root.join(folder.name.on_disk())), DotGit::Repository(_))
        {
            self.leave_out(&folder.name.path, Why::NestedRepository);
            return;
        }
        self.read_patterns(&mut folder, &entries);
        for entry in entries {
            let part = entry.file_name();
            let is_download_record = part == "huggingface" && folder.name.on_disk().ends_with(".cache");
            if part == ".git" || (self.index.is_none() && is_download_record) {
                continue;
            }
            let name = folder.name.join(&part);
            if name.bytes().len() > MAX_PATH_BYTES {
                let message = format!("a path in it is longer than {MAX_PATH_BYTES} bytes");
                self.problem(&folder.name.path, ProblemKind::PathTooLong, message);
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.add_folder(name, &folder),
                Ok(kind) if kind.is_symlink() => self.add_link(name, &folder),
                Ok(kind) if kind.is_file() => self.add_regular(name, &folder, &entry),
                Ok(_) if self.is_wanted(&name, &folder) => self.leave_out(&name.path, Why::NotAFile),
                Ok(_) => {}
                Err(error) => self.problem(&name.path, ProblemKind::Unreadable, unreadable(&name.path, &error)),
            }
        }
    }

    fn entries_of(&mut self, folder: &Name) -> Vec<DirEntry> {
        let mut entries = Vec::new();
        let listed = fs::read_dir(self.root.join(folder.on_disk())).and_then(|reading| {
            for entry in reading {
                self.seen += 1;
                if self.seen > MAX_ENTRIES {
                    break;
                }
                entries.push(entry?);
            }
            Ok(())
        });
        if let Err(error) = listed {
            self.problem(&folder.path, ProblemKind::Unreadable, unreadable(&folder.path, &error));
        }
        entries
    }

    /// Lets the folder's own `.gitignore` and `.gitattributes` count for what is in it.
    fn read_patterns(&mut self, folder: &mut Folder, entries: &[DirEntry]) {
        let place = |wanted: &str| {
            let entry = entries.iter().find(|entry| entry.file_name() == wanted)?;
            match entry.file_type() {
                Ok(kind) if kind.is_file() => Some(entry.path()),
                // Git does not follow a link here; an upload sends what is behind it.
                Ok(kind) if kind.is_symlink() && self.index.is_none() => match self.bounds.resolve(&entry.path()) {
                    Target::File { link, .. } => Some(link.target().to_owned()),
                    _ => None,
                },
                _ => None,
            }
        };
        // `hf upload` hands the root's file to the Hub, and no other.
        let ignore_counts = self.index.is_some() || folder.depth == 0;
        let text = |wanted: &str| {
            let laid_over = self.overlay.get(&RepoPath::new(&folder.name.join(OsStr::new(wanted)).path));
            laid_over.map(|bytes| Ok(text_of(bytes))).or_else(|| place(wanted).map(|file| read_text(&file)))
        };
        let ignore_text = ignore_counts.then(|| text(".gitignore")).flatten();
        let (scope, errors) =
            self.patterns.enter(folder.scope, folder.name.on_disk(), ignore_text, text(".gitattributes"));
        folder.scope = scope;
        for (file, error) in errors {
            let path = folder.name.join(OsStr::new(file)).path;
            let message = format!("`{path}` cannot be used: {error}");
            self.problem(&path, ProblemKind::BadPatterns, message);
        }
    }

    /// Whether git tracks it, or nothing ignores it.
    fn is_wanted(&self, name: &Name, folder: &Folder) -> bool {
        self.index.is_some_and(|index| index.find(name.bytes()).is_some())
            || !(folder.ignored || self.patterns.ignores(folder.scope, name.on_disk(), false))
    }

    fn add_folder(&mut self, name: Name, above: &Folder) {
        let entry = self.index.and_then(|index| index.entries().get(index.find(name.bytes())?));
        if entry.is_some_and(|entry| entry.kind == EntryKind::Submodule) {
            // Said when the entries that were not met are looked at.
            return;
        }
        let ignored = above.ignored || self.patterns.ignores(above.scope, name.on_disk(), true);
        if ignored && !self.index.is_some_and(|index| index.has_below(name.bytes())) {
            return;
        }
        self.found.folders.push(RepoPath::new(&name.path));
        let depth = above.depth + 1;
        if depth > MAX_DEPTH {
            let message = format!("`{}` lies more than {MAX_DEPTH} folders deep", name.path);
            self.problem(&name.path, ProblemKind::TooDeep, message);
            return;
        }
        self.pending.push(Folder { name, depth, ignored, scope: above.scope });
    }

    fn add_regular(&mut self, name: Name, folder: &Folder, entry: &DirEntry) {
        let Some(tracking) = self.tracking(&name, folder) else { return };
        match entry.metadata() {
            Ok(metadata) => self.add(name, folder, tracking, metadata.len(), None),
            Err(error) => self.problem(&name.path, ProblemKind::Unreadable, unreadable(&name.path, &error)),
        }
    }

    fn add_link(&mut self, name: Name, folder: &Folder) {
        let Some(tracking) = self.tracking(&name, folder) else { return };
        match self.bounds.resolve(&self.root.join(name.on_disk())) {
            Target::File { link, size } => self.add(name, folder, tracking, size, Some(link)),
            Target::Folder => self.leave_out(&name.path, Why::FolderLink),
            Target::Special => self.leave_out(&name.path, Why::NotAFile),
            Target::Elsewhere(target) => {
                let message =
                    format!("the link `{}` leads out of the repository, to `{}`", name.path, target.display());
                self.problem(&name.path, ProblemKind::LinkLeaves, message);
            }
            Target::Nowhere(error) => {
                let message = format!("the link `{}` leads to no file: {error}", name.path);
                self.problem(&name.path, ProblemKind::DeadLink, message);
            }
        }
    }

    /// What git knows about a file; nothing when the file is ignored.
    fn tracking(&mut self, name: &Name, folder: &Folder) -> Option<Tracking> {
        let ignored = || folder.ignored || self.patterns.ignores(folder.scope, name.on_disk(), false);
        let Some(index) = self.index else {
            return (!ignored()).then_some(Tracking::Plain);
        };
        let Some(at) = index.find(name.bytes()) else {
            return (!ignored()).then_some(Tracking::Untracked);
        };
        if let Some(met) = self.met.get_mut(at) {
            *met = true;
        }
        let entry = index.entries().get(at)?;
        if entry.unmerged {
            let message = format!("the merge of `{}` is not finished", name.path);
            self.problem(&name.path, ProblemKind::Unmerged, message);
        }
        Some(if entry.intent_to_add { Tracking::Untracked } else { Tracking::Tracked })
    }

    fn add(&mut self, name: Name, folder: &Folder, tracking: Tracking, size: u64, link: Option<super::Link>) {
        let lfs_covered = self.patterns.gives_to_lfs(folder.scope, name.on_disk());
        let mut file = File {
            id: FileId(0),
            path: RepoPath::new(&name.path),
            size,
            lfs: None,
            tracking,
            lfs_covered,
            link,
            missing: false,
            spelled: name.spelled,
            bytes: None,
        };
        let may_be_pointer = lfs::POINTER_SIZES.contains(&size);
        if may_be_pointer || (size <= *lfs::POINTER_SIZES.end() && size <= self.room as u64) {
            let small = match &file.link {
                Some(link) => lfs::read_small(link.target()),
                None => lfs::read_small(&file.on_disk(self.root)),
            };
            let small = small.as_ref().and_then(|(bytes, length)| bytes.get(..*length));
            file.lfs = small.filter(|_| may_be_pointer).and_then(lfs::parse);
            if let Some(bytes) = small.filter(|bytes| bytes.len() as u64 == size && bytes.len() <= self.room) {
                self.room -= bytes.len();
                file.bytes = Some(bytes.into());
            }
        }
        self.found.files.push(file);
    }

    /// Lets the texts of the overlay count for the files that were met, and lists those that were not.
    fn lay_over(&mut self) {
        for (path, bytes) in self.overlay.iter() {
            let lfs = lfs::parse(bytes).filter(|_| lfs::POINTER_SIZES.contains(&(bytes.len() as u64)));
            let size = bytes.len() as u64;
            if let Some(file) = self.found.files.iter_mut().find(|file| file.path == *path) {
                (file.size, file.lfs, file.missing, file.bytes) = (size, lfs, false, None);
                continue;
            }
            let name = Path::new(path.as_str());
            let scope = self.patterns.scope_of(name);
            let mut above = name.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
            if self.patterns.ignores(scope, name, false)
                || above.any(|folder| self.patterns.ignores(scope, folder, true))
            {
                continue;
            }
            self.found.files.push(File {
                id: FileId(0),
                path: path.clone(),
                size,
                lfs,
                tracking: if self.index.is_some() { Tracking::Untracked } else { Tracking::Plain },
                lfs_covered: self.patterns.gives_to_lfs(scope, name),
                link: None,
                missing: false,
                spelled: None,
                bytes: None,
            });
        }
    }

    /// What git would push although it was not met on disk.
    fn add_missing(&mut self) {
        let Some(index) = self.index else { return };
        let met = std::mem::take(&mut self.met);
        for (entry, _) in index.entries().iter().zip(met).filter(|(_, met)| !met) {
            let path = String::from_utf8_lossy(&entry.path);
            match entry.kind {
                EntryKind::Submodule => self.leave_out(&path, Why::Submodule),
                EntryKind::Folder => self.leave_out(&path, Why::Sparse),
                EntryKind::File if entry.intent_to_add => {}
                EntryKind::File => {
                    if !entry.skip_worktree {
                        let message = format!("`{path}` is in git's index but not on disk");
                        self.problem(&path, ProblemKind::Missing, message);
                    }
                    let scope = self.patterns.scope_of(Path::new(&*path));
                    self.found.files.push(File {
                        id: FileId(0),
                        path: RepoPath::new(&path),
                        size: entry.size.into(),
                        lfs: None,
                        tracking: Tracking::Tracked,
                        lfs_covered: self.patterns.gives_to_lfs(scope, Path::new(&*path)),
                        link: None,
                        missing: true,
                        spelled: None,
                        bytes: None,
                    });
                }
            }
        }
    }
}

fn unreadable(path: &str, error: &std::io::Error) -> String {
    match path {
        "" => format!("the folder cannot be listed: {error}"),
        path => format!("`{path}` cannot be read: {error}"),
    }
}

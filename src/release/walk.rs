//! From a folder to the list of what would be pushed. Links to folders are never entered, so there are no circles.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::file::{File, Tracking};
use super::git::DotGit;
use super::git::index::{EntryKind, Index};
use super::lfs;
use super::link::{Bounds, Target};
use super::overlay::Overlay;
use super::patterns::{Patterns, Scope, read_attributes, read_text, text_of};
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
struct Name {
    path: String,
    /// As on disk, where that is not Unicode.
    spelled: Option<PathBuf>,
}

impl Name {
    fn root() -> Self {
        Self { path: String::new(), spelled: None }
    }

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

/// A folder that the walk is in.
struct Folder {
    name: Name,
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
        let found = Listing::default();
        Self { root, bounds, patterns, index, overlay, met, seen: 0, room: MAX_KEPT_BYTES, found }
    }

    pub(super) fn run(mut self) -> Listing {
        self.list();
        if self.seen > MAX_ENTRIES {
            let message = format!("the folder contains more than {MAX_ENTRIES} files and folders");
            self.found.problems.push(Problem::new("", ProblemKind::TooMany, message));
        } else {
            self.add_missing();
        }
        self.lay_over();
        if self.patterns.are_exhausted() {
            let message = "matching the patterns of `.gitignore` and `.gitattributes` takes too long on so many files";
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

    fn list(&mut self) {
        let mut root = Folder { name: Name::root(), ignored: false, scope: Scope::default() };
        self.read_patterns(&mut root, true);
        // The folders from the root down to the one that the walk is in.
        let mut open = vec![root];
        let mut steps = WalkDir::new(self.root).min_depth(1).into_iter();
        while let Some(step) = steps.next() {
            let depth = step.as_ref().map_or_else(walkdir::Error::depth, DirEntry::depth);
            open.truncate(depth.max(1));
            let Some(folder) = open.last() else { return };
            let entry = match step {
                Ok(entry) => entry,
                Err(error) => {
                    self.not_listed(folder, &error);
                    continue;
                }
            };
            self.seen += 1;
            if self.seen > MAX_ENTRIES {
                return;
            }
            let inside = self.add_entry(&entry, folder);
            match inside {
                Some(inside) => open.push(inside),
                None if entry.file_type().is_dir() => steps.skip_current_dir(),
                None => {}
            }
        }
    }

    /// Takes what stands in `folder`; gives it back when it is a folder to go into.
    fn add_entry(&mut self, entry: &DirEntry, folder: &Folder) -> Option<Folder> {
        let part = entry.file_name();
        let is_download_record = part == "huggingface" && folder.name.on_disk().ends_with(".cache");
        if part == ".git" || (self.index.is_none() && is_download_record) {
            return None;
        }
        let name = folder.name.join(part);
        if name.bytes().len() > MAX_PATH_BYTES {
            let message = format!("a path in it is longer than {MAX_PATH_BYTES} bytes");
            self.problem(&folder.name.path, ProblemKind::PathTooLong, message);
            return None;
        }
        let kind = entry.file_type();
        if kind.is_dir() {
            return self.enter(name, folder, entry.depth());
        }
        if kind.is_symlink() {
            self.add_link(name, folder);
        } else if kind.is_file() {
            self.add_regular(name, folder, entry);
        } else if self.is_wanted(&name, folder) {
            self.leave_out(&name.path, Why::NotAFile);
        }
        None
    }

    /// Says what the system would not list: something in `folder`, or the rest of it.
    fn not_listed(&mut self, folder: &Folder, error: &walkdir::Error) {
        let below = error.path().filter(|_| error.depth() > 0).and_then(Path::file_name);
        let path = below.map_or_else(|| folder.name.path.clone(), |part| folder.name.join(part).path);
        let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
        self.problem(&path, ProblemKind::Unreadable, unreadable(&path, &reason));
    }

    /// Lets the folder's own `.gitignore` and `.gitattributes` count for what is in it.
    fn read_patterns(&mut self, folder: &mut Folder, is_root: bool) {
        let on_disk = self.root.join(folder.name.on_disk());
        let place = |wanted: &str| {
            let file = on_disk.join(wanted);
            let kind = fs::symlink_metadata(&file).ok()?.file_type();
            if kind.is_file() {
                return Some(file);
            }
            // Git does not follow a link here; an upload sends what the link leads to.
            if kind.is_symlink()
                && self.index.is_none()
                && let Target::File { link, .. } = self.bounds.resolve(&file)
            {
                return Some(link.target().to_owned());
            }
            None
        };
        // `hf upload` hands the root's file to the Hub, and no other.
        let ignore_counts = self.index.is_some() || is_root;
        let text = |wanted: &str| {
            let laid_over = self.overlay.get(&RepoPath::new(&folder.name.join(OsStr::new(wanted)).path));
            let read = if wanted == ".gitignore" { read_text } else { read_attributes };
            laid_over.map(|bytes| Ok(text_of(bytes))).or_else(|| place(wanted).map(|file| read(&file)))
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

    /// The folder, if something in it can be part of the release.
    fn enter(&mut self, name: Name, above: &Folder, depth: usize) -> Option<Folder> {
        let entry = self.index.and_then(|index| index.entries().get(index.find(name.bytes())?));
        if entry.is_some_and(|entry| entry.kind == EntryKind::Submodule) {
            // Said when the entries that were not met are looked at.
            return None;
        }
        let is_tracked = self.index.is_some_and(|index| index.has_below(name.bytes()));
        let ignored = above.ignored || self.patterns.ignores(above.scope, name.on_disk(), true);
        if ignored && !is_tracked {
            return None;
        }
        self.found.folders.push(RepoPath::new(&name.path));
        if depth > MAX_DEPTH {
            let message = format!("`{}` is more than {MAX_DEPTH} folders deep", name.path);
            self.problem(&name.path, ProblemKind::TooDeep, message);
            return None;
        }
        if self.index.is_some()
            && !is_tracked
            && matches!(DotGit::of(&self.root.join(name.on_disk())), DotGit::Repository(_))
        {
            self.leave_out(&name.path, Why::NestedRepository);
            return None;
        }
        let mut folder = Folder { name, ignored, scope: above.scope };
        self.read_patterns(&mut folder, false);
        Some(folder)
    }

    fn add_regular(&mut self, name: Name, folder: &Folder, entry: &DirEntry) {
        let Some(tracking) = self.tracking(&name, folder) else { return };
        match entry.metadata() {
            Ok(metadata) => self.add(name, folder, tracking, metadata.len(), None),
            Err(error) => self.not_listed(folder, &error),
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
                    format!("the link `{}` leads outside the repository, to `{}`", name.path, target.display());
                self.problem(&name.path, ProblemKind::LinkLeaves, message);
            }
            Target::Nowhere(error) => {
                let message = format!("`{}` is a link that does not lead to a file: {error}", name.path);
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

fn unreadable(path: &str, reason: &str) -> String {
    match path {
        "" => format!("the folder cannot be listed: {reason}"),
        path => format!("`{path}` cannot be read: {reason}"),
    }
}

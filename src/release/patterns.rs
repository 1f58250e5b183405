//! The `.gitignore` and `.gitattributes` files on the way from the root to a folder, and what they say of a path.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use super::attributes;
use super::folder::read_capped;
use super::globs::{Budget, Globs, GlobsBuilder};
use super::{MAX_ATTRIBUTES_BYTES, MAX_PATTERN_BYTES};

/// Names a folder's patterns together with those of all folders above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scope(Option<usize>);

struct Level {
    above: Scope,
    ignore: Option<Globs>,
    attributes: Option<Globs>,
}

/// All pattern files met so far.
pub(super) struct Patterns {
    levels: Vec<Level>,
    /// What counts where no `.gitignore` says anything: `.git/info/exclude`.
    exclude: Globs,
    macros: attributes::Macros,
    budget: Budget,
    /// The folders that have patterns of their own.
    scopes: HashMap<PathBuf, Scope>,
}

impl Patterns {
    /// `budget` is what is left after `exclude` was read.
    pub(super) fn new(exclude: Globs, budget: Budget) -> Self {
        Self { levels: Vec::new(), exclude, macros: HashMap::new(), budget, scopes: HashMap::new() }
    }

    /// Goes one folder down: the new scope is `above` with what the folder's own files say, `ignore_text` and
    /// `attributes_text`, where there are any. Errors say why a file has no effect.
    pub(super) fn enter(
        &mut self,
        above: Scope,
        folder: &Path,
        ignore_text: Option<Result<String, String>>,
        attributes_text: Option<Result<String, String>>,
    ) -> (Scope, Vec<(&'static str, String)>) {
        let mut errors = Vec::new();
        let mut keep = |name, read: Option<Result<Globs, String>>| match read {
            Some(Ok(patterns)) => Some(patterns).filter(|patterns| !patterns.is_empty()),
            Some(Err(error)) => {
                errors.push((name, error));
                None
            }
            None => None,
        };
        let ignore = keep(".gitignore", ignore_text.map(|text| parse_ignore(&text?, folder, &self.budget)));
        let (macros, budget) = (&mut self.macros, &self.budget);
        let read = attributes_text.map(|text| attributes::parse(&text?, folder, macros, budget));
        let attributes = keep(".gitattributes", read);
        if ignore.is_none() && attributes.is_none() {
            return (above, errors);
        }
        let scope = Scope(Some(self.levels.len()));
        self.levels.push(Level { above, ignore, attributes });
        self.scopes.insert(folder.to_owned(), scope);
        (scope, errors)
    }

    /// The scope of a path that was not met on a walk: that of the closest folder which was, and has patterns.
    pub(super) fn scope_of(&self, path: &Path) -> Scope {
        path.ancestors().skip(1).find_map(|folder| self.scopes.get(folder)).copied().unwrap_or_default()
    }

    /// Whether a path is ignored. The folders above it must have been asked before: within an ignored folder, nothing
    /// is taken back.
    pub(super) fn ignores(&self, scope: Scope, path: &Path, is_folder: bool) -> bool {
        let own = self.levels(scope).filter_map(|level| level.ignore.as_ref());
        own.chain([&self.exclude]).find_map(|globs| globs.decide(path, is_folder, &self.budget)).unwrap_or(false)
    }

    /// Whether a file belongs to LFS.
    pub(super) fn gives_to_lfs(&self, scope: Scope, path: &Path) -> bool {
        let mut levels = self.levels(scope).filter_map(|level| level.attributes.as_ref());
        levels.find_map(|globs| globs.decide(path, false, &self.budget)).unwrap_or(false)
    }

    /// Whether matching was given up because it had cost too much.
    pub(super) fn are_exhausted(&self) -> bool {
        self.budget.is_spent()
    }

    /// From the innermost folder to the root.
    fn levels(&self, scope: Scope) -> impl Iterator<Item = &Level> {
        let level = |scope: Scope| self.levels.get(scope.0?);
        std::iter::successors(level(scope), move |inner| level(inner.above))
    }
}

/// Reads the text of a file of ignore patterns that count from `folder`, a path in the release.
pub(super) fn parse_ignore(text: &str, folder: &Path, budget: &Budget) -> Result<Globs, String> {
    let mut globs = GlobsBuilder::new(folder);
    text.lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .for_each(|line| globs.add(line, budget));
    globs.build()
}

/// The text of an ignore file, without a byte order mark.
pub(super) fn read_text(file: &Path) -> Result<String, String> {
    Ok(text_of(&read_capped(file, MAX_PATTERN_BYTES).map_err(|error| error.to_string())?))
}

/// The text of a `.gitattributes` file, without a byte order mark.
pub(super) fn read_attributes(file: &Path) -> Result<String, String> {
    let bytes = read_capped(file, MAX_ATTRIBUTES_BYTES).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => {
            format!("it is longer than {} MiB, so that the Hub rejects the push", MAX_ATTRIBUTES_BYTES >> 20)
        }
        _ => error.to_string(),
    });
    Ok(text_of(&bytes?))
}

/// The text of a pattern file's bytes.
pub(super) fn text_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()
}

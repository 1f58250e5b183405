//! A list of git's patterns, and what matching them may cost.

use std::borrow::Cow;
use std::cell::Cell;
use std::path::Path;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::MAX_PATTERNS;

/// The most work that patterns may cost in one release: wildcards that cannot be looked up in a table, times the bytes
/// of the paths they are held against. Room for a hundred thousand files of 60 bytes and 60 wildcards, and a third of a
/// second on a common machine.
const MAX_WORK: u64 = 400_000_000;

/// What it costs to read one wildcard of a pattern, in the same measure: there may be a pattern file in every folder.
const READING_WORK: u64 = 8_000;

/// What it costs to read a pattern of any kind: room for as many as [`MAX_PATTERNS`] in two files.
const PATTERN_WORK: u64 = 4_000;

/// Patterns of which the last that matches decides: a plain one says yes, one that begins with `!` says no.
pub(super) struct Globs {
    matcher: Gitignore,
    wildcards: u64,
}

/// Collects patterns that count from one folder.
pub(super) struct GlobsBuilder {
    builder: GitignoreBuilder,
    count: usize,
    wildcards: u64,
    is_affordable: bool,
}

/// What is left of [`MAX_WORK`].
pub(super) struct Budget(Cell<u64>);

impl GlobsBuilder {
    /// `folder` is a path in the release, empty for the root.
    pub(super) fn new(folder: &Path) -> Self {
        Self { builder: GitignoreBuilder::new(folder), count: 0, wildcards: 0, is_affordable: true }
    }

    /// Adds a line of a `.gitignore`. One that cannot be read is ignored, as git ignores it.
    pub(super) fn add(&mut self, line: &str, budget: &Budget) {
        let wildcards = wildcards(line);
        self.count += 1;
        self.is_affordable &= budget.spend(PATTERN_WORK + wildcards * READING_WORK).is_some();
        if self.count <= MAX_PATTERNS && self.is_affordable {
            self.wildcards += wildcards;
            self.builder.add_line(None, &with_ranges(line)).ok();
        }
    }

    /// An error says why the patterns cannot be used.
    pub(super) fn build(self) -> Result<Globs, String> {
        if self.count > MAX_PATTERNS {
            return Err(format!("it has more than {MAX_PATTERNS} patterns"));
        }
        if !self.is_affordable {
            return Err("its patterns cost too much time".to_owned());
        }
        let matcher = self.builder.build().map_err(|error| error.to_string())?;
        Ok(Globs { matcher, wildcards: self.wildcards })
    }
}

/// The classes of POSIX that stand in brackets, as ranges; `git lfs track "a b.png"` writes `a[[:space:]]b.png`. The matcher
/// knows ranges only. No range starts with what would negate all of them.
const CLASSES: [(&str, &str); 12] = [
    ("[:space:]", " \t\n\r\u{b}\u{c}"),
    ("[:alnum:]", "0-9A-Za-z"),
    ("[:alpha:]", "A-Za-z"),
    ("[:blank:]", " \t"),
    ("[:cntrl:]", "\u{1}-\u{1f}\u{7f}"),
    ("[:digit:]", "0-9"),
    ("[:graph:]", "\"-~!"),
    ("[:lower:]", "a-z"),
    ("[:print:]", " -~"),
    ("[:punct:]", ":-@!-/[-`{-~"),
    ("[:upper:]", "A-Z"),
    ("[:xdigit:]", "0-9A-Fa-f"),
];

fn with_ranges(line: &str) -> Cow<'_, str> {
    if !["[[:", "[![:", "[^[:"].iter().any(|start| line.contains(start)) {
        return Cow::Borrowed(line);
    }
    Cow::Owned(CLASSES.iter().fold(line.to_owned(), |line, (class, ranges)| line.replace(class, ranges)))
}

/// How many wildcards of a pattern cost time; none in a name, nor in `*.bin`, since these are looked up.
fn wildcards(line: &str) -> u64 {
    let start = line.trim_start_matches('!');
    let rest = start.strip_prefix('*').filter(|rest| !rest.contains(['/', '\\'])).unwrap_or(start);
    match rest.matches(is_wild).count() {
        0 => 0,
        _ => line.matches(is_wild).count() as u64,
    }
}

fn is_wild(letter: char) -> bool {
    matches!(letter, '*' | '?' | '[' | '{')
}

impl Globs {
    pub(super) fn empty() -> Self {
        Self { matcher: Gitignore::empty(), wildcards: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.matcher.is_empty()
    }

    /// What the patterns say of a path; nothing once the budget is spent.
    pub(super) fn decide(&self, path: &Path, is_folder: bool, budget: &Budget) -> Option<bool> {
        budget.spend(self.wildcards * path.as_os_str().len() as u64)?;
        match self.matcher.matched(path, is_folder) {
            Match::Ignore(_) => Some(true),
            Match::Whitelist(_) => Some(false),
            Match::None => None,
        }
    }
}

impl Budget {
    pub(super) fn new() -> Self {
        Self(Cell::new(MAX_WORK))
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }

    fn spend(&self, work: u64) -> Option<()> {
        let left = self.0.get().checked_sub(work);
        self.0.set(left.unwrap_or(0));
        left.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_be_looked_up_costs() {
        let costs = |lines: [&str; 8]| lines.map(wildcards);
        assert_eq!(costs(["*.bin", "name", "/a/b", "!*.bin", "#", "build/", "*tail", ""]), [0; 8]);
        assert_eq!(costs(["a*", "*a*", "**/x", "[ab].x", "a?", "*.py[co]", "*/x", "{a,b}"]), [1, 2, 2, 1, 1, 2, 1, 1]);
    }

    #[test]
    fn classes_of_posix_are_ranges() {
        let budget = Budget::new();
        let matches = |pattern: &str, path: &str| {
            let mut globs = GlobsBuilder::new(Path::new(""));
            globs.add(pattern, &budget);
            globs.build().unwrap().decide(Path::new(path), false, &budget) == Some(true)
        };
        for (pattern, path) in [
            ("assets/task[[:space:]]done.png", "assets/task done.png"),
            ("[[:digit:][:upper:]]x", "7x"),
            ("[[:digit:][:upper:]]x", "Kx"),
            ("[[:punct:]]x", "!x"),
            ("[[:graph:]]x", "]x"),
            ("[^[:alpha:]]x", "3x"),
            ("[![:space:]]x", "_x"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("assets/task[[:space:]]done.png", "assets/task_done.png"),
            ("[[:digit:][:upper:]]x", "kx"),
            ("[[:punct:]]x", "ax"),
            ("[![:space:]]x", " x"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn reading_stops_when_the_budget_is_spent() {
        let budget = Budget(Cell::new(5 * READING_WORK));
        let build = |line: &str| {
            let mut builder = GlobsBuilder::new(Path::new(""));
            builder.add(line, &budget);
            builder.build().is_ok()
        };
        assert!(build("*a*b*") && build("name") && !build("*a*b*"));
        assert!(budget.is_spent());
    }

    #[test]
    fn matching_stops_when_the_budget_is_spent() {
        let mut builder = GlobsBuilder::new(Path::new(""));
        builder.add("*a*", &Budget::new());
        let globs = builder.build().unwrap();
        let budget = Budget(Cell::new(10));
        let decide = || globs.decide(Path::new("abc"), false, &budget);
        assert_eq!((decide(), budget.is_spent()), (Some(true), false));
        assert_eq!((decide(), budget.is_spent()), (None, true));
        assert_eq!(decide(), None);
    }
}

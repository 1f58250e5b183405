//! Changes that a finding proposes. Applying and proving them is the work of [`crate::fix`].

use crate::source::{RepoPath, Span};

/// Who may apply a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// `--fix`: the files prove it, or it is a placeholder to fill in.
    Safe,
    /// `--unsafe-fixes`: likely right, a person must judge.
    Unsafe,
    /// Shown, never written.
    DisplayOnly,
}

impl Safety {
    /// The word that outputs use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::DisplayOnly => "display-only",
        }
    }
}

/// Replaces the bytes of a span; an empty span inserts, an empty text deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub at: Span,
    /// What is there afterwards.
    pub text: String,
}

/// A file that a fix creates; refused when it is already there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Where, inside the repository.
    pub path: RepoPath,
    /// Its whole text.
    pub text: String,
}

/// A change that fixes a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: "add `library_name: peft`".
    pub title: String,
    /// Who may apply it.
    pub safety: Safety,
    /// Disjoint changes, sorted by place, all in one file.
    pub edits: Vec<Edit>,
    /// Files that did not exist.
    pub new_files: Vec<NewFile>,
    /// The top-level front matter keys that the edits add, change or remove: everything else must read as before.
    pub keys: Vec<String>,
    /// Whether the finding is expected to remain: the edit leaves a place for a person to fill.
    pub placeholder: bool,
    /// How many values its text leaves open for a person, where the finding goes all the same.
    pub left_open: usize,
}

impl Fix {
    /// A fix without edits yet.
    pub fn new(title: impl Into<String>, safety: Safety) -> Self {
        Self {
            title: title.into(),
            safety,
            edits: Vec::new(),
            new_files: Vec::new(),
            keys: Vec::new(),
            placeholder: false,
            left_open: 0,
        }
    }

    /// How many places it leaves for a person to fill.
    pub fn places_to_fill(&self) -> usize {
        self.left_open.max(usize::from(self.placeholder))
    }

    /// Replaces a span.
    #[must_use]
    pub fn edit(mut self, at: Span, text: impl Into<String>) -> Self {
        self.edits.push(Edit { at, text: text.into() });
        self
    }

    /// Creates a file.
    #[must_use]
    pub fn file(mut self, path: RepoPath, text: impl Into<String>) -> Self {
        self.new_files.push(NewFile { path, text: text.into() });
        self
    }

    /// Declares a front matter key that the edits touch.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.keys.push(key.into());
        self
    }

    /// Marks the edit as a placeholder: the finding stays until a person fills it in.
    #[must_use]
    pub fn placeholder(mut self) -> Self {
        self.placeholder = true;
        self
    }
}

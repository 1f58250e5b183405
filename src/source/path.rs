//! Paths as the Hub names them.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A path inside a repository: relative, `/` between its parts on every system, no `.` or `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(Arc<str>);

impl RepoPath {
    /// Takes a path that is already in the Hub's form. A part that is not Unicode on disk arrives with U+FFFD.
    pub fn new(path: &str) -> Self {
        Self(path.into())
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part: `model.safetensors` of `unet/model.safetensors`.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// Everything before the last part, without the slash; empty at the root.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The text after the last dot of the name, in lower case; empty when there is none.
    pub fn extension(&self) -> Cow<'_, str> {
        let end = self.name().rsplit_once('.').map_or("", |(_, end)| end);
        match end.bytes().any(|letter| letter.is_ascii_uppercase()) {
            true => Cow::Owned(end.to_ascii_lowercase()),
            false => Cow::Borrowed(end),
        }
    }

    /// Whether the file stands at the root of the repository.
    pub fn is_at_root(&self) -> bool {
        !self.0.contains('/')
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for RepoPath {
    fn from(path: &str) -> Self {
        Self::new(path)
    }
}

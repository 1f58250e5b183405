//! Why a fix is not applied.

use thiserror::Error;

use super::write::WriteError;

/// A fix that is not applied, and why, in words for the person who asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The edits are out of order, overlap, lie in several files or outside the text: a defect of the rule.
    #[error("its edits do not fit the text")]
    Misfit,
    /// The text is not UTF-8 where it would be changed.
    #[error("the text is not UTF-8 where it would be changed")]
    NotText,
    /// A top-level key that was not declared would read differently.
    #[error("it would change `{0}`")]
    Key(String),
    /// The top-level keys that stay would stand in another order, or other ones would be there.
    #[error("it would add, drop or move keys that it does not name")]
    Keys,
    /// Comparing both readings would cost too much; aliases that multiply do that.
    #[error("the values are too large to compare")]
    TooLarge,
    /// The front matter, or a JSON file, would no longer be readable.
    #[error("the file could no longer be read: {0}")]
    Unreadable(String),
    /// A comment would be lost or changed.
    #[error("it would lose or change the comment `{0}`")]
    Comment(String),
    /// The Markdown below the front matter would begin elsewhere or read differently.
    #[error("it would change the text below the front matter")]
    Body,
    /// Bytes outside the edits would change.
    #[error("it would change bytes outside its edits")]
    Outside,
    /// The byte order mark would be lost, moved or added.
    #[error("it would change the encoding of the file")]
    Encoding,
    /// The file would mix `\n` and `\r\n`, or change from one to the other.
    #[error("it would change the line ends of the file")]
    LineEnds,
    /// The rule reports the same after the fix.
    #[error("the finding would still be there")]
    Remains,
    /// A placeholder whose finding is gone: an empty promise would count as kept.
    #[error("the placeholder would silence its own finding")]
    Silenced,
    /// A placeholder that the next run would insert once more.
    #[error("the next run would insert the same again")]
    Repeats,
    /// An error that was not there before.
    #[error("it would cause another error: {0}")]
    Causes(String),
    /// Two or more fixes undo each other.
    #[error("it and another fix would undo each other")]
    Cycle,
    /// After many passes there was still something to change.
    #[error("the fixes would go on without end")]
    Unsettled,
    /// The path of a new file is empty, absolute, outside the repository, or belongs to git.
    #[error("`{0}` is not a path for a file of this repository")]
    Path(String),
    /// A new file that is there already.
    #[error("`{0}` already exists")]
    Exists(String),
    /// The file may not be written; the words of [`crate::fix::write::WriteError`].
    #[error("{0}")]
    NotWritable(String),
}

impl Refusal {
    /// What to do next, for the `help:` line.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotWritable(_) | Self::Exists(_) | Self::Path(_) => {
                "Change the file by hand, or make it writable and run again. Nothing was written there."
            }
            Self::NotText | Self::Encoding => "Save the file as UTF-8, then run again.",
            Self::LineEnds => "Use one kind of line end in the file, then run again.",
            _ => "Make this change by hand. The file was left as it is.",
        }
    }
}

impl From<WriteError> for Refusal {
    fn from(error: WriteError) -> Self {
        Self::NotWritable(error.to_string())
    }
}

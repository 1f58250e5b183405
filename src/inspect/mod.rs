//! What weight files are, for a person who wants to look before trusting: format, tensors, types, who wrote them, and what is
//! wrong, as a table or as JSON.
//!
//! This room turns what [`crate::weights`] read into lines. It does not open files, does not know releases or rules, and
//! judges nothing but what the readers found. All text of a file is hostile: the table escapes it.

mod blocks;
mod describe;
mod human;
pub mod json;
mod producer;

use std::ops::Range;

pub use human::write_human;

use crate::weights::{Fault, Format};

/// How many bytes of one value of the metadata are kept; chat templates are longer.
pub const MAX_VALUE_BYTES: usize = 4096;

/// How many entries of the metadata of one file are kept.
pub const MAX_ENTRIES: usize = 1000;

/// One weight file.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// Its path, below the folder where one was named.
    pub path: String,
    /// Its bytes on disk.
    pub size: u64,
    /// What the bytes are.
    pub format: Format,
    /// What other readers see in them.
    pub also: Vec<Format>,
    /// What the name promises, where the bytes are something else.
    pub promised: Option<Format>,
    /// What it stands for, where it is a git-lfs pointer: SHA-256 and size.
    pub pointer: Option<(String, u64)>,
    /// How many tensors it has; none where its reader does not tell.
    pub tensor_count: Option<u64>,
    /// How many numbers all tensors have together.
    pub parameters: Option<u64>,
    /// Types with the numbers that are of them, the most frequent first.
    pub dtypes: Vec<(String, u64)>,
    /// The tensors, where they were asked for.
    pub tensors: Vec<Tensor>,
    /// What the file says of itself and of the program that wrote it, in the file's order.
    pub metadata: Vec<(String, String)>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// One tensor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    /// Its name.
    pub name: String,
    /// Its type as the format spells it; empty for an unknown one.
    pub dtype: String,
    /// Its dimensions, as the file has them; GGUF has the fastest one first.
    pub shape: Vec<u64>,
    /// Its bytes in the file, where they are known.
    pub range: Option<Range<u64>>,
}

/// What is to be thought of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Its reader takes it, and it holds no code.
    Ok,
    /// A pointer: the file itself is not here.
    NotFetched,
    /// Its format can run code when it is loaded.
    MayRunCode,
    /// It was not understood, or not read to its end.
    NotChecked,
    /// It is another format than its name says.
    Disguised,
    /// Its own reader refuses it.
    Malformed,
    /// It is a pickle, and its name promises a format without code.
    Dangerous,
}

impl Verdict {
    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NotFetched => "not fetched",
            Self::MayRunCode => "may run code",
            Self::NotChecked => "not checked",
            Self::Disguised => "disguised",
            Self::Malformed => "malformed",
            Self::Dangerous => "dangerous",
        }
    }

    /// Whether it makes the exit code 1.
    pub fn fails(self) -> bool {
        matches!(self, Self::Malformed | Self::Dangerous)
    }
}

impl Inspected {
    /// The worst that is known of it.
    pub fn verdict(&self) -> Verdict {
        let safe = [Format::Safetensors, Format::Gguf, Format::Onnx];
        if self.pointer.is_some() {
            Verdict::NotFetched
        } else if self.format.holds_pickle() && self.promised.is_some_and(|promised| safe.contains(&promised)) {
            Verdict::Dangerous
        } else if self.faults.iter().any(|fault| fault.breaks) {
            Verdict::Malformed
        } else if self.promised.is_some() {
            Verdict::Disguised
        } else if self.format.holds_pickle()
            || self.also.iter().any(|format| format.holds_pickle())
            || self.is_pickled_array()
        {
            Verdict::MayRunCode
        } else if self.is_unread() {
            Verdict::NotChecked
        } else {
            Verdict::Ok
        }
    }

    /// Whether a cap ended the reading, or nothing here reads the format.
    fn is_unread(&self) -> bool {
        let limit = self.faults.iter().any(|fault| fault.kind == crate::weights::FaultKind::Limit);
        let opaque = self.format.is_compressed() || matches!(self.format, Format::Unknown | Format::Zip | Format::Tar);
        limit || opaque
    }

    fn is_pickled_array(&self) -> bool {
        self.format == Format::Npy && self.dtypes.iter().any(|(dtype, _)| dtype.contains('O'))
    }
}

#[cfg(test)]
mod tests;

//! What weight files are, for a person who wants to look before trusting: format, tensors, types, which program wrote them,
//! and what is wrong, as data.
//!
//! This room sums up what [`crate::weights`] read. It does not open files, does not know releases or rules, and judges
//! nothing but what the readers found. All text of a file is hostile: [`crate::report`] prints and escapes it.

mod describe;
mod opcodes;
mod producer;
#[cfg(test)]
pub(crate) mod testing;
mod text;

use crate::bytes::{Fault, FaultKind, Format};
use crate::pickle::{Import, Line, Trust};
use crate::weights::{Active, Danger, Named, Tensor, Unseen};

/// How many bytes of one value of the metadata are kept; chat templates are longer.
pub const MAX_VALUE_BYTES: usize = 4096;

/// How many entries of the metadata of one file are kept.
pub const MAX_ENTRIES: usize = 1000;

/// How many opcodes of one file are listed: a checkpoint of a thousand tensors has some thirty thousand.
pub const MAX_OPCODES: usize = 200_000;

/// One weight file.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// Its path, below the folder where one was named.
    pub path: String,
    /// Its bytes on disk.
    pub size: u64,
    /// What the bytes are.
    pub format: Format,
    /// What it is where nothing here reads the format, and its name or first bytes tell it.
    pub named: Option<&'static Named>,
    /// What other readers see in them.
    pub also: Vec<Format>,
    /// What the name promises, where the bytes are something else.
    pub promised: Option<Format>,
    /// Whether loaders look for the format under another name.
    pub is_misnamed: bool,
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
    /// What else runs when the file is loaded, or needs code from elsewhere.
    pub active: Vec<Active>,
    /// What its pickles import and call, in the order in which they were met; none where it contains no pickle.
    pub imports: Option<Vec<Imported>>,
    /// What nothing here looked at.
    pub unseen: Option<Unseen>,
    /// What may hold a pickle and was not read to its end: where, and why.
    pub unread: Vec<String>,
    /// The opcodes of its pickles, where they were asked for; the first [`MAX_OPCODES`].
    pub opcodes: Vec<Line>,
    /// Why that is not all of them.
    pub opcodes_left_out: Option<&'static str>,
}

/// What is read beyond the overview.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Every tensor.
    pub tensors: bool,
    /// Everything that pickles import and call.
    pub imports: bool,
    /// The opcodes of pickles.
    pub opcodes: bool,
}

/// Something that a pickle imports.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The member of the archive; none where the file itself is the pickle.
    pub member: Option<String>,
    /// Whether the offsets are those of the file; else they count from the start of the unpacked member.
    pub in_file: bool,
    /// The import and its first call.
    pub import: Import,
}

impl Imported {
    /// How far it is to be trusted, given how it is called.
    pub fn trust(&self) -> Trust {
        self.import.verdict()
    }
}

/// What is to be thought of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Its reader takes it, and it contains no code; of a pickle: it imports only what is known to be harmless.
    Ok,
    /// Its format is known and has no reader here; what it may contain in pickles was read.
    NotRead,
    /// A pointer: the file itself is not here.
    NotFetched,
    /// It imports names that are not known to be harmless.
    MayRunCode,
    /// Its readers take it, and may not see the same in it.
    Irregular,
    /// It was not understood, or not read to its end.
    NotChecked,
    /// It is another format than its name says.
    Disguised,
    /// Its own reader refuses it.
    Malformed,
    /// It runs code when it is loaded, or is a pickle whose name promises a format without code.
    Dangerous,
}

impl Verdict {
    /// Whether it makes the exit code 1.
    pub fn fails(self) -> bool {
        matches!(self, Self::Malformed | Self::Dangerous)
    }

    /// Whether it makes the exit code 3 where nothing fails: a part of the file was to be looked at and was not.
    pub fn is_incomplete(self) -> bool {
        matches!(self, Self::NotChecked | Self::NotFetched)
    }
}

impl Inspected {
    /// The worst that is known of it.
    pub fn verdict(&self) -> Verdict {
        let safe = [Format::Safetensors, Format::Gguf, Format::Onnx];
        let smuggles = self.format.holds_pickle() && self.promised.is_some_and(|promised| safe.contains(&promised));
        let danger = self.active.iter().map(|active| active.danger).max();
        if self.pointer.is_some() {
            Verdict::NotFetched
        } else if smuggles || self.worst_import() == Some(Trust::Dangerous) || danger == Some(Danger::Attack) {
            Verdict::Dangerous
        } else if self.faults.iter().any(|fault| fault.breaks) {
            Verdict::Malformed
        } else if self.is_misnamed {
            Verdict::Disguised
        } else if self.worst_import().is_some_and(|trust| trust > Trust::Known) || danger == Some(Danger::MayRun) {
            Verdict::MayRunCode
        } else {
            match self.unseen {
                Some(Unseen::Part(_)) => Verdict::NotChecked,
                Some(Unseen::Format) => Verdict::NotRead,
                None if self.is_irregular() => Verdict::Irregular,
                None => Verdict::Ok,
            }
        }
    }

    /// Whether it is a good file of a format that contains tensors, which nothing here reads.
    pub(crate) fn is_silent_of_tensors(&self) -> bool {
        let holds = matches!(
            self.format,
            Format::Ggml
                | Format::Hdf5
                | Format::KerasHdf5
                | Format::KerasZip
                | Format::Dduf
                | Format::Flax
                | Format::TfLite
                | Format::TorchTar
        );
        holds && self.tensor_count.is_none()
    }

    fn is_irregular(&self) -> bool {
        self.faults.iter().any(|fault| !matches!(fault.kind, FaultKind::Alignment | FaultKind::Limit))
    }

    fn worst_import(&self) -> Option<Trust> {
        self.imports.iter().flatten().map(Imported::trust).max()
    }
}

/// Whether a format says nothing of what the file contains.
fn is_opaque(format: Format) -> bool {
    format.is_compressed() || matches!(format, Format::Unknown | Format::Zip | Format::Tar)
}

#[cfg(test)]
mod tests;

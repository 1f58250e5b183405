//! What of a file no reader looked at. A check and an inspection ask here, so that both say the same.

use super::examine::Contents;
use super::{Role, Weight};
use crate::bytes::{FaultKind, Format};
use crate::source::RepoPath;

/// What of a file was not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// Something ended the reading, or the file is not understood. In words.
    Part(String),
    /// The format is known, and its content is not read. It contains no pickle.
    Format,
}

/// Extensions of weights among files that are not told by their extension.
const OFTEN_WEIGHTS: [&str; 6] = ["bin", "model", "ot", "nemo", "skops", "pte"];

impl Weight {
    /// Whether the file is about weights, as far as its name and its bytes tell: not a text, a picture, a vocabulary or an
    /// archive of other things that is sound.
    pub fn is_about_weights(&self, path: &RepoPath) -> bool {
        let is_named = self.named.is_some_and(|named| named.role == Role::Weights);
        let may_be = self.expected.is_some() || is_named || OFTEN_WEIGHTS.contains(&path.extension().as_ref());
        match self.format {
            Format::LfsPointer => may_be,
            // Objects of another language, in which a loader may find code, are told by their bytes.
            Format::Unknown => self.expected.is_some() || is_named || !self.pickles.unread.is_empty(),
            // `.pt` is also Portuguese text, and `.pth` a list of Python paths.
            format if format.is_text() => {
                let promised = self.expected.is_none_or(|formats| formats.contains(&format));
                let is_faulty = self.faults.iter().any(|fault| fault.breaks || self.expected.is_some());
                !promised || is_named || is_faulty
            }
            format if format.is_compressed() || matches!(format, Format::Zip | Format::Tar) => {
                let has_pickles = !self.pickles.found.is_empty() || !self.pickles.unread.is_empty();
                may_be || has_pickles || self.faults.iter().any(|fault| fault.breaks)
            }
            _ => true,
        }
    }

    /// What was not looked at; nothing where the readers saw all that they look for, or where the file is broken.
    pub fn unseen(&self) -> Option<Unseen> {
        if let Some(limit) = self.faults.iter().find(|fault| fault.kind == FaultKind::Limit) {
            return Some(Unseen::Part(limit.message.clone()));
        }
        if let Some(part) = self.pickles.unread.first() {
            return Some(Unseen::Part(part.unread.why.clone()));
        }
        let has_pickles = !self.pickles.found.is_empty();
        // Objects in a numpy array are a pickle after its header.
        let is_pickled = matches!(&self.contents, Contents::Npy(npy) if npy.descr.contains('O'));
        match self.format {
            _ if self.has_no_reader() => Some(Unseen::Format),
            _ if has_pickles => None,
            format if format.holds_pickle() => Some(Unseen::Part("no pickle was found in it".to_owned())),
            _ if is_pickled => Some(Unseen::Part("its objects were not found".to_owned())),
            format @ (Format::Unknown | Format::Zip | Format::Tar) => {
                Some(Unseen::Part(format!("it is {}, in which no weights were found", format.name())))
            }
            format if format.is_compressed() => {
                Some(Unseen::Part(format!("it is {}, in which no weights were found", format.name())))
            }
            Format::Hdf5 => Some(Unseen::Format),
            _ => None,
        }
    }
}

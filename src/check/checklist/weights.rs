//! What weight files show of the items about them.

use std::collections::BTreeSet;

use super::sight::Sight;
use crate::bytes::{FaultKind, Format};
use crate::diagnostic::{Diagnostic, Level};
use crate::evidence::WeightFile;
use crate::rules::Context;
use crate::weights::Contents;
use crate::words::{all_of, count, grouped};

/// The weight files of a release: those that were read and are sound, and what is in doubt about the others.
pub(super) struct Looked<'w> {
    sound: Vec<WeightFile<'w>>,
    doubts: Vec<String>,
}

impl<'w> Looked<'w> {
    /// Looks at what was read. A file that a finding calls broken is in doubt, whatever rule reports it.
    pub(super) fn at(cx: &'w Context<'_>, found: &[&Diagnostic]) -> Self {
        let mut looked = Self { sound: Vec::new(), doubts: Vec::new() };
        for file in cx.weights().files() {
            match doubt(file, found) {
                Some(doubt) => looked.doubts.push(format!("`{}`: {doubt}", file.file.path)),
                None => looked.sound.push(file),
            }
        }
        looked
    }

    /// Why nothing can be said of the weights: there are none, or some are in doubt.
    fn unclear(&self) -> Option<Sight> {
        match self.doubts.split_first() {
            Some((first, [])) => Some(Sight::Unclear(first.clone())),
            Some((first, others)) => Some(Sight::Unclear(format!("{first} (and {} more)", others.len()))),
            None if self.sound.is_empty() => Some(Sight::Unclear("there are no weight files".to_owned())),
            None => None,
        }
    }

    /// Whether the weights are of one variant.
    pub(super) fn separate(&self) -> Sight {
        if let Some(unclear) = self.unclear() {
            return unclear;
        }
        match self.sound.as_slice() {
            [only] => Sight::Positive(format!("`{}` is the only weight file", only.file.path)),
            many if many.iter().any(|found| found.weight.format == Format::Gguf) => Sight::Unclear(format!(
                "quantizations of one model may share a repository; there are {} weight files",
                many.len()
            )),
            many => Sight::Positive(format!("{} weight files of one variant", many.len())),
        }
    }

    /// Whether the weights are safetensors, and nothing else that unpickles.
    pub(super) fn safetensors(&self) -> Sight {
        if let Some(unclear) = self.unclear() {
            return unclear;
        }
        let (safe, others): (Vec<&WeightFile<'_>>, Vec<_>) =
            self.sound.iter().partition(|found| found.weight.format == Format::Safetensors);
        let names: BTreeSet<&str> = others.iter().map(|found| found.weight.format.name()).collect();
        if let Some(pickle) = others.iter().find(|found| !found.weight.pickles.found.is_empty()) {
            return Sight::Unclear(format!("`{}` contains a pickle", pickle.file.path));
        }
        let beside = if names.is_empty() { String::new() } else { format!(", beside {}", all_of(&names)) };
        match safe.as_slice() {
            [] => Sight::Unclear(format!("no file is safetensors: the weights are {}", all_of(&names))),
            [only] => Sight::Positive(format!("the header of `{}` was read{beside}", only.file.path)),
            many => Sight::Positive(format!("the headers of {} safetensors files were read{beside}", many.len())),
        }
    }

    /// Loading is not tried, so that it is never known whether it works.
    pub(super) fn loads(&self) -> Sight {
        self.unclear().unwrap_or_else(|| {
            let files = count(self.sound.len(), "weight file");
            Sight::Unclear(format!("no fault in {files} that could be read; loading the model was not tried"))
        })
    }
}

/// Why a file does not count as read and sound.
fn doubt(found: WeightFile<'_>, findings: &[&Diagnostic]) -> Option<String> {
    let weight = found.weight;
    let is_of_file = |finding: &&&Diagnostic| finding.primary.place.file() == Some(found.file.id);
    let error = findings.iter().filter(is_of_file).find(|finding| finding.level == Level::Error);
    let fault = weight.faults.iter().find(|fault| fault.breaks || fault.kind == FaultKind::Limit);
    let is_opaque = weight.format.is_text()
        || weight.format.is_compressed()
        || matches!(weight.format, Format::Unknown | Format::Zip | Format::Tar);
    if weight.format == Format::LfsPointer {
        Some("a git-lfs pointer, not the file itself".to_owned())
    } else if let Some(error) = error {
        Some(error.message.clone())
    } else if let Some(fault) = fault {
        Some(fault.message.clone())
    } else if let Some(part) = weight.pickles.unread.first() {
        Some(part.unread.why.clone())
    } else if is_opaque || weight.has_no_reader() {
        Some(format!("not read, since it is {}", weight.what()))
    } else {
        empty(&weight.contents)
    }
}

/// What is said of a header that lists nothing.
fn empty(contents: &Contents) -> Option<String> {
    let (tensors, parameters) = match contents {
        Contents::Safetensors(header) => (header.len() as u64, header.parameters()),
        Contents::Gguf(gguf) => (gguf.tensors.len() as u64, gguf.parameters()),
        _ => return None,
    };
    match (tensors, parameters) {
        (0, _) => Some("it has no tensors".to_owned()),
        (tensors, 0) => Some(format!("its {} tensors have no elements", grouped(tensors))),
        _ => None,
    }
}

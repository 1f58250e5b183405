//! The files of a release by content, each examined once.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::bytes::Format;
use crate::release::{File, Release};
use crate::source::FileId;
use crate::weights::gguf::Gguf;
use crate::weights::safetensors::Header;
use crate::weights::{Contents, Hollow, MAX_READS, Role, Weight, examine, hollow};

/// The files of a release by content. A file is examined when it is first asked for: that costs a small read for a text,
/// and a header for weights.
#[derive(Debug)]
pub struct Weights<'r> {
    release: &'r Release,
    examined: Vec<OnceLock<Result<Box<Examined>, String>>>,
    held: AtomicU64,
    /// How many reads may still be spent on looking for zeros.
    reads: AtomicUsize,
}

/// What is known of one file.
#[derive(Debug)]
struct Examined {
    weight: Weight,
    hollow: Option<Hollow>,
}

/// How many bytes of headers are kept of one release: ten times what the largest models have. Beyond it a file is
/// examined all the same, and only what its header says is forgotten.
pub(super) const MAX_HELD_BYTES: u64 = 32 * 1024 * 1024;

/// A file that contains weights, or stands for one that does.
#[derive(Clone, Copy, Debug)]
pub struct WeightFile<'w> {
    /// The file.
    pub file: &'w File,
    /// What its bytes are; of an LFS pointer, that.
    pub weight: &'w Weight,
}

impl WeightFile<'_> {
    /// The bytes of the weights: the file's own, or those of the file that an LFS pointer stands for.
    pub fn size(&self) -> u64 {
        match &self.weight.contents {
            Contents::Pointer(pointer) => pointer.size,
            _ => self.file.size,
        }
    }
}

impl<'r> Weights<'r> {
    /// Reads nothing yet.
    pub fn new(release: &'r Release) -> Self {
        Self {
            release,
            examined: release.files().iter().map(|_| OnceLock::new()).collect(),
            held: AtomicU64::new(0),
            reads: AtomicUsize::new(MAX_READS),
        }
    }

    /// What a file is; `None` when it cannot be read.
    pub fn get(&self, file: FileId) -> Option<&Weight> {
        self.examine(file)?.as_ref().ok().map(|examined| &examined.weight)
    }

    /// Every file that can be read, weights or not, in the release's order.
    pub fn all(&self) -> impl Iterator<Item = (&'r File, &Weight)> {
        self.release.files().iter().filter_map(|file| Some((file, self.get(file.id)?)))
    }

    /// The files that contain weights, in the release's order: by content, without what a training run leaves beside
    /// weights (optimizers, random states). An LFS pointer counts by its name.
    pub fn files(&self) -> impl Iterator<Item = WeightFile<'_>> {
        self.all()
            .filter(|(file, weight)| holds_weights(file, weight))
            .map(|(file, weight)| WeightFile { file, weight })
    }

    /// The GGUF files whose header could be read, and their headers.
    pub fn gguf(&self) -> impl Iterator<Item = (&File, &Gguf)> {
        self.files().filter_map(|found| match &found.weight.contents {
            Contents::Gguf(gguf) => Some((found.file, gguf)),
            _ => None,
        })
    }

    /// The safetensors files whose header could be read, and their headers.
    pub fn safetensors(&self) -> impl Iterator<Item = (&File, &Header)> {
        self.files().filter_map(|found| match &found.weight.contents {
            Contents::Safetensors(header) => Some((found.file, header)),
            _ => None,
        })
    }

    /// Why a sound file says nothing, where it does not.
    pub fn hollow(&self, file: FileId) -> Option<&Hollow> {
        self.examine(file)?.as_ref().ok()?.hollow.as_ref()
    }

    /// The files that could not be examined so far, and why.
    pub fn failed(&self) -> impl Iterator<Item = (FileId, &str)> {
        (0..).map(FileId).zip(&self.examined).filter_map(|(file, examined)| match examined.get() {
            Some(Err(why)) => Some((file, why.as_str())),
            _ => None,
        })
    }

    fn examine(&self, id: FileId) -> Option<&Result<Box<Examined>, String>> {
        let cell = self.examined.get(id.0 as usize)?;
        let file = self.release.file(id)?;
        Some(cell.get_or_init(|| {
            let cannot = |error: std::io::Error| format!("`{}` cannot be read: {error}", file.path);
            let mut reader = self.release.reader(id).map_err(|error| error.to_string())?;
            let mut weight = examine(&file.path, &mut reader, file.size).map_err(cannot)?;
            let before = self.reads.load(Ordering::Relaxed);
            let mut reads = before;
            let hollow = hollow(&file.path, &mut reader, file.size, &weight, &mut reads).map_err(cannot)?;
            self.reads.fetch_sub(before.saturating_sub(reads), Ordering::Relaxed);
            let size = weight.contents.held_bytes();
            if self.held.fetch_add(size, Ordering::Relaxed) + size > MAX_HELD_BYTES {
                weight.contents = Contents::None;
                self.held.fetch_sub(size, Ordering::Relaxed);
            }
            Ok(Box::new(Examined { weight, hollow }))
        }))
    }
}

/// Whether a file is weights, by content; of a pointer, and of a file that should be weights and is not, by name.
fn holds_weights(file: &File, weight: &Weight) -> bool {
    use Format::*;
    if is_training_state(file.path.name()) {
        return false;
    }
    match weight.format {
        Safetensors | Gguf | Ggml | TorchZip | TorchScript | TorchLegacy | TorchTar | Npz | Hdf5 | KerasHdf5
        | KerasZip | Dduf | Onnx | Flax | TfLite => true,
        Npy => false,
        // A pointer, a pickle, what is compressed, broken or only known by name: the name decides.
        _ => weight.expected.is_some() || weight.named.is_some_and(|named| named.role == Role::Weights),
    }
}

/// What a training run keeps to go on later, and what only it needs.
pub(crate) fn is_training_state(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let stem = without_copy_mark(name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem));
    // `optimizer`, `optimizer_state`, `optimizer-0`: the number of a process may follow.
    let opens_with = |word: &&str| {
        stem.strip_prefix(*word).is_some_and(|rest| {
            let number = rest.trim_start_matches('-');
            rest.starts_with(['_', '.']) || number.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    ["scaler", "sampler"].contains(&stem)
        || ["optimizer", "scheduler", "training_args"].iter().any(opens_with)
        // Stable-Baselines3 unpacks `policy.optimizer.pth` beside the policy.
        || stem.ends_with(".optimizer")
        || stem.ends_with("_optim_states")
        || stem.starts_with("rng_state")
        || stem.starts_with("random_states_")
}

/// A name without what a browser or a file manager adds to a second copy: `(1)`, `- Copy`, `copy 2`.
fn without_copy_mark(stem: &str) -> &str {
    let mut bare = stem.strip_prefix("copy of ").unwrap_or(stem);
    while let Some(rest) = copied(bare) {
        bare = rest;
    }
    bare
}

fn copied(stem: &str) -> Option<&str> {
    let is_digit = |letter: char| letter.is_ascii_digit();
    if let Some(numbered) = stem.strip_suffix(')') {
        return numbered.trim_end_matches(is_digit).strip_suffix('(').map(str::trim_end);
    }
    let rest = stem.trim_end_matches(is_digit).trim_end().strip_suffix("copy")?;
    let bare = rest.trim_end_matches([' ', '-', '_']);
    (bare.len() < rest.len()).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_training_keeps_is_known_by_its_name() {
        for name in [
            "optimizer.pt",
            "Optimizer.bin",
            "optimizer_state.pt",
            "optimizer_0.pt",
            "optimizer-1.bin",
            "scheduler.pt",
            "training_args.bin",
            "policy.optimizer.pth",
            "bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt",
            "rng_state_0.pth",
            "random_states_0.pkl",
            "scaler.pt",
            "training_args (1).bin",
            "training_args(2).bin",
            "optimizer (1) (2).pt",
            "training_args - Copy.bin",
            "training_args copy 2.bin",
            "Copy of scaler.pt",
            "scaler (1).pt",
        ] {
            assert!(is_training_state(name), "{name}");
        }
        for name in [
            "optimizer-7b.gguf",
            "optimizers.pt",
            "scaler_pipeline.pkl",
            "policy.pth",
            "model.bin",
            "model (1).bin",
            "copy.bin",
            "().pt",
            "sampler_copy(x).pt",
        ] {
            assert!(!is_training_state(name), "{name}");
        }
    }
}

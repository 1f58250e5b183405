//! `duplicate-weights`: the same weights a second time, in an older format.

use std::collections::BTreeMap;

use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::WeightFile;
use crate::rules::values::{MAX_LABELS, all_of, count, unlisted};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::weights::{Contents, Format};

use super::names::{in_checkpoint, stem};

pub(crate) struct DuplicateWeights;

static META: Meta = Meta {
    name: "duplicate-weights",
    section: Section::Weights,
    level: Level::Info,
    effect: Effect::LosesReach,
    item: checklist::WEIGHTS_SAFETENSORS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("duplicate_weights.md"),
};

/// How often larger or smaller a copy may be. The same weights in half precision have half the bytes, and in double
/// precision twice as many; a pickle may store what safetensors leaves out.
const MOST_TIMES: u64 = 5;

/// The weights of one model in one folder.
#[derive(Default)]
struct Model<'w> {
    safe: Vec<WeightFile<'w>>,
    torch: Vec<WeightFile<'w>>,
    /// TensorFlow's and Flax's, which have fixed names.
    others: Vec<WeightFile<'w>>,
}

impl Rule for DuplicateWeights {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let mut models: BTreeMap<(&str, String), Model<'_>> = BTreeMap::new();
        for found in cx.weights().files().filter(|found| !in_checkpoint(found.file.path.folder())) {
            let path = &found.file.path;
            let is_broken = found.weight.faults.iter().any(|fault| fault.breaks);
            let Some(sort) = sort(found).filter(|_| !is_broken) else { continue };
            let name = match sort {
                Sort::Other => "model".to_owned(),
                _ => stem(path),
            };
            let model = models.entry((path.folder(), name)).or_default();
            match sort {
                Sort::Safe => model.safe.push(found),
                Sort::Torch => model.torch.push(found),
                Sort::Other => model.others.push(found),
            }
        }
        for model in models.values() {
            report(model, out);
        }
    }
}

enum Sort {
    Safe,
    Torch,
    Other,
}

fn sort(found: WeightFile<'_>) -> Option<Sort> {
    let path = &found.file.path;
    // A pointer is what its name says.
    let format = match found.weight.format {
        Format::LfsPointer => *found.weight.expected?.first()?,
        format => format,
    };
    match format {
        Format::Safetensors => Some(Sort::Safe),
        Format::TorchZip | Format::TorchLegacy | Format::TorchTar => Some(Sort::Torch),
        Format::Hdf5 | Format::KerasHdf5 if path.name() == "tf_model.h5" => Some(Sort::Other),
        Format::Flax if path.name() == "flax_model.msgpack" => Some(Sort::Other),
        _ => None,
    }
}

fn report(model: &Model<'_>, out: &mut Sink<'_>) {
    let Some(kept) = model.safe.first() else { return };
    let same = |files: &[WeightFile<'_>]| !files.is_empty() && is_alike(bytes(&model.safe), bytes(files));
    let torch = if same(&model.torch) { model.torch.as_slice() } else { &[] };
    // Each is a whole copy of its own.
    let others = model.others.iter().filter(|other| is_alike(bytes(&model.safe), bytes(std::slice::from_ref(*other))));
    let copies: Vec<&WeightFile<'_>> = torch.iter().chain(others).collect();
    let Some((first, rest)) = copies.split_first() else { return };
    let names = |files: &[&WeightFile<'_>]| all_of(files.iter().map(|found| format!("`{}`", found.file.path)));
    let holds = match model.safe.len() {
        1 => format!("`{}` holds", kept.file.path),
        many => format!("`{}` and {} hold", kept.file.path, count(many - 1, "more file")),
    };
    let message = match copies.len() {
        1..=3 => {
            format!("{} {} what {holds}", names(&copies), if rest.is_empty() { "repeats" } else { "repeat" })
        }
        many => format!("{} repeat what {holds}{}", count(many, "file"), unlisted(many)),
    };
    let has_others = copies.len() > torch.len();
    let size = copies.iter().fold(0_u64, |sum, found| sum.saturating_add(size(**found)));
    let mut help = format!(
        "loaders take the safetensors file, so the copy costs {} of storage, and whoever downloads everything waits for it; delete it when nothing needs it any more",
        crate::draft::size(size)
    );
    if has_others {
        help.push_str(" (transformers 5 no longer reads TensorFlow or Flax weights)");
    }
    let mut finding = out.finding(message, Label::file(first.file.id, first.weight.format.name())).help(help);
    for copy in rest.iter().take(MAX_LABELS) {
        finding.related.push(Label::file(copy.file.id, copy.weight.format.name()));
    }
    finding.related.push(Label::file(kept.file.id, "the same weights, in a format that holds no code"));
    out.push(finding);
}

/// The file's own bytes; of a pointer, those it stands for.
fn size(found: WeightFile<'_>) -> u64 {
    match &found.weight.contents {
        Contents::Pointer(pointer) => pointer.size,
        _ => found.file.size,
    }
}

fn bytes(files: &[WeightFile<'_>]) -> u64 {
    files.iter().fold(0, |sum, found| sum.saturating_add(size(*found)))
}

fn is_alike(a: u64, b: u64) -> bool {
    // Headers and pickles weigh in small files.
    const SLACK: u64 = 64 * 1024;
    a <= b.saturating_mul(MOST_TIMES).saturating_add(SLACK) && b <= a.saturating_mul(MOST_TIMES).saturating_add(SLACK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    const PICKLE: &[u8] = b"\x80\x02}.";
    const SAFE: &[u8] = b"\x02\0\0\0\0\0\0\0{}";

    fn pointer(size: u64) -> Vec<u8> {
        let oid = "0".repeat(64);
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n").into_bytes()
    }

    #[test]
    fn counterparts_of_one_folder_are_copies() {
        for (safe, pickle) in [
            ("model.safetensors", "pytorch_model.bin"),
            ("model-00001-of-00002.safetensors", "pytorch_model-00001-of-00001.bin"),
            ("adapter_model.safetensors", "adapter_model.bin"),
            ("unet/diffusion_pytorch_model.safetensors", "unet/diffusion_pytorch_model.bin"),
            ("style.safetensors", "style.ckpt"),
        ] {
            let found = check(&DuplicateWeights, &[(safe, SAFE.to_vec()), (pickle, pointer(100))]).found;
            assert_eq!(found.len(), 1, "{pickle}");
            assert!(found[0].message.starts_with(&format!("`{pickle}` repeats")), "{}", found[0].message);
        }
    }

    #[test]
    fn every_framework_is_one_finding() {
        let files = [
            ("model.safetensors", pointer(440_000_000)),
            ("pytorch_model.bin", pointer(440_000_000)),
            ("tf_model.h5", pointer(530_000_000)),
            ("flax_model.msgpack", pointer(438_000_000)),
        ];
        let found = check(&DuplicateWeights, &files).found;
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].message,
            "`pytorch_model.bin`, `flax_model.msgpack` and `tf_model.h5` repeat what `model.safetensors` holds"
        );
        assert!(found[0].help.as_ref().unwrap().contains("1.4"), "{:?}", found[0].help);
    }

    #[test]
    fn what_is_not_the_same_model_is_silent() {
        let silent: [&[(&str, Vec<u8>)]; 7] = [
            &[("model.safetensors", SAFE.to_vec()), ("other.bin", PICKLE.to_vec())],
            &[("model.safetensors", SAFE.to_vec()), ("2_Dense/pytorch_model.bin", pointer(9))],
            &[("model.safetensors", pointer(9_000_000)), ("pytorch_model.bin", pointer(900_000_000))],
            &[("model.safetensors", SAFE.to_vec()), ("training_args.bin", PICKLE.to_vec())],
            &[("model.safetensors", SAFE.to_vec()), ("model.onnx", pointer(10))],
            &[("model.safetensors", SAFE.to_vec()), ("original/consolidated.00.pth", pointer(10))],
            &[("checkpoint-5/model.safetensors", SAFE.to_vec()), ("checkpoint-5/pytorch_model.bin", pointer(10))],
        ];
        for files in silent {
            assert_eq!(check(&DuplicateWeights, files).said(), Vec::<String>::new());
        }
    }
}

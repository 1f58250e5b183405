//! `duplicate-weights`: the same weights a second time, in an older format.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap};

use crate::bytes::{Format, Input};
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::WeightFile;
use crate::release::Release;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::weights::{Contents, torch};
use crate::words::{all_of, count};

use super::names::{in_checkpoint, series, stem};

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
            report(cx.release(), model, out);
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

/// A copy, and whether its tensors were compared: a file that was not fetched shows none.
#[derive(Clone, Copy)]
struct Duplicate<'m, 'w> {
    found: &'m WeightFile<'w>,
    is_proven: bool,
}

fn report(release: &Release, model: &Model<'_>, out: &mut Sink<'_>) {
    let Some(kept) = model.safe.first() else { return };
    let safe = LazyCell::new(|| shapes(release, &model.safe));
    let mut copies: Vec<Duplicate<'_, '_>> = Vec::new();
    // The shards of one file are a copy together.
    let mut sets: BTreeMap<(String, Cow<'_, str>), Vec<WeightFile<'_>>> = BTreeMap::new();
    for found in &model.torch {
        sets.entry((series(&found.file.path), found.file.path.extension())).or_default().push(*found);
    }
    for set in sets.values().filter(|set| is_alike(bytes(&model.safe), bytes(set))) {
        let agree = safe.as_ref().zip(shapes(release, set)).map(|(safe, torch)| repeats(safe, &torch));
        if agree != Some(false) {
            let files = model.torch.iter().filter(|found| set.iter().any(|other| other.file.id == found.file.id));
            copies.extend(files.map(|found| Duplicate { found, is_proven: agree.is_some() }));
        }
    }
    copies.sort_by_key(|copy| copy.found.file.id.0);
    let of_torch = copies.len();
    // Each is a whole copy of its own, in a format whose tensors are not read.
    let others = model.others.iter().filter(|other| is_alike(bytes(&model.safe), bytes(std::slice::from_ref(*other))));
    copies.extend(others.map(|found| Duplicate { found, is_proven: false }));
    let Some((Duplicate { found: first, .. }, rest)) = copies.split_first() else { return };
    let is_proven = copies.iter().all(|copy| copy.is_proven);
    let names = all_of(copies.iter().map(|copy| format!("`{}`", copy.found.file.path)));
    let kept_files = match model.safe.len() {
        1 => format!("`{}`", kept.file.path),
        many => format!("`{}` and {}", kept.file.path, count(many - 1, "more file")),
    };
    let repeat = match (is_proven, rest.is_empty()) {
        (true, true) => "repeats",
        (true, false) => "repeat",
        (false, true) => "seems to repeat",
        (false, false) => "seem to repeat",
    };
    let message = match copies.len() {
        1..=3 => format!("{names} {repeat} the weights in {kept_files}"),
        many => format!("{} {repeat} the weights in {kept_files}", count(many, "file")),
    };
    let has_others = copies.len() > of_torch;
    let size = copies.iter().fold(0_u64, |sum, copy| sum.saturating_add(copy.found.size()));
    let why = if has_others {
        "`transformers` 5 does not read TensorFlow or Flax weights"
    } else {
        "Loaders take the safetensors file"
    };
    let help = format!(
        "Delete the copy if no other program needs it. {why}, so it only costs {} of storage and download.",
        crate::words::size(size)
    );
    let finding = out.finding(message, Label::file(first.file.id, first.weight.format.name())).help(help);
    let rest = rest.iter().map(|copy| Label::file(copy.found.file.id, copy.found.weight.format.name()));
    let same = match is_proven {
        true => "the same weights, in a format that cannot contain code",
        false => "by its name the same weights, in a format that cannot contain code",
    };
    out.push(finding.also(rest).related(Label::file(kept.file.id, same)));
}

/// The shape of each tensor of some files together; none where one of them does not show its tensors.
fn shapes(release: &Release, files: &[WeightFile<'_>]) -> Option<HashMap<String, Vec<u64>>> {
    let mut shapes = HashMap::new();
    for found in files {
        if let Contents::Safetensors(header) = &found.weight.contents {
            shapes.extend(header.tensors().map(|tensor| (tensor.name, tensor.shape)));
            continue;
        }
        let mut input = Input::new(release.reader(found.file.id).ok()?, found.file.size).ok()?;
        let tensors = torch::tensors(&mut input, found.weight, false).ok().flatten()?;
        shapes.extend(tensors.into_iter().map(|tensor| (tensor.name, tensor.shape)));
    }
    Some(shapes)
}

/// Whether every tensor stands in the pickle as well, which may have more: safetensors keeps one of several names of the
/// same numbers. A trainer's checkpoint has them under `state_dict`.
fn repeats(safe: &HashMap<String, Vec<u64>>, pickle: &HashMap<String, Vec<u64>>) -> bool {
    let is_in = |name: &str, shape: &Vec<u64>| pickle.get(name) == Some(shape);
    let is_all = safe.iter().all(|(name, shape)| is_in(name, shape))
        || safe.iter().all(|(name, shape)| is_in(&format!("state_dict.{name}"), shape));
    is_all && !safe.is_empty()
}

fn bytes(files: &[WeightFile<'_>]) -> u64 {
    files.iter().fold(0, |sum, found| sum.saturating_add(found.size()))
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
            assert!(found[0].message.starts_with(&format!("`{pickle}` seems to repeat")), "{}", found[0].message);
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
            "`pytorch_model.bin`, `flax_model.msgpack` and `tf_model.h5` seem to repeat the weights in `model.safetensors`"
        );
        assert!(found[0].help.as_ref().unwrap().contains("1.4"), "{:?}", found[0].help);
    }

    /// A file of tensors, all zeros.
    fn safe(tensors: &[(&str, &[u64])]) -> Vec<u8> {
        let mut end = 0;
        let entries = tensors.iter().map(|(name, shape)| {
            let start = end;
            end += 4 * shape.iter().product::<u64>();
            format!(r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{start},{end}]}}"#)
        });
        let header = format!("{{{}}}", entries.collect::<Vec<_>>().join(","));
        let mut bytes = [(header.len() as u64).to_le_bytes().as_slice(), header.as_bytes()].concat();
        bytes.resize(bytes.len() + end as usize, 0);
        bytes
    }

    #[test]
    fn tensors_are_compared_where_both_files_show_them() {
        // `w` of [4, 3] and `b` of [4].
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/weights/good");
        let pickle = std::fs::read(folder.join("torch-zip-2.pt")).unwrap();
        let legacy = std::fs::read(folder.join("torch-legacy-2.pt")).unwrap();
        let said = |header: Vec<u8>| {
            check(&DuplicateWeights, &[("model.safetensors", header), ("pytorch_model.bin", pickle.clone())]).said()
        };
        let same = ["info `pytorch_model.bin` repeats the weights in `model.safetensors`"];
        assert_eq!(said(safe(&[("w", &[4, 3]), ("b", &[4])])), same);
        // Of several names of the same numbers, safetensors keeps one.
        assert_eq!(said(safe(&[("w", &[4, 3])])), same);
        for other in [safe(&[("w", &[1, 4, 3])]), safe(&[("a", &[2])]), safe(&[("w", &[4, 3]), ("c", &[4])])] {
            assert_eq!(said(other), Vec::<String>::new());
        }
        // Of two pickles only the one that is a copy.
        let other = std::fs::read(folder.join("module-state.bin")).unwrap();
        let files = [
            ("model.safetensors", safe(&[("w", &[4, 3]), ("b", &[4])])),
            ("model.pt", other),
            ("pytorch_model.bin", legacy),
        ];
        assert_eq!(check(&DuplicateWeights, &files).said(), same);
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

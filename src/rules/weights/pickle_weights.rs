//! `pickle-weights`: weights that the repository has only as a pickle.

mod conversion;

use std::io::Read;

use crate::bytes::Format;
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::{WeightFile, is_training_state};
use crate::pickle::Reach;
use crate::release::{File, Release};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::RepoPath;
use crate::weights::torch::Holds;

use conversion::{Conversion, holds};

use super::names::stem;

pub(crate) struct PickleWeights;

static META: Meta = Meta {
    name: "pickle-weights",
    section: Section::Weights,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::WEIGHTS_SAFETENSORS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("pickle_weights.md"),
};

/// How much of a pickle is searched for the name of its library, in bytes.
const SEARCHED_BYTES: u64 = 64 * 1024;

/// Libraries whose pickled objects are models or parts of one.
const MODEL_LIBRARIES: &[&str] = &["sklearn", "setfit", "xgboost", "lightgbm", "catboost", "fastai", "skorch"];

/// What a pickle contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Tensors that `torch.save` wrote: safetensors can contain them.
    Tensors,
    /// A Python object, such as a fitted scikit-learn pipeline.
    Object,
}

impl Rule for PickleWeights {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let all: Vec<WeightFile<'_>> = cx.weights().all().map(|(file, weight)| WeightFile { file, weight }).collect();
        let release = cx.release();
        let safe: Vec<&RepoPath> = all.iter().filter(|found| is_safe(**found)).map(|found| &found.file.path).collect();
        // `empty-weights` reports a checkpoint without tensors: there is nothing to convert.
        let is_hollow = |found: WeightFile<'_>| cx.weights().hollow(found.file.id).is_some();
        let pickles = all.iter().filter_map(|found| Some((*found, kind(release, *found)?)));
        let pickles = pickles.filter(|(found, _)| !is_hollow(*found));
        let pickles: Vec<(WeightFile<'_>, Kind)> = pickles.collect();
        let has_tensors = !safe.is_empty() || pickles.iter().any(|(_, kind)| *kind == Kind::Tensors);
        let (mut alone, mut beside, mut objects) = (Vec::new(), Vec::new(), Vec::new());
        for (found, kind) in pickles {
            match kind {
                Kind::Tensors => match siblings(release, &found.file.path, &safe) {
                    Siblings::Same => {}
                    Siblings::Other => beside.push(found),
                    Siblings::None => alone.push(found),
                },
                // Beside weights, a pickle is a vocabulary or a scaler, unless it names the library of a model.
                Kind::Object if !has_tensors || names_library(release, found.file, MODEL_LIBRARIES) => {
                    objects.push(found);
                }
                Kind::Object => {}
            }
        }
        let command = Conversion::of(cx, &alone);
        report(&alone, Level::Warning, "weights only as a pickle", &command, out);
        let command = Conversion::of(cx, &beside);
        report(&beside, Level::Info, "weights only as a pickle, beside weights in a safe format", &command, out);
        let skops = objects.iter().any(|found| names_library(release, found.file, &["sklearn"]));
        let command = if skops {
            Conversion::code(
                "Publish it as skops, too:",
                "import skops.io\n\nskops.io.dump(model, \"model.skops\")".to_owned(),
            )
        } else {
            Conversion::only("Publish the model in a format without code as well, if the library has one.".to_owned())
        };
        report(&objects, Level::Info, "a Python object as a pickle", &command, out);
    }
}

/// Why a pickle is not enough.
const REASON: &str = "Loading a pickle can run code, so many tools reject it.";

/// One finding for all files of a sort.
fn report(files: &[WeightFile<'_>], level: Level, what: &str, conversion: &Conversion, out: &mut Sink<'_>) {
    let mut labels = files.iter().map(|found| {
        let text = match found.weight.format {
            Format::LfsPointer => "a pickle by its name (the file was not fetched)",
            format => format.name(),
        };
        Label::file(found.file.id, text)
    });
    let (Some(first), Some(primary)) = (files.first(), labels.next()) else { return };
    let message = match files.len() {
        1 => format!("`{}` contains {what}", first.file.path),
        many => format!("{many} files contain {what}"),
    };
    let help = format!("{} {REASON}", conversion.advice);
    out.push(out.finding_at(level, message, primary).help(help).code(&conversion.code).also(labels));
}

fn is_safe(found: WeightFile<'_>) -> bool {
    let safe = [Format::Safetensors, Format::Gguf, Format::Onnx];
    match found.weight.format {
        Format::LfsPointer => {
            found.weight.expected.and_then(|formats| formats.first()).is_some_and(|first| safe.contains(first))
        }
        format => safe.contains(&format),
    }
}

/// What pickle the file is, if it contains a model. Other rules report disguised and damaged files and what training wrote.
/// TorchScript is a program, which safetensors cannot contain.
fn kind(release: &Release, found: WeightFile<'_>) -> Option<Kind> {
    let weight = &found.weight;
    let is_broken = weight.faults.iter().any(|fault| fault.breaks);
    if is_broken || weight.is_disguised() || is_left_by_training(&found.file.path) {
        return None;
    }
    let by_name = match weight.expected.and_then(|formats| formats.first()) {
        Some(Format::TorchZip) => Some(Kind::Tensors),
        Some(Format::Pickle) => Some(Kind::Object),
        _ => None,
    };
    match weight.format {
        // `Learner.export` of fastai writes its object as torch writes tensors.
        Format::TorchZip | Format::TorchLegacy | Format::TorchTar => {
            let may_be_object = by_name == Some(Kind::Object) || imports_library(found, MODEL_LIBRARIES);
            let is_object = may_be_object && holds(release, found) == Some(Holds::Object);
            Some(if is_object { Kind::Object } else { Kind::Tensors })
        }
        Format::Pickle => by_name.or(Some(Kind::Object)),
        Format::LfsPointer => by_name,
        format if format.is_compressed() => by_name.filter(|kind| *kind == Kind::Object),
        _ => None,
    }
}

/// Whether a pickle imports something of these libraries.
fn imports_library(found: WeightFile<'_>, libraries: &[&str]) -> bool {
    let mut imports = found.weight.pickles.found.iter().flat_map(|pickle| pickle.scan.imports.list());
    imports.any(|import| match &import.reach {
        Reach::Named { module, .. } => module.split('.').next().is_some_and(|package| libraries.contains(&package)),
        _ => false,
    })
}

/// Optimizers, schedulers, random states: not weights of the model.
fn is_left_by_training(path: &RepoPath) -> bool {
    path.folder().split('/').any(is_checkpoint_folder) || is_training_state(path.name())
}

fn is_checkpoint_folder(folder: &str) -> bool {
    folder.strip_prefix("checkpoint-").is_some_and(|step| step.bytes().all(|digit| digit.is_ascii_digit()))
        || folder.starts_with("global_step")
}

/// What stands beside a pickle of tensors.
enum Siblings {
    /// The same weights in a safe format.
    Same,
    /// Other weights in a safe format.
    Other,
    /// No weights in a safe format.
    None,
}

/// Looks in the pickle's folder and above it, up to the folder with the model's configuration: that is one model.
fn siblings(release: &Release, path: &RepoPath, safe: &[&RepoPath]) -> Siblings {
    let model = model_folder(release, path.folder());
    let near = |folder: &str| is_within(path.folder(), folder) && is_within(folder, model);
    let mut found = Siblings::None;
    for other in safe.iter().filter(|other| near(other.folder())) {
        if stem(other) == stem(path) {
            return Siblings::Same;
        }
        found = Siblings::Other;
    }
    found
}

/// The nearest folder, going up, with a configuration; else the root.
fn model_folder<'f>(release: &Release, folder: &'f str) -> &'f str {
    let mut at = folder;
    while !at.is_empty() {
        let has = |name: &str| release.find(&format!("{at}/{name}")).is_some();
        if ["config.json", "adapter_config.json", "model_index.json"].into_iter().any(has) {
            break;
        }
        at = at.rsplit_once('/').map_or("", |(above, _)| above);
    }
    at
}

fn is_within(inner: &str, outer: &str) -> bool {
    outer.is_empty() || inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a pickle's start names one of these libraries.
fn names_library(release: &Release, file: &File, libraries: &[&str]) -> bool {
    let mut head = Vec::new();
    let Ok(reader) = release.reader(file.id) else { return false };
    let read = reader.take(SEARCHED_BYTES).read_to_end(&mut head);
    let has = |library: &&str| head.windows(library.len()).any(|window| window == library.as_bytes());
    read.is_ok() && libraries.iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    const PICKLE: &[u8] = b"\x80\x02}.";
    const SAFE: &[u8] = b"\x02\0\0\0\0\0\0\0{}";

    #[test]
    fn a_model_of_its_own_is_not_covered_by_weights_above_it() {
        let files =
            [("model.safetensors", SAFE), ("2_Dense/pytorch_model.bin", PICKLE), ("2_Dense/config.json", b"{}")];
        assert_eq!(
            check(&PickleWeights, &files).said(),
            ["warning `2_Dense/pytorch_model.bin` contains weights only as a pickle"]
        );
        // The original release of the same weights, kept in a folder.
        let files = [("model.safetensors", SAFE), ("original/consolidated.00.pth", PICKLE)];
        assert_eq!(check(&PickleWeights, &files).found.len(), 1);
        assert_eq!(check(&PickleWeights, &files).found[0].level, Level::Info);
    }

    #[test]
    fn the_same_weights_in_a_safe_format_are_enough() {
        for (safe, pickle) in [
            ("model.safetensors", "pytorch_model.bin"),
            ("model-00001-of-00002.safetensors", "pytorch_model-00001-of-00001.bin"),
            ("model.fp16.safetensors", "pytorch_model.fp16.bin"),
            ("adapter_model.safetensors", "adapter_model.bin"),
            ("unet/diffusion_pytorch_model.safetensors", "unet/diffusion_pytorch_model.bin"),
        ] {
            assert_eq!(check(&PickleWeights, &[(safe, SAFE), (pickle, PICKLE)]).found.len(), 0, "{pickle}");
        }
    }

    fn fixture(name: &str) -> Vec<u8> {
        std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/weights/good").join(name))
            .unwrap()
    }

    /// The help of the only finding.
    fn help(files: &[(&str, Vec<u8>)]) -> String {
        let outcome = check(&PickleWeights, files);
        let [finding] = outcome.found.as_slice() else { panic!("{:?}", outcome.said()) };
        finding.help.clone().unwrap()
    }

    #[test]
    fn the_command_keeps_the_name() {
        for layout in ["torch-zip-2.pt", "torch-legacy-2.pt"] {
            let help = help(&[("small/epoch_3.pt", fixture(layout))]);
            assert!(help.contains(r#""small", filename_pattern="epoch_3{suffix}.safetensors")"#), "{help}");
            assert!(help.contains("torch.load(") && help.contains("then delete the pickle."), "{help}");
        }
    }

    #[test]
    fn the_command_is_given_where_it_works() {
        // Other values beside the tensors, a whole module, a protocol that `weights_only=True` rejects, a file that is not a checkpoint.
        for (name, part) in [
            ("optimizer.pt", "mapping of names to tensors"),
            ("module.pt", "`state_dict()`"),
            ("torch-zip-4.pt", "mapping of names to tensors"),
            ("plain.pkl", "mapping of names to tensors"),
        ] {
            let help = help(&[("model.pt", fixture(name))]);
            assert!(help.contains(part) && !help.contains("torch.load") && !help.contains("elete"), "{name}: {help}");
        }
        // What was not fetched may be one.
        let oid = "0".repeat(64);
        let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 900\n").into_bytes();
        let help = help(&[("model.pt", pointer)]);
        assert!(help.contains("  # if it is a plain state dict"), "{help}");
    }

    #[test]
    fn the_file_that_counts_downloads_is_kept() {
        // The Hub counts requests for timm's safetensors, too.
        for (library, is_kept) in [("flair", true), ("timm", false)] {
            let card = format!("---\nlibrary_name: {library}\n---\n").into_bytes();
            let help = help(&[("README.md", card), ("pytorch_model.bin", fixture("torch-zip-2.pt"))]);
            assert!(help.contains("torch.load"), "{help}");
            assert_eq!(help.contains("Keep the pickle, by which the Hub counts downloads"), is_kept, "{help}");
        }
    }

    #[test]
    fn an_object_that_torch_wrote_is_reported_as_an_object() {
        assert_eq!(
            check(&PickleWeights, &[("model.pkl", fixture("module.pt"))]).said(),
            ["info `model.pkl` contains a Python object as a pickle"]
        );
        assert_eq!(
            check(&PickleWeights, &[("model.pkl", fixture("torch-zip-2.pt"))]).said(),
            ["warning `model.pkl` contains weights only as a pickle"]
        );
    }

    #[test]
    fn the_command_writes_the_file_that_diffusers_looks_for() {
        let index = br#"{"_class_name": "X", "unet": ["diffusers", "UNet2DConditionModel"], "text_encoder": ["transformers", "CLIPTextModel"]}"#;
        let one = |path: &str| help(&[("model_index.json", index.to_vec()), (path, fixture("torch-zip-2.pt"))]);
        for (path, file, argument) in [
            ("unet/pytorch_model.bin", "`unet/diffusion_pytorch_model.safetensors`", "diffusion_pytorch_model{suffix}"),
            (
                "unet/diffusion_pytorch_model.fp16.bin",
                "`unet/diffusion_pytorch_model.fp16.safetensors`",
                "diffusion_pytorch_model.fp16{suffix}",
            ),
            ("text_encoder/pytorch_model.fp16.bin", "`text_encoder/model.fp16.safetensors`", "model.fp16{suffix}"),
            ("text_encoder/pytorch_model.bin", "`text_encoder/model.safetensors`", "\"text_encoder\")"),
        ] {
            let help = one(path);
            assert!(help.contains(file) && help.contains(argument), "{help}");
        }
        let tensors = || fixture("torch-zip-2.pt");
        let all = help(&[
            ("model_index.json", index.to_vec()),
            ("text_encoder/pytorch_model.bin", tensors()),
            ("unet/diffusion_pytorch_model.bin", tensors()),
        ]);
        for line in [
            r#"("text_encoder/pytorch_model.bin", "text_encoder", "model{suffix}.safetensors"),"#,
            r#"("unet/diffusion_pytorch_model.bin", "unet", "diffusion_pytorch_model{suffix}.safetensors"),"#,
        ] {
            assert!(all.contains(line), "{all}");
        }
        let root = br#"{"_class_name": "ControlNetModel", "_diffusers_version": "0.30"}"#.to_vec();
        let alone = help(&[("config.json", root), ("diffusion_pytorch_model.bin", tensors())]);
        assert!(alone.contains("`diffusion_pytorch_model.safetensors`"), "{alone}");
    }

    #[test]
    fn what_training_keeps_is_not_weights() {
        let files = [
            ("ppo/policy.optimizer.pth", fixture("optimizer.pt")),
            ("ppo/policy.pth", fixture("torch-zip-2.pt")),
            ("training_args (1).bin", fixture("optimizer.pt")),
        ];
        assert_eq!(
            check(&PickleWeights, &files).said(),
            ["warning `ppo/policy.pth` contains weights only as a pickle"]
        );
    }

    #[test]
    fn a_trainers_checkpoint_is_not_loaded_as_plain_tensors() {
        let help = |files: &[(&str, &[u8])]| check(&PickleWeights, files).found[0].help.clone().unwrap();
        let diffusers = help(&[("lamp.ckpt", PICKLE), ("model_index.json", b"{}")]);
        assert!(
            diffusers.contains("a copy of the pipeline's folders") && !diffusers.contains("torch.load"),
            "{diffusers}"
        );
        let alone = help(&[("lamp.ckpt", PICKLE)]);
        assert!(alone.contains("`state_dict`") && !alone.contains("torch.load"), "{alone}");
    }
}

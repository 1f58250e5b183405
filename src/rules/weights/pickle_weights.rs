//! `pickle-weights`: weights that are there only as a pickle.

use std::io::Read;

use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::WeightFile;
use crate::release::{File, Release};
use crate::rules::values::MAX_LABELS;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::RepoPath;
use crate::weights::Format;

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

/// What a pickle holds, as far as its format and name tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Tensors that `torch.save` wrote: safetensors can hold them.
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
        let has_tensors = !safe.is_empty() || all.iter().any(|found| kind(*found) == Some(Kind::Tensors));
        let (mut alone, mut beside, mut objects) = (Vec::new(), Vec::new(), Vec::new());
        for found in all {
            let path = &found.file.path;
            match kind(found) {
                None => {}
                Some(Kind::Tensors) => match siblings(release, path, &safe) {
                    Siblings::Same => {}
                    Siblings::Other => beside.push(found),
                    Siblings::None => alone.push(found),
                },
                // Beside weights, a pickle is a vocabulary or a scaler, unless it names the library of a model.
                Some(Kind::Object) if !has_tensors || names_library(release, found.file, MODEL_LIBRARIES) => {
                    objects.push(found);
                }
                Some(Kind::Object) => {}
            }
        }
        let command = conversion(cx, &alone);
        report(&alone, Level::Warning, "weights only as a pickle", &command, out);
        let command = conversion(cx, &beside);
        report(&beside, Level::Info, "weights only as a pickle, beside weights in a safe format", &command, out);
        let skops = objects.iter().any(|found| names_library(release, found.file, &["sklearn"]));
        let command = if skops {
            "`skops.io.dump(model, \"model.skops\")` writes a scikit-learn model so that it can be read without running code"
        } else {
            "where the library has a format without code, publish that as well"
        };
        report(&objects, Level::Info, "a Python object as a pickle", command, out);
    }
}

/// One finding for all files of a sort.
fn report(files: &[WeightFile<'_>], level: Level, what: &str, command: &str, out: &mut Sink<'_>) {
    let mut labels = files.iter().take(MAX_LABELS).map(|found| {
        let text = match found.weight.format {
            Format::LfsPointer => "a pickle by its name; the file was not fetched",
            format => format.name(),
        };
        Label::file(found.file.id, text)
    });
    let (Some(first), Some(primary)) = (files.first(), labels.next()) else { return };
    let message = match files.len() {
        1 => format!("`{}` holds {what}", first.file.path),
        many => format!("{many} files hold {what}"),
    };
    let help = format!("loading a pickle can run code, so tools warn of it or refuse it; {command}");
    let mut finding = out.finding_at(level, message, primary).help(help);
    finding.related.extend(labels);
    out.push(finding);
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

/// What pickle the file is, if it holds a model. Left out is what other rules speak of: files in disguise, damaged
/// ones, and what training left behind. TorchScript is a program, which safetensors cannot hold.
fn kind(found: WeightFile<'_>) -> Option<Kind> {
    let weight = &found.weight;
    let is_broken = weight.faults.iter().any(|fault| fault.breaks);
    if is_broken || weight.is_disguised() || is_training_state(&found.file.path) {
        return None;
    }
    let by_name = match weight.expected.and_then(|formats| formats.first()) {
        Some(Format::TorchZip) => Some(Kind::Tensors),
        Some(Format::Pickle) => Some(Kind::Object),
        _ => None,
    };
    match weight.format {
        Format::TorchZip | Format::TorchLegacy | Format::TorchTar => Some(Kind::Tensors),
        Format::Pickle => by_name.or(Some(Kind::Object)),
        Format::LfsPointer => by_name,
        format if format.is_compressed() => by_name.filter(|kind| *kind == Kind::Object),
        _ => None,
    }
}

/// Optimizers, schedulers, random states: no weights of the model.
fn is_training_state(path: &RepoPath) -> bool {
    let is_checkpoint = |folder: &str| {
        folder.strip_prefix("checkpoint-").is_some_and(|step| step.bytes().all(|digit| digit.is_ascii_digit()))
            || folder.starts_with("global_step")
    };
    let name = path.name().to_ascii_lowercase();
    let starts = ["training_args", "optimizer", "scheduler", "rng_state", "random_states_", "scaler.", "sampler."];
    path.folder().split('/').any(is_checkpoint)
        || starts.iter().any(|start| name.starts_with(start))
        || name.ends_with("_optim_states.pt")
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

/// How the files become safetensors.
fn conversion(cx: &Context<'_>, files: &[WeightFile<'_>]) -> String {
    let Some(first) = files.first() else { return String::new() };
    let path = &first.file.path;
    let class = cx.configs().model().and_then(|config| {
        let class = config.architectures().next()?.0.to_owned();
        (path.is_at_root() && stem(path) == "model").then_some(class)
    });
    if let Some(class) = class.filter(|class| class.chars().all(char::is_alphanumeric)) {
        return format!(
            "with transformers: `{class}.from_pretrained(\".\").save_pretrained(\".\")` writes safetensors; then delete the pickle"
        );
    }
    if path.extension().eq_ignore_ascii_case("ckpt") {
        // A trainer's checkpoint: the tensors are nested in it, beside the trainer's own objects.
        return if cx.release().find("model_index.json").is_some() {
            "the pipeline's own folders are what diffusers loads: if the `.ckpt` is a second copy of them, delete it; else convert it with `StableDiffusionPipeline.from_single_file(...)` and `save_pretrained(\".\")`".to_owned()
        } else {
            format!(
                "a `.ckpt` mostly holds its tensors under `state_dict`: load it with the program that wrote it, pass that part to `huggingface_hub.save_torch_state_dict(state_dict, \"{}\")`, then delete the pickle",
                if path.folder().is_empty() { "." } else { path.folder() }
            )
        };
    }
    let folder = if path.folder().is_empty() { "." } else { path.folder() };
    let pattern = match stem(path) {
        stem if stem == "model" => String::new(),
        _ => {
            let name = path.name().rsplit_once('.').map_or(path.name(), |(name, _)| name);
            format!(", filename_pattern=\"{name}{{suffix}}.safetensors\"")
        }
    };
    let others = if files.len() > 1 { ", and the same for the others" } else { "" };
    format!(
        "`huggingface_hub.save_torch_state_dict(torch.load(\"{path}\", map_location=\"cpu\", weights_only=True), \"{folder}\"{pattern})` writes safetensors{others}; then delete the pickle"
    )
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
            ["warning `2_Dense/pytorch_model.bin` holds weights only as a pickle"]
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

    #[test]
    fn the_command_keeps_the_name() {
        let outcome = check(&PickleWeights, &[("small/epoch_3.pt", PICKLE)]);
        let help = outcome.found[0].help.as_ref().unwrap();
        assert!(help.contains(r#""small", filename_pattern="epoch_3{suffix}.safetensors")"#), "{help}");
    }

    #[test]
    fn a_trainers_checkpoint_is_not_loaded_as_plain_tensors() {
        let help = |files: &[(&str, &[u8])]| check(&PickleWeights, files).found[0].help.clone().unwrap();
        let diffusers = help(&[("lamp.ckpt", PICKLE), ("model_index.json", b"{}")]);
        assert!(diffusers.contains("second copy") && !diffusers.contains("torch.load"), "{diffusers}");
        let alone = help(&[("lamp.ckpt", PICKLE)]);
        assert!(alone.contains("`state_dict`") && !alone.contains("torch.load"), "{alone}");
    }
}

//! How a pickle becomes a format without code: what to do, and lines to copy.

use crate::bytes::{Format, Input};
use crate::claims::claims;
use crate::evidence::WeightFile;
use crate::hub::libraries;
use crate::release::Release;
use crate::rules::Context;
use crate::source::RepoPath;
use crate::weights::torch::{self, Holds};

use super::super::names::stem;

/// How files become a format without code.
pub(super) struct Conversion {
    /// What to do, as one sentence.
    pub(super) advice: String,
    /// Lines to copy; may be empty.
    pub(super) code: String,
}

impl Conversion {
    pub(super) fn only(advice: String) -> Self {
        Self { advice, code: String::new() }
    }

    /// How tensors become safetensors.
    pub(super) fn of(cx: &Context<'_>, files: &[WeightFile<'_>]) -> Self {
        conversion(cx, files)
    }

    pub(super) fn code(advice: impl Into<String>, code: String) -> Self {
        Self { advice: advice.into(), code }
    }
}

/// How the files become safetensors.
fn conversion(cx: &Context<'_>, files: &[WeightFile<'_>]) -> Conversion {
    let Some(first) = files.first() else { return Conversion::only(String::new()) };
    let path = &first.file.path;
    let file = path.as_str();
    let holds = holds(cx.release(), *first);
    let then = match is_counted(cx, path) {
        true => "Keep the pickle, by which the Hub counts downloads, and write safetensors beside it.",
        false if files.len() > 1 => "Write safetensors of each file as below, then delete the pickles.",
        false => "Write safetensors as below, then delete the pickle.",
    };
    if let Some(class) = class_of_transformers(cx, path).filter(|_| holds != Some(Holds::Object)) {
        return Conversion::code(
            then,
            format!("from transformers import {class}\n\n{class}.from_pretrained(\".\").save_pretrained(\".\")"),
        );
    }
    let target = Target::of(cx, path);
    let is_pointer = first.weight.format == Format::LfsPointer;
    let is_plain = holds == Some(Holds::StateDict) && loads_weights_only(*first);
    let is_checkpoint = path.extension().eq_ignore_ascii_case("ckpt");
    if is_checkpoint && !is_plain && cx.release().find("model_index.json").is_some() {
        return Conversion::code(
            "Delete the `.ckpt` if it is a copy of the pipeline's folders, which `diffusers` loads, else convert it.",
            format!(
                "from diffusers import StableDiffusionPipeline\n\nStableDiffusionPipeline.from_single_file({file:?}).save_pretrained(\".\")"
            ),
        );
    }
    if is_plain || (is_pointer && !is_checkpoint) {
        let condition = if is_plain { "" } else { "  # if it is a plain state dict" };
        return match files.len() {
            1 => Conversion::code(target.order(then), code_of_one(file, condition, &target)),
            _ => Conversion::code(then, code_of_several(cx, files, condition)),
        };
    }
    let what = match holds {
        Some(Holds::Object) => "the `state_dict()` of the model",
        // A trainer's checkpoint: the tensors are nested in it, beside the trainer's own objects.
        _ if is_checkpoint => "the part with the tensors, mostly `state_dict`",
        _ => "the mapping of names to tensors",
    };
    let (folder, pattern) = (target.folder, target.argument());
    Conversion::code(
        format!("Load it with the program that wrote it, and save {what} as safetensors."),
        format!(
            "from huggingface_hub import save_torch_state_dict\n\nsave_torch_state_dict(state_dict, {folder:?}{pattern})"
        ),
    )
}

/// The class of config.json, for the file that it belongs to.
fn class_of_transformers(cx: &Context<'_>, path: &RepoPath) -> Option<String> {
    let class = cx.configs().model()?.architectures().next()?.0.to_owned();
    (path.is_at_root() && stem(path) == "model" && class.chars().all(char::is_alphanumeric)).then_some(class)
}

fn code_of_one(file: &str, condition: &str, target: &Target<'_>) -> String {
    let (folder, pattern) = (target.folder, target.argument());
    format!(
        "import torch\nfrom huggingface_hub import save_torch_state_dict\n\nstate_dict = torch.load({file:?}, map_location=\"cpu\", weights_only=True){condition}\nsave_torch_state_dict(state_dict, {folder:?}{pattern})"
    )
}

/// More files than this are not written out; the others follow the same form.
const MAX_WRITTEN: usize = 16;

fn code_of_several(cx: &Context<'_>, files: &[WeightFile<'_>], condition: &str) -> String {
    let mut code =
        "import torch\nfrom huggingface_hub import save_torch_state_dict\n\nfor file, folder, pattern in [\n"
            .to_owned();
    for found in files.iter().take(MAX_WRITTEN) {
        let Target { folder, pattern, .. } = Target::of(cx, &found.file.path);
        code.push_str(&format!("    ({:?}, {folder:?}, {pattern:?}),\n", found.file.path.as_str()));
    }
    if files.len() > MAX_WRITTEN {
        code.push_str("    # and the others in the same form\n");
    }
    code.push_str(&format!(
        "]:\n    state_dict = torch.load(file, map_location=\"cpu\", weights_only=True){condition}\n    save_torch_state_dict(state_dict, folder, filename_pattern=pattern)"
    ));
    code
}

/// Where the safetensors of a pickle belong: the file that the library looks for.
struct Target<'p> {
    folder: &'p str,
    /// As `save_torch_state_dict` takes it: `model{suffix}.safetensors`.
    pattern: String,
    /// It is part of a pipeline of diffusers.
    is_of_a_pipeline: bool,
}

/// The name of weights without an extension, in transformers and in diffusers.
const TRANSFORMERS: &str = "model";
const DIFFUSERS: &str = "diffusion_pytorch_model";

impl<'p> Target<'p> {
    fn of(cx: &Context<'_>, path: &'p RepoPath) -> Self {
        let name = path.name().rsplit_once('.').map_or(path.name(), |(name, _)| name);
        // A variant keeps its word: `pytorch_model.fp16.bin`.
        let (name, variant) = match name.split_once('.') {
            Some((name, variant)) => (name, format!(".{variant}")),
            None => (name, String::new()),
        };
        let library = library_of_part(cx, path.folder());
        let name = match (stem(path).as_str(), library) {
            ("model", Some("diffusers")) => DIFFUSERS,
            ("model", _) => TRANSFORMERS,
            _ => name,
        };
        let folder = if path.folder().is_empty() { "." } else { path.folder() };
        Self { folder, pattern: format!("{name}{variant}{{suffix}}.safetensors"), is_of_a_pipeline: library.is_some() }
    }

    /// The argument of `save_torch_state_dict`, where it is not what the function takes itself.
    fn argument(&self) -> String {
        match self.pattern.as_str() {
            "model{suffix}.safetensors" => String::new(),
            pattern => format!(", filename_pattern={pattern:?}"),
        }
    }

    /// What to do, with the file that diffusers looks for.
    fn order(&self, otherwise: &str) -> String {
        if !self.is_of_a_pipeline {
            return otherwise.to_owned();
        }
        let file = format!("{}/{}", self.folder, self.pattern.replace("{suffix}", ""));
        format!(
            "Write `{}` as below, which `diffusers` looks for, then delete the pickle.",
            file.trim_start_matches("./")
        )
    }
}

/// The library that loads a folder as a part of a pipeline of diffusers: the pipeline's list says so, or diffusers wrote the
/// folder's config.json.
fn library_of_part<'c>(cx: &'c Context<'_>, folder: &str) -> Option<&'c str> {
    let listed = cx.configs().model_index().and_then(|index| {
        let part = index.components().find(|part| part.name == folder)?;
        part.library.map(|(library, _)| library)
    });
    let config = if folder.is_empty() { "config.json".to_owned() } else { format!("{folder}/config.json") };
    listed.or_else(|| cx.configs().model_at(&config)?.get("_diffusers_version").map(|_| "diffusers"))
}

/// Whether `torch.load` with `weights_only=True` takes the file.
fn loads_weights_only(found: WeightFile<'_>) -> bool {
    found.weight.pickles.found.iter().all(|pickle| pickle.scan.refusal().is_none())
}

/// Whether requests for this very file count as downloads of the model, and those for safetensors beside it would not.
fn is_counted(cx: &Context<'_>, path: &RepoPath) -> bool {
    let (names, tags) = (claims(cx, "library_name"), claims(cx, "tags"));
    let named = names.first().map(|(_, name)| *name);
    let proven = cx.facts().library.as_ref().map(|library| library.value.as_str());
    let rules = libraries::count_rules(named.or(proven), tags.iter().map(|(_, tag)| *tag));
    let target = Target::of(cx, path);
    let safe = format!("{}/{}", target.folder, target.pattern.replace("{suffix}", ""));
    let safe = safe.trim_start_matches("./");
    rules.iter().any(|rule| rule.counts(path.as_str())) && !rules.iter().any(|rule| rule.counts(safe))
}

/// What loading a checkpoint of torch gives; none where the file does not say.
pub(super) fn holds(release: &Release, found: WeightFile<'_>) -> Option<Holds> {
    let mut input = Input::new(release.reader(found.file.id).ok()?, found.file.size).ok()?;
    torch::holds(&mut input, found.weight).ok().flatten()
}

//! diffusers: whole pipelines, single parts of one, and LoRA weights for one.

use std::collections::BTreeMap;

use super::{IMAGE, Material, Snippet, is_plain};
use crate::draft::material::is_class;
use crate::weights::safetensors::Dtype;

const PACKAGES: &str = "diffusers transformers accelerate torch";
const DEVICE: &str = "pipe.to(\"cuda\" if torch.cuda.is_available() else \"cpu\")";

/// Nothing where the files are not in a form of diffusers: a checkpoint in one file, GGUF.
pub(super) fn of(material: &Material<'_>, id: &str) -> Option<Snippet> {
    if material.has("model_index.json") {
        return Some(pipeline(material, &[], from_pretrained(id, own_dtype(material), variant(material))));
    }
    if material.configs().model_index().is_some() {
        return Some(modular(material, id));
    }
    // What the base is stored in is not known here, and every machine can compute in this type.
    let base = from_pretrained(material.base_id(), Some("bfloat16"), "");
    if material.configs().adapter().is_some() {
        return of_peft(material, id, base);
    }
    if let Some(file) = lora(material) {
        // diffusers looks for a file of its own name.
        let named = if file.starts_with(LORA) { String::new() } else { format!(", weight_name=\"{file}\"") };
        return Some(pipeline(material, &[], format!("{base}\npipe.load_lora_weights(\"{id}\"{named})")));
    }
    if material.has("learned_embeds.safetensors") || material.has("learned_embeds.bin") {
        return Some(pipeline(material, &[], format!("{base}\npipe.load_textual_inversion(\"{id}\")")));
    }
    if let Some(class) = part(material) {
        return Some(Snippet::python(
            PACKAGES,
            &[&format!("from diffusers import {class}")],
            format!("model = {class}.from_pretrained(\"{id}\")"),
            "print(f\"{model.num_parameters():,} parameters\")".to_owned(),
        ));
    }
    (!material.facts().contents.has_weights)
        .then(|| pipeline(material, &[], from_pretrained(id, own_dtype(material), "")))
}

/// How the LoRA weights are named that diffusers saves.
const LORA: &str = "pytorch_lora_weights";

/// The file with LoRA weights: under diffusers' name, or any whose tensors are such; of several, as a training leaves them, the
/// one with the shortest name.
fn lora<'m>(material: &Material<'m>) -> Option<&'m str> {
    let mut root = material.release().files().iter().map(|file| &file.path).filter(|path| path.is_at_root());
    if let Some(path) = root.find(|path| path.name().starts_with(LORA)) {
        return Some(path.as_str());
    }
    let found = material.weights().safetensors().filter(|(file, header)| {
        file.path.is_at_root() && is_plain(file.path.as_str()) && header.names().any(|name| is_lora_weight(&name))
    });
    found.map(|(file, _)| file.path.as_str()).min_by_key(|path| path.len())
}

fn is_lora_weight(name: &str) -> bool {
    [".lora_A.", ".lora_B.", ".lora_down.", ".lora_up."].iter().any(|part| name.contains(part))
}

/// An adapter that PEFT saved of a part of the pipeline.
fn of_peft(material: &Material<'_>, id: &str, base: String) -> Option<Snippet> {
    let (class, _) = material.configs().adapter()?.base_model_class()?;
    let part = if class.starts_with("UNet") {
        "unet"
    } else if class.contains("Transformer") {
        "transformer"
    } else {
        return None;
    };
    let load = format!("{base}\npipe.{part} = PeftModel.from_pretrained(pipe.{part}, \"{id}\")");
    Some(pipeline(material, &["from peft import PeftModel"], load).with_packages("peft"))
}

/// A pipeline of blocks: what it takes and gives depends on them.
fn modular(material: &Material<'_>, id: &str) -> Snippet {
    let remote = if material.has("modular_config.json") { ", trust_remote_code=True" } else { "" };
    Snippet::python(
        PACKAGES,
        &["from diffusers import ModularPipeline", "import torch"],
        format!("pipe = ModularPipeline.from_pretrained(\"{id}\"{remote})\npipe.load_components(dtype=torch.bfloat16)"),
        "print(pipe.doc)  # what it takes, and what it gives".to_owned(),
    )
}

/// Without `dtype` diffusers loads its own parts as float32, and transformers loads the others as they are stored: a pipeline
/// of two types fails at the first call.
fn from_pretrained(id: &str, dtype: Option<&str>, variant: &str) -> String {
    let dtype = dtype.map_or(String::new(), |name| format!(", dtype=torch.{name}"));
    format!("pipe = DiffusionPipeline.from_pretrained(\"{id}\"{dtype}{variant})")
}

/// The type in which the pipeline is stored: that of its weights, or else what the configuration of a part says.
fn own_dtype(material: &Material<'_>) -> Option<&'static str> {
    let mut counts: BTreeMap<Dtype, u64> = BTreeMap::new();
    for (dtype, count) in material.weights().safetensors().flat_map(|(_, header)| header.dtypes()) {
        let total = counts.entry(dtype).or_default();
        *total = total.saturating_add(count);
    }
    let stored = counts.into_iter().max_by_key(|(_, count)| *count).map(|(dtype, _)| dtype);
    match stored {
        Some(Dtype::F16) => return Some("float16"),
        Some(Dtype::BF16) => return Some("bfloat16"),
        Some(_) => return None,
        None => {}
    }
    let parts = material.configs().model_index().into_iter().flat_map(|index| index.components());
    let mut said = parts.filter_map(|part| {
        let config = material.configs().model_at(&format!("{}/config.json", part.name))?;
        let (dtype, _) = ["dtype", "torch_dtype"].iter().find_map(|key| config.config().string(key))?;
        ["float16", "bfloat16"].into_iter().find(|known| *known == dtype)
    });
    said.next()
}

/// The argument for weights that are there under the names of a variant alone.
fn variant(material: &Material<'_>) -> &'static str {
    let mut names = material.weights().files().map(|found| found.file.path.name()).peekable();
    let all = names.peek().is_some() && names.all(|name| name.contains(".fp16."));
    if all { ", variant=\"fp16\"" } else { "" }
}

/// The class of a single part of a pipeline, such as a ControlNet.
fn part(material: &Material<'_>) -> Option<String> {
    let model = material.configs().model()?;
    let (class, _) = model.config().string("_class_name")?;
    is_class(class).then(|| class.to_owned())
}

fn pipeline(material: &Material<'_>, more: &[&str], load: String) -> Snippet {
    let prompt = "\"A lighthouse on a cliff at sunset\"";
    let (import, call) = match material.task.unwrap_or_default() {
        "image-to-image" | "image-text-to-image" => (
            Some("from diffusers.utils import load_image"),
            format!(
                "image = load_image(\"{IMAGE}\")\nimage = pipe({prompt}, image=image).images[0]\nimage.save(\"image.png\")"
            ),
        ),
        "text-to-video" => (
            Some("from diffusers.utils import export_to_video"),
            format!("frames = pipe({prompt}).frames[0]\nexport_to_video(frames, \"video.mp4\", fps=8)"),
        ),
        "image-to-video" | "image-text-to-video" => (
            Some("from diffusers.utils import export_to_video, load_image"),
            format!(
                "image = load_image(\"{IMAGE}\")\nframes = pipe(image=image).frames[0]\nexport_to_video(frames, \"video.mp4\", fps=8)"
            ),
        ),
        "unconditional-image-generation" => (None, "image = pipe().images[0]\nimage.save(\"image.png\")".to_owned()),
        "text-to-audio" => (None, "audio = pipe(\"Rain on a tin roof\").audios[0]\nprint(audio.shape)".to_owned()),
        _ => (None, format!("image = pipe({prompt}).images[0]\nimage.save(\"image.png\")")),
    };
    let mut imports = vec!["from diffusers import DiffusionPipeline"];
    imports.extend(import);
    imports.extend(more);
    imports.push("import torch");
    Snippet::python(PACKAGES, &imports, load, format!("{DEVICE}\n{call}"))
}

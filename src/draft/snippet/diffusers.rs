//! diffusers: whole pipelines, single parts of one, and LoRA weights for one.

use super::{Material, PICTURE, Snippet};
use crate::draft::material::is_class;

const PACKAGES: &str = "diffusers transformers accelerate torch";
const DEVICE: &str = "pipe.to(\"cuda\" if torch.cuda.is_available() else \"cpu\")";

pub(super) fn of(material: &Material<'_>, id: &str) -> Snippet {
    let files = || material.release.files().iter();
    let is_lora = material.configs.model_index().is_none()
        && (material.configs.adapter().is_some()
            || files().any(|file| file.path.name().starts_with("pytorch_lora_weights")));
    if is_lora {
        let base = material.base_id();
        return pipeline(material, format!("{}\npipe.load_lora_weights(\"{id}\")", from_pretrained(base)));
    }
    match part(material) {
        Some(class) => Snippet::python(
            PACKAGES,
            &[&format!("from diffusers import {class}")],
            format!("model = {class}.from_pretrained(\"{id}\")"),
            "print(f\"{model.num_parameters():,} parameters\")".to_owned(),
        ),
        None => pipeline(material, from_pretrained(id)),
    }
}

fn from_pretrained(id: &str) -> String {
    format!("pipe = DiffusionPipeline.from_pretrained(\"{id}\")")
}

/// The class of a single part of a pipeline, such as a ControlNet.
fn part(material: &Material<'_>) -> Option<String> {
    if material.configs.model_index().is_some() {
        return None;
    }
    let model = material.configs.model()?;
    let (class, _) = model.config().string("_class_name")?;
    is_class(class).then(|| class.to_owned())
}

fn pipeline(material: &Material<'_>, load: String) -> Snippet {
    let prompt = "\"A brass lamp on a wooden desk, evening light\"";
    let (import, call) = match material.task.unwrap_or_default() {
        "image-to-image" | "image-text-to-image" => (
            Some("from diffusers.utils import load_image"),
            format!(
                "image = load_image(\"{PICTURE}\")\nimage = pipe({prompt}, image=image).images[0]\nimage.save(\"image.png\")"
            ),
        ),
        "text-to-video" => (
            Some("from diffusers.utils import export_to_video"),
            format!("frames = pipe({prompt}).frames[0]\nexport_to_video(frames, \"video.mp4\", fps=8)"),
        ),
        "image-to-video" | "image-text-to-video" => (
            Some("from diffusers.utils import export_to_video, load_image"),
            format!(
                "image = load_image(\"{PICTURE}\")\nframes = pipe(image=image).frames[0]\nexport_to_video(frames, \"video.mp4\", fps=8)"
            ),
        ),
        "unconditional-image-generation" => (None, "image = pipe().images[0]\nimage.save(\"image.png\")".to_owned()),
        "text-to-audio" => (None, "audio = pipe(\"Rain on a tin roof\").audios[0]\nprint(audio.shape)".to_owned()),
        _ => (None, format!("image = pipe({prompt}).images[0]\nimage.save(\"image.png\")")),
    };
    let mut imports = vec!["from diffusers import DiffusionPipeline"];
    imports.extend(import);
    imports.push("import torch");
    Snippet::python(PACKAGES, &imports, load, format!("{DEVICE}\n{call}"))
}

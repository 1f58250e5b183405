//! Libraries for images: timm, OpenCLIP, Ultralytics.

use super::{IMAGE, Material, Snippet, is_plain};

pub(super) fn timm(material: &Material<'_>, id: &str) -> Snippet {
    let classes = material.configs().model().and_then(|model| model.timm_classes());
    let show = match classes {
        Some((0, _)) => "print(output.shape)",
        _ => "print(output.softmax(-1).argmax(-1))",
    };
    Snippet::python(
        "timm",
        &["import timm", "import torch", "from PIL import Image", "from urllib.request import urlopen"],
        format!("model = timm.create_model(\"hf-hub:{id}\", pretrained=True).eval()"),
        format!(
            "transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model), is_training=False)\nurl = \"{IMAGE}\"\nimage = Image.open(urlopen(url)).convert(\"RGB\")\nwith torch.no_grad():\n    output = model(transform(image).unsqueeze(0))\n{show}"
        ),
    )
}

pub(super) fn open_clip(id: &str) -> Snippet {
    Snippet::python(
        "open_clip_torch",
        &["import open_clip", "import torch", "from PIL import Image", "from urllib.request import urlopen"],
        format!(
            "model, preprocess = open_clip.create_model_from_pretrained(\"hf-hub:{id}\")\ntokenizer = open_clip.get_tokenizer(\"hf-hub:{id}\")"
        ),
        format!(
            "url = \"{IMAGE}\"\nimage = preprocess(Image.open(urlopen(url))).unsqueeze(0)\ntext = tokenizer([\"a cat\", \"a dog\"])\nwith torch.no_grad():\n    image_features = model.encode_image(image, normalize=True)\n    text_features = model.encode_text(text, normalize=True)\nprint((100.0 * image_features @ text_features.T).softmax(dim=-1))"
        ),
    )
}

/// The weights are a pickle, which the library loads from a path.
pub(super) fn ultralytics(material: &Material<'_>, id: &str) -> Option<Snippet> {
    let mut files = material.release().files().iter().filter(|file| file.path.extension() == "pt");
    let file = files.find(|file| is_plain(file.path.as_str()))?.path.as_str();
    Some(Snippet::python(
        "ultralytics huggingface_hub",
        &["from huggingface_hub import hf_hub_download", "from ultralytics import YOLO"],
        format!("path = hf_hub_download(\"{id}\", \"{file}\")\nmodel = YOLO(path)"),
        format!("for result in model(\"{IMAGE}\"):\n    print(result.verbose())"),
    ))
}

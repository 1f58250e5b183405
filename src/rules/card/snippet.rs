//! The few lines that load a model with its library: what a card without code is shown.

use crate::diagnostic::Place;
use crate::rules::Context;
use crate::rules::values::claims;

/// Tasks that `pipeline` of transformers 5 knows.
const PIPELINES: &[&str] = &[
    "any-to-any",
    "audio-classification",
    "automatic-speech-recognition",
    "depth-estimation",
    "document-question-answering",
    "feature-extraction",
    "fill-mask",
    "image-classification",
    "image-feature-extraction",
    "image-segmentation",
    "image-text-to-text",
    "keypoint-matching",
    "mask-generation",
    "object-detection",
    "table-question-answering",
    "text-classification",
    "text-generation",
    "text-to-audio",
    "text-to-speech",
    "token-classification",
    "video-classification",
    "zero-shot-audio-classification",
    "zero-shot-classification",
    "zero-shot-image-classification",
    "zero-shot-object-detection",
];

/// Code on one line that loads this release, as far as card and files tell its library and task.
pub(super) fn snippet(cx: &Context<'_>) -> Option<String> {
    let id = cx.release().repo_id().map_or_else(|| "OWNER/NAME".to_owned(), ToString::to_string);
    let facts = cx.facts();
    if facts.contents.only_gguf {
        return Some(format!("llama-cli -hf {id}"));
    }
    let named = claims(cx, "library_name").first().map(|(_, name)| (*name).to_owned());
    let library = named.or_else(|| facts.library.as_ref().map(|found| found.value.clone()))?;
    Some(match library.as_str() {
        "transformers" => transformers(cx, &id),
        "diffusers" => diffusers(cx, &id),
        "sentence-transformers" => {
            format!("from sentence_transformers import SentenceTransformer; model = SentenceTransformer(\"{id}\")")
        }
        "setfit" => format!("from setfit import SetFitModel; model = SetFitModel.from_pretrained(\"{id}\")"),
        "peft" => format!("from peft import AutoPeftModel; model = AutoPeftModel.from_pretrained(\"{id}\")"),
        "timm" => format!("import timm; model = timm.create_model(\"hf-hub:{id}\", pretrained=True)"),
        "open_clip" => {
            format!("import open_clip; model, preprocess = open_clip.create_model_from_pretrained(\"hf-hub:{id}\")")
        }
        "mlx" => format!("from mlx_lm import load; model, tokenizer = load(\"{id}\")"),
        "keras" | "keras-hub" => format!("import keras; model = keras.saving.load_model(\"hf://{id}\")"),
        "sklearn" => {
            let file = weights_name(cx).unwrap_or_else(|| "sklearn_model.joblib".to_owned());
            format!("from huggingface_hub import hf_hub_download; path = hf_hub_download(\"{id}\", \"{file}\")")
        }
        "spacy" => format!("import spacy; nlp = spacy.load(\"{}\")", id.rsplit('/').next().unwrap_or_default()),
        "model2vec" => format!("from model2vec import StaticModel; model = StaticModel.from_pretrained(\"{id}\")"),
        _ => return None,
    })
}

fn transformers(cx: &Context<'_>, id: &str) -> String {
    let stated = claims(cx, "pipeline_tag").first().map(|(_, tag)| *tag);
    let task = stated.or_else(|| cx.facts().task.one.as_ref().map(|task| task.value));
    match task.filter(|task| PIPELINES.contains(task)) {
        Some(task) => format!("from transformers import pipeline; pipe = pipeline(\"{task}\", model=\"{id}\")"),
        None => {
            let class = cx.configs().model().and_then(|model| Some(model.architectures().next()?.0.to_owned()));
            let class = class.filter(|class| class.chars().all(|letter| letter.is_ascii_alphanumeric()));
            let class = class.as_deref().unwrap_or("AutoModel");
            format!("from transformers import {class}; model = {class}.from_pretrained(\"{id}\")")
        }
    }
}

fn diffusers(cx: &Context<'_>, id: &str) -> String {
    let is_lora = cx.release().files().iter().any(|file| file.path.name().starts_with("pytorch_lora_weights"));
    match claims(cx, "base_model").first().filter(|_| is_lora) {
        Some((_, base)) => format!(
            "from diffusers import DiffusionPipeline; pipe = DiffusionPipeline.from_pretrained(\"{base}\"); pipe.load_lora_weights(\"{id}\")"
        ),
        None => format!("from diffusers import DiffusionPipeline; pipe = DiffusionPipeline.from_pretrained(\"{id}\")"),
    }
}

/// The name of the file that shows the library, such as `model.skops`.
fn weights_name(cx: &Context<'_>) -> Option<String> {
    let proof = cx.facts().library.as_ref()?.proof.first()?;
    match proof.place {
        Place::File(file) => Some(cx.release().file(file)?.path.as_str().to_owned()),
        _ => None,
    }
}

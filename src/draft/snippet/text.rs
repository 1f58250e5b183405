//! Libraries for text: sentence-transformers and what builds on it, spaCy, Flair, SpanMarker, BERTopic, llama.cpp, MLX.

use super::{Material, SENTENCES, Snippet};

/// Which of its classes sentence-transformers loads a model with.
fn class(material: &Material<'_>) -> &'static str {
    let stated = material.configs.sentence_transformers();
    let stated = stated.and_then(|config| config.model_type()).map(|(name, _)| name);
    let is_cross = material.configs.model().is_some_and(|model| model.cross_encoder().is_some());
    match stated {
        Some("SparseEncoder") => "SparseEncoder",
        Some("CrossEncoder") => "CrossEncoder",
        Some(_) => "SentenceTransformer",
        None if is_cross => "CrossEncoder",
        None => "SentenceTransformer",
    }
}

pub(super) fn sentence_transformers(material: &Material<'_>, id: &str) -> Snippet {
    let class = class(material);
    let call = if class == "CrossEncoder" {
        "pairs = [\n    (\"Where is the lamp?\", \"The lamp stands on the desk.\"),\n    (\"Where is the lamp?\", \"The weather is fine.\"),\n]\nprint(model.predict(pairs))"
            .to_owned()
    } else {
        format!(
            "sentences = {SENTENCES}\nembeddings = model.encode(sentences)\nprint(model.similarity(embeddings, embeddings))"
        )
    };
    Snippet::python(
        "sentence-transformers",
        &[&format!("from sentence_transformers import {class}")],
        format!("model = {class}(\"{id}\"{})", material.remote_code()),
        call,
    )
}

pub(super) fn setfit(id: &str) -> Snippet {
    Snippet::python(
        "setfit",
        &["from setfit import SetFitModel"],
        format!("model = SetFitModel.from_pretrained(\"{id}\")"),
        format!("print(model.predict({SENTENCES}))"),
    )
}

pub(super) fn model2vec(id: &str) -> Snippet {
    Snippet::python(
        "model2vec",
        &["from model2vec import StaticModel"],
        format!("model = StaticModel.from_pretrained(\"{id}\")"),
        format!("print(model.encode({SENTENCES}).shape)"),
    )
}

/// spaCy's models are Python packages, with a wheel beside the files.
pub(super) fn spacy(id: &str) -> Snippet {
    let name = id.rsplit('/').next().unwrap_or(id);
    Snippet::python(
        &format!("\"{name} @ https://huggingface.co/{id}/resolve/main/{name}-any-py3-none-any.whl\""),
        &["import spacy"],
        format!("nlp = spacy.load(\"{name}\")"),
        "doc = nlp(\"Please turn on the lamp.\")\nprint([(token.text, token.pos_) for token in doc])".to_owned(),
    )
}

/// llama.cpp downloads from the Hub by itself.
pub(super) fn llama_cpp(material: &Material<'_>, id: &str) -> Snippet {
    let embeds = matches!(material.task, Some("feature-extraction" | "sentence-similarity"));
    let program = if embeds { "llama-embedding" } else { "llama-cli" };
    Snippet::command("brew install llama.cpp", format!("{program} -hf {id} -p \"Which lamp suits a small desk?\""))
}

pub(super) fn mlx(material: &Material<'_>, id: &str) -> Snippet {
    let prompt = if material.has_chat_template() {
        "messages = [{\"role\": \"user\", \"content\": \"Which lamp suits a small desk?\"}]\nprompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True)\n"
    } else {
        "prompt = \"The lamp in the hall\"\n"
    };
    Snippet::python(
        "mlx-lm",
        &["from mlx_lm import generate, load"],
        format!("model, tokenizer = load(\"{id}\")"),
        format!("{prompt}print(generate(model, tokenizer, prompt=prompt, max_tokens=256))"),
    )
}

/// A tagger of words, or a classifier of whole texts.
pub(super) fn flair(material: &Material<'_>, id: &str) -> Snippet {
    let class = if material.task == Some("text-classification") { "TextClassifier" } else { "SequenceTagger" };
    Snippet::python(
        "flair",
        &["from flair.data import Sentence", &format!("from flair.models import {class}")],
        format!("model = {class}.load(\"{id}\")"),
        "sentence = Sentence(\"The Eiffel Tower stands in Paris.\")\nmodel.predict(sentence)\nprint(sentence)"
            .to_owned(),
    )
}

pub(super) fn span_marker(id: &str) -> Snippet {
    Snippet::python(
        "span_marker",
        &["from span_marker import SpanMarkerModel"],
        format!("model = SpanMarkerModel.from_pretrained(\"{id}\")"),
        "print(model.predict(\"The Eiffel Tower stands in Paris.\"))".to_owned(),
    )
}

pub(super) fn bertopic(id: &str) -> Snippet {
    Snippet::python(
        "bertopic",
        &["from bertopic import BERTopic"],
        format!("model = BERTopic.load(\"{id}\")"),
        "print(model.get_topic_info())".to_owned(),
    )
}

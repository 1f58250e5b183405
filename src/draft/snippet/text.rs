//! Libraries for text: sentence-transformers and what builds on it, spaCy, Flair, SpanMarker, BERTopic, llama.cpp, MLX.

use super::examples::{self, QUESTION, SENTENCES};
use super::{IMAGE, Material, Snippet, is_plain};

/// Which of its classes sentence-transformers loads a model with.
fn class(material: &Material<'_>) -> &'static str {
    let stated = material.configs().sentence_transformers();
    let stated = stated.and_then(|config| config.model_type()).map(|(name, _)| name);
    let is_cross = material.configs().model().is_some_and(|model| model.cross_encoder().is_some());
    match stated {
        Some("SparseEncoder") => "SparseEncoder",
        Some("CrossEncoder") => "CrossEncoder",
        Some(_) => "SentenceTransformer",
        None if is_cross => "CrossEncoder",
        None => "SentenceTransformer",
    }
}

pub(super) fn sentence_transformers(material: &Material<'_>, id: &str) -> Snippet {
    if is_pylate(material) {
        return pylate(id);
    }
    let class = class(material);
    let call = if class == "CrossEncoder" {
        "pairs = [\n    (\"Where is the Eiffel Tower?\", \"The Eiffel Tower stands in Paris.\"),\n    (\"Where is the Eiffel Tower?\", \"My sister plays the violin.\"),\n]\nprint(model.predict(pairs))"
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

/// Whether modules.json names classes of PyLate, which sentence-transformers cannot import.
fn is_pylate(material: &Material<'_>) -> bool {
    let modules = material.configs().modules();
    modules.is_some_and(|modules| modules.types().any(|(class, _)| class.starts_with("pylate.")))
}

/// Late interaction: a vector for each token, and the scores of documents by the best matches.
fn pylate(id: &str) -> Snippet {
    Snippet::python(
        "pylate",
        &["from pylate import models, rank"],
        format!("model = models.ColBERT(\"{id}\")"),
        "query = model.encode([\"Where is the Eiffel Tower?\"], is_query=True)\n\
         documents = model.encode([[\"The Eiffel Tower stands in Paris.\", \"My sister plays the violin.\"]], is_query=False)\n\
         print(rank.rerank(documents_ids=[[1, 2]], queries_embeddings=query, documents_embeddings=documents))"
            .to_owned(),
    )
}

pub(super) fn setfit(material: &Material<'_>, id: &str) -> Snippet {
    Snippet::python(
        "setfit",
        &["from setfit import SetFitModel"],
        format!("model = SetFitModel.from_pretrained(\"{id}\")"),
        format!("print(model.predict([\"{}\"]))", examples::text(material)),
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

/// spaCy's models are folders, or Python packages with a wheel beside the files.
pub(super) fn spacy(material: &Material<'_>, id: &str) -> Snippet {
    let call = format!("doc = nlp(\"{}\")\n{}", examples::names(material), spacy_result(material));
    if let Some((name, wheel)) = spacy_wheel(material) {
        return Snippet::python(
            &format!("\"{name} @ https://huggingface.co/{id}/resolve/main/{wheel}\""),
            &["import spacy"],
            format!("nlp = spacy.load(\"{name}\")"),
            call,
        );
    }
    Snippet::python(
        "spacy huggingface_hub",
        &["import spacy", "from huggingface_hub import snapshot_download"],
        format!("nlp = spacy.load(snapshot_download(\"{id}\"))"),
        call,
    )
}

/// The package's name and the wheel at the root: `en_lamp` and `en_lamp-any-py3-none-any.whl`.
fn spacy_wheel<'m>(material: &Material<'m>) -> Option<(&'m str, &'m str)> {
    let mut root = material.release().files().iter().filter(|file| file.path.is_at_root());
    let wheel = root.find(|file| file.path.extension() == "whl" && is_plain(file.path.as_str()))?.path.as_str();
    Some((wheel.split('-').next()?, wheel))
}

/// What the pipeline of meta.json writes into a document.
fn spacy_result(material: &Material<'_>) -> &'static str {
    let meta = material.configs().at("meta.json");
    let parts = || meta.and_then(|meta| meta.get("pipeline")).into_iter().flat_map(|parts| parts.items());
    let has = |names: &[&str]| parts().any(|part| part.text().is_some_and(|part| names.contains(&part)));
    if has(&["ner", "entity_ruler", "beam_ner"]) {
        "print([(entity.text, entity.label_) for entity in doc.ents])"
    } else if has(&["tagger", "morphologizer"]) {
        "print([(token.text, token.pos_) for token in doc])"
    } else if has(&["textcat", "textcat_multilabel"]) {
        "print(doc.cats)"
    } else {
        "print([token.text for token in doc])"
    }
}

/// llama.cpp downloads from the Hub by itself.
pub(super) fn llama_cpp(material: &Material<'_>, id: &str) -> Option<Snippet> {
    let program = llama_program(material)?;
    Some(Snippet::command("brew install llama.cpp", format!("{program} -hf {id} -p \"{QUESTION}\"")))
}

/// llama-cpp-python loads one file; of several, the form that llama.cpp itself takes first.
pub(super) fn llama_cpp_python(material: &Material<'_>, id: &str) -> Option<Snippet> {
    if llama_program(material)? != "llama-cli" {
        return None;
    }
    let is_part = |path: &str| ["-of-0", "mmproj"].iter().any(|word| path.contains(word));
    let files = material.release().files().iter().map(|file| file.path.as_str());
    let files = || files.clone().filter(|path| path.ends_with(".gguf") && is_plain(path) && !is_part(path));
    let file = files().find(|path| path.to_ascii_uppercase().contains("Q4_K_M")).or_else(|| files().next())?;
    let talks = material.weights().gguf().any(|(_, gguf)| gguf.get("tokenizer.chat_template").is_some());
    let call = if talks {
        format!(
            "messages = [{{\"role\": \"user\", \"content\": \"{QUESTION}\"}}]\nanswer = llm.create_chat_completion(messages=messages)\nprint(answer[\"choices\"][0][\"message\"][\"content\"])"
        )
    } else {
        "answer = llm(\"Once upon a time\", max_tokens=64)\nprint(answer[\"choices\"][0][\"text\"])".to_owned()
    };
    Some(Snippet::python(
        "llama-cpp-python huggingface_hub",
        &["from llama_cpp import Llama"],
        format!("llm = Llama.from_pretrained(repo_id=\"{id}\", filename=\"{file}\")"),
        call,
    ))
}

/// Models that llama.cpp runs with other programs: those that write by diffusion, and an encoder with a decoder.
const OTHER_PROGRAMS: &[&str] = &["dream", "llada", "llada-moe", "rnd1", "t5"];

/// The program for what the headers show; nothing for LoRA, rerankers, and models that neither write nor read text alone.
fn llama_program(material: &Material<'_>) -> Option<&'static str> {
    let says = |key: &str, texts: &[&str]| {
        let mut headers = material.weights().gguf().filter_map(|(_, gguf)| gguf.get(key)?.as_str());
        headers.any(|text| texts.contains(&text))
    };
    // A model of speech writes tokens that are not words.
    let speaks = matches!(material.task, Some("text-to-speech" | "text-to-audio"));
    if speaks || says("general.type", &["adapter"]) || says("general.architecture", OTHER_PROGRAMS) {
        return None;
    }
    let of_files = material.facts().task.one.as_ref().map(|found| found.value);
    // Files that were not fetched have no header; those with one have to show a task.
    if of_files.is_none() && material.weights().gguf().next().is_some() {
        return None;
    }
    match of_files.or(material.task) {
        Some("feature-extraction" | "sentence-similarity") => Some("llama-embedding"),
        None | Some("text-generation" | "image-text-to-text" | "audio-text-to-text" | "any-to-any") => {
            Some("llama-cli")
        }
        _ => None,
    }
}

/// mlx-lm for models that write, mlx-vlm for those that read images, too.
pub(super) fn mlx(material: &Material<'_>, id: &str) -> Option<Snippet> {
    match material.task? {
        "text-generation" => Some(mlx_lm(material, id)),
        "image-text-to-text" => Some(mlx_vlm(id)),
        _ => None,
    }
}

fn mlx_lm(material: &Material<'_>, id: &str) -> Snippet {
    let prompt = if material.has_chat_template() {
        format!(
            "messages = [{{\"role\": \"user\", \"content\": \"{}\"}}]\nprompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True)\n",
            examples::question(material)
        )
    } else {
        format!("prompt = \"{}\"\n", examples::beginning(material))
    };
    Snippet::python(
        "mlx-lm",
        &["from mlx_lm import generate, load"],
        format!("model, tokenizer = load(\"{id}\")"),
        format!("{prompt}print(generate(model, tokenizer, prompt=prompt, max_tokens=256))"),
    )
}

fn mlx_vlm(id: &str) -> Snippet {
    Snippet::python(
        "mlx-vlm",
        &[
            "from mlx_vlm import generate, load",
            "from mlx_vlm.prompt_utils import apply_chat_template",
            "from mlx_vlm.utils import load_config",
        ],
        format!("model, processor = load(\"{id}\")\nconfig = load_config(\"{id}\")"),
        format!(
            "prompt = apply_chat_template(processor, config, \"What is in this image?\", num_images=1)\nprint(generate(model, processor, prompt, [\"{IMAGE}\"], max_tokens=64))"
        ),
    )
}

/// A tagger of words, or a classifier of whole texts.
pub(super) fn flair(material: &Material<'_>, id: &str) -> Snippet {
    let class = if material.task == Some("text-classification") { "TextClassifier" } else { "SequenceTagger" };
    Snippet::python(
        "flair",
        &["from flair.data import Sentence", &format!("from flair.models import {class}")],
        format!("model = {class}.load(\"{id}\")"),
        format!("sentence = Sentence(\"{}\")\nmodel.predict(sentence)\nprint(sentence)", examples::names(material)),
    )
}

pub(super) fn span_marker(material: &Material<'_>, id: &str) -> Snippet {
    Snippet::python(
        "span_marker",
        &["from span_marker import SpanMarkerModel"],
        format!("model = SpanMarkerModel.from_pretrained(\"{id}\")"),
        format!("print(model.predict(\"{}\"))", examples::names(material)),
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

//! Libraries that save a whole object: Keras, scikit-learn, fastai, stable-baselines3.

use super::{Material, Snippet, examples, is_plain};
use crate::bytes::Format;

/// Keras reads its own form of a repository, a folder with config.json, by id; a model in one file is downloaded first.
pub(super) fn keras(material: &Material<'_>, id: &str) -> Option<Snippet> {
    let show = "model.summary()".to_owned();
    let is_folder = material.has("config.json") && material.has("model.weights.h5");
    if is_folder || !material.facts().contents.has_weights && !material.has("saved_model.pb") {
        let load = format!("model = keras.saving.load_model(\"hf://{id}\")");
        return Some(Snippet::python("keras huggingface_hub", &["import keras"], load, show));
    }
    let (package, module) =
        if material.library == Some("tf-keras") { ("tf-keras", "tf_keras") } else { ("keras", "keras") };
    let file = keras_file(material)?;
    Some(Snippet::python(
        &format!("{package} huggingface_hub"),
        &[&format!("import {module}"), HUB],
        format!("{}\nmodel = {module}.saving.load_model(path)", download(id, file)),
        show,
    ))
}

/// The file that contains a whole model; nothing where it contains code, which Keras loads only with `safe_mode=False`.
fn keras_file<'m>(material: &Material<'m>) -> Option<&'m str> {
    let mut models = material.weights().files().filter(|found| {
        let path = &found.file.path;
        let is_keras = path.extension() == "keras" || found.weight.format == Format::KerasHdf5;
        is_keras && path.is_at_root() && is_plain(path.as_str()) && is_whole_model(path.name())
    });
    models.next().filter(|found| found.weight.active.is_empty()).map(|found| found.file.path.as_str())
}

/// Weights alone have the same form in HDF5, and only a name tells.
fn is_whole_model(name: &str) -> bool {
    !name.contains("weights") && name != "tf_model.h5"
}

const HUB: &str = "from huggingface_hub import hf_hub_download";

fn download(id: &str, file: &str) -> String {
    format!("path = hf_hub_download(\"{id}\", \"{file}\")")
}

/// The first file at the root with one of these extensions.
fn at_root<'m>(material: &Material<'m>, extensions: &[&str]) -> Option<&'m str> {
    let mut root = material.release().files().iter().filter(|file| file.path.is_at_root());
    let file =
        root.find(|file| extensions.contains(&file.path.extension().as_ref()) && is_plain(file.path.as_str()))?;
    Some(file.path.as_str())
}

pub(super) fn keras_hub(material: &Material<'_>, id: &str) -> Snippet {
    let (class, call) = match material.task.unwrap_or_default() {
        "text-generation" => {
            ("CausalLM", format!("print(model.generate(\"{}\", max_length=64))", examples::beginning(material)))
        }
        "text-classification" => {
            ("TextClassifier", format!("print(model.predict([\"{}\"]))", examples::text(material)))
        }
        "image-classification" => ("ImageClassifier", "model.summary()".to_owned()),
        _ => ("Backbone", "model.summary()".to_owned()),
    };
    Snippet::python(
        "keras keras-hub",
        &["import keras_hub"],
        format!("model = keras_hub.models.{class}.from_preset(\"hf://{id}\")"),
        call,
    )
}

/// A pickle runs code when it is loaded; skops shows first what it would need.
pub(super) fn sklearn(material: &Material<'_>, id: &str) -> Snippet {
    if let Some(file) = at_root(material, &["skops"]) {
        return Snippet::python(
            "skops scikit-learn huggingface_hub",
            &[HUB, "from skops import io"],
            download(id, file),
            "print(io.get_untrusted_types(file=path))  # read these before you trust them\nmodel = io.load(path, trusted=[])"
                .to_owned(),
        );
    }
    let file = at_root(material, &["joblib", "pkl", "pickle"]).unwrap_or("sklearn_model.joblib");
    Snippet::python(
        "scikit-learn joblib huggingface_hub",
        &[HUB, "import joblib"],
        download(id, file),
        "model = joblib.load(path)  # runs code of the file: only for files that you trust".to_owned(),
    )
}

/// The export of a learner is a pickle.
pub(super) fn fastai(id: &str) -> Snippet {
    Snippet::python(
        "\"huggingface_hub[fastai]\"",
        &["from huggingface_hub import from_pretrained_fastai"],
        format!("learner = from_pretrained_fastai(\"{id}\")  # runs code of the file: only for files that you trust"),
        "print(learner.model)".to_owned(),
    )
}

/// The algorithms of stable-baselines3, by the name that its files begin with.
const ALGORITHMS: [&str; 6] = ["A2C", "DDPG", "DQN", "PPO", "SAC", "TD3"];

/// An agent is a zip; its name mostly says by which algorithm it was trained.
pub(super) fn stable_baselines3(material: &Material<'_>, id: &str) -> Option<Snippet> {
    let mut files = material.release().files().iter().filter(|file| file.path.extension() == "zip");
    let file = files.find(|file| is_plain(file.path.as_str()))?.path.as_str();
    let name = file.rsplit('/').next().unwrap_or(file).to_ascii_uppercase();
    let algorithm = ALGORITHMS.iter().find(|algorithm| {
        name.strip_prefix(**algorithm).is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_alphanumeric()))
    })?;
    Some(Snippet::python(
        "stable-baselines3 huggingface_sb3",
        &["from huggingface_sb3 import load_from_hub", &format!("from stable_baselines3 import {algorithm}")],
        format!("path = load_from_hub(\"{id}\", \"{file}\")\nmodel = {algorithm}.load(path)"),
        "print(model.policy)".to_owned(),
    ))
}

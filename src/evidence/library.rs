//! The library that the files belong to.
//!
//! The most particular file decides: a sentence-transformers model has a config.json of transformers, too, and SetFit's
//! has both. Every other library that could load the files is kept as plausible, so that a card which names one of them is no
//! contradiction. GGUF alone is not a library's: llama.cpp has no key.

use super::{Evidence, Strength, Weights, task};
use crate::configs::{Configs, ModelConfig};
use crate::diagnostic::Label;
use crate::hub::{architectures, libraries};
use crate::release::Release;
use crate::source::Span;

/// What the files say of the library.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The most particular one.
    pub one: Option<Evidence<String>>,
    /// Every library that could load the files, each once.
    pub plausible: Vec<&'static str>,
}

impl Found {
    /// The first library found is the one; all are plausible.
    fn add(&mut self, key: &'static str, strength: Strength, proof: Label) {
        if self.one.is_none() {
            self.one = Some(Evidence { value: key.to_owned(), strength, proof: vec![proof] });
        }
        self.also(key);
    }

    fn also(&mut self, key: &'static str) {
        if !self.plausible.contains(&key) {
            self.plausible.push(key);
        }
    }
}

/// Which library writes this kind of file at the root, by name or extension, and no other library does.
const FILES: &[(&str, &str)] = &[("nemo", "nemo"), ("keras", "keras"), ("skops", "sklearn")];

pub(super) fn gather(release: &Release, configs: &Configs<'_>, weights: &Weights<'_>) -> Found {
    use Strength::{Strong, Weak};
    let mut found = Found::default();
    let at = |path: &str| release.find(path).map(|file| Label::file(file.id, ""));

    if let Some(label) = at("config_setfit.json") {
        found.add("setfit", Strong, wrote(label, "SetFit"));
        found.also("sentence-transformers");
    }
    sentence_transformers(release, configs, &mut found);
    if let Some(index) = configs.model_index() {
        let label = Label::file(index.file(), "diffusers describes a pipeline in this file");
        found.add("diffusers", Strong, label);
    }
    adapter(release, configs, &mut found);
    if let Some(label) = at("open_clip_config.json") {
        // Beside it, many repositories hold the same model for transformers: either name is right.
        let strength = if transformers_weights(release).is_some() && configs.model().is_some_and(is_transformers) {
            Weak
        } else {
            Strong
        };
        found.add("open_clip", strength, wrote(label, "OpenCLIP"));
    }
    let model = configs.model();
    if let Some((name, span)) = model.and_then(ModelConfig::timm_architecture) {
        found.add("timm", Strong, Label::at(span, format!("`architecture` names timm's {name}")));
    }
    if let Some((class, span)) = model.and_then(|model| model.config().string("_class_name")) {
        // A single part of a pipeline, such as a ControlNet.
        if model.and_then(|model| model.config().string("_diffusers_version")).is_some() {
            found.add("diffusers", Strong, Label::at(span, format!("`_class_name` names diffusers' {class}")));
        }
    }
    // Libraries that build on GLiNER write the same file.
    if let Some(label) = at("gliner_config.json") {
        found.add("gliner", Weak, wrote(label, "GLiNER"));
    }
    if let Some(node) = model.and_then(|model| model.get("sklearn")) {
        found.add("sklearn", Strong, Label::at(node.span(), "skops writes this into config.json"));
    }
    mlx(model, weights, &mut found);
    if let Some(model) = model {
        transformers(release, model, weights, &mut found);
    }
    for name in ["pytorch_lora_weights.safetensors", "pytorch_lora_weights.bin"] {
        if let Some(label) = at(name) {
            found.add("diffusers", Strong, wrote(label, "diffusers"));
        }
    }
    for file in release.files().iter().filter(|file| file.path.is_at_root()) {
        let extension = file.path.extension();
        if let Some((_, key)) = FILES.iter().find(|(end, _)| *end == extension) {
            found.add(
                key,
                Strong,
                wrote(Label::file(file.id, ""), libraries::get(key).map_or(key, |found| found.pretty)),
            );
        }
    }
    keras(configs, &mut found);
    if found.one.as_ref().is_some_and(|one| one.value == "keras") {
        found.also("keras-hub");
        found.also("tf-keras");
    }
    if let Some((_, span)) = configs.at("meta.json").and_then(|meta| meta.string("spacy_version")) {
        found.add("spacy", Strong, Label::at(span, "spaCy writes `spacy_version`"));
    }
    found
}

fn wrote(label: Label, library: &str) -> Label {
    Label { text: format!("{library} writes this file"), ..label }
}

/// A Keras 3 model as a folder: metadata.json with its version beside config.json with the model's class.
fn keras(configs: &Configs<'_>, found: &mut Found) {
    let Some((_, span)) = configs.at("metadata.json").and_then(|metadata| metadata.string("keras_version")) else {
        return;
    };
    let registered = configs.model().and_then(|model| model.config().string("registered_name"));
    let is_hub = registered.is_some_and(|(name, _)| name.starts_with("keras_hub>") || name.starts_with("keras_nlp>"));
    let key = if is_hub { "keras-hub" } else { "keras" };
    found.add(key, Strength::Strong, Label::at(span, "Keras writes `keras_version`"));
}

fn sentence_transformers(release: &Release, configs: &Configs<'_>, found: &mut Found) {
    let modules = configs.modules();
    let types = || modules.into_iter().flat_map(|modules| modules.types());
    // Libraries that build on its format put classes of their own into modules.json.
    for (prefix, key) in [("model2vec.", "model2vec"), ("lightning_ir.", "lightning-ir")] {
        if let Some((class, span)) = types().find(|(class, _)| class.starts_with(prefix)) {
            found.add(key, Strength::Weak, Label::at(span, format!("modules.json names {class}")));
        }
    }
    let by_config = configs.sentence_transformers().map(|config| config.file());
    let by_modules = modules.filter(|_| types().next().is_some()).map(|modules| modules.file());
    if let Some(file) = by_modules.or(by_config) {
        if let Some(head) = task::static_head(release, configs) {
            found.add("model2vec", Strength::Weak, head);
        }
        // PyLate, which the Hub does not know, builds on the format, and its models are not sentence encoders.
        if types().any(|(class, _)| class.starts_with("pylate.")) {
            return found.also("sentence-transformers");
        }
        let label = Label::file(file, "sentence-transformers writes this file");
        found.add("sentence-transformers", Strength::Strong, label);
        // A single static embedding is model2vec's, too.
        if types().any(|(class, _)| class.ends_with(".StaticEmbedding")) {
            found.also("model2vec");
        }
    }
    // The names alone say it where the files are pointers. A modules.json that can be read and lists none says nothing.
    let pooling = release.find("1_Pooling/config.json");
    let pointer = release.find("modules.json").filter(|file| file.lfs.is_some());
    if let Some(file) = pointer.or(pooling).filter(|_| found.one.is_none()) {
        let label = Label::file(file.id, "sentence-transformers writes a file of this name");
        found.add("sentence-transformers", Strength::Weak, label);
    }
    if let Some(node) = configs.model().and_then(ModelConfig::cross_encoder) {
        let label = Label::at(node.span(), "sentence-transformers writes this into a CrossEncoder's config.json");
        found.add("sentence-transformers", Strength::Strong, label);
    }
}

fn adapter(release: &Release, configs: &Configs<'_>, found: &mut Found) {
    let Some(adapter) = configs.adapter() else { return };
    let config = adapter.config();
    if adapter.peft_type().is_none() && config.get("model_class").is_some() {
        let label = Label::file(config.file(), "AdapterHub's adapters library writes this file");
        found.add("adapter-transformers", Strength::Strong, label);
        return;
    }
    // With a whole model beside it, the adapter may be an addition to it, or what is meant.
    let whole = release.find("config.json").is_some() && transformers_weights(release).is_some();
    let known = adapter.peft_type().is_some() || adapter.base_model().is_some();
    let strength = if whole || !known { Strength::Weak } else { Strength::Strong };
    found.add("peft", strength, Label::file(config.file(), "PEFT writes this file"));
    // transformers loads PEFT's adapters onto their base.
    found.also("transformers");
    if adapter.parent_library().is_some_and(|(module, _)| module.starts_with("diffusers.")) {
        found.also("diffusers");
    }
}

/// Weights that mlx saved say so; transformers reads the same names.
fn mlx(model: Option<ModelConfig<'_>>, weights: &Weights<'_>, found: &mut Found) {
    let saved = weights.safetensors().filter(|(file, _)| file.path.is_at_root());
    let saved =
        saved.map(|(file, header)| (file, header.metadata().any(|(key, value)| key == "format" && value == "mlx")));
    if let Some((file, _)) = saved.into_iter().find(|(_, is_mlx)| *is_mlx)
        && model.is_some()
    {
        found.add("mlx", Strength::Strong, Label::file(file.id, "the header's `format` is mlx"));
    }
}

fn transformers(release: &Release, model: ModelConfig<'_>, weights: &Weights<'_>, found: &mut Found) {
    let Some((proof, known)) = transformers_proof(model) else {
        another_library(model, found);
        return;
    };
    another_library(model, found);
    // optimum-quanto's class loads what it packed.
    if release.find("quanto_qmap.json").is_some() {
        return found.also("transformers");
    }
    let label = Label::at(proof.1, proof.0);
    match transformers_weights(release) {
        Some(_) if known => found.add("transformers", Strength::Strong, label),
        Some(_) => found.add("transformers", Strength::Weak, label),
        None if has_onnx_only(release) => {
            found.add("transformers.js", Strength::Weak, label);
            found.also("transformers");
        }
        // It reads none of these weights, or they were copied without the others.
        None if weights.files().next().is_some() => found.also("transformers"),
        None => found.add("transformers", Strength::Weak, label),
    }
}

/// A `model_type` that is the key of another library, which builds on transformers' config.json: `span-marker`.
fn another_library(model: ModelConfig<'_>, found: &mut Found) {
    let Some((model_type, span)) = model.model_type() else { return };
    if architectures::is_model_type(model_type) {
        return;
    }
    if let Some(library) = libraries::get(&model_type.replace('_', "-")) {
        found.add(library.key, Strength::Weak, Label::at(span, format!("`model_type` is {model_type}")));
    }
}

/// What shows that transformers wrote config.json, and whether it leaves no doubt.
fn transformers_proof(model: ModelConfig<'_>) -> Option<((String, Span), bool)> {
    if model.timm_architecture().is_some() || model.config().string("_class_name").is_some() {
        return None;
    }
    if let Some((model_type, span)) = model.model_type().filter(|(name, _)| architectures::is_model_type(name)) {
        return Some(((format!("`model_type` {model_type} is one of transformers"), span), true));
    }
    if let Some((class, span)) = model.architectures().find(|(class, _)| architectures::get(class).is_some()) {
        return Some(((format!("`architectures` names transformers' {class}"), span), true));
    }
    if let Some((auto_class, (_, span))) = model.auto_map().find(|(class, _)| class.starts_with("AutoModel")) {
        return Some(((format!("`auto_map` gives {auto_class} a class"), span), true));
    }
    if model.architectures().any(|(class, _)| !may_be_new(class)) {
        return None;
    }
    if let Some((_, span)) = model.transformers_version() {
        return Some((("transformers writes `transformers_version`".to_owned(), span), false));
    }
    let (class, span) = model.architectures().next()?;
    model.model_type().map(|_| ((format!("`architectures` names {class}"), span), false))
}

/// Whether a class is named as those are that transformers may have got since our tables were made. Without `auto_map` it
/// loads no other.
fn may_be_new(class: &str) -> bool {
    let head = class.rsplit_once("For").map(|(_, head)| format!("AutoModelFor{head}"));
    class.ends_with("Model") || head.is_some_and(|auto| architectures::tasks_of_auto_class(&auto).is_some())
}

fn is_transformers(model: ModelConfig<'_>) -> bool {
    transformers_proof(model).is_some_and(|(_, known)| known)
}

/// A file at the root whose name transformers loads weights from.
fn transformers_weights(release: &Release) -> Option<Label> {
    let mut root = release.files().iter().filter(|file| file.path.is_at_root());
    root.find(|file| transformers_loads(file.path.name()))
        .map(|file| Label::file(file.id, "transformers loads this file"))
}

fn transformers_loads(name: &str) -> bool {
    (name.starts_with("model") && (name.ends_with(".safetensors") || name.ends_with(".safetensors.index.json")))
        || (name.starts_with("pytorch_model") && (name.ends_with(".bin") || name.ends_with(".bin.index.json")))
        || (name.starts_with("tf_model") && name.ends_with(".h5"))
        || (name.starts_with("flax_model") && name.ends_with(".msgpack"))
}

/// ONNX where transformers.js looks for it, and no other weights at the root.
fn has_onnx_only(release: &Release) -> bool {
    release.files().iter().any(|file| file.path.folder() == "onnx" && file.path.extension() == "onnx")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_registered() {
        let named = [
            "gliner",
            "sklearn",
            "setfit",
            "sentence-transformers",
            "diffusers",
            "peft",
            "adapter-transformers",
            "open_clip",
            "timm",
        ];
        let more =
            ["mlx", "transformers", "transformers.js", "spacy", "keras-hub", "tf-keras", "model2vec", "lightning-ir"];
        for key in named.iter().chain(&more).chain(FILES.iter().map(|(_, key)| key)) {
            assert!(libraries::get(key).is_some(), "{key}");
        }
    }
}

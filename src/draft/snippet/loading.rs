//! What transformers can load of a release: weights by their names, quantized weights by their method, classes by the auto
//! classes that know them.

use super::Material;
use crate::draft::material::is_class;
use crate::evidence::{PROCESSORS, WHOLE_MODELS};
use crate::hub::architectures::{self, Architecture};

/// `quant_method` of config.json and what transformers asks for before it loads such weights (its `quantizers`). A method that
/// is missing here is another program's, or needs more than a package.
const METHODS: &[(&str, &str)] = &[
    ("aqlm", "accelerate \"aqlm[gpu,cpu]\""),
    ("auto-round", "auto-round"),
    ("awq", "accelerate gptqmodel"),
    ("bitnet", "accelerate"),
    ("bitsandbytes", "accelerate bitsandbytes"),
    ("compressed-tensors", "compressed-tensors"),
    ("eetq", "accelerate kernels"),
    ("fbgemm_fp8", "accelerate fbgemm-gpu"),
    ("fp8", "accelerate"),
    ("gptq", "optimum gptqmodel"),
    ("higgs", "accelerate flute-kernel fast_hadamard_transform"),
    ("hqq", "hqq"),
    ("mxfp4", "accelerate kernels"),
    ("quanto", "accelerate optimum-quanto"),
    ("quark", "amd-quark"),
    ("sinq", "sinq"),
    ("spqr", "accelerate \"spqr_quant[gpu]\""),
    ("torchao", "torchao"),
    ("vptq", "accelerate vptq"),
];

/// Whether the release has no weights yet: a card may be written first.
pub(super) fn awaits_weights(material: &Material<'_>) -> bool {
    // OpenVINO, ExecuTorch, Core ML and PyTorch's distributed checkpoints: weights that are not read here.
    let is_foreign = |extension: &str| ["xml", "pte", "mlmodel", "distcp"].contains(&extension);
    let has_foreign = || material.release().files().iter().any(|file| is_foreign(&file.path.extension()));
    !material.facts().contents.has_weights && !has_foreign()
}

/// The packages that loading needs beyond transformers; nothing where transformers cannot load the release.
pub(super) fn packages(material: &Material<'_>) -> Option<&'static str> {
    let has_whole = || WHOLE_MODELS.iter().any(|name| material.has(name)) && material.has("config.json");
    let loads = !has_unknown_class(material) && (awaits_weights(material) || has_whole());
    if loads { quantizer(material) } else { None }
}

/// Whether config.json names a class that neither transformers nor the repository has: a newer one, or one of another program.
fn has_unknown_class(material: &Material<'_>) -> bool {
    let Some(model) = material.configs().model() else { return false };
    let named = model.architectures().next().is_some();
    let is_known = named && class(material).is_some() || model.auto_map().next().is_some();
    let is_typed = model.model_type().is_none_or(|(name, _)| architectures::is_model_type(name));
    !is_known && (named || !is_typed)
}

fn quantizer(material: &Material<'_>) -> Option<&'static str> {
    let model = material.configs().model();
    let Some(config) = model.and_then(|model| model.quantization_config()) else {
        // Packed weights of which config.json does not tell transformers.
        let packed = material.facts().contents.quantized.as_ref().map_or("", |found| found.value.method.as_str());
        let is_foreign = ["mlx", "gptq", "awq"].contains(&packed) || material.has("quanto_qmap.json");
        return (!is_foreign).then_some("");
    };
    // Before there was a method, only bitsandbytes wrote this.
    let is_true = |key: &str| config.get(key).is_some_and(|flag| flag.text() == Some("true"));
    let unnamed = || (is_true("load_in_4bit") || is_true("load_in_8bit")).then_some("bitsandbytes");
    let method = model.and_then(|model| model.quantization_method()).map(|(method, _)| method).or_else(unnamed)?;
    METHODS.iter().find(|(name, _)| *name == method).map(|(_, packages)| *packages)
}

/// The class of the weights, when transformers has it.
pub(super) fn class(material: &Material<'_>) -> Option<Architecture> {
    let (class, _) = material.configs().model()?.architectures().next()?;
    architectures::get(class).filter(|found| is_class(found.class))
}

/// An auto class for which the repository brings a class along.
pub(super) fn brought<'m>(material: &Material<'m>, is_wanted: impl Fn(&str) -> bool) -> Option<&'m str> {
    let mut map = material.configs().model()?.auto_map().map(|(class, _)| class);
    map.find(|class| class.starts_with("AutoModel") && is_class(class) && is_wanted(class))
}

/// Whether one of these auto classes gives the class of the weights. Of a model type they may know another class, which
/// drops a part of the weights and says so in a log only. `AutoModel` is the base of every head.
pub(super) fn opens(material: &Material<'_>, auto_classes: &[&str]) -> bool {
    if let Some(class) = class(material) {
        return auto_classes.iter().any(|name| *name == "AutoModel" || class.auto_classes.contains(name));
    }
    !material.needs_remote_code() || brought(material, |class| auto_classes.contains(&class)).is_some()
}

/// Whether a tokenizer is there, or is still to come with the weights.
pub(super) fn has_tokenizer(material: &Material<'_>) -> bool {
    awaits_weights(material) || material.facts().contents.has_tokenizer
}

/// Whether what prepares images or sound is there, or is still to come with the weights. timm's models need nothing.
pub(super) fn has_processor(material: &Material<'_>) -> bool {
    awaits_weights(material)
        || names_processor(material)
        || class(material).is_some_and(|class| class.class.starts_with("TimmWrapper"))
}

/// Whether the model reads text and nothing else: a tokenizer prepares it, and no processor of images or sound.
pub(super) fn reads_text(material: &Material<'_>) -> bool {
    has_tokenizer(material) && !names_processor(material)
}

fn names_processor(material: &Material<'_>) -> bool {
    PROCESSORS.iter().any(|name| material.has(name))
}

/// Whether an encoder reads the text and a decoder writes another.
pub(super) fn is_seq2seq(material: &Material<'_>) -> bool {
    match class(material) {
        Some(class) => class.auto_classes.contains("AutoModelForSeq2SeqLM"),
        None => is_encoder_decoder(material),
    }
}

/// `is_encoder_decoder` of config.json.
pub(super) fn is_encoder_decoder(material: &Material<'_>) -> bool {
    let flag = material.configs().model().and_then(|model| model.get("is_encoder_decoder"));
    flag.is_some_and(|flag| flag.text() == Some("true"))
}

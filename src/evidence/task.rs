//! The task, from the file that says most about it: a pipeline's class, an adapter's task type, modules, a model's class,
//! a GGUF header.

mod class;
mod gguf;
mod senses;

pub use senses::PROCESSORS;
pub(crate) use senses::is_name as is_of_senses;

use super::{Contents, Evidence, Strength, Weights, looks_like_a_path};
use crate::configs::{Configs, ModelConfig};
use crate::diagnostic::Label;
use crate::hub::architectures::{self, Basis};
use crate::hub::readings::{self, Reading, Sureness};
use crate::hub::tasks;
use crate::release::Release;

/// What the files say of the task.
#[derive(Clone, Debug, Default)]
pub struct Task {
    /// The tag to write; strong only when it is the only reading.
    pub one: Option<Evidence<&'static str>>,
    /// Every tag that is not a contradiction to the files, each once; empty when they say nothing.
    pub plausible: Vec<&'static str>,
    /// What shows it.
    pub proof: Vec<Label>,
    /// The class is one of a model before it got a head, so that a task which the card names is not seen in the files.
    pub headless: bool,
    /// The GGUF file of a language model, where no file beside it gives the model images or sound.
    pub without_projector: Option<Label>,
}

impl Task {
    /// What a reading says, with the neighbours of its first tag.
    fn of(reading: Reading, proof: Label) -> Self {
        let first = reading.tags.iter().next();
        let strength = match reading.sureness {
            Sureness::Sure => Some(Strength::Strong),
            Sureness::Likely => Some(Strength::Weak),
            Sureness::Open => None,
        };
        let one = first.zip(strength);
        let mut task = Self { proof: vec![proof.clone()], ..Self::default() };
        task.one = one.map(|(value, strength)| Evidence { value, strength, proof: vec![proof] });
        task.allow(reading.tags);
        task.allow_neighbours();
        task
    }

    fn of_kind(kind: &str, proof: Label) -> Self {
        readings::kind(kind).map_or_else(Self::default, |reading| Self::of(reading, proof))
    }

    /// Makes tags plausible, those that the Hub lists.
    fn allow(&mut self, tags: impl IntoIterator<Item = &'static str>) {
        for tag in tags {
            if !self.plausible.contains(&tag) && tasks::get(tag).is_some() {
                self.plausible.push(tag);
            }
        }
    }

    /// Those of the first tag only: neighbours of neighbours are strangers.
    fn allow_neighbours(&mut self) {
        let first = self.one.as_ref().map(|one| one.value).or_else(|| self.plausible.first().copied());
        if let Some(first) = first {
            self.allow(readings::neighbours(first));
        }
    }

    fn weaken(&mut self) {
        if let Some(one) = &mut self.one {
            one.strength = Strength::Weak;
        }
    }
}

pub(super) fn gather(release: &Release, configs: &Configs<'_>, weights: &Weights<'_>, contents: &Contents) -> Task {
    from_pipeline(configs)
        .or_else(|| {
            let setfit = configs.setfit()?;
            Some(Task::of_kind("setfit", Label::file(setfit.file(), "SetFit's models classify texts")))
        })
        .or_else(|| contents.adapter.as_ref().and_then(|_| from_adapter(release, configs)))
        .or_else(|| from_static_classifier(release, configs))
        .or_else(|| from_modules(configs))
        .or_else(|| {
            let clip = configs.open_clip()?;
            Some(Task::of_kind("open-clip", Label::file(clip.file(), "OpenCLIP's models compare images with texts")))
        })
        .or_else(|| from_timm(configs.model()?))
        .or_else(|| {
            let sign = senses::processor(release, configs);
            let reads_text = contents.has_tokenizer || (!contents.has_weights && sign.is_none());
            class::from_config(configs.model()?, sign, reads_text)
        })
        .or_else(|| from_lora(release))
        .or_else(|| gguf::gather(weights))
        .unwrap_or_default()
}

fn from_pipeline(configs: &Configs<'_>) -> Option<Task> {
    let (class, span) = configs.model_index()?.class_name()?;
    let label = Label::at(span, format!("`_class_name` names {class}"));
    if let Some(reading) = readings::class(class) {
        return Some(Task::of(reading, label));
    }
    // A pipeline that nothing is known of still keeps the other files from being read as a model's.
    let Some((tags, basis)) = architectures::tasks_of_pipeline(class) else {
        return Some(Task { proof: vec![label], ..Task::default() });
    };
    let alone = tags.iter().count() == 1 && basis == Basis::AutoPipeline;
    let sureness = if alone { Sureness::Sure } else { Sureness::Likely };
    Some(Task::of(Reading { sureness, tags }, label))
}

fn from_adapter(release: &Release, configs: &Configs<'_>) -> Option<Task> {
    let adapter = configs.adapter()?;
    if let Some((task_type, span)) = adapter.task_type() {
        let label = Label::at(span, format!("`task_type` is {task_type}"));
        if let Some(reading) = readings::adapter(task_type) {
            let mut task = Task::of(reading, label);
            let sign = || senses::of_adapter(adapter).or_else(|| senses::processor(release, configs));
            if task_type == "CAUSAL_LM"
                && let Some(sign) = sign()
            {
                senses::leave_open(&mut task, sign);
            }
            // The name of a folder does not say what its model takes.
            if adapter.base_model().is_some_and(|(base, _)| looks_like_a_path(base)) {
                task.weaken();
            }
            return Some(task);
        }
    }
    // Without a task type PEFT names the class of the base, whose head the adapter may not use.
    let (class, span) = adapter.base_model_class()?;
    let mut task = class::of_class(class, Label::at(span, format!("`base_model_class` is {class}")))?;
    task.weaken();
    Some(task)
}

/// model2vec keeps the head of a classifier beside its embedding, which sentence-transformers reads alone.
fn from_static_classifier(release: &Release, configs: &Configs<'_>) -> Option<Task> {
    let head = static_head(release, configs)?;
    let one = Evidence::weak("text-classification", head.clone());
    Some(Task { plausible: vec![one.value], one: Some(one), proof: vec![head], ..Task::default() })
}

/// The head of a model2vec classifier.
pub(super) fn static_head(release: &Release, configs: &Configs<'_>) -> Option<Label> {
    let is_static = configs.modules()?.types().any(|(class, _)| class.ends_with(".StaticEmbedding"));
    let file = || release.find("head.safetensors").map(|file| Label::file(file.id, "model2vec keeps a head here"));
    let config =
        || configs.model()?.get("head_config").map(|node| Label::at(node.span(), "`head_config` describes a head"));
    config().or_else(file).filter(|_| is_static)
}

fn from_modules(configs: &Configs<'_>) -> Option<Task> {
    let config = configs.sentence_transformers();
    let modules = configs.modules().filter(|modules| modules.types().next().is_some());
    let model = configs.model();
    let kind = config.and_then(|config| config.model_type());
    let older = model.and_then(ModelConfig::cross_encoder).filter(|_| modules.is_none());
    let (name, label) = match kind {
        Some((kind, span)) => (kind, Label::at(span, format!("`model_type` is {kind}"))),
        None => match (modules, older) {
            (Some(modules), _) => {
                let sparse = modules.types().find(|(class, _)| class.contains("sparse_encoder"));
                let kind = if sparse.is_some() { "SparseEncoder" } else { "SentenceTransformer" };
                let label = Label::file(modules.file(), "sentence-transformers lists the modules of an encoder here");
                (kind, sparse.map_or(label, |(class, span)| Label::at(span, format!("modules.json names {class}"))))
            }
            (None, Some(node)) => {
                let is_ranker = model.is_some_and(|model| {
                    model.architectures().any(|(class, _)| class.ends_with("ForSequenceClassification"))
                });
                if !is_ranker {
                    return None;
                }
                ("CrossEncoder", Label::at(node.span(), "sentence-transformers writes this for a CrossEncoder"))
            }
            (None, None) => return None,
        },
    };
    let kind = match name {
        "CrossEncoder" if model.is_some_and(|model| labels(model) > 1) => "cross-encoder-of-classes",
        "CrossEncoder" => "cross-encoder",
        "SparseEncoder" => "sparse-encoder",
        "SentenceTransformer" => "sentence-encoder",
        _ => return None,
    };
    let mut task = Task::of_kind(kind, label);
    // Encoders of images and pages are published under other tags, too.
    if model.is_some_and(class::sees_or_hears) {
        task.weaken();
        task.allow(["image-feature-extraction", "zero-shot-image-classification", "image-text-to-text", "any-to-any"]);
    }
    Some(task)
}

/// How many classes the head tells apart; 2 where config.json keeps to transformers' default.
pub(super) fn labels(model: ModelConfig<'_>) -> usize {
    let named = model.get("id2label").map(|node| node.pairs().count()).filter(|count| *count > 0);
    let counted = model.number("num_labels").map(|(count, _)| count as usize);
    named.or(counted).unwrap_or(2)
}

fn from_timm(model: ModelConfig<'_>) -> Option<Task> {
    let (name, span) = model.timm_architecture()?;
    let label = Label::at(span, format!("`architecture` names timm's {name}"));
    Some(match model.timm_classes() {
        Some((0, span)) => {
            Task::of_kind("timm-backbone", Label::at(span, "`num_classes` is 0: there is no classifier"))
        }
        _ => Task::of_kind("timm-classifier", label),
    })
}

fn from_lora(release: &Release) -> Option<Task> {
    let file =
        ["pytorch_lora_weights.safetensors", "pytorch_lora_weights.bin"].iter().find_map(|name| release.find(name))?;
    Some(Task::of_kind("diffusion-lora", Label::file(file.id, "diffusers writes a LoRA under this name")))
}

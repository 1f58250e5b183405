//! The task of a model class, from what transformers says of the class, or of the auto class that loads it.

use super::senses::{self, Sign};
use super::{Task, labels};
use crate::configs::ModelConfig;
use crate::diagnostic::Label;
use crate::evidence::{Evidence, Strength};
use crate::hub::architectures::{self, Architecture};
use crate::hub::{readings, tasks};

/// A model of text in, text out, in the Hub's earlier words.
const TEXT_TO_TEXT: &str = "text2text-generation";

const TEXT_GENERATION: &str = "text-generation";

/// More classes than this in one config.json are not looked at.
const MAX_CLASSES: usize = 8;

/// What config.json says by `architectures`, and else by `auto_map`; `sign` is the file beside it that prepares images
/// or sound, and `reads_text` tells whether the model can read text at all.
pub(super) fn from_config(model: ModelConfig<'_>, sign: Option<Sign>, reads_text: bool) -> Option<Task> {
    let mut whole: Option<Task> = None;
    for (class, span) in model.architectures().take(MAX_CLASSES) {
        let label = Label::at(span, format!("`architectures` names {class}"));
        let Some(task) = of_class(class, label) else { continue };
        whole = Some(match whole {
            None => task,
            Some(before) => both(before, task),
        });
    }
    // Brain waves and molecules are sorted by classes named like those for texts.
    let fits = |task: &Task| {
        let Some(one) = &task.one else { return true };
        let takes_more = one.value == TEXT_GENERATION && sign.is_some();
        reads_text || takes_more || !tasks::get(one.value).is_some_and(|task| task.is_about_language())
    };
    let guessed = || from_auto_map(model).or_else(|| from_suffix(model)).filter(fits);
    let mut task = whole.or_else(guessed)?;
    // A head that gives one number may rank, or grade answers.
    if task.one.as_ref().is_some_and(|one| one.value == "text-classification") && labels(model) == 1 {
        task.weaken();
        task.allow(["text-ranking"]);
    }
    if let Some(label) = text_alone(model, &task) {
        senses::leave_to_text(&mut task, label);
        return Some(task);
    }
    // A text model's class with eyes or ears, as custom code has it.
    let text_only = task.one.as_ref().is_some_and(|one| one.value == TEXT_GENERATION);
    if text_only && sees_or_hears(model) {
        senses::weaken(&mut task);
    } else if text_only && let Some(sign) = sign {
        senses::leave_open(&mut task, sign);
    }
    Some(task)
}

/// The task of a class that transformers has.
pub(super) fn of_class(class: &str, proof: Label) -> Option<Task> {
    if let Some(reading) = readings::class(class) {
        return Some(Task::of(reading, proof));
    }
    let architecture = architectures::get(class)?;
    if architecture.legacy_tags.contains(TEXT_TO_TEXT) && !architecture.tags.contains("image-text-to-text") {
        return Some(Task::of_kind("text-to-text", proof));
    }
    let left = reduced(architecture);
    let Some(first) = left.first().copied() else {
        let headless = architecture.auto_classes.iter().eq(["AutoModelForPreTraining"]);
        return headless.then(|| Task { proof: vec![proof], headless, ..Task::default() });
    };
    // A base model without a head may be published for anything: what the auto class says is only the plain reading.
    let headless = architecture
        .auto_classes
        .iter()
        .all(|auto| !auto.starts_with("AutoModelFor") || auto == "AutoModelForTextEncoding");
    // Nor does the plain tag say what a head is for of which the Hub has no task.
    let sure = left.len() == 1 && !headless && first != "feature-extraction";
    let strength = if sure { Strength::Strong } else { Strength::Weak };
    let mut task = Task { proof: vec![proof.clone()], headless, ..Task::default() };
    task.one = Some(Evidence { value: first, strength, proof: vec![proof] });
    let about_anything =
        headless && first == "feature-extraction" && !architecture.auto_classes.contains("AutoModelForTextEncoding");
    if !about_anything {
        task.allow(architecture.tags);
        task.allow_neighbours();
    }
    Some(task)
}

/// The tags that remain when those are dropped that only repeat or widen another; what transformers publishes first.
fn reduced(architecture: Architecture) -> Vec<&'static str> {
    let tags = architecture.tags;
    let sees = tags.contains("image-text-to-text");
    let has_particular = tags.iter().any(|tag| !["feature-extraction", "any-to-any"].contains(&tag));
    let mut left: Vec<_> = tags
        .iter()
        .filter(|tag| crate::hub::tasks::get(tag).is_some())
        .filter(|tag| !(*tag == "any-to-any" && sees))
        .filter(|tag| !(*tag == "text-generation" && sees))
        .filter(|tag| !(*tag == "feature-extraction" && has_particular))
        .collect();
    left.reverse();
    left
}

/// A class of the repository's own: the auto class that loads it says what it is for. Never strong: models that see
/// and hear are loaded as causal language models, too.
fn from_auto_map(model: ModelConfig<'_>) -> Option<Task> {
    let (auto, (_, span)) = model.auto_map().find(|(auto, _)| auto.starts_with("AutoModelFor"))?;
    of_auto_class(auto, Label::at(span, format!("`auto_map` gives {auto} a class")))
}

/// A class that transformers does not have, and no `auto_map`: its name may say as much as an auto class's.
fn from_suffix(model: ModelConfig<'_>) -> Option<Task> {
    let (class, span) = model.architectures().find(|(class, _)| architectures::get(class).is_none())?;
    let (_, head) = class.rsplit_once("For")?;
    let mut task =
        of_auto_class(&format!("AutoModelFor{head}"), Label::at(span, format!("`architectures` names {class}")))?;
    // A stranger's name contradicts nothing.
    task.plausible.clear();
    Some(task)
}

fn of_auto_class(auto: &str, proof: Label) -> Option<Task> {
    let (tags, legacy) = architectures::tasks_of_auto_class(auto)?;
    if legacy.contains(TEXT_TO_TEXT) && tags.is_empty() {
        return Some(Task::of_kind("text-to-text", proof));
    }
    let first = tags.iter().find(|tag| *tag != "feature-extraction" || tags.iter().count() == 1)?;
    let mut task = Task { proof: vec![proof.clone()], one: Some(Evidence::weak(first, proof)), ..Task::default() };
    task.allow(tags);
    task.allow_neighbours();
    task.allow(["feature-extraction", "sentence-similarity", "image-text-to-text", "any-to-any"]);
    Some(task)
}

/// What shows that config.json describes only the part for texts of a model whose class takes more: a type such as
/// `qwen3_5_moe_text`, or layers at the top and no other part.
fn text_alone(model: ModelConfig<'_>, task: &Task) -> Option<Label> {
    task.one.as_ref().filter(|one| senses::TAGS.contains(&one.value))?;
    if let Some((name, span)) = model.model_type().filter(|(name, _)| name.ends_with("_text")) {
        return Some(Label::at(span, format!("{name} is the part for texts alone")));
    }
    let layers = model.get("num_hidden_layers").filter(|_| !sees_or_hears(model))?;
    let nested = ["text_config", "language_config", "llm_config", "thinker_config"];
    let is_composed = nested.iter().any(|key| model.get(key).is_some());
    (!is_composed).then(|| Label::at(layers.span(), "config.json describes no part for images or sound"))
}

/// Two classes in one config.json: what both say stands, and else nothing is sure.
fn both(mut first: Task, second: Task) -> Task {
    if first.one.is_none() {
        return second;
    }
    if first.one.as_ref().map(|one| one.value) != second.one.as_ref().map(|one| one.value) {
        first.weaken();
    }
    first.allow(second.plausible);
    first.proof.extend(second.proof);
    first
}

/// Whether config.json describes a part for images, video or sound.
pub(super) fn sees_or_hears(model: ModelConfig<'_>) -> bool {
    let parts = [
        "vision_config",
        "visual",
        "vision_tower",
        "mm_vision_tower",
        "vision_model",
        "img_processor",
        "image_token_id",
        "image_token_index",
        "audio_config",
        "audio_token_id",
        "speech_config",
        "video_token_id",
        "embd_layer",
    ];
    parts.iter().any(|key| model.get(key).is_some())
}

//! Which task a model class has: transformers' classes (`architectures` in config.json), its model types, its `pipeline()`
//! tasks, and diffusers' pipelines. Tags are given as the facts have them; some are not tasks of the Hub, so compare with
//! [`super::tasks::get`].

use super::table::{Row, Table, Words};

const ARCHITECTURES: &str = include_str!("tables/architectures.tsv");
const HEADS: &str = include_str!("tables/architecture-heads.tsv");
const MODEL_TYPES: &str = include_str!("tables/model-types.tsv");
const DIFFUSERS: &str = include_str!("tables/diffusers-pipelines.tsv");
const PIPELINE_TASKS: &str = include_str!("tables/transformers-pipeline-tasks.tsv");

/// A model class of transformers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Architecture {
    /// The class, as in `architectures` of config.json.
    pub class: &'static str,
    /// The `model_type`s whose class it is.
    pub model_types: Words,
    /// The auto classes that load it, e.g. `AutoModelForImageTextToText`.
    pub auto_classes: Words,
    /// The tags of its tasks, all plausible; the last is what transformers publishes.
    pub tags: Words,
    /// Tags it had before the Hub retired them.
    pub legacy_tags: Words,
}

/// What is known of a name given to `transformers.pipeline()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PipelineTask {
    /// Current transformers has it.
    Current,
    /// Another name of this task.
    Alias(&'static str),
    /// Version 5 no longer has it.
    Removed,
}

/// How the tags of a diffusers pipeline are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// From diffusers' own table of pipelines.
    AutoPipeline,
    /// From the class's name: weaker.
    Name,
}

/// The class of transformers with this name, compared exactly.
#[must_use]
pub fn get(class: &str) -> Option<Architecture> {
    Table::new(ARCHITECTURES).find(class).map(architecture)
}

/// The tags of a class of transformers, raw as in the facts, all plausible; none for an unknown class.
#[must_use]
pub fn tasks_of(class: &str) -> Words {
    get(class).map_or_else(Words::default, |found| found.tags)
}

/// The tags of what an auto class loads, and its legacy tags: those of the head that the fewest other
/// auto classes load. `None` for an auto class that no class has.
#[must_use]
pub fn tasks_of_auto_class(auto_class: &str) -> Option<(Words, Words)> {
    let heads = Table::new(HEADS).rows().filter(|row| row.words(1).contains(auto_class));
    let plainest = heads.min_by_key(|row| row.words(1).iter().count())?;
    Some((plainest.words(2), plainest.words(3)))
}

/// Whether transformers knows this `model_type`.
#[must_use]
pub fn is_model_type(model_type: &str) -> bool {
    Table::new(MODEL_TYPES).find(model_type).is_some()
}

/// The tags of a pipeline class of diffusers (`_class_name` in model_index.json), and how they are known. `None` for an unknown class
/// and for one whose task nothing tells.
#[must_use]
pub fn tasks_of_pipeline(class: &str) -> Option<(Words, Basis)> {
    let row = Table::new(DIFFUSERS).find(class)?;
    let basis = if row.column(2) == "auto_pipeline" { Basis::AutoPipeline } else { Basis::Name };
    Some((row.words(1), basis)).filter(|(tags, _)| !tags.is_empty())
}

/// Whether diffusers has a pipeline class of this name.
#[cfg(test)]
pub fn is_pipeline(class: &str) -> bool {
    Table::new(DIFFUSERS).find(class).is_some()
}

/// What current transformers makes of `pipeline("…")`; `None` for a name it never had.
#[must_use]
pub fn pipeline_task(name: &str) -> Option<PipelineTask> {
    let name = if name.starts_with("translation_") { "translation" } else { name };
    let row = Table::new(PIPELINE_TASKS).find(name)?;
    Some(match row.column(1) {
        "current" => PipelineTask::Current,
        "removed" => PipelineTask::Removed,
        _ => PipelineTask::Alias(row.column(2)),
    })
}

fn architecture(row: Row) -> Architecture {
    let head = Table::new(HEADS).find(row.column(1));
    let words = |index| head.map_or_else(Words::default, |head| head.words(index));
    Architecture {
        class: row.key(),
        model_types: row.words(2),
        auto_classes: words(1),
        tags: words(2),
        legacy_tags: words(3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        let class = get("Qwen2_5_VLForConditionalGeneration").unwrap();
        assert!(class.tags.iter().eq(["image-text-to-text", "any-to-any"]));
        assert!(class.auto_classes.contains("AutoModelForImageTextToText"));
        assert!(class.model_types.iter().eq(["qwen2_5_vl"]));
        assert!(tasks_of("LlamaForCausalLM").iter().eq(["text-generation"]));
        let t5 = get("T5ForConditionalGeneration").unwrap();
        assert!(t5.tags.is_empty() && t5.legacy_tags.contains("text2text-generation"));
        for none in ["", "llamaforcausallm", "LlamaForCausalL", "MyModel"] {
            assert_eq!(get(none), None, "{none}");
            assert!(tasks_of(none).is_empty());
        }
    }

    #[test]
    fn auto_classes() {
        let tags = |auto_class| tasks_of_auto_class(auto_class).map(|(tags, _)| tags.iter().collect::<Vec<_>>());
        assert_eq!(tags("AutoModelForCausalLM").unwrap(), ["text-generation"]);
        assert_eq!(tags("AutoModelForImageTextToText").unwrap(), ["image-text-to-text", "any-to-any"]);
        assert_eq!(tags("AutoModel").unwrap().len(), 1);
        assert!(tasks_of_auto_class("AutoModelForSeq2SeqLM").unwrap().1.contains("text2text-generation"));
        assert_eq!(tags("AutoConfig"), None);
        assert_eq!(tags(""), None);
    }

    #[test]
    fn model_types() {
        assert!(is_model_type("llama") && is_model_type("qwen2_5_vl"));
        assert!(!is_model_type("Llama") && !is_model_type(""));
    }

    #[test]
    fn what_transformers_5_24_added() {
        assert!(is_model_type("apertus1p5") && is_model_type("wavtokenizer_encoder") && is_model_type("exaone"));
        assert!(tasks_of("DoryForCausalLM").iter().eq(["text-generation"]));
        assert!(tasks_of("HYV4VLForConditionalGeneration").iter().eq(["image-text-to-text", "any-to-any"]));
        assert!(tasks_of("OmniASRForCTC").iter().eq(["automatic-speech-recognition"]));
        let llama = get("LlamaForCausalLM").unwrap();
        assert!(llama.model_types.contains("exaone") && llama.model_types.contains("llama"));
    }

    #[test]
    fn every_class_has_its_head() {
        for row in Table::new(ARCHITECTURES).rows() {
            assert!(Table::new(HEADS).find(row.column(1)).is_some(), "{row:?}");
        }
        // Later releases add rows and drop none.
        assert!(Table::new(ARCHITECTURES).rows().count() >= 1571);
        assert!(Table::new(MODEL_TYPES).rows().count() >= 822);
    }

    #[test]
    fn diffusers() {
        let (tags, basis) = tasks_of_pipeline("FluxPipeline").unwrap();
        assert!(tags.iter().eq(["text-to-image"]));
        assert_eq!(basis, Basis::AutoPipeline);
        assert_eq!(tasks_of_pipeline("AllegroPipeline").unwrap().1, Basis::Name);
        assert_eq!(tasks_of_pipeline("DDPMPipeline"), None);
        assert!(is_pipeline("DDPMPipeline") && !is_pipeline("fluxpipeline"));
    }

    #[test]
    fn pipeline_names() {
        assert_eq!(pipeline_task("text-generation"), Some(PipelineTask::Current));
        assert_eq!(pipeline_task("ner"), Some(PipelineTask::Alias("token-classification")));
        assert_eq!(pipeline_task("image-to-text"), Some(PipelineTask::Alias("image-text-to-text")));
        assert_eq!(pipeline_task("summarization"), Some(PipelineTask::Removed));
        assert_eq!(pipeline_task("translation_en_to_fr"), Some(PipelineTask::Removed));
        assert_eq!(pipeline_task("my-task"), None);
    }
}

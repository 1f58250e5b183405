//! Readings of our own where the collected facts are silent or would mislead: speech synthesis under
//! `text-to-audio`, captioning under `image-text-to-text`, pipelines whose name says nothing, GGUF architectures, old model
//! names. From `facts/project.json`.

use super::table::{Row, Table, Words};

const CLASSES: &str = include_str!("tables/class-readings.tsv");
const GGUF: &str = include_str!("tables/gguf-architectures.tsv");
const ADAPTERS: &str = include_str!("tables/adapter-readings.tsv");
const KINDS: &str = include_str!("tables/kind-readings.tsv");
const NEIGHBOURS: &str = include_str!("tables/task-neighbours.tsv");
const WITHOUT_OWNER: &str = include_str!("tables/models-without-owner.tsv");

/// Which of a reading's tags may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sureness {
    /// The first tag is the task.
    Sure,
    /// The first tag is the usual one of several.
    Likely,
    /// None: all are as plausible.
    Open,
}

/// What a class or an architecture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Whether the first tag may be written.
    pub sureness: Sureness,
    /// Tasks of the Hub, all plausible; at least one.
    pub tags: Words,
}

/// Our reading of a model class of transformers or a pipeline class of diffusers; it goes before what
/// [`super::architectures`] says.
#[must_use]
pub fn class(name: &str) -> Option<Reading> {
    Table::new(CLASSES).find(name).map(reading)
}

/// Our reading of a GGUF file's `general.architecture`.
#[must_use]
pub fn gguf(architecture: &str) -> Option<Reading> {
    Table::new(GGUF).find(architecture).map(reading)
}

/// Our reading of `task_type` in adapter_config.json.
#[must_use]
pub fn adapter(task_type: &str) -> Option<Reading> {
    Table::new(ADAPTERS).find(task_type).map(reading)
}

/// Our reading of a kind of model that is recognized by its files, not by a class: `sentence-encoder`, `cross-encoder`,
/// `setfit`, `timm-backbone`, `gguf-vision`, … (the first column of `tables/kind-readings.tsv`).
#[must_use]
pub fn kind(name: &str) -> Option<Reading> {
    Table::new(KINDS).find(name).map(reading)
}

/// Tasks under which models of this task are published, too, without being wrong; empty where there is none.
#[must_use]
pub fn neighbours(task: &str) -> Words {
    Table::new(NEIGHBOURS).find(task).map_or_else(Words::default, |row| row.words(1))
}

/// The id of a model that is still called by its name without an owner: `gpt2` → `openai-community/gpt2`.
#[must_use]
pub fn with_owner(name: &str) -> Option<&'static str> {
    Table::new(WITHOUT_OWNER).find(name).map(|row| row.column(1))
}

fn reading(row: Row) -> Reading {
    let sureness = match row.column(1) {
        "sure" => Sureness::Sure,
        "likely" => Sureness::Likely,
        _ => Sureness::Open,
    };
    Reading { sureness, tags: row.words(2) }
}

#[cfg(test)]
mod tests {
    use super::super::{architectures, tasks};
    use super::*;

    #[test]
    fn every_tag_is_a_task_and_every_class_exists() {
        for table in [CLASSES, GGUF, ADAPTERS, KINDS] {
            for row in Table::new(table).rows() {
                assert!(row.words(2).iter().all(|tag| tasks::get(tag).is_some()), "{row:?}");
            }
        }
        for row in Table::new(CLASSES).rows() {
            let name = row.key();
            assert!(architectures::get(name).is_some() || architectures::is_pipeline(name), "{name}");
        }
        for row in Table::new(NEIGHBOURS).rows() {
            let tags = row.words(1);
            assert!(tasks::get(row.key()).is_some() && tags.iter().all(|tag| tasks::get(tag).is_some()), "{row:?}");
            assert!(!tags.contains(row.key()), "{row:?}");
        }
    }

    #[test]
    fn readings() {
        let vits = class("VitsModel").unwrap();
        assert_eq!(vits.sureness, Sureness::Sure);
        assert!(vits.tags.iter().eq(["text-to-speech", "text-to-audio"]));
        assert_eq!(class("DDPMPipeline").unwrap().tags.iter().next(), Some("unconditional-image-generation"));
        assert_eq!(class("MusicgenForConditionalGeneration"), None);
        assert_eq!(gguf("bert").unwrap().tags.iter().next(), Some("feature-extraction"));
        assert_eq!(gguf("llama").unwrap().sureness, Sureness::Sure);
        assert_eq!(gguf("clip"), None);
        assert_eq!(with_owner("gpt2"), Some("openai-community/gpt2"));
        assert_eq!(with_owner("gpt3"), None);
        assert!(neighbours("text-to-speech").contains("text-to-audio"));
        assert!(neighbours("translation").is_empty());
    }
}

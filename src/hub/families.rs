//! Families of base models, recognized by the id of a repository, and the license that the family's own repositories carry.

use super::table::{Row, Table};

const FAMILIES: &str = include_str!("tables/base-families.tsv");
const SIGNS: &str = include_str!("tables/family-signs.tsv");
const MIRRORS: &str = include_str!("tables/mirror-owners.tsv");

/// A known family of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// What people call it: `Llama 3.1`.
    pub name: &'static str,
    /// The license of the family's own repositories: an id of the Hub, or a license of [`super::obligations`]. `None` where
    /// sources disagree.
    pub license: Option<&'static str>,
    /// How the license is known.
    pub source: Source,
    /// Whether the repository is a copy by another owner that keeps the name, so that it only looks like the family.
    pub is_copy: bool,
    /// The license of the model from which the family was made, where that is another one.
    pub upstream: Option<&'static str>,
}

impl Family {
    /// Whether the id leaves no doubt of the license: the family's own repository, and a source for what it says.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        !self.is_copy && self.source != Source::Memory
    }
}

/// How a fact about a license is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The text was read.
    Read,
    /// Other people quote it.
    Secondary,
    /// Not checked: no more than "it has its own license" may be said.
    Memory,
}

impl Source {
    pub(super) fn of(word: &str) -> Self {
        match word {
            "read" => Self::Read,
            "secondary" => Self::Secondary,
            _ => Self::Memory,
        }
    }
}

/// The family that a repository of this id belongs to. Names without an owner belong to none.
#[must_use]
pub fn of(id: &str) -> Option<Family> {
    let lower = id.to_ascii_lowercase();
    let (owner, name) = lower.split_once('/')?;
    let copies = Table::new(MIRRORS).find(owner).is_some();
    Table::new(FAMILIES).rows().find_map(|row| {
        let own = row.words(2).contains(owner);
        let may_be = own || (copies && !row.column(4).is_empty());
        (may_be && row.column(3).split('|').any(|start| fits(name, start))).then(|| family(row, !own))
    })
}

fn family(row: Row, is_copy: bool) -> Family {
    Family {
        name: row.column(1),
        license: row.optional(5),
        source: Source::of(row.column(6)),
        is_copy,
        upstream: row.optional(7),
    }
}

/// What a kind of model says of its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// The license of the family: an id of the Hub, or a license of [`super::obligations`].
    pub license: &'static str,
    /// How that is known.
    pub source: Source,
}

/// The family of a `model_type` that is rarely trained from scratch by others.
#[must_use]
pub fn by_model_type(kind: &str) -> Option<Sign> {
    sign("config", kind)
}

/// The same of a GGUF file's `general.architecture`.
#[must_use]
pub fn by_gguf_architecture(kind: &str) -> Option<Sign> {
    sign("gguf", kind)
}

fn sign(file: &str, kind: &str) -> Option<Sign> {
    let row = Table::new(SIGNS).find(&format!("{file} {kind}"))?;
    Some(Sign { license: row.column(1), source: Source::of(row.column(2)) })
}

/// Whether a name begins so; `$` is its end, and `*` anything between.
fn fits(name: &str, pattern: &str) -> bool {
    let (head, tail) = pattern.split_once('*').unwrap_or((pattern, ""));
    match (head.strip_suffix('$'), tail.strip_suffix('$')) {
        (Some(whole), _) => name == whole,
        (None, Some(end)) => name.strip_prefix(head).is_some_and(|rest| rest.ends_with(end)),
        (None, None) => name.strip_prefix(head).is_some_and(|rest| rest.contains(tail)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_told_by_owner_and_name() {
        let llama = of("meta-llama/Llama-3.1-8B-Instruct").unwrap();
        assert_eq!((llama.name, llama.license, llama.is_certain()), ("Llama 3.1", Some("llama3.1"), true));
        let copy = of("unsloth/Meta-Llama-3.1-8B-bnb-4bit").unwrap();
        assert_eq!((copy.name, copy.is_copy, copy.is_certain()), ("Llama 3.1", true, false));
        assert!(!of("Qwen/QwQ-32B").unwrap().is_certain(), "from memory");
        assert_eq!(of("Qwen/Qwen2-VL-72B").unwrap().license, None);
    }

    #[test]
    fn what_only_sounds_like_a_family_is_none() {
        for id in ["Llama-3.1-8B", "someone/Llama-3.1-8B", "meta-llama/Llama-3.1-8Bx", "", "/", "google/gemma-9", "é/é"]
        {
            assert_eq!(of(id), None, "{id}");
        }
    }

    #[test]
    fn kinds_of_models() {
        assert_eq!(by_model_type("gemma2").map(|sign| sign.license), Some("gemma"));
        assert_eq!(by_gguf_architecture("llama4"), Some(Sign { license: "llama4", source: Source::Memory }));
        assert_eq!((by_model_type("llama"), by_gguf_architecture("bloom"), by_model_type("")), (None, None, None));
        assert_eq!(of("deepseek-ai/DeepSeek-R1-Distill-Llama-8B").unwrap().upstream, Some("llama3.1"));
    }

    #[test]
    fn patterns() {
        assert!(fits("gpt2", "gpt2$") && !fits("gpt2-xl", "gpt2$") && fits("phi-4-mini", "phi-4-"));
        assert!(fits("glm-4-9b-0414", "glm-4-*0414$") && !fits("glm-4-9b-0414-x", "glm-4-*0414$"));
        assert!(!fits("glm-4-04", "glm-4-*0414$") && !fits("", "a"));
    }
}

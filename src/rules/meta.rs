//! What a rule says of itself.

use std::fmt;

use crate::checklist::Item;
use crate::diagnostic::{Effect, Level, Safety};

/// What a rule must ask to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Only the files.
    Files,
    /// The Hub: skipped, and said so, without `--online`.
    Hub,
}

/// The folder of a rule: the part of a release it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The card's YAML block.
    Metadata,
    /// The card's text.
    Card,
    /// Weight files.
    Weights,
    /// Whether what is pushed loads and is clean.
    Ready,
}

impl Section {
    /// All sections.
    pub const ALL: [Section; 4] = [Section::Metadata, Section::Card, Section::Weights, Section::Ready];

    /// The name of the folder, as `--select` takes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::Card => "card",
            Self::Weights => "weights",
            Self::Ready => "ready",
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the table of rules says of a rule.
#[derive(Debug)]
pub struct Meta {
    /// Kebab-case; "allow NAME" reads as a sentence.
    pub name: &'static str,
    /// Its folder.
    pub section: Section,
    /// The highest level it reports at.
    pub level: Level,
    /// What its findings cost, unless a finding says otherwise.
    pub effect: Effect,
    /// The checklist item it serves.
    pub item: &'static Item,
    /// What it must ask.
    pub needs: Needs,
    /// The safest fix it offers.
    pub fix: Option<Safety>,
    /// The version that brought it.
    pub since: &'static str,
    /// Its manual: the Markdown file beside it.
    pub docs: &'static str,
}

impl Meta {
    /// Where the manual is in hf-release's own repository.
    pub fn manual(&self) -> String {
        format!("src/rules/{}/{}.md", self.section, self.name.replace('-', "_"))
    }

    /// The first sentence of the manual's "What it does".
    pub fn summary(&self) -> &'static str {
        let body = self.docs.split_once("## What it does").map_or("", |(_, rest)| rest).trim_start();
        let paragraph = body.split("\n\n").next().unwrap_or_default();
        match paragraph.split_once(". ").or_else(|| paragraph.split_once(".\n")) {
            Some((first, _)) => first,
            None => paragraph.trim_end_matches('.'),
        }
    }
}

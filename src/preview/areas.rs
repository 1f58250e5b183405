//! The page as a list: the same values for text, comparison and tests.

use super::values::Words;
use super::{Origin, Page, Shown, State};

/// One area in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area<'p> {
    /// Its name in the JSON format.
    pub key: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Whether it is there.
    pub state: State,
    /// What is there; of an unknown area what can be known of it. Text of a repository, not escaped.
    pub words: Option<String>,
    /// Code that belongs to it.
    pub code: Option<&'p str>,
    /// What it follows from.
    pub from: &'p [Origin],
    /// What it depends on, or why it is not there.
    pub note: Option<&'p str>,
}

impl Page {
    /// Every area, in the order in which people look at a page.
    pub fn areas(&self) -> Vec<Area<'_>> {
        vec![
            area("card", "Model card", &self.card),
            area("task", "Task", &self.task),
            area("library", "Library", &self.library),
            area("snippet", "Code snippet", &self.snippet),
            area("local_apps", "Local apps", &self.local_apps),
            area("license", "License", &self.license),
            area("languages", "Languages", &self.languages),
            area("tags", "Tags", &self.tags),
            area("model_tree", "Model tree", &self.model_tree),
            area("new_version", "New version", &self.new_version),
            area("datasets", "Datasets", &self.datasets),
            area("papers", "Papers", &self.papers),
            area("results", "Results", &self.results),
            area("parameters", "Parameters", &self.parameters),
            area("downloads", "Downloads", &self.downloads),
            area("security", "Security", &self.security),
            area("gallery", "Gallery", &self.gallery),
            area("training_metrics", "Training", &self.training_metrics),
            area("notebooks", "Colab, Kaggle", &self.notebooks),
            area("widget", "Widget", &self.widget),
            area("gate", "Gate", &self.gate),
            area("audience", "Notice", &self.audience),
        ]
    }
}

fn area<'p, T: Words>(key: &'static str, title: &'static str, shown: &'p Shown<T>) -> Area<'p> {
    Area {
        key,
        title,
        state: shown.state,
        words: shown.value.as_ref().map(Words::words),
        code: shown.value.as_ref().and_then(Words::code),
        from: &shown.from,
        note: shown.note.as_deref(),
    }
}

//! The lines of a metadata block for a card that has none: what the files prove, and a placeholder for what only a person can say.

use super::missing::placeholder_line;
use crate::card::front_matter::edits::scalar;
use crate::diagnostic::Label;
use crate::evidence::{Evidence, Facts, Relation, is_named_after};
use crate::hub::tasks;
use crate::rules::Context;
use crate::source::tree::Style;
use crate::words::{all_of, either};

/// How many plausible tasks a placeholder names.
const TASKS_NAMED: usize = 4;

/// The lines of a new block.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// `key: value` lines with `\n` between them.
    pub(crate) lines: String,
    /// The keys of those lines.
    pub(crate) keys: Vec<&'static str>,
    /// How many of those lines are placeholders.
    pub(crate) left_open: usize,
    /// The lines whose values the files prove: `library_name: peft`.
    pub(crate) proven: Vec<String>,
    /// What proves them, each label a sentence with its conclusion.
    pub(crate) proofs: Vec<Label>,
}

/// The block that the files of a release ask for, its keys in the checklist's order.
pub(crate) fn of(cx: &Context<'_>) -> Block {
    let facts = cx.facts();
    let mut block = Block::default();
    match facts.task.one.as_ref().filter(|task| task.is_strong()) {
        Some(task) => block.one("pipeline_tag", task),
        None => block.placeholder("pipeline_tag", &task_hint(facts)),
    }
    match strong(facts.library.as_ref()) {
        Some(library) => block.one("library_name", library),
        // No key fits a repository of GGUF files, and the Hub counts their downloads without one.
        None if facts.contents.only_gguf => {}
        None => block.placeholder("library_name", "the library that loads the model, e.g. transformers"),
    }
    block.list("language", &facts.languages);
    if !block.keys.contains(&"language") && speaks(facts) {
        block.placeholder("language", "the ISO 639 code, e.g. en");
    }
    match strong(facts.license.as_ref()) {
        Some(license) => block.license(cx, license),
        None => block.placeholder("license", "the license id, e.g. apache-2.0"),
    }
    block.list("datasets", &facts.datasets);
    block.list("base_model", &facts.base_models);
    // Without the relation the Hub shows these two as fine-tunes; it recognizes adapters.
    if let Some(relation) = strong(facts.relation.as_ref())
        && matches!(relation.value, Relation::Quantized | Relation::Merge)
        && block.keys.contains(&"base_model")
        && !is_perhaps_a_descendant(cx)
    {
        block.proven("base_model_relation", relation.value.as_str(), &relation.proof);
    }
    block
}

/// Whether GGUF files may be of a model that was trained from the base which their header names.
fn is_perhaps_a_descendant(cx: &Context<'_>) -> bool {
    let facts = cx.facts();
    facts.contents.only_gguf && !facts.base_models.iter().any(|base| is_named_after(cx.weights(), &base.value))
}

fn strong<T>(found: Option<&Evidence<T>>) -> Option<&Evidence<T>> {
    found.filter(|evidence| evidence.is_strong())
}

fn task_hint(facts: &Facts) -> String {
    match facts.task.plausible.as_slice() {
        [] => "the task, e.g. text-generation; see hf.co/tasks".to_owned(),
        some => format!("{}?", either(some.iter().take(TASKS_NAMED))),
    }
}

/// Whether the model is about language, as far as the files tell.
fn speaks(facts: &Facts) -> bool {
    match (&facts.task.one, facts.task.plausible.as_slice()) {
        (Some(task), _) => is_about_language(task.value),
        (None, []) => facts.contents.has_tokenizer,
        (None, some) => some.iter().any(|id| is_about_language(id)),
    }
}

fn is_about_language(task: &str) -> bool {
    tasks::get(task).is_some_and(|task| task.is_about_language())
}

impl Block {
    fn line(&mut self, key: &'static str, line: &str) {
        if !self.lines.is_empty() {
            self.lines.push('\n');
        }
        self.lines.push_str(line);
        self.keys.push(key);
    }

    fn placeholder(&mut self, key: &'static str, hint: &str) {
        self.line(key, &placeholder_line(key, hint));
        self.left_open += 1;
    }

    fn one<T: AsRef<str>>(&mut self, key: &'static str, found: &Evidence<T>) {
        self.proven(key, &scalar(found.value.as_ref(), Style::DoubleQuoted), &found.proof);
    }

    fn proven(&mut self, key: &'static str, yaml: &str, proof: &[Label]) {
        let line = format!("{key}: {yaml}");
        self.line(key, &line);
        self.conclude(line, proof);
    }

    /// A text where there is one value, a list where there are several.
    fn list(&mut self, key: &'static str, found: &[Evidence<String>]) {
        let found: Vec<&Evidence<String>> = found.iter().filter(|evidence| evidence.is_strong()).collect();
        match found.as_slice() {
            [] => {}
            [only] if key == "base_model" => self.one(key, only),
            several => {
                let mut lines = format!("{key}:");
                for evidence in several {
                    let yaml = scalar(&evidence.value, Style::DoubleQuoted);
                    lines.push_str(&format!("\n- {yaml}"));
                    self.conclude(format!("{key}: {yaml}"), &evidence.proof);
                }
                self.line(key, &lines);
            }
        }
    }

    fn license(&mut self, cx: &Context<'_>, license: &Evidence<&'static str>) {
        self.one("license", license);
        if let Some(name) = strong(cx.facts().license_name.as_ref()) {
            self.one("license_name", name);
            let file = name.proof.first().and_then(|proof| cx.path(proof.place.file()?));
            if let Some(path) = file {
                self.proven("license_link", &scalar(path.as_str(), Style::DoubleQuoted), &[]);
            }
        }
    }

    fn conclude(&mut self, line: String, proof: &[Label]) {
        for Label { place, text } in proof {
            self.proofs.push(Label::new(place.clone(), format!("{text}: `{line}`")));
        }
        self.proven.push(line);
    }

    /// What the files prove, for the title of a fix: "`library_name: peft` and `base_model: gpt2`".
    pub(crate) fn summary(&self) -> Option<String> {
        (!self.proven.is_empty()).then(|| all_of(self.proven.iter().map(|line| format!("`{line}`"))))
    }
}

//! What a text can be made of.

use crate::claims::placeholders::{UNKNOWN_BASE, UNKNOWN_ID};
use crate::claims::{Context, claims, filled};
use crate::configs::Configs;
use crate::evidence::{Facts, Subject, Weights, is_id};
use crate::release::Release;

/// A release and what is known of it: by its card where that says something, else by its files.
#[derive(Clone, Copy)]
pub struct Material<'a> {
    /// The release and what its files show.
    pub subject: &'a Subject<'a>,
    /// `library_name`.
    pub library: Option<&'a str>,
    /// `pipeline_tag`.
    pub task: Option<&'a str>,
    /// The model that this one was made from, as far as it has an id.
    pub base_model: Option<&'a str>,
    /// An example that the card's widget shows.
    pub example: Option<&'a str>,
    /// The language that the model reads.
    pub language: Option<&'a str>,
}

impl<'a> Material<'a> {
    /// What the files show, without a card.
    pub fn of_files(subject: &'a Subject<'a>) -> Self {
        let facts = subject.facts();
        let library = facts.library.as_ref().map(|found| found.value.as_str());
        let task = facts.task.one.as_ref().map(|found| found.value);
        let base_model = facts.base_models.first().map(|found| found.value.as_str());
        let language = facts.languages.first().map(|found| found.value.as_str());
        Self { subject, library, task, base_model, example: None, language }
    }

    /// What a card states where it does, and else what the files show.
    pub fn of(cx: &'a Context<'_>) -> Self {
        let stated = |key: &str| claims(cx, key).first().map(|(_, value)| *value);
        let widget = filled(cx, "widget").and_then(|widget| widget.value.items().next()?.get("text")?.as_str());
        Self::of_files(cx.subject())
            .stated(stated("library_name"), stated("pipeline_tag"), stated("base_model"))
            .shown(widget, stated("language"))
    }

    /// The same with what a card states, where it does.
    #[must_use]
    pub fn stated(self, library: Option<&'a str>, task: Option<&'a str>, base_model: Option<&'a str>) -> Self {
        Self {
            library: library.or(self.library),
            task: task.or(self.task),
            base_model: base_model.or(self.base_model),
            ..self
        }
    }

    /// The same with what a card shows of the inputs, where it does.
    #[must_use]
    pub fn shown(self, example: Option<&'a str>, language: Option<&'a str>) -> Self {
        Self { example, language: language.or(self.language), ..self }
    }

    /// The files that would be pushed.
    pub fn release(&self) -> &'a Release {
        self.subject.release()
    }

    /// config.json and its relatives.
    pub fn configs(&self) -> &'a Configs<'a> {
        self.subject.configs()
    }

    /// Every file by content.
    pub fn weights(&self) -> &'a Weights<'a> {
        self.subject.weights()
    }

    /// What the files show.
    pub fn facts(&self) -> &'a Facts {
        self.subject.facts()
    }

    /// The repository's id, or [`UNKNOWN_ID`].
    pub fn id(&self) -> String {
        self.release().repo_id().map_or_else(|| UNKNOWN_ID.to_owned(), ToString::to_string)
    }

    /// The base model's id, or [`UNKNOWN_BASE`].
    pub fn base_id(&self) -> &'a str {
        self.base_model.filter(|id| is_id(id)).unwrap_or(UNKNOWN_BASE)
    }

    /// Whether a file stands at a path.
    pub(super) fn has(&self, path: &str) -> bool {
        self.release().find(path).is_some()
    }

    /// Whether the tokenizer or processor turns messages into a prompt.
    pub(super) fn has_chat_template(&self) -> bool {
        let in_config =
            || self.configs().at("tokenizer_config.json").is_some_and(|found| found.get("chat_template").is_some());
        self.has("chat_template.jinja") || self.has("chat_template.json") || in_config()
    }

    /// Whether config.json names classes that the repository brings along.
    pub(super) fn needs_remote_code(&self) -> bool {
        self.configs().model().is_some_and(|model| model.auto_map().next().is_some())
    }

    /// `, trust_remote_code=True` where the repository brings classes along.
    pub(super) fn remote_code(&self) -> &'static str {
        if self.needs_remote_code() { ", trust_remote_code=True" } else { "" }
    }
}

/// Whether a text can stand in code as it is, as a class or a path.
pub(super) fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-/".contains(letter))
}

/// Whether a text is the name of a class.
pub(super) fn is_class(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

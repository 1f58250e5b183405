//! What stands in the areas of a page, and each in words.

use serde::Serialize;

use crate::words::{grouped, parameters};

/// Something with an id and a name on the Hub's pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// As the metadata spells it.
    pub id: String,
    /// As the page spells it; the id where the Hub has no name.
    pub name: String,
}

/// A code snippet under "Use this model".
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Code {
    /// The library's name.
    pub library: String,
    /// Code that does what the snippet does, in our own words; null where we have none.
    pub code: Option<String>,
}

/// A program that the page offers for these files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct App(pub &'static str);

/// The license chip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct License {
    /// As the metadata spells it.
    pub id: String,
    /// The name on the page; of `other` the one in `license_name`.
    pub name: Option<String>,
    /// `license_link`, or where the Hub links the text.
    pub link: Option<String>,
}

/// The place in the model tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tree {
    /// The models above this one.
    pub bases: Vec<String>,
    /// `adapter`, `finetune`, `merge` or `quantized`; null where the Hub decides by itself and no source says how.
    pub relation: Option<String>,
}

/// The banner that leads to a newer model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Version(pub String);

/// Evaluation results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Results {
    /// Results in `model-index`.
    pub model_index: usize,
    /// Files in `.eval_results/`.
    pub files: usize,
}

/// The number of parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parameters {
    /// How many; null where the page's number is not the number of elements.
    pub total: Option<u64>,
    /// The types of the tensors, the one with the most elements first.
    pub types: Vec<String>,
}

/// What counts as a download.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Downloads {
    /// The files of the release that count; at most [`super::MAX_LISTED`].
    pub files: Vec<String>,
    /// How many there are.
    pub count: usize,
}

/// Files that are pickles; at most [`super::MAX_LISTED`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Pickles(pub Vec<String>);

/// What the Colab and Kaggle buttons open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notebook {
    /// The repository's own notebook; null for a generated one.
    pub file: Option<String>,
}

/// Examples in the inference widget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Examples {
    /// How many `widget` has.
    pub examples: usize,
}

/// What the card adds to a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gate {
    /// The names of what readers are asked.
    pub asks: Vec<String>,
    /// Whether the card has a text to agree with (`extra_gated_prompt`).
    pub prompt: bool,
    /// Whether the card asks to keep readers in the European Union out (`extra_gated_eu_disallowed`).
    pub eu_disallowed: bool,
}

/// A value in words: one paragraph. The text may come from the repository and is not escaped.
pub(super) trait Words {
    fn words(&self) -> String;

    /// Code below the words.
    fn code(&self) -> Option<&str> {
        None
    }
}

/// How many values of a list are shown.
const MAX_SAID: usize = 12;

/// How much of a value is shown, in characters.
const MAX_CHARACTERS: usize = 200;

/// Values with commas between them, not too many and none too long.
fn listed<'v>(values: impl ExactSizeIterator<Item = &'v str>) -> String {
    let more = values.len().saturating_sub(MAX_SAID);
    let mut text = values.take(MAX_SAID).map(cut).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

fn cut(value: &str) -> String {
    match value.char_indices().nth(MAX_CHARACTERS) {
        Some((at, _)) => format!("{}…", value.get(..at).unwrap_or_default()),
        None => value.to_owned(),
    }
}

impl Words for String {
    fn words(&self) -> String {
        cut(self)
    }
}

impl Words for bool {
    fn words(&self) -> String {
        "readers click through a message first".to_owned()
    }
}

impl<T: Words> Words for Vec<T> {
    fn words(&self) -> String {
        let words: Vec<String> = self.iter().map(Words::words).collect();
        listed(words.iter().map(String::as_str))
    }
}

impl Words for App {
    fn words(&self) -> String {
        self.0.to_owned()
    }
}

impl Words for Version {
    fn words(&self) -> String {
        format!("a banner leads to {}", cut(&self.0))
    }
}

impl Words for Pickles {
    fn words(&self) -> String {
        let kind = if self.0.len() == 1 { "1 pickle" } else { "pickles" };
        format!("{kind}: {}", listed(self.0.iter().map(String::as_str)))
    }
}

impl Words for Named {
    fn words(&self) -> String {
        if self.name == self.id { cut(&self.id) } else { format!("{} ({})", self.name, self.id) }
    }
}

impl Words for Code {
    fn words(&self) -> String {
        format!("one for {}", self.library)
    }

    fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
}

impl Words for License {
    fn words(&self) -> String {
        let name = self.name.as_ref().filter(|name| **name != self.id);
        let name = name.map_or_else(|| self.id.clone(), |name| format!("{} ({})", cut(name), self.id));
        match &self.link {
            Some(link) => format!("{name}, linked to {}", cut(link)),
            None => name,
        }
    }
}

impl Words for Tree {
    fn words(&self) -> String {
        let bases = listed(self.bases.iter().map(String::as_str));
        match self.relation.as_deref() {
            Some("quantized") => format!("quantized from {bases}"),
            Some("adapter") => format!("an adapter for {bases}"),
            Some("merge") => format!("a merge of {bases}"),
            Some("finetune") => format!("fine-tuned from {bases}"),
            _ => format!("below {bases}"),
        }
    }
}

impl Words for Results {
    fn words(&self) -> String {
        let said = |number, one: &str, many: &str| match number {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{number} {many}")),
        };
        let index = said(self.model_index, "result in `model-index`", "results in `model-index`");
        let files = said(self.files, "file in `.eval_results/`", "files in `.eval_results/`");
        index.into_iter().chain(files).collect::<Vec<_>>().join(", ")
    }
}

impl Words for Parameters {
    fn words(&self) -> String {
        let types = self.types.join(", ");
        match self.total {
            Some(total) => format!("{}, stored as {types}", parameters(total)),
            None => format!("stored as {types}"),
        }
    }
}

impl Words for Downloads {
    fn words(&self) -> String {
        let files = listed(self.files.iter().map(String::as_str));
        match self.count {
            1 => format!("counted by requests for {files}"),
            many => format!("counted by requests for {} files: {files}", grouped(many as u64)),
        }
    }
}

impl Words for Notebook {
    fn words(&self) -> String {
        match &self.file {
            Some(file) => format!("the buttons open {file}"),
            None => "the buttons open a notebook that the Hub generates".to_owned(),
        }
    }
}

impl Words for Examples {
    fn words(&self) -> String {
        if self.examples == 1 {
            "1 example is ready".to_owned()
        } else {
            format!("{} examples are ready", self.examples)
        }
    }
}

impl Words for Gate {
    fn words(&self) -> String {
        let mut parts = Vec::new();
        if self.prompt {
            parts.push("a text to agree with".to_owned());
        }
        if !self.asks.is_empty() {
            parts.push(format!("questions ({})", listed(self.asks.iter().map(String::as_str))));
        }
        if self.eu_disallowed {
            parts.push("no access from the European Union".to_owned());
        }
        parts.join(", ")
    }
}

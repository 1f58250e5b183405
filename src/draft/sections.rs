//! The sections of a card in the checklist's order, and what belongs into each.

use super::{Material, snippet, specs};
use crate::card::body::Topic;
use crate::claims::placeholders::{UNKNOWN_BASE, UNKNOWN_ID};

/// A section of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub topic: Topic,
    /// Its heading.
    pub title: &'static str,
    /// What a person is to write there.
    pub hint: &'static str,
}

/// The checklist's sections, in its order.
pub static SECTIONS: [Section; 5] = [
    Section {
        topic: Topic::Description,
        title: "Description",
        hint: "what the model does, its architecture, what it is meant for",
    },
    Section { topic: Topic::Usage, title: "Usage", hint: "a snippet that can be copied and run" },
    Section {
        topic: Topic::Technical,
        title: "Technical specifications",
        hint: "training data and parameters, hardware needs",
    },
    Section {
        topic: Topic::Evaluation,
        title: "Evaluation",
        hint: "benchmarks and metrics, examples of what it does well and badly",
    },
    Section {
        topic: Topic::Limitations,
        title: "Limitations",
        hint: "known limitations, biases, ethical considerations",
    },
];

impl Section {
    /// Heading and content, `\n` at line ends, one at the end: what the files show, and a comment for the rest. The heading is
    /// that of the card's language.
    pub fn text(&self, heading: &str, material: &Material<'_>) -> String {
        let shown = match self.topic {
            Topic::Usage => usage(material),
            Topic::Technical => specs::table(material).map(|table| format!("{table}\n{}", self.placeholder())),
            _ => None,
        };
        format!("## {heading}\n\n{}", shown.unwrap_or_else(|| self.placeholder()))
    }

    fn placeholder(&self) -> String {
        todo(self.hint)
    }
}

/// A comment for the author: readers do not see it, and it is not content.
fn todo(hint: &str) -> String {
    format!("<!-- TODO: {hint} -->\n")
}

/// The code that loads and calls the model, with a comment where an id is to be filled in.
pub(super) fn usage(material: &Material<'_>) -> Option<String> {
    let block = snippet::of(material)?.block();
    let mut text = String::new();
    for (id, hint) in [
        (UNKNOWN_ID, "replace `OWNER/NAME` by the id of the repository"),
        (UNKNOWN_BASE, "replace `OWNER/BASE-MODEL` by the id of the base model"),
    ] {
        if block.contains(id) {
            text.push_str(&todo(hint));
            text.push('\n');
        }
    }
    text.push_str(&block);
    Some(text)
}

/// The title of a card: the repository's name.
pub(super) fn title(material: &Material<'_>) -> String {
    let name = material.release().repo_id().map_or("<!-- TODO: the model's name -->", |id| id.name.as_str());
    format!("# {name}\n")
}

/// A whole card below a metadata block of these lines.
pub fn card(material: &Material<'_>, block: &str) -> String {
    let mut text = format!("---\n{block}\n---\n\n{}", title(material));
    for section in &SECTIONS {
        text.push('\n');
        text.push_str(&section.text(section.title, material));
    }
    text
}

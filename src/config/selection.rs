//! Which rules run: `--select` and `--ignore`, by rule or by section.

use crate::rules::{RULES, Rule, Section};

/// The rules of a run, in the order of the table.
#[derive(Clone)]
pub struct Selection {
    rules: Vec<&'static dyn Rule>,
}

/// A name that is neither a rule nor a section.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// The name is not known.
    #[error("there is no rule or section `{name}`")]
    Unknown {
        /// As the user wrote it.
        name: String,
        /// A name that is close.
        suggestion: Option<&'static str>,
    },
    /// `--select` and `--ignore` together leave nothing.
    #[error("no rule is left to run")]
    Empty,
}

impl SelectionError {
    /// What to do next.
    pub fn help(&self) -> String {
        match self {
            Self::Unknown { suggestion: Some(name), .. } => format!("Did you mean `{name}`?"),
            Self::Unknown { suggestion: None, .. } => "Run `hf-release rules` for the list of rules.".to_owned(),
            Self::Empty => "Remove one of the names: `--ignore` leaves out all that `--select` selects.".to_owned(),
        }
    }
}

impl Selection {
    /// Every rule.
    pub fn all() -> Self {
        Self { rules: RULES.to_vec() }
    }

    /// The rules of one section.
    pub fn of(section: Section) -> Self {
        Self { rules: RULES.iter().copied().filter(|rule| rule.meta().section == section).collect() }
    }

    /// The rules that `select` names (all, when it names none), without those that `ignore` names. A name is a rule's
    /// or a section's.
    pub fn new(select: &[String], ignore: &[String]) -> Result<Self, SelectionError> {
        for name in select.iter().chain(ignore) {
            if !is_known(name) {
                return Err(SelectionError::Unknown { name: name.clone(), suggestion: suggest(name) });
            }
        }
        let rules: Vec<_> = RULES
            .iter()
            .copied()
            .filter(|rule| (select.is_empty() || is_named(select, *rule)) && !is_named(ignore, *rule))
            .collect();
        if rules.is_empty() { Err(SelectionError::Empty) } else { Ok(Self { rules }) }
    }

    /// The rules to run.
    pub fn rules(&self) -> &[&'static dyn Rule] {
        &self.rules
    }
}

fn is_named(names: &[String], rule: &dyn Rule) -> bool {
    names.iter().any(|name| name == rule.meta().name || name == rule.meta().section.as_str() || name == "all")
}

fn names() -> impl Iterator<Item = &'static str> {
    let sections = Section::ALL.iter().map(|section| section.as_str());
    RULES.iter().map(|rule| rule.meta().name).chain(sections).chain(std::iter::once("all"))
}

fn is_known(name: &str) -> bool {
    names().any(|known| known == name)
}

/// The closest rule or section name, when it is close enough to be meant.
pub fn suggest(name: &str) -> Option<&'static str> {
    let wanted = name.trim().to_lowercase().replace(['_', ' '], "-");
    names()
        .map(|known| (strsim::jaro_winkler(&wanted, known), known))
        .filter(|(score, _)| *score > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

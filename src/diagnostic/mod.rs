//! What is said about a place: levels, labels, findings, and the edits that fix them.
//!
//! The common language of rules, fixes and reports. It knows positions ([`crate::source`]) and how many of them people read:
//! no rule, no file system, no output format.

mod files;
mod fix;
mod unseen;

pub use files::Files;
pub use fix::{Edit, Fix, NewFile, Safety};
pub use unseen::{Kept, Lack, Problem, Skip};

use crate::source::{FileId, RepoPath, Span};
use crate::words::MAX_LABELS;

/// Where something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Bytes of a text file.
    Bytes(Span),
    /// A file as a whole.
    File(FileId),
    /// A tensor in a weight file.
    Tensor {
        /// The weight file.
        file: FileId,
        /// The tensor's name as the file spells it.
        name: String,
    },
    /// A file that should be there and is not.
    Absent(RepoPath),
}

impl Place {
    /// The file, unless it is absent.
    pub fn file(&self) -> Option<FileId> {
        match self {
            Self::Bytes(span) => Some(span.file),
            Self::File(file) | Self::Tensor { file, .. } => Some(*file),
            Self::Absent(_) => None,
        }
    }

    /// The bytes, where it has any.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Bytes(span) => Some(*span),
            _ => None,
        }
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A bonus: "consider", "if possible".
    Info,
    /// A checklist item is not met.
    Warning,
    /// Breaks the push, the load, the law or the user.
    Error,
}

impl Level {
    /// `info`, `warning` or `error`, as every output spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place and what is to be said there; the text may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What, in a few words.
    pub text: String,
}

impl Label {
    /// A label.
    pub fn new(place: Place, text: impl Into<String>) -> Self {
        Self { place, text: text.into() }
    }

    /// A label on bytes.
    pub fn at(span: Span, text: impl Into<String>) -> Self {
        Self::new(Place::Bytes(span), text)
    }

    /// A label on a whole file.
    pub fn file(file: FileId, text: impl Into<String>) -> Self {
        Self::new(Place::File(file), text)
    }
}

/// What a finding costs the release: the groups of every summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// The Hub rejects the push.
    BlocksPush,
    /// Users of the model run into it.
    BreaksUsers,
    /// The model is harder to find, to judge or to use.
    LosesReach,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's name, kebab-case; set by the run that collects the finding.
    pub rule: &'static str,
    /// The id of the checklist item; set by the run that collects the finding.
    pub item: &'static str,
    /// What it costs.
    pub effect: Effect,
    /// How much it matters.
    pub level: Level,
    /// What is wrong, with the value: one sentence without a final dot.
    pub message: String,
    /// The place, and the remedy if it is short.
    pub primary: Label,
    /// Places that prove or explain it.
    pub related: Vec<Label>,
    /// How many more places belong to it that have no label: see [`Diagnostic::also`].
    pub unlisted: usize,
    /// What to do next, and why. Code to copy stands on further lines, indented by four spaces: see
    /// [`Diagnostic::code`].
    pub help: Option<String>,
    /// The change that fixes it, or begins to.
    pub fix: Option<Fix>,
    /// The rule whose finding shows the same defect, where that has one: this finding then becomes a part of it.
    pub yields_to: Option<&'static str>,
    /// The metadata key that the card lacks, where that is what was found.
    pub absent_key: Option<&'static str>,
    /// What other rules found in the same defect: no findings of their own, but their items of the checklist are not met
    /// either.
    pub covers: Vec<Diagnostic>,
}

impl Diagnostic {
    /// A finding with only the necessary parts. It costs reach unless [`Diagnostic::effect`] says otherwise.
    pub fn new(level: Level, message: impl Into<String>, primary: Label) -> Self {
        Self {
            rule: "",
            item: "",
            effect: Effect::LosesReach,
            level,
            message: message.into(),
            primary,
            related: Vec::new(),
            unlisted: 0,
            help: None,
            fix: None,
            yields_to: None,
            absent_key: None,
            covers: Vec::new(),
        }
    }

    /// Says what it costs.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// Adds a place that proves or explains the finding.
    #[must_use]
    pub fn related(mut self, label: Label) -> Self {
        self.related.push(label);
        self
    }

    /// Adds the places where the same was found again. A finding has at most [`MAX_LABELS`] of them, its own included: the
    /// others are counted.
    #[must_use]
    pub fn also(mut self, places: impl IntoIterator<Item = Label>) -> Self {
        let mut places = places.into_iter();
        self.related.extend(places.by_ref().take(MAX_LABELS - 1));
        self.unlisted += places.count();
        self
    }

    /// Says what to do next, and why.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Adds lines to copy below the help, which reports print as they are.
    #[must_use]
    pub fn code(mut self, code: &str) -> Self {
        let mut text = self.help.take().unwrap_or_default();
        for line in code.lines() {
            text.push('\n');
            if !line.is_empty() {
                text.push_str("    ");
                text.push_str(line);
            }
        }
        self.help = Some(text);
        self
    }

    /// Names the rule that shows the same defect, where it finds anything.
    #[must_use]
    pub fn yields_to(mut self, rule: Option<&'static str>) -> Self {
        self.yields_to = rule;
        self
    }

    /// Names the metadata key that the card lacks.
    #[must_use]
    pub fn absent_key(mut self, key: Option<&'static str>) -> Self {
        self.absent_key = key;
        self
    }

    /// Adds the change that fixes it.
    #[must_use]
    pub fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }
}

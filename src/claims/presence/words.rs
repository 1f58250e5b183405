//! The words by which a card says in passing what others have a section for.

use crate::source::{List, Phrases, word_list};

/// What a card that tells how a model was made, and what it needs, has words like.
pub(super) static TECHNICAL_WORDS: Phrases = Phrases::of(&word_list!("technical"));

/// What stands beside a number that was measured.
pub(super) static EVALUATION_WORDS: Phrases = Phrases::of(&word_list!("evaluations"));

/// Metrics as programs print them.
pub(super) static METRIC_KEYS: List = word_list!("metric_keys");

/// What columns and rows of tables say whose numbers are no scores.
pub(super) static SPECS: Phrases = Phrases::of(&word_list!("spec_columns"));

/// Names of the parts of a dataset.
pub(super) static SPLITS: List = word_list!("splits");

/// What numbers count that tell the size of a model or of its training.
pub(super) static TECHNICAL_UNITS: List = word_list!("technical_units");

/// What they count besides where a text tells of a training.
pub(super) static DATA_UNITS: List = word_list!("data_units");

pub(super) static UNITS: Phrases = Phrases::of(&word_list!("technical_units"));

/// Without one of these no text tells of a training.
pub(super) static TRAININGS: Phrases = Phrases::of(&word_list!("trainings"));

pub(super) static LIMITATION_WORDS: Phrases = Phrases::of(&word_list!("limitations"));

/// Lines of the notices of licenses that have words of limitations in them.
pub(super) static LICENSE_LINES: List = word_list!("license_lines");

/// What stands in the first cell of a row about how a model was made.
pub(super) static CELLS: List = word_list!("technical_cells");

/// What stands in a label beside its value, and in a cell may be about something else.
pub(super) static LABELS: List = word_list!("technical_labels");

/// By which a card says how models were merged.
pub(super) static MERGES: Phrases = Phrases::of(&word_list!("merges"));

/// Settings of a training in YAML: two of them are a recipe.
pub(super) static SETTINGS: List = word_list!("settings");

/// How a sentence starts that only sends its readers somewhere.
pub(super) static POINTERS: List = word_list!("pointers");

/// What the head of a table says that lists the quantizations of a model.
pub(super) static QUANTIZATIONS: List = word_list!("quantizations");

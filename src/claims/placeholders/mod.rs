//! Texts that stand where something should be said: "to be filled in". The one place that knows them.
//!
//! Three questions are asked of them. Is the value of a field one ([`stands_in`])? How much of a text says something
//! without them ([`filled_words`], [`says_nothing`])? And where do they stand, so that a person finds them ([`marks()`])?
//! The answers differ: `none` is an honest word in a sentence, and no name of a dataset.

mod count;
mod field;
mod marks;
mod prose;

pub(crate) use field::stands_in;
pub(crate) use marks::{has_variable, marks};
pub(crate) use prose::{filled_words, says_nothing};

/// What stands for the repository's id where it is not known. Code with it cannot be run.
pub(crate) const UNKNOWN_ID: &str = "OWNER/NAME";

/// What stands for the base model's id where it is not known.
pub(crate) const UNKNOWN_BASE: &str = "OWNER/BASE-MODEL";

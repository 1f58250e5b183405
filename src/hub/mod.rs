//! What the Hub knows, as tables inside the program: which tasks, libraries, licenses, languages and metadata fields
//! exist, which files count as a download, and which task a model class has. This module must know nothing of the
//! repository under check, of rules, or of the network: it answers "does the Hub know this word, and which word
//! was meant?".
//!
//! Nothing is parsed at start-up. A table is text, one row a line, sorted by its first column; a look-up is a binary
//! search over that text and allocates nothing. Only `suggest`, which is asked once a value is known to be wrong, walks
//! a table and allocates.
//!
//! `facts/*.json` hold the facts as they were collected, with source and date; `tables/*.tsv` hold what the code needs of
//! them. A test makes every table again from the facts and compares byte for byte. After a change of facts:
//!
//! ```text
//! UPDATE_TABLES=1 cargo test --lib hub::     # rewrites src/hub/tables/*.tsv
//! cargo test --lib hub::                     # and must be green without it
//! ```
//!
//! `facts/project.json` is the one file of our own: aliases people write, and readings (which tasks are about
//! language, which make pictures) that the Hub's lists do not state. `facts/transformers.json` is what a later release of
//! transformers adds to `facts/architectures.json`; `facts/renew_transformers.py` makes it from the package.

pub mod architectures;
pub mod compatibility;
pub mod count_rule;
pub mod families;
pub mod fields;
pub mod languages;
pub mod libraries;
pub mod licenses;
mod nearest;
pub mod obligations;
pub mod page;
pub mod readings;
mod table;
pub mod tasks;

#[cfg(test)]
mod generate;

/// The day on which the facts about the Hub were collected, as year-month-day.
pub const DATA_DATE: &str = "2026-08-22";

//! hf-release reads a model repository as the Hugging Face Hub would receive it, compares what the model card *says*
//! with what the files *show*, and reports every item of the release checklist that does not hold.
//!
//! The house, in the order in which the data flows; no room reaches back:
//!
//! - [`source`]: text with positions. Files, spans, lines and columns, trees of values, JSON. Everything stands on it.
//! - `words`: how values, lists and numbers are written, in every message and table.
//! - [`diagnostic`]: findings, labels, levels and fixes, the language that the other rooms speak.
//! - [`release`]: the folder as it would be pushed: git index, ignore files, links, LFS pointers.
//! - [`card`]: README.md as data: the YAML block and the Markdown body, both with positions.
//! - [`template`]: chat templates as text: what reaches for Python.
//! - [`bytes`]: bounded reading of large and hostile files: archives, compressed streams, and what is wrong with them.
//! - [`pickle`]: Python pickles, never loaded: opcodes, values, imports and what they would do.
//! - `targets`: names that a configuration tells its loader to import or call, and which of them run code.
//! - [`weights`]: weight files as data, never executed: formats by content, headers, what is broken.
//! - [`code`]: Python files as data: what a module does when it is imported.
//! - [`configs`]: config.json and its relatives, with positions.
//! - [`hub`]: what the Hub accepts and does, as dated tables.
//! - [`evidence`]: what the files prove: task, library, base model, license; each with its proof.
//! - `claims`: what the card says, in its metadata and its prose: whether it speaks of a topic (`claims/gap.rs`), which values
//!   it claims, and which texts are placeholders.
//! - [`draft`]: what can be written into a card from files alone: usage code, technical facts, sections with placeholders.
//! - [`preview`]: what the model's page will show after the push, and what that follows from.
//! - [`checklist`]: the items of the checklist, and who can verify them.
//! - [`rules`]: one file a rule, its manual beside it. A rule compares claims and evidence.
//! - [`config`]: the settings of a run: which rules it asks.
//! - [`fix`]: from proposed edits to verified text to files on disk.
//! - [`check`]: one repository from its folder to its result: read, check, fix, check again, write. Every front shares it.
//! - [`report`]: one folder a kind of result, in it one file an output format.
//! - [`inspect`]: what weight files are, for a person who looks before trusting.
//! - [`cli`]: what a user can say; the only room that prints, reads the environment or decides about exit codes.

// Inside a room that only this crate sees, `pub` means: for other rooms.
#![warn(missing_docs)]
// The map above names private rooms, too.
#![allow(rustdoc::private_intra_doc_links)]
// No input may bring the program down, and only the command line prints.
#![warn(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![warn(clippy::print_stdout, clippy::print_stderr, clippy::exit, clippy::todo, clippy::dbg_macro)]

mod bytes;
pub mod card;
pub mod check;
pub mod checklist;
mod claims;
pub mod cli;
mod code;
pub mod config;
mod configs;
pub mod diagnostic;
mod draft;
pub mod evidence;
mod fix;
pub mod hub;
mod inspect;
pub mod pickle;
mod preview;
pub mod release;
pub mod report;
pub mod rules;
pub mod source;
mod targets;
mod template;
#[cfg(test)]
mod testing;
mod weights;
mod words;

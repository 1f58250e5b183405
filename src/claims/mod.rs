//! What the card says, in its metadata and its prose, read next to what the files show.
//!
//! - [`context`]: the card of a release, read once; everything else here takes it.
//! - `fields`, `metadata`: what the fields of the metadata say: to the rules, which leave out what has a finding of its
//!   own, and to the Hub, which takes every word as it stands.
//! - [`placeholders`]: texts that stand where something should be said, in fields, prose and code. `leftovers`: where
//!   templates left such texts in a card.
//! - `content`, `sections`, `presence`, `usage`: which parts of the text say something, which headings belong to a topic,
//!   what is said without a heading, and which code can be run. `gap` puts them together: whether the card speaks of a
//!   topic is decided there, and nowhere else.
//! - [`misplaced`]: metadata that stands where the Hub does not look for it.
//! - `stated`: task, library and kind of model, as far as the card says or uses them.
//! - [`prose`]: base models, datasets, languages, license and papers that the text names; weak evidence.
//!
//! The words of each language are data, in `words/`; its README says how to add a row and its scene.
//!
//! This module knows no rule, and has no opinion about what a card must say. It may ask `evidence`, since some statements
//! have a meaning only next to the files; `evidence` never asks for the card.

mod content;
mod context;
mod description;
mod fields;
mod gap;
mod leftovers;
mod metadata;
pub(crate) mod misplaced;
pub(crate) mod placeholders;
mod presence;
pub(crate) mod prose;
pub(crate) mod sections;
pub(crate) mod stated;
pub(crate) mod usage;

pub use context::{Context, MAX_COMPARED_KEYS, README};
pub(crate) use fields::{claim, claims, claims_as, filled, is_empty, parts};
pub(crate) use gap::{Gap, Said, gap, said};
pub(crate) use leftovers::{Kind, Leftover, are_left_in, is_task, not_within};
pub(crate) use metadata::Metadata;

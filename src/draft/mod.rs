//! What can be written into a card from files alone: code that loads and calls the model, a table of technical facts, the
//! checklist's sections with stubs for what only a person knows.
//!
//! This module makes texts and proposes edits. It knows what the files show ([`crate::evidence`]) and where things stand
//! in a card; it does not know what is wrong with one: which sections are missing is told to it. It invents no prose.

mod complete;
mod material;
mod sections;
pub mod snippet;
pub mod specs;
#[cfg(test)]
mod testing;

pub use complete::{Lacking, complete, keeps};
pub use material::{Material, UNKNOWN_BASE, UNKNOWN_ID};
pub use sections::{SECTIONS, Section, card};

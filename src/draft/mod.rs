//! What can be written into a card from files alone: code that loads and calls the model, a table of technical facts, the
//! checklist's sections with placeholders for what only a person knows.
//!
//! This module makes texts and proposes edits. It knows what the files show ([`crate::evidence`]) and what a card says
//! (`claims`); it does not know what is wrong with one. It invents no prose.

mod complete;
mod lacking;
mod material;
mod sections;
pub mod snippet;
pub mod specs;
#[cfg(test)]
mod testing;

pub use complete::keeps;
pub use material::Material;
pub use sections::{SECTIONS, Section, card};

use crate::claims::Context;
use crate::diagnostic::Fix;

/// What can be added to a card: the sections that it lacks, with what the files show and placeholders for the rest. Gives how
/// many sections there are, and the change; nothing when the card lacks none.
pub fn addition(cx: &Context<'_>) -> Option<(usize, Fix)> {
    let lacking = lacking::Lacking::of(cx);
    let addition = complete::complete(cx.card()?, &lacking, &Material::of(cx))?;
    Some((lacking.sections.len(), addition))
}

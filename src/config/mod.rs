//! The settings of a run: which rules it asks.
//!
//! It knows rules only by their [`Meta`](crate::rules::Meta), and nothing of where a setting was written.

mod selection;

pub use selection::{Selection, SelectionError, suggest};

#[cfg(test)]
mod tests;

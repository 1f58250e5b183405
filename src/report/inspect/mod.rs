//! What [`crate::inspect`] found in weight files, as a table for people and as JSON for programs.
//!
//! Knows how that is printed, and decides nothing. All text of a file is hostile: the table escapes it.

mod blocks;
mod human;
pub mod json;

pub use human::write_human;

#[cfg(test)]
mod tests;

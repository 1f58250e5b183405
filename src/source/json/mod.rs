//! JSON with positions: a strict pull parser (RFC 8259), and [`Tree`](super::tree::Tree)s made with it.
//!
//! The parser reads text that is already in memory, once, from left to right, without recursion; a string without
//! escapes is borrowed and never copied. It reports what a model author wrote by mistake in plain words, and goes on
//! after the mistakes that leave no doubt about what was meant, so that one run shows all of them. It does not know
//! what any key means; repeated keys are the caller's to judge.

mod error;
mod events;
mod read_tree;
mod strings;

pub use error::{JsonError, Mistake};
pub use events::{Dialect, Event, EventKind, MAX_DEPTH, Parser};
pub use read_tree::{MAX_ERRORS, tree};
pub use strings::within;

#[cfg(test)]
mod tests;

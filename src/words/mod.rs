//! How values, lists and numbers are written in every message, table and report: one form each. It knows text and
//! numbers, and nothing of models.

mod lists;
mod numbers;

pub use lists::{MAX_LABELS, all_of, count, either, quoted, unlisted};
pub use numbers::{grouped, parameters, size};

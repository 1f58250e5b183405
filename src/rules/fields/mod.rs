//! What the rules about the metadata block share: where a key is missing, what a misspelled key or a wrong value was meant
//! to be, and how a value is written so that every reader agrees. It reports no finding of its own and knows no rule.

pub(super) mod advice;
pub(super) mod block;
pub(super) mod doubts;
pub(super) mod lists;
pub(super) mod missing;
pub(super) mod misspelled;
pub(super) mod plain_number;
pub(super) mod repo_ids;
pub(super) mod rewriting;

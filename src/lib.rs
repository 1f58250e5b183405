//! `hf-release`: a release linter for Hugging Face model repositories.

/// What the Hub knows: its tasks, libraries, licences, languages, metadata fields and file rules, and which task a model class
/// has, as small tables inside the program, each with its source and date. It knows nothing of the repository under check.
pub mod hub;

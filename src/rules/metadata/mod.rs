//! Rules about the card's YAML block.

mod missing;
mod task;

mod missing_language;
mod missing_license;
mod unknown_license;

pub(super) use missing_language::MissingLanguage;
pub(super) use missing_license::MissingLicense;
pub(super) use unknown_license::UnknownLicense;

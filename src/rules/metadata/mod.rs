//! Rules about the card's YAML block.

mod block;
mod missing_front_matter;
mod missing_model_card;
mod unknown_license;

pub(super) use missing_front_matter::MissingFrontMatter;
pub(super) use missing_model_card::MissingModelCard;
pub(super) use unknown_license::UnknownLicense;

//! Rules about the card's YAML block.

mod unknown_license;

pub(super) use unknown_license::UnknownLicense;

//! Rules about the card's text. What the card says is decided in `claims`; here stand levels and words.

mod card_under_lfs;
mod invalid_encoding;
mod missing_description;
mod missing_evaluation;
mod missing_limitations;
mod missing_technical_specs;
mod missing_usage;
mod names;
mod oversized_card;
mod section;
mod template_text;

pub(super) use card_under_lfs::CardUnderLfs;
pub(super) use invalid_encoding::InvalidEncoding;
pub(super) use missing_description::MissingDescription;
pub(super) use missing_evaluation::MissingEvaluation;
pub(super) use missing_limitations::MissingLimitations;
pub(super) use missing_technical_specs::MissingTechnicalSpecs;
pub(super) use missing_usage::MissingUsage;
pub(super) use oversized_card::OversizedCard;
pub(super) use template_text::TemplateText;

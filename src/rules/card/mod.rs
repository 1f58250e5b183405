//! Rules about the card's text.

mod gap;
mod lacking;
mod missing_description;
mod missing_evaluation;
mod missing_limitations;
mod missing_technical_specs;
mod missing_usage;
mod presence;
mod template_text;

pub(super) use gap::Gaps;
pub(super) use lacking::lacking;
pub(super) use missing_description::MissingDescription;
pub(super) use missing_evaluation::MissingEvaluation;
pub(super) use missing_limitations::MissingLimitations;
pub(super) use missing_technical_specs::MissingTechnicalSpecs;
pub(super) use missing_usage::MissingUsage;
pub(super) use template_text::{Leftover, TemplateText};

//! The names of rules whose finding stands for those of others.

use crate::claims::{Gap, are_left_in, sections};
use crate::rules::Context;

/// The rule about what templates left.
pub(super) const TEMPLATE_TEXT: &str = "template-text";

/// The rule about what the model is and does.
pub(super) const MISSING_DESCRIPTION: &str = "missing-description";

/// The rule whose finding stands for what a section lacks in which readers see what a template left.
pub(super) fn template(cx: &Context<'_>, gap: &Gap) -> Option<&'static str> {
    are_left_in(cx.leftovers(), &gap.empty).then_some(TEMPLATE_TEXT)
}

/// The rule whose finding stands for all that a card lacks which is no more than a title.
pub(super) fn bare_card(cx: &Context<'_>) -> Option<&'static str> {
    cx.card().is_some_and(sections::is_bare).then_some(MISSING_DESCRIPTION)
}

//! What the page asks or tells before the model is used: widget, gate, audience.

use super::values::{Examples, Gate};
use super::{MAX_LISTED, Origin, Shown};
use crate::claims::Metadata;

pub(super) fn widget(stated: Metadata<'_>) -> Shown<Examples> {
    if stated.is_false("inference") {
        let off = Shown::absent().noted("`inference: false` switches it off");
        return off.and([Origin::Metadata("inference")]);
    }
    let examples = stated.value("widget").map_or(0, |widget| widget.items().count());
    let shown =
        Shown::unknown("it appears when an inference provider serves the model, and providers choose by themselves");
    if examples == 0 { shown } else { shown.about(Examples { examples }).and([Origin::Metadata("widget")]) }
}

pub(super) fn gate(stated: Metadata<'_>) -> Shown<Gate> {
    let asks = stated.value("extra_gated_fields").into_iter().flat_map(|fields| fields.pairs());
    let asks: Vec<String> = asks.filter_map(|(name, _)| name.text()).take(MAX_LISTED).map(str::to_owned).collect();
    let gate = Gate {
        prompt: stated.text("extra_gated_prompt").is_some(),
        eu_disallowed: stated.is_true("extra_gated_eu_disallowed"),
        asks,
    };
    let keys = [
        ("extra_gated_fields", !gate.asks.is_empty()),
        ("extra_gated_prompt", gate.prompt),
        ("extra_gated_eu_disallowed", gate.eu_disallowed),
    ];
    let from: Vec<Origin> = keys.iter().filter(|(_, set)| *set).map(|(key, _)| Origin::Metadata(key)).collect();
    if from.is_empty() {
        return Shown::unknown("a gate is set in the repository's settings, and the card adds nothing to it");
    }
    let note = "the card sets no gate: this shows once gating is on in the repository's settings";
    Shown::unknown(note).about(gate).and(from)
}

pub(super) fn audience(stated: Metadata<'_>) -> Shown<bool> {
    const TAG: &str = "not-for-all-audiences";
    if stated.texts("tags").contains(&TAG) {
        return Shown::there(true, Origin::Tag(TAG.to_owned()));
    }
    Shown::absent()
}

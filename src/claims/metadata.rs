//! The card's metadata as the Hub reads it.

use crate::card::Card;
use crate::card::front_matter::{Fence, Field, FrontMatter};
use crate::source::reading::Reading;
use crate::source::tree::NodeRef;

/// The metadata block of a card, if it has one.
#[derive(Clone, Copy)]
pub(crate) struct Metadata<'c>(Option<&'c FrontMatter>);

impl<'c> Metadata<'c> {
    pub(crate) fn of(card: Option<&'c Card<'_>>) -> Self {
        Self(card.map(|card| &card.front_matter).filter(|found| matches!(found.fence, Fence::Block(_))))
    }

    /// A value that is written.
    pub(crate) fn value(self, key: &str) -> Option<NodeRef<'c>> {
        self.0?.get(key).map(|field: Field<'c>| field.value).filter(|value| value.hub() != Reading::Null)
    }

    /// The text of a field that has one.
    pub(crate) fn text(self, key: &str) -> Option<&'c str> {
        self.value(key)?.as_str().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The texts of a field: one, or those of a list.
    pub(crate) fn texts(self, key: &str) -> Vec<&'c str> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let one = value.as_str().filter(|_| !value.is_sequence());
        let texts = one.into_iter().chain(value.items().filter_map(NodeRef::as_str)).map(str::trim);
        texts.filter(|text| !text.is_empty()).collect()
    }

    /// Whether a field is true.
    pub(crate) fn is_true(self, key: &str) -> bool {
        self.value(key).is_some_and(|value| value.hub() == Reading::Bool(true))
    }

    /// Whether a field is false.
    pub(crate) fn is_false(self, key: &str) -> bool {
        self.value(key).is_some_and(|value| value.hub() == Reading::Bool(false))
    }
}

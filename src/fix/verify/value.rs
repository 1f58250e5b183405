//! Whether two values are equal in both readings.

use std::collections::HashSet;

use crate::fix::Refusal;
use crate::source::tree::{Kind, NodeId, NodeRef};

/// How many pairs of values are compared: four for each that a front matter may hold.
const MAX_COMPARED: usize = 4_000_000;

/// A comparison of two trees, one pair of values after another. Aliases are compared by what they name, each pair of
/// names once, so that aliases of aliases cost no more than they take to write.
#[derive(Default)]
pub(super) struct Comparison {
    named: HashSet<(NodeId, NodeId)>,
    compared: usize,
}

impl Comparison {
    /// Compares two values: text, both readings, tags, length and order.
    pub(super) fn equal(&mut self, one: NodeRef<'_>, other: NodeRef<'_>) -> Result<bool, Refusal> {
        let mut open = vec![(one, other)];
        while let Some((one, other)) = open.pop() {
            self.compared += 1;
            if self.compared > MAX_COMPARED {
                return Err(Refusal::TooLarge);
            }
            // The pair was found equal before, or is among those that are still open.
            if let (Kind::Alias(Some(a)), Kind::Alias(Some(b))) = (&one.stored().kind, &other.stored().kind)
                && !self.named.insert((*a, *b))
            {
                continue;
            }
            if one.resolved().tag != other.resolved().tag {
                return Ok(false);
            }
            let alike = match (one.kind(), other.kind()) {
                (Kind::Scalar { text, .. }, Kind::Scalar { text: other_text, .. }) => {
                    text == other_text && one.hub() == other.hub() && one.python() == other.python()
                }
                (Kind::Sequence { items, .. }, Kind::Sequence { items: other_items, .. }) => {
                    open.extend(one.items().zip(other.items()));
                    items.len() == other_items.len()
                }
                (Kind::Mapping { pairs, .. }, Kind::Mapping { pairs: other_pairs, .. }) => {
                    for ((key, value), (other_key, other_value)) in one.pairs().zip(other.pairs()) {
                        open.push((key, other_key));
                        open.push((value, other_value));
                    }
                    pairs.len() == other_pairs.len()
                }
                (Kind::Alias(None), Kind::Alias(None)) => true,
                _ => false,
            };
            if !alike {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

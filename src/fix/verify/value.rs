//! Whether two values are equal in both readings.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::card::front_matter::{Fence, FrontMatter, MAX_NODES};
use crate::fix::Refusal;
use crate::source::SourceFile;
use crate::source::tree::{Kind, Node, NodeId, NodeRef, Style};

/// How many pairs of values are compared: four for each that a front matter may hold.
const MAX_COMPARED: usize = 4 * MAX_NODES;

/// A comparison of two trees, one pair of values after another. Aliases are compared by what they name, each pair of
/// names once, so that aliases of aliases cost no more than they take to write.
pub(super) struct Comparison<'s> {
    one: Side<'s>,
    other: Side<'s>,
    named: HashSet<(NodeId, NodeId)>,
    compared: usize,
}

impl<'s> Comparison<'s> {
    pub(super) fn new(one: (&'s SourceFile, &FrontMatter), other: (&'s SourceFile, &FrontMatter)) -> Self {
        Self { one: Side::new(one), other: Side::new(other), named: HashSet::new(), compared: 0 }
    }

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
                    self.one.text(one.resolved(), text) == self.other.text(other.resolved(), other_text)
                        && one.hub() == other.hub()
                        && one.python() == other.python()
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

/// A front matter whose values are compared.
struct Side<'s> {
    source: &'s SourceFile,
    /// Where its YAML ends, in front of the line break before the closing fence.
    end: u32,
}

impl<'s> Side<'s> {
    fn new((source, front_matter): (&'s SourceFile, &FrontMatter)) -> Self {
        let end = match &front_matter.fence {
            Fence::Block(block) => block.yaml.end,
            _ => u32::MAX,
        };
        Self { source, end }
    }

    /// The text of a scalar as the Hub has it. The YAML ends without a line break, which a `|` or `>` as the last value
    /// then lacks; the Hub's reader adds it and PyYAML does not. A key below it brings it back: no change of value.
    fn text<'t>(&self, node: &Node, text: &'t str) -> Cow<'t, str> {
        let block = matches!(node.kind, Kind::Scalar { style: Style::Literal | Style::Folded, .. });
        if !block || node.span.end < self.end {
            return text.into();
        }
        let header = self.source.slice(node.span).lines().next().unwrap_or_default();
        let header = header.split('#').next().unwrap_or_default();
        let lacks = !header.contains(['-', '+']) && !text.is_empty() && !text.ends_with('\n');
        if lacks { format!("{text}\n").into() } else { text.into() }
    }
}

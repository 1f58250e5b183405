//! What changes to a block ask of all of its nodes, found in one walk and kept: an edit then costs a search, however many
//! there are.

use std::collections::HashMap;

use crate::source::Span;
use crate::source::tree::{Kind, NodeId, Style, Tree};

/// Answers about the nodes of one tree.
#[derive(Debug)]
pub(super) struct Lookup {
    /// The quotes that the document uses more, double ones when it uses none.
    pub(super) quotes: Style,
    /// The key of each value of a mapping.
    keys: HashMap<NodeId, NodeId>,
    /// The nodes with an anchor, by where they start.
    anchors: Vec<(Span, NodeId)>,
}

impl Lookup {
    pub(super) fn new(tree: &Tree) -> Self {
        let (mut single, mut double) = (0_usize, 0_usize);
        let mut keys = HashMap::new();
        let mut anchors = Vec::new();
        for node in tree.nodes() {
            match node.style() {
                Some(Style::SingleQuoted) => single += 1,
                Some(Style::DoubleQuoted) => double += 1,
                _ => {}
            }
            if node.stored().anchor.is_some() {
                anchors.push((node.span(), node.id()));
            }
            // An alias has the pairs of what it names, and these were met there.
            let is_alias = matches!(node.stored().kind, Kind::Alias(_));
            for (key, value) in node.pairs().filter(|_| !is_alias) {
                keys.insert(value.id(), key.id());
            }
        }
        anchors.sort_by_key(|(span, _)| span.start);
        let quotes = if single > double { Style::SingleQuoted } else { Style::DoubleQuoted };
        Self { quotes, keys, anchors }
    }

    /// The key to which a value belongs.
    pub(super) fn key_of(&self, value: NodeId) -> Option<NodeId> {
        self.keys.get(&value).copied()
    }

    /// Whether a node other than `but` inside a span has an anchor, which an alias elsewhere may need.
    pub(super) fn has_anchor(&self, span: Span, but: NodeId) -> bool {
        let first = self.anchors.partition_point(|(anchored, _)| anchored.start < span.start);
        let mut inside = self.anchors.iter().skip(first).take_while(|(anchored, _)| anchored.start <= span.end);
        inside.any(|(anchored, id)| anchored.end <= span.end && *id != but)
    }
}

//! Nested values with positions: the common form of a card's front matter (YAML) and of configuration files (JSON).
//!
//! Nodes live in one vector and name each other by number, so that neither building, walking nor dropping a deep tree
//! recurses, and an alias is a number and never a copy.

use super::{FileId, Span};

/// Names a node of one tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: its text decides its type. In JSON: numbers, `true`, `false`, `null`.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`; in JSON, every string.
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// What a node contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A single value: text with quotes, escapes and folding undone.
    Scalar {
        /// The text.
        text: String,
        /// How it is written.
        style: Style,
    },
    /// A list.
    Sequence {
        /// The items, in order.
        items: Vec<NodeId>,
        /// Written as `[…]`.
        flow: bool,
    },
    /// Keys with values, in order, duplicates kept.
    Mapping {
        /// Key and value, in order.
        pairs: Vec<(NodeId, NodeId)>,
        /// Written as `{…}`.
        flow: bool,
    },
    /// `*name`, resolved when the name was known.
    Alias(Option<NodeId>),
}

/// One node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The bytes of the value, without what stands around it: quotes, brackets and a block scalar's header are
    /// inside; key, colon, comment and trailing line break are not. An empty value is an empty span directly after
    /// its colon or dash.
    pub span: Span,
    /// What it contains.
    pub kind: Kind,
    /// The anchor's name (`&name`), if any.
    pub anchor: Option<String>,
    /// The tag (`!!str`), as written, if any.
    pub tag: Option<String>,
}

/// A whole document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    file: FileId,
    nodes: Vec<Node>,
    root: Option<NodeId>,
}

impl Tree {
    /// An empty document of a file.
    pub fn new(file: FileId) -> Self {
        Self { file, nodes: Vec::new(), root: None }
    }

    /// Adds a node and gives its number.
    pub fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() as u32 - 1)
    }

    /// Changes a node that is already there; nothing happens when there is none of that number.
    pub fn update(&mut self, id: NodeId, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            change(node);
        }
    }

    /// Names the outermost node.
    pub fn set_root(&mut self, root: NodeId) {
        self.root = Some(root);
    }

    /// The file the spans are in.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The outermost node.
    pub fn root(&self) -> Option<NodeRef<'_>> {
        self.root.and_then(|id| self.node(id))
    }

    /// A node by number.
    pub fn node(&self, id: NodeId) -> Option<NodeRef<'_>> {
        self.nodes.get(id.0 as usize).map(|node| NodeRef { tree: self, id, node })
    }

    /// Every node, in the order in which they were met.
    pub fn nodes(&self) -> impl Iterator<Item = NodeRef<'_>> {
        self.nodes.iter().enumerate().map(|(index, node)| NodeRef { tree: self, id: NodeId(index as u32), node })
    }
}

/// A node seen in its tree.
#[derive(Clone, Copy)]
pub struct NodeRef<'t> {
    tree: &'t Tree,
    id: NodeId,
    node: &'t Node,
}

impl std::fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.id, self.node)
    }
}

impl<'t> NodeRef<'t> {
    /// Its number.
    pub fn id(self) -> NodeId {
        self.id
    }

    /// Where it is written. For an alias: where the alias stands.
    pub fn span(self) -> Span {
        self.node.span
    }

    /// The node as stored, an alias unresolved.
    pub fn stored(self) -> &'t Node {
        self.node
    }

    /// The node as stored, an alias followed (one step: an alias never names an alias).
    pub fn resolved(self) -> &'t Node {
        match &self.node.kind {
            Kind::Alias(Some(target)) => self.tree.node(*target).map_or(self.node, |found| found.node),
            _ => self.node,
        }
    }

    /// What it contains, an alias followed.
    pub fn kind(self) -> &'t Kind {
        &self.resolved().kind
    }

    /// The items of a list; nothing for anything else.
    pub fn items(self) -> impl Iterator<Item = NodeRef<'t>> {
        let items: &[NodeId] = match self.kind() {
            Kind::Sequence { items, .. } => items,
            _ => &[],
        };
        items.iter().filter_map(move |id| self.tree.node(*id))
    }

    /// The keys and values of a mapping, in order; nothing for anything else.
    pub fn pairs(self) -> impl DoubleEndedIterator<Item = (NodeRef<'t>, NodeRef<'t>)> {
        let pairs: &[(NodeId, NodeId)] = match self.kind() {
            Kind::Mapping { pairs, .. } => pairs,
            _ => &[],
        };
        pairs.iter().filter_map(move |(key, value)| Some((self.tree.node(*key)?, self.tree.node(*value)?)))
    }

    /// The value of a key; the last one where a key is repeated, as every JSON and YAML reader that accepts it does.
    pub fn get(self, key: &str) -> Option<NodeRef<'t>> {
        self.pair(key).map(|(_, value)| value)
    }

    /// Key and value nodes of a key.
    pub fn pair(self, key: &str) -> Option<(NodeRef<'t>, NodeRef<'t>)> {
        self.pairs().rev().find(|(found, _)| found.text() == Some(key))
    }

    /// The text of a scalar of any style and type: `mit` for `mit`, `4` for `4`.
    pub fn text(self) -> Option<&'t str> {
        match self.kind() {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// How a scalar is written.
    pub fn style(self) -> Option<Style> {
        match self.kind() {
            Kind::Scalar { style, .. } => Some(*style),
            _ => None,
        }
    }

    /// Whether it is a list.
    pub fn is_sequence(self) -> bool {
        matches!(self.kind(), Kind::Sequence { .. })
    }

    /// Whether it is a mapping.
    pub fn is_mapping(self) -> bool {
        matches!(self.kind(), Kind::Mapping { .. })
    }
}

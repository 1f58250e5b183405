//! From parser events to a tree whose spans keep the promises of [`Node::span`].
//!
//! The parser works iteratively and in linear time and stops at the first error; what it had read by then stays in
//! the tree.

use std::collections::HashMap;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, StructureStyle, Tag};

use super::keys::{bad_merges, duplicates};
use super::{MAX_DEPTH, MAX_NODES, YamlError, YamlErrorKind};
use crate::source::Span;
use crate::source::tree::{Kind, Node, NodeId, Style, Tree};

/// Why reading stopped.
pub(super) enum Stop {
    /// The parser refused what stands at an offset of the file; the offset of the collections still open, outermost
    /// first, and where the last thing read before ended.
    Refused { kind: ErrorKind, at: usize, open: Vec<OpenBracket>, last: usize },
    /// The document ended before the block did.
    SecondDocument { at: usize },
    /// More nodes than the cap.
    TooLarge { at: usize },
}

/// A collection that was not closed when reading stopped.
pub(super) struct OpenBracket {
    pub(super) at: usize,
    pub(super) flow: bool,
}

/// Builds one tree, from one or from several pieces of the same text.
pub(super) struct Builder<'t> {
    text: &'t str,
    /// The tree so far.
    pub(super) tree: Tree,
    /// Comments, from `#` to the end of their line.
    pub(super) comments: Vec<Span>,
    /// What the events themselves show to be wrong.
    pub(super) errors: Vec<YamlError>,
    names: HashMap<String, NodeId>,
    numbers: HashMap<usize, NodeId>,
    stack: Vec<Open>,
    /// Where the last thing read ended.
    last: usize,
}

struct Open {
    id: NodeId,
    flow: bool,
    /// Children, keys and values in turn for a mapping.
    children: Vec<NodeId>,
    mapping: bool,
}

impl<'t> Builder<'t> {
    /// A builder over the text of a whole file.
    pub(super) fn new(text: &'t str, tree: Tree) -> Self {
        Self {
            text,
            tree,
            comments: Vec::new(),
            errors: Vec::new(),
            names: HashMap::new(),
            numbers: HashMap::new(),
            stack: Vec::new(),
            last: 0,
        }
    }

    /// Reads the bytes from `start` to `end` of `yaml`, which has the length of the file's text, as one document.
    /// Gives the root, complete or as far as it was read.
    pub(super) fn read(&mut self, yaml: &str, start: usize, end: usize) -> (Option<NodeId>, Option<Stop>) {
        let piece = yaml.get(start..end).unwrap_or_default();
        let mut options = granit_parser::options! {
            emit_unresolved_aliases: true,
            emit_anchor_events: true,
            bom_inside_document_as_content: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
            max_buffered_comment_events: MAX_NODES,
        };
        options.set_emit_comments(true);
        let mut root = None;
        let mut documents = 0;
        self.numbers.clear();
        self.stack.clear();
        self.last = start;
        for event in Parser::new_from_str_with_options(piece, options) {
            let (event, span) = match event {
                Ok(found) => found,
                Err(error) => {
                    let at = start + error.marker().byte_offset().unwrap_or(0);
                    let open = self.open_brackets();
                    self.close_all(at);
                    return (root, Some(Stop::Refused { kind: error.kind().clone(), at, open, last: self.last }));
                }
            };
            let range = span.byte_range().unwrap_or(0..0);
            let (from, to) = (start + range.start, start + range.end);
            if self.tree.len() >= MAX_NODES {
                self.close_all(from);
                return (root, Some(Stop::TooLarge { at: from }));
            }
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        return (root, Some(Stop::SecondDocument { at: from }));
                    }
                }
                Event::Comment(..) => self.comments.push(self.span(from, to)),
                Event::Anchor(number, name) => self.name_last(number, &name, to),
                Event::Scalar(text, style, _, tag) => {
                    let tag_end = span.tag_span().and_then(|tag| tag.byte_range()).map(|tag| start + tag.end);
                    let node = self.scalar(&text, style, tag.as_deref(), from, to, tag_end);
                    self.add(node, &mut root);
                }
                Event::Alias(number) => {
                    let target = self.numbers.get(&number).copied();
                    self.alias(target, from, to, &mut root);
                }
                Event::UnresolvedAlias(name) => {
                    let target = self.names.get(name.as_ref()).copied();
                    self.alias(target, from, to, &mut root);
                }
                Event::SequenceStart(style, _, tag) => self.open(style, tag.as_deref(), false, from, to, &mut root),
                Event::MappingStart(style, _, tag) => self.open(style, tag.as_deref(), true, from, to, &mut root),
                Event::SequenceEnd | Event::MappingEnd => self.close(Some(to)),
                _ => {}
            }
        }
        (root, None)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.tree.file(), start as u32..end as u32)
    }

    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        from: usize,
        to: usize,
        tag_end: Option<usize>,
    ) -> Node {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let (from, to) = match style {
            Style::Literal | Style::Folded => self.block_scalar(from, to),
            Style::Plain if from == to => {
                let at = tag_end.unwrap_or_else(|| self.empty_place(from));
                (at, at)
            }
            _ => (from, to),
        };
        // The parser writes `~` for a value that is not there.
        let text = if from == to { String::new() } else { text.to_owned() };
        Node { span: self.span(from, to), kind: Kind::Scalar { text, style }, anchor: None, tag: tag.map(written) }
    }

    /// Where a value that is not there belongs: directly after its colon or dash. The parser gives the end of the
    /// key, or a place somewhere after the dash.
    fn empty_place(&self, from: usize) -> usize {
        let is_value = self.stack.last().is_some_and(|open| open.mapping && open.children.len() % 2 == 1);
        let rest = self.slice(self.last, self.text.len());
        let bare = skip_blank(rest);
        let mark = self.last + rest.len() - bare.len();
        match bare.chars().next() {
            Some(':') if is_value => mark + 1,
            Some('-' | '?') if !is_value => mark + 1,
            _ if is_value => self.last,
            _ => from,
        }
    }

    /// Widens a block scalar to its header and cuts the line breaks and empty lines after its last content line.
    fn block_scalar(&self, from: usize, to: usize) -> (usize, usize) {
        let mut at = self.last;
        let header = loop {
            let rest = self.slice(at, self.text.len());
            let bare = skip_blank(rest);
            at += rest.len() - bare.len();
            match bare.chars().next() {
                Some('|' | '>') => break at,
                Some(':' | '-' | '?' | ',') => at += 1,
                Some('&' | '!') => at += bare.find([' ', '\t', '\r', '\n']).unwrap_or(bare.len()),
                _ => break from,
            }
        };
        let line = self.slice(header, self.text.len());
        let line = line.split(['\r', '\n']).next().unwrap_or_default();
        let header_text = line.split([' ', '\t']).next().unwrap_or_default();
        let header_end = header + header_text.len();
        let mut end = header_end;
        if to > header + line.len() {
            let content_start = from.max(header + line.len()).min(to);
            let content = self.slice(content_start, to);
            let full = content.trim_end_matches([' ', '\t', '\r', '\n']);
            // Spaces at the end of the last line that has other text are content; lines of spaces only are not.
            let tail = content.get(full.len()..).unwrap_or_default();
            let rest_of_line = tail.find(['\r', '\n']).unwrap_or(tail.len());
            if !full.is_empty() {
                end = content_start + full.len() + rest_of_line;
            }
        }
        (header, end.max(header_end))
    }

    /// Adds a complete node to the collection that is open.
    fn add(&mut self, node: Node, root: &mut Option<NodeId>) -> NodeId {
        self.last = (node.span.end as usize).max(self.last);
        let id = self.tree.push(node);
        self.attach(id, root);
        id
    }

    fn attach(&mut self, id: NodeId, root: &mut Option<NodeId>) {
        match self.stack.last_mut() {
            Some(open) => open.children.push(id),
            None => *root = root.or(Some(id)),
        }
    }

    /// An alias to something known and complete; anything else is an error and stays unresolved, so that no walk
    /// through aliases can turn in a circle.
    fn alias(&mut self, target: Option<NodeId>, from: usize, to: usize, root: &mut Option<NodeId>) {
        let inside_itself = target.is_some_and(|target| self.stack.iter().any(|open| open.id == target));
        let target = if inside_itself { None } else { target };
        if target.is_none() {
            let name = self.slice(from, to);
            let message = if inside_itself {
                format!("`{name}` is inside the value that it refers to")
            } else {
                format!("`{name}` refers to an anchor that does not exist: put a value that starts with `*` in quotes")
            };
            self.errors.push(YamlError { span: self.span(from, to), message, kind: YamlErrorKind::UnknownAlias });
        }
        let node = Node { span: self.span(from, to), kind: Kind::Alias(target), anchor: None, tag: None };
        self.add(node, root);
    }

    /// Gives the node just met the name that the event brings.
    fn name_last(&mut self, number: usize, name: &str, name_end: usize) {
        let Some(id) = self.tree.len().checked_sub(1).map(|last| NodeId(last as u32)) else { return };
        self.numbers.insert(number, id);
        self.names.insert(name.to_owned(), id);
        let place = name_end as u32;
        self.tree.update(id, |node| {
            node.anchor = Some(name.to_owned());
            if node.span.is_empty() && matches!(node.kind, Kind::Scalar { .. }) && node.span.start < place {
                node.span = Span::at(node.span.file, place);
            }
        });
        self.last = self.last.max(name_end);
    }

    fn open(
        &mut self,
        style: StructureStyle,
        tag: Option<&Tag>,
        mapping: bool,
        from: usize,
        to: usize,
        root: &mut Option<NodeId>,
    ) {
        let flow = style == StructureStyle::Flow;
        let kind = match mapping {
            true => Kind::Mapping { pairs: Vec::new(), flow },
            false => Kind::Sequence { items: Vec::new(), flow },
        };
        let id = self.tree.push(Node { span: self.span(from, to), kind, anchor: None, tag: tag.map(written) });
        self.attach(id, root);
        // The event of a block list may stand after its first dash, which an empty item needs to find its place.
        let before = self.slice(self.last, from).trim_end_matches([' ', '\t']);
        let is_after_dash = !mapping && !flow && before.ends_with('-');
        self.last = if is_after_dash { self.last + before.len() - 1 } else { self.last.max(to) };
        self.stack.push(Open { id, flow, children: Vec::new(), mapping });
    }

    /// Completes the innermost collection; `end` is where its closing event stands, if there was one.
    fn close(&mut self, end: Option<usize>) {
        let Some(open) = self.stack.pop() else { return };
        let spans = |id: &NodeId| self.tree.node(*id).map(|node| node.span());
        let first = open.children.first().and_then(spans);
        let last = open.children.last().and_then(spans);
        let inner = first.zip(last).map(|(first, last)| first.to(last));
        let bracketed = open.flow && self.tree.node(open.id).is_some_and(|node| !node.span().is_empty());
        let span = match (self.tree.node(open.id), inner) {
            (Some(node), inner) if bracketed => {
                let start = node.span().start as usize;
                let least = inner.map_or(start + 1, |inner| inner.end as usize);
                Some(self.span(start, end.unwrap_or(least).max(least)))
            }
            (_, inner) => inner,
        };
        let pairs: Vec<(NodeId, NodeId)> = match open.mapping {
            // A key whose value was never read is not a pair.
            true => open.children.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect(),
            false => Vec::new(),
        };
        if open.mapping {
            self.errors.extend(duplicates(&self.tree, &pairs));
            self.errors.extend(bad_merges(&self.tree, &pairs));
            if !open.flow {
                self.keyless(&pairs);
            }
        }
        self.tree.update(open.id, |node| {
            if let Some(span) = span {
                node.span = span;
            }
            match &mut node.kind {
                Kind::Mapping { pairs: stored, .. } => *stored = pairs,
                Kind::Sequence { items, .. } => *items = open.children,
                _ => {}
            }
        });
        if let Some(span) = span {
            self.last = self.last.max(span.end as usize);
        }
    }

    /// `: value` without a key, which the Hub's reader refuses outside of brackets.
    fn keyless(&mut self, pairs: &[(NodeId, NodeId)]) {
        for (key, _) in pairs {
            let Some(key) = self.tree.node(*key) else { continue };
            let start = key.span().start as usize;
            let bare = key.span().is_empty() && key.stored().tag.is_none() && key.stored().anchor.is_none();
            if bare && !self.slice(0, start).ends_with('?') {
                let span = self.span(start, start + 1);
                let message = "a colon without a key before it".to_owned();
                self.errors.push(YamlError { span, message, kind: YamlErrorKind::Syntax });
            }
        }
    }

    /// Completes the root after an error at `at`. The pair in which the error stands is left out; the last pair read
    /// is whole only when the error starts a line of its own.
    fn close_all(&mut self, at: usize) {
        let own_line = self.slice(self.last, at).ends_with('\n');
        let keep_last = self.stack.len() == 1 && own_line;
        if let Some(outermost) = self.stack.first_mut() {
            let count = outermost.children.len();
            let count = if keep_last { count } else { count.saturating_sub(1) };
            outermost.children.truncate(if outermost.mapping { count / 2 * 2 } else { 0 });
        }
        self.stack.truncate(1);
        self.close(None);
    }

    fn open_brackets(&self) -> Vec<OpenBracket> {
        let start = |id: NodeId| self.tree.node(id).map_or(0, |node| node.span().start as usize);
        self.stack.iter().map(|open| OpenBracket { at: start(open.id), flow: open.flow }).collect()
    }
}

/// A text without the white space, line breaks and comments at its start.
fn skip_blank(text: &str) -> &str {
    let mut rest = text.trim_start_matches([' ', '\t', '\r', '\n']);
    while rest.starts_with('#') {
        let line = rest.find('\n').unwrap_or(rest.len());
        rest = rest.get(line..).unwrap_or_default().trim_start_matches([' ', '\t', '\r', '\n']);
    }
    rest
}

/// A tag in its usual spelling: `!!str`, `!name`, or `!<…>` for any other.
fn written(tag: &Tag) -> String {
    match (tag.core_suffix(), tag.handle()) {
        (Some(name), _) => format!("!!{name}"),
        (None, "tag:yaml.org,2002:") => format!("!!{}", tag.suffix()),
        (None, "!" | "") => tag.original(),
        (None, handle) => format!("!<{handle}{}>", tag.suffix()),
    }
}

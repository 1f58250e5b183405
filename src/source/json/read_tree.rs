//! A tree from a JSON text.

use super::{Dialect, EventKind, JsonError, Mistake, Parser};
use crate::source::tree::{Kind, Node, NodeId, Style, Tree};
use crate::source::{FileId, Span};

/// How many mistakes of one text are reported.
pub const MAX_ERRORS: usize = 20;

/// Reads a whole text. The span of a string includes its quotes, that of an object or list its brackets; a key is a
/// scalar like any other string. With mistakes, the tree contains what was read up to the place where reading could not
/// go on, and everything still open there ends there. `NaN` and its like are mistakes here, as on the Hub.
pub fn tree(file: FileId, text: &str) -> (Tree, Vec<JsonError>) {
    let mut reader = TreeReader { tree: Tree::new(file), open: Vec::new(), key: None };
    let mut errors = Vec::new();
    let mut parser = Parser::new(text, Dialect::Strict);
    while let Some(step) = parser.next() {
        match step {
            Ok(event) => reader.take(Span::new(file, event.span), event.kind),
            Err(error) => {
                let span = Span::new(file, error.span.clone());
                if let (Mistake::NotANumber | Mistake::PythonWord, Some(word)) = (error.mistake, text.get(span.range()))
                {
                    reader.scalar(span, word, Style::Plain);
                }
                errors.push(error);
                if errors.len() >= MAX_ERRORS {
                    break;
                }
            }
        }
    }
    reader.close_all(text.len() as u32);
    (reader.tree, errors)
}

struct TreeReader {
    tree: Tree,
    /// The open objects and lists, each with the key its value will stand under, innermost last.
    open: Vec<NodeId>,
    key: Option<NodeId>,
}

impl TreeReader {
    fn take(&mut self, span: Span, kind: EventKind<'_>) {
        match kind {
            EventKind::ObjectStart => self.enter(span, Kind::Mapping { pairs: Vec::new(), flow: true }),
            EventKind::ArrayStart => self.enter(span, Kind::Sequence { items: Vec::new(), flow: true }),
            EventKind::ObjectEnd | EventKind::ArrayEnd => {
                if let Some(id) = self.open.pop() {
                    self.tree.update(id, |node| node.span.end = span.end);
                }
            }
            EventKind::Key(text) => {
                let kind = Kind::Scalar { text: text.into_owned(), style: Style::DoubleQuoted };
                self.key = Some(self.push(span, kind));
            }
            EventKind::String(text) => self.scalar(span, &text, Style::DoubleQuoted),
            EventKind::Number(text) => self.scalar(span, text, Style::Plain),
            EventKind::Bool(truth) => self.scalar(span, if truth { "true" } else { "false" }, Style::Plain),
            EventKind::Null => self.scalar(span, "null", Style::Plain),
        }
    }

    fn scalar(&mut self, span: Span, text: &str, style: Style) {
        let id = self.push(span, Kind::Scalar { text: text.to_owned(), style });
        self.attach(id);
    }

    fn enter(&mut self, span: Span, kind: Kind) {
        let id = self.push(span, kind);
        self.attach(id);
        self.open.push(id);
    }

    fn push(&mut self, span: Span, kind: Kind) -> NodeId {
        self.tree.push(Node { span, kind, anchor: None, tag: None })
    }

    fn attach(&mut self, id: NodeId) {
        let Some(parent) = self.open.last() else {
            self.tree.set_root(id);
            return;
        };
        let key = self.key.take();
        self.tree.update(*parent, |node| match (&mut node.kind, key) {
            (Kind::Mapping { pairs, .. }, Some(key)) => pairs.push((key, id)),
            (Kind::Sequence { items, .. }, _) => items.push(id),
            _ => {}
        });
    }

    fn close_all(&mut self, end: u32) {
        for id in self.open.drain(..) {
            self.tree.update(id, |node| node.span.end = end);
        }
    }
}

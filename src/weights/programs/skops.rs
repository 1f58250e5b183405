//! skops: a zip with `schema.json`, a tree of nodes whose loaders import what module and class say. skops asks before it loads
//! types that it does not trust, but several of its versions could be deceived (CVE-2025-54412, CVE-2025-54413, CVE-2025-54886).

use std::io::{self, Read, Seek};

use super::super::active::{Active, Actives, Danger};
use super::{MAY_RUN, RUNS, member, named, unread};
use crate::bytes::Input;
use crate::bytes::fault::{Fault, shown};
use crate::bytes::zip::Directory;
use crate::source::json::{Dialect, Event, EventKind, Parser};
use crate::targets::{Worth, worth};

/// The member with the tree.
pub(super) const SCHEMA: &str = "schema.json";

/// How many trees are read: of several members of one name, readers differ in which they take.
const MAX_TREES: usize = 4;

/// The longest value that is kept of a node.
const MAX_VALUE_CHARACTERS: usize = 200;

/// What a node says of itself.
#[derive(Default)]
struct Node {
    /// The key under which it stands.
    key: String,
    loader: Option<String>,
    module: String,
    class: String,
    /// The name of the method, in the content of a `MethodNode`.
    func: Option<String>,
}

/// Reads the tree of an archive.
pub(super) fn scan<R: Read + Seek>(
    input: &mut Input<R>,
    directory: &Directory,
    found: &mut Actives,
) -> io::Result<Option<Fault>> {
    let mut fault = None;
    for schema in directory.members.iter().filter(|member| member.name == SCHEMA).take(MAX_TREES) {
        let bytes = member(input, schema)?;
        let text = bytes.as_deref().map(String::from_utf8_lossy);
        // Other archives may have a schema of another kind.
        if text.as_ref().is_some_and(|text| !text.contains("__loader__")) {
            continue;
        }
        if !text.is_some_and(|text| walk(&text, found)) {
            fault = Some(unread("the tree `schema.json`"));
        }
    }
    Ok(fault)
}

/// Judges every node; whether the text was read to its end.
fn walk(text: &str, found: &mut Actives) -> bool {
    let mut parser = Parser::new(text, Dialect::Python);
    let mut open: Vec<Node> = Vec::new();
    let mut key = String::new();
    while let Some(event) = parser.next() {
        let Ok(Event { kind, .. }) = event else { return false };
        match kind {
            EventKind::Key(text) => key = cut(&text),
            EventKind::ObjectStart | EventKind::ArrayStart => {
                open.push(Node { key: std::mem::take(&mut key), ..Node::default() });
            }
            EventKind::ObjectEnd | EventKind::ArrayEnd => {
                let Some(node) = open.pop() else { continue };
                if node.loader.is_some() {
                    judge(&node, found);
                } else if let Some(around) = open.last_mut()
                    && node.key == "content"
                {
                    around.func = node.func;
                }
            }
            EventKind::String(text) => {
                let Some(node) = open.last_mut() else { continue };
                match key.as_str() {
                    "__loader__" => node.loader = Some(cut(&text)),
                    "__module__" => node.module = cut(&text),
                    "__class__" => node.class = cut(&text),
                    "func" => node.func = Some(cut(&text)),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    open.is_empty()
}

fn judge(node: &Node, found: &mut Actives) {
    let full = format!("{}.{}", node.module, node.class);
    match node.loader.as_deref().unwrap_or_default() {
        // The type of a method is Python's own; its name is what counts.
        "MethodNode" => {
            let func = node.func.as_deref().unwrap_or_default();
            if func.contains("__") || func.contains('.') {
                let message = format!("a `MethodNode` takes {} of an object, which reaches any function", shown(func));
                found.push(Active::new(Danger::Attack, message, RUNS));
            }
        }
        // skops takes the name from `operator` whatever the module says.
        "OperatorFuncNode" if !matches!(node.module.as_str(), "operator" | "_operator") => {
            let message = format!("an `OperatorFuncNode` says that it is {}", shown(&full));
            found.push(Active::new(Danger::Attack, message, RUNS));
        }
        "OperatorFuncNode" if node.class == "methodcaller" => {
            let message = "an `OperatorFuncNode` calls a method by its name";
            found.push(Active::new(Danger::MayRun, message, MAY_RUN));
        }
        loader => {
            let is_plain_type = loader != "FunctionNode" && matches!(node.module.as_str(), "builtins" | "types");
            let worth = worth(&full);
            if worth == Worth::Runs || !is_plain_type {
                found.extend(named(&format!("a {}", shown(loader)), &full, worth));
            }
        }
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_VALUE_CHARACTERS).collect()
}

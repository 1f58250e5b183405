//! What js-yaml makes of keys and tags: which keys are one key, and which tags it refuses.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{YamlError, YamlErrorKind};
use crate::source::reading::{Reading, core_name};
use crate::source::tree::{Kind, NodeId, NodeRef, Style, Tree};

/// Errors among the keys of one mapping: the second of two equal ones, and keys that are lists or mappings.
pub(super) fn duplicates(tree: &Tree, pairs: &[(NodeId, NodeId)]) -> Vec<YamlError> {
    let mut errors = Vec::new();
    let mut seen = HashMap::with_capacity(pairs.len());
    for key in pairs.iter().filter_map(|(key, _)| tree.node(*key)) {
        let span = key.span();
        let Some(name) = identity(key) else {
            if key.is_mapping() || key.is_sequence() {
                let message = "a list or a mapping cannot be a key: put a text that starts with `{` or `[` in quotes";
                errors.push(YamlError { span, message: message.to_owned(), kind: YamlErrorKind::CollectionAsKey });
            }
            continue;
        };
        match seen.entry(name) {
            Entry::Vacant(place) => {
                place.insert(span);
            }
            Entry::Occupied(first) => errors.push(YamlError {
                span,
                message: format!("the key `{}` is repeated here", first.key()),
                kind: YamlErrorKind::DuplicateKey { first: *first.get() },
            }),
        }
    }
    errors
}

/// Merge keys whose value cannot be merged: it has to be a mapping or a list of mappings.
pub(super) fn bad_merges(tree: &Tree, pairs: &[(NodeId, NodeId)]) -> Vec<YamlError> {
    let nodes = pairs.iter().filter_map(|(key, value)| Some((tree.node(*key)?, tree.node(*value)?)));
    nodes
        .filter(|(key, _)| key.style() == Some(Style::Plain) && key.text() == Some("<<"))
        .filter(|(_, value)| !value.is_mapping())
        .filter(|(_, value)| !value.is_sequence() || !value.items().all(NodeRef::is_mapping))
        .map(|(_, value)| YamlError {
            span: value.span(),
            message: "only a mapping can be merged with `<<`".to_owned(),
            kind: YamlErrorKind::Syntax,
        })
        .collect()
}

/// The property name that a key becomes in JavaScript: `1`, `01` and `"1"` are one key. Nothing for a merge key,
/// which may stand more than once, and for keys that are not scalars.
fn identity(key: NodeRef<'_>) -> Option<String> {
    let text = key.text()?;
    if key.style() == Some(Style::Plain) && text == "<<" {
        return None;
    }
    Some(match key.hub() {
        Reading::Null => "null".to_owned(),
        Reading::Bool(value) => value.to_string(),
        Reading::Int(value) => value.to_string(),
        Reading::Float(value) => value.to_string(),
        _ => text.to_owned(),
    })
}

/// Tags that the reader refuses: unknown ones, and those that do not fit their value.
pub(super) fn bad_tags(tree: &Tree) -> Vec<YamlError> {
    let tagged = tree.nodes().filter_map(|node| Some((node, node.stored().tag.as_deref()?)));
    tagged
        .filter_map(|(node, tag)| {
            let name = core_name(tag);
            let fits = match &node.stored().kind {
                Kind::Mapping { .. } => matches!(name, "map" | "set" | "!"),
                Kind::Sequence { .. } => matches!(name, "seq" | "omap" | "pairs" | "!"),
                _ => node.hub() != Reading::Refused,
            };
            let known = [
                "binary",
                "bool",
                "float",
                "int",
                "map",
                "merge",
                "null",
                "omap",
                "pairs",
                "seq",
                "set",
                "str",
                "timestamp",
            ];
            let message = if known.contains(&name) {
                format!("the tag `{tag}` does not fit its value")
            } else {
                format!("the Hub's reader does not know the tag `{tag}`: put a text that starts with `!` in quotes")
            };
            (!fits).then_some(YamlError { span: node.span(), message, kind: YamlErrorKind::UnknownTag })
        })
        .collect()
}

//! Graphs of TensorFlow: SavedModel and frozen graphs, as protobuf.
//!
//! Tags and lengths are followed with an explicit stack; weights in constants are skipped by seeking. Only the names of
//! operators are read, and where `PrintV2` prints to.

use std::io::{self, Read, Seek};

use super::super::active::{Active, Actives, Danger};
use super::super::onnx::varint;
use super::unread;
use crate::bytes::Input;
use crate::bytes::fault::{Fault, shown};

/// How many fields are followed, and how many bytes are fetched without the constants.
const MAX_FIELDS: u64 = 20_000_000;
const MAX_FETCHED_BYTES: u64 = 512 * 1024 * 1024;

/// The longest text that is read.
const MAX_TEXT_BYTES: u64 = 256;

/// The longest graph in text that is read.
const MAX_GRAPH_TEXT_BYTES: u64 = 64 * 1024 * 1024;

/// Operators that do more than compute, and what they do (TensorFlow 2.21, `ops/*.cc`; the lists of modelscan and of
/// "TensorAbuse", 2024). Those that save and restore weights, print, assert, or fill a table from an asset are in every export.
const OPERATORS: &[(&str, &str)] = &[
    ("DataServiceDataset", "fetches data from another machine"),
    ("DataServiceDatasetV2", "fetches data from another machine"),
    ("DataServiceDatasetV3", "fetches data from another machine"),
    ("DataServiceDatasetV4", "fetches data from another machine"),
    ("DatasetToTFRecord", "writes a file"),
    ("DebugIdentity", "sends tensors to an address or a file"),
    ("DebugIdentityV2", "sends tensors to an address or a file"),
    ("DebugIdentityV3", "sends tensors to an address or a file"),
    ("DistributedSave", "writes files"),
    ("EagerPyFunc", "calls Python code"),
    ("FixedLengthRecordDataset", "reads files"),
    ("FixedLengthRecordDatasetV2", "reads files"),
    ("FixedLengthRecordReader", "reads files"),
    ("FixedLengthRecordReaderV2", "reads files"),
    ("ImmutableConst", "maps a file into memory"),
    ("LoadDataset", "reads files"),
    ("LoadDatasetV2", "reads files"),
    ("MatchingFiles", "lists files"),
    ("MatchingFilesDataset", "lists files"),
    ("PyFunc", "calls Python code"),
    ("PyFuncStateless", "calls Python code"),
    ("ReadFile", "reads a file"),
    ("RegisterDataset", "sends data to another machine"),
    ("RegisterDatasetV2", "sends data to another machine"),
    ("Rpc", "calls another machine"),
    ("RpcCall", "calls another machine"),
    ("RpcClient", "calls another machine"),
    ("RpcServer", "opens a port"),
    ("RpcServerStart", "opens a port"),
    ("SaveDataset", "writes files"),
    ("SaveDatasetV2", "writes files"),
    ("SqlDataset", "reads a database"),
    ("TFRecordDataset", "reads files"),
    ("TFRecordDatasetV2", "reads files"),
    ("TFRecordReader", "reads files"),
    ("TFRecordReaderV2", "reads files"),
    ("TextLineDataset", "reads files"),
    ("TextLineReader", "reads files"),
    ("TextLineReaderV2", "reads files"),
    ("TryRpc", "calls another machine"),
    ("WholeFileReader", "reads files"),
    ("WholeFileReaderV2", "reads files"),
    ("WriteFile", "writes a file"),
];

const HELP: &str =
    "Export the model without this operator. It does so on your users' machines when they load or run the graph.";

/// The messages that are entered, by what leads to operators.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Message {
    SavedModel,
    MetaGraph,
    Graph,
    Library,
    Function,
    Node { operator: String },
    Attribute { key: String },
    Value,
}

impl Message {
    /// The message in a field; none where it is skipped.
    fn inner(&self, field: u64) -> Option<Self> {
        Some(match (self, field) {
            (Self::SavedModel, 2) => Self::MetaGraph,
            (Self::MetaGraph, 2) => Self::Graph,
            (Self::Graph, 1) | (Self::Function, 3) => Self::Node { operator: String::new() },
            (Self::Graph, 2) => Self::Library,
            (Self::Library, 1) => Self::Function,
            (Self::Node { .. }, 5) => Self::Attribute { key: String::new() },
            (Self::Attribute { key }, 2) if key == "output_stream" => Self::Value,
            _ => return None,
        })
    }

    /// Whether a field is a text that is read.
    fn reads(&self, field: u64) -> bool {
        matches!((self, field), (Self::Node { .. }, 2) | (Self::Attribute { .. }, 1) | (Self::Value, 2))
    }
}

/// Reads a SavedModel, or a graph alone. Of other files of protobuf nothing is said.
pub(super) fn scan<R: Read + Seek>(
    input: &mut Input<R>,
    is_saved_model: bool,
    found: &mut Actives,
) -> io::Result<Option<Fault>> {
    let root = if is_saved_model { Message::SavedModel } else { Message::Graph };
    let end = input.size();
    let mut stream = input.stream(0);
    let mut open = vec![(root, end)];
    let mut fields = 0_u64;
    let broken = || Ok(is_saved_model.then(|| unread("the graph")));
    while let Some((message, end)) = open.last_mut() {
        let at = stream.position();
        if at >= *end {
            if at > *end {
                return broken();
            }
            if let Some((Message::Node { operator }, _)) = open.pop() {
                judge(&operator, found);
            }
            continue;
        }
        fields += 1;
        if fields > MAX_FIELDS || stream.fetched() > MAX_FETCHED_BYTES {
            return broken();
        }
        let Some(tag) = varint(&mut stream)? else { return broken() };
        let (field, wire) = (tag >> 3, tag & 7);
        let length = match wire {
            0 if varint(&mut stream)?.is_some() => continue,
            1 => 8,
            5 => 4,
            2 => match varint(&mut stream)? {
                Some(length) => length,
                None => return broken(),
            },
            _ => return broken(),
        };
        let Some(stop) = stream.position().checked_add(length).filter(|stop| *stop <= *end) else { return broken() };
        if wire == 2 && message.reads(field) && length <= MAX_TEXT_BYTES {
            let Some(bytes) = stream.bytes(length as usize)? else { return broken() };
            let text = String::from_utf8_lossy(bytes).into_owned();
            match message {
                Message::Node { operator } => *operator = text,
                Message::Attribute { key } => *key = text,
                _ => printed(&text, found),
            }
        } else if wire == 2
            && let Some(inner) = message.inner(field)
        {
            open.push((inner, stop));
        } else {
            stream.skip(length);
        }
    }
    Ok(None)
}

/// Reads a graph that is written as text: `op: "ReadFile"`.
pub(super) fn scan_text<R: Read + Seek>(input: &mut Input<R>, found: &mut Actives) -> io::Result<Option<Fault>> {
    if input.size() > MAX_GRAPH_TEXT_BYTES {
        return Ok(Some(unread("the graph")));
    }
    let bytes = input.read(0, MAX_GRAPH_TEXT_BYTES as usize)?;
    let text = String::from_utf8_lossy(&bytes);
    for (at, word) in text.match_indices("op") {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let rest = text.get(at + word.len()..).unwrap_or_default().trim_start();
        let value = rest.strip_prefix(':').map(str::trim_start).and_then(|rest| rest.strip_prefix(['"', '\'']));
        if let Some(value) = value.filter(|_| !before.is_some_and(|last| last.is_alphanumeric() || last == '_')) {
            judge(value.split(['"', '\'']).next().unwrap_or_default(), found);
        }
    }
    Ok(None)
}

fn judge(operator: &str, found: &mut Actives) {
    let Ok(at) = OPERATORS.binary_search_by_key(&operator, |(name, _)| name) else { return };
    let Some((name, does)) = OPERATORS.get(at) else { return };
    found.push(Active::new(Danger::MayRun, format!("the graph has the operator `{name}`, which {does}"), HELP));
}

/// `PrintV2` prints to the screen, or to a file.
fn printed(stream: &str, found: &mut Actives) {
    if stream.starts_with("file:") {
        let message = format!("the graph prints to {}, which writes a file", shown(stream));
        found.push(Active::new(Danger::MayRun, message, HELP));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(OPERATORS.is_sorted());
    }
}

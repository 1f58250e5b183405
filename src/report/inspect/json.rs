//! The JSON of `inspect`, schema 1. Frozen as the report's is: a field may be added, and none is renamed, moved or removed.
//!
//! `schema-1.json` beside this file describes it as a JSON Schema.

use serde::Serialize;

use crate::bytes::FaultKind;
use crate::inspect::{Inspected, Verdict, Wanted};
use crate::pickle::Trust;
use crate::weights::Danger;

/// The value of the field `schema`.
pub const SCHEMA: &str = "hf-release-inspect/1";

/// The JSON Schema (draft 2020-12) that every document of this format satisfies.
#[cfg(test)]
pub const JSON_SCHEMA: &str = include_str!("schema-1.json");

/// A whole document.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// What wrote the document.
    pub tool: Tool<'a>,
    /// The weight files, in the order of the arguments, those of a folder sorted by path.
    pub files: Vec<File<'a>>,
    /// What could not be looked at.
    pub problems: Vec<Problem<'a>>,
    /// The exit code of the process.
    pub exit: u8,
}

/// What wrote the document.
#[derive(Debug, Serialize)]
pub struct Tool<'a> {
    /// The version of hf-release.
    pub version: &'a str,
}

/// Something that could not be looked at.
#[derive(Debug, Serialize)]
pub struct Problem<'a> {
    /// The path, where it is about one.
    pub path: Option<&'a str>,
    /// What is wrong.
    pub message: &'a str,
}

/// One weight file.
#[derive(Debug, Serialize)]
pub struct File<'a> {
    path: &'a str,
    size: u64,
    format: &'static str,
    named: Option<&'static str>,
    also: Vec<&'static str>,
    promised: Option<&'static str>,
    verdict: &'static str,
    pointer: Option<Pointer<'a>>,
    tensor_count: Option<u64>,
    parameters: Option<u64>,
    dtypes: Vec<Dtype<'a>>,
    metadata: Vec<Entry<'a>>,
    faults: Vec<Fault<'a>>,
    active: Vec<Activity<'a>>,
    pickle: Option<Pickle<'a>>,
    /// Absent where they were not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    tensors: Option<Vec<Tensor<'a>>>,
}

#[derive(Debug, Serialize)]
struct Pointer<'a> {
    sha256: &'a str,
    size: u64,
}

#[derive(Debug, Serialize)]
struct Dtype<'a> {
    dtype: &'a str,
    parameters: u64,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    key: &'a str,
    value: &'a str,
}

#[derive(Debug, Serialize)]
struct Fault<'a> {
    kind: &'static str,
    message: &'a str,
    help: &'a str,
    tensor: Option<&'a str>,
    offset: Option<u64>,
    breaks: bool,
}

#[derive(Debug, Serialize)]
struct Activity<'a> {
    danger: &'static str,
    message: &'a str,
    help: &'a str,
}

#[derive(Debug, Serialize)]
struct Pickle<'a> {
    imports: Vec<Import<'a>>,
    unread: &'a [String],
    /// Absent where they were not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    opcodes: Option<Vec<Opcode<'a>>>,
}

#[derive(Debug, Serialize)]
struct Opcode<'a> {
    offset: u64,
    opcode: &'static str,
    argument: &'a str,
}

#[derive(Debug, Serialize)]
struct Import<'a> {
    name: String,
    written: Option<&'a str>,
    trust: &'static str,
    member: Option<&'a str>,
    in_file: bool,
    nested: bool,
    offset: u64,
    opcode: &'static str,
    count: u64,
    calls: u64,
    call: Option<Call<'a>>,
}

#[derive(Debug, Serialize)]
struct Call<'a> {
    offset: u64,
    opcode: &'static str,
    arguments: &'a str,
}

#[derive(Debug, Serialize)]
struct Tensor<'a> {
    name: &'a str,
    dtype: Option<&'a str>,
    shape: &'a [u64],
    start: Option<u64>,
    end: Option<u64>,
}

impl<'a> File<'a> {
    /// A file as the document has it, with what was asked for.
    pub fn new(file: &'a Inspected, wanted: Wanted) -> Self {
        let listed = file.tensors.iter().map(|tensor| Tensor {
            name: &tensor.name,
            dtype: Some(tensor.dtype.as_ref()).filter(|dtype| !dtype.is_empty()),
            shape: &tensor.shape,
            start: tensor.range.as_ref().map(|range| range.start),
            end: tensor.range.as_ref().map(|range| range.end),
        });
        Self {
            path: &file.path,
            size: file.size,
            format: file.format.id(),
            named: file.named.map(|named| named.id),
            also: file.also.iter().map(|format| format.id()).collect(),
            promised: file.promised.map(|format| format.id()),
            verdict: verdict(file.verdict()),
            pointer: file.pointer.as_ref().map(|(sha256, size)| Pointer { sha256, size: *size }),
            tensor_count: file.tensor_count,
            parameters: file.parameters,
            dtypes: file.dtypes.iter().map(|(dtype, parameters)| Dtype { dtype, parameters: *parameters }).collect(),
            metadata: file.metadata.iter().map(|(key, value)| Entry { key, value }).collect(),
            faults: file
                .faults
                .iter()
                .map(|fault| Fault {
                    kind: kind(fault.kind),
                    message: &fault.message,
                    help: fault.help,
                    tensor: fault.tensor.as_deref(),
                    offset: fault.offset,
                    breaks: fault.breaks,
                })
                .collect(),
            active: file
                .active
                .iter()
                .map(|active| Activity {
                    danger: match active.danger {
                        Danger::NeedsCode => "needs-code",
                        Danger::MayRun => "may-run-code",
                        Danger::Attack => "attack",
                    },
                    message: &active.message,
                    help: active.help,
                })
                .collect(),
            pickle: pickle(file, wanted),
            tensors: wanted.tensors.then(|| listed.collect()),
        }
    }
}

fn pickle(file: &Inspected, wanted: Wanted) -> Option<Pickle<'_>> {
    if file.imports.is_none() && file.unread.is_empty() {
        return None;
    }
    let imports = file.imports.iter().flatten().map(|imported| Import {
        name: imported.import.reach.to_string(),
        written: imported.import.written.as_deref(),
        trust: match imported.trust() {
            Trust::Known => "known",
            Trust::Dangerous => "dangerous",
            Trust::Unknown | Trust::UntilCalled | Trust::Conditional(_) => "unknown",
        },
        member: imported.member.as_deref(),
        in_file: imported.in_file,
        nested: imported.import.is_nested,
        offset: imported.import.at,
        opcode: imported.import.opcode,
        count: imported.import.count,
        calls: imported.import.calls,
        call: imported.import.call.as_ref().map(|call| Call {
            offset: call.at,
            opcode: call.opcode,
            arguments: &call.arguments,
        }),
    });
    let opcodes =
        file.opcodes.iter().map(|line| Opcode { offset: line.at, opcode: line.opcode, argument: &line.argument });
    Some(Pickle {
        imports: imports.collect(),
        unread: &file.unread,
        opcodes: wanted.opcodes.then(|| opcodes.collect()),
    })
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::NotFetched => "not-fetched",
        Verdict::MayRunCode => "may-run-code",
        Verdict::NotRead => "not-read",
        Verdict::Irregular => "irregular",
        Verdict::NotChecked => "not-checked",
        Verdict::Disguised => "disguised",
        Verdict::Malformed => "malformed",
        Verdict::Dangerous => "dangerous",
    }
}

fn kind(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::CutShort => "cut-short",
        FaultKind::Leftover => "leftover",
        FaultKind::WrongFormat => "wrong-format",
        FaultKind::HeaderLength => "header-length",
        FaultKind::Syntax => "syntax",
        FaultKind::Field => "field",
        FaultKind::Dtype => "dtype",
        FaultKind::Size => "size",
        FaultKind::Overlap => "overlap",
        FaultKind::Duplicate => "duplicate",
        FaultKind::Name => "name",
        FaultKind::Alignment => "alignment",
        FaultKind::Checksum => "checksum",
        FaultKind::Limit => "limit",
    }
}

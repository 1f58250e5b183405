//! TorchScript: Python-like text in `code/`, whose operators the loader runs without Python.

use std::io::{self, Read, Seek};

use super::super::active::{Active, Actives, Danger};
use super::{member, unread};
use crate::bytes::Input;
use crate::bytes::fault::{Fault, shown};
use crate::bytes::zip::Directory;

/// How many scripts are read, and how many bytes of them in all. The largest real programs have some megabytes.
const MAX_SCRIPTS: usize = 10_000;
const MAX_BYTES: u64 = 128 * 1024 * 1024;

/// Operators that touch more than tensors, as the text calls them, and what they do (torch 2.15, `native_functions.yaml` and
/// `register_prim_ops.cpp`; torchvision 0.30, `io/image`; torchaudio 2.10, `sox_io`; `torch.distributed.rpc`).
const OPERATORS: &[(&str, &str)] = &[
    ("torch.save", "writes a file"),
    ("torch.from_file", "maps a file into memory"),
    ("torch.load", "reads a file"),
    ("ops.aten.save", "writes a file"),
    ("ops.aten.from_file", "maps a file into memory"),
    ("ops.image.read_file", "reads a file"),
    ("ops.image.write_file", "writes a file"),
    ("ops.torchaudio.sox_io_load_audio_file", "reads a file"),
    ("ops.torchaudio.sox_io_save_audio_file", "writes a file"),
    ("ops.torchaudio.sox_effects_apply_effects_file", "reads a file"),
    ("rpc.rpc_sync", "calls another machine"),
    ("rpc.rpc_async", "calls another machine"),
    ("rpc.rpc_remote", "calls another machine"),
];

const HELP: &str =
    "Export the model without this operator. It does so on your users' machines when the model is loaded or run.";

/// Reads the scripts of a program.
pub(super) fn scan<R: Read + Seek>(
    input: &mut Input<R>,
    directory: &Directory,
    found: &mut Actives,
) -> io::Result<Option<Fault>> {
    let scripts = directory.members.iter().filter(|member| {
        let name = member.name.as_str();
        name.ends_with(".py") && name.split_once('/').is_some_and(|(_, rest)| rest.starts_with("code/"))
    });
    let (mut fault, mut left) = (None, MAX_BYTES);
    for (number, script) in scripts.enumerate() {
        let text = match left.checked_sub(script.size).filter(|_| number < MAX_SCRIPTS) {
            Some(rest) => {
                left = rest;
                member(input, script)?
            }
            None => None,
        };
        let Some(text) = text else {
            fault = Some(unread(&format!("the script {}", shown(&script.name))));
            continue;
        };
        let text = String::from_utf8_lossy(&text);
        for (operator, does) in OPERATORS.iter().filter(|(operator, _)| calls(&text, operator)) {
            let message = format!("the script {} calls `{operator}`, which {does}", shown(&script.name));
            found.push(Active::new(Danger::MayRun, message, HELP));
        }
    }
    Ok(fault)
}

/// Whether a text calls a name, which is not the end of a longer one.
fn calls(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + name.len()..).unwrap_or_default().trim_start();
        after.starts_with('(') && !before.is_some_and(|last| last.is_alphanumeric() || last == '_' || last == '.')
    })
}

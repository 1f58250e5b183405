//! Content that no reader of the name's format takes.
//!
//! Each format that is read here has bytes to know it by. What has none of them, under a name that promises the format, is not
//! that format; how certain that makes a mistake depends on who else uses the name.

use super::super::msgpack;
use crate::bytes::fault::{Fault, FaultKind};
use crate::bytes::input::u32_at;
use crate::bytes::zip::Directory;
use crate::bytes::{Format, HEAD_BYTES};
use crate::source::RepoPath;

const UPLOAD: &str = "Upload the right file, or give this one the name of its format. Loaders choose the reader by the name, so loading fails.";
const RENAME: &str = "Rename the file if it is not for the loaders of this name. They cannot read it.";

/// A file of an unknown format, or a zip or text that is not what its name promises.
pub(super) fn fault(path: &RepoPath, format: Format, expected: &[Format], head: &[u8]) -> Option<Fault> {
    match format {
        Format::Unknown => unknown(path, expected, head),
        Format::Text if is_weights_name(path) => {
            let message = format!("the file is plain text, and the name `{}` is one of weights", path.name());
            Some(Fault::new(FaultKind::WrongFormat, message, RENAME).at(0).tolerated())
        }
        _ => None,
    }
}

/// What begins as nothing that the name promises.
fn unknown(path: &RepoPath, expected: &[Format], head: &[u8]) -> Option<Fault> {
    let wrong = |message: String| Fault::new(FaultKind::WrongFormat, message, UPLOAD).at(0);
    if let Some(what) = program(head) {
        return Some(wrong(format!("the file is {what}")));
    }
    let promised = *expected.first()?;
    let like = match promised {
        Format::TorchZip => "a PyTorch checkpoint",
        Format::Flax => "msgpack with Flax weights",
        other => other.name(),
    };
    let message = format!("the file does not begin as {like} does");
    let is_doubtful = match promised {
        Format::Onnx | Format::Hdf5 | Format::KerasZip | Format::Npz | Format::Npy | Format::TfLite | Format::Dduf => {
            return Some(wrong(message));
        }
        Format::Flax => path.name().contains("flax_model") || !msgpack::opens(head),
        Format::Pickle | Format::Tar | Format::Zip => true,
        Format::TorchZip => path.extension() != "bin" && !is_of_others(path, head),
        _ => false,
    };
    is_doubtful.then(|| Fault::new(FaultKind::WrongFormat, message, RENAME).at(0).tolerated())
}

/// A zip that the loaders of its name cannot use.
pub(super) fn zip(path: &RepoPath, directory: &Directory, expected: &[Format]) -> Option<Fault> {
    let has = |test: fn(&str) -> bool| directory.members.iter().any(|member| test(&member.name));
    let wrong = |message: &str, help| Some(Fault::new(FaultKind::WrongFormat, message, help));
    if directory.members.is_empty() {
        return None;
    }
    match expected.first()? {
        Format::KerasZip if !directory.has("config.json") => {
            wrong("the archive has no member `config.json`, which Keras reads first", KERAS)
        }
        Format::KerasZip if !has(|name| name.starts_with("model.weights")) => {
            wrong("the archive has no member `model.weights.h5`", KERAS)
        }
        Format::Npz if !has(|name| name.ends_with(".npy")) => {
            Some(wrong("the archive has no member that is an array (`.npy`)", RENAME)?.tolerated())
        }
        Format::TorchZip if path.extension() == "bin" => {
            wrong("the zip has no member `data.pkl`, which torch reads", UPLOAD)
        }
        Format::TorchZip | Format::Pickle if !has(is_of_torch) => {
            Some(wrong("the zip has no member `data.pkl`, which torch reads", RENAME)?.tolerated())
        }
        _ => None,
    }
}

/// A `.bin` of a name that only `torch.save` writes, and that it did not write. Beside a graph of OpenVINO or ncnn, the same name
/// is that of its raw numbers.
pub(super) fn torch_bin(
    path: &RepoPath,
    expected: Option<&[Format]>,
    size: &dyn Fn(&str) -> Option<u64>,
) -> Option<Fault> {
    let is_torch = expected.and_then(<[Format]>::first) == Some(&Format::TorchZip) && path.extension() == "bin";
    let stem = path.name().rsplit_once('.').map(|(stem, _)| stem).filter(|_| is_torch)?;
    let has_graph = ["xml", "param"].iter().any(|extension| size(&format!("{stem}.{extension}")).is_some());
    let message = "the file does not begin as a PyTorch checkpoint does";
    (!has_graph).then(|| Fault::new(FaultKind::WrongFormat, message, UPLOAD).at(0))
}

const KERAS: &str = "Save the model again with `model.save`. Keras rejects this archive, so loading fails.";

/// A member of the zips of torch that have no `data.pkl`: packages, exported programs, and what contains pickles to unpack.
fn is_of_torch(name: &str) -> bool {
    const ENDS: &[&str] = &[".pkl", ".pt", ".pth", ".pt2", ".ptl", ".so", "archive_format", "/version"];
    name.contains("/.data/") || name.starts_with(".data/") || ENDS.iter().any(|end| name.ends_with(end))
}

/// Names under which nothing but a checkpoint is published, so that a text there is a mistake. Others of the same extensions are
/// counters of SpeechBrain, Portuguese texts, lists of Python paths, or settings in the language Pkl.
fn is_weights_name(path: &RepoPath) -> bool {
    const STEMS: &[&str] =
        &["best", "best_model", "checkpoint", "classifier", "last", "model", "model_best", "state_dict", "weights"];
    let name = path.name().to_ascii_lowercase();
    name.rsplit_once('.').is_some_and(|(stem, extension)| match extension {
        "joblib" | "pickle" => true,
        "pt" | "pth" | "ckpt" | "pkl" => STEMS.contains(&stem) || stem.starts_with("pytorch_model"),
        _ => false,
    })
}

/// What other programs publish under torch's extensions: TensorRT's engines, checkpoints of MindSpore (a list of messages, each
/// with a name first) and of TensorFlow's first version (a table whose first key is empty).
fn is_of_others(path: &RepoPath, head: &[u8]) -> bool {
    let is_table = head.starts_with(&[0, 0]);
    let is_message = head.strip_prefix(&[0x0A]).is_some_and(|rest| {
        let length = rest.iter().take(5).take_while(|byte| **byte >= 0x80).count() + 1;
        rest.get(length) == Some(&0x0A)
    });
    head.starts_with(b"ftrt") || (path.extension() == "ckpt" && (is_table || is_message))
}

/// A program for some processor.
fn program(head: &[u8]) -> Option<&'static str> {
    const MACH: &[&[u8]] =
        &[b"\xFE\xED\xFA\xCE", b"\xFE\xED\xFA\xCF", b"\xCE\xFA\xED\xFE", b"\xCF\xFA\xED\xFE", b"\xCA\xFE\xBA\xBE"];
    if head.starts_with(b"\x7FELF") {
        Some("a program for Linux (ELF)")
    } else if MACH.iter().any(|magic| head.starts_with(magic)) {
        Some("a program for macOS (Mach-O) or Java")
    } else {
        let at = u32_at(head, 0x3C).filter(|_| head.starts_with(b"MZ"))? as usize;
        let is_signed = at.checked_add(4).and_then(|end| head.get(at..end)).is_none_or(|four| four == b"PE\0\0");
        (is_signed && (at < HEAD_BYTES || head.len() == HEAD_BYTES)).then_some("a program for Windows (PE)")
    }
}

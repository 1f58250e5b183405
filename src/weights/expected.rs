//! What a file's name promises.

use crate::bytes::Format;
use crate::source::RepoPath;

/// PyTorch's own layouts. `torch.package` files and plain zips with a `.pt` name exist and load.
const TORCH: &[Format] =
    &[Format::TorchZip, Format::TorchLegacy, Format::TorchTar, Format::TorchScript, Format::Pickle, Format::Zip];

/// The same under names that other things have too: `.pt` is also Portuguese text, `.pth` a list of Python paths.
const TORCH_OR_TEXT: &[Format] = &[
    Format::TorchZip,
    Format::TorchLegacy,
    Format::TorchTar,
    Format::TorchScript,
    Format::Pickle,
    Format::Zip,
    Format::Text,
];

/// A `.ckpt` is PyTorch's, or a Keras or TensorFlow one; the latter have no fixed look. SpeechBrain writes counters and label
/// encoders as text under this name.
const CHECKPOINT: &[Format] = &[
    Format::TorchZip,
    Format::TorchLegacy,
    Format::TorchTar,
    Format::TorchScript,
    Format::Pickle,
    Format::Zip,
    Format::Hdf5,
    Format::KerasHdf5,
    Format::Text,
];

/// Pickles by their name are also written by `torch.save`, and may be compressed as a whole, as joblib does. A pickle of
/// protocol 0 is text, and a short one looks like any other; `.pkl` is also a configuration language.
const PICKLE: &[Format] = &[
    Format::Pickle,
    Format::TorchZip,
    Format::TorchLegacy,
    Format::Zip,
    Format::Gzip,
    Format::Bzip2,
    Format::Xz,
    Format::Zstd,
    Format::Lz4,
    Format::Zlib,
    Format::Lzma,
    Format::Text,
];

const HDF5: &[Format] = &[Format::Hdf5, Format::KerasHdf5];

/// Keras 3's archive; Keras 2 wrote HDF5 under the same extension.
const KERAS: &[Format] = &[Format::KerasZip, Format::Zip, Format::KerasHdf5, Format::Hdf5];

/// An archive without any `.npy` member is still what `numpy.savez` makes of no array.
const NPZ: &[Format] = &[Format::Npz, Format::Zip];

/// The formats that a file's name promises, the usual one first; none where the name promises nothing, as `.bin`
/// alone does (OpenVINO, fastText, GGML and raw numbers use it too). A file of a format outside the list is
/// disguised, unless it is [`Format::Unknown`], which proves nothing.
pub fn expected(path: &RepoPath) -> Option<&'static [Format]> {
    let name = path.name().to_ascii_lowercase();
    let (stem, extension) = name.rsplit_once('.')?;
    Some(match extension {
        "safetensors" => &[Format::Safetensors],
        "gguf" => &[Format::Gguf],
        "bin" if is_torch_bin(stem) => TORCH,
        "pt" | "pth" => TORCH_OR_TEXT,
        "ckpt" => CHECKPOINT,
        "pkl" | "pickle" | "joblib" => PICKLE,
        "npy" => &[Format::Npy],
        "npz" => NPZ,
        "h5" | "hdf5" => HDF5,
        "keras" => KERAS,
        "onnx" => &[Format::Onnx],
        "msgpack" => &[Format::Flax],
        "tflite" => &[Format::TfLite],
        "dduf" => &[Format::Dduf],
        "nemo" => &[Format::Tar, Format::Gzip],
        "mar" | "pt2" => &[Format::Zip, Format::TorchZip, Format::Gzip],
        "skops" => &[Format::Zip],
        "pdparams" | "pdopt" => &[Format::Pickle],
        _ => return None,
    })
}

/// The `.bin` names that only `torch.save` writes: transformers, diffusers, PEFT and accelerate.
pub(super) fn is_torch_bin(stem: &str) -> bool {
    const WHOLE: &[&str] =
        &["adapter_model", "training_args", "optimizer", "scheduler", "pytorch_lora_weights", "learned_embeds"];
    const START: &[&str] = &["pytorch_model", "diffusion_pytorch_model"];
    WHOLE.contains(&stem) || START.iter().any(|start| stem.starts_with(start))
}

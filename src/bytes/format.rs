//! The formats that are known.

/// What the bytes of a file are, whatever its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// The small text that stands for a large file until git-lfs fetches it.
    LfsPointer,
    /// Hugging Face's tensor format.
    Safetensors,
    /// llama.cpp's format.
    Gguf,
    /// The formats before GGUF: `ggml`, `ggmf`, `ggjt`, `ggla`.
    Ggml,
    /// PyTorch since 1.6: a zip with a pickle in it.
    TorchZip,
    /// A PyTorch program: a torch zip with code.
    TorchScript,
    /// PyTorch before 1.6: pickles back to back, then raw numbers.
    TorchLegacy,
    /// PyTorch 0.1: a tar with pickles in it.
    TorchTar,
    /// Any other Python pickle.
    Pickle,
    /// A numpy array.
    Npy,
    /// A zip of numpy arrays.
    Npz,
    /// HDF5 that is not known to come from Keras.
    Hdf5,
    /// HDF5 as Keras 2 writes it.
    KerasHdf5,
    /// A `.keras` archive, Keras 3.
    KerasZip,
    /// A diffusers pipeline in one zip.
    Dduf,
    /// ONNX.
    Onnx,
    /// Flax weights in msgpack.
    Flax,
    /// TensorFlow Lite.
    TfLite,
    /// A zip of anything else.
    Zip,
    /// A tar of anything else.
    Tar,
    /// 7z.
    SevenZip,
    /// gzip.
    Gzip,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// Zstandard.
    Zstd,
    /// LZ4 frames.
    Lz4,
    /// A bare zlib stream, joblib's usual compression.
    Zlib,
    /// LZMA without a container.
    Lzma,
    /// HTML, as a failed download leaves it.
    WebPage,
    /// A server's error message, as a failed download leaves it.
    ErrorMessage,
    /// Any other text.
    Text,
    /// No bytes at all.
    Empty,
    /// None of these.
    Unknown,
}

impl Format {
    /// The format in words that fit into "this is …".
    pub fn name(self) -> &'static str {
        match self {
            Self::LfsPointer => "a git-lfs pointer",
            Self::Safetensors => "safetensors",
            Self::Gguf => "GGUF",
            Self::Ggml => "GGML, the format before GGUF",
            Self::TorchZip => "a PyTorch checkpoint (zip with a pickle)",
            Self::TorchScript => "a TorchScript program",
            Self::TorchLegacy => "a PyTorch checkpoint in the layout before 1.6 (pickles)",
            Self::TorchTar => "a PyTorch checkpoint in the layout of 0.1 (tar with pickles)",
            Self::Pickle => "a Python pickle",
            Self::Npy => "a numpy array",
            Self::Npz => "a zip of numpy arrays",
            Self::Hdf5 => "HDF5",
            Self::KerasHdf5 => "a Keras model in HDF5",
            Self::KerasZip => "a Keras archive",
            Self::Dduf => "a DDUF archive",
            Self::Onnx => "ONNX",
            Self::Flax => "Flax weights (msgpack)",
            Self::TfLite => "TensorFlow Lite",
            Self::Zip => "a zip archive",
            Self::Tar => "a tar archive",
            Self::SevenZip => "a 7z archive",
            Self::Gzip => "gzip-compressed",
            Self::Bzip2 => "bzip2-compressed",
            Self::Xz => "xz-compressed",
            Self::Zstd => "Zstandard-compressed",
            Self::Lz4 => "LZ4-compressed",
            Self::Zlib => "zlib-compressed",
            Self::Lzma => "LZMA-compressed",
            Self::WebPage => "a web page",
            Self::ErrorMessage => "an error message from a server",
            Self::Text => "text",
            Self::Empty => "empty",
            Self::Unknown => "of an unknown format",
        }
    }

    /// The format for programs: lower case, with hyphens, and the same in every version.
    pub fn id(self) -> &'static str {
        match self {
            Self::LfsPointer => "lfs-pointer",
            Self::Safetensors => "safetensors",
            Self::Gguf => "gguf",
            Self::Ggml => "ggml",
            Self::TorchZip => "torch-zip",
            Self::TorchScript => "torchscript",
            Self::TorchLegacy => "torch-legacy",
            Self::TorchTar => "torch-tar",
            Self::Pickle => "pickle",
            Self::Npy => "npy",
            Self::Npz => "npz",
            Self::Hdf5 => "hdf5",
            Self::KerasHdf5 => "keras-hdf5",
            Self::KerasZip => "keras-zip",
            Self::Dduf => "dduf",
            Self::Onnx => "onnx",
            Self::Flax => "flax",
            Self::TfLite => "tflite",
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::SevenZip => "7z",
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
            Self::Zlib => "zlib",
            Self::Lzma => "lzma",
            Self::WebPage => "web-page",
            Self::ErrorMessage => "error-message",
            Self::Text => "text",
            Self::Empty => "empty",
            Self::Unknown => "unknown",
        }
    }

    /// The extensions that are right for the format, the usual one first; empty where any name will do.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Safetensors => &["safetensors"],
            Self::Gguf => &["gguf"],
            Self::TorchZip | Self::TorchLegacy | Self::TorchTar => &["bin", "pt", "pth", "ckpt"],
            Self::TorchScript => &["pt", "ts", "torchscript"],
            Self::Pickle => &["pkl", "pickle", "joblib"],
            Self::Npy => &["npy"],
            Self::Npz => &["npz"],
            Self::Hdf5 | Self::KerasHdf5 => &["h5", "hdf5"],
            Self::KerasZip => &["keras"],
            Self::Dduf => &["dduf"],
            Self::Onnx => &["onnx"],
            Self::Flax => &["msgpack"],
            Self::TfLite => &["tflite"],
            Self::Zip => &["zip"],
            Self::Tar => &["tar"],
            Self::SevenZip => &["7z"],
            Self::Gzip => &["gz"],
            Self::Bzip2 => &["bz2"],
            Self::Xz => &["xz"],
            Self::Zstd => &["zst"],
            Self::Lz4 => &["lz4"],
            Self::Lzma => &["lzma"],
            Self::WebPage => &["html", "htm"],
            Self::LfsPointer
            | Self::Ggml
            | Self::Zlib
            | Self::ErrorMessage
            | Self::Text
            | Self::Empty
            | Self::Unknown => &[],
        }
    }

    /// Whether loading the format the usual way unpickles something.
    pub fn holds_pickle(self) -> bool {
        matches!(self, Self::TorchZip | Self::TorchScript | Self::TorchLegacy | Self::TorchTar | Self::Pickle)
    }

    /// Whether the file is an archive of members in zip form.
    pub fn is_zip(self) -> bool {
        matches!(self, Self::TorchZip | Self::TorchScript | Self::Npz | Self::KerasZip | Self::Dduf | Self::Zip)
    }

    /// Whether the file is text, or nothing.
    pub fn is_text(self) -> bool {
        matches!(self, Self::LfsPointer | Self::WebPage | Self::ErrorMessage | Self::Text | Self::Empty)
    }

    /// Whether the bytes are a compressed stream whose contents were not looked at.
    pub fn is_compressed(self) -> bool {
        matches!(
            self,
            Self::SevenZip | Self::Gzip | Self::Bzip2 | Self::Xz | Self::Zstd | Self::Lz4 | Self::Zlib | Self::Lzma
        )
    }
}

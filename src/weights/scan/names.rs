//! What names say about who reads a file.

use super::super::expected::is_torch_bin;
use crate::bytes::Format;

/// Extensions of what a loader unpickles.
const UNPICKLED: &[&str] =
    &["pkl", "pickle", "joblib", "dill", "pt", "pth", "ckpt", "nemo", "mar", "pt2", "pdparams", "pdopt"];

/// Extensions that only say how a file is packed.
const PACKED: &[&str] = &["gz", "bz2", "xz", "lzma", "zst", "lz4", "z", "7z"];

/// Archives that bear their own name are unpacked by hand, if at all.
pub(super) const ARCHIVES: &[&str] = &["7z", "rar"];

/// Whether a loader unpickles a file of this name: torch, joblib, pandas and whatever reads `.pkl`. A `.bin` can be
/// anything, so its content must be of a kind that hides content.
pub fn is_unpickled(name: &str, format: Format) -> bool {
    let name = file_name(name).to_ascii_lowercase();
    let name = match name.rsplit_once('.') {
        Some((stem, extension)) if PACKED.contains(&extension) => stem,
        _ => name.as_str(),
    };
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let hides = matches!(
        format,
        Format::SevenZip | Format::Gzip | Format::Bzip2 | Format::Xz | Format::Zstd | Format::Lz4 | Format::Unknown
    );
    UNPICKLED.contains(&extension) || (extension == "bin" && (is_torch_bin(stem) || hides))
}

/// Whether a member of a torch zip is a storage: raw numbers under a name of digits. Torch never unpickles one.
pub(crate) fn is_storage(name: &str) -> bool {
    let mut parts = name.split('/').skip(1);
    let (folder, key, more) = (parts.next(), parts.next(), parts.next());
    let is_key = key.is_some_and(|key| !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit()));
    matches!(folder, Some("data" | "constants")) && is_key && more.is_none()
}

/// The members that torch itself unpickles; it does not mind the case of letters.
pub(crate) fn is_torch_pickle(name: &str) -> bool {
    let within = name.split_once('/').map_or("", |(_, rest)| rest);
    ["data.pkl", "constants.pkl", "attributes.pkl"].iter().any(|own| within.eq_ignore_ascii_case(own))
}

/// The last part of a path, whichever slash it is written with.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// Containers that are not opened and have no [`Format`] of their own.
pub(super) fn other_container(head: &[u8]) -> Option<&'static str> {
    const MAGIC: &[(&[u8], &str)] = &[
        (b"Rar!\x1A\x07", "a RAR archive"),
        (b"LZIP\x01", "lzip-compressed"),
        (b"\x89LZO\0\r\n\x1A\n", "lzop-compressed"),
        (b"MSCF\0\0\0\0", "a cabinet archive"),
        (b"\x1F\x9D", "compressed with `compress`"),
        (b"!<arch>\n", "an ar archive"),
    ];
    MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, name)| *name)
}

/// What other languages make objects from, and code that these bring along: Java's serialized objects, and Torch7's, which are
/// Lua's. Nothing here reads them.
pub(super) fn other_objects(name: &str, head: &[u8]) -> Option<&'static str> {
    // The magic number and version of a stream, then the type of its first content.
    if matches!(head, [0xAC, 0xED, 0, 5, 0x70..=0x7E, ..]) {
        return Some("a stream of Java objects");
    }
    // The type of the first value, a small number; then, soon, the version of a class or the bytecode of a function.
    let opens = matches!(head, [1..=8, 0, 0, 0, ..]);
    let contains = |part: &[u8]| head.windows(part.len()).any(|window| window == part);
    let is_named = name.to_ascii_lowercase().ends_with(".t7");
    let is_torch7 = opens && (is_named || contains(b"\x03\0\0\0V 1") || contains(b"\x1BLua") || contains(b"\x1BLJ"));
    is_torch7.then_some("a Torch7 file of Lua objects")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loaders_are_known_by_the_name() {
        for name in ["model.pt", "a/b.PKL", "x\\y.joblib", "m.pkl.gz", "pytorch_model-00001-of-00002.bin", "x.nemo"] {
            assert!(is_unpickled(name, Format::Text), "{name}");
        }
        for name in
            ["vocab.bin", "data.tar.gz", "x.7z", "README.md", "pt", "model.ckpt.index", "a.pt.data-00000-of-00001"]
        {
            assert!(!is_unpickled(name, Format::Text), "{name}");
        }
        assert!(is_unpickled("model.bin", Format::SevenZip) && !is_unpickled("model.bin", Format::Zlib));
    }

    #[test]
    fn objects_of_other_languages_are_known() {
        let tensor = b"\x04\0\0\0\x01\0\0\0\x03\0\0\0V 1\x11\0\0\0torch.FloatTensor";
        assert_eq!(other_objects("net.bin", tensor), Some("a Torch7 file of Lua objects"));
        assert_eq!(other_objects("net.t7", b"\x03\0\0\0\x01\0\0\0"), Some("a Torch7 file of Lua objects"));
        assert_eq!(other_objects("m.model", b"\xAC\xED\0\x05sr\0"), Some("a stream of Java objects"));
        for other in [b"\x04\0\0\0\x01\0\0\0".as_slice(), b"\xAC\xED\0\x05\0", b"", b"\x06\0\0\0\x10TransformerSpec"] {
            assert_eq!(other_objects("model.bin", other), None, "{other:?}");
        }
    }

    #[test]
    fn storages_are_known_by_their_place() {
        for name in ["archive/data/0", "m/data/94133", "m/constants/3"] {
            assert!(is_storage(name), "{name}");
        }
        for name in ["archive/data.pkl", "data/0", "m/x/data/0", "m/data/0x", "m/data/", "m/code/0", "m/data/0/1"] {
            assert!(!is_storage(name), "{name}");
        }
    }
}

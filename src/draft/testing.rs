//! Small repositories on disk, for tests of texts that are made from files.

use std::fs;

use super::Material;
use crate::evidence::Subject;
use crate::release::{Options, Release};

/// Calls a function with the material of a folder with these files, whose id is `acme/lamp`.
pub(super) fn with<T>(files: &[(&str, &[u8])], make: impl FnOnce(Material<'_>) -> T) -> T {
    with_id(Some("acme/lamp"), files, make)
}

/// The same with another id, or none.
pub(super) fn with_id<T>(id: Option<&str>, files: &[(&str, &[u8])], make: impl FnOnce(Material<'_>) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let release = Release::open(folder.path(), &Options { repo_id: id.map(str::to_owned) }).unwrap();
    make(Material::of_files(&Subject::new(&release)))
}

/// A safetensors file with one tensor of each type and number of elements.
pub(super) fn safetensors(tensors: &[(&str, u64, u64)]) -> Vec<u8> {
    let (mut entries, mut end) = (Vec::new(), 0);
    for (number, (dtype, width, elements)) in tensors.iter().enumerate() {
        let start = end;
        end += width * elements;
        entries.push(format!(
            "\"t{number}\":{{\"dtype\":\"{dtype}\",\"shape\":[{elements}],\"data_offsets\":[{start},{end}]}}"
        ));
    }
    let header = format!("{{{}}}", entries.join(","));
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + end as usize, 0);
    bytes
}

/// A GGUF file with these texts as keys, and one tensor of 256 elements.
pub(super) fn gguf(keys: &[(&str, &str)]) -> Vec<u8> {
    let string = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
    let mut bytes = [&b"GGUF\x03\0\0\0"[..], &1_u64.to_le_bytes(), &(keys.len() as u64).to_le_bytes()].concat();
    for (key, value) in keys {
        bytes.extend([&string(key)[..], &8_u32.to_le_bytes(), &string(value)].concat());
    }
    bytes.extend(string("w"));
    bytes.extend(
        [&1_u32.to_le_bytes()[..], &256_u64.to_le_bytes(), &0_u32.to_le_bytes(), &0_u64.to_le_bytes()].concat(),
    );
    bytes.resize(bytes.len().next_multiple_of(32) + 1024, 0);
    bytes
}

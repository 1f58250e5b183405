//! Weight files for tests.

use std::io::Cursor;

use super::{Inspected, Wanted};
use crate::source::RepoPath;

pub(crate) fn safetensors(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.extend(std::iter::repeat_n(0, data));
    bytes
}

pub(crate) const ALL: Wanted = Wanted { tensors: true, imports: true, opcodes: true };

pub(crate) fn read(path: &str, bytes: Vec<u8>) -> Option<Inspected> {
    let size = bytes.len() as u64;
    Inspected::read(&RepoPath::new(path), Cursor::new(bytes), size, ALL, &|_| None).unwrap()
}

pub(crate) fn pointer(size: u64) -> Vec<u8> {
    format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {size}\n", "a".repeat(64)).into_bytes()
}

pub(crate) const HEADER: &str = r#"{"__metadata__":{"format":"pt","author":"\u001b[31mred"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[24,26]}}"#;

/// One of each verdict.
pub(crate) fn shelf() -> Vec<Inspected> {
    [
        ("model.safetensors", safetensors(HEADER, 26)),
        ("broken.safetensors", safetensors(HEADER, 20)),
        ("evil.safetensors", b"\x80\x02}.".to_vec()),
        ("optimizer.pt", b"\x80\x02clamp\nThing\n.".to_vec()),
        ("virus.pt", b"\x80\x02cposix\nsystem\nX\x04\0\0\0\x1b[1m\x85R.".to_vec()),
        ("plain.pt", b"\x80\x02ccollections\nOrderedDict\n)R.".to_vec()),
        ("pytorch_model.bin", pointer(9_000_000_000)),
        ("weights.pkl", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0".to_vec()),
        ("head.npy", b"\x93NUMPY\x01\0\x46\0{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }             \n\0\0\0\0\0\0\0\0".to_vec()),
    ]
    .into_iter()
    .map(|(path, bytes)| read(path, bytes).unwrap())
    .collect()
}

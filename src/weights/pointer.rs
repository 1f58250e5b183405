//! git-lfs pointers.

/// Pointers are shorter than this.
const MAX_POINTER_BYTES: usize = 1024;

/// What stands in for a large file that was not fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// SHA-256 of the real file, 64 hexadecimal digits.
    pub sha256: String,
    /// Length of the real file in bytes.
    pub size: u64,
}

/// Whether bytes open as a pointer does.
pub(super) fn is_pointer(bytes: &[u8]) -> bool {
    bytes.starts_with(b"version https://git-lfs.github.com/spec/v1") && bytes.len() < MAX_POINTER_BYTES
}

impl Pointer {
    /// Reads a whole pointer file; none where a line is missing or malformed.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        if !is_pointer(bytes) {
            return None;
        }
        let text = std::str::from_utf8(bytes).ok()?;
        let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
        let sha256 = value("oid")?.strip_prefix("sha256:")?.trim_end();
        let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        let size = value("size")?.trim_end().parse().ok()?;
        is_hash.then(|| Self { sha256: sha256.to_owned(), size })
    }
}

//! Limits of the Hub on files and folders, and the patterns it writes into a new repository's `.gitattributes`. Decimal
//! units, as in hub-docs (storage-limits.md). A test compares each with `facts/file-rules.json`.

/// Larger files should be split, in bytes (recommended).
pub const FILE_RECOMMENDED_BYTES: u64 = 200_000_000_000;
/// Larger files are refused, in bytes.
pub const FILE_MAX_BYTES: u64 = 500_000_000_000;
/// More files than this slow a repository down (recommended).
pub const FILES_RECOMMENDED: usize = 100_000;
/// More entries in one folder are refused.
pub const FOLDER_MAX_ENTRIES: usize = 10_000;
/// The Hub does not read a longer safetensors header, in bytes.
pub const SAFETENSORS_HEADER_MAX_BYTES: u64 = 25_000_000;
/// A larger text file outside LFS is refused by `git push`, in bytes (10 MiB).
pub const TEXT_MAX_BYTES: u64 = 10 * 1024 * 1024;

/// The patterns that the Hub puts under LFS in the `.gitattributes` of a new model repository.
pub fn default_lfs_patterns() -> impl Iterator<Item = &'static str> {
    super::table::Table::new(include_str!("tables/lfs-patterns.tsv")).rows().map(super::table::Row::key)
}

//! Rules about whether what is pushed loads and is clean.

mod downloads_not_counted;
mod lfs_pointer;
mod local_path_leak;
mod missing_companion;

pub(super) use downloads_not_counted::DownloadsNotCounted;
pub(super) use lfs_pointer::LfsPointer;
pub(super) use local_path_leak::LocalPathLeak;
pub(super) use missing_companion::MissingCompanion;

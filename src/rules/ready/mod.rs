//! Rules about whether what is pushed loads and is clean.

mod downloads_not_counted;
mod lfs_pointer;

pub(super) use downloads_not_counted::DownloadsNotCounted;
pub(super) use lfs_pointer::LfsPointer;

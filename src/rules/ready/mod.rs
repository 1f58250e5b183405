//! Rules about whether what is pushed loads and is clean.

mod lfs_pointer;

pub(super) use lfs_pointer::LfsPointer;

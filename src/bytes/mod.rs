//! Bytes of large and hostile files: bounded reading, archives and compressed streams, and how what is wrong is said.
//!
//! Knows how much of a file is read, what a zip or tar lists and what a stream unpacks to; memory and work are bounded by
//! named caps. It does not know what a tensor, a pickle or a release is: [`Format`] only names the formats that the rooms
//! above tell apart.

pub(crate) mod fault;
pub(crate) mod format;
pub(crate) mod input;
pub(crate) mod tar;
pub(crate) mod unpack;
pub(crate) mod zip;

pub use fault::{Fault, FaultKind};
pub use format::Format;
pub use input::{HEAD_BYTES, Input};

#[cfg(test)]
pub(crate) mod testing;

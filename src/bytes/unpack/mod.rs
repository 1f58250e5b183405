//! Bytes inside bytes: members of archives, and what compressed streams give.
//!
//! Knows how to read forward and again from the start, and what that may cost. It does not know what the bytes mean.
//! Whatever a file claims, memory is bounded by [`MAX_DICTIONARY_KIB`] for each of at most [`MAX_PACKINGS`] streams in one
//! another, and work by the [`Allowance`] of the file.

mod content;
mod inflate;
mod stream;

use std::cell::Cell;

pub(crate) use content::{Content, HeadEnd, Opened};

use crate::bytes::Format;

/// How much memory one LZMA stream may ask for: what xz needs at its highest level, and its tables.
pub(crate) const MAX_DICTIONARY_KIB: u32 = 66 * 1024;

/// How many compressed streams may stand in one another. A gzip'd tar with a deflated zip in it has two.
pub(crate) const MAX_PACKINGS: usize = 3;

/// The work that any file may cost, in bytes that zlib unpacks: well under a second.
pub(crate) const BASE_WORK: u64 = 192 * 1024 * 1024;

/// The work that every byte of the file adds.
pub(crate) const WORK_PER_BYTE: u64 = 16;

/// A way to compress that is undone here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// As members of zips are.
    Deflate,
    Zlib,
    Gzip,
    Bzip2,
    Xz,
    /// LZMA with the header of 13 bytes.
    Lzma,
    /// LZMA as members of zips are.
    ZipLzma,
}

impl Packing {
    /// The packing of a whole file; none for what is not undone here.
    pub(crate) fn of(format: Format) -> Option<Self> {
        match format {
            Format::Zlib => Some(Self::Zlib),
            Format::Gzip => Some(Self::Gzip),
            Format::Bzip2 => Some(Self::Bzip2),
            Format::Xz => Some(Self::Xz),
            Format::Lzma => Some(Self::Lzma),
            _ => None,
        }
    }

    /// What a byte costs, against one of zlib.
    fn cost(self) -> u64 {
        match self {
            Self::Deflate | Self::Zlib | Self::Gzip => 1,
            Self::Xz | Self::Lzma | Self::ZipLzma => 2,
            Self::Bzip2 => 4,
        }
    }
}

/// How much may still be unpacked of one file, over all its members and all readings.
#[derive(Debug)]
pub(crate) struct Allowance {
    left: Cell<u64>,
    is_spent: Cell<bool>,
}

impl Allowance {
    /// For a file of `size` bytes.
    fn new(size: u64) -> Self {
        Self::of(BASE_WORK.saturating_add(size.saturating_mul(WORK_PER_BYTE)))
    }

    /// So much work.
    pub(crate) fn of(work: u64) -> Self {
        Self { left: Cell::new(work), is_spent: Cell::new(false) }
    }

    /// Adds what the bytes of the file add, where it was given less.
    pub(crate) fn add_for(&self, size: u64) {
        self.left.set(self.left.get().saturating_add(size.saturating_mul(WORK_PER_BYTE)));
    }

    /// Whether something was not unpacked for want of it.
    pub(crate) fn is_spent(&self) -> bool {
        self.is_spent.get()
    }

    /// How many bytes of this packing may be unpacked now.
    fn room(&self, packing: Packing) -> u64 {
        self.left.get() / packing.cost()
    }

    fn spend(&self, packing: Packing, bytes: u64) {
        self.left.set(self.left.get().saturating_sub(bytes.saturating_mul(packing.cost())));
    }
}

#[cfg(test)]
pub(crate) mod tests;

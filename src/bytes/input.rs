//! Reading a few bytes of a large file.

use std::io::{self, Read, Seek, SeekFrom};

/// How much of every file is read first. It decides most formats, and is all that is read of a text.
pub const HEAD_BYTES: usize = 4096;

/// How much a [`Stream`] reads at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// A file of known size, its head in memory. A reader that ends before `size` (a file that shrinks while it is read)
/// is treated as one that ends there.
#[derive(Debug)]
pub struct Input<R> {
    reader: R,
    size: u64,
    head: Vec<u8>,
}

impl<R: Read + Seek> Input<R> {
    /// Reads the head of a file of `size` bytes.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn new(reader: R, size: u64) -> io::Result<Self> {
        let mut input = Self { reader, size, head: Vec::new() };
        input.head = input.read_fresh(0, HEAD_BYTES)?;
        if input.head.len() < HEAD_BYTES {
            input.size = size.min(input.head.len() as u64);
        }
        Ok(input)
    }

    /// A file whose head was looked at before: nothing is read until it is asked for.
    pub fn without_head(reader: R, size: u64) -> Self {
        Self { reader, size, head: Vec::new() }
    }

    /// Gives the reader back.
    #[cfg(test)]
    pub fn into_inner(self) -> R {
        self.reader
    }

    /// The file's length in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The first [`HEAD_BYTES`] bytes, or the whole file where it is shorter.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// The bytes from `offset`, `length` of them or as many as there are. Nothing is allocated for what the file does
    /// not hold.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn read(&mut self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let known = usize::try_from(offset).ok().and_then(|start| self.head.get(start..start.checked_add(length)?));
        match known {
            Some(known) => Ok(known.to_vec()),
            None => self.read_fresh(offset, length),
        }
    }

    fn read_fresh(&mut self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let length = self.size.saturating_sub(offset).min(length as u64);
        let mut bytes = Vec::with_capacity(length as usize);
        if length > 0 {
            self.reader.seek(SeekFrom::Start(offset))?;
            self.reader.by_ref().take(length).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    }

    /// Reads on from `offset`, small pieces at a time.
    pub(crate) fn stream(&mut self, offset: u64) -> Stream<'_, R> {
        Stream { input: self, chunk: Vec::new(), start: offset, at: 0, fetched: 0 }
    }
}

/// A place in a file that moves forward. Every method that takes bytes gives `None` at the end of the file.
pub(crate) struct Stream<'i, R> {
    input: &'i mut Input<R>,
    chunk: Vec<u8>,
    /// Where in the file `chunk` starts.
    start: u64,
    /// How much of `chunk` has been taken.
    at: usize,
    fetched: u64,
}

impl<R: Read + Seek> Stream<'_, R> {
    /// The offset of the next byte.
    pub(crate) fn position(&self) -> u64 {
        self.start.saturating_add(self.at as u64)
    }

    /// How many bytes follow.
    pub(crate) fn remaining(&self) -> u64 {
        self.input.size.saturating_sub(self.position())
    }

    /// How many bytes were read so far, whether taken or not.
    pub(crate) fn fetched(&self) -> u64 {
        self.fetched
    }

    /// Goes forward without reading; past the end is allowed, and nothing follows there.
    pub(crate) fn skip(&mut self, length: u64) {
        let inside = usize::try_from(length).ok().and_then(|length| self.at.checked_add(length));
        match inside {
            Some(at) if at <= self.chunk.len() => self.at = at,
            _ => {
                self.start = self.position().saturating_add(length);
                self.chunk.clear();
                self.at = 0;
            }
        }
    }

    /// The next `length` bytes, which should be few.
    pub(crate) fn bytes(&mut self, length: usize) -> io::Result<Option<&[u8]>> {
        let have = self.chunk.len() - self.at;
        if have < length {
            if self.remaining() < length as u64 {
                return Ok(None);
            }
            self.start = self.position();
            // Small files and headers are served from the head without a second read.
            let wanted = if self.start + (length as u64) <= self.input.head.len() as u64 {
                self.input.head.len() - self.start as usize
            } else {
                length.max(CHUNK_BYTES)
            };
            self.chunk = self.input.read(self.start, wanted)?;
            self.fetched = self.fetched.saturating_add(self.chunk.len() as u64);
            self.at = 0;
        }
        let end = self.at + length;
        let taken = self.chunk.get(self.at..end);
        if taken.is_some() {
            self.at = end;
        }
        Ok(taken)
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> io::Result<Option<[u8; N]>> {
        Ok(self.bytes(N)?.and_then(|bytes| bytes.try_into().ok()))
    }
}

/// The little-endian number of two bytes at `offset`.
pub(crate) fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(offset..offset + 2)?.try_into().ok()?))
}

/// The little-endian number of four bytes at `offset`.
pub(crate) fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(offset..offset + 4)?.try_into().ok()?))
}

/// The little-endian number of eight bytes at `offset`.
pub(crate) fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(offset..offset + 8)?.try_into().ok()?))
}

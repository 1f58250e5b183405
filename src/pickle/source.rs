//! Bytes that are read forward only: a part of a file, or what a decompressor gives.

use std::io::{self, Read, Seek};

use crate::bytes::Input;

/// How much is read at once.
const CHUNK_BYTES: usize = 32 * 1024;

/// Where a [`Source`] gets its bytes from.
pub trait Feed {
    /// The next bytes, at most `length`; none at the end.
    ///
    /// # Errors
    /// What the reader reports.
    fn next(&mut self, length: usize) -> io::Result<Vec<u8>>;

    /// Goes forward over `length` bytes and says how many there were.
    ///
    /// # Errors
    /// What the reader reports.
    fn skip(&mut self, length: u64) -> io::Result<u64>;

    /// Why the end is not that of the content, where it is not.
    fn shortfall(&self) -> Option<Shortfall> {
        None
    }
}

/// Why bytes end before the content does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// One of this program's own caps.
    Capped,
    /// The compressed bytes are damaged.
    Damaged,
}

/// A part of a file; what is skipped is not read.
#[derive(Debug)]
pub struct Part<'i, R> {
    input: &'i mut Input<R>,
    at: u64,
    end: u64,
}

impl<'i, R: Read + Seek> Part<'i, R> {
    /// The bytes from `start` to `end`, or to the end of the file.
    pub fn new(input: &'i mut Input<R>, start: u64, end: u64) -> Self {
        let end = end.min(input.size());
        Self { input, at: start.min(end), end }
    }
}

impl<R: Read + Seek> Feed for Part<'_, R> {
    fn next(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let length = (self.end - self.at).min(length as u64) as usize;
        let bytes = self.input.read(self.at, length)?;
        self.at += bytes.len() as u64;
        Ok(bytes)
    }

    fn skip(&mut self, length: u64) -> io::Result<u64> {
        let length = length.min(self.end - self.at);
        self.at += length;
        Ok(length)
    }
}

/// The same as a reader, for decompressors.
impl<R: Read + Seek> Read for Part<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.next(buffer.len())?;
        let taken = buffer.get_mut(..bytes.len()).map(|buffer| buffer.copy_from_slice(&bytes));
        Ok(taken.map_or(0, |()| bytes.len()))
    }
}

/// What a reader gives, up to a number of bytes: a decompressor can turn kilobytes into terabytes.
#[derive(Debug)]
pub struct Budget<R> {
    reader: R,
    left: u64,
    shortfall: Option<Shortfall>,
}

impl<R: Read> Budget<R> {
    /// At most `bytes` are taken from the reader.
    pub fn new(reader: R, bytes: u64) -> Self {
        Self { reader, left: bytes, shortfall: None }
    }
}

impl<R: Read> Feed for Budget<R> {
    fn next(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if self.shortfall.is_some() {
            return Ok(bytes);
        }
        let length = self.left.min(length as u64);
        match self.reader.by_ref().take(length).read_to_end(&mut bytes) {
            Ok(_) => {}
            // What a decompressor says of its bytes; the file itself fails with an error of the system.
            Err(error) if error.raw_os_error().is_none() => self.shortfall = Some(Shortfall::Damaged),
            Err(error) => return Err(error),
        }
        self.left -= bytes.len() as u64;
        // One byte more tells whether the reader is at its end or only the budget is.
        if self.left == 0 && bytes.is_empty() && self.reader.read(&mut [0]).is_ok_and(|more| more > 0) {
            self.shortfall = Some(Shortfall::Capped);
        }
        Ok(bytes)
    }

    fn skip(&mut self, length: u64) -> io::Result<u64> {
        let mut skipped = 0;
        while skipped < length {
            let bytes = self.next((length - skipped).min(CHUNK_BYTES as u64) as usize)?;
            if bytes.is_empty() {
                break;
            }
            skipped += bytes.len() as u64;
        }
        Ok(skipped)
    }

    fn shortfall(&self) -> Option<Shortfall> {
        self.shortfall
    }
}

/// A feed of which only so many bytes are read. What is skipped costs nothing.
#[derive(Debug)]
pub struct Glimpse<F> {
    feed: F,
    left: u64,
    is_short: bool,
}

impl<F: Feed> Glimpse<F> {
    /// At most `bytes` are read.
    pub fn new(feed: F, bytes: u64) -> Self {
        Self { feed, left: bytes, is_short: false }
    }
}

impl<F: Feed> Feed for Glimpse<F> {
    fn next(&mut self, length: usize) -> io::Result<Vec<u8>> {
        self.is_short |= self.left == 0;
        let bytes = self.feed.next(self.left.min(length as u64) as usize)?;
        self.left -= (bytes.len() as u64).min(self.left);
        Ok(bytes)
    }

    fn skip(&mut self, length: u64) -> io::Result<u64> {
        self.feed.skip(length)
    }

    fn shortfall(&self) -> Option<Shortfall> {
        self.is_short.then_some(Shortfall::Capped).or_else(|| self.feed.shortfall())
    }
}

/// Bytes in memory.
impl Feed for io::Cursor<&[u8]> {
    fn next(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.take(length as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn skip(&mut self, length: u64) -> io::Result<u64> {
        let left = (self.get_ref().len() as u64).saturating_sub(self.position());
        let length = length.min(left);
        self.set_position(self.position() + length);
        Ok(length)
    }
}

/// Bytes that are taken one after the other, with the place of the next one.
pub struct Source<'f> {
    feed: Box<dyn Feed + 'f>,
    chunk: Vec<u8>,
    /// How much of `chunk` has been taken.
    at: usize,
    /// The offset of the chunk's first byte.
    start: u64,
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("position", &self.position()).finish_non_exhaustive()
    }
}

impl<'f> Source<'f> {
    /// From a feed whose first byte has the offset `start`: that of the file for a part of it, else 0.
    pub fn new(feed: impl Feed + 'f, start: u64) -> Self {
        Self { feed: Box::new(feed), chunk: Vec::new(), at: 0, start }
    }

    /// A part of a file.
    pub fn part<R: Read + Seek>(input: &'f mut Input<R>, start: u64, end: u64) -> Self {
        Self::new(Part::new(input, start, end), start)
    }

    /// Bytes in memory, whose first has the offset `start`.
    pub fn bytes(bytes: &'f [u8], start: u64) -> Self {
        Self::new(io::Cursor::new(bytes), start)
    }

    /// The offset of the next byte.
    pub fn position(&self) -> u64 {
        self.start + self.at as u64
    }

    /// Why the end that was reached is not that of the content, where it is not.
    pub fn shortfall(&self) -> Option<Shortfall> {
        self.feed.shortfall()
    }

    /// The next bytes, without taking them: `length` of them, or as many as follow. `length` should be small.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn peek(&mut self, length: usize) -> io::Result<&[u8]> {
        while self.chunk.len() - self.at < length {
            let more = self.feed.next(length.max(CHUNK_BYTES))?;
            if more.is_empty() {
                break;
            }
            self.start += self.at as u64;
            self.chunk.drain(..self.at);
            self.at = 0;
            match self.chunk.is_empty() {
                true => self.chunk = more,
                false => self.chunk.extend(more),
            }
        }
        let end = (self.at + length).min(self.chunk.len());
        Ok(self.chunk.get(self.at..end).unwrap_or_default())
    }

    /// The next byte; none at the end.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = match self.chunk.get(self.at) {
            Some(byte) => Some(*byte),
            None => self.peek(1)?.first().copied(),
        };
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }

    /// The next `N` bytes; none, and nothing taken, where fewer follow.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn array<const N: usize>(&mut self) -> io::Result<Option<[u8; N]>> {
        let array = self.peek(N)?.try_into().ok();
        self.at += if array.is_some() { N } else { 0 };
        Ok(array)
    }

    /// Takes `length` bytes, of which the first `keep` go into `kept`. False where fewer follow.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn take(&mut self, length: u64, keep: usize, kept: &mut Vec<u8>) -> io::Result<bool> {
        let mut wanted = length.min(keep as u64) as usize;
        let rest = length - wanted as u64;
        while wanted > 0 {
            let bytes = self.peek(wanted.min(CHUNK_BYTES))?;
            if bytes.is_empty() {
                return Ok(false);
            }
            let taken = bytes.len();
            kept.extend_from_slice(bytes);
            self.at += taken;
            wanted -= taken;
        }
        self.skip(rest)
    }

    /// Takes a line and the line feed that ends it; its first `keep` bytes go into `kept`. Gives its length without the
    /// line feed; none where the bytes end before one.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn line(&mut self, keep: usize, kept: &mut Vec<u8>) -> io::Result<Option<u64>> {
        let (mut length, from) = (0, kept.len());
        loop {
            let at = self.at;
            let bytes = match self.chunk.get(at..) {
                Some(bytes) if !bytes.is_empty() => bytes,
                _ => self.peek(1)?,
            };
            if bytes.is_empty() {
                return Ok(None);
            }
            // All that is there, as `peek` gave a single byte of it.
            let bytes = self.chunk.get(self.at..).unwrap_or_default();
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
            let room = keep.saturating_sub(kept.len() - from);
            kept.extend_from_slice(part.get(..room.min(part.len())).unwrap_or_default());
            length += part.len() as u64;
            self.at += part.len() + usize::from(end.is_some());
            if end.is_some() {
                return Ok(Some(length));
            }
        }
    }

    /// Goes over `length` bytes, without reading them where the feed can. False where fewer follow.
    ///
    /// # Errors
    /// What the reader reports.
    pub fn skip(&mut self, length: u64) -> io::Result<bool> {
        let have = (self.chunk.len() - self.at) as u64;
        if length <= have {
            self.at += length as usize;
            return Ok(true);
        }
        self.start += self.chunk.len() as u64;
        self.chunk.clear();
        self.at = 0;
        let skipped = self.feed.skip(length - have)?;
        self.start += skipped;
        Ok(skipped == length - have)
    }
}

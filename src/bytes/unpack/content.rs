//! A part of a file, or of what a part of it unpacks to.

use std::cell::RefCell;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::stream::Unpacked;
use super::{Allowance, MAX_PACKINGS, Packing};
use crate::bytes::Input;

/// How much is read or skipped at once.
const CHUNK_BYTES: usize = 32 * 1024;

/// Reading at any place, whatever is the source of the bytes.
trait Place {
    fn read_at(&mut self, offset: u64, length: usize) -> io::Result<Vec<u8>>;
}

impl<R: Read + Seek> Place for &mut Input<R> {
    fn read_at(&mut self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        self.read(offset, length)
    }
}

/// Bytes that can be read from their start as often as needed.
#[derive(Clone)]
pub(crate) struct Content<'i> {
    file: Rc<RefCell<dyn Place + 'i>>,
    /// The part of the file.
    start: u64,
    length: u64,
    /// What is done with that part, in this order.
    layers: Vec<Layer>,
    allowance: Rc<Allowance>,
}

#[derive(Clone, Copy)]
enum Layer {
    Unpack(Packing),
    Part { start: u64, length: u64 },
}

impl<'i> Content<'i> {
    /// All of a file, with the allowance that its size gives.
    pub(crate) fn file<R: Read + Seek>(input: &'i mut Input<R>) -> Self {
        let allowance = Allowance::new(input.size());
        Self::allowed(input, allowance)
    }

    /// All of a file, with another allowance.
    pub(crate) fn allowed<R: Read + Seek>(input: &'i mut Input<R>, allowance: Allowance) -> Self {
        let (length, allowance) = (input.size(), Rc::new(allowance));
        Self { file: Rc::new(RefCell::new(input)), start: 0, length, layers: Vec::new(), allowance }
    }

    /// A part, as far as there are bytes.
    pub(crate) fn part(&self, start: u64, length: u64) -> Self {
        let mut part = self.clone();
        if part.layers.is_empty() {
            let start = start.min(self.length);
            part.start = self.start.saturating_add(start);
            part.length = length.min(self.length - start);
        } else {
            part.layers.push(Layer::Part { start, length });
        }
        part
    }

    /// What it unpacks to; none where too many streams stand in one another.
    pub(crate) fn unpacked(&self, packing: Packing) -> Option<Self> {
        let packings = self.layers.iter().filter(|layer| matches!(layer, Layer::Unpack(_))).count();
        let mut unpacked = self.clone();
        unpacked.layers.push(Layer::Unpack(packing));
        (packings < MAX_PACKINGS).then_some(unpacked)
    }

    /// Where in the file the first byte stands; none for what is unpacked.
    pub(crate) fn offset(&self) -> Option<u64> {
        self.layers.is_empty().then_some(self.start)
    }

    /// How long it claims to be; none where only unpacking it would tell.
    pub(crate) fn length(&self) -> Option<u64> {
        match self.layers.last() {
            None => Some(self.length),
            Some(Layer::Part { length, .. }) => Some(*length),
            Some(Layer::Unpack(_)) => None,
        }
    }

    /// The allowance of the file.
    pub(crate) fn allowance(&self) -> &Allowance {
        &self.allowance
    }

    /// Starts reading.
    ///
    /// # Errors
    /// What the file's reader or an unpacker reports.
    pub(crate) fn open(&self) -> io::Result<Opened<'i>> {
        self.open_at(0)
    }

    fn open_at(&self, offset: u64) -> io::Result<Opened<'i>> {
        let skipped = if self.layers.is_empty() { offset.min(self.length) } else { 0 };
        let slice = Slice {
            file: Rc::clone(&self.file),
            at: self.start.saturating_add(skipped),
            end: self.start.saturating_add(self.length),
        };
        let mut flow: Box<dyn Flow + 'i> = Box::new(slice);
        for layer in &self.layers {
            flow = match *layer {
                Layer::Unpack(packing) => Box::new(Unpacked::new(flow, packing, Rc::clone(&self.allowance))),
                Layer::Part { start, length } => {
                    flow.skip(start)?;
                    Box::new(flow.take(length))
                }
            };
        }
        let mut opened = Opened(flow);
        if !self.layers.is_empty() {
            opened.skip(offset)?;
        }
        Ok(opened)
    }

    /// The first bytes, at most `length`.
    ///
    /// # Errors
    /// What the file's reader or an unpacker reports before the first byte; later it is a [`HeadEnd::Broken`].
    pub(crate) fn head(&self, length: usize) -> io::Result<(Vec<u8>, HeadEnd)> {
        let mut head = Vec::new();
        let end = match self.open()?.take(length as u64).read_to_end(&mut head) {
            Ok(_) if head.len() < length => HeadEnd::Complete,
            Ok(_) => HeadEnd::More,
            Err(error) if head.is_empty() => return Err(error),
            Err(error) => HeadEnd::Broken(error),
        };
        Ok((head, end))
    }

    /// Reading at any place. Where something is unpacked, going back means unpacking again, which the allowance bounds;
    /// where the length is unknown, it is unpacked once to learn it.
    ///
    /// # Errors
    /// What the file's reader or an unpacker reports.
    pub(crate) fn replay(&self) -> io::Result<(Replay<'i>, u64)> {
        let length = match self.length() {
            Some(length) => length,
            None => self.open()?.skip(u64::MAX)?,
        };
        Ok((Replay { content: self.clone(), opened: self.open()?, at: 0 }, length))
    }
}

/// What follows the first bytes.
#[derive(Debug)]
pub(crate) enum HeadEnd {
    /// More bytes.
    More,
    /// Nothing.
    Complete,
    /// Something that cannot be read.
    Broken(io::Error),
}

/// Reading forward; what is skipped is not read where that can be.
trait Flow: Read {
    /// Passes over `length` bytes, or as many as there are, and says how many.
    fn skip(&mut self, length: u64) -> io::Result<u64> {
        let mut skipped = 0;
        let mut buffer = vec![0; CHUNK_BYTES];
        while skipped < length {
            let wanted = usize::try_from(length - skipped).unwrap_or(usize::MAX).min(CHUNK_BYTES);
            match self.read(buffer.get_mut(..wanted).unwrap_or_default())? {
                0 => break,
                read => skipped += read as u64,
            }
        }
        Ok(skipped)
    }
}

impl Flow for Unpacked<'_> {}

impl Flow for io::Take<Box<dyn Flow + '_>> {}

/// A part of the file itself.
struct Slice<'i> {
    file: Rc<RefCell<dyn Place + 'i>>,
    at: u64,
    end: u64,
}

impl Read for Slice<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = (self.end - self.at).min(buffer.len() as u64) as usize;
        // Nobody holds the file while a piece of it is read.
        let Ok(mut file) = self.file.try_borrow_mut() else { return Ok(0) };
        let bytes = file.read_at(self.at, wanted)?;
        if let Some(target) = buffer.get_mut(..bytes.len()) {
            target.copy_from_slice(&bytes);
        }
        self.at += bytes.len() as u64;
        Ok(bytes.len())
    }
}

impl Flow for Slice<'_> {
    fn skip(&mut self, length: u64) -> io::Result<u64> {
        let length = length.min(self.end - self.at);
        self.at += length;
        Ok(length)
    }
}

/// A content that is being read.
pub(crate) struct Opened<'i>(Box<dyn Flow + 'i>);

impl Opened<'_> {
    /// Passes over `length` bytes, or as many as there are, and says how many.
    ///
    /// # Errors
    /// What the file's reader or an unpacker reports.
    pub(crate) fn skip(&mut self, length: u64) -> io::Result<u64> {
        self.0.skip(length)
    }
}

impl Read for Opened<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// A content that is read at any place.
pub(crate) struct Replay<'i> {
    content: Content<'i>,
    opened: Opened<'i>,
    at: u64,
}

impl Read for Replay<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.opened.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Replay<'_> {
    /// Only from the start, which is how [`Input`] seeks.
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Start(to) = to else { return Err(io::ErrorKind::Unsupported.into()) };
        match to.checked_sub(self.at) {
            Some(forward) => drop(self.opened.skip(forward)?),
            None => self.opened = self.content.open_at(to)?,
        }
        self.at = to;
        Ok(to)
    }
}

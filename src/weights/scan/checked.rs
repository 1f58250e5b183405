//! Reading a part forward, with the checksum of what is read.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

use super::super::pickle::Feed;
use super::super::unpack::Opened;

/// The sum of what was read so far.
#[derive(Debug, Default)]
struct Sum {
    crc: flate2::Crc,
    bytes: u64,
    /// Something was passed over, so that the sum says nothing.
    has_gap: bool,
    at_end: bool,
}

/// What the sum of a whole part is, once it was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Checksum(Rc<RefCell<Sum>>);

impl Checksum {
    /// The checksum; none unless every byte was read.
    pub(super) fn crc(&self) -> Option<u32> {
        let sum = self.0.borrow();
        (sum.at_end && !sum.has_gap).then(|| sum.crc.sum())
    }

    /// How many bytes there were; none unless the end was reached.
    pub(super) fn bytes(&self) -> Option<u64> {
        let sum = self.0.borrow();
        sum.at_end.then_some(sum.bytes)
    }
}

/// What the pickle machine reads of a part.
pub(super) struct Checked<'i> {
    opened: Opened<'i>,
    sum: Checksum,
}

impl<'i> Checked<'i> {
    pub(super) fn new(opened: Opened<'i>) -> (Self, Checksum) {
        let sum = Checksum::default();
        (Self { opened, sum: sum.clone() }, sum)
    }
}

impl Feed for Checked<'_> {
    fn next(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        (&mut self.opened).take(length as u64).read_to_end(&mut bytes)?;
        let mut sum = self.sum.0.borrow_mut();
        sum.crc.update(&bytes);
        sum.bytes += bytes.len() as u64;
        sum.at_end |= bytes.len() < length;
        Ok(bytes)
    }

    fn skip(&mut self, length: u64) -> io::Result<u64> {
        let skipped = self.opened.skip(length)?;
        let mut sum = self.sum.0.borrow_mut();
        sum.bytes += skipped;
        sum.has_gap |= skipped > 0;
        sum.at_end |= skipped < length;
        Ok(skipped)
    }
}

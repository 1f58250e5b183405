//! Reading a part forward, with the checksum of what is read.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

use crate::bytes::unpack::Opened;
use crate::pickle::Feed;

/// The sum of what was read so far.
#[derive(Debug, Default)]
struct Sum {
    crc: flate2::Crc,
    bytes: u64,
    /// Something was skipped, so that the sum says nothing.
    has_gap: bool,
    at_end: bool,
    /// Why reading stopped before the end.
    error: Option<io::Error>,
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

    /// Why reading stopped before the end, if it did.
    pub(super) fn take_error(&self) -> Option<io::Error> {
        self.0.borrow_mut().error.take()
    }

    /// How many bytes there were; none unless the end was reached.
    pub(super) fn bytes(&self) -> Option<u64> {
        let sum = self.0.borrow();
        sum.at_end.then_some(sum.bytes)
    }
}

/// What the pickle machine reads of a part. For the machine, an error is an end: what it saw until then counts.
pub(super) struct Checked<'i> {
    opened: Opened<'i>,
    sum: Checksum,
    has_failed: bool,
}

impl<'i> Checked<'i> {
    pub(super) fn new(opened: Opened<'i>) -> (Self, Checksum) {
        let sum = Checksum::default();
        (Self { opened, sum: sum.clone(), has_failed: false }, sum)
    }
}

impl Feed for Checked<'_> {
    fn next(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if self.has_failed {
            return Ok(bytes);
        }
        let read = (&mut self.opened).take(length as u64).read_to_end(&mut bytes);
        let mut sum = self.sum.0.borrow_mut();
        sum.crc.update(&bytes);
        sum.bytes += bytes.len() as u64;
        match read {
            Ok(_) => sum.at_end |= bytes.len() < length,
            Err(error) => (self.has_failed, sum.error) = (true, Some(error)),
        }
        Ok(bytes)
    }

    fn skip(&mut self, length: u64) -> io::Result<u64> {
        if self.has_failed {
            return Ok(0);
        }
        let skipped = self.opened.skip(length);
        let mut sum = self.sum.0.borrow_mut();
        match skipped {
            Ok(skipped) => {
                sum.bytes += skipped;
                sum.has_gap |= skipped > 0;
                sum.at_end |= skipped < length;
                Ok(skipped)
            }
            Err(error) => {
                (self.has_failed, sum.error) = (true, Some(error));
                Ok(0)
            }
        }
    }
}

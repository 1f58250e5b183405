//! Deflate, with or without zlib's header.

use std::io::{self, BufRead, Read};

use flate2::{Decompress, FlushDecompress, Status};

/// Unpacks deflated bytes. Unlike flate2's own reader it tells a stream that breaks off from one that ends, and as
/// joblib does it goes on with a zlib stream that follows another.
pub(super) struct Inflate<B> {
    input: B,
    engine: Decompress,
    is_zlib: bool,
    has_ended: bool,
}

impl<B: BufRead> Inflate<B> {
    pub(super) fn new(input: B, is_zlib: bool) -> Self {
        Self { input, engine: Decompress::new(is_zlib), is_zlib, has_ended: false }
    }
}

impl<B: BufRead> Read for Inflate<B> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let input = self.input.fill_buf()?;
            let is_end = input.is_empty();
            if self.has_ended {
                if is_end || !self.is_zlib {
                    return Ok(0);
                }
                self.engine.reset(true);
                self.has_ended = false;
            }
            let (taken, given) = (self.engine.total_in(), self.engine.total_out());
            let flush = if is_end { FlushDecompress::Finish } else { FlushDecompress::None };
            let status = self.engine.decompress(input, buffer, flush);
            let status = status.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            let (taken, given) = (self.engine.total_in() - taken, self.engine.total_out() - given);
            self.input.consume(taken as usize);
            self.has_ended = status == Status::StreamEnd;
            if given > 0 {
                return Ok(given as usize);
            }
            if !self.has_ended && is_end {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if !self.has_ended && taken == 0 {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }
}

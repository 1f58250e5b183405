//! Unpacking a stream within an allowance.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};
use std::rc::Rc;

use lzma_rust2::{LzmaReader, XzReader};

use super::inflate::Inflate;
use super::{Allowance, MAX_DICTIONARY_KIB, Packing};

/// How much is read of a compressed stream at once.
const BUFFER_BYTES: usize = 32 * 1024;

/// What a compressed stream gives. After an error, and beyond the allowance, it gives only errors.
pub(super) struct Unpacked<'i> {
    state: State<'i>,
    packing: Packing,
    allowance: Rc<Allowance>,
}

enum State<'i> {
    /// Nothing was asked for yet.
    Packed(Box<dyn Read + 'i>),
    Running(Box<dyn Read + 'i>),
    Failed,
}

impl<'i> Unpacked<'i> {
    pub(super) fn new(packed: impl Read + 'i, packing: Packing, allowance: Rc<Allowance>) -> Self {
        Self { state: State::Packed(Box::new(packed)), packing, allowance }
    }

    fn read_on(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut running = match std::mem::replace(&mut self.state, State::Failed) {
            State::Packed(packed) => start(packed, self.packing)?,
            State::Running(running) => running,
            State::Failed => return Err(io::ErrorKind::InvalidData.into()),
        };
        let read = running.read(buffer)?;
        self.state = State::Running(running);
        Ok(read)
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = self.allowance.room(self.packing);
        if room == 0 {
            self.allowance.is_spent.set(true);
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let length = buffer.len().min(usize::try_from(room).unwrap_or(usize::MAX));
        let read = self.read_on(buffer.get_mut(..length).unwrap_or_default())?;
        self.allowance.spend(self.packing, read as u64);
        Ok(read)
    }
}

/// All of these go on with a stream that follows another, as the Python modules of the same names do.
fn start<'i>(packed: Box<dyn Read + 'i>, packing: Packing) -> io::Result<Box<dyn Read + 'i>> {
    let mut buffered = BufReader::with_capacity(BUFFER_BYTES, packed);
    Ok(match packing {
        Packing::Deflate => Box::new(Inflate::new(buffered, false)),
        Packing::Zlib => Box::new(Inflate::new(buffered, true)),
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(buffered)),
        Packing::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(buffered)),
        Packing::Xz => Box::new(XzReader::new_mem_limit(buffered, true, MAX_DICTIONARY_KIB)),
        Packing::Lzma => Box::new(Lzma::new(buffered)?),
        Packing::ZipLzma => {
            // Two bytes of version, two of the length of the properties, which are five.
            let mut header = [0; 9];
            buffered.read_exact(&mut header)?;
            let [_, _, 5, 0, properties, dictionary @ ..] = header else {
                return Err(io::ErrorKind::InvalidData.into());
            };
            // Given the file form's header, with an unknown length, the usual reader does.
            let mut alone = vec![properties];
            alone.extend(dictionary);
            alone.extend([0xFF; 8]);
            Box::new(LzmaReader::new_mem_limit(Cursor::new(alone).chain(buffered), MAX_DICTIONARY_KIB, None)?)
        }
    })
}

type Packed<'i> = BufReader<Box<dyn Read + 'i>>;
type Rest<'i> = BufReader<Chain<Cursor<Vec<u8>>, Box<dyn Read + 'i>>>;

/// LZMA streams one after the other.
struct Lzma<'i> {
    reader: Option<LzmaReader<Box<dyn Read + 'i>>>,
}

impl<'i> Lzma<'i> {
    fn new(packed: Packed<'i>) -> io::Result<Self> {
        let packed: Box<dyn Read + 'i> = Box::new(packed);
        Ok(Self { reader: Some(LzmaReader::new_mem_limit(packed, MAX_DICTIONARY_KIB, None)?) })
    }

    /// The stream that follows; none at the end of the bytes.
    fn next(reader: LzmaReader<Box<dyn Read + 'i>>) -> io::Result<Option<LzmaReader<Box<dyn Read + 'i>>>> {
        let (packed, unused) = reader.into_parts();
        let mut rest: Rest<'i> = BufReader::new(Cursor::new(unused).chain(packed));
        if rest.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let rest: Box<dyn Read + 'i> = Box::new(rest);
        Ok(Some(LzmaReader::new_mem_limit(rest, MAX_DICTIONARY_KIB, None)?))
    }
}

impl Read for Lzma<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let Some(mut reader) = self.reader.take() {
            let read = reader.read(buffer)?;
            if read > 0 {
                self.reader = Some(reader);
                return Ok(read);
            }
            self.reader = Self::next(reader)?;
        }
        Ok(0)
    }
}

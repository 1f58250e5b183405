//! From bytes to keys, values and tensors.

use std::io::{self, Read, Seek};

use super::{
    Gguf, MAX_FETCHED_BYTES, MAX_KEPT_BYTES, MAX_KEYS, MAX_LISTED_STRINGS, MAX_PASSED_ITEMS, MAX_STRING_BYTES,
    MAX_TENSORS, TensorInfo, TensorType, Value,
};
use crate::bytes::fault::{Fault, FaultKind, Faults, Stop, shown};
use crate::bytes::input::{Input, Stream};
use crate::words::grouped;

const CUT_SHORT: &str =
    "Upload the file again from the original. It was cut short, for example by a broken upload or a full disk.";
const NOT_CHECKED: &str = "The rest of the file was not checked.";
const DAMAGED: &str = "Convert the file again from the original weights. Readers reject it, so loading fails.";

/// Reads what can be read; the reason why it is not all becomes a fault.
pub(super) fn read<R: Read + Seek>(input: &mut Input<R>, faults: &mut Faults) -> io::Result<Option<Gguf>> {
    let mut stream = input.stream(4);
    let Some(bytes) = stream.array::<4>()? else {
        faults.push(Fault::new(FaultKind::CutShort, "the file ends inside its version", CUT_SHORT).at(4));
        return Ok(None);
    };
    let (little, big) = (u32::from_le_bytes(bytes), u32::from_be_bytes(bytes));
    let (version, big_endian) = match (little, big) {
        (1..=3, _) => (little, false),
        (_, 1..=3) => (big, true),
        _ => {
            let message = format!("the file is of GGUF version {little}, and 1 to 3 are known");
            faults.push(Fault::new(FaultKind::HeaderLength, message, DAMAGED).at(4));
            return Ok(None);
        }
    };
    let mut gguf = Gguf { version, big_endian, metadata: Vec::new(), tensors: Vec::new(), data_start: None };
    let mut reader = Reader { stream, version, big_endian, kept: 0, passed: 0 };
    match reader.header(&mut gguf) {
        Ok(()) => {
            let alignment = gguf.alignment();
            let end = reader.stream.position();
            gguf.data_start = end.div_ceil(alignment).checked_mul(alignment);
        }
        Err(Stop::Fault(fault)) => faults.push(*fault),
        Err(Stop::Io(error)) => return Err(error),
    }
    Ok(Some(gguf))
}

struct Reader<'i, R> {
    stream: Stream<'i, R>,
    version: u32,
    big_endian: bool,
    /// Bytes of strings kept so far.
    kept: usize,
    /// Items of arrays skipped so far.
    passed: u64,
}

impl<R: Read + Seek> Reader<'_, R> {
    fn header(&mut self, gguf: &mut Gguf) -> Result<(), Stop> {
        let tensors = self.length()?;
        let keys = self.length()?;
        // A key takes at least a length, a type and a byte; a tensor a length, a rank, a type and an offset.
        self.plausible(keys, 9, "keys")?;
        self.plausible(tensors, 20, "tensors")?;
        self.cap(keys, MAX_KEYS, "keys")?;
        self.cap(tensors, MAX_TENSORS, "tensors")?;
        for _ in 0..keys {
            let key = self.string(MAX_STRING_BYTES)?;
            let kind = self.u32()?;
            let value = self.value(kind, &key)?;
            gguf.metadata.push((key, value));
        }
        for _ in 0..tensors {
            let tensor = self.tensor()?;
            gguf.tensors.push(tensor);
        }
        Ok(())
    }

    fn tensor(&mut self) -> Result<TensorInfo, Stop> {
        let at = self.stream.position();
        let name = self.string(MAX_STRING_BYTES)?;
        let rank = self.u32()?;
        if rank > 4 {
            let message = format!("{} has {rank} dimensions, and GGUF allows four", shown(&name));
            return Err(Fault::new(FaultKind::Size, message, DAMAGED).tensor(name).at(at).into());
        }
        let mut dimensions = Vec::with_capacity(rank as usize);
        for _ in 0..rank {
            dimensions.push(self.length()?);
        }
        let kind = TensorType(self.u32()?);
        let offset = self.u64()?;
        Ok(TensorInfo { name, kind, dimensions, offset })
    }

    fn value(&mut self, kind: u32, key: &str) -> Result<Value, Stop> {
        Ok(match kind {
            0 => Value::Unsigned(u64::from(u8::from_le_bytes(self.array()?))),
            1 => Value::Signed(i64::from(i8::from_le_bytes(self.array()?))),
            2 => Value::Unsigned(u64::from(u16::from_le_bytes(self.ordered()?))),
            3 => Value::Signed(i64::from(i16::from_le_bytes(self.ordered()?))),
            4 => Value::Unsigned(u64::from(self.u32()?)),
            5 => Value::Signed(i64::from(i32::from_le_bytes(self.ordered()?))),
            6 => Value::Float(f64::from(f32::from_le_bytes(self.ordered()?))),
            7 => Value::Bool(self.array::<1>()? != [0]),
            8 => Value::String(self.string(MAX_STRING_BYTES)?),
            9 => self.list(key)?,
            10 => Value::Unsigned(self.u64()?),
            11 => Value::Signed(i64::from_le_bytes(self.ordered()?)),
            12 => Value::Float(f64::from_le_bytes(self.ordered()?)),
            other => return Err(self.bad_type(other, key)),
        })
    }

    fn list(&mut self, key: &str) -> Result<Value, Stop> {
        let kind = self.u32()?;
        let items = self.length()?;
        if kind == 8 && items <= MAX_LISTED_STRINGS {
            let mut strings = Vec::new();
            for _ in 0..items {
                strings.push(self.string(MAX_STRING_BYTES)?);
            }
            return Ok(Value::Strings(strings));
        }
        // Arrays may nest: what is left to pass over at each level, innermost last.
        const MAX_NESTING: usize = 16;
        let mut left = vec![(kind, items)];
        while let Some((kind, items)) = left.pop() {
            match kind {
                8 | 9 if items == 0 => {}
                8 | 9 => {
                    self.passed += 1;
                    let too_much = self.passed > MAX_PASSED_ITEMS || self.stream.fetched() > MAX_FETCHED_BYTES;
                    if too_much || left.len() >= MAX_NESTING {
                        let message = format!("the array {} is larger than what is read", shown(key));
                        return Err(Fault::new(FaultKind::Limit, message, NOT_CHECKED).into());
                    }
                    left.push((kind, items - 1));
                    if kind == 8 {
                        let length = self.length()?;
                        self.skip(length, 1, key)?;
                    } else {
                        let inner = self.u32()?;
                        let items = self.length()?;
                        left.push((inner, items));
                    }
                }
                _ => {
                    let width = match kind {
                        0 | 1 | 7 => 1,
                        2 | 3 => 2,
                        4..=6 => 4,
                        10..=12 => 8,
                        other => return Err(self.bad_type(other, key)),
                    };
                    self.skip(items, width, key)?;
                }
            }
        }
        Ok(Value::Array(items))
    }

    fn skip(&mut self, items: u64, width: u64, key: &str) -> Result<(), Stop> {
        let length = items.checked_mul(width);
        match length.filter(|length| *length <= self.stream.remaining()) {
            Some(length) => {
                self.stream.skip(length);
                Ok(())
            }
            None => {
                let message = format!(
                    "the value of {} claims {} items, and only {} bytes follow",
                    shown(key),
                    grouped(items),
                    grouped(self.stream.remaining())
                );
                Err(Fault::new(FaultKind::CutShort, message, CUT_SHORT).at(self.stream.position()).into())
            }
        }
    }

    /// A string, of which at most `most` bytes are kept.
    fn string(&mut self, most: usize) -> Result<String, Stop> {
        let length = self.length()?;
        if length > self.stream.remaining() {
            return Err(self.cut_short(length));
        }
        let keep = length.min(most as u64) as usize;
        self.kept += keep;
        if self.kept > MAX_KEPT_BYTES {
            let message = format!("the header's strings take more than the {MAX_KEPT_BYTES} bytes that are read");
            return Err(Fault::new(FaultKind::Limit, message, NOT_CHECKED).into());
        }
        let text = match self.stream.bytes(keep)? {
            Some(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            None => return Err(self.cut_short(length)),
        };
        self.stream.skip(length - keep as u64);
        Ok(text)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        match self.stream.array()? {
            Some(bytes) => Ok(bytes),
            None => Err(self.cut_short(N as u64)),
        }
    }

    /// Bytes of a number, brought into little-endian order.
    fn ordered<const N: usize>(&mut self) -> Result<[u8; N], Stop> {
        let mut bytes = self.array()?;
        if self.big_endian {
            bytes.reverse();
        }
        Ok(bytes)
    }

    fn u32(&mut self) -> Result<u32, Stop> {
        Ok(u32::from_le_bytes(self.ordered()?))
    }

    fn u64(&mut self) -> Result<u64, Stop> {
        Ok(u64::from_le_bytes(self.ordered()?))
    }

    /// A count or length: 32 bits in version 1, 64 since.
    fn length(&mut self) -> Result<u64, Stop> {
        if self.version == 1 { Ok(u64::from(self.u32()?)) } else { self.u64() }
    }

    fn plausible(&self, number: u64, least: u64, what: &str) -> Result<(), Stop> {
        if number <= self.stream.remaining() / least {
            return Ok(());
        }
        let left = grouped(self.stream.remaining());
        let message = format!("the header promises {} {what}, and only {left} bytes follow", grouped(number));
        Err(Fault::new(FaultKind::CutShort, message, CUT_SHORT).at(self.stream.position()).into())
    }

    fn cap(&self, number: u64, most: u64, what: &str) -> Result<(), Stop> {
        if number <= most {
            return Ok(());
        }
        let message = format!("the header lists {} {what}, and at most {} are read", grouped(number), grouped(most));
        Err(Fault::new(FaultKind::Limit, message, NOT_CHECKED).into())
    }

    fn cut_short(&self, needed: u64) -> Stop {
        let (at, left) = (self.stream.position(), self.stream.remaining());
        let message =
            format!("the header needs {} more bytes at byte {at}, and the file has {}", grouped(needed), grouped(left));
        Fault::new(FaultKind::CutShort, message, CUT_SHORT).at(at).into()
    }

    fn bad_type(&self, kind: u32, key: &str) -> Stop {
        let message = format!("the value of {} is of type {kind}, which GGUF does not have", shown(key));
        Fault::new(FaultKind::Field, message, DAMAGED).at(self.stream.position()).into()
    }
}

//! The opcodes of a source, one after the other.

use std::io;

use super::opcode::{self, Argument, Opcode};
use super::source::Source;

/// How much of an argument is kept: no name and no number is longer.
pub const MAX_KEPT_BYTES: usize = 4 * 1024;

/// How much of a byte string is kept that looks like a pickle.
pub const MAX_NESTED_BYTES: usize = 8 * 1024 * 1024;

/// One opcode with its argument.
#[derive(Clone, Copy, Debug)]
pub struct Instruction<'r> {
    /// Offset of its byte.
    pub at: u64,
    /// Which one.
    pub code: &'static Opcode,
    /// The argument's bytes, of a long one its start: without a length before them, and without the line feed after the
    /// last line.
    pub argument: &'r [u8],
    /// How long the argument is.
    pub length: u64,
    /// Offset of the argument's first byte.
    pub argument_at: u64,
}

impl Instruction<'_> {
    /// Whether more of the argument stands in the file than is kept.
    pub fn is_cut(&self) -> bool {
        self.length > self.argument.len() as u64
    }

    /// The argument as a little-endian number.
    pub fn number(&self) -> u64 {
        self.argument.iter().take(8).rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
    }

    /// The two lines of an import.
    pub fn names(&self) -> (&[u8], &[u8]) {
        let end = self.argument.iter().position(|byte| *byte == b'\n').unwrap_or(self.argument.len());
        let (first, second) = self.argument.split_at_checked(end).unwrap_or_default();
        (first, second.get(1..).unwrap_or_default())
    }
}

/// Why there is no next opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The bytes end here.
    Cut,
    /// No opcode, or not a possible one: the unpickler would raise here.
    Broken,
}

/// Reads opcodes; the arguments live until the next one is read. Does not stop at STOP by itself.
#[derive(Debug, Default)]
pub struct Reader {
    kept: Vec<u8>,
}

impl Reader {
    /// The next opcode of a source.
    ///
    /// # Errors
    /// What the source reports.
    pub fn next(&mut self, source: &mut Source<'_>) -> io::Result<Result<Instruction<'_>, Stop>> {
        let at = source.position();
        let Some(byte) = source.byte()? else { return Ok(Err(Stop::Cut)) };
        let Some(code) = Opcode::from_byte(byte) else { return Ok(Err(Stop::Broken)) };
        self.kept.clear();
        let length = match code.argument {
            Argument::None => Some(0),
            Argument::Fixed(length) => Some(u64::from(length)),
            Argument::Counted1 => source.byte()?.map(u64::from),
            Argument::Counted4 => source.array()?.map(u32::from_le_bytes).map(u64::from),
            Argument::CountedSigned4 => match source.array()?.map(i32::from_le_bytes) {
                Some(length) if length < 0 => return Ok(Err(Stop::Broken)),
                length => length.map(|length| u64::from(length.unsigned_abs())),
            },
            Argument::Counted8 => match source.array()?.map(u64::from_le_bytes) {
                // Python's sizes are signed.
                Some(length) if length > i64::MAX as u64 => return Ok(Err(Stop::Broken)),
                length => length,
            },
            Argument::Digits | Argument::Decimal | Argument::Quoted | Argument::Line | Argument::Names => None,
        };
        let argument_at = source.position();
        let length = match (code.argument, length) {
            (Argument::Names, _) => {
                let Some(first) = source.line(MAX_KEPT_BYTES, &mut self.kept)? else { return Ok(Err(Stop::Cut)) };
                self.kept.push(b'\n');
                let Some(second) = source.line(MAX_KEPT_BYTES, &mut self.kept)? else { return Ok(Err(Stop::Cut)) };
                first + 1 + second
            }
            (_, Some(length)) => {
                let is_nested = length > 2 && matches!(source.peek(2)?, [opcode::PROTO, 0..=5]);
                let keep = if is_nested { MAX_NESTED_BYTES } else { MAX_KEPT_BYTES };
                if !source.take(length, keep, &mut self.kept)? {
                    return Ok(Err(Stop::Cut));
                }
                length
            }
            (Argument::Digits | Argument::Decimal | Argument::Quoted | Argument::Line, None) => {
                match source.line(MAX_KEPT_BYTES, &mut self.kept)? {
                    Some(length) => length,
                    None => return Ok(Err(Stop::Cut)),
                }
            }
            (_, None) => return Ok(Err(Stop::Cut)),
        };
        Ok(Ok(Instruction { at, code, argument: &self.kept, length, argument_at }))
    }
}

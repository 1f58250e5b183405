//! Going through a pickle opcode by opcode.

use std::collections::HashMap;

use super::opcode::{self, Argument, Effect, Opcode};
use crate::bytes::input::{u32_at, u64_at};

/// One opcode with its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Op<'b> {
    /// Offset of its byte.
    pub at: usize,
    /// Which one.
    pub code: &'static Opcode,
    /// The argument's bytes: without a length before them, and without the line feed after the last line.
    pub argument: &'b [u8],
}

/// Why there is no next opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// STOP; the offset after it.
    Stopped(usize),
    /// The bytes end inside the pickle.
    Cut,
    /// No opcode, or not a possible one, at this offset: the unpickler would raise here.
    Broken(usize),
}

/// The opcodes of one stream. Does not stop at STOP by itself.
#[derive(Clone, Debug)]
pub struct Ops<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Ops<'b> {
    /// From the start of some bytes.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The offset of the next opcode.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The next opcode.
    ///
    /// # Errors
    /// [`End::Cut`] at the end of the bytes, [`End::Broken`] where no valid opcode stands.
    pub fn next(&mut self) -> Result<Op<'b>, End> {
        let at = self.at;
        let byte = self.bytes.get(at).ok_or(End::Cut)?;
        let code = Opcode::from_byte(*byte).ok_or(End::Broken(at))?;
        let rest = self.bytes.get(at + 1..).unwrap_or_default();
        let broken = End::Broken(at);
        let (skipped, length, after) = match code.argument {
            Argument::None => (0, 0, 0),
            Argument::Fixed(length) => (0, usize::from(length), 0),
            Argument::Counted1 => (1, usize::from(*rest.first().ok_or(End::Cut)?), 0),
            Argument::Counted4 => (4, u32_at(rest, 0).ok_or(End::Cut)? as usize, 0),
            Argument::CountedSigned4 => {
                let length = u32_at(rest, 0).ok_or(End::Cut)?;
                (4, usize::try_from(length.cast_signed()).map_err(|_| broken)?, 0)
            }
            Argument::Counted8 => {
                let length = u64_at(rest, 0).ok_or(End::Cut)?;
                // Python's sizes are signed.
                (8, i64::try_from(length).ok().and_then(|length| usize::try_from(length).ok()).ok_or(broken)?, 0)
            }
            Argument::Digits | Argument::Decimal | Argument::Quoted | Argument::Line => {
                (0, line(rest).ok_or(End::Cut)?, 1)
            }
            Argument::Names => {
                let first = line(rest).ok_or(End::Cut)?;
                let second = line(rest.get(first + 1..).unwrap_or_default()).ok_or(End::Cut)?;
                (0, first + 1 + second, 1)
            }
        };
        let end = skipped + length;
        let argument = rest.get(skipped..end).ok_or(End::Cut)?;
        if !fits(code.argument, argument) {
            return Err(broken);
        }
        self.at = at + 1 + end + after;
        Ok(Op { at, code, argument })
    }
}

fn line(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n')
}

/// Whether an argument in text form is one that the unpickler can read.
fn fits(argument: Argument, bytes: &[u8]) -> bool {
    let trimmed = bytes.trim_ascii();
    let digits = trimmed.strip_prefix(b"-").or(trimmed.strip_prefix(b"+")).unwrap_or(trimmed);
    match argument {
        // `10`, `0x1f`, `10L`
        Argument::Digits => {
            digits.first().is_some_and(u8::is_ascii_digit) && digits.iter().all(|byte| byte.is_ascii_alphanumeric())
        }
        Argument::Decimal => std::str::from_utf8(trimmed).is_ok_and(|text| text.parse::<f64>().is_ok()),
        Argument::Quoted => match trimmed {
            [first @ (b'\'' | b'"'), .., last] => first == last,
            _ => false,
        },
        Argument::Names => {
            let mut names = bytes.split(|byte| *byte == b'\n');
            names.all(|name| {
                !name.is_empty()
                    && std::str::from_utf8(name)
                        .is_ok_and(|name| !name.contains(|c: char| c.is_whitespace() || c.is_control()))
            })
        }
        _ => true,
    }
}

/// What a walk to the end of one stream saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walk {
    /// Where it ended.
    pub end: End,
    /// How many opcodes were valid.
    pub opcodes: u64,
    /// Whether one of them imports.
    pub imports: bool,
    /// Whether one of them calls, `INST` included, which needs no more than two short lines of text.
    pub calls: bool,
    /// Whether one of them calls and takes the callable from the stack.
    pub reduces: bool,
}

/// Walks one stream. Of each value only whether it is a string is known, which an import by `STACK_GLOBAL` needs; a
/// memo entry that was never set and an operand that is missing end the walk, as they end the unpickler.
pub fn walk(bytes: &[u8]) -> Walk {
    let mut ops = Ops::new(bytes);
    let mut seen = Walk { end: End::Cut, opcodes: 0, imports: false, calls: false, reduces: false };
    let mut stack = Stack::default();
    loop {
        let op = match ops.next() {
            Ok(op) => op,
            Err(end) => return Walk { end, ..seen },
        };
        if stack.apply(&op).is_none() {
            return Walk { end: End::Broken(op.at), ..seen };
        }
        seen.opcodes += 1;
        match op.code.byte {
            opcode::STOP => return Walk { end: End::Stopped(ops.position()), ..seen },
            opcode::GLOBAL | opcode::STACK_GLOBAL => seen.imports = true,
            opcode::INST => (seen.imports, seen.calls) = (true, true),
            opcode::REDUCE | opcode::OBJ | opcode::NEWOBJ | opcode::NEWOBJ_EX | opcode::BUILD => {
                (seen.calls, seen.reduces) = (true, true)
            }
            _ => {}
        }
    }
}

/// The unpickler's stack, marks and memo; a value is whether it is a string.
#[derive(Default)]
struct Stack {
    values: Vec<bool>,
    /// How many values there were at each mark.
    marks: Vec<usize>,
    memo: HashMap<u64, bool>,
}

impl Stack {
    /// None where a value is missing or of the wrong type.
    fn apply(&mut self, op: &Op<'_>) -> Option<()> {
        let is_string = opcode::is_string(op.code.byte);
        match op.code.byte {
            opcode::PUT | opcode::BINPUT | opcode::LONG_BINPUT => {
                let top = self.top()?;
                self.memo.insert(index(op)?, top);
                return Some(());
            }
            opcode::MEMOIZE => {
                let top = self.top()?;
                self.memo.insert(self.memo.len() as u64, top);
                return Some(());
            }
            opcode::GET | opcode::BINGET | opcode::LONG_BINGET => {
                let value = *self.memo.get(&index(op)?)?;
                self.values.push(value);
                return Some(());
            }
            opcode::DUP => {
                let top = self.top()?;
                self.values.push(top);
                return Some(());
            }
            opcode::STACK_GLOBAL if !self.values.ends_with(&[true, true]) => return None,
            _ => {}
        }
        match op.code.effect {
            Effect::Change { takes, puts } => self.change(takes, puts, is_string),
            Effect::ToMark { takes, puts } => {
                self.values.truncate(self.marks.pop()?);
                self.change(takes, puts, is_string)
            }
            Effect::Mark => {
                self.marks.push(self.values.len());
                Some(())
            }
            Effect::Pop if self.top().is_none() => self.marks.pop().map(|_| ()),
            Effect::Pop | Effect::Stop => self.change(1, 0, false),
        }
    }

    /// The top value, unless a mark is above it.
    fn top(&self) -> Option<bool> {
        let floor = self.marks.last().copied().unwrap_or(0);
        self.values.get(floor..).and_then(|values| values.last().copied())
    }

    fn change(&mut self, takes: u8, puts: u8, value: bool) -> Option<()> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let left = self.values.len().checked_sub(usize::from(takes)).filter(|left| *left >= floor)?;
        self.values.truncate(left);
        self.values.extend(std::iter::repeat_n(value, usize::from(puts)));
        Some(())
    }
}

/// The memo index of an opcode, in digits or in bytes.
fn index(op: &Op<'_>) -> Option<u64> {
    match op.code.argument {
        Argument::Digits => std::str::from_utf8(op.argument.trim_ascii()).ok()?.parse().ok(),
        _ => Some(op.argument.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))),
    }
}

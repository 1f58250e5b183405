//! Going through a stream opcode by opcode, only to see whether it is a pickle.

use std::collections::HashMap;
use std::io;

use super::argument::{index, number};
use super::opcode::{self, Argument, Effect};
use super::reader::{Instruction, Reader, Stop};
use super::source::Source;

/// How a walk ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// STOP.
    Stopped,
    /// The bytes end inside the pickle, or it has more opcodes than are followed.
    Cut,
    /// No opcode, or not a possible one, at this offset: the unpickler would raise here.
    Broken(u64),
}

/// Whether an argument in text form is one that the unpickler can read.
fn fits(op: &Instruction<'_>) -> bool {
    let trimmed = op.argument.trim_ascii();
    match op.code.argument {
        Argument::Digits | Argument::Decimal if matches!(op.code.byte, opcode::GET | opcode::PUT) => index(op).is_ok(),
        Argument::Digits | Argument::Decimal => number(op).is_some(),
        Argument::Quoted => match trimmed {
            [first @ (b'\'' | b'"'), .., last] => first == last || op.is_cut(),
            _ => false,
        },
        Argument::Names => op.argument.split(|byte| *byte == b'\n').all(|name| {
            !name.is_empty()
                && std::str::from_utf8(name)
                    .is_ok_and(|name| !name.contains(|c: char| c.is_whitespace() || c.is_control()))
        }),
        _ => true,
    }
}

/// What a walk to the end of one stream saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Walk {
    /// How it ended.
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

/// Walks one stream, `most` opcodes of it at most. Of each value only whether it may be a string is known, which an import
/// by `STACK_GLOBAL` needs; a memo entry that was never set and an operand that is missing end the walk, as they end the
/// unpickler.
///
/// # Errors
/// What the source reports.
pub fn walk(source: &mut Source<'_>, most: u64) -> io::Result<Walk> {
    let mut reader = Reader::default();
    let mut seen = Walk { end: End::Cut, opcodes: 0, imports: false, calls: false, reduces: false };
    let mut stack = Stack::default();
    while seen.opcodes < most {
        let at = source.position();
        let op = match reader.next(source)? {
            Ok(op) => op,
            Err(Stop::Cut) => return Ok(seen),
            Err(Stop::Broken) => return Ok(Walk { end: End::Broken(at), ..seen }),
        };
        if !fits(&op) || stack.apply(&op).is_none() {
            return Ok(Walk { end: End::Broken(at), ..seen });
        }
        seen.opcodes += 1;
        match op.code.byte {
            opcode::STOP => return Ok(Walk { end: End::Stopped, ..seen }),
            opcode::GLOBAL | opcode::STACK_GLOBAL => seen.imports = true,
            opcode::INST => (seen.imports, seen.calls) = (true, true),
            opcode::REDUCE | opcode::OBJ | opcode::NEWOBJ | opcode::NEWOBJ_EX | opcode::BUILD => {
                (seen.calls, seen.reduces) = (true, true)
            }
            _ => {}
        }
    }
    Ok(seen)
}

/// Whether what an opcode puts on the stack may be a string: what is imported or made can be anything.
fn may_be_string(byte: u8) -> bool {
    opcode::is_string(byte)
        || matches!(
            byte,
            opcode::GLOBAL
                | opcode::STACK_GLOBAL
                | opcode::REDUCE
                | opcode::INST
                | opcode::OBJ
                | opcode::NEWOBJ
                | opcode::NEWOBJ_EX
                | opcode::EXT1
                | opcode::EXT2
                | opcode::EXT4
                | opcode::PERSID
                | opcode::BINPERSID
        )
}

/// The unpickler's stack, marks and memo; a value is whether it may be a string.
#[derive(Default)]
struct Stack {
    values: Vec<bool>,
    /// How many values there were at each mark.
    marks: Vec<usize>,
    memo: HashMap<u64, bool>,
}

impl Stack {
    /// None where a value is missing or of the wrong type.
    fn apply(&mut self, op: &Instruction<'_>) -> Option<()> {
        let is_string = may_be_string(op.code.byte);
        match op.code.byte {
            opcode::PUT | opcode::BINPUT | opcode::LONG_BINPUT => {
                let top = self.top()?;
                self.memo.insert(index(op).ok()?, top);
                return Some(());
            }
            opcode::MEMOIZE => {
                let top = self.top()?;
                self.memo.insert(self.memo.len() as u64, top);
                return Some(());
            }
            opcode::GET | opcode::BINGET | opcode::LONG_BINGET => {
                let value = *self.memo.get(&index(op).ok()?)?;
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

//! A pickle as a listing of its opcodes, for a person who wants to look before trusting.

use std::io;

use super::argument::number;
use super::opcode::{self, Argument};
use super::reader::{Instruction, Reader, Stop};
use super::source::Source;
use super::text;
use super::value::Value;

/// How many characters of an argument are shown.
const LONGEST: usize = 80;

/// One opcode of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Offset of the opcode's byte.
    pub at: u64,
    /// Its name in Python's `pickletools`.
    pub opcode: &'static str,
    /// Its argument in Python's notation, shortened; empty where it has none.
    pub argument: String,
}

/// The opcodes of a source, up to where none stands: several streams follow one another.
#[derive(Debug)]
pub struct Listing<'s, 'f> {
    source: &'s mut Source<'f>,
    reader: Reader,
    is_over: bool,
}

impl<'s, 'f> Listing<'s, 'f> {
    /// From the source's position on.
    pub fn new(source: &'s mut Source<'f>) -> Self {
        Self { source, reader: Reader::default(), is_over: false }
    }
}

impl Iterator for Listing<'_, '_> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        match self.reader.next(self.source) {
            Ok(Ok(op)) => Some(Ok(Line { at: op.at, opcode: op.code.name, argument: shown(&op) })),
            Ok(Err(Stop::Cut | Stop::Broken)) => {
                self.is_over = true;
                None
            }
            Err(error) => {
                self.is_over = true;
                Some(Err(error))
            }
        }
    }
}

fn shown(op: &Instruction<'_>) -> String {
    let bytes = op.argument.get(..op.argument.len().min(LONGEST)).unwrap_or_default();
    let more = if op.length > bytes.len() as u64 { "…" } else { "" };
    let text = || printable(&String::from_utf8_lossy(bytes)) + more;
    match (op.code.argument, op.code.byte) {
        (Argument::None, _) => String::new(),
        (Argument::Names, _) => printable(&String::from_utf8_lossy(op.argument).replacen('\n', " ", 1)),
        (Argument::Digits | Argument::Decimal | Argument::Quoted, _) => text(),
        (
            _,
            opcode::PROTO
            | opcode::FRAME
            | opcode::BINGET
            | opcode::LONG_BINGET
            | opcode::BINPUT
            | opcode::LONG_BINPUT
            | opcode::EXT1
            | opcode::EXT2
            | opcode::EXT4,
        ) => op.number().to_string(),
        (_, opcode::SHORT_BINBYTES | opcode::BINBYTES | opcode::BINBYTES8 | opcode::BYTEARRAY8) => {
            format!("b'{}{more}'", bytes.escape_ascii())
        }
        (_, opcode::UNICODE) => format!("'{}{more}'", printable(&text::raw_unicode(bytes))),
        (_, opcode::PERSID) => text(),
        (Argument::Fixed(_), _) | (_, opcode::LONG1 | opcode::LONG4) => match number(op) {
            Some(Value::Int(number)) => number.to_string(),
            Some(Value::Float(number)) => format!("{number:?}"),
            _ => format!("a number of {} bytes", op.length),
        },
        _ => format!("'{}'", text()),
    }
}

/// Without characters that a terminal would obey.
fn printable(text: &str) -> String {
    let mut shown = String::new();
    for letter in text.chars().take(2 * LONGEST) {
        match letter {
            letter if letter.is_control() => shown.extend(letter.escape_default()),
            letter => shown.push(letter),
        }
    }
    shown
}

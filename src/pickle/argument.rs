//! What the argument of an opcode stands for: a number, or an index of the memo.

use super::opcode;
use super::reader::Instruction;
use super::stream::Fault;
use super::text::{self, Digits, Whole};
use super::value::Value;

/// A number's value; none where CPython raises. Of a text longer than what is kept, not the value.
pub(super) fn number(op: &Instruction<'_>) -> Option<Value> {
    let bytes = op.argument;
    Some(match op.code.byte {
        opcode::INT | opcode::LONG if op.is_cut() => Value::Big,
        opcode::INT | opcode::LONG => match text::whole(bytes, Digits::Literal)? {
            // `00` and `01`, and what else has two characters and is that number in C.
            Whole::Small(bit @ (0 | 1)) if op.code.byte == opcode::INT && bytes.len() == 2 => Value::Bool(bit == 1),
            Whole::Small(number) => Value::Int(number),
            Whole::Big => Value::Big,
        },
        opcode::BININT => Value::Int(i64::from(op.number() as u32 as i32)),
        opcode::BININT1 | opcode::BININT2 => Value::Int(op.number() as i64),
        opcode::BINFLOAT => Value::Float(bytes.try_into().map_or(f64::NAN, f64::from_be_bytes)),
        opcode::FLOAT if op.is_cut() => Value::Float(f64::NAN),
        opcode::FLOAT => Value::Float(text::decimal(bytes)?),
        // Two's complement, little-endian.
        _ => match bytes.last() {
            None => Value::Int(0),
            Some(last) if op.length <= 8 => {
                let fill = if last & 0x80 == 0 { 0 } else { u64::MAX };
                let unused = 8 * bytes.len() as u32;
                let high = if unused >= 64 { 0 } else { fill << unused };
                Value::Int((op.number() | high).cast_signed())
            }
            Some(_) => Value::Big,
        },
    })
}

/// The memo index of an opcode, in digits or in bytes.
pub(super) fn index(op: &Instruction<'_>) -> Result<u64, Fault> {
    match op.code.byte {
        opcode::GET | opcode::PUT => match text::whole(op.argument, Digits::Decimal) {
            Some(Whole::Small(index)) => u64::try_from(index).ok(),
            _ => None,
        }
        .ok_or("the memo's index is not a number"),
        _ => Ok(op.number()),
    }
}

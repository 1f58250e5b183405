//! What the argument of an opcode stands for: a number, or an index of the memo.

use super::opcode;
use super::reader::Instruction;
use super::stream::Fault;
use super::text;
use super::value::Value;

/// A number's value.
pub(super) fn number(op: &Instruction<'_>) -> Value {
    let bytes = op.argument;
    match op.code.byte {
        opcode::INT if bytes.trim_ascii() == b"00" => Value::Bool(false),
        opcode::INT if bytes.trim_ascii() == b"01" => Value::Bool(true),
        opcode::INT | opcode::LONG => text::whole(bytes).map_or(Value::Big, Value::Int),
        opcode::BININT => Value::Int(i64::from(op.number() as u32 as i32)),
        opcode::BININT1 | opcode::BININT2 => Value::Int(op.number() as i64),
        opcode::BINFLOAT => Value::Float(bytes.try_into().map_or(f64::NAN, f64::from_be_bytes)),
        opcode::FLOAT => {
            Value::Float(std::str::from_utf8(bytes).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(f64::NAN))
        }
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
    }
}

/// The memo index of an opcode, in digits or in bytes.
pub(super) fn index(op: &Instruction<'_>) -> Result<u64, Fault> {
    match op.code.byte {
        opcode::GET | opcode::PUT => text::whole(op.argument)
            .and_then(|index| u64::try_from(index).ok())
            .ok_or("the memo's index is not a number"),
        _ => Ok(op.number()),
    }
}

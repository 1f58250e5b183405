//! The opcodes of protocols 0 to 5.

/// What follows an opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    None,
    /// So many bytes.
    Fixed(u8),
    /// A length of one byte, then so many bytes.
    Counted1,
    /// A length of four bytes, then so many bytes.
    Counted4,
    /// The same with a signed length, where a negative one is an error.
    CountedSigned4,
    /// A length of eight bytes, then so many bytes.
    Counted8,
    /// A whole number in digits, up to a line feed.
    Digits,
    /// A number in digits with a fraction or exponent, up to a line feed.
    Decimal,
    /// A string in quotes, up to a line feed.
    Quoted,
    /// Anything up to a line feed.
    Line,
    /// Module and name, a line each.
    Names,
}

/// What an opcode does to the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Takes so many values and puts so many.
    Change {
        /// Taken.
        takes: u8,
        /// Put.
        puts: u8,
    },
    /// Takes everything above the last mark and the mark, then so many more, and puts so many.
    ToMark {
        /// Taken from below the mark.
        takes: u8,
        /// Put.
        puts: u8,
    },
    /// Sets a mark.
    Mark,
    /// Takes one value, or the mark if nothing is above it.
    Pop,
    /// Ends the pickle with the top value.
    Stop,
}

/// One opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opcode {
    /// Its byte.
    pub byte: u8,
    /// Its name in Python's `pickletools`.
    pub name: &'static str,
    /// What follows it.
    pub argument: Argument,
    /// What it does to the stack.
    pub effect: Effect,
}

const fn op(byte: u8, name: &'static str, argument: Argument, takes: u8, puts: u8) -> Opcode {
    Opcode { byte, name, argument, effect: Effect::Change { takes, puts } }
}

const fn to_mark(byte: u8, name: &'static str, argument: Argument, takes: u8, puts: u8) -> Opcode {
    Opcode { byte, name, argument, effect: Effect::ToMark { takes, puts } }
}

const fn special(byte: u8, name: &'static str, effect: Effect) -> Opcode {
    Opcode { byte, name, argument: Argument::None, effect }
}

use Argument::{
    Counted1, Counted4, Counted8, CountedSigned4, Decimal, Digits, Fixed, Line, Names, None as Nothing, Quoted,
};

/// Every opcode, by byte.
pub(super) const OPCODES: [Opcode; 68] = [
    special(0x28, "MARK", Effect::Mark),
    op(0x29, "EMPTY_TUPLE", Nothing, 0, 1),
    special(0x2E, "STOP", Effect::Stop),
    special(0x30, "POP", Effect::Pop),
    to_mark(0x31, "POP_MARK", Nothing, 0, 0),
    op(0x32, "DUP", Nothing, 1, 2),
    op(0x42, "BINBYTES", Counted4, 0, 1),
    op(0x43, "SHORT_BINBYTES", Counted1, 0, 1),
    op(0x46, "FLOAT", Decimal, 0, 1),
    op(0x47, "BINFLOAT", Fixed(8), 0, 1),
    op(0x49, "INT", Digits, 0, 1),
    op(0x4A, "BININT", Fixed(4), 0, 1),
    op(0x4B, "BININT1", Fixed(1), 0, 1),
    op(0x4C, "LONG", Digits, 0, 1),
    op(0x4D, "BININT2", Fixed(2), 0, 1),
    op(0x4E, "NONE", Nothing, 0, 1),
    op(0x50, "PERSID", Line, 0, 1),
    op(0x51, "BINPERSID", Nothing, 1, 1),
    op(0x52, "REDUCE", Nothing, 2, 1),
    op(0x53, "STRING", Quoted, 0, 1),
    op(0x54, "BINSTRING", CountedSigned4, 0, 1),
    op(0x55, "SHORT_BINSTRING", Counted1, 0, 1),
    op(0x56, "UNICODE", Line, 0, 1),
    op(0x58, "BINUNICODE", Counted4, 0, 1),
    op(0x5D, "EMPTY_LIST", Nothing, 0, 1),
    op(0x61, "APPEND", Nothing, 2, 1),
    op(0x62, "BUILD", Nothing, 2, 1),
    op(0x63, "GLOBAL", Names, 0, 1),
    to_mark(0x64, "DICT", Nothing, 0, 1),
    to_mark(0x65, "APPENDS", Nothing, 1, 1),
    op(0x67, "GET", Digits, 0, 1),
    op(0x68, "BINGET", Fixed(1), 0, 1),
    to_mark(0x69, "INST", Names, 0, 1),
    op(0x6A, "LONG_BINGET", Fixed(4), 0, 1),
    to_mark(0x6C, "LIST", Nothing, 0, 1),
    to_mark(0x6F, "OBJ", Nothing, 0, 1),
    op(0x70, "PUT", Digits, 1, 1),
    op(0x71, "BINPUT", Fixed(1), 1, 1),
    op(0x72, "LONG_BINPUT", Fixed(4), 1, 1),
    op(0x73, "SETITEM", Nothing, 3, 1),
    to_mark(0x74, "TUPLE", Nothing, 0, 1),
    to_mark(0x75, "SETITEMS", Nothing, 1, 1),
    op(0x7D, "EMPTY_DICT", Nothing, 0, 1),
    op(0x80, "PROTO", Fixed(1), 0, 0),
    op(0x81, "NEWOBJ", Nothing, 2, 1),
    op(0x82, "EXT1", Fixed(1), 0, 1),
    op(0x83, "EXT2", Fixed(2), 0, 1),
    op(0x84, "EXT4", Fixed(4), 0, 1),
    op(0x85, "TUPLE1", Nothing, 1, 1),
    op(0x86, "TUPLE2", Nothing, 2, 1),
    op(0x87, "TUPLE3", Nothing, 3, 1),
    op(0x88, "NEWTRUE", Nothing, 0, 1),
    op(0x89, "NEWFALSE", Nothing, 0, 1),
    op(0x8A, "LONG1", Counted1, 0, 1),
    op(0x8B, "LONG4", CountedSigned4, 0, 1),
    op(0x8C, "SHORT_BINUNICODE", Counted1, 0, 1),
    op(0x8D, "BINUNICODE8", Counted8, 0, 1),
    op(0x8E, "BINBYTES8", Counted8, 0, 1),
    op(0x8F, "EMPTY_SET", Nothing, 0, 1),
    to_mark(0x90, "ADDITEMS", Nothing, 1, 1),
    to_mark(0x91, "FROZENSET", Nothing, 0, 1),
    op(0x92, "NEWOBJ_EX", Nothing, 3, 1),
    op(0x93, "STACK_GLOBAL", Nothing, 2, 1),
    op(0x94, "MEMOIZE", Nothing, 1, 1),
    op(0x95, "FRAME", Fixed(8), 0, 0),
    op(0x96, "BYTEARRAY8", Counted8, 0, 1),
    op(0x97, "NEXT_BUFFER", Nothing, 0, 1),
    op(0x98, "READONLY_BUFFER", Nothing, 1, 1),
];

impl Opcode {
    /// The opcode of a byte.
    pub fn from_byte(byte: u8) -> Option<&'static Self> {
        let at = OPCODES.binary_search_by_key(&byte, |opcode| opcode.byte).ok()?;
        OPCODES.get(at)
    }
}

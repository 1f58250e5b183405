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

use Argument::{
    Counted1, Counted4, Counted8, CountedSigned4, Decimal, Digits, Fixed, Line, Names, None as Nothing, Quoted,
};

/// The table of the opcodes, and a constant for the byte of each: `REDUCE` is `b'R'`.
macro_rules! opcodes {
    ($($byte:literal $name:ident $argument:expr, $effect:expr;)*) => {
        $(
            #[doc = concat!("The byte of `", stringify!($name), "`.")]
            pub const $name: u8 = $byte;
        )*

        /// Every opcode, by byte.
        pub(super) const OPCODES: &[Opcode] = &[
            $(Opcode { byte: $byte, name: stringify!($name), argument: $argument, effect: $effect },)*
        ];
    };
}

const fn change(takes: u8, puts: u8) -> Effect {
    Effect::Change { takes, puts }
}

const fn to_mark(takes: u8, puts: u8) -> Effect {
    Effect::ToMark { takes, puts }
}

opcodes! {
    b'(' MARK Nothing, Effect::Mark;
    b')' EMPTY_TUPLE Nothing, change(0, 1);
    b'.' STOP Nothing, Effect::Stop;
    b'0' POP Nothing, Effect::Pop;
    b'1' POP_MARK Nothing, to_mark(0, 0);
    b'2' DUP Nothing, change(1, 2);
    b'B' BINBYTES Counted4, change(0, 1);
    b'C' SHORT_BINBYTES Counted1, change(0, 1);
    b'F' FLOAT Decimal, change(0, 1);
    b'G' BINFLOAT Fixed(8), change(0, 1);
    b'I' INT Digits, change(0, 1);
    b'J' BININT Fixed(4), change(0, 1);
    b'K' BININT1 Fixed(1), change(0, 1);
    b'L' LONG Digits, change(0, 1);
    b'M' BININT2 Fixed(2), change(0, 1);
    b'N' NONE Nothing, change(0, 1);
    b'P' PERSID Line, change(0, 1);
    b'Q' BINPERSID Nothing, change(1, 1);
    b'R' REDUCE Nothing, change(2, 1);
    b'S' STRING Quoted, change(0, 1);
    b'T' BINSTRING CountedSigned4, change(0, 1);
    b'U' SHORT_BINSTRING Counted1, change(0, 1);
    b'V' UNICODE Line, change(0, 1);
    b'X' BINUNICODE Counted4, change(0, 1);
    b']' EMPTY_LIST Nothing, change(0, 1);
    b'a' APPEND Nothing, change(2, 1);
    b'b' BUILD Nothing, change(2, 1);
    b'c' GLOBAL Names, change(0, 1);
    b'd' DICT Nothing, to_mark(0, 1);
    b'e' APPENDS Nothing, to_mark(1, 1);
    b'g' GET Digits, change(0, 1);
    b'h' BINGET Fixed(1), change(0, 1);
    b'i' INST Names, to_mark(0, 1);
    b'j' LONG_BINGET Fixed(4), change(0, 1);
    b'l' LIST Nothing, to_mark(0, 1);
    b'o' OBJ Nothing, to_mark(0, 1);
    b'p' PUT Digits, change(1, 1);
    b'q' BINPUT Fixed(1), change(1, 1);
    b'r' LONG_BINPUT Fixed(4), change(1, 1);
    b's' SETITEM Nothing, change(3, 1);
    b't' TUPLE Nothing, to_mark(0, 1);
    b'u' SETITEMS Nothing, to_mark(1, 1);
    b'}' EMPTY_DICT Nothing, change(0, 1);
    0x80 PROTO Fixed(1), change(0, 0);
    0x81 NEWOBJ Nothing, change(2, 1);
    0x82 EXT1 Fixed(1), change(0, 1);
    0x83 EXT2 Fixed(2), change(0, 1);
    0x84 EXT4 Fixed(4), change(0, 1);
    0x85 TUPLE1 Nothing, change(1, 1);
    0x86 TUPLE2 Nothing, change(2, 1);
    0x87 TUPLE3 Nothing, change(3, 1);
    0x88 NEWTRUE Nothing, change(0, 1);
    0x89 NEWFALSE Nothing, change(0, 1);
    0x8A LONG1 Counted1, change(0, 1);
    0x8B LONG4 CountedSigned4, change(0, 1);
    0x8C SHORT_BINUNICODE Counted1, change(0, 1);
    0x8D BINUNICODE8 Counted8, change(0, 1);
    0x8E BINBYTES8 Counted8, change(0, 1);
    0x8F EMPTY_SET Nothing, change(0, 1);
    0x90 ADDITEMS Nothing, to_mark(1, 1);
    0x91 FROZENSET Nothing, to_mark(0, 1);
    0x92 NEWOBJ_EX Nothing, change(3, 1);
    0x93 STACK_GLOBAL Nothing, change(2, 1);
    0x94 MEMOIZE Nothing, change(1, 1);
    0x95 FRAME Fixed(8), change(0, 0);
    0x96 BYTEARRAY8 Counted8, change(0, 1);
    0x97 NEXT_BUFFER Nothing, change(0, 1);
    0x98 READONLY_BUFFER Nothing, change(1, 1);
}

/// Whether an opcode pushes a string of text.
pub(super) const fn is_string(byte: u8) -> bool {
    matches!(byte, STRING | BINSTRING | SHORT_BINSTRING | UNICODE | BINUNICODE | SHORT_BINUNICODE | BINUNICODE8)
}

impl Opcode {
    /// The opcode of a byte.
    pub fn from_byte(byte: u8) -> Option<&'static Self> {
        let at = OPCODES.binary_search_by_key(&byte, |opcode| opcode.byte).ok()?;
        OPCODES.get(at)
    }
}

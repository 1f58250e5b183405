//! What is said of one stream of opcodes: how it ends, and whether torch would load it.

/// How a stream of opcodes ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// At STOP.
    Stopped,
    /// The bytes end before STOP.
    Cut,
    /// An unpickler would raise here: no opcode, or one whose operands are missing or of no use.
    Broken {
        /// The offset.
        at: u64,
        /// What is wrong there.
        why: &'static str,
    },
    /// One of this program's own caps: the rest was not read.
    Capped {
        /// The offset.
        at: u64,
        /// Which one.
        why: &'static str,
    },
}

/// What was seen of one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Offset of its first byte.
    pub start: u64,
    /// Offset after its last opcode that was read.
    pub end: u64,
    /// How it ends.
    pub ending: Ending,
    /// How many opcodes there were.
    pub opcodes: u64,
    /// The highest protocol it states; 0 where it states none.
    pub protocol: u8,
    /// Where and why torch's `weights_only=True` would stop; none where it would load this stream.
    pub refusal: Option<Refusal>,
    /// Where the frame ends that reaches farthest; 0 where there is none.
    pub frame_end: u64,
    /// Whether what it gives is a whole number.
    pub is_number: bool,
}

/// What stops torch's `weights_only=True`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Offset of the opcode.
    pub at: u64,
    /// The opcode's name; empty where the stream breaks off.
    pub opcode: &'static str,
    /// The import that is not on torch's list, `module.name`, where that is what stops it.
    pub import: Option<String>,
}

/// Why a stream cannot go on.
pub(super) type Fault = &'static str;

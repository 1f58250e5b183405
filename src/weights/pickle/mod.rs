//! Python pickles as a list of opcodes.
//!
//! Knows each opcode's argument and what it takes from and puts on the stack, which is enough to tell a pickle from
//! anything else. It never imports, calls or builds anything, and does not judge what a pickle would import or call.

mod opcode;
mod walk;

pub use opcode::{Argument, Effect, Opcode};
pub use walk::{End, Op, Ops, Walk, walk};

/// How much of a file is read to tell whether it is a pickle.
pub const MAX_WINDOW_BYTES: usize = 1024 * 1024;

/// Whether bytes are a pickle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Python's unpickler would read them, at least up to an import or call.
    Pickle,
    /// It would refuse them before anything happened.
    NotPickle,
    /// The bytes end before it is clear.
    Undecided,
}

/// Judges the start of a file. `complete` says that nothing follows; `is_text` that the bytes read as text, which
/// pickles of protocol 0 do: then more must speak for a pickle, as a list of names such as `configs` can by chance
/// read as an import.
pub fn judge(bytes: &[u8], complete: bool, is_text: bool) -> Verdict {
    let has_protocol = matches!(bytes, [0x80, 0..=5, _, ..]);
    let mut at = 0;
    let mut opcodes = 0;
    // Streams may follow one another; a harmless first one proves nothing about the rest.
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let found = walk(rest);
        opcodes += found.opcodes;
        let acts = found.reduces || (found.imports && !is_text);
        match found.end {
            _ if acts && found.imports => return Verdict::Pickle,
            End::Stopped(_) if has_protocol || found.calls => return Verdict::Pickle,
            End::Stopped(end) => at += end,
            End::Cut if has_protocol && opcodes > 1 => return Verdict::Pickle,
            End::Cut if !complete && opcodes >= ENOUGH => return Verdict::Pickle,
            End::Cut => return if complete { Verdict::NotPickle } else { Verdict::Undecided },
            End::Broken(_) if has_protocol && opcodes >= ENOUGH => return Verdict::Pickle,
            End::Broken(_) => return Verdict::NotPickle,
        }
    }
    match (at, complete) {
        (0, _) => Verdict::NotPickle,
        // The last stream ends where the file ends. A text of two lines can do that by chance, and does nothing.
        (_, true) if is_text && opcodes < FEW => Verdict::NotPickle,
        (_, true) => Verdict::Pickle,
        (_, false) => Verdict::Undecided,
    }
}

/// So many opcodes in a row, each with a valid argument and stack, are no chance.
const ENOUGH: u64 = 64;
/// So few opcodes read as a pickle in many a text.
const FEW: u64 = 4;

#[cfg(test)]
mod tests;

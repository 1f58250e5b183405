//! Python pickles, never loaded.
//!
//! Two readers stand side by side. [`judge`] tells a pickle from anything else by a short walk. [`scan()`] runs the
//! unpickler's machine on abstract values over a whole [`Source`] and says what would be imported and called, with the
//! offset of each, and whether torch's `weights_only=True` would load it. Nothing is ever imported, called or built.
//!
//! The parts, from bytes to verdict: [`Source`] (bytes, forward only) → [`reader::Reader`] (opcodes) → [`Machine`] (stack, marks,
//! memo and [`Arena`] of values; one stream) → [`Imports`] (each name once, with its [`Trust`]) → [`Scan`] (all streams, the
//! pickles in their strings, what is left). All memory is bounded by named caps; a value that there was no room for is
//! [`Value::Lost`], which never counts as harmless.

mod argument;
mod call;
mod danger;
mod globals;
mod import;
mod joblib;
mod listing;
mod machine;
mod memo;
mod nested;
pub mod opcode;
mod reader;
mod scan;
mod show;
mod source;
mod stream;
mod text;
mod value;
mod walk;
mod weights_only;

pub use danger::{effect, runs_at_once};
pub use globals::{Trust, trust};
pub use import::{Import, Imports, Reach};
pub use listing::{Line, Listing};
pub use machine::Machine;
pub use opcode::{Argument, Opcode};
pub(crate) use scan::scan_with;
pub use scan::{Scan, Unread, scan};
pub use source::{Budget, Feed, Source};
pub use stream::{Ending, Stream};
pub use value::{Arena, Id, Value};
pub use walk::{End, walk};

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
    let has_protocol = matches!(bytes, [opcode::PROTO, 0..=5, _, ..]);
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

/// So many opcodes in a row, each with a valid argument and stack, are not a coincidence.
const ENOUGH: u64 = 64;
/// So few opcodes read as a pickle in many a text.
const FEW: u64 = 4;

#[cfg(test)]
mod tests;

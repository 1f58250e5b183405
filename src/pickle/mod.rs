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

use std::io;

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
pub use machine::{Machine, Reading};
pub use opcode::{Argument, Opcode};
pub(crate) use scan::scan_with;
pub use scan::{Scan, Unread, scan};
use source::Shortfall;
pub use source::{Budget, Feed, Glimpse, Part, Source};
pub use stream::{Ending, Stream};
pub use value::{Arena, Id, Value};
pub use walk::{End, walk};

/// How much of a file is read to tell whether it is a pickle. What an opcode skips is not read.
pub const MAX_JUDGED_BYTES: u64 = 64 * 1024 * 1024;

/// How many opcodes are followed to tell that.
const MAX_JUDGED_OPCODES: u64 = 1024 * 1024;

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
    let head = Head { bytes: io::Cursor::new(bytes), complete };
    judge_source(&mut Source::new(head, 0), is_text).unwrap_or(Verdict::Undecided)
}

/// Judges a whole source by following its opcodes; see [`judge`].
///
/// # Errors
/// What the source reports.
pub fn judge_source(source: &mut Source<'_>, is_text: bool) -> io::Result<Verdict> {
    let has_protocol = matches!(source.peek(3)?, [opcode::PROTO, 0..=5, _, ..]);
    let mut opcodes = 0;
    // Streams may follow one another; a harmless first one proves nothing about the rest.
    while !source.peek(1)?.is_empty() {
        let found = walk(source, MAX_JUDGED_OPCODES.saturating_sub(opcodes))?;
        opcodes += found.opcodes;
        let complete = source.shortfall().is_none() && opcodes < MAX_JUDGED_OPCODES;
        let acts = found.reduces || (found.imports && !is_text);
        match found.end {
            _ if acts && found.imports => return Ok(Verdict::Pickle),
            End::Stopped if has_protocol || found.calls => return Ok(Verdict::Pickle),
            End::Stopped => {}
            End::Cut if has_protocol && opcodes > 1 => return Ok(Verdict::Pickle),
            End::Cut if !complete && opcodes >= ENOUGH => return Ok(Verdict::Pickle),
            End::Cut => return Ok(if complete { Verdict::NotPickle } else { Verdict::Undecided }),
            End::Broken(_) if has_protocol && opcodes >= ENOUGH => return Ok(Verdict::Pickle),
            End::Broken(_) => return Ok(Verdict::NotPickle),
        }
    }
    Ok(match (source.position(), source.shortfall()) {
        (_, Some(_)) => Verdict::Undecided,
        (0, None) => Verdict::NotPickle,
        // The last stream ends where the file ends. A text of two lines can do that by chance, and does nothing.
        (_, None) if is_text && opcodes < FEW => Verdict::NotPickle,
        (_, None) => Verdict::Pickle,
    })
}

/// The first bytes of a file.
struct Head<'b> {
    bytes: io::Cursor<&'b [u8]>,
    /// Whether they are all.
    complete: bool,
}

impl Feed for Head<'_> {
    fn next(&mut self, length: usize) -> io::Result<Vec<u8>> {
        self.bytes.next(length)
    }

    fn skip(&mut self, length: u64) -> io::Result<u64> {
        self.bytes.skip(length)
    }

    fn shortfall(&self) -> Option<Shortfall> {
        (!self.complete).then_some(Shortfall::Capped)
    }
}

/// So many opcodes in a row, each with a valid argument and stack, are not a coincidence.
const ENOUGH: u64 = 64;
/// So few opcodes read as a pickle in many a text.
const FEW: u64 = 4;

#[cfg(test)]
mod tests;

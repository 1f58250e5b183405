//! Strings that look like pickles.

use std::collections::HashMap;

use super::opcode;
use super::reader::Instruction;
use super::value::Id;

/// How many bytes of such strings are kept of one stream.
pub const MAX_NESTED_TOTAL: usize = 16 * 1024 * 1024;

/// One string that may be a pickle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blob {
    /// The offset of its first byte.
    pub at: u64,
    /// Its bytes, of a long one the start.
    pub bytes: Vec<u8>,
    /// Whether there are more.
    pub is_cut: bool,
}

/// The strings of one stream that may be pickles.
#[derive(Debug, Default)]
pub(super) struct Nested {
    blobs: Vec<Blob>,
    numbers: HashMap<Id, usize>,
    held: usize,
}

impl Nested {
    /// Keeps the argument of an opcode, if it opens as a pickle does: with a protocol. Tensor data rarely does, and is
    /// told apart later, when it is walked.
    pub(super) fn keep(&mut self, id: Id, op: &Instruction<'_>) -> Result<(), ()> {
        let bytes = match op.argument {
            [opcode::PROTO, 0..=5, _, ..] => op.argument.to_vec(),
            // Below protocol 3, bytes are written as text of Latin-1.
            [0xC2, opcode::PROTO, ..] => {
                let text = String::from_utf8_lossy(op.argument);
                text.chars().filter_map(|letter| u8::try_from(u32::from(letter)).ok()).collect()
            }
            _ => return Ok(()),
        };
        if self.held + bytes.len() > MAX_NESTED_TOTAL {
            return Err(());
        }
        self.held += bytes.len();
        self.numbers.insert(id, self.blobs.len());
        self.blobs.push(Blob { at: op.argument_at, bytes, is_cut: op.is_cut() });
        Ok(())
    }

    /// Whether a value is one of them.
    pub(super) fn has(&self, id: Id) -> bool {
        self.numbers.contains_key(&id)
    }

    /// The strings.
    pub(super) fn take(&mut self) -> Vec<Blob> {
        std::mem::take(&mut self.blobs)
    }
}

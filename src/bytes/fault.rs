//! What is wrong with a weight file.

use std::io;

/// How many faults of one file are reported; a file that is wrong throughout would fill the screen with one mistake.
pub const MAX_FAULTS: usize = 10;

/// The sort of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// The file ends before what its header promises.
    CutShort,
    /// Bytes that nothing describes, at the end or between tensors.
    Leftover,
    /// The bytes are not this format at all.
    WrongFormat,
    /// The header's own length makes no sense.
    HeaderLength,
    /// The header cannot be read as what it should be (UTF-8, JSON, a dict literal, key-value pairs).
    Syntax,
    /// A field is missing, repeated, unknown or of the wrong type.
    Field,
    /// A data type that no reader knows.
    Dtype,
    /// Shape, type and byte range contradict each other.
    Size,
    /// Two tensors or members claim the same bytes.
    Overlap,
    /// One name or key stands twice.
    Duplicate,
    /// Content that does not match its checksum.
    Checksum,
    /// A name that breaks tools: empty, or with control characters.
    Name,
    /// Numbers do not start where a processor would have them: a cost, no mistake.
    Alignment,
    /// One of this program's own caps: the file may be good, but was not read to its end.
    Limit,
}

/// One thing that is wrong with a weight file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its sort.
    pub kind: FaultKind,
    /// What is wrong, with the values: one sentence without a final dot.
    pub message: String,
    /// What most likely happened, and what to do.
    pub help: &'static str,
    /// The tensor it is about.
    pub tensor: Option<String>,
    /// The byte of the file where it shows.
    pub offset: Option<u64>,
    /// Whether the format's own reader refuses the file for it. False where this program is stricter.
    pub breaks: bool,
}

impl Fault {
    /// A fault for which the format's own reader refuses the file.
    pub fn new(kind: FaultKind, message: impl Into<String>, help: &'static str) -> Self {
        Self { kind, message: message.into(), help, tensor: None, offset: None, breaks: kind != FaultKind::Limit }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, offset: u64) -> Self {
        self.offset = Some(offset);
        self
    }

    /// Says which tensor.
    #[must_use]
    pub fn tensor(mut self, name: impl Into<String>) -> Self {
        self.tensor = Some(name.into());
        self
    }

    /// The format's own reader opens the file all the same.
    #[must_use]
    pub fn tolerated(mut self) -> Self {
        self.breaks = false;
        self
    }
}

/// Faults in the order they were met, of which only the first [`MAX_FAULTS`] are kept; a breaking one is never lost
/// to tolerated ones.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn push(&mut self, fault: Fault) {
        if self.0.len() < MAX_FAULTS {
            self.0.push(fault);
        } else if fault.breaks && !self.breaking() {
            self.0.pop();
            self.0.push(fault);
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.0.len() >= MAX_FAULTS && self.breaking()
    }

    pub(crate) fn breaking(&self) -> bool {
        self.0.iter().any(|fault| fault.breaks)
    }

    pub(crate) fn into_vec(self) -> Vec<Fault> {
        self.0
    }
}

/// Why reading a header stopped: the reader gave up, or the file did.
pub(crate) enum Stop {
    Io(io::Error),
    Fault(Box<Fault>),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(Box::new(fault))
    }
}

/// A name from a file, cut to what fits into a message.
pub(crate) fn shown(name: &str) -> String {
    const LONGEST: usize = 80;
    match name.char_indices().nth(LONGEST) {
        None => format!("`{name}`"),
        Some((end, _)) => format!("`{}…`", name.get(..end).unwrap_or_default()),
    }
}

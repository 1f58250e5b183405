//! A whole source: streams one after the other, the pickles in their strings, and what is left.

use std::io;

use super::Trust;
use super::import::{Import, Imports, Reach};
use super::machine::{Machine, Reading};
use super::nested::Blob;
use super::source::Source;
use super::stream::{Ending, Refusal, Stream};

/// How many streams of one source are described. More are read all the same.
pub const MAX_STREAMS: usize = 64;

/// How deep pickles in strings of pickles are read.
pub const MAX_DEPTH: usize = 8;

/// What was seen of a source.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// The streams, in order; the first [`MAX_STREAMS`].
    pub streams: Vec<Stream>,
    /// What they import and call, each once; see [`Imports`].
    pub imports: Imports,
    /// Where the bytes start that follow the last stream and are not a pickle. What they are is for the container to say:
    /// torch's old layout has storages there.
    pub tail: Option<u64>,
    /// Why something was not read, or not understood to its end. A scan that has this is never clean.
    pub unread: Option<Unread>,
    /// Whether joblib finds arrays between the opcodes, where `pickle.load` reads opcodes.
    pub has_arrays: bool,
}

/// Where and why reading ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The offset.
    pub at: u64,
    /// The reason.
    pub why: String,
}

impl Scan {
    /// The imports of a verdict at least as bad as this, worst first, then in the file's order.
    pub fn worst(&self, least: Trust) -> Vec<&Import> {
        let mut found: Vec<&Import> = self.imports.list().iter().filter(|import| import.verdict() >= least).collect();
        found.sort_by_key(|import| (std::cmp::Reverse(import.verdict()), import.at));
        found
    }

    /// Why torch's `weights_only=True` would not load it; none where it would.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.streams.iter().find_map(|stream| stream.refusal.as_ref())
    }

    /// Judges once more, for a file that torch reads: it finds storage classes by their name alone, whatever the module. In a
    /// TorchScript program, the names under `__torch__` are of the program's own language and never of Python.
    pub(crate) fn read_by_torch(&mut self, is_script: bool) {
        self.imports.know(|module, name| {
            let is_storage = name.contains("Storage") && super::trust("torch", name) == Trust::Known;
            is_storage || (is_script && (module == "__torch__" || module.starts_with("__torch__.")))
        });
    }

    /// Judges once more, for a field of what Stable-Baselines3 saves: there cloudpickle keeps functions by their code. Nobody
    /// can tell from outside what they do, but every model has some, and as long as nothing calls them they do nothing.
    pub(crate) fn read_by_stable_baselines(&mut self) {
        self.imports.allow_calls(super::globals::is_by_value);
    }

    /// Takes in what `pickle.load` would read of the same bytes. Where it goes on through the numbers of an array by chance, that
    /// means nothing; a call that runs code, or a pickle to its end, is not there by chance.
    pub(crate) fn read_plainly(&mut self, plain: Self) {
        let is_whole = plain.streams.iter().all(|stream| stream.ending == Ending::Stopped);
        let least = if is_whole { Trust::Unknown } else { Trust::Dangerous };
        self.imports.add_worse(plain.imports, least);
        let capped = plain.streams.iter().any(|stream| matches!(stream.ending, Ending::Capped { .. }));
        self.unread = self.unread.take().or(plain.unread.filter(|_| capped));
    }

    /// Takes in the imports of streams that were run with a table of their own.
    pub(crate) fn take_imports(&mut self, imports: Imports) {
        let nested = std::mem::replace(&mut self.imports, imports);
        self.imports.add_nested(nested);
    }

    fn capped(&mut self, at: u64, why: &str) {
        let why = format!("{why} is beyond what is read");
        self.unread.get_or_insert(Unread { at, why });
    }

    /// Takes in a stream that was run, with the pickles in its strings.
    pub(crate) fn add(&mut self, stream: Stream, capped: Option<&'static str>, blobs: Vec<Blob>) -> io::Result<()> {
        if let Some(why) = capped {
            self.capped(stream.start, why);
        }
        match stream.ending {
            Ending::Stopped => {}
            Ending::Cut => {
                self.unread.get_or_insert(Unread { at: stream.end, why: "the pickle ends before its STOP".to_owned() });
            }
            Ending::Broken { at, why } => {
                self.unread.get_or_insert(Unread { at, why: why.to_owned() });
            }
            Ending::Capped { at, why } => self.capped(at, why),
        }
        if self.streams.len() < MAX_STREAMS {
            self.streams.push(stream);
        }
        self.add_nested(blobs)
    }

    /// Reads the strings that may be pickles, and those in them.
    fn add_nested(&mut self, blobs: Vec<Blob>) -> io::Result<()> {
        let mut waiting: Vec<(usize, Blob)> = blobs.into_iter().map(|blob| (0, blob)).collect();
        while let Some((depth, blob)) = waiting.pop() {
            if depth >= MAX_DEPTH {
                self.capped(blob.at, "the depth of pickles in strings");
                continue;
            }
            let mut imports = Imports::default();
            let mut source = Source::bytes(&blob.bytes, blob.at);
            // A legacy checkpoint is five pickles, and then numbers.
            loop {
                let before = imports.len();
                let mut machine = Machine::new(&mut imports, Reading::Plain);
                let stream = machine.run(&mut source)?;
                let (capped, blobs) = machine.finish();
                let ended = stream.ending != Ending::Stopped;
                let goes_on = stream.ending == Ending::Cut && blob.is_cut && stream.opcodes > 1;
                // What an unpickler does before it breaks off, it has done.
                let acts = imports
                    .list()
                    .get(before..)
                    .is_some_and(|new| new.iter().any(|import| import.calls > 0 && is_plainly_named(import)));
                if ended && !goes_on && !acts {
                    imports.truncate(before);
                    break;
                }
                waiting.extend(blobs.into_iter().map(|blob| (depth + 1, blob)));
                if let Some(why) = capped {
                    self.capped(blob.at, why);
                }
                if goes_on {
                    self.capped(blob.at, "the size of a pickle in a string");
                }
                if ended {
                    break;
                }
                if source.peek(1)?.is_empty() {
                    break;
                }
            }
            self.imports.add_nested(imports);
        }
        Ok(())
    }
}

/// Scans a source to its end, as one of its readers does.
///
/// # Errors
/// What the source reports.
pub fn scan(source: &mut Source<'_>, reading: Reading) -> io::Result<Scan> {
    scan_with(source, reading, |_| ())
}

/// As [`scan`], and looks at what the first stream gave, where it reached its end.
///
/// # Errors
/// What the source reports.
pub(crate) fn scan_with(
    source: &mut Source<'_>,
    reading: Reading,
    mut look: impl FnMut(&Machine<'_>),
) -> io::Result<Scan> {
    let mut scan = Scan::default();
    loop {
        let (start, before) = (source.position(), scan.imports.len());
        let mut machine = Machine::new(&mut scan.imports, reading);
        let stream = machine.run(source)?;
        scan.has_arrays |= machine.has_arrays();
        let is_first = scan.streams.is_empty();
        if is_first && stream.ending == Ending::Stopped {
            look(&machine);
        }
        let (capped, blobs) = machine.finish();
        if !is_first && !is_pickle(&stream, scan.imports.list().get(before..).unwrap_or_default()) {
            scan.imports.truncate(before);
            scan.tail = Some(start);
            break;
        }
        let (ending, frame_end) = (stream.ending, stream.frame_end);
        scan.add(stream, capped, blobs)?;
        if ending != Ending::Stopped {
            break;
        }
        if source.peek(1)?.is_empty() {
            // Python reads a whole frame before the first opcode in it, so it rejects one that is longer than the file.
            if frame_end > source.position() {
                let why = "a frame is longer than what follows it".to_owned();
                scan.unread.get_or_insert(Unread { at: start, why });
            }
            break;
        }
    }
    Ok(scan)
}

/// Whether bytes after a stream are another one: they reach STOP, or import something that could be a module before they
/// break. Random bytes do neither.
fn is_pickle(stream: &Stream, imports: &[Import]) -> bool {
    let is_named = |import: &Import| !matches!(import.reach, Reach::Named { .. }) || is_plainly_named(import);
    stream.ending == Ending::Stopped || imports.iter().any(is_named)
}

/// Whether an import is of a name that could be one.
fn is_plainly_named(import: &Import) -> bool {
    matches!(&import.reach, Reach::Named { module, name } if is_plain_name(module) && is_plain_name(name))
}

fn is_plain_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

//! The unpickler's machine, on abstract values: a stack, marks, a memo, and what would be imported and called.

use std::io;

use super::argument::{index, number};
use super::import::{Imports, Reach};
use super::joblib::{self, Inline};
use super::memo::Memo;
use super::nested::{Blob, Nested};
use super::opcode;
use super::reader::{Instruction, MAX_KEPT_BYTES, Reader, Stop};
use super::source::{Shortfall, Source};
use super::stream::{Ending, Fault, Stream};
use super::text;
use super::value::{Arena, Id, Kind, Value};
use super::weights_only::WeightsOnly;

/// How many values and marks fit on the stack. Python's own pickler puts a thousand items there at once.
pub const MAX_STACK: usize = 4 * 1024 * 1024;

/// How deep pickles stand inside one another between two opcodes, as joblib writes arrays of objects.
pub const MAX_INLINE_DEPTH: usize = 64;

/// A pickle that waits for one that stands inline.
#[derive(Debug)]
struct Suspended {
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: Memo,
    protocol: u8,
    frame_end: u64,
}

/// Who reads a pickle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// `pickle.load`, for which an opcode follows every opcode.
    Plain,
    /// `joblib.load`, which finds arrays between opcodes.
    Joblib,
}

/// What to do after an opcode.
pub(super) enum Flow {
    Next,
    Stop,
}

/// The state of one stream.
#[derive(Debug)]
pub struct Machine<'i> {
    pub(super) arena: Arena,
    pub(super) imports: &'i mut Imports,
    pub(super) stack: Vec<Id>,
    pub(super) marks: Vec<usize>,
    memo: Memo,
    pub(super) protocol: u8,
    reading: Reading,
    /// Whether an array was met between two opcodes.
    has_arrays: bool,
    /// Where the last frame ends.
    frame_end: u64,
    suspended: Vec<Suspended>,
    pub(super) nested: Nested,
    /// The ids of all persistent values, in order.
    pub(super) persistent: Vec<Id>,
    /// A cap that made a decision uncertain.
    pub(super) capped: Option<&'static str>,
    weights_only: WeightsOnly,
    result: Option<Id>,
}

impl<'i> Machine<'i> {
    /// Before the first opcode of a stream.
    pub fn new(imports: &'i mut Imports, reading: Reading) -> Self {
        Self {
            reading,
            has_arrays: false,
            frame_end: 0,
            arena: Arena::default(),
            imports,
            stack: Vec::new(),
            marks: Vec::new(),
            memo: Memo::default(),
            protocol: 0,
            suspended: Vec::new(),
            nested: Nested::default(),
            persistent: Vec::new(),
            capped: None,
            weights_only: WeightsOnly::default(),
            result: None,
        }
    }

    /// The values.
    pub fn arena(&self) -> &Arena {
        &self.arena
    }

    /// The imports so far.
    pub fn imports(&self) -> &Imports {
        self.imports
    }

    /// What is left to do once the stream was run: which cap made something uncertain, and the strings that may be pickles.
    pub(crate) fn finish(mut self) -> (Option<&'static str>, Vec<Blob>) {
        (self.capped, self.nested.take())
    }

    /// Whether `pickle.load` would read the pickle otherwise.
    pub(super) fn has_arrays(&self) -> bool {
        self.has_arrays
    }

    /// What STOP gave, once it was reached.
    pub fn result(&self) -> Option<Id> {
        self.result
    }

    /// The ids of the persistent values, in the order in which they were asked for.
    pub fn persistent(&self) -> &[Id] {
        &self.persistent
    }

    /// Runs to the end of the stream that starts at the source's position.
    ///
    /// # Errors
    /// What the source reports.
    pub fn run(&mut self, source: &mut Source<'_>) -> io::Result<Stream> {
        let mut reader = Reader::default();
        let start = source.position();
        let (mut opcodes, mut protocol, mut frame_end) = (0, 0, 0);
        let ending = loop {
            let at = source.position();
            let instruction = match reader.next(source)? {
                Ok(instruction) => instruction,
                Err(Stop::Cut) => break end_of(source),
                Err(Stop::Broken) => break Ending::Broken { at, why: "there is no pickle opcode here" },
            };
            self.weights_only.check(&self.stack, &self.marks, &self.arena, self.imports, &instruction);
            let byte = instruction.code.byte;
            if byte == opcode::FRAME {
                frame_end =
                    frame_end.max(instruction.argument_at.saturating_add(8).saturating_add(instruction.number()));
            }
            match self.step(&instruction) {
                Ok(Flow::Next) => opcodes += 1,
                Ok(Flow::Stop) => {
                    opcodes += 1;
                    break Ending::Stopped;
                }
                Err(why) => break Ending::Broken { at, why },
            }
            protocol = protocol.max(self.protocol);
            if byte == opcode::BUILD
                && let Some(ending) = self.skip_inline(source)?
            {
                break ending;
            }
            if self.stack.len() + self.marks.len() > MAX_STACK {
                break Ending::Capped { at, why: "the depth of the stack" };
            }
        };
        let refusal = self.weights_only.finish(start, ending);
        let is_number = self.result.is_some_and(|id| matches!(self.arena.get(id), Value::Int(_) | Value::Big));
        Ok(Stream { start, end: source.position(), ending, opcodes, protocol, refusal, frame_end, is_number })
    }

    /// The values above the last mark.
    fn stack_view(&self) -> &[Id] {
        self.stack.get(self.floor()..).unwrap_or_default()
    }

    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    pub(super) fn pop(&mut self) -> Result<Id, Fault> {
        if self.stack.len() <= self.floor() {
            return Err("the opcode takes a value from an empty stack");
        }
        self.stack.pop().ok_or("the opcode takes a value from an empty stack")
    }

    fn top(&self) -> Result<Id, Fault> {
        self.stack_view().last().copied().ok_or("the opcode needs a value on the stack")
    }

    /// Everything above the last mark, which goes.
    pub(super) fn pop_mark(&mut self) -> Result<Vec<Id>, Fault> {
        let mark = self.marks.pop().ok_or("the opcode needs a mark on the stack")?;
        Ok(self.stack.split_off(mark.min(self.stack.len())))
    }

    fn push(&mut self, id: Id) {
        self.stack.push(id);
    }

    fn push_value(&mut self, value: Value) {
        let id = self.arena.add(value);
        self.push(id);
    }

    fn step(&mut self, op: &Instruction<'_>) -> Result<Flow, Fault> {
        match op.code.byte {
            opcode::PROTO => {
                self.protocol = op.argument.first().copied().unwrap_or(0);
                if self.protocol > 5 {
                    return Err("Python does not know this protocol");
                }
            }
            opcode::FRAME => self.frame_end = op.argument_at.saturating_add(8).saturating_add(op.number()),
            opcode::STOP => {
                let result = self.pop()?;
                let Some(outer) = self.suspended.pop() else {
                    self.result = Some(result);
                    return Ok(Flow::Stop);
                };
                self.resume(outer, result);
            }
            opcode::MARK => self.marks.push(self.stack.len()),
            opcode::POP => {
                if self.stack.len() > self.floor() {
                    self.pop()?;
                } else {
                    self.marks.pop().ok_or("the opcode takes a value from an empty stack")?;
                }
            }
            opcode::POP_MARK => drop(self.pop_mark()?),
            opcode::DUP => {
                let top = self.top()?;
                self.push(top);
            }
            opcode::NONE => self.push(Arena::NONE),
            opcode::NEWTRUE => self.push(Arena::bool(true)),
            opcode::NEWFALSE => self.push(Arena::bool(false)),
            opcode::INT
            | opcode::LONG
            | opcode::BININT
            | opcode::BININT1
            | opcode::BININT2
            | opcode::LONG1
            | opcode::LONG4
            | opcode::FLOAT
            | opcode::BINFLOAT => self.push_value(number(op).ok_or("the argument is not a number")?),
            opcode::BINBYTES | opcode::SHORT_BINBYTES | opcode::BINBYTES8 | opcode::BYTEARRAY8 => self.push_string(op),
            byte if opcode::is_string(byte) => self.push_string(op),
            opcode::NEXT_BUFFER => self.push_value(Value::Unknown),
            opcode::READONLY_BUFFER => drop(self.top()?),
            opcode::EMPTY_LIST => self.push_container(Kind::List, &[]),
            opcode::EMPTY_DICT => self.push_container(Kind::Dict, &[]),
            opcode::EMPTY_SET => self.push_container(Kind::Set, &[]),
            opcode::EMPTY_TUPLE => self.push(Arena::EMPTY_TUPLE),
            opcode::LIST => {
                let items = self.pop_mark()?;
                self.push_container(Kind::List, &items);
            }
            opcode::DICT => {
                let items = self.pop_mark()?;
                self.push_container(Kind::Dict, &items);
            }
            opcode::TUPLE => {
                let items = self.pop_mark()?;
                let id = self.arena.add_tuple(&items);
                self.push(id);
            }
            opcode::FROZENSET => {
                let items = self.pop_mark()?;
                let id = self.arena.add_frozenset(&items);
                self.push(id);
            }
            opcode::TUPLE1 | opcode::TUPLE2 | opcode::TUPLE3 => {
                let length = usize::from(op.code.byte - opcode::TUPLE1) + 1;
                let at = self.stack.len().checked_sub(length).filter(|at| *at >= self.floor());
                let items = self.stack.split_off(at.ok_or("the opcode takes a value from an empty stack")?);
                let id = self.arena.add_tuple(&items);
                self.push(id);
            }
            opcode::APPEND | opcode::APPENDS | opcode::SETITEM | opcode::SETITEMS | opcode::ADDITEMS => {
                self.fill(op)?
            }
            opcode::GET | opcode::BINGET | opcode::LONG_BINGET => {
                let id = self.memo.get(index(op)?).ok_or("the memo has no such entry")?;
                self.push(id);
            }
            opcode::PUT | opcode::BINPUT | opcode::LONG_BINPUT => {
                let top = self.top()?;
                self.memo.put(index(op)?, top);
            }
            opcode::MEMOIZE => {
                let top = self.top()?;
                self.memo.memoize(top);
            }
            opcode::GLOBAL => {
                let (module, name) = op.names();
                let id = self.import(op, &String::from_utf8_lossy(module), &String::from_utf8_lossy(name));
                self.push(id);
            }
            opcode::STACK_GLOBAL => self.import_from_stack(op)?,
            opcode::EXT1 | opcode::EXT2 | opcode::EXT4 => {
                let code = op.number() as u32;
                let number = self.imports.other(op.at, op.code.name, Reach::Extension(code));
                let id = self.global(number);
                self.push(id);
            }
            opcode::REDUCE | opcode::NEWOBJ | opcode::NEWOBJ_EX | opcode::OBJ | opcode::INST => {
                let id = self.make(op)?;
                self.push(id);
            }
            opcode::BUILD => self.build(op)?,
            opcode::PERSID => {
                let text = String::from_utf8_lossy(op.argument);
                let pid = self.arena.add_text(&text);
                self.push_persistent(pid);
            }
            opcode::BINPERSID => {
                let pid = self.pop()?;
                self.push_persistent(pid);
            }
            _ => return Err("there is no pickle opcode here"),
        }
        Ok(Flow::Next)
    }

    fn push_container(&mut self, kind: Kind, items: &[Id]) {
        let id = self.arena.add_container(kind);
        self.arena.put(id, items);
        self.push(id);
    }

    fn push_persistent(&mut self, pid: Id) {
        if self.persistent.len() < super::value::MAX_VALUES {
            self.persistent.push(pid);
        }
        self.push_value(Value::Persistent(pid));
    }

    fn push_string(&mut self, op: &Instruction<'_>) {
        let is_bytes =
            matches!(op.code.byte, opcode::BINBYTES | opcode::SHORT_BINBYTES | opcode::BINBYTES8 | opcode::BYTEARRAY8);
        let kind = if is_bytes { Kind::Bytes } else { Kind::Text };
        let short = op.argument.get(..op.argument.len().min(MAX_KEPT_BYTES)).unwrap_or_default();
        let id = if op.length > MAX_KEPT_BYTES as u64 {
            self.arena.add(Value::Long(kind))
        } else if is_bytes {
            self.arena.add_bytes(short)
        } else {
            match op.code.byte {
                opcode::STRING => self.arena.add_text(&text::quoted(short)),
                opcode::UNICODE => self.arena.add_text(&text::raw_unicode(short)),
                _ => self.arena.add_text(&String::from_utf8_lossy(short)),
            }
        };
        if self.nested.keep(id, op).is_err() {
            self.capped = Some("the size of the pickles in its strings");
        }
        self.push(id);
    }

    /// The value of an import.
    pub(super) fn import(&mut self, op: &Instruction<'_>, module: &str, name: &str) -> Id {
        let python2 = self.protocol < 3;
        let number = self.imports.named(op.at, op.code.name, module, name, python2);
        self.global(number)
    }

    fn global(&mut self, number: Option<u32>) -> Id {
        match number {
            Some(number) => self.arena.add(Value::Global(number)),
            None => Arena::lost(Kind::Any),
        }
    }

    fn import_from_stack(&mut self, op: &Instruction<'_>) -> Result<(), Fault> {
        let (name, module) = (self.pop()?, self.pop()?);
        let texts = (self.arena.text(module).map(str::to_owned), self.arena.text(name).map(str::to_owned));
        let id = match texts {
            (Some(module), Some(name)) => self.import(op, &module, &name),
            _ => {
                let is_lost = |id| matches!(self.arena.get(id), Value::Lost(_));
                let could_be = |id| {
                    matches!(
                        self.arena.get(id),
                        Value::Text(_)
                            | Value::Lost(_)
                            | Value::Long(Kind::Text)
                            | Value::Unknown
                            | Value::Made { .. }
                            | Value::Persistent(_)
                    )
                };
                if !could_be(module) || !could_be(name) {
                    return Err("an import whose module or name is not a string");
                }
                let reach = if is_lost(module) || is_lost(name) { Reach::Unread } else { Reach::Computed };
                if reach == Reach::Unread {
                    self.capped = Some("the number of its values");
                }
                let number = self.imports.other(op.at, op.code.name, reach);
                self.global(number)
            }
        };
        self.push(id);
        Ok(())
    }

    /// After BUILD: goes over a raw array, or into a pickle, that joblib writes between two opcodes.
    fn skip_inline(&mut self, source: &mut Source<'_>) -> io::Result<Option<Ending>> {
        let at = source.position();
        let target = self.top().unwrap_or(Arena::NONE);
        let inline = joblib::inline(&self.arena, self.imports, target);
        if inline == Inline::None || self.reading == Reading::Plain {
            return Ok(None);
        }
        self.has_arrays = true;
        // The object becomes the array.
        self.stack.pop();
        match inline {
            // Python reads the array after the frame, and the rest of the frame after that.
            _ if at < self.frame_end => Ok(Some(Ending::Capped { at, why: "an array in the middle of a frame" })),
            Inline::None | Inline::Unknown => {
                Ok(Some(Ending::Capped { at, why: "a raw array whose size is not known" }))
            }
            Inline::Array { bytes, padded } => {
                let padding = if padded { source.byte()?.unwrap_or(0) } else { 0 };
                if !source.skip(u64::from(padding))? || !source.skip(bytes)? {
                    return Ok(Some(end_of(source)));
                }
                self.push_value(Value::Unknown);
                Ok(None)
            }
            Inline::Pickle if self.suspended.len() >= MAX_INLINE_DEPTH => {
                Ok(Some(Ending::Capped { at, why: "the depth of pickles inside one another" }))
            }
            Inline::Pickle => {
                let (stack, marks) = (std::mem::take(&mut self.stack), std::mem::take(&mut self.marks));
                let (memo, protocol) = (std::mem::take(&mut self.memo), self.protocol);
                self.suspended.push(Suspended { stack, marks, memo, protocol, frame_end: self.frame_end });
                (self.protocol, self.frame_end) = (0, 0);
                Ok(None)
            }
        }
    }

    /// Goes on after a pickle between two opcodes, which gave an array.
    fn resume(&mut self, outer: Suspended, array: Id) {
        (self.stack, self.marks, self.memo, self.protocol) = (outer.stack, outer.marks, outer.memo, outer.protocol);
        self.frame_end = outer.frame_end;
        self.push(array);
    }
}

/// How a stream ends where its bytes do.
fn end_of(source: &Source<'_>) -> Ending {
    let at = source.position();
    match source.shortfall() {
        None => Ending::Cut,
        Some(Shortfall::Capped) => Ending::Capped { at, why: "the size of what is unpacked" },
        Some(Shortfall::Damaged) => Ending::Broken { at, why: "the compressed bytes are damaged" },
    }
}

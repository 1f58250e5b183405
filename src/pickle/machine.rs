//! The unpickler's machine, on abstract values: a stack, marks, a memo, and what would be imported and called.

use std::io;

use super::import::{Imports, Reach};
use super::joblib::{self, Inline};
use super::memo::Memo;
use super::nested::{Blob, Nested};
use super::reader::{Instruction, MAX_KEPT_BYTES, Reader, Stop};
use super::source::{Shortfall, Source};
use super::text;
use super::value::{Arena, Id, Kind, Value};
use super::weights_only::{Refusal, WeightsOnly};

/// How many values and marks the stack holds. Python's own pickler puts a thousand items there at once.
pub const MAX_STACK: usize = 4 * 1024 * 1024;

/// How deep pickles stand inside one another between two opcodes, as joblib writes arrays of objects.
pub const MAX_INLINE_DEPTH: usize = 64;

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
}

/// A pickle that waits for one that stands inline.
#[derive(Debug)]
struct Suspended {
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: Memo,
    protocol: u8,
}

/// What to do after an opcode.
pub(super) enum Flow {
    Next,
    Stop,
}

/// Why a stream cannot go on.
pub(super) type Fault = &'static str;

/// The state of one stream.
#[derive(Debug)]
pub struct Machine<'i> {
    pub(super) arena: Arena,
    pub(super) imports: &'i mut Imports,
    pub(super) stack: Vec<Id>,
    pub(super) marks: Vec<usize>,
    memo: Memo,
    pub(super) protocol: u8,
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
    pub fn new(imports: &'i mut Imports) -> Self {
        Self {
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
        let (mut opcodes, mut protocol) = (0, 0);
        let ending = loop {
            let at = source.position();
            let instruction = match reader.next(source)? {
                Ok(instruction) => instruction,
                Err(Stop::Cut) => break end_of(source),
                Err(Stop::Broken) => break Ending::Broken { at, why: "no opcode of pickle stands here" },
            };
            self.weights_only.check(&self.stack, &self.marks, &self.arena, self.imports, &instruction);
            let byte = instruction.code.byte;
            match self.step(&instruction) {
                Ok(Flow::Next) => opcodes += 1,
                Ok(Flow::Stop) => {
                    opcodes += 1;
                    break Ending::Stopped;
                }
                Err(why) => break Ending::Broken { at, why },
            }
            protocol = protocol.max(self.protocol);
            if byte == b'b'
                && let Some(ending) = self.skip_inline(source)?
            {
                break ending;
            }
            if self.stack.len() + self.marks.len() > MAX_STACK {
                break Ending::Capped { at, why: "the depth of the stack" };
            }
        };
        let refusal = self.weights_only.finish(start, ending);
        Ok(Stream { start, end: source.position(), ending, opcodes, protocol, refusal })
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
            0x80 => {
                self.protocol = op.argument.first().copied().unwrap_or(0);
                if self.protocol > 5 {
                    return Err("the protocol is none that Python knows");
                }
            }
            0x95 => {}
            b'.' => {
                let result = self.pop()?;
                let Some(outer) = self.suspended.pop() else {
                    self.result = Some(result);
                    return Ok(Flow::Stop);
                };
                self.resume(outer);
            }
            b'(' => self.marks.push(self.stack.len()),
            b'0' => {
                if self.stack.len() > self.floor() {
                    self.pop()?;
                } else {
                    self.marks.pop().ok_or("the opcode takes a value from an empty stack")?;
                }
            }
            b'1' => drop(self.pop_mark()?),
            b'2' => {
                let top = self.top()?;
                self.push(top);
            }
            b'N' => self.push(Arena::NONE),
            0x88 => self.push(Arena::bool(true)),
            0x89 => self.push(Arena::bool(false)),
            b'I' | b'L' | b'J' | b'K' | b'M' | 0x8A | 0x8B | b'F' | b'G' => self.push_value(number(op)),
            b'S' | b'T' | b'U' | b'V' | b'X' | 0x8C | 0x8D | b'B' | b'C' | 0x8E | 0x96 => self.push_string(op),
            0x97 => self.push_value(Value::Unknown),
            0x98 => drop(self.top()?),
            b']' => self.push_container(Kind::List, &[]),
            b'}' => self.push_container(Kind::Dict, &[]),
            0x8F => self.push_container(Kind::Set, &[]),
            b')' => self.push(Arena::EMPTY_TUPLE),
            b'l' => {
                let items = self.pop_mark()?;
                self.push_container(Kind::List, &items);
            }
            b'd' => {
                let items = self.pop_mark()?;
                self.push_container(Kind::Dict, &items);
            }
            b't' => {
                let items = self.pop_mark()?;
                let id = self.arena.add_tuple(&items);
                self.push(id);
            }
            0x91 => {
                let items = self.pop_mark()?;
                let id = self.arena.add_frozenset(&items);
                self.push(id);
            }
            0x85..=0x87 => {
                let length = usize::from(op.code.byte - 0x84);
                let at = self.stack.len().checked_sub(length).filter(|at| *at >= self.floor());
                let items = self.stack.split_off(at.ok_or("the opcode takes a value from an empty stack")?);
                let id = self.arena.add_tuple(&items);
                self.push(id);
            }
            b'a' | b'e' | b's' | b'u' | 0x90 => self.fill(op)?,
            b'g' | b'h' | b'j' => {
                let id = self.memo.get(index(op)?).ok_or("the memo has no such entry")?;
                self.push(id);
            }
            b'p' | b'q' | b'r' => {
                let top = self.top()?;
                self.memo.put(index(op)?, top);
            }
            0x94 => {
                let top = self.top()?;
                self.memo.memoize(top);
            }
            b'c' => {
                let (module, name) = op.names();
                let id = self.import(op, &String::from_utf8_lossy(module), &String::from_utf8_lossy(name));
                self.push(id);
            }
            0x93 => self.import_from_stack(op)?,
            0x82..=0x84 => {
                let code = op.number() as u32;
                let number = self.imports.other(op.at, op.code.name, Reach::Extension(code));
                let id = self.global(number);
                self.push(id);
            }
            b'R' | 0x81 | 0x92 | b'o' | b'i' => {
                let id = self.make(op)?;
                self.push(id);
            }
            b'b' => self.build(op)?,
            b'P' => {
                let text = String::from_utf8_lossy(op.argument);
                let pid = self.arena.add_text(&text);
                self.push_persistent(pid);
            }
            b'Q' => {
                let pid = self.pop()?;
                self.push_persistent(pid);
            }
            _ => return Err("no opcode of pickle stands here"),
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
        let is_bytes = matches!(op.code.byte, b'B' | b'C' | 0x8E | 0x96);
        let kind = if is_bytes { Kind::Bytes } else { Kind::Text };
        let short = op.argument.get(..op.argument.len().min(MAX_KEPT_BYTES)).unwrap_or_default();
        let id = if op.length > MAX_KEPT_BYTES as u64 {
            self.arena.add(Value::Long(kind))
        } else if is_bytes {
            self.arena.add_bytes(short)
        } else {
            match op.code.byte {
                b'S' => self.arena.add_text(&text::quoted(short)),
                b'V' => self.arena.add_text(&text::raw_unicode(short)),
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
        match joblib::inline(&self.arena, self.imports, target) {
            Inline::None => {}
            Inline::Unknown => {
                return Ok(Some(Ending::Capped { at, why: "a raw array whose size is not known stands here" }));
            }
            Inline::Array { bytes, padded } => {
                let padding = if padded { source.byte()?.unwrap_or(0) } else { 0 };
                if !source.skip(u64::from(padding))? || !source.skip(bytes)? {
                    return Ok(Some(end_of(source)));
                }
            }
            Inline::Pickle if self.suspended.len() >= MAX_INLINE_DEPTH => {
                return Ok(Some(Ending::Capped { at, why: "the depth of pickles inside one another" }));
            }
            Inline::Pickle => {
                let (stack, marks) = (std::mem::take(&mut self.stack), std::mem::take(&mut self.marks));
                let outer = Suspended { stack, marks, memo: std::mem::take(&mut self.memo), protocol: self.protocol };
                self.suspended.push(outer);
                self.protocol = 0;
            }
        }
        Ok(None)
    }

    fn resume(&mut self, outer: Suspended) {
        (self.stack, self.marks, self.memo, self.protocol) = (outer.stack, outer.marks, outer.memo, outer.protocol);
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

/// A number's value.
pub(super) fn number(op: &Instruction<'_>) -> Value {
    let bytes = op.argument;
    match op.code.byte {
        b'I' if bytes.trim_ascii() == b"00" => Value::Bool(false),
        b'I' if bytes.trim_ascii() == b"01" => Value::Bool(true),
        b'I' | b'L' => text::whole(bytes).map_or(Value::Big, Value::Int),
        b'J' => Value::Int(i64::from(op.number() as u32 as i32)),
        b'K' | b'M' => Value::Int(op.number() as i64),
        b'G' => Value::Float(bytes.try_into().map_or(f64::NAN, f64::from_be_bytes)),
        b'F' => {
            Value::Float(std::str::from_utf8(bytes).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(f64::NAN))
        }
        // Two's complement, little-endian.
        _ => match bytes.last() {
            None => Value::Int(0),
            Some(last) if op.length <= 8 => {
                let fill = if last & 0x80 == 0 { 0 } else { u64::MAX };
                let unused = 8 * bytes.len() as u32;
                let high = if unused >= 64 { 0 } else { fill << unused };
                Value::Int((op.number() | high).cast_signed())
            }
            Some(_) => Value::Big,
        },
    }
}

/// The memo index of an opcode, in digits or in bytes.
fn index(op: &Instruction<'_>) -> Result<u64, Fault> {
    match op.code.byte {
        b'g' | b'p' => text::whole(op.argument)
            .and_then(|index| u64::try_from(index).ok())
            .ok_or("the memo's index is not a number"),
        _ => Ok(op.number()),
    }
}

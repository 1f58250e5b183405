//! Calls: what is called, with what, and what comes of it.

use super::globals::{self, Trust};
use super::import::{Call, Import, Reach};
use super::machine::Machine;
use super::opcode;
use super::reader::Instruction;
use super::show::shown;
use super::stream::Fault;
use super::value::{Arena, Id, Kind, Value};

impl Machine<'_> {
    /// REDUCE, NEWOBJ, NEWOBJ_EX, OBJ and INST.
    pub(super) fn make(&mut self, op: &Instruction<'_>) -> Result<Id, Fault> {
        let (callee, arguments) = match op.code.byte {
            opcode::INST => {
                let items = self.pop_mark()?;
                let arguments = self.arena.add_tuple(&items);
                let (module, name) = op.names();
                let callee = self.import(op, &String::from_utf8_lossy(module), &String::from_utf8_lossy(name));
                (callee, arguments)
            }
            opcode::OBJ => {
                let items = self.pop_mark()?;
                let (callee, arguments) = items.split_first().ok_or("OBJ without a class")?;
                (*callee, self.arena.add_tuple(arguments))
            }
            opcode::NEWOBJ_EX => {
                let (_, arguments, callee) = (self.pop()?, self.pop()?, self.pop()?);
                (callee, arguments)
            }
            _ => {
                let (arguments, callee) = (self.pop()?, self.pop()?);
                (callee, arguments)
            }
        };
        self.call(op, callee, arguments)
    }

    /// The class itself where torch's old layout names it by a persistent id, `("module", class, file, source)`.
    fn class_of(&self, id: Id) -> Id {
        let Value::Persistent(pid) = self.arena.get(id) else { return id };
        match self.arena.items(pid) {
            [kind, class, _, _] if self.arena.text(*kind) == Some("module") => *class,
            _ => id,
        }
    }

    fn call(&mut self, op: &Instruction<'_>, callee: Id, arguments: Id) -> Result<Id, Fault> {
        let callee = self.class_of(callee);
        let handed = self.conditional_items(arguments);
        for number in handed {
            self.imports.handed_over(number);
        }
        match self.arena.get(callee) {
            Value::Global(number) => {
                let name = self.imports.get(number).map(|import| import.reach.clone());
                let outcome = name.map_or(Outcome::Plain, |name| self.outcome(&name, arguments));
                let proven = !matches!(outcome, Outcome::Plain);
                self.record(op, number, arguments, proven);
                if self.is_global(number, |module, name| (module, name) == ("_codecs", "encode"))
                    && !self.encodes_bytes(arguments)
                {
                    self.imports.misused(number);
                }
                if let Outcome::Attribute { module, name } = outcome {
                    return Ok(self.import(op, &module, &name));
                }
            }
            Value::Made { callee: inner, arguments: given } => self.call_made(op, inner, given, arguments),
            Value::Unknown | Value::Persistent(_) => self.call_unknown(op, Reach::Computed, arguments),
            Value::Lost(Kind::Any | Kind::Object) => {
                self.capped = Some("the number of its values");
                self.call_unknown(op, Reach::Unread, arguments);
            }
            _ => return Err("a call of a value that is not a function or class"),
        }
        Ok(self.arena.add(Value::Made { callee, arguments }))
    }

    /// Calls what a call gave: with `functools.partial`, the function that was given to it.
    fn call_made(&mut self, op: &Instruction<'_>, inner: Id, given: Id, arguments: Id) {
        let wrapped = self.arena.items(given).first().copied();
        match (self.arena.get(inner), wrapped.map(|wrapped| self.arena.get(wrapped))) {
            (Value::Global(partial), Some(Value::Global(number)))
                if self.is_global(partial, |module, name| (module, name) == ("functools", "partial")) =>
            {
                self.record(op, number, arguments, false);
            }
            (Value::Global(number), _) => {
                // To call a function whose code is in the file is to run that code.
                if self.is_global(number, globals::gives_function) {
                    self.imports.handed_over(number);
                }
                self.call_unknown(op, Reach::Computed, arguments);
            }
            _ => self.call_unknown(op, Reach::Computed, arguments),
        }
    }

    fn call_unknown(&mut self, op: &Instruction<'_>, reach: Reach, arguments: Id) {
        if let Some(number) = self.imports.other(op.at, op.code.name, reach) {
            self.record(op, number, arguments, false);
        }
    }

    /// Counts a call, and keeps it where it is the first.
    fn record(&mut self, op: &Instruction<'_>, number: u32, arguments: Id, proven: bool) {
        let call = self.imports.wants_call(number, proven).then(|| Call {
            at: op.at,
            opcode: op.code.name,
            arguments: shown(&self.arena, self.imports, arguments),
        });
        self.imports.called(number, call, proven);
    }

    fn is_global(&self, number: u32, wanted: impl Fn(&str, &str) -> bool) -> bool {
        let reach = self.imports.get(number).map(|import| &import.reach);
        matches!(reach, Some(Reach::Named { module, name }) if wanted(module, name))
    }

    /// The conditional names among a call's arguments.
    fn conditional_items(&self, arguments: Id) -> Vec<u32> {
        let numbers = self.arena.items(arguments).iter().take(64).filter_map(|item| match self.arena.get(*item) {
            Value::Global(number) => Some(number),
            _ => None,
        });
        let is_conditional = |number: &u32| {
            self.imports.get(*number).is_some_and(|import| matches!(import.trust, Trust::Conditional(_)))
        };
        numbers.filter(is_conditional).collect()
    }

    /// What a call with known arguments does, for the few functions of which that decides.
    fn outcome(&self, called: &Reach, arguments: Id) -> Outcome {
        let Reach::Named { module, name } = called else { return Outcome::Plain };
        let items = self.arena.items(arguments);
        let text = |index: usize| items.get(index).and_then(|item| self.arena.text(*item));
        match (module.as_str(), name.as_str()) {
            // Python 3.11 writes members of an enum so, and every version the methods of classes and objects.
            ("builtins", "getattr") => {
                let (Some(owner), Some(attribute), 2) = (items.first(), text(1), items.len()) else {
                    return Outcome::Plain;
                };
                let (module, owner) = match (self.owner(*owner).map(|import| &import.reach), self.type_of(*owner)) {
                    (Some(Reach::Named { module, name }), _) => (module.as_str(), name.as_str()),
                    (_, Some(name)) => ("builtins", name),
                    _ => return Outcome::Plain,
                };
                Outcome::Attribute { module: module.to_owned(), name: format!("{owner}.{attribute}") }
            }
            // `getattr(types, name)`: how cloudpickle writes the types of the interpreter.
            ("cloudpickle.cloudpickle", "_builtin_type") => match text(0) {
                Some(name) if items.len() == 1 => {
                    Outcome::Attribute { module: "types".to_owned(), name: name.to_owned() }
                }
                _ => Outcome::Plain,
            },
            ("torch.storage", "_load_from_bytes") => match items {
                [item] if self.is_scanned(*item) => Outcome::Proven,
                _ => Outcome::Plain,
            },
            // Counts only where such names are allowed at all.
            (module, name) if globals::is_by_value(module, name) => Outcome::Proven,
            ("logging", "getLogger") => match items {
                [] => Outcome::Proven,
                [_] if text(0).is_some() => Outcome::Proven,
                _ => Outcome::Plain,
            },
            _ => Outcome::Plain,
        }
    }

    /// Whether a call of `_codecs.encode` is the one that writes bytes below protocol 3, `encode(text, 'latin1')`. With another
    /// codec, or a third argument that says what to leave out, it makes bytes that the file does not show.
    fn encodes_bytes(&self, arguments: Id) -> bool {
        const LATIN1: &[&str] = &["latin1", "latin-1", "latin_1", "iso-8859-1", "iso8859-1"];
        let is_lost = |id: Id| matches!(self.arena.get(id), Value::Lost(_));
        match self.arena.items(arguments) {
            [_, codec] => is_lost(*codec) || self.arena.text(*codec).is_some_and(|codec| LATIN1.contains(&codec)),
            _ => is_lost(arguments),
        }
    }

    /// The import that an object comes from: itself, or the class or function that made it.
    fn owner(&self, id: Id) -> Option<&Import> {
        const LONGEST_CHAIN: usize = 8;
        let mut id = self.class_of(id);
        for _ in 0..LONGEST_CHAIN {
            match self.arena.get(id) {
                Value::Global(number) => return self.imports.get(number),
                Value::Made { callee, .. } => id = self.class_of(callee),
                _ => break,
            }
        }
        None
    }

    /// The built-in type of a value that stands in the file: its methods are written as `getattr('-', 'join')`.
    fn type_of(&self, id: Id) -> Option<&'static str> {
        Some(match self.arena.get(id) {
            Value::Text(_) | Value::Long(Kind::Text) => "str",
            Value::Bytes(_) | Value::Long(Kind::Bytes) => "bytes",
            Value::Int(_) | Value::Big => "int",
            Value::Float(_) => "float",
            Value::Tuple(_) => "tuple",
            Value::Frozenset(_) => "frozenset",
            Value::List(_) => "list",
            Value::Dict(_) => "dict",
            Value::Set(_) => "set",
            _ => return None,
        })
    }

    /// Whether a byte string is one that is scanned as a pickle of its own; below protocol 3, bytes are written as text.
    fn is_scanned(&self, id: Id) -> bool {
        let Value::Made { callee, arguments } = self.arena.get(id) else { return self.nested.has(id) };
        let Value::Global(number) = self.arena.get(callee) else { return false };
        let is_text = self.arena.items(arguments).first().is_some_and(|text| self.nested.has(*text));
        is_text && self.is_global(number, |module, name| (module, name) == ("_codecs", "encode"))
    }

    /// APPEND, APPENDS, SETITEM, SETITEMS and ADDITEMS: of an object that is not a container, they call its methods.
    pub(super) fn fill(&mut self, op: &Instruction<'_>) -> Result<(), Fault> {
        let items = match op.code.byte {
            opcode::APPEND => vec![self.pop()?],
            opcode::SETITEM => {
                let (value, key) = (self.pop()?, self.pop()?);
                vec![key, value]
            }
            _ => self.pop_mark()?,
        };
        let target = self.pop()?;
        self.stack.push(target);
        match self.arena.get(target) {
            Value::Global(number) => {
                // A class or function is not a container: only an attack changes one.
                self.imports.handed_over(number);
                self.call_unknown(op, Reach::Computed, Arena::EMPTY_TUPLE);
            }
            // Nothing to add, so nothing is asked of the value.
            _ if items.is_empty() => {}
            // A bytearray takes items.
            Value::Bytes(_) | Value::Long(Kind::Bytes) => {}
            Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Big
            | Value::Float(_)
            | Value::Text(_)
            | Value::Long(_)
            | Value::Tuple(_)
            | Value::Frozenset(_) => {
                return Err("the opcode adds items to a value that is not a container");
            }
            _ => self.arena.put(target, &items),
        }
        Ok(())
    }

    /// BUILD: gives an object its state, by its own method if it has one.
    pub(super) fn build(&mut self, op: &Instruction<'_>) -> Result<(), Fault> {
        let state = self.pop()?;
        let target = self.pop()?;
        self.stack.push(target);
        match self.arena.get(target) {
            Value::Made { .. } => self.arena.set_state(target, state),
            Value::Global(_) | Value::Unknown => {
                // The attributes of a class or module are set: only an attack does that.
                self.call_unknown(op, Reach::Computed, state);
            }
            _ => {}
        }
        Ok(())
    }
}

/// What comes of a call.
enum Outcome {
    /// Nothing special.
    Plain,
    /// It is of the one harmless sort.
    Proven,
    /// It gives an attribute of what was imported.
    Attribute {
        /// Its module.
        module: String,
        /// Its name, with a dot.
        name: String,
    },
}

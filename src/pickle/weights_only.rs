//! Whether torch's `weights_only=True`, the default since 2.6, would load a pickle, and what stops it.
//!
//! The facts are those of `torch/_weights_only_unpickler.py`, version 2.15.0: a short list of opcodes, a list of names, and
//! a check of what is called, filled and built.

use super::globals;
use super::import::{Imports, Reach};
use super::opcode;
use super::reader::Instruction;
use super::stream::{Ending, Refusal};
use super::value::{Arena, Id, Kind, Value};

/// Follows one stream.
#[derive(Clone, Debug, Default)]
pub(super) struct WeightsOnly {
    refusal: Option<Refusal>,
}

impl WeightsOnly {
    /// Looks at an opcode before it is carried out.
    pub(super) fn check(
        &mut self,
        stack: &[Id],
        marks: &[usize],
        arena: &Arena,
        imports: &Imports,
        op: &Instruction<'_>,
    ) {
        if self.refusal.is_some() {
            return;
        }
        // Below the top, or below the mark for those that take everything above it.
        let below = |count: usize| {
            let end = if matches!(op.code.byte, opcode::APPENDS | opcode::SETITEMS) {
                marks.last().copied()?
            } else {
                stack.len()
            };
            stack.get(end.checked_sub(count)?).map(|id| arena.get(*id))
        };
        let named = |value: Option<Value>| match value {
            Some(Value::Global(number)) => imports.get(number).map(|import| &import.reach),
            _ => None,
        };
        let is_listed = |value: Option<Value>| match named(value) {
            Some(Reach::Named { module, name }) => globals::is_weights_only(module, name),
            _ => false,
        };
        let maker = |value: Option<Value>| match value {
            Some(Value::Made { callee, .. }) => Some(arena.get(callee)),
            _ => None,
        };
        let mut import = None;
        let is_fine = match op.code.byte {
            opcode::PROTO
            | opcode::STOP
            | opcode::MARK
            | opcode::TUPLE
            | opcode::TUPLE1
            | opcode::TUPLE2
            | opcode::TUPLE3
            | opcode::EMPTY_TUPLE
            | opcode::EMPTY_LIST
            | opcode::EMPTY_DICT
            | opcode::EMPTY_SET
            | opcode::NONE
            | opcode::NEWTRUE
            | opcode::NEWFALSE
            | opcode::BININT
            | opcode::BININT1
            | opcode::BININT2
            | opcode::BINFLOAT
            | opcode::BINUNICODE
            | opcode::SHORT_BINSTRING
            | opcode::LONG1
            | opcode::BINGET
            | opcode::LONG_BINGET
            | opcode::BINPUT
            | opcode::LONG_BINPUT => true,
            opcode::GLOBAL => {
                let (module, name) = op.names();
                let (module, name) = (String::from_utf8_lossy(module), String::from_utf8_lossy(name));
                import = Some(format!("{module}.{name}"));
                globals::is_weights_only(&module, &name)
            }
            opcode::REDUCE | opcode::NEWOBJ => {
                import = named(below(2)).map(Reach::to_string);
                is_listed(below(2))
            }
            opcode::BUILD => matches!(below(2), Some(Value::Lost(Kind::Object))) || is_listed(maker(below(2))),
            opcode::APPEND => matches!(below(2), Some(Value::List(_) | Value::Lost(Kind::List))),
            opcode::APPENDS => matches!(below(1), Some(Value::List(_) | Value::Lost(Kind::List))),
            opcode::SETITEM | opcode::SETITEMS => {
                let target = below(if op.code.byte == opcode::SETITEM { 3 } else { 1 });
                match (target, named(maker(target))) {
                    (Some(Value::Dict(_) | Value::Lost(Kind::Dict | Kind::Object)), _) => true,
                    (_, Some(Reach::Named { module, name })) => {
                        module == "collections" && matches!(name.as_str(), "OrderedDict" | "Counter")
                    }
                    _ => false,
                }
            }
            opcode::BINPERSID => match below(1) {
                Some(Value::Int(_)) => true,
                Some(Value::Tuple(_)) => {
                    let pid = stack.last().copied().unwrap_or(Arena::NONE);
                    let first = arena.items(pid).first().copied();
                    first.is_none_or(|first| {
                        arena.text(first) == Some("storage") || arena.bytes(first) == Some(b"storage")
                    })
                }
                Some(Value::Lost(Kind::Tuple | Kind::Number)) => true,
                _ => false,
            },
            _ => false,
        };
        if !is_fine {
            self.refusal = Some(Refusal { at: op.at, opcode: op.code.name, import });
        }
    }

    /// The verdict at the end of a stream.
    pub(super) fn finish(&mut self, at: u64, ending: Ending) -> Option<Refusal> {
        let broken = Refusal { at, opcode: "", import: None };
        self.refusal.take().or_else(|| (ending != Ending::Stopped).then_some(broken))
    }
}

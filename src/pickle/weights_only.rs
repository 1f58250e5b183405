//! Whether torch's `weights_only=True`, the default since 2.6, would load a pickle, and what stops it.
//!
//! The facts are those of `torch/_weights_only_unpickler.py`, version 2.15.0: a short list of opcodes, a list of names, and
//! a check of what is called, filled and built.

use super::globals;
use super::import::{Imports, Reach};
use super::machine::Ending;
use super::reader::Instruction;
use super::value::{Arena, Id, Kind, Value};

/// What stops it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Offset of the opcode.
    pub at: u64,
    /// The opcode's name; empty where the stream breaks off.
    pub opcode: &'static str,
    /// The import that is not on torch's list, `module.name`, where that is what stops it.
    pub import: Option<String>,
}

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
            let end = if matches!(op.code.byte, b'e' | b'u') { marks.last().copied()? } else { stack.len() };
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
            0x80
            | b'.'
            | b'('
            | b't'
            | 0x85..=0x87
            | b')'
            | b']'
            | b'}'
            | 0x8F
            | b'N'
            | 0x88
            | 0x89
            | b'J'
            | b'K'
            | b'M'
            | b'G'
            | b'X'
            | b'U'
            | 0x8A
            | b'h'
            | b'j'
            | b'q'
            | b'r' => true,
            b'c' => {
                let (module, name) = op.names();
                let (module, name) = (String::from_utf8_lossy(module), String::from_utf8_lossy(name));
                import = Some(format!("{module}.{name}"));
                globals::is_weights_only(&module, &name)
            }
            b'R' | 0x81 => {
                import = named(below(2)).map(Reach::to_string);
                is_listed(below(2))
            }
            b'b' => matches!(below(2), Some(Value::Lost(Kind::Object))) || is_listed(maker(below(2))),
            b'a' => matches!(below(2), Some(Value::List(_) | Value::Lost(Kind::List))),
            b'e' => matches!(below(1), Some(Value::List(_) | Value::Lost(Kind::List))),
            b's' | b'u' => {
                let target = below(if op.code.byte == b's' { 3 } else { 1 });
                match (target, named(maker(target))) {
                    (Some(Value::Dict(_) | Value::Lost(Kind::Dict | Kind::Object)), _) => true,
                    (_, Some(Reach::Named { module, name })) => {
                        module == "collections" && matches!(name.as_str(), "OrderedDict" | "Counter")
                    }
                    _ => false,
                }
            }
            b'Q' => match below(1) {
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

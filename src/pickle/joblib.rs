//! joblib's arrays: their bytes stand raw between two opcodes, directly after the BUILD of a `NumpyArrayWrapper`.
//!
//! Facts: joblib 1.x `numpy_pickle.py`, `NumpyArrayWrapper.read`.

use super::import::{Imports, Reach};
use super::value::{Arena, Id, Value};

/// What stands after a BUILD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inline {
    /// The next opcode.
    None,
    /// So many raw bytes; with padding, a byte with its length and the padding come first.
    Array { bytes: u64, padded: bool },
    /// A pickle of its own: an array of objects.
    Pickle,
    /// A raw array whose size is not known.
    Unknown,
}

/// Looks at the object that was built.
pub(super) fn inline(arena: &Arena, imports: &Imports, target: Id) -> Inline {
    let Some(state) =
        arena.state(target).filter(|_| is_made_by(arena, imports, target, "joblib.numpy_pickle", "NumpyArrayWrapper"))
    else {
        return Inline::None;
    };
    let (Some(dtype), Some(shape)) = (arena.item(state, "dtype"), arena.item(state, "shape")) else {
        return Inline::Unknown;
    };
    if !matches!(arena.get(shape), Value::Tuple(_)) || !is_made_by(arena, imports, dtype, "numpy", "dtype") {
        return Inline::Unknown;
    }
    let elements = arena.items(shape).iter().try_fold(1u64, |product, size| product.checked_mul(arena.size(*size)?));
    // Not set in files from before 1.2.
    let padded = arena.item(state, "numpy_array_alignment_bytes").is_some_and(|id| arena.get(id) != Value::None);
    match (item_size(arena, dtype), elements) {
        (Some(Item::Object), _) => Inline::Pickle,
        (Some(Item::Bytes(size)), Some(elements)) => match size.checked_mul(elements) {
            Some(bytes) => Inline::Array { bytes, padded },
            None => Inline::Unknown,
        },
        _ => Inline::Unknown,
    }
}

fn is_made_by(arena: &Arena, imports: &Imports, id: Id, module: &str, name: &str) -> bool {
    let Value::Made { callee, .. } = arena.get(id) else { return false };
    let Value::Global(number) = arena.get(callee) else { return false };
    let reach = imports.get(number).map(|import| &import.reach);
    matches!(reach, Some(Reach::Named { module: m, name: n }) if m == module && n == name)
}

enum Item {
    Object,
    Bytes(u64),
}

/// The size of an element: of the letter and digits of `dtype('f8')`; of structured types from the state
/// `(version, order, subdtype, names, fields, size, alignment, flags)`.
fn item_size(arena: &Arena, dtype: Id) -> Option<Item> {
    const HAS_OBJECTS: i64 = 1;
    let Value::Made { arguments, .. } = arena.get(dtype) else { return None };
    let code = arena.text(*arena.items(arguments).first()?)?;
    let mut letters = code.trim_start_matches(['<', '>', '=', '|']).chars();
    let letter = letters.next()?;
    let digits: u64 = letters.as_str().parse().ok()?;
    match letter {
        'O' => Some(Item::Object),
        'U' => digits.checked_mul(4).map(Item::Bytes),
        'V' => {
            let state = arena.items(arena.state(dtype)?);
            let flags = state.get(7).map(|id| arena.get(*id));
            match flags {
                Some(Value::Int(flags)) if flags & HAS_OBJECTS != 0 => Some(Item::Object),
                Some(Value::Int(_)) => Some(Item::Bytes(digits)),
                _ => None,
            }
        }
        'b' | 'i' | 'u' | 'f' | 'c' | 'S' | 'a' | 'M' | 'm' => Some(Item::Bytes(digits)),
        _ => None,
    }
}

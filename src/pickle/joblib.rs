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
    // Under whatever path: scikit-learn had a copy of joblib, and a dotted name reaches the same class.
    if !is_made_by(arena, imports, target, |_, name| last_part(name) == "NumpyArrayWrapper") {
        return Inline::None;
    }
    let Some(state) = arena.state(target) else { return Inline::None };
    let (Some(dtype), Some(shape)) = (arena.item(state, "dtype"), arena.item(state, "shape")) else {
        return Inline::Unknown;
    };
    let is_dtype = |module: &str, name: &str| module.split('.').next() == Some("numpy") && last_part(name) == "dtype";
    if !matches!(arena.get(shape), Value::Tuple(_)) || !is_made_by(arena, imports, dtype, is_dtype) {
        return Inline::Unknown;
    }
    let elements = arena.items(shape).iter().try_fold(1u64, |product, size| product.checked_mul(arena.size(*size)?));
    // Not set in files from before 1.2.
    let padded = arena.item(state, "numpy_array_alignment_bytes").is_some_and(|id| arena.get(id) != Value::None);
    match (element(arena, dtype), elements) {
        (Some(Element::Object), _) => Inline::Pickle,
        (Some(Element::Bytes(size)), Some(elements)) => match size.checked_mul(elements) {
            Some(bytes) => Inline::Array { bytes, padded },
            None => Inline::Unknown,
        },
        _ => Inline::Unknown,
    }
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

/// Whether a value is an object of such a class, made by a call of it or, below protocol 2, by `copyreg`.
fn is_made_by(arena: &Arena, imports: &Imports, id: Id, wanted: impl Fn(&str, &str) -> bool) -> bool {
    let Value::Made { callee, arguments } = arena.get(id) else { return false };
    let named = |id: Id| match arena.get(id) {
        Value::Global(number) => imports.get(number).map(|import| &import.reach),
        _ => None,
    };
    let Some(Reach::Named { module, name }) = named(callee) else { return false };
    if module == "copyreg" {
        let class = arena.items(arguments).first().and_then(|class| named(*class));
        return matches!(class, Some(Reach::Named { module, name }) if wanted(module, name));
    }
    wanted(module, name)
}

/// What an array consists of.
enum Element {
    Object,
    Bytes(u64),
}

/// What `dtype('f8')` with its state says. The state `(version, order, subdtype, names, fields, size, alignment, flags)` has
/// the last word: on the flags of every type, and on the size of strings and structures.
fn element(arena: &Arena, dtype: Id) -> Option<Element> {
    const HAS_OBJECTS: i64 = 1;
    let Value::Made { arguments, .. } = arena.get(dtype) else { return None };
    let code = arena.text(*arena.items(arguments).first()?)?;
    let mut letters = code.trim_start_matches(['<', '>', '=', '|']).chars();
    let letter = letters.next()?;
    let digits: u64 = letters.as_str().parse().ok()?;
    let stated = match arena.state(dtype).map(|state| arena.items(state)) {
        None => None,
        Some([_, _, _, _, _, size, _, flags] | [_, _, _, _, _, size, _, flags, _]) => {
            let Value::Int(flags) = arena.get(*flags) else { return None };
            Some((arena.size(*size), flags & HAS_OBJECTS != 0))
        }
        Some(_) => return None,
    };
    match (letter, stated) {
        (_, Some((_, true))) | ('O', None) => Some(Element::Object),
        ('U' | 'S' | 'a' | 'V', Some((size, false))) => size.map(Element::Bytes),
        ('U', None) => digits.checked_mul(4).map(Element::Bytes),
        ('b' | 'i' | 'u' | 'f' | 'c' | 'M' | 'm', _) | ('S' | 'a', None) => Some(Element::Bytes(digits)),
        _ => None,
    }
}

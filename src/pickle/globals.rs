//! Which names are known to be harmless in a pickle, and which to run code.
//!
//! `facts/*.json` hold the names as they were collected, with source and date; `tables/*.tsv` hold what the code needs of
//! them. A test makes every table again from the facts and compares byte for byte:
//!
//! ```text
//! UPDATE_TABLES=1 cargo test --lib pickle::globals     # rewrites the tables
//! ```

use std::cmp::Ordering;

use memchr::{memchr, memrchr};

/// What an import is worth, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trust {
    /// On the list of exact names that checkpoints need and that do no harm.
    Known,
    /// On no list: what it does is up to its author.
    Unknown,
    /// Unknown where it is only named, dangerous where the file calls it.
    UntilCalled,
    /// Dangerous unless called in the one way in which savers of weights call it; then known (true) or unknown.
    Conditional(bool),
    /// Runs code, or reaches what does.
    Dangerous,
}

/// Rows of text, sorted, each a key and a word. They are searched as they are: most runs ask for a few names.
struct Table(&'static str);

static NAMES: Table = Table(include_str!("tables/names.tsv"));
static EFFECTS: Table = Table(include_str!("tables/effects.tsv"));
static PYTHON2: Table = Table(include_str!("tables/python2.tsv"));

impl Table {
    /// The word of a key.
    fn find(&self, key: &str) -> Option<&'static str> {
        let (mut from, mut to) = (0, self.0.len());
        while from < to {
            let middle = from + (to - from) / 2;
            let before = self.0.as_bytes().get(from..middle)?;
            let start = memrchr(b'\n', before).map_or(from, |at| from + at + 1);
            let rest = self.0.as_bytes().get(start..)?;
            let row = self.0.get(start..start + memchr(b'\n', rest).unwrap_or(rest.len()))?;
            // The line at the top has no word.
            let tab = memchr(b'\t', row.as_bytes()).unwrap_or(0);
            let (found, word) = (row.get(..tab)?, row.get(tab + 1..)?);
            match found.cmp(key) {
                Ordering::Equal => return Some(word),
                Ordering::Less => from = start + row.len() + 1,
                Ordering::Greater => to = start,
            }
        }
        None
    }
}

/// Modules through which everything can be reached, under whatever name another module contains them.
const CORE: &[&str] = &[
    "__builtin__",
    "__builtins__",
    "builtins",
    "ctypes",
    "importlib",
    "nt",
    "os",
    "posix",
    "pty",
    "runpy",
    "shutil",
    "socket",
    "subprocess",
    "sys",
];

/// Names between two underscores that lead nowhere else than the object itself.
const HARMLESS_HIDDEN: &[&str] = &[
    "__call__",
    "__contains__",
    "__eq__",
    "__getitem__",
    "__init__",
    "__iter__",
    "__len__",
    "__new__",
    "__newobj__",
    "__version__",
];

/// What a name of a module is worth.
pub fn trust(module: &str, name: &str) -> Trust {
    if let Some(found) = NAMES.find(&format!("{module} {name}")) {
        return match found {
            "torch" | "known" => Trust::Known,
            "unknown" => Trust::Unknown,
            "unknown until called" => Trust::UntilCalled,
            "conditionally known" => Trust::Conditional(true),
            "conditionally unknown" => Trust::Conditional(false),
            _ => Trust::Dangerous,
        };
    }
    let is_denied = !is_method_of_a_type(module, name) && is_denied(module, name);
    if is_denied { Trust::Dangerous } else { Trust::Unknown }
}

/// What a name of the facts is said to do.
pub(super) fn stated_effect(module: &str, name: &str) -> Option<&'static str> {
    let path = format!("{module}.{name}");
    readings(&path).find_map(|(module, name)| {
        EFFECTS.find(&format!("{module} {name}")).or_else(|| EFFECTS.find(&format!("{module} *")))
    })
}

/// Whether torch's `weights_only=True` accepts a name.
pub(super) fn is_weights_only(module: &str, name: &str) -> bool {
    // Torch takes the names of Python 2 in every protocol.
    let (module, name) = renamed(module, name).unwrap_or((module.to_owned(), name.to_owned()));
    NAMES.find(&format!("{module} {name}")) == Some("torch")
}

/// What the names are worth as they stand in the file, which is what Python 2 imports. The lists of harmless names are
/// of Python 3, so only what runs code in both is dangerous here.
pub(super) fn old_trust(module: &str, name: &str) -> Trust {
    let is_harmless_now = renamed(module, name).is_some_and(|(module, name)| trust(&module, &name) < Trust::Dangerous);
    match trust(module, name) {
        Trust::Dangerous if !is_harmless_now => Trust::Dangerous,
        _ => Trust::Known,
    }
}

/// With what cloudpickle (1.2 to 3.1) makes functions, classes and modules that it keeps by value.
const BY_VALUE: &[&str] = &[
    "_class_setstate",
    "_fill_function",
    "_function_setstate",
    "_make_cell",
    "_make_dict_items",
    "_make_dict_keys",
    "_make_dict_values",
    "_make_empty_cell",
    "_make_function",
    "_make_skel_func",
    "_make_skeleton_class",
    "_make_skeleton_enum",
    "_make_typevar",
    "_rehydrate_skeleton_class",
    "dynamic_subimport",
    "subimport",
];

/// Whether a name belongs to how cloudpickle keeps functions and classes by value.
pub(super) fn is_by_value(module: &str, name: &str) -> bool {
    match module {
        "cloudpickle.cloudpickle" | "cloudpickle.cloudpickle_fast" => BY_VALUE.contains(&name),
        "types" => name == "CodeType",
        _ => false,
    }
}

/// Whether what a call of the name gives is a function whose code is in the file.
pub(super) fn gives_function(module: &str, name: &str) -> bool {
    is_by_value(module, name) && ["_fill_function", "_make_function", "_make_skel_func"].contains(&name)
}

/// The module and name that Python 3 takes for those of Python 2, where they differ.
pub(super) fn renamed(module: &str, name: &str) -> Option<(String, String)> {
    if let Some((module, name)) = PYTHON2.find(&format!("{module} {name}")).and_then(|new| new.split_once(' ')) {
        return Some((module.to_owned(), name.to_owned()));
    }
    let module = PYTHON2.find(&format!("{module} *"))?;
    Some((module.to_owned(), name.to_owned()))
}

/// The lists name nothing longer, in bytes.
const LONGEST: usize = 120;

fn is_denied(module: &str, name: &str) -> bool {
    if name.split('.').any(leads_out) || module.split('.').skip(1).any(|word| CORE.contains(&word)) {
        return true;
    }
    let path = format!("{module}.{name}");
    readings(&path).any(|(module, name)| {
        NAMES.find(&format!("{module} *")) == Some("denied")
            || (name.len() < LONGEST && NAMES.find(&format!("{module} {name}")) == Some("denied"))
    })
}

/// Every way to read the dots of a path: what is before one may be the module.
fn readings(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let splits = path.match_indices('.').take_while(|(at, _)| *at < LONGEST);
    splits.filter_map(|(at, _)| path.get(..at).zip(path.get(at + 1..)))
}

/// Methods of Python's own types, `str.split`: they work on the values that they are given.
fn is_method_of_a_type(module: &str, name: &str) -> bool {
    const TYPES: &[&str] = &[
        "bool",
        "bytearray",
        "bytes",
        "complex",
        "dict",
        "float",
        "frozenset",
        "int",
        "list",
        "range",
        "set",
        "slice",
        "str",
        "tuple",
    ];
    let Some((owner, method)) = name.split_once('.') else { return false };
    let is_plain = !method.starts_with('_') && !method.contains('.') && !leads_out(method);
    matches!(module, "builtins" | "__builtin__") && TYPES.contains(&owner) && is_plain
}

/// Whether an attribute of this name leads out of its module. A package may have a module of its own called `pickle`; as
/// an attribute it is Python's.
fn leads_out(word: &str) -> bool {
    let is_hidden = word.starts_with("__") && word.ends_with("__") && word.len() > 4;
    CORE.contains(&word) || word == "pickle" || (is_hidden && !HARMLESS_HIDDEN.contains(&word))
}

#[cfg(test)]
mod tests;

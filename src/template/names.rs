//! The names that matter.

/// Names with two underscores on both sides that Python's own objects carry, and that an escape goes through or starts
/// from (Python data model; the payloads of published Jinja escapes).
const INTERNALS: &[&str] = &[
    "__annotations__",
    "__base__",
    "__bases__",
    "__builtins__",
    "__call__",
    "__class__",
    "__closure__",
    "__code__",
    "__context__",
    "__defaults__",
    "__delattr__",
    "__dict__",
    "__dir__",
    "__doc__",
    "__func__",
    "__get__",
    "__getattr__",
    "__getattribute__",
    "__getitem__",
    "__globals__",
    "__import__",
    "__init__",
    "__init_subclass__",
    "__kwdefaults__",
    "__loader__",
    "__module__",
    "__mro__",
    "__name__",
    "__new__",
    "__package__",
    "__path__",
    "__qualname__",
    "__reduce__",
    "__reduce_ex__",
    "__repr__",
    "__self__",
    "__setattr__",
    "__slots__",
    "__spec__",
    "__str__",
    "__subclasscheck__",
    "__subclasses__",
    "__subclasshook__",
    "__traceback__",
    "__weakref__",
    "__wrapped__",
];

/// Attributes without such underscores that lead to frames, code and types; Jinja's own sandbox rejects them (jinja2
/// 3.1.6, `sandbox.py`, `UNSAFE_*_ATTRIBUTES`).
const FRAMES: &[&str] = &[
    "ag_code",
    "ag_frame",
    "cr_code",
    "cr_frame",
    "f_back",
    "f_builtins",
    "f_globals",
    "f_locals",
    "func_code",
    "func_globals",
    "gi_code",
    "gi_frame",
    "im_class",
    "im_func",
    "mro",
    "tb_frame",
];

/// What Flask and its relatives put into templates (flask 3, "Standard Context"), and Jinja's own object of blocks. A chat
/// template does not get any of them.
const FOREIGN: &[&str] = &["config", "get_flashed_messages", "request", "self", "session", "url_for"];

/// Jinja's own globals that are Python classes with functions of their own (jinja2 3.1.6, `defaults.py`), and no variable of a
/// template is called.
const CALLED: &[&str] = &["cycler", "joiner", "lipsum"];

/// `__x__`, whatever `x` is.
pub(super) fn is_dunder(name: &str) -> bool {
    let inner = name.strip_prefix("__").and_then(|name| name.strip_suffix("__")).unwrap_or_default();
    inner.starts_with(|letter: char| letter.is_ascii_alphabetic()) && inner.chars().all(is_name_part)
}

/// Whether an attribute of this name leads into Python.
pub(super) fn is_internal_attribute(name: &str) -> bool {
    is_dunder(name) || FRAMES.contains(&name)
}

/// Whether a variable or keyword has a name of Python's own objects.
pub(super) fn is_internal_name(name: &str) -> bool {
    INTERNALS.contains(&name)
}

/// Whether a whole string is such a name, or a dotted path through one. Prompts speak of `__init__` in sentences, and a
/// model may have a token `__start__`: neither is this.
pub(super) fn internal_path(text: &str) -> bool {
    text.split('.').any(|part| INTERNALS.contains(&part)) && text.chars().all(|c| is_name_part(c) || c == '.')
}

/// A replacement field of `str.format` that walks attributes into Python: `{0.__class__}`.
pub(super) fn internal_field(text: &str) -> Option<&str> {
    let fields = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(field, _)| field);
    fields.flat_map(|field| field.split(['.', '[', ']', '!', ':'])).find(|part| INTERNALS.contains(part))
}

/// Whether a variable of this name is an object that no chat template is given.
pub(super) fn is_foreign(name: &str) -> bool {
    FOREIGN.contains(&name)
}

/// Whether a global of this name is there to be called, so that only its call is honest.
pub(super) fn is_called(name: &str) -> bool {
    CALLED.contains(&name)
}

fn is_name_part(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

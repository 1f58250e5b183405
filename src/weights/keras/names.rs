//! Which modules and names matter.

use crate::pickle::{Trust, trust};

/// Packages whose classes Keras itself resolves (keras 3.15.1, `_retrieve_class_or_fn`), and its older names.
const KERAS: &[&str] = &["keras", "keras_core", "keras_cv", "keras_hub", "keras_nlp", "tf_keras", "tensorflow"];

/// Modules of Python that pickles may name and models not: they keep functions, files or code. No layer lives there.
const ACTING: &[&str] = &["functools", "io", "logging", "operator", "pathlib", "types", "uuid"];

/// Functions of Keras that no model is made of: they fetch, load, or switch the safeguard off (keras 3.15.1,
/// `NON_MODELING_APIS`, and what earlier attacks used).
const NO_LAYERS: &[&str] = &[
    "_extract_archive",
    "audio_dataset_from_directory",
    "clear_session",
    "deserialize_keras_object",
    "deserialize_model_from_bytecode",
    "download_file",
    "eager_py_func",
    "enable_unsafe_deserialization",
    "extract_archive",
    "extract_open_archive",
    "func_dump",
    "func_load",
    "get_file",
    "image_dataset_from_directory",
    "load_img",
    "load_library",
    "load_model",
    "load_op_library",
    "load_weights",
    "model_from_json",
    "numpy_function",
    "py_func",
    "py_function",
    "read_file",
    "register_keras_serializable",
    "save_img",
    "save_model",
    "save_weights",
    "serialize_keras_object",
    "text_dataset_from_directory",
    "timeseries_dataset_from_array",
    "write_file",
];

/// Built-in functions of Python that are not an activation, loss or metric.
const BUILTINS: &[&str] = &[
    "__import__",
    "breakpoint",
    "compile",
    "delattr",
    "eval",
    "exec",
    "execfile",
    "exit",
    "getattr",
    "globals",
    "help",
    "input",
    "locals",
    "open",
    "quit",
    "setattr",
    "vars",
];

/// Whose a class or function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// Keras, or not stated.
    Keras,
    /// Python, and it acts on the machine.
    Acting,
    /// Keras, and no part of a model.
    NoLayer,
    /// Code of the model's author.
    Custom,
}

/// The owner of a name in a module, as a configuration spells both.
pub(super) fn owner(module: &str, name: &str) -> Owner {
    let package = module.split('.').next().unwrap_or_default();
    let last = name.rsplit(['.', '>']).next().unwrap_or_default();
    // What runs code in a pickle does so here.
    let is_dangerous = || trust(module, name) > Trust::Unknown;
    if KERAS.contains(&package) {
        return if NO_LAYERS.contains(&last) || is_dangerous() { Owner::NoLayer } else { Owner::Keras };
    }
    match module {
        "" => Owner::Keras,
        "builtins" | "__builtin__" if BUILTINS.contains(&last) => Owner::Acting,
        "builtins" | "__builtin__" => Owner::Keras,
        _ if ACTING.contains(&package) || is_dangerous() => Owner::Acting,
        _ => Owner::Custom,
    }
}

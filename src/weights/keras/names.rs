//! Which modules and names matter.

/// Packages whose classes Keras itself resolves (keras 3.15.1, `_retrieve_class_or_fn`), and its older names.
const KERAS: &[&str] = &["keras", "keras_core", "keras_cv", "keras_hub", "keras_nlp", "tf_keras", "tensorflow"];

/// Modules of Python that do things: commands, files, sockets, imports, code. No layer lives there.
const ACTING: &[&str] = &[
    "_posixsubprocess",
    "asyncio",
    "bdb",
    "code",
    "codeop",
    "cProfile",
    "commands",
    "ctypes",
    "dill",
    "distutils",
    "ftplib",
    "functools",
    "http",
    "importlib",
    "imp",
    "io",
    "joblib",
    "linecache",
    "marshal",
    "multiprocessing",
    "nt",
    "operator",
    "os",
    "pathlib",
    "pdb",
    "pickle",
    "pip",
    "pkgutil",
    "platform",
    "posix",
    "profile",
    "pty",
    "requests",
    "runpy",
    "shutil",
    "smtplib",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "timeit",
    "trace",
    "types",
    "urllib",
    "webbrowser",
    "xmlrpc",
    "zipimport",
];

/// Functions of Keras that no model is made of: they fetch, load, or switch the safeguard off (keras 3.15.1,
/// `NON_MODELING_APIS`, and what earlier attacks used).
const NO_LAYERS: &[&str] = &[
    "audio_dataset_from_directory",
    "clear_session",
    "deserialize_keras_object",
    "enable_unsafe_deserialization",
    "get_file",
    "image_dataset_from_directory",
    "load_img",
    "load_model",
    "load_weights",
    "model_from_json",
    "register_keras_serializable",
    "save_img",
    "save_model",
    "save_weights",
    "serialize_keras_object",
    "text_dataset_from_directory",
];

/// Built-in functions of Python that are not an activation, loss or metric.
const BUILTINS: &[&str] = &[
    "__import__",
    "breakpoint",
    "compile",
    "delattr",
    "eval",
    "exec",
    "getattr",
    "globals",
    "input",
    "open",
    "setattr",
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
    if KERAS.contains(&package) {
        return if NO_LAYERS.contains(&last) { Owner::NoLayer } else { Owner::Keras };
    }
    match module {
        "" => Owner::Keras,
        "builtins" | "__builtin__" if BUILTINS.contains(&last) => Owner::Acting,
        "builtins" | "__builtin__" => Owner::Keras,
        _ if ACTING.contains(&package) => Owner::Acting,
        _ => Owner::Custom,
    }
}

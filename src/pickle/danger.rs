//! What a dangerous import can do, in words that follow its name: "`os.system` runs a shell command".

use super::globals;

/// Modules, with those below them, by what they do; `name` of a module where only that does it. The first hit counts.
const EFFECTS: &[(&str, &[&str])] = &[
    (
        "runs a shell command",
        &[
            "os system",
            "os popen",
            "posix system",
            "posix popen",
            "nt system",
            "nt popen",
            "commands",
            "platform popen",
        ],
    ),
    (
        "starts another program",
        &["subprocess", "pty", "pexpect", "_posixsubprocess", "asyncio", "multiprocessing", "webbrowser", "concurrent"],
    ),
    (
        "runs Python code that the file contains as text",
        &[
            "builtins eval",
            "builtins exec",
            "builtins compile",
            "__builtin__ eval",
            "__builtin__ exec",
            "__builtin__ compile",
            "__builtin__ execfile",
            "bdb",
            "pdb",
            "code",
            "codeop",
            "cProfile",
            "profile",
            "timeit",
            "trace",
            "doctest",
            "idlelib",
            "compile",
            "eval",
            "exec",
            "numpy.testing._private.utils",
            "numpy.f2py",
            "lib2to3",
            "torch.distributed.elastic.rendezvous.api",
            "torch.utils.data.datapipes.utils.decoder",
            "torch.fx.experimental.symbolic_shapes",
            "torch.jit.unsupported_tensor_ops",
            "torch.utils.bottleneck",
            "torch._dynamo.guards",
        ],
    ),
    (
        "loads and runs any Python module",
        &[
            "builtins __import__",
            "__builtin__ __import__",
            "importlib",
            "imp",
            "runpy",
            "pkgutil",
            "zipimport",
            "_frozen_importlib",
            "_frozen_importlib_external",
            "_imp",
            "pydoc",
        ],
    ),
    (
        "loads another pickle, which this check does not see",
        &[
            "pickle",
            "_pickle",
            "dill",
            "joblib",
            "torch load",
            "torch.load",
            "torch.serialization load",
            "torch.storage _load_from_bytes",
            "torch.hub",
            "shelve",
        ],
    ),
    ("makes functions out of bytes of the file", &["cloudpickle", "marshal", "types"]),
    ("turns encoded text into names and programs", &["codecs", "_codecs", "base64"]),
    ("runs machine code", &["ctypes", "_ctypes", "mmap"]),
    ("installs software", &["pip", "ensurepip", "setuptools", "distutils", "venv"]),
    (
        "opens network connections",
        &[
            "socket",
            "socketserver",
            "ssl",
            "urllib",
            "urllib2",
            "http",
            "httplib",
            "requests",
            "aiohttp",
            "ftplib",
            "smtplib",
            "imaplib",
            "poplib",
            "nntplib",
            "telnetlib",
            "xmlrpc",
            "select",
            "selectors",
        ],
    ),
    (
        "reads, writes or deletes files",
        &[
            "builtins open",
            "__builtin__ open",
            "__builtin__ file",
            "io",
            "_io",
            "shutil",
            "tempfile",
            "tarfile",
            "zipfile",
            "glob",
            "fileinput",
            "filecmp",
            "linecache",
            "sqlite3",
            "_sqlite3",
            "logging",
            "ntpath",
            "posixpath",
            "py_compile",
            "compileall",
        ],
    ),
    (
        "reaches any attribute of any object, and so any function",
        &[
            "builtins getattr",
            "__builtin__ getattr",
            "operator",
            "_operator",
            "builtins setattr",
            "builtins vars",
            "builtins globals",
            "builtins locals",
            "inspect",
            "gc",
        ],
    ),
    (
        "calls any function that it is given",
        &[
            "builtins map",
            "builtins filter",
            "__builtin__ map",
            "__builtin__ filter",
            "__builtin__ apply",
            "functools",
            "threading",
            "_thread",
            "signal",
            "_signal",
            "atexit",
        ],
    ),
    ("can use everything that the operating system offers", &["os", "posix", "nt"]),
    ("can change the running interpreter", &["sys", "__builtins__", "site", "unittest", "test"]),
    ("is a function of Python itself that no weights need to call", &["builtins", "__builtin__"]),
];

/// What a dangerous name can do.
pub fn effect(module: &str, name: &str) -> &'static str {
    if let Some(effect) = globals::stated_effect(module, name) {
        return effect;
    }
    let exact = format!("{module} {name}");
    let within = |row: &str| module == row || module.strip_prefix(row).is_some_and(|rest| rest.starts_with('.'));
    let named = EFFECTS.iter().find(|(_, rows)| rows.contains(&exact.as_str()));
    let found = named.or_else(|| EFFECTS.iter().find(|(_, rows)| rows.iter().any(|row| within(row))));
    // A dotted name that goes through a module, such as `logging` and `os.system`.
    let through = || {
        let (_, inner) = name.split_once("os.").or(name.split_once("subprocess."))?;
        EFFECTS.iter().find(|(_, rows)| rows.contains(&format!("os {inner}").as_str()))
    };
    through().or(found).map_or("can run code", |(effect, _)| effect)
}

/// What needs no further call to run a program or code.
const AT_ONCE: &[&str] = &[
    "runs a shell command",
    "starts another program",
    "runs Python code that the file contains as text",
    "loads and runs any Python module",
    "runs machine code",
    "installs software",
];

/// Whether a call of a dangerous name runs a program or code, rather than that it can lead to it.
pub fn runs_at_once(module: &str, name: &str) -> bool {
    AT_ONCE.contains(&effect(module, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_at_once_is_said_as_in_the_table() {
        for effect in AT_ONCE {
            assert!(EFFECTS.iter().any(|(row, _)| row == effect), "{effect}");
        }
    }

    #[test]
    fn effects_are_those_of_the_closest_row() {
        for (module, name, wanted) in [
            ("os", "system", "runs a shell command"),
            ("os", "execv", "can use everything that the operating system offers"),
            ("logging", "os.system", "runs a shell command"),
            ("builtins", "eval", "runs Python code that the file contains as text"),
            ("builtins", "print", "is a function of Python itself that no weights need to call"),
            ("urllib.request", "urlopen", "opens network connections"),
            ("mailcap", "findmatch", "runs a shell command"),
            ("pathlib", "PosixPath.unlink", "reads, writes or deletes files"),
            ("unheard", "of", "can run code"),
        ] {
            assert_eq!(effect(module, name), wanted, "{module} {name}");
        }
    }
}

//! The callables that do more than compute.

use ruff_python_ast::{Expr, ExprCall};

use super::values::text;

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Starts another program.
    Command,
    /// Uses the network.
    Network,
    /// Unpickles, which may run anything.
    Unpickle,
    /// Runs text or bytes as code.
    Evaluate,
    /// Loads or compiles code for the processor.
    Native,
    /// Imports a module whose name is made up at run time.
    Hidden,
}

impl Kind {
    /// As it follows a file's name: "`x.py` runs a command".
    pub fn words(self) -> &'static str {
        match self {
            Self::Command => "runs a command",
            Self::Network => "uses the network",
            Self::Unpickle => "unpickles a file or data",
            Self::Evaluate => "runs text as code",
            Self::Native => "loads native code",
            Self::Hidden => "imports a module by a computed name",
        }
    }
}

/// What a call of the callable of this full name does, if it is one that is known to do something.
pub(super) fn of_call(path: &str, call: &ExprCall) -> Option<Kind> {
    let (module, name) = path.rsplit_once('.')?;
    let first = call.arguments.args.first();
    let is_true = |keyword: &str| literal(call, keyword) == Some(true);
    let is_false = |keyword: &str| literal(call, keyword) == Some(false);
    match (module, name) {
        // Data in a text, not code, is what a constant is; `walk` looks into it.
        ("builtins", "eval" | "exec") => {
            first.is_none_or(|text| super::values::text(text).is_none()).then_some(Kind::Evaluate)
        }
        ("builtins", "__import__") | ("importlib", "import_module" | "__import__") => {
            // `.name` is a file of the same package, which is read on its own.
            let name = first.or_else(|| keyword(call, "name"))?;
            (text(name).is_none() && !starts_with_dot(name)).then_some(Kind::Hidden)
        }
        ("torch", "load") if is_false("weights_only") => Some(Kind::Unpickle),
        ("numpy", "load") if is_true("allow_pickle") => Some(Kind::Unpickle),
        _ => of_reference(path),
    }
}

/// What calling the callable of this full name does, whatever its arguments are.
pub(super) fn of_reference(path: &str) -> Option<Kind> {
    let (module, name) = path.rsplit_once('.')?;
    let kind = match module {
        "os" | "posix" | "nt" => {
            let starts = ["exec", "spawn", "posix_spawn"].iter().any(|start| name.starts_with(start));
            (starts || matches!(name, "system" | "popen" | "startfile")).then_some(Kind::Command)?
        }
        "subprocess" => match name {
            "run" | "call" | "check_call" | "check_output" | "Popen" | "getoutput" | "getstatusoutput" => Kind::Command,
            _ => return None,
        },
        "asyncio" if matches!(name, "create_subprocess_exec" | "create_subprocess_shell") => Kind::Command,
        "commands" if matches!(name, "getoutput" | "getstatusoutput") => Kind::Command,
        "pty" if name == "spawn" => Kind::Command,
        "pexpect" if matches!(name, "spawn" | "run") => Kind::Command,
        "pip" | "pip._internal" | "pip._internal.cli.main" if name == "main" => Kind::Command,
        "runpy" if matches!(name, "run_path" | "run_module") => Kind::Evaluate,
        "socket"
            if matches!(name, "socket" | "create_connection" | "create_server" | "gethostbyname" | "getaddrinfo") =>
        {
            Kind::Network
        }
        "urllib.request" | "urllib2" if matches!(name, "urlopen" | "urlretrieve") => Kind::Network,
        "urllib" if matches!(name, "urlopen" | "urlretrieve") => Kind::Network,
        "requests" | "httpx"
            if matches!(
                name,
                "get" | "post" | "put" | "patch" | "delete" | "head" | "options" | "request" | "stream"
            ) =>
        {
            Kind::Network
        }
        "urllib3" if name == "request" => Kind::Network,
        "http.client" if matches!(name, "HTTPConnection" | "HTTPSConnection") => Kind::Network,
        "ftplib" if matches!(name, "FTP" | "FTP_TLS") => Kind::Network,
        "smtplib" if matches!(name, "SMTP" | "SMTP_SSL") => Kind::Network,
        "telnetlib" if name == "Telnet" => Kind::Network,
        "wget" | "gdown" | "nltk" if name == "download" => Kind::Network,
        "torch.hub" if matches!(name, "load" | "load_state_dict_from_url" | "download_url_to_file") => Kind::Network,
        "huggingface_hub" if matches!(name, "hf_hub_download" | "snapshot_download") => Kind::Network,
        "pickle" | "cPickle" | "_pickle" | "dill" | "cloudpickle" => match name {
            "load" | "loads" | "Unpickler" => Kind::Unpickle,
            _ => return None,
        },
        "joblib" if name == "load" => Kind::Unpickle,
        "shelve" if name == "open" => Kind::Unpickle,
        "pandas" if name == "read_pickle" => Kind::Unpickle,
        "marshal" if matches!(name, "load" | "loads") => Kind::Evaluate,
        "ctypes" if matches!(name, "CDLL" | "PyDLL" | "WinDLL" | "OleDLL") => Kind::Native,
        "ctypes.cdll" | "ctypes.pydll" | "ctypes.windll" | "ctypes.oledll" if name == "LoadLibrary" => Kind::Native,
        "torch.utils.cpp_extension" if matches!(name, "load" | "load_inline") => Kind::Native,
        "torch.ops" | "torch.classes" if name == "load_library" => Kind::Native,
        "imp" if matches!(name, "load_source" | "load_module" | "load_dynamic" | "load_compiled") => Kind::Hidden,
        "importlib.util" if name == "spec_from_file_location" => Kind::Hidden,
        "importlib.machinery"
            if matches!(name, "SourceFileLoader" | "SourcelessFileLoader" | "ExtensionFileLoader") =>
        {
            Kind::Hidden
        }
        _ => return None,
    };
    Some(kind)
}

/// Whether what is called with such a callable as an argument calls it in turn.
pub(super) fn calls_its_argument(path: &str) -> bool {
    matches!(
        path,
        "builtins.map"
            | "builtins.filter"
            | "threading.Thread"
            | "threading.Timer"
            | "multiprocessing.Process"
            | "atexit.register"
    )
}

/// The modules of the table above, whose attributes under a computed name can be any of it.
pub(super) fn is_watched(module: &str) -> bool {
    matches!(
        module,
        "os" | "posix" | "nt" | "subprocess" | "builtins" | "pickle" | "ctypes" | "socket" | "marshal" | "pty"
    )
}

fn keyword<'a>(call: &'a ExprCall, name: &str) -> Option<&'a Expr> {
    let mut keywords = call.arguments.keywords.iter();
    keywords.find(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == name)).map(|keyword| &keyword.value)
}

fn literal(call: &ExprCall, name: &str) -> Option<bool> {
    match keyword(call, name)? {
        Expr::BooleanLiteral(literal) => Some(literal.value),
        _ => None,
    }
}

/// Whether a text that is put together opens with a dot.
fn starts_with_dot(name: &Expr) -> bool {
    match name {
        Expr::BinOp(sum) => text(&sum.left).is_some_and(|start| start.starts_with('.')),
        Expr::FString(string) => {
            let mut elements = string.value.elements();
            let first = elements.next().and_then(|element| element.as_literal());
            first.is_some_and(|literal| literal.value.starts_with('.'))
        }
        _ => false,
    }
}

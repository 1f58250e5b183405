//! What a configuration tells its loader to import, build or call, by name: the targets of Hydra and its kin, and the tags of
//! YAML that name Python.
//!
//! This module knows how such names are written and, from the lists of [`crate::pickle`], which of them run code. It does not
//! know releases, weights or rules. Nothing is imported: a name is a text.

mod text;
mod tree;

pub use text::in_text;
pub use tree::{Told, in_tree, in_yaml};

use crate::pickle::{Trust, effect, runs_at_once, trust};
use crate::source::Span;

/// How many targets of one file are kept. The worst come from attacks, which need one.
pub const MAX_TARGETS: usize = 100;

/// The longest name that is looked at, in bytes.
pub const MAX_NAME_BYTES: usize = 200;

/// What it means that a loader imports and calls a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Worth {
    /// What configurations are made of, as far as known.
    Ordinary,
    /// It can run code or change files, by what it is given.
    MayRun,
    /// It runs a program or code, and no model needs that.
    Runs,
}

/// A name that a configuration tells its loader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The full name: `os.system`.
    pub name: String,
    /// How it is told: a key or a tag.
    pub told: Told,
    /// Where.
    pub span: Span,
    /// What it is worth.
    pub worth: Worth,
}

impl Target {
    /// What the name does, as it follows the name in a sentence.
    pub fn effect(&self) -> &'static str {
        effect_of(&self.name)
    }
}

/// What a full name does, as it follows the name in a sentence.
pub fn effect_of(name: &str) -> &'static str {
    let (module, name) = split(name);
    effect(module, name)
}

/// Module and name; a bare name is Python's own.
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or(("builtins", name))
}

/// Names on the lists of dangerous ones that honest configurations use, and that do nothing alone. A module stands for what it
/// contains itself.
const HONEST: &[&str] = &[
    "concurrent.futures",
    "functools",
    "io",
    "logging",
    "multiprocessing.cpu_count",
    "operator",
    "os.cpu_count",
    "os.environ",
    "os.fspath",
    "os.getcwd",
    "os.getenv",
    "os.path",
    "pathlib",
    "tempfile",
    "types.SimpleNamespace",
];

/// Functions of Python itself that compute, and do nothing else.
const PLAIN: &[&str] = &[
    "abs",
    "all",
    "any",
    "bool",
    "bytes",
    "callable",
    "dict",
    "divmod",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "hasattr",
    "id",
    "int",
    "isinstance",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "object",
    "pow",
    "print",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "slice",
    "sorted",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "zip",
];

/// What it means that a loader imports and calls a name.
pub fn worth(name: &str) -> Worth {
    if name.len() > MAX_NAME_BYTES || !is_name(name) {
        return Worth::Ordinary;
    }
    let (module, last) = split(name);
    if !name.contains('.') {
        return if runs_at_once(module, last) { Worth::Runs } else { Worth::Ordinary };
    }
    let is_plain = matches!(module, "builtins" | "__builtin__") && PLAIN.contains(&last);
    if is_plain || HONEST.contains(&name) || HONEST.contains(&module) || trust(module, last) != Trust::Dangerous {
        return Worth::Ordinary;
    }
    let starts = ["exec", "spawn", "posix_spawn", "startfile"].iter().any(|start| last.starts_with(start));
    let is_system = matches!(module.rsplit('.').next(), Some("os" | "posix" | "nt"));
    // Every way to read the dots: what is before one may be the module.
    let mut readings = name.match_indices('.').filter_map(|(at, _)| name.get(..at).zip(name.get(at + 1..)));
    let runs = (is_system && starts) || readings.any(|(module, name)| runs_at_once(module, name));
    if runs { Worth::Runs } else { Worth::MayRun }
}

/// Whether a text is a dotted name of Python.
pub fn is_name(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with(|first: char| first.is_ascii_digit())
            && part.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    text.split('.').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_worth_what_they_do() {
        for (name, wanted) in [
            ("os.system", Worth::Runs),
            ("subprocess.Popen", Worth::Runs),
            ("builtins.eval", Worth::Runs),
            ("builtins.exec", Worth::Runs),
            ("exec", Worth::Runs),
            ("os.execv", Worth::Runs),
            ("logging.os.system", Worth::Runs),
            ("importlib.import_module", Worth::Runs),
            ("torch.load", Worth::MayRun),
            ("shutil.rmtree", Worth::MayRun),
            ("builtins.open", Worth::MayRun),
            ("functools.partial", Worth::Ordinary),
            ("os.path.join", Worth::Ordinary),
            ("builtins.dict", Worth::Ordinary),
            ("logging.getLogger", Worth::Ordinary),
            ("pathlib.Path", Worth::Ordinary),
            ("torch.optim.AdamW", Worth::Ordinary),
            ("nemo.collections.asr.models.EncDecCTCModel", Worth::Ordinary),
            ("not a name", Worth::Ordinary),
        ] {
            assert_eq!(worth(name), wanted, "{name}");
        }
    }
}

//! What a command line that clap does not understand was meant to be.

use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Failure;
use crate::report::visible;

/// Options of other programs, and what says the same here.
const OPTIONS: &[(&str, &str)] = &[
    ("--format", "--output FORMAT"),
    ("--output-format", "--output FORMAT"),
    ("--json", "--output json"),
    ("--exit-zero", "--fail-on never"),
    ("--strict", "--fail-on info"),
    ("--no-color", "--color never"),
    ("--dry-run", "--diff"),
    ("--rule", "--select RULE"),
    ("--exclude", "--ignore RULE"),
];

/// The mistake with the right words; nothing where clap says enough.
pub(super) fn failure(error: &clap::Error) -> Option<Failure> {
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let word = text(error, ContextKind::InvalidSubcommand)?;
            let shown = visible(word);
            Path::new(word).exists().then(|| {
                Failure::usage(format!("`{shown}` is not a command"), format!("Run `hf-release check {shown}`."))
            })
        }
        ErrorKind::UnknownArgument => {
            let word = text(error, ContextKind::InvalidArg)?;
            let name = word.split('=').next().unwrap_or(word);
            let (name, instead) = OPTIONS.iter().find(|(known, _)| *known == name)?;
            Some(Failure::usage(format!("there is no option `{name}`"), format!("Use `{instead}` instead.")))
        }
        _ => None,
    }
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

//! `hf-release explain RULE`: the rule's manual.

use std::io::Write;

use super::args::ExplainArgs;
use super::{Failure, stdout};
use crate::config::suggest;
use crate::report::Exit;
use crate::rules;

/// Prints the manual of each rule.
pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let mut out = stdout();
    for (index, name) in args.rules.iter().enumerate() {
        let Some(rule) = rules::find(name) else {
            return Err(Failure::unknown_rule(name, suggest(name)));
        };
        if index > 0 {
            writeln!(out)?;
        }
        write!(out, "{}", rule.meta().docs)?;
    }
    out.flush()?;
    Ok(Exit::Clean)
}

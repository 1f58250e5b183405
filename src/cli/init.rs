//! `hf-release init [PATH]`: begin the card, or complete it; show it first.

use std::io::Write;
use std::path::Path;

use super::args::InitArgs;
use super::{Failure, open, stdout, terminal};
use crate::check::{Begun, begin};
use crate::fix::{self, Change, diff};
use crate::report::Exit;
use crate::rules::README;

/// Shows the change as a diff, or writes it.
pub(super) fn run(args: &InitArgs) -> Result<Exit, Failure> {
    let release = open(&args.path, &args.release)?;
    let begun = begin(&release)?;
    for (title, why) in &begun.refused {
        let line = format!("warning: not done: {title}: {why}\n  help: {}", why.help());
        writeln!(std::io::stderr().lock(), "{}", terminal::visible_lines(&line))?;
    }
    match &begun.change {
        None if begun.refused.is_empty() => {
            writeln!(std::io::stderr().lock(), "nothing to add to `{README}`")?;
            Ok(Exit::Clean)
        }
        None => Ok(Exit::Incomplete),
        Some(change) if args.yes => write(release.root(), change, &begun),
        Some(change) => {
            let mut out = stdout();
            out.write_all(&terminal::for_stdout(&diff::unified([change])))?;
            out.flush()?;
            writeln!(std::io::stderr().lock(), "nothing was written; `--yes` writes it")?;
            Ok(Exit::Findings)
        }
    }
}

fn write(root: &Path, change: &Change, begun: &Begun) -> Result<Exit, Failure> {
    fix::write::write(root, change).map_err(|error| Failure::incomplete(error.to_string(), error.help()))?;
    let mut out = stdout();
    let verb = if change.before.is_some() { "completed" } else { "created" };
    writeln!(out, "{verb} `{README}`")?;
    for title in &begun.done {
        writeln!(out, "  {}", terminal::visible(title))?;
    }
    match begun.left {
        0 => writeln!(out, "`hf-release check` has no error and no warning left")?,
        1 => writeln!(out, "`hf-release check` still reports 1 error or warning; its TODO is yours")?,
        left => writeln!(out, "`hf-release check` still reports {left} errors and warnings; the TODOs are yours")?,
    }
    out.flush()?;
    Ok(Exit::Clean)
}

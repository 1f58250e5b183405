//! `hf-release init [PATH]`: begin the card, or complete it; show it first.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

use super::args::InitArgs;
use super::output::{Human, targets};
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
            writeln!(std::io::stderr().lock(), "Nothing to add to `{README}`.")?;
            Ok(Exit::Clean)
        }
        None => Ok(Exit::Incomplete),
        Some(change) if args.yes => write(release.root(), change, &begun),
        Some(change) => {
            let diff = diff::unified([change]);
            for target in targets::<Human>(&args.output)? {
                let bytes = match target.file {
                    Some(_) => Cow::Borrowed(diff.as_slice()),
                    None => terminal::diff(&diff, args.output.color),
                };
                target.write(args.output.color, |_, out| out.write_all(&bytes))?;
            }
            writeln!(std::io::stderr().lock(), "Nothing was written. Run again with `--yes` to write it.")?;
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
        0 => writeln!(out, "`hf-release check` has no errors or warnings left")?,
        1 => writeln!(out, "`hf-release check` still reports 1 error or warning. Fill in the TODO.")?,
        left => writeln!(out, "`hf-release check` still reports {left} errors and warnings. Fill in the TODOs.")?,
    }
    out.flush()?;
    Ok(Exit::Clean)
}

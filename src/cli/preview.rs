//! `hf-release preview [PATH]`: what the model's page will have after the push. Nothing is written.

use super::args::PreviewArgs;
use super::output::{Plain, targets};
use super::{Failure, open};
use crate::check::{self, pages};
use crate::diagnostic::Safety;
use crate::hub;
use crate::report::Exit;
use crate::report::preview::{After, Look, Preview, write_json, write_text};

/// Prints the page, or the page before and after fixes.
pub(super) fn run(args: &PreviewArgs) -> Result<Exit, Failure> {
    let outputs = targets(&args.output)?;
    let release = open(&args.path, &args.release)?;
    let (fix, option) = match args.unsafe_fixes {
        true => (Safety::Unsafe, "--unsafe-fixes"),
        false => (Safety::Safe, "--fix"),
    };
    let pages = pages(&release, args.diff.then_some(fix))?;
    let after = pages.after.as_ref().map(|after| After { look: look(&after.look), fixes: &after.fixes, option });
    let exit = if pages.problems.is_empty() { Exit::Clean } else { Exit::Incomplete };
    let preview = Preview {
        version: env!("CARGO_PKG_VERSION"),
        data: hub::DATA_DATE,
        path: release.label(),
        repo_id: release.repo_id().map(ToString::to_string),
        now: look(&pages.now),
        after,
        problems: &pages.problems,
        exit: exit.code(),
    };
    for target in outputs {
        target.write(args.output.color, |style, out| match target.format {
            Plain::Human => write_text(&preview, style, out),
            Plain::Json => write_json(&preview, out),
        })?;
    }
    Ok(exit)
}

fn look(look: &check::Look) -> Look<'_> {
    Look { page: &look.page, refused: &look.rejections }
}

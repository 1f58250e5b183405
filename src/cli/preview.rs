//! `hf-release preview [PATH]`: what the model's page will have after the push. Nothing is written.

use std::io::Write;

use super::args::{PreviewArgs, PreviewFormat};
use super::repository::{fixed, problems};
use super::{Failure, options, require_folders, stdout, terminal};
use crate::diagnostic::{Diagnostic, Effect, Level, Safety};
use crate::evidence::Subject;
use crate::fix::Linted;
use crate::hub;
use crate::lint::{self, Selection};
use crate::preview::Page;
use crate::release::Release;
use crate::report::Exit;
use crate::report::preview::{After, Look, Preview, Refusal, write_json, write_text};
use crate::rules::Context;
use crate::source::{FileId, SourceFile};

/// Prints the page, or the page before and after fixes.
pub(super) fn run(args: &PreviewArgs) -> Result<Exit, Failure> {
    require_folders(std::slice::from_ref(&args.path))?;
    let release = Release::open(&args.path, &options(&args.release)?)
        .map_err(|error| Failure::incomplete(error.to_string(), error.help()))?;
    let subject = Subject::new(&release);
    let cx = Context::new(&subject);
    let page = Page::read(&cx);
    let found = lint::run(&cx, &Selection::all()).found;
    let refused = refusals(&found, &cx, cx.readme());
    let fixed = args.diff.then(|| after(&subject, args.unsafe_fixes)).transpose()?;
    let after = fixed.as_ref().map(|fixed| After {
        look: Look { page: &fixed.page, refused: &fixed.refused },
        fixes: &fixed.fixes,
        option: if args.unsafe_fixes { "--unsafe-fixes" } else { "--fix" },
    });
    let problems = problems(&subject, &found);
    let exit = if problems.is_empty() { Exit::Clean } else { Exit::Incomplete };
    let preview = Preview {
        version: env!("CARGO_PKG_VERSION"),
        data: hub::DATA_DATE,
        path: release.label(),
        repo_id: release.repo_id().map(ToString::to_string),
        now: Look { page: &page, refused: &refused },
        after,
        problems: &problems,
        exit: exit.code(),
    };
    let mut out = stdout();
    match args.output {
        PreviewFormat::Text => write_text(&preview, terminal::style(args.color), &mut out)?,
        PreviewFormat::Json => write_json(&preview, &mut out)?,
    }
    out.flush()?;
    Ok(exit)
}

/// The page after fixes, and what they are.
struct Fixed {
    page: Page,
    refused: Vec<Refusal>,
    fixes: Vec<String>,
}

fn after(subject: &Subject<'_>, with_unsafe: bool) -> Result<Fixed, Failure> {
    let safety = if with_unsafe { Safety::Unsafe } else { Safety::Safe };
    let outcome = fixed(subject, &Selection::all(), safety)
        .map_err(|error| Failure::incomplete(error.to_string(), error.help()))?;
    let changed = outcome.last.laid_over().map(Subject::new);
    let subject = changed.as_ref().unwrap_or(subject);
    let readme = outcome.last.readme();
    let cx = readme.map_or_else(|| Context::new(subject), |readme| Context::with_readme(subject, Some(readme)));
    Ok(Fixed {
        page: Page::read(&cx),
        refused: refusals(outcome.last.findings(), &cx, cx.readme()),
        fixes: outcome.applied.iter().map(|fix| fix.title.clone()).collect(),
    })
}

/// The findings for which the Hub refuses a push.
fn refusals(findings: &[Diagnostic], cx: &Context<'_>, readme: Option<&SourceFile>) -> Vec<Refusal> {
    let blocks = |finding: &&Diagnostic| finding.effect == Effect::BlocksPush && finding.level == Level::Error;
    let line = |id: FileId, start: u32| {
        let source = readme.filter(|readme| readme.id() == id).or_else(|| cx.release().text(id).ok())?;
        Some(source.position(start).line)
    };
    let refusal = |finding: &Diagnostic| Refusal {
        rule: finding.rule,
        message: finding.message.clone(),
        file: finding.primary.place.file().and_then(|id| cx.path(id)).map(ToString::to_string),
        line: finding.primary.place.span().and_then(|span| line(span.file, span.start)),
    };
    findings.iter().filter(blocks).map(refusal).collect()
}

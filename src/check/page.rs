//! The page that a repository will have, now and after fixes, and why the Hub would reject the push.

use super::fixed::fixed;
use super::problems::{cannot_open, problems};
use super::run::run;
use crate::config::Selection;
use crate::diagnostic::{Diagnostic, Effect, Level, Problem, Safety};
use crate::evidence::Subject;
use crate::preview::{Page, Rejection};
use crate::release::Release;
use crate::rules::Context;
use crate::source::{FileId, SourceFile};

/// The pages of one repository.
pub struct Pages {
    /// The page as the files are.
    pub now: Look,
    /// The page as fixes would make it, where that was asked for.
    pub after: Option<Changed>,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
}

/// A page, and what keeps it from appearing.
pub struct Look {
    /// The page.
    pub page: Page,
    /// Why the Hub rejects the push; empty where nothing is known against it.
    pub rejections: Vec<Rejection>,
}

/// A page after fixes.
pub struct Changed {
    /// The page.
    pub look: Look,
    /// What the fixes do, each an order.
    pub fixes: Vec<String>,
}

/// Looks at the page, and with a safety at the page after fixes. Writes nothing.
///
/// # Errors
/// When the folder cannot be listed again.
pub fn pages(release: &Release, fix: Option<Safety>) -> Result<Pages, Problem> {
    let subject = Subject::new(release);
    let cx = Context::new(&subject);
    let found = run(&cx, &Selection::all()).found;
    let now = look(&cx, &found);
    let after = fix.map(|allowed| changed(&subject, allowed)).transpose()?;
    Ok(Pages { now, after, problems: problems(&subject, &found) })
}

fn changed(subject: &Subject<'_>, allowed: Safety) -> Result<Changed, Problem> {
    let outcome = fixed(subject, &Selection::all(), allowed).map_err(|error| cannot_open(&error))?;
    let laid_over = outcome.last.laid_over.as_ref().map(Subject::new);
    let subject = laid_over.as_ref().unwrap_or(subject);
    let readme = outcome.last.readme.as_ref();
    let cx = readme.map_or_else(|| Context::new(subject), |readme| Context::with_readme(subject, Some(readme)));
    Ok(Changed {
        look: look(&cx, &outcome.last.report.found),
        fixes: outcome.applied.iter().map(|fix| fix.title.clone()).collect(),
    })
}

fn look(cx: &Context<'_>, found: &[Diagnostic]) -> Look {
    Look { page: Page::read(cx), rejections: rejections(found, cx, cx.readme()) }
}

/// The findings for which the Hub rejects a push.
fn rejections(findings: &[Diagnostic], cx: &Context<'_>, readme: Option<&SourceFile>) -> Vec<Rejection> {
    let blocks = |finding: &&Diagnostic| finding.effect == Effect::BlocksPush && finding.level == Level::Error;
    let line = |id: FileId, start: u32| {
        let source = readme.filter(|readme| readme.id() == id).or_else(|| cx.release().text(id).ok())?;
        Some(source.position(start).line)
    };
    let rejection = |finding: &Diagnostic| Rejection {
        rule: finding.rule,
        message: finding.message.clone(),
        file: finding.primary.place.file().and_then(|id| cx.path(id)).map(ToString::to_string),
        line: finding.primary.place.span().and_then(|span| line(span.file, span.start)),
    };
    findings.iter().filter(blocks).map(rejection).collect()
}

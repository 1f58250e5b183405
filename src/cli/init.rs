//! `hf-release init [PATH]`: begin the card, or complete it; show it first.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::args::InitArgs;
use super::repository::fixed;
use super::{Failure, options, require_folders, stdout, terminal};
use crate::diagnostic::{Level, Safety};
use crate::draft;
use crate::evidence::Subject;
use crate::fix::{self, Change, Refusal, diff};
use crate::lint::{self, Selection};
use crate::release::Release;
use crate::report::Exit;
use crate::rules::{Context, README};
use crate::source::{RepoPath, SourceFile};

/// What would become of the card.
struct Begun {
    /// The card as it would be; nothing when there is nothing to add.
    change: Option<Change>,
    /// What was done, each an order: "insert `library_name: peft`".
    done: Vec<String>,
    /// What was left undone, and why.
    refused: Vec<(String, Refusal)>,
    /// Errors and warnings that remain.
    left: usize,
}

/// Shows the change as a diff, or writes it.
pub(super) fn run(args: &InitArgs) -> Result<Exit, Failure> {
    require_folders(std::slice::from_ref(&args.path))?;
    let release = Release::open(&args.path, &options(&args.release)?)
        .map_err(|error| Failure::incomplete(error.to_string(), error.help()))?;
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

/// The metadata as `check --fix` writes it, then the sections.
fn begin(release: &Release) -> Result<Begun, Failure> {
    let path = RepoPath::new(README);
    let on_disk = match release.find(README) {
        Some(file) if file.lfs.is_some() => {
            return Err(Failure::incomplete(
                format!("a git-lfs pointer stands in the place of `{README}`"),
                "fetch the card with `git lfs pull`, and keep it out of LFS",
            ));
        }
        Some(file) => {
            let text = release.text(file.id);
            Some(text.map_err(|error| Failure::incomplete(error.to_string(), error.help()))?)
        }
        None => None,
    };
    let subject = Subject::new(release);
    let metadata = Selection::new(&["metadata".to_owned()], &[])?;
    let outcome = fixed(&subject, &metadata, Safety::Safe)
        .map_err(|error| Failure::incomplete(error.to_string(), error.help()))?;
    let Some(bytes) = outcome.texts.get(&path).or(on_disk.map(SourceFile::bytes)) else {
        return Err(no_card(&outcome));
    };
    let id = release.find(README).map_or_else(|| Context::id_for_new_readme(release), |file| file.id);
    let mut card = SourceFile::new(id, path.clone(), bytes.to_vec());
    let mut begun = Begun {
        change: None,
        done: outcome.applied.iter().map(|applied| applied.title.clone()).collect(),
        refused: outcome.refused.into_iter().map(|refused| (refused.title, refused.reason)).collect(),
        left: 0,
    };
    match sections(release, &subject, &card, on_disk.is_some()) {
        Some((title, Ok(completed))) => {
            begun.done.push(title);
            card = completed;
        }
        Some((title, Err(why))) => begun.refused.push((title, why)),
        None => {}
    }
    let before = on_disk.map(SourceFile::bytes);
    if before != Some(card.bytes()) {
        begun.change = Some(Change { path, before: before.map(Arc::from), after: Arc::from(card.bytes()) });
    }
    let left = lint::run(&Context::with_readme(&subject, Some(&card)), &Selection::all()).found;
    begun.left = left.iter().filter(|finding| finding.level >= Level::Warning).count();
    Ok(begun)
}

/// The card with the sections that it lacks, proven to be sound; nothing when it lacks none.
fn sections(
    release: &Release,
    subject: &Subject<'_>,
    card: &SourceFile,
    exists: bool,
) -> Option<(String, Result<SourceFile, Refusal>)> {
    let cx = Context::with_readme(subject, Some(card));
    let (lacking, addition) = draft::addition(&cx)?;
    let completed = || {
        if exists {
            fix::write::check(release.root(), card.path(), true)?;
        }
        let bytes = fix::apply(card, &addition.edits)?;
        let completed = SourceFile::new(card.id(), card.path().clone(), bytes);
        fix::verify(card, &completed, &[&addition])?;
        let keeps = cx.card().is_some_and(|before| draft::keeps(before, &completed, lacking));
        if keeps { Ok(completed) } else { Err(Refusal::Body) }
    };
    Some((addition.title.clone(), completed()))
}

/// Why no card could be created: in the words of the rule that misses it.
fn no_card<L: fix::Linted>(outcome: &fix::Outcome<L>) -> Failure {
    if let Some(refused) = outcome.refused.first() {
        return Failure::incomplete(refused.reason.to_string(), refused.reason.help());
    }
    let found = outcome.last.findings().iter().find(|finding| finding.rule == "missing-model-card");
    let message = found.map_or_else(|| format!("`{README}` cannot be read"), |found| found.message.clone());
    let help = found.and_then(|found| found.help.clone());
    Failure::incomplete(
        terminal::visible(&message).into_owned(),
        help.map_or_else(|| "see `hf-release check`".to_owned(), |help| terminal::visible(&help).into_owned()),
    )
}

//! `remote-code-runs-commands`: code that acts as soon as it is imported.

use crate::checklist;
use crate::code::Action;
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::remote_code::{self, Gate, RemoteModule};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::Span;
use crate::words::all_of;

pub(crate) struct RemoteCodeRunsCommands;

static META: Meta = Meta {
    name: "remote-code-runs-commands",
    section: Section::Weights,
    level: Level::Warning,
    effect: Effect::BreaksUsers,
    item: checklist::WEIGHTS_SAFETENSORS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("remote_code_runs_commands.md"),
};

const OPEN: &str = "Move it into the function that needs it, or delete it. Your users run it when they load the model, without being asked.";

const HELP: &str = "Move it into the function that needs it, or delete it. With `trust_remote_code=True` your users run it \
                    before a model is made.";

impl Rule for RemoteCodeRunsCommands {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        for remote in remote_code::modules(cx.release(), cx.configs()) {
            let path = cx.path(remote.file).map(ToString::to_string).unwrap_or_default();
            match &remote.module {
                Ok(module) => {
                    if module.broken_at.is_some() {
                        out.skip(format!("{path}: not valid Python, so only a part of it was looked at"));
                    }
                    report(&remote, &path, &module.actions, out);
                }
                // Of a file that cannot be read the run speaks, once for all rules.
                Err(_) if cx.release().failed_reads().any(|(file, _)| file == remote.file) => {}
                Err(why) => out.skip(format!("{path}: {why}")),
            }
        }
    }
}

/// One finding a module: its author reads it once to clean it up.
fn report(remote: &RemoteModule, path: &str, actions: &[Action], out: &mut Sink<'_>) {
    let Some((first, others)) = actions.split_first() else { return };
    let mut kinds: Vec<&str> = Vec::new();
    for action in actions {
        if !kinds.contains(&action.kind.words()) {
            kinds.push(action.kind.words());
        }
    }
    let message = format!("`{path}` {} as soon as it is imported: `{}`", all_of(kinds), first.what);
    let help = if remote.gate == Gate::Open { OPEN } else { HELP };
    let span = |action: &Action| Span::new(remote.file, action.range.range());
    let finding = out.finding(message, Label::at(span(first), first.kind.words())).help(help);
    let mut finding = finding.also(others.iter().map(|action| Label::at(span(action), action.kind.words())));
    if let Some(called) = first.called_at {
        finding.related.push(Label::at(Span::new(remote.file, called.range()), "called here, outside of any function"));
    }
    finding.related.push(remote.because.clone());
    out.push(finding);
}

//! `dangerous-pickle`: a pickle that runs code when it is loaded.

use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::pickle::{Import, Reach, Trust, effect};
use crate::release::File;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::weights::Weight;
use crate::weights::scan::Pickle;

pub(crate) struct DangerousPickle;

static META: Meta = Meta {
    name: "dangerous-pickle",
    section: Section::Weights,
    level: Level::Error,
    effect: Effect::BreaksUsers,
    item: checklist::WEIGHTS_SAFETENSORS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("dangerous_pickle.md"),
};

impl Rule for DangerousPickle {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        for (file, weight) in cx.weights().all() {
            report(file, weight, out);
        }
    }
}

/// One finding a file: saving it again fixes all of it.
fn report(file: &File, weight: &Weight, out: &mut Sink<'_>) {
    let all = weight.pickles.found.iter();
    let found =
        all.flat_map(|pickle| pickle.scan.worst(Trust::Dangerous).into_iter().map(move |import| (pickle, import)));
    let mut found: Vec<(&Pickle, &Import)> = found.collect();
    // What is called comes first.
    found.sort_by_key(|(_, import)| import.call.is_none());
    let Some((pickle, import)) = found.first() else { return };
    let does = if import.call.is_some() { "calls" } else { "imports" };
    let message = format!("`{}` {does} `{}`, which {}", file.path, import.reach, what_it_does(import));
    let finding = out
        .finding_at(Level::Error, message, Label::file(file.id, place(pickle, import)))
        .help("Delete the file and publish the weights as safetensors, which cannot contain code. Loading it runs this call on your users' machines.");
    let others = found.iter().skip(1).map(|(pickle, import)| {
        let text = format!("`{}` {}: {}", import.reach, what_it_does(import), place(pickle, import));
        Label::file(file.id, text)
    });
    out.push(finding.also(others));
}

fn what_it_does(import: &Import) -> &'static str {
    match &import.reach {
        Reach::Named { module, name } => effect(module, name),
        _ => "can run code",
    }
}

/// Where it stands: `os.system('id')` by REDUCE at byte 31 of `archive/data.pkl`.
fn place(pickle: &Pickle, import: &Import) -> String {
    let (at, opcode, what) = match &import.call {
        Some(call) => (call.at, call.opcode, format!("`{}{}` ", import.reach, call.arguments)),
        None => (import.at, import.opcode, String::new()),
    };
    let inside = if import.is_nested { ", in a pickle inside a string" } else { "" };
    match &pickle.member {
        None => format!("{what}by {opcode} at byte {at}{inside}"),
        Some(member) if pickle.in_file => format!("{what}by {opcode} at byte {at}, in the member `{member}`{inside}"),
        Some(member) => format!("{what}by {opcode} at byte {at} of the unpacked member `{member}`{inside}"),
    }
}

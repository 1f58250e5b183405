//! `active-content`: what runs when the model is loaded, or reaches for something that runs code.

use std::collections::BTreeSet;

use super::outside::escape;
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::remote_code::{Reference, references};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::template::{self, Reach};
use crate::weights::{Active, Danger};
use crate::words::{MAX_LABELS, all_of, unlisted};

pub(crate) struct ActiveContent;

static META: Meta = Meta {
    name: "active-content",
    section: Section::Weights,
    level: Level::Error,
    effect: Effect::BreaksUsers,
    item: checklist::READY_HYGIENE,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("active_content.md"),
};

impl Rule for ActiveContent {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        templates(cx, out);
        for (file, weight) in cx.weights().all() {
            in_weights(&weight.active, file.id, out);
        }
        remote_code(cx, out);
    }
}

/// One finding a template: its author reads all of it to clean it.
fn templates(cx: &Context<'_>, out: &mut Sink<'_>) {
    for template in cx.configs().chat_templates() {
        if template.text.len() > template::MAX_TEMPLATE_BYTES {
            let path = cx.path(template.file).map_or_else(String::new, ToString::to_string);
            out.skip(format!("{path}: only the first MiB of the chat template was read"));
        }
        let reaches = template::scan(template.text);
        let Some(worst) = reaches.iter().min_by_key(|reach| !reach.goal.is_certain()) else { continue };
        let whose = match template.name {
            Some(name) => format!("the chat template `{}`", name.chars().take(40).collect::<String>()),
            None => "the chat template".to_owned(),
        };
        let level = if worst.goal.is_certain() { Level::Error } else { Level::Warning };
        let label = |reach: &Reach, text: &str| Label::at(template.place(reach.range.clone()), text);
        let mut finding = out.finding_at(level, worst.sentence(&whose), label(worst, "")).help(worst.goal.help());
        let others = reaches.iter().filter(|reach| *reach != worst).take(MAX_LABELS - 1);
        finding.related.extend(others.map(|reach| label(reach, "and here")));
        out.push(finding);
    }
}

/// One finding a file, at the level of the worst that is in it.
fn in_weights(active: &[Active], file: crate::source::FileId, out: &mut Sink<'_>) {
    let Some(worst) = active.iter().rev().max_by_key(|active| active.danger) else { return };
    let level = match worst.danger {
        Danger::Attack => Level::Error,
        Danger::MayRun => Level::Warning,
        Danger::NeedsCode => Level::Info,
    };
    let mut finding = out.finding_at(level, worst.message.as_str(), Label::file(file, "")).help(worst.help);
    if level == Level::Info {
        finding = finding.effect(Effect::LosesReach);
    }
    let others = active.iter().filter(|active| *active != worst);
    finding.related.extend(others.map(|active| Label::file(file, active.message.as_str())));
    out.push(finding);
}

/// One finding for all: the same flag lets all of it run.
fn remote_code(cx: &Context<'_>, out: &mut Sink<'_>) {
    let folder = |reference: &Reference<'_>| cx.path(reference.span.file).map_or("", |path| path.folder());
    let mut references = references(cx.release(), cx.configs());
    // A module outside of the repository is an error of its own: `path-escapes-repository`.
    references.retain(|reference| escape(reference.module, folder(reference)).is_none());
    let Some(first) = references.first() else { return };
    let modules: BTreeSet<String> = references.iter().map(module).collect();
    let mut shown: Vec<String> = modules.iter().take(3).cloned().collect();
    if modules.len() > shown.len() {
        shown.push(format!("{} more", modules.len() - shown.len()));
    }
    let message =
        format!("loading needs `trust_remote_code=True` and runs {}{}", all_of(shown), unlisted(references.len()));
    let help = "Keep this code short, and say in the card what it does. Your users run it when they load the model, and many reject that.";
    let mut finding =
        out.finding_at(Level::Info, message, Label::at(first.span, "")).effect(Effect::LosesReach).help(help);
    finding.related = references.iter().skip(1).take(MAX_LABELS - 1).map(|found| Label::at(found.span, "")).collect();
    out.push(finding);
}

/// The file of a reference, as a message names it.
fn module(reference: &Reference<'_>) -> String {
    let file = format!("`{}.py`", cut(reference.module));
    match reference.repository {
        Some(repository) => format!("{file} of `{}`", cut(repository)),
        None => file,
    }
}

fn cut(text: &str) -> String {
    text.chars().take(60).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn one_template_is_one_finding_at_the_place_that_is_certain() {
        let template = "{{ lipsum }}{{ x['\\x5f\\x5fclass__'] }}{{ x.__mro__ }}";
        let json = serde_json::to_string(template).unwrap();
        let files = [
            ("a/tokenizer_config.json", format!(r#"{{"chat_template": [{{"name": "tool", "template": {json}}}]}}"#)),
            ("chat_template.jinja", "{{ messages }}".to_owned()),
            ("processor_config.json", r#"{"chat_template": {"default": "{% include 'x' %}"}}"#.to_owned()),
        ];
        let outcome = check(&ActiveContent, &files);
        assert_eq!(
            outcome.said(),
            [
                "error the chat template `tool` reads Python's `__class__`, and hides the name",
                "warning the chat template `default` loads another template (`include`)"
            ]
        );
        let place = outcome.found[0].primary.place.span().unwrap();
        assert_eq!(&files[0].1[place.range()], r#"'\\x5f\\x5fclass__'"#);
        assert_eq!(outcome.found[0].related.len(), 2);
    }

    #[test]
    fn modules_are_named_once_and_of_other_repositories_with_those() {
        let files = [
            ("config.json", r#"{"auto_map": {"AutoModel": "modeling_x.X", "AutoConfig": "o/r--configuration_x.C"}}"#),
            ("tokenizer_config.json", r#"{"auto_map": {"AutoTokenizer": ["modeling_x.T", null]}}"#),
        ];
        assert_eq!(
            check(&ActiveContent, &files).said(),
            ["info loading needs `trust_remote_code=True` and runs `configuration_x.py` of `o/r` and `modeling_x.py`"]
        );
        for silent in [r#"{"auto_map": {}}"#, r#"{"auto_map": {"AutoModel": "../x.X"}}"#] {
            assert!(check(&ActiveContent, &[("config.json", silent)]).found.is_empty(), "{silent}");
        }
    }
}

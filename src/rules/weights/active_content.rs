//! `active-content`: what runs when the model is loaded, or reaches for something that runs code.

mod configs;
mod keras_texts;
mod loaders;
mod remote_code;

use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::template::{self, Reach};
use crate::weights::{Active, Danger};

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
        keras_texts::check(cx, out);
        configs::check(cx, out);
        loaders::check(cx, out);
        remote_code::gated(cx, out);
        remote_code::open(cx, out);
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
        let finding = out.finding_at(level, worst.sentence(&whose), label(worst, "")).help(worst.goal.help());
        let others = reaches.iter().filter(|reach| *reach != worst);
        out.push(finding.also(others.map(|reach| label(reach, "and here"))));
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
}

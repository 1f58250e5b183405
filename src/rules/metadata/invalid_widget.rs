//! `invalid-widget`: examples that the page cannot show.

use crate::card::front_matter::{Field, edits, list_edits};
use crate::checklist;
use crate::claims::is_empty;
use crate::diagnostic::{Diagnostic, Effect, Fix, Label, Level, Safety};
use crate::rules::fields::advice::advice;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::SourceFile;
use crate::source::reading::Reading;
use crate::source::tree::NodeRef;
use crate::words::{either, quoted};

pub(crate) struct InvalidWidget;

static META: Meta = Meta {
    name: "invalid-widget",
    section: Section::Metadata,
    level: Level::Error,
    effect: Effect::LosesReach,
    item: checklist::DISCOVER_VISUAL_EXAMPLES,
    needs: Needs::Files,
    fix: Some(Safety::Safe),
    since: "0.1.0",
    docs: include_str!("invalid_widget.md"),
};

const NO_INPUT: &str = "Users cannot try the example: the widget has no input to show.";

/// How many examples are looked at; a page shows a handful.
const MAX_EXAMPLES: usize = 1000;

impl Rule for InvalidWidget {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let Some(source) = cx.readme() else { return };
        let Some(field) = cx.front_matter().and_then(|matter| matter.get("widget")) else { return };
        if field.value.readings_differ() {
            return;
        }
        if is_empty(field.value) && !field.value.is_sequence() {
            return out.push(without_value(cx, source, field, out));
        }
        if !field.value.is_sequence() {
            let place = if field.value.is_mapping() { field.key.span() } else { source.first_line(field.value.span()) };
            let finding =
                out.finding("`widget` is not a list of examples", Label::at(place, "start each example with `- `"));
            let finding = finding
                .effect(Effect::BlocksPush)
                .help("Start each example with `- `. The Hub rejects the push until this is a list.");
            return out.push(finding.fix(listed(cx, source, field)));
        }
        empty_examples(cx, source, field, out);
        for example in field.value.items().take(MAX_EXAMPLES) {
            let is_text = example.hub() != Reading::Null && example.text().is_some_and(|text| !text.trim().is_empty());
            if is_text || example.is_sequence() {
                let label = Label::at(
                    source.first_line(example.span()),
                    "write `text:` before it, or the input that the task takes",
                );
                let finding = out.finding_at(Level::Warning, "an example of `widget` is not a mapping", label);
                out.push(finding.help(advice("write `text:` or another input key before the value", NO_INPUT)));
            }
            members(source, example, out);
            let outputs = example.get("output");
            let listed = outputs.into_iter().flat_map(NodeRef::items);
            for output in outputs.into_iter().chain(listed).take(MAX_EXAMPLES) {
                if let Some(finding) = output.get("url").and_then(|url| absent(cx, url, out)) {
                    out.push(finding);
                }
            }
        }
    }
}

/// `widget:`, as a trainer writes it that had no example, or `{}`.
fn without_value(cx: &Context<'_>, source: &SourceFile, field: Field<'_>, out: &Sink<'_>) -> Diagnostic {
    let edit = cx.front_matter().and_then(|matter| edits::replace_value(source, matter, field.value, "[]"));
    let fix = edit.map(|edit| Fix::new("write `[]`", Safety::Safe).edit(edit.at, edit.text).key("widget"));
    out.finding("`widget` has no list of examples", Label::at(field.key.span(), "write `[]`, or remove the key"))
        .effect(Effect::BlocksPush)
        .help("Write `[]`, or remove the key. The Hub rejects the push until this is a list.")
        .fix(fix)
}

/// Examples that are nothing.
fn empty_examples(cx: &Context<'_>, source: &SourceFile, field: Field<'_>, out: &mut Sink<'_>) {
    let empty = (0..).zip(field.value.items()).filter(|(_, example)| example.hub() == Reading::Null);
    let numbers: Vec<usize> = empty.map(|(number, _)| number).take(MAX_EXAMPLES).collect();
    if numbers.is_empty() {
        return;
    }
    let edits = cx.front_matter().and_then(|matter| list_edits::remove_items(source, matter, field.value, &numbers));
    let fix = edits.map(|edits| {
        let mut fix = Fix::new("remove the empty examples", Safety::Safe).key("widget");
        fix.edits = edits;
        fix
    });
    let label = Label::at(field.key.span(), "remove each item without a value");
    let finding = out.finding_at(Level::Warning, "an example of `widget` is empty", label);
    out.push(finding.help(advice("remove each item without a value", NO_INPUT)).fix(fix));
}

/// Makes a single example, as skops wrote it, a list of one.
fn listed(cx: &Context<'_>, source: &SourceFile, field: Field<'_>) -> Option<Fix> {
    if !field.value.pairs().any(|(key, _)| MEMBERS.iter().any(|(name, _)| key.text() == Some(name))) {
        return None;
    }
    let edit = edits::wrap_in_list(source, cx.front_matter()?, field.value)?;
    Some(Fix::new("make it a list of one example", Safety::Safe).edit(edit.at, edit.text).key("widget"))
}

/// The parts of an example, and what each is (hub-docs, "Widgets").
const MEMBERS: [(&str, &[Shape]); 16] = {
    use Shape::{Bool, List, Mapping, Text};
    [
        ("text", &[Text]),
        ("src", &[Text]),
        ("example_title", &[Text]),
        ("output", &[Mapping, List, Text]),
        ("context", &[Text]),
        ("table", &[Mapping]),
        ("structured_data", &[Mapping]),
        ("structuredData", &[Mapping]),
        ("candidate_labels", &[Text, List]),
        ("multi_class", &[Bool]),
        ("source_sentence", &[Text]),
        ("sentences", &[List]),
        ("messages", &[List]),
        ("parameters", &[Mapping]),
        ("group", &[Text]),
        ("prompt", &[Text]),
    ]
};

/// What a part of an example can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Text,
    Bool,
    List,
    Mapping,
}

impl Shape {
    fn words(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Bool => "true or false",
            Self::List => "a list",
            Self::Mapping => "a mapping",
        }
    }

    fn of(node: NodeRef<'_>) -> Option<Self> {
        match node.hub() {
            Reading::Text => Some(Self::Text),
            Reading::Bool(_) => Some(Self::Bool),
            Reading::Collection if node.is_mapping() => Some(Self::Mapping),
            Reading::Collection => Some(Self::List),
            _ => None,
        }
    }
}

/// Parts of an example that are not what the widget of any task takes.
fn members(source: &SourceFile, example: NodeRef<'_>, out: &mut Sink<'_>) {
    for (key, value) in example.pairs() {
        let Some((name, takes)) = MEMBERS.iter().find(|(name, _)| key.text() == Some(name)) else { continue };
        if is_empty(value) || value.readings_differ() || Shape::of(value).is_some_and(|shape| takes.contains(&shape)) {
            continue;
        }
        let takes = either(takes.iter().map(|shape| shape.words()));
        let place = if value.text().is_some() { source.first_line(value.span()) } else { key.span() };
        let finding =
            out.finding_at(Level::Warning, format!("`{name}` of an example is not {takes}"), Label::at(place, ""));
        out.push(finding.help(advice(&format!("write {takes}"), NO_INPUT)));
    }
}

/// A file of the repository that is not in it.
fn absent(cx: &Context<'_>, url: NodeRef<'_>, out: &Sink<'_>) -> Option<Diagnostic> {
    let written = url.as_str()?.trim();
    let is_address = written.contains("://") || written.starts_with("data:") || written.starts_with('/');
    let is_template = written.contains(['{', '<', '$']);
    if written.is_empty() || is_address || is_template {
        return None;
    }
    let path = written.split(['?', '#']).next().unwrap_or_default();
    let path = path.strip_prefix("./").unwrap_or(path);
    let decoded = path.replace("%20", " ");
    if [written, path, decoded.as_str()]
        .into_iter()
        .any(|path| cx.release().find(path).is_some() || cx.release().hides(path))
    {
        return None;
    }
    let near = cx.release().files().iter().find(|file| file.path.as_str().eq_ignore_ascii_case(path));
    let label = match near {
        Some(file) => format!("did you mean {}?", quoted(file.path.as_str())),
        None => "no such file in the repository".to_owned(),
    };
    // A card without the model beside it may be written before the pictures are copied.
    let level = if cx.facts().contents.has_weights { Level::Error } else { Level::Warning };
    let message = format!("the output {} of an example is not in the repository", quoted(written));
    Some(
        out.finding_at(level, message, Label::at(url.span(), label))
            .help("Add the file, or correct the path. Users cannot see the example: the page shows a broken image."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{findings, in_front_matter};

    #[test]
    fn a_single_example_becomes_a_list() {
        let fixed = |yaml: &str| crate::rules::testing::fixed(&InvalidWidget, yaml);
        let skops = "license: mit\nwidget:\n  structuredData:\n    x:\n    - 1\n    - 2\ntags: [a]\n";
        let after = "license: mit\nwidget:\n  - structuredData:\n      x:\n      - 1\n      - 2\ntags: [a]\n";
        assert_eq!(fixed(skops).as_deref(), Some(after));
        assert_eq!(fixed("widget: {text: a}\n").as_deref(), Some("widget: [{text: a}]\n"));
        for yaml in ["widget: a\n", "widget: {enabled: false}\n", "widget: &w {text: a}\n"] {
            assert_eq!(fixed(yaml), None, "{yaml}");
        }
    }

    #[test]
    fn no_value_becomes_a_list_without_examples() {
        for (yaml, after) in [
            ("widget:\n", "widget: []\n"),
            ("widget: # none\n", "widget: [] # none\n"),
            ("widget: {}\n", "widget: []\n"),
            ("widget: ''\n", "widget: []\n"),
            ("widget: null\n", "widget: []\n"),
            ("widget:\n- null\n", "widget: []\n"),
            ("widget:\n-\n- text: a\n", "widget:\n- text: a\n"),
        ] {
            assert_eq!(crate::rules::testing::fixed(&InvalidWidget, yaml).as_deref(), Some(after), "{yaml}");
        }
    }

    #[test]
    fn near_misses() {
        for yaml in [
            "widget: []\n",
            "widget:\n- text: a\n",
            "widget:\n- text: a\n  output: b\n",
            "widget:\n- src: absent.png\n",
            "widget:\n- output: {url: 'https://example.com/a.png'}\n",
            "widget:\n- output: {url: /owner/name/resolve/main/a.png}\n",
            "widget:\n- output: {url: }\n",
            "widget:\n- output: {text: a}\n",
            "widget:\n- output: [{label: a, score: 1}]\n",
            "inference: false\n",
        ] {
            assert_eq!(in_front_matter(&InvalidWidget, yaml), [], "{yaml}");
        }
        for url in ["a b.png", "./a b.png", "a%20b.png", "a b.png?raw=true"] {
            let card = format!("---\nwidget:\n- output:\n    url: {url}\n---\n");
            assert_eq!(findings(&InvalidWidget, &[("README.md", &card), ("a b.png", "")]), [], "{url}");
        }
    }

    #[test]
    fn without_weights_it_is_a_warning() {
        let card = ("README.md", "---\nwidget:\n- output: {url: a.png}\n- output: [{url: b.png}]\n---\n");
        let levels = |files: &[(&str, &str)]| {
            findings(&InvalidWidget, files).into_iter().map(|found| found.level).collect::<Vec<_>>()
        };
        assert_eq!(levels(&[card]), [Level::Warning; 2]);
        let weights = ("lora.safetensors", "\u{2}\0\0\0\0\0\0\0{}");
        assert_eq!(levels(&[card, weights]), [Level::Error; 2]);
        assert_eq!(levels(&[card, weights, ("A.png", ""), ("b.png", "")]), [Level::Error]);
    }

    #[test]
    fn shapes() {
        for (yaml, level) in [
            ("widget: a text\n", Level::Error),
            ("widget: 7\n", Level::Error),
            ("widget: {text: a}\n", Level::Error),
            ("widget:\n", Level::Error),
            ("widget: {}\n", Level::Error),
            ("widget: [null]\n", Level::Warning),
            ("widget: [a text]\n", Level::Warning),
            ("widget: [[a]]\n", Level::Warning),
        ] {
            let found = in_front_matter(&InvalidWidget, yaml);
            assert_eq!(found.iter().map(|found| found.level).collect::<Vec<_>>(), [level], "{yaml}");
        }
    }
}

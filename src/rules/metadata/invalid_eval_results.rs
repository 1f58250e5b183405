//! `invalid-eval-results`: files of results that the Hub skips.

use crate::card::front_matter::FrontMatter;
use crate::checklist;
use crate::claims::is_empty;
use crate::diagnostic::{Diagnostic, Effect, Label, Level};
use crate::evidence::is_id;
use crate::rules::fields::advice::advice;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::reading::Reading;
use crate::source::tree::NodeRef;
use crate::source::{FileId, SourceFile, Span};
use crate::words::quoted;

pub(crate) struct InvalidEvalResults;

static META: Meta = Meta {
    name: "invalid-eval-results",
    section: Section::Metadata,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::CARD_PERFORMANCE,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("invalid_eval_results.md"),
};

const FOLDER: &str = ".eval_results";
const SKIPPED: &str = "Users cannot see the result on any leaderboard, because the Hub skips the file.";

/// How many files, and results of one file, are looked at.
const MAX_FILES: usize = 1000;
const MAX_RESULTS: usize = 10_000;

impl Rule for InvalidEvalResults {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let files = cx.release().files().iter().filter(|file| file.path.folder() == FOLDER);
        for file in files.filter(|file| file.path.extension() == "yaml").take(MAX_FILES) {
            if let Ok(source) = cx.release().text(file.id) {
                read(source, file.id, out);
            }
        }
    }
}

fn read(source: &SourceFile, file: FileId, out: &mut Sink<'_>) {
    let yaml = FrontMatter::parse_file(source);
    for error in &yaml.errors {
        let label = Label::at(error.span, "");
        let finding = out.finding(error.message.clone(), label);
        out.push(finding.help(advice("correct the YAML", SKIPPED)));
    }
    if !yaml.errors.is_empty() {
        return;
    }
    let Some(root) = yaml.tree.root().filter(|root| !is_empty(*root)) else {
        let finding = out.finding("the file contains no results", Label::file(file, "write a list of results"));
        return out.push(finding.help(advice("write a list of results", SKIPPED)));
    };
    if !root.is_sequence() {
        let message = "the results are not a list".to_owned();
        return say(out, source.first_line(root.span()), message, "start each result with `- `");
    }
    for result in root.items().take(MAX_RESULTS) {
        entry(source, result, out);
    }
}

fn entry(source: &SourceFile, result: NodeRef<'_>, out: &mut Sink<'_>) {
    let start = source.first_line(result.span());
    if !result.is_mapping() {
        return say(out, start, "a result is not a mapping".to_owned(), "write `dataset:` and `value:`");
    }
    match result.pair("dataset") {
        Some((key, dataset)) if dataset.is_mapping() => {
            for wanted in ["id", "task_id"] {
                match dataset.get(wanted) {
                    Some(value) if !is_empty(value) => text(source, wanted, value, out),
                    _ if is_merged(dataset) => {}
                    _ => say(out, key.span(), format!("`dataset` has no `{wanted}`"), &format!("add `{wanted}:`")),
                }
            }
            if let Some(revision) = dataset.get("revision").filter(|revision| !is_empty(*revision)) {
                text(source, "revision", revision, out);
            }
            let id = dataset.get("id").and_then(|node| Some((node, node.as_str()?)));
            if let Some((node, id)) = id.filter(|(_, id)| !id.is_empty() && !is_id(id)) {
                say(out, node.span(), format!("{} is not the id of a dataset", quoted(id)), "write `owner/name`");
            }
        }
        Some((key, _)) => {
            say(out, key.span(), "`dataset` is not a mapping".to_owned(), "write `id:` and `task_id:` below it")
        }
        None if is_merged(result) => {}
        None => say(out, start, "a result has no `dataset`".to_owned(), "add `dataset:` with `id:` and `task_id:`"),
    }
    match result.pair("value") {
        Some((key, value)) if is_empty(value) => {
            say(out, key.span(), "`value` is empty".to_owned(), "write the number")
        }
        Some((key, value)) if value.text().is_none() => {
            say(out, key.span(), "`value` is not a number".to_owned(), "write the number");
        }
        Some(_) => {}
        None if is_merged(result) => {}
        None => say(out, start, "a result has no `value`".to_owned(), "add `value:`"),
    }
    if let Some((key, link)) = result.pair("source").filter(|(_, link)| !is_empty(*link))
        && link.get("url").is_none_or(is_empty)
        && !is_merged(link)
    {
        say(out, key.span(), "`source` has no `url`".to_owned(), "add `url:`");
    }
    for key in ["url", "name", "user", "org"] {
        let value = result.get("source").and_then(|link| link.get(key)).filter(|value| !is_empty(*value));
        value.into_iter().for_each(|value| text(source, key, value, out));
    }
    if let Some(date) = result.get("date").filter(|date| !is_empty(*date)) {
        if date.hub() == Reading::Date {
            say(out, date.span(), "the date is not a string".to_owned(), "put it in quotes");
        } else if !date.as_str().is_some_and(starts_with_day) {
            say(
                out,
                source.first_line(date.span()),
                "the date is not in the form of ISO 8601".to_owned(),
                "write it as in \"2026-01-31\"",
            );
        }
    }
    for key in ["notes", "verifyToken"] {
        if let Some(value) = result.get(key).filter(|value| !is_empty(*value)) {
            text(source, key, value, out);
        }
    }
}

/// Whether a merge key may bring what is not there.
fn is_merged(node: NodeRef<'_>) -> bool {
    node.pair("<<").is_some()
}

/// A value that has to be a string.
fn text(source: &SourceFile, key: &str, value: NodeRef<'_>, out: &mut Sink<'_>) {
    if value.as_str().is_none() || value.readings_differ() {
        say(out, source.first_line(value.span()), format!("`{key}` is not a string"), "put it in quotes");
    }
}

fn say(out: &mut Sink<'_>, at: Span, message: String, label: &str) {
    let finding: Diagnostic = out.finding(message, Label::at(at, label));
    out.push(finding.help(advice(label, SKIPPED)));
}

/// `2026-01-31`, alone or before a time.
fn starts_with_day(text: &str) -> bool {
    let day: Vec<&str> = text.get(..10).unwrap_or_default().split('-').collect();
    let lengths = day.iter().map(|part| part.len()).eq([4, 2, 2]);
    let rest = text.get(10..).unwrap_or_default();
    lengths
        && day.iter().all(|part| part.chars().all(|c| c.is_ascii_digit()))
        && (rest.is_empty() || rest.starts_with(['T', 't', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    fn count(yaml: &str) -> usize {
        findings(&InvalidEvalResults, &[("README.md", "# A\n"), (".eval_results/a.yaml", yaml)]).len()
    }

    #[test]
    fn near_misses() {
        for yaml in [
            "- dataset: {id: cais/hle, task_id: default}\n  value: 20.9\n",
            "---\n- dataset: {id: cais/hle, task_id: default, revision: abc}\n  value: 0\n  date: \"2026-01-31\"\n",
            "- dataset: {id: a/b, task_id: c}\n  value: 1\n  date: '2026-01-31T10:00:00Z'\n  source: {url: u, name: n}\n  notes: x\n",
            "\u{feff}# made by hand\n- dataset: &d {id: a/b, task_id: c}\n  value: 1\n- dataset: *d\n  value: 2\n",
        ] {
            assert_eq!(count(yaml), 0, "{yaml}");
        }
        assert_eq!(findings(&InvalidEvalResults, &[("eval_results/a.yaml", "x"), (".eval_results/a.txt", "x")]), []);
    }

    #[test]
    fn faults() {
        let result = "- dataset: {id: a/b, task_id: c}\n  value: 1\n";
        for yaml in [
            "",
            "# nothing\n",
            "dataset: {id: a/b, task_id: c}\nvalue: 1\n",
            "- a text\n",
            "- value: 1\n",
            "- dataset: a/b\n  value: 1\n",
            "- dataset: {id: a/b}\n  value: 1\n",
            "- dataset: {task_id: c}\n  value: 1\n",
            "- dataset: {id: a b, task_id: c}\n  value: 1\n",
            "- dataset: {id: a/b, task_id: 7}\n  value: 1\n",
            "- dataset: {id: a/b, task_id: c}\n",
            "- dataset: {id: a/b, task_id: c}\n  value:\n",
            "- dataset: {id: a/b, task_id: c}\n  value: [1]\n",
            &format!("{result}  date: 2026-01-31\n"),
            &format!("{result}  date: yesterday\n"),
            &format!("{result}  source: {{name: n}}\n"),
            &format!("{result}  notes: [a]\n"),
            "- dataset: {id: a/b\n",
        ] {
            assert_eq!(count(yaml), 1, "{yaml}");
        }
    }
}

//! `hf-release rules`: all rules, as a table or as JSON.

use std::io::Write;

use serde::Serialize;

use super::args::RulesArgs;
use super::output::{Plain, targets};
use super::{Failure, tool};
use crate::diagnostic::Safety;
use crate::report::json::{self, Tool};
use crate::report::{Exit, Paint, Style, wrap};
use crate::rules::{Meta, Needs, RULES};

/// One rule in `rules --output json`.
#[derive(Serialize)]
struct Listed {
    name: &'static str,
    section: &'static str,
    level: &'static str,
    item: &'static str,
    fix: Option<&'static str>,
    online: bool,
    since: &'static str,
    summary: String,
    docs: String,
    #[serde(skip)]
    paint: Paint,
}

impl Listed {
    fn of(meta: &Meta) -> Self {
        Self {
            name: meta.name,
            section: meta.section.as_str(),
            level: meta.level.as_str(),
            item: meta.item.id,
            fix: meta.fix.map(Safety::as_str),
            online: meta.needs == Needs::Hub,
            since: meta.since,
            summary: meta.summary().replace('\n', " "),
            docs: meta.manual(),
            paint: meta.level.into(),
        }
    }
}

/// A whole document.
#[derive(Serialize)]
struct Document {
    schema: &'static str,
    tool: Tool<'static>,
    rules: Vec<Listed>,
}

/// Prints the list.
pub(super) fn run(args: &RulesArgs) -> Result<Exit, Failure> {
    let rules = RULES.iter().map(|rule| Listed::of(rule.meta())).collect();
    let document = Document { schema: "hf-release-rules/1", tool: tool(), rules };
    for target in targets(&args.output)? {
        target.write(args.output.color, |style, out| match target.format {
            Plain::Human => table(&document.rules, style, out),
            Plain::Json => json::write(&document, out),
        })?;
    }
    Ok(Exit::Clean)
}

/// Columns that a summary needs beside the name of its rule.
const MIN_SUMMARY: usize = 40;

fn table(rules: &[Listed], style: Style, out: &mut dyn Write) -> std::io::Result<()> {
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    // `  NAME  LEVEL    SUMMARY`
    let beside = width + 2 + 2 + 7 + 2;
    let narrow = style.columns() < beside + MIN_SUMMARY;
    let indent = if narrow { 4 } else { beside };
    let mut section = "";
    for rule in rules {
        if rule.section != section {
            let gap = if section.is_empty() { "" } else { "\n" };
            section = rule.section;
            writeln!(out, "{gap}{}", style.paint(Paint::Strong, section))?;
        }
        let level = format!("{:7}", rule.level.replace("info", "note"));
        let level = style.paint(rule.paint, &level);
        let fix = rule.fix.map_or(String::new(), |safety| format!(" ({safety} fix)"));
        let summary = wrap(&format!("{}{fix}", rule.summary), style.columns() - indent);
        let mut lines = summary.iter();
        let gap = " ".repeat(width - rule.name.len());
        let first = if narrow { None } else { lines.next() };
        let line = format!("  {}{gap}  {level}  {}", rule.name, first.map_or("", String::as_str));
        writeln!(out, "{}", line.trim_end())?;
        for line in lines {
            writeln!(out, "{:indent$}{line}", "")?;
        }
    }
    let last = format!("{} rules. `hf-release explain RULE` shows the manual of a rule.", rules.len());
    writeln!(out, "\n{}", wrap(&last, style.columns()).join("\n"))
}

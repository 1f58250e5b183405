//! `hf-release rules`: every rule, as a table or as JSON.

use std::io::Write;

use serde::Serialize;

use super::args::{ListFormat, RulesArgs};
use super::{Failure, stdout};
use crate::diagnostic::Safety;
use crate::report::Exit;
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
        }
    }
}

/// Prints the list.
pub(super) fn run(args: &RulesArgs) -> Result<Exit, Failure> {
    let rules: Vec<Listed> = RULES.iter().map(|rule| Listed::of(rule.meta())).collect();
    let mut out = stdout();
    match args.output {
        ListFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &rules).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
        ListFormat::Table => table(&rules, &mut out)?,
    }
    out.flush()?;
    Ok(Exit::Clean)
}

fn table(rules: &[Listed], out: &mut impl Write) -> std::io::Result<()> {
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut section = "";
    for rule in rules {
        if rule.section != section {
            let gap = if section.is_empty() { "" } else { "\n" };
            section = rule.section;
            writeln!(out, "{gap}{section}/")?;
        }
        let fix = rule.fix.map_or(String::new(), |safety| format!(" [{safety} fix]"));
        writeln!(out, "  {:width$}  {:7}  {}{fix}", rule.name, rule.level, rule.summary)?;
    }
    writeln!(out, "\n{} rules; `hf-release explain RULE` shows a rule's manual", rules.len())
}

//! `hf-release explain RULE`: the rule's manual.

use std::io::Write;

use super::args::ExplainArgs;
use super::output::{Manual, targets};
use super::{Failure, pager};
use crate::config::suggest;
use crate::report::{Exit, write_manual};
use crate::rules::{self, RULES, Rule};

/// So many rules are suggested for a word that many names contain.
const MAX_SUGGESTED: usize = 8;

/// Prints the manual of each rule.
pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let found = args.rules.iter().map(|name| rules::find(name).ok_or_else(|| unknown(name)));
    let found: Vec<&dyn Rule> = found.collect::<Result<_, _>>()?;
    for target in targets(&args.output)? {
        target.write(args.output.color, |style, out| {
            let mut text = Vec::new();
            for (index, rule) in found.iter().enumerate() {
                if index > 0 {
                    writeln!(text)?;
                }
                match target.format {
                    Manual::Human => write_manual(rule.meta().docs, style, &mut text)?,
                    Manual::Markdown => write!(text, "{}", rule.meta().docs)?,
                }
            }
            let is_shown = target.file.is_none() && target.format == Manual::Human && pager::show(&text);
            if is_shown { Ok(()) } else { out.write_all(&text) }
        })?;
    }
    Ok(Exit::Clean)
}

/// A name that is not a rule's: the closest one, else those that contain the word.
fn unknown(name: &str) -> Failure {
    let near = suggest(name).filter(|near| rules::find(near).is_some());
    let word = name.trim().to_lowercase().replace(['_', ' '], "-");
    let names = RULES.iter().map(|rule| rule.meta().name).filter(|known| known.split('-').any(|part| part == word));
    let names: Vec<String> = names.take(MAX_SUGGESTED).map(|known| format!("`{known}`")).collect();
    let help = match (near, names.as_slice()) {
        (Some(near), _) => format!("Did you mean `{near}`?"),
        (None, []) => "Run `hf-release rules` for the list of rules.".to_owned(),
        (None, [only]) => format!("Did you mean {only}?"),
        (None, several) => format!("Did you mean one of {}?", several.join(", ")),
    };
    Failure::usage(format!("there is no rule `{name}`"), help)
}

//! Which fixes can be applied together.

use std::collections::{BTreeMap, HashSet};

use crate::diagnostic::{Edit, Fix};
use crate::source::SourceFile;

use super::Refusal;
use super::edits::check;

/// What one pass applies to one file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The findings whose fixes are applied, in the order in which they were given.
    pub chosen: Vec<usize>,
    /// The findings whose fixes touch a chosen one: they wait for the next pass.
    pub waiting: Vec<usize>,
    /// The findings whose fixes cannot be applied to this text at all.
    pub refused: Vec<(usize, Refusal)>,
    /// The edits of the chosen fixes, sorted by place.
    pub edits: Vec<Edit>,
}

/// Chooses the fixes of one file that can be applied together. Each comes with the number of its finding; earlier
/// ones win. A fix is taken whole or not at all. It waits when one of its edits touches an edit of another fix, or when
/// both declare the same front matter key. Two inserts may share an offset when both insert whole lines; they keep
/// the order of their findings.
pub fn plan(file: &SourceFile, fixes: &[(usize, &Fix)]) -> Plan {
    let mut plan = Plan::default();
    let mut keys: HashSet<&str> = HashSet::new();
    let mut edits = Chosen::new();
    for (finding, fix) in fixes {
        if let Err(refusal) = check(file, &fix.edits) {
            plan.refused.push((*finding, refusal));
        } else if fix.keys.iter().any(|key| keys.contains(key.as_str())) || !fits(file, &edits, &fix.edits) {
            plan.waiting.push(*finding);
        } else {
            keys.extend(fix.keys.iter().map(String::as_str));
            plan.chosen.push(*finding);
            for edit in &fix.edits {
                edits.insert((edit.at.start, edits.len()), edit);
            }
        }
    }
    plan.edits = edits.into_values().cloned().collect();
    plan
}

/// Disjoint edits by offset, and at one offset in the order in which they came.
type Chosen<'f> = BTreeMap<(u32, usize), &'f Edit>;

/// Whether new edits can stand beside those that are chosen.
fn fits(file: &SourceFile, chosen: &Chosen<'_>, new: &[Edit]) -> bool {
    new.iter().all(|edit| {
        let up_to_end = chosen.range(..=(edit.at.end, usize::MAX)).rev().map(|(_, other)| other);
        let mut touching = up_to_end.take_while(|other| other.at.end >= edit.at.start);
        touching.all(|other| {
            let line = whole_line(file, edit);
            line.is_some() && line == whole_line(file, other) && edit.at == other.at
        })
    })
}

/// How an insert is a line, or several, of its own.
#[derive(PartialEq, Eq)]
enum WholeLine {
    /// At the start of a line, ending with a line break.
    Above,
    /// At the end of a line, beginning with a line break.
    Below,
}

fn whole_line(file: &SourceFile, edit: &Edit) -> Option<WholeLine> {
    if !edit.at.is_empty() || edit.text.is_empty() {
        return None;
    }
    let before = file.text().get(..edit.at.start as usize)?;
    let after = file.text().get(edit.at.start as usize..)?;
    let starts_line = before.is_empty() || before == "\u{feff}" || before.ends_with('\n');
    let ends_line = after.is_empty() || after.starts_with('\n') || after.starts_with("\r\n");
    let (opens, closes) = (edit.text.starts_with('\n') || edit.text.starts_with("\r\n"), edit.text.ends_with('\n'));
    match (starts_line && closes, ends_line && opens) {
        (true, _) => Some(WholeLine::Above),
        (false, true) if !closes => Some(WholeLine::Below),
        _ => None,
    }
}

//! What follows from the errors of a run: a line for each consequence, and in it the errors by name and place.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Effect, Level};

use super::place::path;
use super::{Repository, Run};

/// So many rules are named in a line.
const MAX_NAMED: usize = 5;

/// What an error leads to. The order is the one in which a releaser runs into them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Consequence {
    Rejected,
    NotLegal,
    NotLoaded,
    NotSafe,
    Misread,
    Incomplete,
}

impl Consequence {
    fn of(finding: &Diagnostic) -> Self {
        match (finding.effect, finding.item) {
            (Effect::BlocksPush, _) => Self::Rejected,
            (Effect::BreaksUsers, "discover.license") => Self::NotLegal,
            (Effect::BreaksUsers, "ready.loads") => Self::NotLoaded,
            (Effect::BreaksUsers, "weights.safetensors" | "ready.hygiene") => Self::NotSafe,
            (Effect::BreaksUsers, _) => Self::Misread,
            (Effect::LosesReach, _) => Self::Incomplete,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Rejected => "The push would be rejected",
            Self::NotLegal => "Users may not legally use the model",
            Self::NotLoaded => "Loading fails",
            Self::NotSafe => "Loading is not safe",
            Self::Misread => "Tools misread the model",
            Self::Incomplete => "The model page would be incomplete",
        }
    }
}

/// The lines, visible text.
pub(super) fn lines(run: &Run<'_>) -> Vec<String> {
    let mut groups: BTreeMap<Consequence, Vec<Named<'_>>> = BTreeMap::new();
    for repository in &run.repositories {
        for finding in repository.findings.iter().filter(|finding| finding.level == Level::Error) {
            let named = groups.entry(Consequence::of(finding)).or_default();
            match named.iter_mut().find(|named| named.rule == finding.rule) {
                Some(named) => named.more += 1,
                None => named.push(Named { rule: finding.rule, place: place(repository, finding), more: 0 }),
            }
        }
    }
    groups.into_iter().map(|(consequence, named)| format!("{}: {}", consequence.words(), list(&named))).collect()
}

/// A rule with the place of its first error.
struct Named<'a> {
    rule: &'a str,
    place: String,
    more: usize,
}

fn list(named: &[Named<'_>]) -> String {
    let shown = named.iter().take(MAX_NAMED).map(|Named { rule, place, more }| match more {
        0 => format!("{rule} ({place})"),
        more => format!("{rule} ({place} and {more} more)"),
    });
    let mut list = shown.collect::<Vec<_>>().join(", ");
    if let more @ 1.. = named.len().saturating_sub(MAX_NAMED) {
        list += &format!(" and {more} more");
    }
    list
}

/// `README.md:2`, as the user opens it.
fn place(repository: &Repository<'_>, finding: &Diagnostic) -> String {
    let place = &finding.primary.place;
    let shown = repository.shown(path(repository.files, place).unwrap_or("?"));
    let line = place.span().and_then(|span| Some(repository.files.source(span.file)?.position(span.start).line));
    match line {
        Some(line) => format!("{shown}:{line}"),
        None => shown,
    }
}

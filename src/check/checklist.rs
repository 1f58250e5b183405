//! The release checklist, with what is known of every item.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Checked;
use super::seen::Seen;
use crate::checklist::{ITEMS, Item, Verifier};
use crate::diagnostic::{Diagnostic, Level};
use crate::release::Release;
use crate::rules::{Meta, Needs, RULES};

/// What is known of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A rule found that it is not met.
    NotMet,
    /// The files show that it is met.
    Met,
    /// It could not be looked at, or nothing was there to look at.
    NotChecked,
    /// It is not met, and the checklist calls it a bonus.
    Optional,
    /// Only the Hub can tell.
    NeedsHub,
    /// Only a person can tell.
    NeedsPerson,
}

impl State {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotMet => "not met",
            Self::Met => "met",
            Self::NotChecked => "not checked",
            Self::Optional => "optional",
            Self::NeedsHub => "needs the Hub",
            Self::NeedsPerson => "needs a person",
        }
    }
}

/// One line of the list; also its JSON form.
#[derive(Serialize)]
pub struct Line {
    /// The item's id.
    pub item: &'static str,
    /// What it asks for.
    pub title: &'static str,
    /// What is known of it.
    pub state: State,
    /// Why, or what remains to be judged.
    pub note: Option<String>,
    /// The rules that found that it is not met.
    pub rules: Vec<&'static str>,
    /// Where it is explained.
    pub link: String,
}

/// The whole checklist, with what is known of every item.
pub fn lines(checked: &Checked) -> Vec<Line> {
    let mut by_item: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for finding in &checked.report.found {
        for finding in [finding].into_iter().chain(&finding.covers) {
            by_item.entry(finding.item).or_default().push(finding);
        }
    }
    let seen = Seen::of(checked);
    let id = checked.release.as_ref().and_then(Release::repo_id).map(ToString::to_string);
    ITEMS
        .iter()
        .map(|item| {
            let found = by_item.remove(item.id).unwrap_or_default();
            let (state, note) = state(item, &found, checked, &seen);
            let mut rules: Vec<&str> = found.iter().map(|finding| finding.rule).collect();
            rules.dedup();
            Line { item: item.id, title: item.title, state, note, rules, link: item.link_for(id.as_deref()) }
        })
        .collect()
}

fn state(item: &Item, found: &[&Diagnostic], checked: &Checked, seen: &Seen) -> (State, Option<String>) {
    let worst = found.iter().max_by_key(|finding| finding.level);
    if let Some(worst) = worst {
        let others = match found.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let state = if worst.level == Level::Info { State::Optional } else { State::NotMet };
        return (state, Some(format!("{}{others}", worst.message)));
    }
    let mut serving = RULES.iter().map(|rule| rule.meta());
    let serves = |rule: &Meta| rule.item.id == item.id && rule.needs == Needs::Files;
    let served = serving.clone().any(serves);
    let skipped = &checked.report.skipped;
    let skip = serving.find_map(|rule| skipped.iter().find(|skip| serves(rule) && skip.rule == rule.name));
    match item.verifier {
        Verifier::Hub => (State::NeedsHub, None),
        // A rule that could not look proves nothing, and neither does a rule that does not exist.
        _ if served && checked.is_incomplete() => (State::NotChecked, Some("not everything could be read".to_owned())),
        Verifier::Person => (State::NeedsPerson, None),
        _ if !served => (State::NeedsPerson, None),
        _ if skip.is_some() => (State::NotChecked, skip.map(|skip| skip.why.clone())),
        Verifier::Files | Verifier::FilesThenPerson => match (seen.lacks(item.id), item.verifier) {
            (Some(why), _) => (State::NotChecked, Some(why)),
            (None, Verifier::FilesThenPerson) => (State::Met, Some("Check that what it says is true.".to_owned())),
            (None, _) => (State::Met, None),
        },
    }
}

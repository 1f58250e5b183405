//! The release checklist, with what is known of every item.
//!
//! An item is *not met* because of a finding, and *met* only where something positive was seen. Everything else is *not
//! checked*, with the reason. `against` chooses the finding, `card`, `metadata` and `weights` say what was seen. Nothing here
//! judges a repository anew: what is wrong with it is the rules' to say.

mod against;
mod card;
mod metadata;
mod sight;
mod weights;

use serde::Serialize;

use super::Checked;
use crate::checklist::{ITEMS, Item, Verifier};
use crate::diagnostic::{Diagnostic, Level, Problem};
use crate::evidence::Subject;
use crate::rules::{Context, Meta, Needs, README, RULES};
use crate::words::count;
use against::against;
use sight::Sight;
use weights::Looked;

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
    /// What was seen, why not more is known, or what remains to be judged.
    pub note: Option<String>,
    /// The rules that found that it is not met.
    pub rules: Vec<&'static str>,
    /// Where it is explained.
    pub link: String,
}

/// The whole checklist, with what is known of every item.
pub fn lines(checked: &Checked) -> Vec<Line> {
    let Some(release) = &checked.release else {
        return ITEMS.iter().map(|item| line(item, &[], unopened(item, checked), None)).collect();
    };
    let subject = Subject::new(release);
    let cx = match checked.readme() {
        Some(readme) => Context::with_readme(&subject, Some(readme)),
        None => Context::new(&subject),
    };
    let found = &checked.report.found;
    let all: Vec<&Diagnostic> = found.iter().flat_map(|finding| [finding].into_iter().chain(&finding.covers)).collect();
    let looked = Looked::at(&cx, &all);
    let id = release.repo_id().map(ToString::to_string);
    let of_item = |item: &&'static Item| {
        let against = against(item, &all, &cx);
        let state = match against.split_first() {
            Some((first, others)) => not_met(first, others.len()),
            None => unblamed(item, checked, || sight(item, &cx, &looked)),
        };
        line(item, &against, state, id.as_deref())
    };
    ITEMS.iter().map(of_item).collect()
}

fn line(item: &'static Item, against: &[&Diagnostic], state: (State, Option<String>), id: Option<&str>) -> Line {
    let mut rules: Vec<&str> = Vec::new();
    for finding in against {
        if !rules.contains(&finding.rule) {
            rules.push(finding.rule);
        }
    }
    let (state, note) = state;
    Line { item: item.id, title: item.title, state, note, rules, link: item.link_for(id) }
}

/// The state of an item that findings tell against: the first of them, and how many others.
fn not_met(first: &Diagnostic, others: usize) -> (State, Option<String>) {
    let others = if others == 0 { String::new() } else { format!(" (and {others} more)") };
    let state = if first.level == Level::Info { State::Optional } else { State::NotMet };
    (state, Some(format!("{}{others}", first.message)))
}

/// The state of an item where the folder could not be opened.
fn unopened(item: &Item, checked: &Checked) -> (State, Option<String>) {
    unblamed(item, checked, || Sight::Unclear("the folder could not be read".to_owned()))
}

/// The state of an item that no finding tells against. A rule that could not look proves nothing, and neither does a rule
/// that does not exist.
fn unblamed(item: &Item, checked: &Checked, sight: impl FnOnce() -> Sight) -> (State, Option<String>) {
    let serves = |rule: &&Meta| rule.item.id == item.id && rule.needs == Needs::Files;
    let mut serving = RULES.iter().map(|rule| rule.meta()).filter(serves);
    let skipped = &checked.report.skipped;
    let skip = serving.clone().find_map(|rule| skipped.iter().find(|skip| skip.rule == rule.name));
    let is_served = serving.next().is_some();
    match item.verifier {
        Verifier::Hub => (State::NeedsHub, None),
        _ if !is_served => (State::NeedsPerson, None),
        _ => match (unread(item, checked), skip, item.verifier) {
            (Some(why), _, _) => (State::NotChecked, Some(why)),
            (None, _, Verifier::Person) => (State::NeedsPerson, None),
            (None, Some(skip), _) => (State::NotChecked, Some(skip.why.clone())),
            (None, None, verifier) => match sight() {
                Sight::Unclear(why) => (State::NotChecked, Some(why)),
                Sight::Positive(what) if verifier == Verifier::FilesThenPerson => {
                    (State::Met, Some(format!("{what}. Check that it is true.")))
                }
                Sight::Positive(what) => (State::Met, Some(what)),
            },
        },
    }
}

/// What could not be read of that on which an item depends: the card's text on the card, everything else on all files.
fn unread(item: &Item, checked: &Checked) -> Option<String> {
    let is_of_card = item.id.starts_with("card.");
    let concerns = |problem: &&Problem| problem.path.as_ref().is_none_or(|path| !is_of_card || path.as_str() == README);
    let concerned: Vec<&Problem> = checked.problems.iter().filter(concerns).collect();
    match concerned.split_first() {
        None if checked.report.crashed => Some("a rule broke off".to_owned()),
        None => None,
        Some((first, others)) => {
            let path = first.path.as_ref().map(|path| format!("{path}: ")).unwrap_or_default();
            let more = if others.is_empty() {
                String::new()
            } else {
                format!(" (and {})", count(others.len(), "more problem"))
            };
            Some(format!("{path}{}{more}", first.message))
        }
    }
}

/// What was seen of an item that files can show.
fn sight(item: &Item, cx: &Context<'_>, looked: &Looked<'_>) -> Sight {
    let (section, name) = item.id.split_once('.').unwrap_or((item.id, ""));
    if let Some(unclear) = card::unreadable(cx).filter(|_| ["card", "discover"].contains(&section)) {
        return unclear;
    }
    match (section, name) {
        ("weights", "separate-repos") => looked.separate(),
        ("weights", _) => looked.safetensors(),
        ("ready", _) => looked.loads(),
        ("card", "metadata") => metadata::block(cx),
        ("card", "template") => card::template(cx),
        ("card", _) => card::topic(name, cx),
        _ => metadata::value(name, cx),
    }
}

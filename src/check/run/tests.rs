//! What a run promises, with rules made for the purpose.

use std::path::Path;

use super::*;
use crate::checklist;
use crate::diagnostic::Effect;
use crate::evidence::Subject;
use crate::release::{Options, Release};
use crate::rules::{Meta, RULES, Section};

const fn meta(name: &'static str, needs: Needs) -> Meta {
    Meta {
        name,
        section: Section::Ready,
        level: Level::Warning,
        effect: Effect::LosesReach,
        item: checklist::READY_LOADS,
        needs,
        fix: None,
        since: "0.1.0",
        docs: "",
    }
}

struct Panics;
static PANICS: Meta = meta("panics", Needs::Files);

impl Rule for Panics {
    fn meta(&self) -> &'static Meta {
        &PANICS
    }

    fn check(&self, _: &Context<'_>, out: &mut Sink<'_>) {
        out.push(out.finding("before", Label::new(Place::Absent(RepoPath::new("x")), "")));
        panic!("on purpose");
    }
}

struct Talks;
static TALKS: Meta = meta("talks", Needs::Files);

impl Rule for Talks {
    fn meta(&self) -> &'static Meta {
        &TALKS
    }

    fn check(&self, _: &Context<'_>, out: &mut Sink<'_>) {
        for number in 0..1005 {
            out.push(out.finding(format!("{number}"), Label::new(Place::Absent(RepoPath::new("x")), "")));
        }
    }
}

struct Asks;
static ASKS: Meta = meta("asks", Needs::Hub);

impl Rule for Asks {
    fn meta(&self) -> &'static Meta {
        &ASKS
    }

    fn check(&self, _: &Context<'_>, _: &mut Sink<'_>) {
        unreachable!("a rule that needs the Hub does not run offline");
    }
}

fn run_one(rule: &dyn Rule, folder: &Path) -> Report {
    let release = Release::open(folder, &Options::default()).unwrap();
    let subject = Subject::new(&release);
    let mut report = Report::default();
    run_rule(rule, &Context::new(&subject), &mut report);
    report
}

#[test]
fn a_rule_that_panics_is_a_finding_and_keeps_what_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let report = run_one(&Panics, folder.path());
    assert!(report.crashed);
    let messages: Vec<_> = report.found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(messages, ["before", "internal error in panics"]);
    assert_eq!(report.found[1].level, Level::Error);
}

#[test]
fn what_is_not_shown_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let report = run_one(&Talks, folder.path());
    assert_eq!(report.found.len(), 1000);
    assert_eq!(
        report.skipped,
        [Skip { rule: "talks", why: "5 more findings are not shown".to_owned(), lack: Lack::Part }]
    );
}

struct Repeats;
static REPEATS: Meta = meta("repeats", Needs::Files);

impl Rule for Repeats {
    fn meta(&self) -> &'static Meta {
        &REPEATS
    }

    fn check(&self, _: &Context<'_>, out: &mut Sink<'_>) {
        ["a.bin is a pointer", "b.bin is a pointer", "a.bin is a pointer"].into_iter().for_each(|why| out.skip(why));
    }
}

#[test]
fn a_reason_to_skip_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let report = run_one(&Repeats, folder.path());
    let reasons: Vec<_> = report.skipped.iter().map(|skip| skip.why.as_str()).collect();
    assert_eq!(reasons, ["a.bin is a pointer", "b.bin is a pointer"]);
}

#[test]
fn a_rule_that_needs_the_hub_is_skipped_and_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let report = run_one(&Asks, folder.path());
    assert_eq!(report.skipped, [Skip { rule: "asks", why: "offline".to_owned(), lack: Lack::Hub }]);
    assert!(report.found.is_empty());
}

#[test]
fn the_card_of_a_space_is_no_models() {
    let folder = tempfile::tempdir().unwrap();
    let skipped = |card: &str| {
        std::fs::write(folder.path().join("README.md"), card).unwrap();
        let rule = RULES.iter().find(|rule| rule.meta().name == "missing-license").unwrap();
        let report = run_one(*rule, folder.path());
        assert_ne!(report.skipped.is_empty(), report.found.is_empty(), "{card}");
        report.skipped.into_iter().map(|skip| skip.why).collect::<Vec<_>>()
    };
    let space = "---\ntitle: Lamp\nsdk: gradio\n---\n";
    assert_eq!(skipped(space), ["README.md is the card of a Space (`sdk: gradio`), not of a model"]);
    assert_eq!(skipped("---\ntitle: Lamp\nsdk: torch\n---\n"), [""; 0]);
    // With weights beside it, the key is the odd one out.
    std::fs::write(folder.path().join("model.safetensors"), b"\x02\0\0\0\0\0\0\0{}").unwrap();
    assert_eq!(skipped(space), [""; 0]);
}

struct Yields(Level);
static YIELDS: Meta = meta("yields", Needs::Files);

impl Rule for Yields {
    fn meta(&self) -> &'static Meta {
        &YIELDS
    }

    fn check(&self, _: &Context<'_>, out: &mut Sink<'_>) {
        let finding = out.finding_at(self.0, "the same", Label::new(Place::Absent(RepoPath::new("x")), ""));
        out.push(finding.yields_to(Some("talks")));
    }
}

#[test]
fn a_finding_that_yields_is_part_of_the_other_one_if_there_is_one() {
    let run = |rules: &[&dyn Rule]| {
        let folder = tempfile::tempdir().unwrap();
        let release = Release::open(folder.path(), &Options::default()).unwrap();
        let subject = Subject::new(&release);
        let (cx, mut report) = (Context::new(&subject), Report::default());
        rules.iter().for_each(|rule| run_rule(*rule, &cx, &mut report));
        fold(&mut report.found);
        let covered: usize = report.found.iter().map(|finding| finding.covers.len()).sum();
        (report.found.iter().filter(|finding| finding.rule == "yields").count(), covered)
    };
    assert_eq!(run(&[&Yields(Level::Warning), &Talks]), (0, 1));
    assert_eq!(run(&[&Yields(Level::Warning)]), (1, 0));
    assert_eq!(run(&[&Yields(Level::Error), &Talks]), (1, 0), "a lighter finding hides no heavier one");
}

//! The last lines: right numbers, right plurals, nothing that is not there.

use super::*;

/// The summary of a run of such findings: level, effect and the fix's safety and whether it is a stub.
type Sort = (Level, Effect, Option<(Safety, bool)>);

fn lines_of(sorts: &[Sort], change: impl FnOnce(&mut Run<'_>)) -> Vec<String> {
    let shelf = Shelf::of(&[("README.md", "a\n")]);
    let findings = sorts.iter().map(|(level, effect, fix)| {
        let fix = fix.map(|(safety, stub)| {
            let fix = Fix::new("mend", safety);
            if stub { fix.stub() } else { fix }
        });
        Diagnostic::new(*level, "m", Label::file(FileId(0), "")).effect(*effect).fix(fix)
    });
    let mut run = run(&shelf, findings.collect());
    change(&mut run);
    crate::report::findings::summary::lines(&run).into_iter().map(|line| line.text).collect()
}

const STUB: Option<(Safety, bool)> = Some((Safety::Safe, true));
const SAFE: Option<(Safety, bool)> = Some((Safety::Safe, false));
const RISKY: Option<(Safety, bool)> = Some((Safety::Unsafe, false));

fn repeat(sort: Sort, count: usize) -> Vec<Sort> {
    vec![sort; count]
}

#[test]
fn every_group_that_exists_has_a_line() {
    let sorts = [
        repeat((Level::Error, Effect::BlocksPush, SAFE), 2),
        repeat((Level::Error, Effect::BreaksUsers, None), 1),
        repeat((Level::Warning, Effect::BreaksUsers, SAFE), 2),
        repeat((Level::Warning, Effect::LosesReach, STUB), 3),
        repeat((Level::Info, Effect::BlocksPush, RISKY), 1),
        repeat((Level::Info, Effect::LosesReach, Some((Safety::DisplayOnly, false))), 1),
    ]
    .concat();
    assert_eq!(
        lines_of(&sorts, |_| ()),
        [
            "2 errors block the push",
            "1 error and 2 warnings stand in the way of users",
            "3 warnings lose reach",
            "2 suggestions to consider",
            "`hf-release check --fix` mends 4 of them and adds 3 stubs to fill in; `--unsafe-fixes` 1 more",
        ]
    );
}

#[test]
fn what_was_refused_is_not_promised_again() {
    let lines = lines_of(&[(Level::Warning, Effect::LosesReach, RISKY)], |run| {
        run.repositories[0].refused = vec![refused("mend", "it would not help")].leak();
    });
    assert_eq!(lines, ["1 warning loses reach", "1 fix refused"]);
}

#[test]
fn one_is_not_many() {
    let one = |level, effect, fix| lines_of(&[(level, effect, fix)], |_| ());
    assert_eq!(
        one(Level::Warning, Effect::BlocksPush, SAFE),
        ["1 warning blocks the push", "`hf-release check --fix` mends it"]
    );
    assert_eq!(
        one(Level::Error, Effect::BreaksUsers, STUB),
        ["1 error stands in the way of users", "`hf-release check --fix` adds 1 stub to fill in"]
    );
    assert_eq!(
        one(Level::Warning, Effect::LosesReach, RISKY),
        ["1 warning loses reach", "`hf-release check --fix --unsafe-fixes` mends it, for you to review"]
    );
}

#[test]
fn findings_that_do_not_fail_pass() {
    let info = [(Level::Info, Effect::LosesReach, None)];
    assert_eq!(lines_of(&info, |_| ()), ["1 suggestion to consider", "passes: nothing at level warning or above"]);
    assert_eq!(
        lines_of(&[(Level::Error, Effect::BlocksPush, None)], |run| {
            run.fail_on = None;
            run.exit = Exit::Clean;
        }),
        ["1 error blocks the push", "passes: no level makes the check fail"]
    );
}

#[test]
fn a_clean_run_says_what_was_checked() {
    assert_eq!(lines_of(&[], |_| ()), ["1 file checked, nothing to report"]);
    assert_eq!(lines_of(&[], |run| run.repositories[0].checked = 13), ["13 files checked, nothing to report"]);
    let shelf = Shelf(Vec::new());
    let mut run = run(&shelf, Vec::new());
    run.repositories.push(empty("b", &shelf, 2));
    let line = crate::report::findings::summary::line(&run);
    assert_eq!(line, "2 files in 2 repositories checked, nothing to report");
}

#[test]
fn skips_are_grouped_by_reason_and_named_once() {
    let skip = |rule, why: &str| Skip { rule, why: why.into() };
    let lines = lines_of(&[], |run| {
        run.repositories[0].skipped =
            vec![skip("b", "offline"), skip("a", "offline"), skip("c", "no card"), skip("a", "offline")].leak();
    });
    assert_eq!(lines[1..], ["1 rule skipped: no card (c)".to_owned(), "2 rules skipped: offline (a, b)".to_owned()]);
    let lines = lines_of(&[], |run| {
        run.repositories[0].skipped = (1..=163)
            .map(|shard| skip("a", &format!("{shard:03}.bin is a pointer")))
            .chain([skip("b", "offline")])
            .collect::<Vec<_>>()
            .leak();
    });
    let pointers = "1 rule skipped: 001.bin is a pointer, and 162 more like this (a)";
    assert_eq!(lines[1..], [pointers.to_owned(), "1 rule skipped: offline (b)".to_owned()]);
}

#[test]
fn an_incomplete_run_is_not_clean() {
    let lines = lines_of(&[], |run| {
        run.exit = Exit::Incomplete;
        let problem = |path| Problem::reading(path, "permission denied", "");
        run.repositories[0].problems = vec![problem(Some("a".into())), problem(None)].leak();
    });
    assert_eq!(lines, ["nothing found, but not everything could be checked", "1 file could not be read"]);
}

#[test]
fn after_fixing_only_what_was_not_asked_for_is_offered() {
    let sorts = [(Level::Error, Effect::LosesReach, SAFE), (Level::Error, Effect::LosesReach, RISKY)];
    let lines = lines_of(&sorts, |run| {
        run.repositories[0].fixed = vec![applied("t", "p"); 2].leak();
        run.repositories[0].refused = vec![refused("t", "w")].leak();
    });
    assert_eq!(
        lines,
        [
            "2 errors lose reach",
            "2 fixes written, 1 refused",
            "`hf-release check --fix --unsafe-fixes` mends 1 of them, for you to review"
        ]
    );
}

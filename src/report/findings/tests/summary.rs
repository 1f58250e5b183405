//! The last lines: right numbers, right plurals, nothing that is not there.

use super::*;

/// The summary of a run of such findings: level, effect and the fix's safety and whether it is a placeholder.
type Sort = (Level, Effect, Option<(Safety, bool)>);

fn lines_of(sorts: &[Sort], change: impl FnOnce(&mut Run<'_>)) -> Vec<String> {
    let shelf = Shelf::of(&[("README.md", "a\n")]);
    let findings = sorts.iter().map(|(level, effect, fix)| {
        let fix = fix.map(|(safety, placeholder)| {
            let fix = Fix::new("fix it", safety);
            if placeholder { fix.placeholder() } else { fix }
        });
        named("a-rule", "an.item", Diagnostic::new(*level, "m", Label::file(FileId(0), "")).effect(*effect).fix(fix))
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
fn levels_are_counted_and_every_consequence_has_a_line() {
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
            "3 errors, 5 warnings, 2 notes",
            "The push would be rejected: a-rule (README.md and 1 more)",
            "Tools misread the model: a-rule (README.md)",
            "`--fix` fixes 4 of these and adds placeholders for 3; `--unsafe-fixes` fixes 1 more, for you to review",
        ]
    );
}

#[test]
fn what_was_refused_is_not_promised_again() {
    let lines = lines_of(&[(Level::Warning, Effect::LosesReach, RISKY)], |run| {
        run.repositories[0].refused = vec![refused("fix it", "it would not help")].leak();
    });
    assert_eq!(lines, ["1 warning", "1 fix not written"]);
}

#[test]
fn one_is_not_many() {
    let one = |level, effect, fix| lines_of(&[(level, effect, fix)], |_| ());
    assert_eq!(one(Level::Warning, Effect::BlocksPush, SAFE), ["1 warning", "`--fix` fixes it"]);
    assert_eq!(
        one(Level::Error, Effect::BreaksUsers, STUB),
        ["1 error", "Tools misread the model: a-rule (README.md)", "`--fix` adds a placeholder for you to fill in"]
    );
    assert_eq!(
        one(Level::Warning, Effect::LosesReach, RISKY),
        ["1 warning", "`--unsafe-fixes` fixes it, for you to review"]
    );
}

/// A block of values that only a person knows is no fix, and a new card hides no other fix.
#[test]
fn what_is_left_to_fill_in_is_no_fix() {
    let shelf = Shelf::of(&[("README.md", "a\n")]);
    let line = |fixes: Vec<Fix>| {
        let finding = |fix| Diagnostic::new(Level::Info, "m", Label::file(FileId(0), "")).fix(Some(fix));
        let findings = fixes.into_iter().map(|fix| named("a-rule", "an.item", finding(fix))).collect();
        crate::report::findings::summary::lines(&run(&shelf, findings)).pop().map(|line| line.text).unwrap()
    };
    let fix = || Fix::new("fix it", Safety::Safe);
    let block = || Fix { left_open: 4, ..fix() };
    let card = || fix().file(RepoPath::new("README.md"), "# A\n");
    assert_eq!(line(vec![block()]), "`--fix` adds 4 placeholders for you to fill in");
    assert_eq!(line(vec![block(), fix()]), "`--fix` fixes 1 of these and adds placeholders for 1");
    assert_eq!(line(vec![card()]), "`--fix` creates a README.md for you to fill in");
    assert_eq!(line(vec![card(), fix()]), "`--fix` creates a README.md for you to fill in and fixes 1 of these");
}

#[test]
fn findings_that_do_not_fail_pass() {
    let info = [(Level::Info, Effect::LosesReach, None)];
    assert_eq!(lines_of(&info, |_| ()), ["1 note", "Passed: no errors or warnings"]);
    assert_eq!(
        lines_of(&[(Level::Error, Effect::BlocksPush, None)], |run| {
            run.fail_on = None;
            run.exit = Exit::Clean;
        }),
        ["1 error", "The push would be rejected: a-rule (README.md)", "Passed: `--fail-on never` accepts every level"]
    );
}

#[test]
fn a_clean_run_says_what_was_checked() {
    assert_eq!(lines_of(&[], |_| ()), ["Passed: 1 file checked, no findings"]);
    assert_eq!(lines_of(&[], |run| run.repositories[0].checked = 13), ["Passed: 13 files checked, no findings"]);
    let shelf = Shelf(Vec::new());
    let mut run = run(&shelf, Vec::new());
    run.repositories.push(empty("b", &shelf, 2));
    let line = crate::report::findings::summary::line(&run);
    assert_eq!(line, "Passed: 2 files in 2 repositories checked, no findings");
}

#[test]
fn skips_are_grouped_by_reason_and_named_once() {
    let skip = |rule, why: &str| Skip { rule, why: why.into(), lack: Lack::Part };
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
    assert_eq!(lines, ["Incomplete: not everything could be checked", "1 file could not be read"]);
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
            "2 errors",
            "The model page would be incomplete: a-rule (README.md and 1 more)",
            "2 fixes written, 1 not written",
            "`--unsafe-fixes` fixes 1 of these, for you to review"
        ]
    );
}

#[test]
fn errors_say_what_they_lead_to() {
    let shelf = Shelf::of(&[("README.md", "a\nb\n")]);
    let at = |item, effect| {
        named("a-rule", item, Diagnostic::new(Level::Error, "m", Label::at(shelf.find(0, "b"), "")).effect(effect))
    };
    for (item, effect, words) in [
        ("discover.license", Effect::BlocksPush, "The push would be rejected"),
        ("discover.license", Effect::BreaksUsers, "Users may not legally use the model"),
        ("ready.loads", Effect::BreaksUsers, "Loading fails"),
        ("weights.safetensors", Effect::BreaksUsers, "Loading is not safe"),
        ("card.metadata", Effect::BreaksUsers, "Tools misread the model"),
        ("card.metadata", Effect::LosesReach, "The model page would be incomplete"),
    ] {
        assert_eq!(
            crate::report::findings::summary::line(&run(&shelf, vec![at(item, effect)])),
            format!("1 error; {words}: a-rule (README.md:2)")
        );
    }
}

//! The loop against toy rules.

use std::cell::RefCell;
use std::convert::Infallible;

use super::toy::{Rule, disk, lint, reasons, replace, run, run_as};
use crate::card::front_matter::{FrontMatter, edits};
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Level, Place, Safety};
use crate::fix::converge::MAX_PASSES;
use crate::fix::{Refusal, Texts, converge};
use crate::source::{FileId, RepoPath, SourceFile};

fn teh(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
    replace(files, Level::Warning, "teh", "the", out);
}

#[test]
fn every_place_is_mended_in_one_pass() {
    let (disk, outcome) = run(&[("a.txt", "teh cat, teh dog\n"), ("b.txt", "teh end\n")], &[("spelling", teh)]);
    assert_eq!(disk["a.txt"], "the cat, the dog\n");
    assert_eq!(disk["b.txt"], "the end\n");
    assert_eq!((outcome.applied.len(), outcome.passes), (3, 2));
    assert_eq!(outcome.applied[0].path.as_str(), "a.txt");
    assert_eq!((outcome.refused, outcome.last.findings.len()), (vec![], 0));
}

#[test]
fn only_allowed_fixes_are_applied() {
    fn three(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        for (safety, word) in [(Safety::Safe, "s1"), (Safety::Unsafe, "u1"), (Safety::DisplayOnly, "d1")] {
            let from = out.len();
            replace(files, Level::Warning, word, "ok", out);
            out.iter_mut().skip(from).for_each(|finding| finding.fix.as_mut().unwrap().safety = safety);
        }
    }
    let files = disk(&[("a.txt", "s1 u1 d1\n")]);
    let text = |allowed| {
        let outcome = run_as(&files, &[("three", three)], allowed);
        outcome.texts.get(&RepoPath::new("a.txt")).map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
    };
    assert_eq!(text(Safety::Safe).unwrap(), "ok u1 d1\n");
    assert_eq!(text(Safety::Unsafe).unwrap(), "ok ok d1\n");
    assert_eq!(text(Safety::DisplayOnly).unwrap(), "ok ok d1\n");
}

#[test]
fn fixes_that_touch_each_other_take_turns() {
    fn long(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        replace(files, Level::Warning, "abc", "xbc", out);
    }
    fn short(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        replace(files, Level::Warning, "bc", "BC", out);
    }
    let (disk, outcome) = run(&[("a.txt", "abc\n")], &[("long", long), ("short", short)]);
    assert_eq!(disk["a.txt"], "xBC\n");
    assert_eq!((outcome.applied.len(), outcome.passes), (2, 3));
}

#[test]
fn a_fix_that_leaves_its_finding_is_refused_and_the_others_are_not() {
    fn useless(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        for file in files {
            let span = file.span(0, 1);
            let fix = Fix::new("move it", Safety::Safe).edit(file.span(0, 0), "# \n");
            out.push(Diagnostic::new(Level::Warning, "never content", Label::at(span, "")).fix(Some(fix)));
        }
    }
    let (disk, outcome) = run(&[("a.txt", "x teh\n")], &[("useless", useless), ("spelling", teh)]);
    assert_eq!(disk["a.txt"], "x the\n");
    assert_eq!(reasons(&outcome), [("useless", Refusal::Remains)]);
}

#[test]
fn a_fix_that_only_changes_the_words_of_its_finding_is_refused() {
    fn half(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        replace(files, Level::Error, "Apache", "apache", out);
        for file in files {
            for (start, _) in file.text().match_indices("apache") {
                let label = Label::at(file.span(start, start + 6), "");
                out.push(Diagnostic::new(Level::Error, "`apache` is unknown as well", label));
            }
        }
    }
    let (disk, outcome) = run(&[("a.txt", "license Apache\n")], &[("license", half)]);
    assert_eq!(disk["a.txt"], "license Apache\n");
    assert_eq!(reasons(&outcome), [("license", Refusal::Remains)]);
}

#[test]
fn a_twin_that_stays_does_not_blame_its_brother() {
    // The first `teh` is in a title that has no fix; it looks the same as the second after the pass.
    fn spare_first(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        let from = out.len();
        teh(files, out);
        out.get_mut(from).unwrap().fix = None;
    }
    let (disk, outcome) = run(&[("a.txt", "teh\nteh cat\n")], &[("spelling", spare_first)]);
    assert_eq!(disk["a.txt"], "teh\nthe cat\n");
    assert_eq!(outcome.refused, []);
}

#[test]
fn a_fix_that_causes_an_error_is_found_among_many() {
    fn words(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        for word in ["a1", "a2", "a3", "a4", "a5", "a6", "a7"] {
            replace(files, Level::Warning, word, &word.replace('a', "b"), out);
        }
    }
    fn no_b5(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        if files.iter().any(|file| file.text().contains("b5")) {
            out.push(Diagnostic::new(Level::Error, "b5 is deadly", Label::file(FileId(0), "")));
        }
    }
    let (disk, outcome) = run(&[("a.txt", "a1 a2 a3 a4 a5 a6 a7\n")], &[("words", words), ("no-b5", no_b5)]);
    assert_eq!(disk["a.txt"], "b1 b2 b3 b4 a5 b6 b7\n");
    assert_eq!(reasons(&outcome), [("words", Refusal::Causes("b5 is deadly".into()))]);
    assert_eq!(outcome.applied.len(), 6);
}

#[test]
fn an_error_that_a_replacement_turns_into_another_error_is_refused() {
    fn first(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        replace(files, Level::Error, "one", "two", out);
    }
    fn second(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        if files.iter().any(|file| file.text().contains("two")) {
            out.push(Diagnostic::new(Level::Error, "two is no better", Label::file(FileId(0), "")));
        }
    }
    let (disk, outcome) = run(&[("a.txt", "one\n")], &[("first", first), ("second", second)]);
    assert_eq!(disk["a.txt"], "one\n");
    assert_eq!(reasons(&outcome), [("first", Refusal::Causes("two is no better".into()))]);
}

#[test]
fn an_error_on_what_the_fix_wrote_is_its_own_even_when_it_could_be_mended() {
    fn first(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        replace(files, Level::Warning, "one", "two", out);
    }
    fn second(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        replace(files, Level::Error, "two", "three", out);
    }
    let (disk, outcome) = run(&[("a.txt", "one\n")], &[("first", first), ("second", second)]);
    assert_eq!(disk["a.txt"], "one\n");
    assert_eq!(reasons(&outcome), [("first", Refusal::Causes("`two` is wrong".into()))]);
}

#[test]
fn an_old_error_whose_words_change_is_no_new_one() {
    fn counted(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        let count: usize = files.iter().map(|file| file.text().matches("teh").count()).sum();
        let file = files.first().unwrap();
        out.push(Diagnostic::new(Level::Error, format!("{count} misspellings"), Label::at(file.span(0, 1), "")));
    }
    let (disk, outcome) = run(&[("a.txt", "# teh\n")], &[("spelling", teh), ("counted", counted)]);
    assert_eq!((disk["a.txt"].as_str(), outcome.refused), ("# the\n", vec![]));
}

#[test]
fn an_old_error_that_moves_is_no_new_one() {
    fn last_line(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        let file = files.first().unwrap();
        let end = file.text().len();
        out.push(Diagnostic::new(Level::Error, "no good end", Label::at(file.span(end - 1, end), "")));
        if !file.text().contains("more") {
            let fix = Fix::new("more", Safety::Safe).edit(file.span(end, end), "more\n");
            out.push(Diagnostic::new(Level::Warning, "too short", Label::at(file.span(0, 1), "")).fix(Some(fix)));
        }
    }
    let (disk, outcome) = run(&[("a.txt", "text\n")], &[("last", last_line)]);
    assert_eq!((disk["a.txt"].as_str(), outcome.refused), ("text\nmore\n", vec![]));
}

/// No card; and once it is there, no license: the second error stayed silent because of the first.
fn no_card(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
    let path = RepoPath::new("CARD.txt");
    match files.iter().find(|file| *file.path() == path) {
        None => {
            let fix = Fix::new("create a card", Safety::Safe).file(path.clone(), "teh card\n");
            out.push(Diagnostic::new(Level::Error, "no card", Label::new(Place::Absent(path), "")).fix(Some(fix)));
        }
        Some(card) => out.push(Diagnostic::new(Level::Error, "no license", Label::file(card.id(), ""))),
    }
}

#[test]
fn what_was_missing_may_uncover_what_it_hid() {
    let (disk, outcome) = run(&[("z.txt", "teh end\n")], &[("card", no_card), ("spelling", teh)]);
    // The new file shifts the numbers of the others, and is itself fixed in the next pass.
    assert_eq!(disk["CARD.txt"], "the card\n");
    assert_eq!(disk["z.txt"], "the end\n");
    assert_eq!(outcome.refused, []);
    assert_eq!(outcome.texts.new_files().map(RepoPath::as_str).collect::<Vec<_>>(), ["CARD.txt"]);
    assert_eq!(outcome.last.findings[0].message, "no license");
}

#[test]
fn new_files_are_created_once_and_only_in_the_repository() {
    fn twice(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        if files.iter().any(|file| file.path().as_str() == "new.txt") {
            return;
        }
        for text in ["one\n", "two\n"] {
            let fix = Fix::new(text, Safety::Safe).file(RepoPath::new("new.txt"), text);
            out.push(Diagnostic::new(Level::Warning, text, Label::file(FileId(0), "")).fix(Some(fix)));
        }
    }
    fn outside(_: &[SourceFile], out: &mut Vec<Diagnostic>) {
        for path in ["../x", "/x", "a/../../x", ".git/hooks/post-checkout", "sub/.GIT/config", "", "a//b"] {
            let fix = Fix::new(path, Safety::Safe).file(RepoPath::new(path), "x\n");
            out.push(Diagnostic::new(Level::Warning, path, Label::file(FileId(0), "")).fix(Some(fix)));
        }
    }
    let (disk, outcome) = run(&[("a.txt", "x\n")], &[("twice", twice), ("outside", outside)]);
    assert_eq!(disk["new.txt"], "one\n");
    assert_eq!(disk.len(), 2);
    assert_eq!(outcome.applied.len(), 1);
    assert!(outcome.refused.iter().all(|refused| matches!(refused.reason, Refusal::Path(_))));
    assert_eq!(outcome.refused.len(), 7);
}

/// A placeholder: `key:` is inserted, and the rule goes on asking for a value, unless `then` says otherwise.
fn placeholder(files: &[SourceFile], out: &mut Vec<Diagnostic>, level_then: Option<Level>, again: bool) {
    let Some(file) = files.first() else { return };
    let fix = Fix::new("insert a placeholder", Safety::Safe).edit(file.span(0, 0), "key:  # TODO\n").placeholder();
    let there = file.text().starts_with("key:");
    let Some(level) = (if there { level_then } else { Some(Level::Warning) }) else { return };
    let finding = Diagnostic::new(level, if there { "key is empty" } else { "no key" }, Label::file(file.id(), ""));
    out.push(finding.fix((!there || again).then_some(fix)));
}

#[test]
fn a_stub_leaves_its_finding() {
    fn rule(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        placeholder(files, out, Some(Level::Warning), false);
    }
    let (disk, outcome) = run(&[("a.txt", "x: teh\n")], &[("key", rule), ("spelling", teh)]);
    assert_eq!(disk["a.txt"], "key:  # TODO\nx: the\n");
    assert!(outcome.applied[0].placeholder);
    assert_eq!(outcome.last.findings[0].message, "key is empty");
}

#[test]
fn a_placeholder_that_silences_softens_or_repeats_is_refused() {
    fn silent(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        placeholder(files, out, None, false);
    }
    fn softer(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        placeholder(files, out, Some(Level::Info), false);
    }
    fn again(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        placeholder(files, out, Some(Level::Warning), true);
    }
    let cases = [(silent as Rule, Refusal::Silenced), (softer, Refusal::Silenced), (again, Refusal::Repeats)];
    for (rule, reason) in cases {
        let (disk, outcome) = run(&[("a.txt", "x: teh\n")], &[("key", rule), ("spelling", teh)]);
        assert_eq!(disk["a.txt"], "x: the\n");
        assert_eq!(reasons(&outcome), [("key", reason)]);
    }
}

#[test]
fn fixes_that_undo_each_other_are_both_refused_and_the_rest_stays() {
    fn up(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        replace(files, Level::Warning, "up", "down", out);
    }
    fn down(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        replace(files, Level::Warning, "down", "up", out);
    }
    for start in ["up", "down"] {
        let text = format!("{start} teh\n");
        let (disk, outcome) = run(&[("a.txt", &text)], &[("up", up), ("down", down), ("spelling", teh)]);
        assert_eq!(disk["a.txt"], format!("{start} the\n"));
        let mut reasons = reasons(&outcome);
        reasons.sort_by_key(|(rule, _)| *rule);
        assert_eq!(reasons, [("down", Refusal::Cycle), ("up", Refusal::Cycle)]);
        assert_eq!(outcome.applied.len(), 1);
    }
}

#[test]
fn rules_that_never_come_to_an_end_change_nothing() {
    fn count(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        let Some(file) = files.first() else { return };
        let lines = file.text().matches('\n').count();
        let end = file.text().len();
        let fix = Fix::new("one more", Safety::Safe).edit(file.span(end, end), "more\n");
        out.push(
            Diagnostic::new(Level::Warning, format!("{lines} lines are too few"), Label::at(file.span(end, end), ""))
                .fix(Some(fix)),
        );
    }
    let (disk, outcome) = run(&[("a.txt", "x\n")], &[("count", count)]);
    assert_eq!(disk["a.txt"], "x\n");
    assert!(!outcome.refused.is_empty() && reasons(&outcome).iter().all(|(_, reason)| *reason == Refusal::Unsettled));
    assert_eq!((outcome.applied.len(), outcome.passes), (0, MAX_PASSES + 1));
}

#[test]
fn a_fix_refused_beside_another_gets_a_second_chance() {
    // `b1` is an error beside `c0`; `c0` is fixed only when `a` is gone. So `b` fails first, and not at last.
    fn a(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        replace(files, Level::Warning, "a\n", "x\n", out);
    }
    fn b(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        replace(files, Level::Warning, "b0", "b1", out);
    }
    fn c(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        if files.iter().any(|file| file.text().contains("x\n")) {
            replace(files, Level::Warning, "c0", "c1", out);
        }
    }
    fn never_b1_beside_c0(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        if files.iter().any(|file| file.text().contains("b1") && file.text().contains("c0")) {
            out.push(Diagnostic::new(Level::Error, "b1 beside c0", Label::file(FileId(0), "")));
        }
    }
    let rules: [(&'static str, Rule); 4] = [("b", b), ("a", a), ("c", c), ("never", never_b1_beside_c0)];
    let (disk, outcome) = run(&[("1.txt", "b0 c0 a\n")], &rules);
    assert_eq!(disk["1.txt"], "b1 c1 x\n");
    assert_eq!(outcome.refused, []);
}

#[test]
fn a_file_that_may_not_be_written_is_left_and_said_so() {
    let files = disk(&[("a.txt", "teh\n"), ("b.txt", "teh\n")]);
    let asked = RefCell::new(Vec::new());
    let may_write = |path: &RepoPath, exists: bool| {
        asked.borrow_mut().push((path.to_string(), exists));
        if path.as_str() == "a.txt" { Err(Refusal::NotWritable("it is read-only".into())) } else { Ok(()) }
    };
    let Ok(outcome) = converge(Safety::Safe, may_write, |texts: &Texts| {
        Ok::<_, Infallible>(lint(&files, texts, &[("spelling", teh)]))
    });
    assert_eq!(outcome.texts.changes().map(|change| change.path.as_str()).collect::<Vec<_>>(), ["b.txt"]);
    assert_eq!(reasons(&outcome), [("spelling", Refusal::NotWritable("it is read-only".into()))]);
    assert!(asked.borrow().iter().all(|(_, exists)| *exists));
}

#[test]
fn a_defective_fix_is_refused() {
    fn broken(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        let span = files[0].span(0, 99);
        let fix = Fix::new("beyond", Safety::Safe).edit(span, "x");
        out.push(Diagnostic::new(Level::Warning, "beyond", Label::at(span, "")).fix(Some(fix)));
    }
    let (disk, outcome) = run(&[("a.txt", "x teh\n")], &[("broken", broken), ("spelling", teh)]);
    assert_eq!(disk["a.txt"], "x the\n");
    assert_eq!(reasons(&outcome), [("broken", Refusal::Misfit)]);
}

#[test]
fn a_fix_against_an_old_text_never_takes_back_an_earlier_one() {
    fn end(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        replace(files, Level::Warning, "end", "END", out);
    }
    let files = disk(&[("a.txt", "teh end\n")]);
    let runs = RefCell::new(0);
    // From the second run on, the text on disk is shown instead of the one that was given.
    let lint = |_: &Texts| {
        *runs.borrow_mut() += 1;
        let rule: [(&'static str, Rule); 1] = [if *runs.borrow() == 1 { ("spelling", teh) } else { ("end", end) }];
        Ok::<_, Infallible>(lint(&files, &Texts::default(), &rule))
    };
    let Ok(outcome) = converge(Safety::Safe, |_, _| Ok(()), lint);
    assert_eq!(outcome.texts.get(&RepoPath::new("a.txt")), Some(&b"the end\n"[..]));
    assert_eq!(reasons(&outcome), [("end", Refusal::Misfit)]);
}

/// The front matter of the card, for rules that ask it for edits.
fn with_card(files: &[SourceFile], rule: impl FnOnce(&SourceFile, &FrontMatter)) {
    if let Some(card) = files.iter().find(|file| file.path().as_str() == "README.md") {
        rule(card, &FrontMatter::parse(card));
    }
}

#[test]
fn fixes_of_a_real_card_keep_everything_else() {
    fn language(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        with_card(files, |file, matter| {
            let placeholder = |edit: Edit| {
                Fix::new("insert a placeholder", Safety::Safe).edit(edit.at, edit.text).key("language").placeholder()
            };
            let (place, fix) = match matter.get("language") {
                Some(field) => (Label::at(field.key.span(), ""), None),
                None => {
                    (Label::file(file.id(), ""), edits::insert_key(file, matter, "language:  # TODO").map(placeholder))
                }
            };
            out.push(Diagnostic::new(Level::Warning, "no language", place).fix(fix));
        });
    }
    fn library(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        with_card(files, |file, matter| {
            if matter.get("library_name").is_none() {
                let fix = edits::insert_key(file, matter, "library_name: peft");
                let fix = fix.map(|edit| Fix::new("insert", Safety::Safe).edit(edit.at, edit.text).key("library_name"));
                out.push(Diagnostic::new(Level::Warning, "no library", Label::file(file.id(), "")).fix(fix));
            }
        });
    }
    fn license(files: &[SourceFile], out: &mut Vec<Diagnostic>) {
        with_card(files, |file, matter| {
            for field in matter.get("licence").into_iter().chain(matter.get("license")) {
                let place = Label::at(field.key.span(), "");
                if field.key.text() == Some("licence") {
                    let fix = edits::rename_key(matter, field, "license").map(|edit| {
                        Fix::new("rename", Safety::Safe).edit(edit.at, edit.text).key("licence").key("license")
                    });
                    out.push(Diagnostic::new(Level::Warning, "misspelled key", place).fix(fix));
                } else if field.value.text() == Some("MIT") {
                    let fix = edits::replace_value(file, matter, field.value, "mit")
                        .map(|edit| Fix::new("lower case", Safety::Safe).edit(edit.at, edit.text).key("license"));
                    out.push(
                        Diagnostic::new(Level::Error, "unknown license", Label::at(field.value.span(), "")).fix(fix),
                    );
                }
            }
        });
    }
    let text =
        "\u{feff}---\r\nlicence: MIT # ours\r\ntags: [a, 'b']\r\nwidget:\r\n- text: |\r\n    hi\r\n---\r\n# teh\r\n";
    let rules: [(&'static str, Rule); 4] =
        [("language", language), ("library", library), ("license", license), ("spelling", teh)];
    let (disk, outcome) = run(&[("README.md", text)], &rules);
    assert_eq!(
        disk["README.md"],
        "\u{feff}---\r\nlicense: mit # ours\r\ntags: [a, 'b']\r\nwidget:\r\n- text: |\r\n    hi\r\nlanguage:  # TODO\r\n\
         library_name: peft\r\n---\r\n# the\r\n"
    );
    // The spelling of the license is an error that the key's spelling hid, and is fixed in its turn.
    assert_eq!((outcome.applied.len(), outcome.passes), (5, 3));
    assert_eq!(outcome.refused, []);
    assert_eq!(outcome.last.findings.len(), 1);
}

#[test]
fn thousands_of_findings_take_no_longer_than_they_must() {
    let text = "teh cat and teh dog\n".repeat(3_000);
    let (disk, outcome) = run(&[("a.txt", &text)], &[("spelling", teh)]);
    assert_eq!((outcome.applied.len(), outcome.passes), (6_000, 2));
    assert!(!disk["a.txt"].contains("teh"));
}

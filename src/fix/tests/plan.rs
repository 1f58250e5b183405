use super::{edit, fix, source};
use crate::fix::plan::plan;
use crate::fix::{Refusal, apply};

const TEXT: &str = "one\ntwo\nthree\n";

#[test]
fn fixes_that_touch_nothing_common_go_together() {
    let (last, first) = (fix(&[(8..13, "3")]), fix(&[(0..3, "1"), (4..4, "x\n")]));
    let plan = plan(&source("a.txt", TEXT), &[(5, &last), (9, &first)]);
    assert_eq!(plan.chosen, [5, 9]);
    assert_eq!(plan.edits, [edit(0..3, "1"), edit(4..4, "x\n"), edit(8..13, "3")]);
    assert_eq!(apply(&source("a.txt", TEXT), &plan.edits).unwrap(), b"1\nx\ntwo\n3\n");
}

#[test]
fn inserted_lines_keep_the_order_of_their_findings() {
    let file = source("a.txt", TEXT);
    let (a, b, c) = (fix(&[(4..4, "a\n")]), fix(&[(4..4, "b\nbb\n")]), fix(&[(4..4, "c\n")]));
    let plan = plan(&file, &[(0, &a), (1, &b), (2, &c)]);
    assert_eq!(plan.chosen, [0, 1, 2]);
    assert_eq!(apply(&file, &plan.edits).unwrap(), b"one\na\nb\nbb\nc\ntwo\nthree\n");
}

#[test]
fn lines_appended_to_a_text_without_final_line_break_go_together() {
    let file = source("a.txt", "one");
    let (a, b) = (fix(&[(3..3, "\na")]), fix(&[(3..3, "\nb")]));
    let plan = plan(&file, &[(0, &a), (1, &b)]);
    assert_eq!(plan.chosen, [0, 1]);
    assert_eq!(apply(&file, &plan.edits).unwrap(), b"one\na\nb");
}

#[test]
fn a_fix_that_touches_another_waits_as_a_whole() {
    let file = source("a.txt", TEXT);
    let taken = fix(&[(4..7, "2")]);
    for other in [
        fix(&[(5..6, "x")]),
        fix(&[(0..14, "x")]),
        fix(&[(4..4, "x\n")]),
        fix(&[(7..7, "x")]),
        fix(&[(3..4, "")]),
        fix(&[(0..1, "x"), (5..5, "x"), (9..9, "x")]),
    ] {
        let plan = plan(&file, &[(0, &taken), (1, &other)]);
        assert_eq!((plan.chosen, plan.waiting), (vec![0], vec![1]), "{other:?}");
        assert_eq!(plan.edits, taken.edits);
    }
}

#[test]
fn inserts_that_are_no_lines_do_not_share_an_offset() {
    let file = source("a.txt", TEXT);
    for (one, other) in [("a", "b"), ("a\n", "b"), ("a\n", "\nb")] {
        let (one, other) = (fix(&[(4..4, one)]), fix(&[(4..4, other)]));
        assert_eq!(plan(&file, &[(0, &one), (1, &other)]).waiting, [1]);
    }
}

#[test]
fn one_key_is_declared_by_one_fix_a_pass() {
    let (one, other) = (fix(&[(0..0, "x: 1\n")]).key("x"), fix(&[(4..4, "x: 2\n")]).key("x"));
    assert_eq!(plan(&source("a.txt", TEXT), &[(0, &one), (1, &other)]).waiting, [1]);
}

#[test]
fn a_defective_fix_is_refused_and_hinders_none() {
    let (bad, good) = (fix(&[(0..99, "x")]), fix(&[(0..3, "1")]));
    let plan = plan(&source("a.txt", TEXT), &[(0, &bad), (1, &good)]);
    assert_eq!((plan.chosen, plan.refused), (vec![1], vec![(0, Refusal::Misfit)]));
}

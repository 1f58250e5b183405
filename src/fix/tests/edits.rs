use super::{edit, source, span};
use crate::fix::edits::moved;
use crate::fix::{Refusal, apply};

#[test]
fn bytes_outside_the_edits_stay_even_when_they_are_not_text() {
    let file = source("README.md", b"a: 1\nb: \xff\xfe\nc: 3\n");
    let edits = [edit(0..0, "x: 0\n"), edit(3..4, "one"), edit(14..15, "")];
    assert_eq!(apply(&file, &edits).unwrap(), b"x: 0\na: one\nb: \xff\xfe\nc: \n");
}

#[test]
fn bytes_that_are_not_text_are_never_replaced_nor_split() {
    let file = source("README.md", b"ab\xff\xfe\xfdcd");
    assert_eq!(apply(&file, &[edit(2..3, "x")]), Err(Refusal::NotText));
    assert_eq!(apply(&file, &[edit(0..7, "x")]), Err(Refusal::NotText));
    assert_eq!(apply(&file, &[edit(3..3, "x")]), Err(Refusal::NotText));
    assert_eq!(apply(&file, &[edit(2..2, "x")]).unwrap(), b"abx\xff\xfe\xfdcd");
    assert_eq!(apply(&file, &[edit(5..5, "x")]).unwrap(), b"ab\xff\xfe\xfdxcd");
    assert_eq!(apply(&file, &[edit(5..6, "x")]).unwrap(), b"ab\xff\xfe\xfdxd");
    assert_eq!(apply(&source("README.md", b"\xff\xfea\0"), &[edit(0..0, "x")]), Err(Refusal::NotText));
}

#[test]
fn edits_that_do_not_fit_are_refused() {
    let file = source("README.md", "é and more");
    let mut elsewhere = edit(3..4, "x");
    elsewhere.at.file.0 = 7;
    for edits in [
        vec![edit(1..2, "x")],
        vec![edit(3..99, "x")],
        vec![edit(5..6, "x"), edit(3..4, "y")],
        vec![edit(3..6, "x"), edit(5..7, "y")],
        vec![edit(3..4, "x"), elsewhere],
    ] {
        assert_eq!(apply(&file, &edits), Err(Refusal::Misfit), "{edits:?}");
    }
}

#[test]
fn a_place_follows_the_edits() {
    // Before it, at its borders, inside it, over it, and after it.
    assert_eq!(moved(span(10..20), &[edit(0..2, "12345"), edit(4..8, "")]), (9, 19));
    assert_eq!(moved(span(10..20), &[edit(10..10, "ab"), edit(20..20, "cd")]), (12, 22));
    assert_eq!(moved(span(10..20), &[edit(12..14, "a"), edit(16..16, "xyz")]), (10, 22));
    assert_eq!(moved(span(10..20), &[edit(0..0, "ab"), edit(8..22, "new")]), (10, 13));
    assert_eq!(moved(span(10..20), &[edit(20..25, ""), edit(30..31, "zz")]), (10, 20));
    assert_eq!(moved(span(10..20), &[edit(10..20, "")]), (10, 10));
    // An empty place takes what is inserted into it.
    assert_eq!(moved(span(10..10), &[edit(0..0, "ab"), edit(10..10, "key")]), (12, 15));
}

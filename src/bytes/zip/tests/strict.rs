//! What readers disagree on. Each case was tried with torch 2.15 and Python's `zipfile`.

use std::io::Cursor;

use super::super::*;
use crate::bytes::testing::{self, zip_of};
use crate::bytes::unpack::{Packing, tests::pack};
use crate::bytes::{Fault, FaultKind, Format, Input};

const PICKLE: &[u8] = b"\x80\x02}q\0.";

fn torch_members() -> Vec<testing::Member> {
    [("m/data.pkl", PICKLE), ("m/data/0", b"01234567"), ("m/version", b"3\n")]
        .map(|(name, content)| testing::Member::stored(name, content))
        .to_vec()
}

/// A torch zip whose pickle is described otherwise.
fn changed(change: impl Fn(&mut testing::Member)) -> Vec<u8> {
    let mut members = torch_members();
    change(&mut members[0]);
    zip_of(members)
}

fn check(file: &[u8], format: Format) -> Vec<Fault> {
    let mut input = Input::new(Cursor::new(file), file.len() as u64).unwrap();
    let (directory, mut faults) = Directory::read(&mut input).unwrap();
    let directory = directory.unwrap();
    faults.extend(directory.check(format, input.head()));
    for member in &directory.members {
        faults.extend(member.local(&mut input, format).unwrap().1);
    }
    faults
}

/// Each fault with whether it breaks: for torch, for numpy, and for whatever else opens zips.
fn verdicts(file: &[u8]) -> [Vec<(FaultKind, bool)>; 3] {
    [Format::TorchZip, Format::Npz, Format::Zip]
        .map(|format| check(file, format).into_iter().map(|fault| (fault.kind, fault.breaks)).collect())
}

fn all(kind: FaultKind, breaks: [bool; 3]) -> [Vec<(FaultKind, bool)>; 3] {
    breaks.map(|breaks| vec![(kind, breaks)])
}

#[test]
fn what_torch_writes_has_no_fault() {
    assert_eq!(verdicts(&zip_of(torch_members())), [vec![], vec![], vec![]]);
    let with_folders = [testing::Member::stored("m/", b""), testing::Member::stored("m/data/", b"")];
    assert_eq!(verdicts(&zip_of(with_folders.into_iter().chain(torch_members()))), [vec![], vec![], vec![]]);
}

#[test]
fn marks_of_encryption_break() {
    for flags in [1, 0x20, 0x40, 0x2000] {
        let file = changed(|member| member.flags = flags);
        assert_eq!(verdicts(&file), all(FaultKind::Field, [true; 3]), "{flags:#x}");
    }
    for flags in [0x8, 0x800] {
        assert_eq!(verdicts(&changed(|member| member.flags = flags)), [vec![], vec![], vec![]], "{flags:#x}");
    }
    let only_local = changed(|member| member.local_flags = 1);
    assert_eq!(verdicts(&only_local), [vec![], vec![], vec![]], "everybody goes by the directory");
}

#[test]
fn one_name_twice_is_told_and_both_members_are_kept() {
    let twice = || torch_members().into_iter().chain([testing::Member::stored("m/data.pkl", b"\x80\x02N.")]);
    assert_eq!(verdicts(&zip_of(twice())), all(FaultKind::Duplicate, [false; 3]));
    let file = zip_of(twice());
    let mut input = Input::new(Cursor::new(&file), file.len() as u64).unwrap();
    let directory = Directory::read(&mut input).unwrap().0.unwrap();
    assert_eq!(directory.members.iter().filter(|member| member.name == "m/data.pkl").count(), 2);
}

#[test]
fn another_name_before_the_bytes_is_passed_over_by_torch_only() {
    let file = changed(|member| "m/dat4.pkl".clone_into(&mut member.local_name));
    assert_eq!(verdicts(&file), all(FaultKind::Name, [false, true, true]));
}

#[test]
fn torch_wants_one_folder() {
    for name in ["other/data.pkl", "notes.txt", "mm/x", "m"] {
        let file = zip_of(torch_members().into_iter().chain([testing::Member::stored(name, b"x")]));
        assert_eq!(verdicts(&file), [vec![(FaultKind::Name, true)], vec![], vec![]], "{name}");
    }
}

#[test]
fn bytes_in_front_break_what_looks_at_the_first_ones() {
    let zip = zip_of(torch_members());
    let moved = [b"#!/bin/sh\n".as_slice(), &zip].concat();
    assert_eq!(verdicts(&moved), all(FaultKind::Leftover, [true, true, false]));
    let looks_right = [b"PK\x03\x04".as_slice(), &zip].concat();
    assert_eq!(verdicts(&looks_right), [vec![(FaultKind::Leftover, true)], vec![], vec![]]);
}

#[test]
fn a_zip_that_was_cut_inside_a_stored_zip_is_told_from_one_with_something_in_front() {
    let inner = zip_of(torch_members());
    let outer = zip_of([testing::Member::stored("data", b"{}"), testing::Member::stored("policy.pth", &inner)]);
    let end = outer.windows(inner.len()).position(|window| window == inner).unwrap() + inner.len();
    // Up to the end of the inner one, and a little further.
    for length in [end, end + 8] {
        let [torch, .., other] = verdicts(&outer[..length]);
        assert_eq!([torch, other], [(); 2].map(|()| vec![(FaultKind::CutShort, true)]), "{length}");
    }
    let behind_another = [outer.as_slice(), &inner].concat();
    assert_eq!(verdicts(&behind_another), [vec![(FaultKind::Leftover, true)], vec![], vec![]]);
}

#[test]
fn sizes_and_methods_that_torch_refuses() {
    let stored = changed(|member| member.size += 1);
    assert_eq!(verdicts(&stored), all(FaultKind::Size, [true, false, false]));
    let bzipped = changed(|member| member.method = 12);
    assert_eq!(verdicts(&bzipped), [vec![(FaultKind::Field, true)], vec![], vec![]]);
    let unknown = changed(|member| member.method = 93);
    assert_eq!(verdicts(&unknown), all(FaultKind::Field, [true; 3]));
}

#[test]
fn members_that_share_bytes_are_told() {
    let into_the_next = changed(|member| {
        member.size += 20;
        member.compressed += 20;
    });
    assert_eq!(verdicts(&into_the_next), all(FaultKind::Overlap, [false; 3]));
    let mut members = torch_members();
    members[2].offset = Some(0);
    let [torch, ..] = verdicts(&zip_of(members));
    assert!(torch.contains(&(FaultKind::Overlap, false)) && torch.contains(&(FaultKind::Name, false)), "{torch:?}");
}

#[test]
fn a_member_without_a_header_is_told() {
    let mut file = zip_of(torch_members());
    file[0] = b'Q';
    let [torch, ..] = verdicts(&file);
    assert!(torch.contains(&(FaultKind::Syntax, true)), "{torch:?}");
}

#[test]
fn a_name_in_other_letters_is_found_as_torch_finds_it() {
    let file = changed(|member| "m/DATA.pkl".clone_into(&mut member.name));
    let mut input = Input::new(Cursor::new(&file), file.len() as u64).unwrap();
    assert!(Directory::read(&mut input).unwrap().0.unwrap().has_ending("/data.pkl"));
}

#[test]
fn content_is_read_by_each_method() {
    use std::io::Read;
    let members = [(0, None), (8, Some(Packing::Deflate)), (12, Some(Packing::Bzip2)), (14, Some(Packing::ZipLzma))]
        .map(|(method, packing)| {
            let packed = packing.map_or_else(|| PICKLE.to_vec(), |packing| pack(packing, PICKLE));
            testing::Member::packed("m/data.pkl", PICKLE, method, packed)
        });
    let file = zip_of(members.into_iter().chain([testing::Member::packed("x", PICKLE, 93, vec![1])]));
    let mut input = Input::new(Cursor::new(&file), file.len() as u64).unwrap();
    let directory = Directory::read(&mut input).unwrap().0.unwrap();
    for member in &directory.members {
        let local = member.local(&mut input, Format::Zip).unwrap().0.unwrap();
        let archive = Content::file(&mut input);
        let Some(content) = member.content(&archive, local.start) else {
            assert_eq!(member.method, 93);
            continue;
        };
        let mut bytes = Vec::new();
        content.open().unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, PICKLE, "{}", member.method);
    }
}

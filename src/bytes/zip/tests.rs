//! What a directory says, and that no archive breaks the reader.

use std::io::Cursor;

use super::*;
use crate::bytes::testing::{Random, Sparse, mutate, zip};
use crate::bytes::{FaultKind, Input};

mod oracle;
mod strict;

fn read(bytes: &[u8]) -> (Option<Directory>, Vec<FaultKind>) {
    let mut input = Input::new(Cursor::new(bytes), bytes.len() as u64).unwrap();
    let (directory, faults) = Directory::read(&mut input).unwrap();
    (directory, faults.iter().map(|fault| fault.kind).collect())
}

const MEMBERS: &[(&str, &[u8])] = &[("m/data.pkl", b"\x80\x02}."), ("m/data/0", b"01234567"), ("m/version", b"3\n")];

#[test]
fn members_are_listed_with_their_places() {
    let bytes = zip(MEMBERS);
    let (directory, faults) = read(&bytes);
    let directory = directory.unwrap();
    assert_eq!((faults.as_slice(), directory.prefix), ([].as_slice(), 0));
    let names: Vec<_> = directory.members.iter().map(|member| (member.name.as_str(), member.size)).collect();
    assert_eq!(names, [("m/data.pkl", 4), ("m/data/0", 8), ("m/version", 2)]);
    let second = &directory.members[1];
    let content = second.offset as usize + 30 + second.name.len();
    assert_eq!(&bytes[content..content + 8], b"01234567");
}

#[test]
fn equal_names_are_both_listed() {
    let (directory, _) = read(&zip(&[("a", b"1"), ("a", b"2")]));
    assert_eq!(directory.unwrap().members.len(), 2);
}

#[test]
fn something_in_front_moves_every_place() {
    let bytes = [b"#!/bin/sh\n".as_slice(), &zip(MEMBERS)].concat();
    let directory = read(&bytes).0.unwrap();
    assert_eq!((directory.prefix, directory.members[0].offset), (10, 10));
}

#[test]
fn a_comment_and_what_follows_it_do_not_hide_the_directory() {
    let mut bytes = zip(MEMBERS);
    let length = bytes.len();
    bytes[length - 2] = 20;
    bytes.extend(b"PK\x05\x06 a false record  ");
    assert_eq!(read(&bytes).0.unwrap().members.len(), 3);
    bytes.extend([b'x'; 60_000]);
    assert_eq!(read(&bytes).0.unwrap().members.len(), 3);
}

#[test]
fn an_archive_that_is_cut_short_has_no_directory() {
    let bytes = zip(MEMBERS);
    for length in 0..bytes.len() {
        let (directory, faults) = read(&bytes[..length]);
        assert_eq!((directory, faults.as_slice()), (None, [FaultKind::CutShort].as_slice()), "{length}");
    }
}

#[test]
fn a_member_that_claims_too_much_is_a_fault() {
    let mut bytes = zip(MEMBERS);
    let entry = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    bytes[entry + 22] = 1;
    assert_eq!(read(&bytes).1, [FaultKind::Size]);
}

#[test]
fn zip64_sizes_and_records_are_read() {
    // One member of 5 GB: sizes and record in their wide form.
    let (name, size) = ("m/data/0", 5_000_000_000_u64);
    let start = 30 + name.len() as u64 + size;
    let mut tail = b"PK\x01\x02".to_vec();
    tail.extend([0; 16]);
    tail.extend([0xFF; 8]);
    tail.extend([name.len() as u8, 0, 20, 0]);
    tail.extend([0; 14]);
    tail.extend(name.as_bytes());
    tail.extend([1, 0, 16, 0]);
    tail.extend(size.to_le_bytes());
    tail.extend(size.to_le_bytes());
    let length = tail.len() as u64;
    let record_at = start + length;
    tail.extend(b"PK\x06\x06");
    tail.extend([0; 20]);
    for field in [1, 1, length, start] {
        tail.extend(u64::to_le_bytes(field));
    }
    tail.extend(b"PK\x06\x07\0\0\0\0");
    tail.extend(record_at.to_le_bytes());
    tail.extend([1, 0, 0, 0]);
    tail.extend(b"PK\x05\x06\0\0\0\0");
    tail.extend([0xFF; 12]);
    tail.extend([0, 0]);
    let total = start + tail.len() as u64;
    let mut input = Input::new(Sparse::new(b"PK\x03\x04", total).ending(&tail), total).unwrap();
    let (directory, faults) = Directory::read(&mut input).unwrap();
    let member = &directory.unwrap().members[0];
    assert_eq!((member.size, member.compressed, member.offset), (size, size, 0));
    assert_eq!(faults, []);
    assert!(input.into_inner().read_bytes() < 10_000, "a large archive costs what its directory costs");
}

#[test]
fn no_mutation_breaks_the_reader() {
    let seeds = [zip(MEMBERS), zip(&[])];
    let mut random = Random::new(8);
    for _ in 0..10_000 {
        for seed in &seeds {
            read(&mutate(seed, &mut random));
        }
    }
}

//! The `zip` crate as the oracle: on sound archives both readers see the same; where they differ, it is said why.

use std::io::{Cursor, Read, Write};

use ::zip::write::SimpleFileOptions;
use ::zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::super::*;
use crate::bytes::testing::{self, Random, mutate, zip_of};
use crate::bytes::{Format, Input};

#[derive(Debug, PartialEq)]
struct Seen {
    name: String,
    size: u64,
    compressed: u64,
    crc: u32,
    content: Vec<u8>,
}

fn ours(file: &[u8]) -> Option<Vec<Seen>> {
    let mut input = Input::new(Cursor::new(file), file.len() as u64).unwrap();
    let directory = Directory::read(&mut input).unwrap().0?;
    let mut seen = Vec::new();
    for member in &directory.members {
        let local = member.local(&mut input, Format::Zip).unwrap().0?;
        let mut content = Vec::new();
        let archive = Content::file(&mut input);
        member.content(&archive, local.start)?.open().unwrap().read_to_end(&mut content).ok()?;
        let (size, compressed, crc) = (member.size, member.compressed, member.crc);
        seen.push(Seen { name: member.name.clone(), size, compressed, crc, content });
    }
    Some(seen)
}

fn theirs(file: &[u8]) -> Option<Vec<Seen>> {
    let mut archive = ZipArchive::new(Cursor::new(file)).ok()?;
    let mut seen = Vec::new();
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).ok()?;
        let mut content = Vec::new();
        member.read_to_end(&mut content).ok()?;
        let (size, compressed, crc) = (member.size(), member.compressed_size(), member.crc32());
        seen.push(Seen { name: member.name().ok()?.into_owned(), size, compressed, crc, content });
    }
    Some(seen)
}

/// An archive with many sorts of members, as the crate writes it.
fn written(large: bool, comment: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut random = Random::new(2);
    for (index, length) in [0, 1, 100, 5_000, 70_000].into_iter().enumerate() {
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            let options = SimpleFileOptions::default().compression_method(method).large_file(large);
            writer.start_file(format!("m/d\u{e9}/{index}-{method}"), options).unwrap();
            let content: Vec<u8> = (0..length).map(|at| if at % 2 == 0 { random.next() as u8 } else { 7 }).collect();
            writer.write_all(&content).unwrap();
        }
    }
    writer.add_directory("m/empty", SimpleFileOptions::default()).unwrap();
    writer.set_comment(comment).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn sound_archives_are_read_alike() {
    for (large, comment) in [(false, ""), (true, ""), (false, "made by a test"), (true, "PK\u{5}\u{6} in a comment")] {
        let file = written(large, comment);
        let seen = ours(&file).unwrap();
        assert_eq!(seen.len(), 11);
        assert_eq!(Some(seen), theirs(&file), "{large} {comment}");
        let in_front = [b"#!/usr/bin/env python\n".as_slice(), &file].concat();
        assert_eq!(ours(&in_front), theirs(&in_front), "bytes in front");
    }
}

/// The crate keeps one member of each name: the last. We list both, as torch takes the first.
#[test]
fn of_equal_names_we_see_both() {
    let file =
        zip_of([("m/a", b"first"), ("m/a", b"other")].map(|(name, content)| testing::Member::stored(name, content)));
    let contents = |seen: Vec<Seen>| seen.into_iter().map(|seen| seen.content).collect::<Vec<_>>();
    assert_eq!(contents(ours(&file).unwrap()), [b"first", b"other"]);
    assert_eq!(contents(theirs(&file).unwrap()), [b"other"]);
}

/// The crate refuses what is marked as encrypted. We read on, as torch before 2.6 did.
#[test]
fn marks_of_encryption_do_not_stop_us() {
    let mut member = testing::Member::stored("m/data.pkl", b"\x80\x02}.");
    member.flags = 1;
    let file = zip_of([member]);
    assert_eq!(ours(&file).unwrap()[0].content, b"\x80\x02}.");
    assert_eq!(theirs(&file), None);
}

/// The crate refuses content with another checksum. We read it, as torch does, and tell the fault apart.
#[test]
fn a_checksum_does_not_stop_us() {
    let mut member = testing::Member::stored("m/data.pkl", b"\x80\x02}.");
    member.crc ^= 1;
    let file = zip_of([member]);
    assert_eq!(ours(&file).unwrap()[0].content, b"\x80\x02}.");
    assert_eq!(theirs(&file), None);
}

/// Whatever is done to an archive: where both read all of it, they read the same members. Names may differ, as the
/// crate reads those that are not UTF-8 as CP437 and takes Unicode ones from extra fields, and it drops equal names.
#[test]
fn mutated_archives_are_not_read_as_something_else() {
    let seed = written(false, "");
    // The start of the archive and its directory; the contents in between prove nothing.
    let small = {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for name in ["m/data.pkl", "m/data/0", "m/version"] {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(name.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    assert!(ours(&seed).is_some());
    let mut random = Random::new(21);
    let mut both = 0;
    for _ in 0..testing::rounds(3000) {
        let file = mutate(&small, &mut random);
        let (Some(ours), Some(theirs)) = (ours(&file), theirs(&file)) else { continue };
        both += 1;
        for seen in &theirs {
            let is_ours = |our: &&Seen| our.content == seen.content && our.crc == seen.crc;
            assert!(ours.iter().any(|our| is_ours(&our)), "{seen:?} is not in {ours:?}");
        }
    }
    assert!(both > 100, "{both} archives were read by both");
}

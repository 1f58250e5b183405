//! What is in a tar, and that no tar breaks the reader.

use std::io::Cursor;

use super::*;
use crate::bytes::testing::{self, Random, mutate, tar};

fn read(file: &[u8], most: usize) -> (Vec<(Entry, Vec<u8>)>, TarEnd) {
    let mut input = Input::new(Cursor::new(file), file.len() as u64).unwrap();
    let mut seen = Vec::new();
    let end = walk(&mut input, most, |entry, head| seen.push((entry, head.to_vec()))).unwrap();
    (seen, end)
}

fn kind(file: &[u8]) -> Option<Format> {
    recognize(&mut Input::new(Cursor::new(file), file.len() as u64).unwrap()).unwrap()
}

fn set_checksum(block: &mut [u8]) {
    block[148..156].fill(b' ');
    let sum: u32 = block[..512].iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

#[test]
fn members_come_with_their_place_and_start() {
    let large = vec![7; 10_000];
    let file = tar(&[("a/one", b"1"), ("empty", b""), ("two", &large)]);
    let (seen, end) = read(&file, MAX_HEADERS);
    let names: Vec<_> = seen.iter().map(|(entry, _)| (entry.name.as_str(), entry.start, entry.size)).collect();
    assert_eq!(names, [("a/one", 512, 1), ("empty", 1536, 0), ("two", 2048, 10_000)]);
    assert_eq!((seen[0].1.as_slice(), seen[1].1.len(), seen[2].1.len()), (b"1".as_slice(), 0, 4096));
    assert_eq!(end, TarEnd::Here(2048 + 10_240));
    assert_eq!(read(&file, 2).1, TarEnd::More(1536));
}

#[test]
fn torch_is_known_by_its_members() {
    let torch: &[(&str, &[u8])] = &[("sys_info", b"x"), ("pickle", b"x"), ("storages", b"x"), ("tensors", b"x")];
    assert_eq!(kind(&tar(torch)), Some(Format::TorchTar));
    assert_eq!(kind(&tar(&[("./pickle", b"x"), ("./tensors", b"x")])), Some(Format::TorchTar));
    assert_eq!(kind(&tar(&[("pickle", b"x")])), Some(Format::Tar));
    assert_eq!(kind(&[0; 1024]), None);
    assert_eq!(kind(&[b'0'; 1024]), None);
}

#[test]
fn a_header_without_a_magic_word_counts() {
    let mut file = tar(&[("pickle", b"x"), ("storages", b"y")]);
    for at in [0, 1024] {
        file[at + 257..at + 265].fill(0);
        set_checksum(&mut file[at..]);
    }
    assert_eq!(kind(&file), Some(Format::TorchTar));
    file[0] = b'q';
    assert_eq!(kind(&file), None, "its checksum is wrong");
}

#[test]
fn long_names_and_sizes_are_read() {
    let long = "folder/".repeat(30) + "data.pkl";
    let mut file = tar(&[("././@LongLink", long.as_bytes()), ("short", b"12345")]);
    file[156] = b'L';
    set_checksum(&mut file);
    assert_eq!(read(&file, 9).0[0].0, Entry { name: long.clone(), start: 1536, size: 5 });

    let record = format!("{} path={long}\n13 size=4\n", long.len() + 10);
    let mut file = tar(&[("x", record.as_bytes()), ("short", b"12345")]);
    file[156] = b'x';
    set_checksum(&mut file);
    let entry = read(&file, 9).0[0].0.clone();
    assert_eq!((entry.name.as_str(), entry.start), (long.as_str(), 1536));

    let mut file = tar(&[("x", b"12345")]);
    file[124..136].copy_from_slice(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5]);
    set_checksum(&mut file);
    assert_eq!(read(&file, 9).0[0].0.size, 5);
    file[130] = 0x7F;
    set_checksum(&mut file);
    let entry = read(&file, 9).0[0].0.clone();
    assert!(entry.size > 1 << 40, "a size beyond the file is told as it stands: {entry:?}");
}

#[test]
fn links_and_folders_are_passed_over() {
    for kind in b'1'..=b'6' {
        let mut file = tar(&[("link", b""), ("file", b"1")]);
        file[156] = kind;
        file[157..168].copy_from_slice(b"/etc/passwd");
        set_checksum(&mut file);
        let names: Vec<_> = read(&file, 9).0.into_iter().map(|(entry, _)| entry.name).collect();
        assert_eq!(names, ["file"], "{}", char::from(kind));
    }
}

#[test]
fn no_mutation_breaks_the_reader() {
    let seed = tar(&[("pickle", b"\x80\x02}."), ("storages", b"1"), ("tensors", &[1; 700])]);
    let mut random = Random::new(4);
    for _ in 0..testing::rounds(5_000) {
        let file = mutate(&seed, &mut random);
        read(&file, MAX_HEADERS);
        kind(&file);
    }
}

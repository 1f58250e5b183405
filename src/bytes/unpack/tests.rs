//! Streams that end, break off, lie about their memory, or unpack to too much.

use std::io::{Cursor, Read, Write};
use std::time::Duration;

use super::*;
use crate::bytes::Input;
use crate::bytes::testing::{Random, mutate};

const WHOLE_FILES: [Packing; 5] = [Packing::Zlib, Packing::Gzip, Packing::Bzip2, Packing::Xz, Packing::Lzma];

pub(crate) fn pack(packing: Packing, bytes: &[u8]) -> Vec<u8> {
    let level = flate2::Compression::best();
    let options = lzma_rust2::LzmaOptions::with_preset(3);
    let mut packed = Vec::new();
    match packing {
        Packing::Deflate => {
            let mut writer = flate2::write::DeflateEncoder::new(&mut packed, level);
            writer.write_all(bytes).unwrap();
            writer.finish().unwrap();
        }
        Packing::Zlib => {
            let mut writer = flate2::write::ZlibEncoder::new(&mut packed, level);
            writer.write_all(bytes).unwrap();
            writer.finish().unwrap();
        }
        Packing::Gzip => {
            let mut writer = flate2::write::GzEncoder::new(&mut packed, level);
            writer.write_all(bytes).unwrap();
            writer.finish().unwrap();
        }
        Packing::Bzip2 => {
            let mut writer = bzip2::write::BzEncoder::new(&mut packed, bzip2::Compression::best());
            writer.write_all(bytes).unwrap();
            writer.finish().unwrap();
        }
        Packing::Xz => {
            let mut writer = lzma_rust2::XzWriter::new(&mut packed, lzma_rust2::XzOptions::with_preset(3)).unwrap();
            writer.write_all(bytes).unwrap();
            writer.finish().unwrap();
        }
        Packing::Lzma => {
            let mut writer = lzma_rust2::LzmaWriter::new_use_header(&mut packed, &options, None).unwrap();
            writer.write_all(bytes).unwrap();
            writer.finish().unwrap();
        }
        Packing::ZipLzma => {
            let alone = pack(Packing::Lzma, bytes);
            packed.extend([9, 20, 5, 0]);
            packed.extend(&alone[..5]);
            packed.extend(&alone[13..]);
        }
    }
    packed
}

/// What a packed file gives, or that it gives an error, and whether its allowance is spent.
fn unpack(packing: Packing, packed: &[u8]) -> (Option<Vec<u8>>, bool) {
    let mut input = Input::new(Cursor::new(packed), packed.len() as u64).unwrap();
    let content = Content::file(&mut input).unpacked(packing).unwrap();
    let mut bytes = Vec::new();
    let read = content.open().unwrap().read_to_end(&mut bytes);
    (read.ok().map(|_| bytes), content.allowance().is_spent())
}

fn sample() -> Vec<u8> {
    let mut random = Random::new(5);
    (0..20_000).map(|at| if at % 3 == 0 { random.next() as u8 } else { b'w' }).collect()
}

#[test]
fn every_packing_is_undone() {
    for packing in [Packing::Deflate, Packing::ZipLzma].into_iter().chain(WHOLE_FILES) {
        for bytes in [Vec::new(), b"x".to_vec(), sample()] {
            assert_eq!(unpack(packing, &pack(packing, &bytes)).0, Some(bytes), "{packing:?}");
        }
    }
}

#[test]
fn a_stream_that_follows_another_is_read_too() {
    for packing in WHOLE_FILES {
        let packed = [pack(packing, b"one, "), pack(packing, b""), pack(packing, b"two")].concat();
        assert_eq!(unpack(packing, &packed).0.as_deref(), Some(b"one, two".as_slice()), "{packing:?}");
    }
}

#[test]
fn what_breaks_off_is_an_error_and_not_an_end() {
    for packing in [Packing::Deflate].into_iter().chain(WHOLE_FILES) {
        let packed = pack(packing, &sample()[..500]);
        for length in 1..packed.len() {
            assert_eq!(unpack(packing, &packed[..length]).0, None, "{packing:?} {length} of {}", packed.len());
        }
    }
}

#[test]
fn what_unpacks_to_too_much_is_stopped_and_known() {
    for packing in [Packing::Deflate, Packing::Zlib, Packing::Gzip, Packing::Bzip2, Packing::Xz, Packing::Lzma] {
        let bomb = pack(packing, &vec![0; 2 * 1024 * 1024]);
        let mut input = Input::new(Cursor::new(&bomb), bomb.len() as u64).unwrap();
        let content = Content::allowed(&mut input, Allowance::of(1024 * 1024)).unpacked(packing).unwrap();
        let mut opened = content.open().unwrap();
        assert!(opened.skip(u64::MAX).is_err(), "{packing:?}");
        assert!(content.allowance().is_spent(), "{packing:?}");
        assert!(content.open().unwrap().read(&mut [0; 10]).is_err(), "a second reading has no allowance of its own");
    }
}

#[test]
fn no_stream_gets_the_memory_that_it_asks_for() {
    let mut packed = pack(Packing::Lzma, b"small");
    // The dictionary: 4 GiB - 16, with an unknown length.
    packed[1..5].copy_from_slice(&[0xF0, 0xFF, 0xFF, 0xFF]);
    packed[5..13].fill(0xFF);
    assert_eq!(unpack(Packing::Lzma, &packed).0, None);
    let mut packed = pack(Packing::Xz, b"small");
    // The block header: size, flags, filter, length of its properties, dictionary, and their checksum.
    assert_eq!(packed[12..16], [2, 0, 0x21, 1], "{:?}", &packed[..24]);
    packed[16] = 40;
    let mut crc = flate2::Crc::new();
    crc.update(&packed[12..20]);
    packed[20..24].copy_from_slice(&crc.sum().to_le_bytes());
    assert_eq!(unpack(Packing::Xz, &packed).0, None);
    packed[16] = 28;
    let mut crc = flate2::Crc::new();
    crc.update(&packed[12..20]);
    packed[20..24].copy_from_slice(&crc.sum().to_le_bytes());
    assert_eq!(unpack(Packing::Xz, &packed).0.as_deref(), Some(b"small".as_slice()), "64 MiB, xz's highest level");
}

#[test]
fn parts_and_streams_nest_and_can_be_read_again() {
    let inner = [b"....".as_slice(), &pack(Packing::Gzip, b"the words"), b"...."].concat();
    let packed = [b"##".as_slice(), &pack(Packing::Xz, &inner)].concat();
    let mut input = Input::new(Cursor::new(&packed), packed.len() as u64).unwrap();
    let file = Content::file(&mut input);
    let middle = file.part(2, u64::MAX).unpacked(Packing::Xz).unwrap().part(4, inner.len() as u64 - 8);
    assert_eq!((file.offset(), file.part(2, 5).offset(), middle.offset()), (Some(0), Some(2), None));
    let words = middle.unpacked(Packing::Gzip).unwrap();
    assert!(matches!(words.head(3).unwrap(), (head, HeadEnd::More) if head == b"the"));
    assert!(matches!(words.head(30).unwrap(), (head, HeadEnd::Complete) if head == b"the words"));
    let (mut replay, length) = words.replay().unwrap();
    assert_eq!(length, 9);
    let mut input = Input::new(&mut replay, length).unwrap();
    assert_eq!((input.read(4, 5).unwrap(), input.read(1, 2).unwrap()), (b"words".to_vec(), b"he".to_vec()));
    let third = words.unpacked(Packing::Zlib).unwrap();
    assert!(third.unpacked(Packing::Zlib).is_none(), "there is a limit");
}

#[test]
fn replay_goes_back() {
    let bytes = sample();
    let packed = pack(Packing::Zlib, &bytes);
    let mut input = Input::new(Cursor::new(&packed), packed.len() as u64).unwrap();
    let content = Content::file(&mut input).unpacked(Packing::Zlib).unwrap();
    let (mut replay, length) = content.replay().unwrap();
    let mut unpacked = Input::new(&mut replay, length).unwrap();
    for at in [15_000, 9_000, 19_990, 4_100, 12_000] {
        assert_eq!(unpacked.read(at as u64, 10).unwrap(), &bytes[at..at + 10]);
    }
}

#[test]
fn a_part_of_a_file_is_not_read_where_it_is_passed_over() {
    let mut reader = crate::bytes::testing::Sparse::new(b"head", 1 << 40);
    let mut input = Input::new(&mut reader, 1 << 40).unwrap();
    let content = Content::file(&mut input).part(1 << 20, 1 << 39);
    let mut opened = content.open().unwrap();
    assert_eq!(opened.skip(1 << 38).unwrap(), 1 << 38);
    opened.read_exact(&mut [1; 100]).unwrap();
    assert_eq!(opened.skip(u64::MAX).unwrap(), (1 << 39) - (1 << 38) - 100);
    drop((opened, content));
    assert!(reader.read_bytes() < 10_000);
}

#[test]
fn no_mutation_breaks_an_unpacker() {
    let rounds = crate::bytes::testing::rounds(300);
    let mut random = Random::new(11);
    for packing in [Packing::Deflate, Packing::ZipLzma].into_iter().chain(WHOLE_FILES) {
        let seed = pack(packing, &sample()[..3000]);
        for round in 0..rounds {
            let started = crate::testing::Stopwatch::start();
            unpack(packing, &mutate(&seed, &mut random));
            let took = started.elapsed();
            assert!(took < Duration::from_secs(1), "{packing:?}, round {round}: {took:?}");
        }
    }
}

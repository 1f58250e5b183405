//! Headers good and bad, and that none breaks the reader.

use std::io::Cursor;

use super::*;
use crate::bytes::FaultKind;
use crate::bytes::testing::{Random, Sparse, mutate, rounds};

/// Writes a header piece by piece, in either byte order and any version.
struct Writer {
    bytes: Vec<u8>,
    version: u32,
    big: bool,
}

impl Writer {
    fn new(version: u32, big: bool, tensors: u64, keys: u64) -> Self {
        let mut writer = Self { bytes: b"GGUF".to_vec(), version, big };
        writer.u32(version).length(tensors).length(keys);
        writer
    }

    fn raw(&mut self, mut bytes: Vec<u8>) -> &mut Self {
        if self.big {
            bytes.reverse();
        }
        self.bytes.extend(bytes);
        self
    }

    fn u32(&mut self, number: u32) -> &mut Self {
        self.raw(number.to_le_bytes().to_vec())
    }

    fn u64(&mut self, number: u64) -> &mut Self {
        self.raw(number.to_le_bytes().to_vec())
    }

    fn length(&mut self, number: u64) -> &mut Self {
        if self.version == 1 { self.u32(number as u32) } else { self.u64(number) }
    }

    fn string(&mut self, text: &str) -> &mut Self {
        self.length(text.len() as u64);
        self.bytes.extend(text.as_bytes());
        self
    }

    fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.string(key).u32(8).string(value)
    }

    fn tensor(&mut self, name: &str, dimensions: &[u64], kind: u32, offset: u64) -> &mut Self {
        self.string(name).u32(dimensions.len() as u32);
        for size in dimensions {
            self.length(*size);
        }
        self.u32(kind).u64(offset)
    }

    /// Pads to 32 bytes and adds the tensors' bytes.
    fn finish(&mut self, data: usize) -> Vec<u8> {
        let start = self.bytes.len().div_ceil(32) * 32;
        self.bytes.resize(start + data, 0);
        std::mem::take(&mut self.bytes)
    }
}

fn sample(version: u32, big: bool) -> Vec<u8> {
    let mut writer = Writer::new(version, big, 2, 5);
    writer.text("general.architecture", "llama");
    writer.string("general.file_type").u32(4).u32(15);
    writer.string("general.tags").u32(9).u32(8).length(2).string("a").string("b");
    writer.string("tokenizer.ggml.scores").u32(9).u32(6).length(3).u32(0).u32(0).u32(0);
    writer.string("rope").u32(6).raw(1.5_f32.to_le_bytes().to_vec());
    writer.tensor("blk.0", &[256, 2], 12, 0).tensor("norm", &[4], 0, 288).finish(288 + 16)
}

fn read(bytes: &[u8]) -> (Option<Gguf>, Vec<Fault>) {
    let mut input = Input::new(Cursor::new(bytes), bytes.len() as u64).unwrap();
    Gguf::read(&mut input).unwrap()
}

fn kinds(bytes: &[u8]) -> Vec<FaultKind> {
    read(bytes).1.iter().map(|fault| fault.kind).collect()
}

#[test]
fn a_header_is_read_in_every_version_and_byte_order() {
    for (version, big) in [(1, false), (2, false), (3, false), (3, true)] {
        let (gguf, faults) = read(&sample(version, big));
        let gguf = gguf.unwrap();
        assert_eq!(faults, [], "{version} {big}");
        assert_eq!((gguf.version, gguf.big_endian), (version, big));
        assert_eq!(gguf.get("general.architecture").and_then(Value::as_str), Some("llama"));
        assert_eq!(gguf.get("general.file_type").and_then(Value::as_u64), Some(15));
        assert_eq!(gguf.get("general.tags"), Some(&Value::Strings(vec!["a".into(), "b".into()])));
        assert_eq!(gguf.get("tokenizer.ggml.scores"), Some(&Value::Array(3)));
        assert_eq!(gguf.get("rope"), Some(&Value::Float(1.5)));
        assert_eq!((gguf.parameters(), gguf.tensors[0].kind.name()), (516, Some("Q4_K")));
        assert_eq!((gguf.tensors[0].bytes(), gguf.tensors[1].offset), (Some(288), 288));
    }
}

#[test]
fn a_file_that_is_cut_short_says_so() {
    let bytes = sample(3, false);
    for length in 8..bytes.len() {
        let found = kinds(&bytes[..length]);
        assert_eq!(found, [FaultKind::CutShort], "{length}");
    }
    let (_, faults) = read(&bytes[..bytes.len() - 1]);
    assert_eq!(faults[0].tensor.as_deref(), Some("norm"));
}

#[test]
fn lying_counts_cost_nothing() {
    for (tensors, keys) in [(u64::MAX, 1), (1, u64::MAX), (1 << 40, 0), (0, 1 << 63)] {
        assert_eq!(kinds(&Writer::new(3, false, tensors, keys).finish(64)), [FaultKind::CutShort]);
    }
    let mut writer = Writer::new(3, false, 0, 1);
    assert_eq!(kinds(&writer.string("k").u32(9).u32(10).length(u64::MAX).finish(64)), [FaultKind::CutShort]);
    let mut writer = Writer::new(3, false, 0, 1);
    assert_eq!(kinds(&writer.string("k").u32(8).length(u64::MAX).finish(64)), [FaultKind::CutShort]);
}

#[test]
fn a_huge_sparse_file_is_left_at_the_caps() {
    // An array of strings, all empty, as far as the file goes.
    let mut writer = Writer::new(3, false, 0, 1);
    writer.string("k").u32(9).u32(8).length(1 << 35);
    let mut input = Input::new(Sparse::new(&writer.bytes, 1 << 40), 1 << 40).unwrap();
    let (gguf, faults) = Gguf::read(&mut input).unwrap();
    assert_eq!((faults[0].kind, gguf.unwrap().metadata.len()), (FaultKind::Limit, 0));
    let read = input.into_inner().read_bytes();
    assert!(read <= MAX_FETCHED_BYTES + 1_000_000, "{read}");
}

#[test]
fn contradictions_are_faults() {
    let one = |dimensions: &[u64], kind, offset, data| {
        kinds(&Writer::new(3, false, 1, 0).tensor("t", dimensions, kind, offset).finish(data))
    };
    assert_eq!(one(&[32], 2, 0, 18), []);
    assert_eq!(one(&[33], 2, 0, 100), [FaultKind::Size], "rows fill blocks");
    assert_eq!(one(&[32], 2, 8, 100), [FaultKind::Size], "offsets are aligned");
    assert_eq!(one(&[1 << 40, 1 << 40], 0, 0, 100), [FaultKind::Size]);
    assert_eq!(one(&[1, 1, 1, 1, 1], 0, 0, 100), [FaultKind::Size]);
    assert_eq!(one(&[1 << 40, 1 << 40, 0], 0, 0, 100), [FaultKind::Size], "a product of 0 is counted");
    assert_eq!(one(&[u64::MAX, 0], 0, 0, 0), [FaultKind::Size, FaultKind::Size], "a negative one, and a zero");
    assert_eq!(one(&[0], 0, 0, 0), [FaultKind::Size]);
    assert_eq!(one(&[1 << 30], 999, 0, 0), [FaultKind::Dtype]);
    assert_eq!(one(&[1 << 30], 45, 0, 0), [FaultKind::Limit], "a later version may have it");
    for fork in [36, 139, 212] {
        assert_eq!(one(&[1 << 30], fork, 0, 0), [], "types of forks have their own sizes");
    }
    let twice = Writer::new(3, false, 2, 0).tensor("t", &[1], 0, 0).tensor("t", &[1], 0, 32).finish(64);
    assert_eq!(kinds(&twice), [FaultKind::Duplicate]);
    let twice = Writer::new(3, false, 0, 2).text("k", "a").text("k", "b").finish(0);
    assert_eq!(kinds(&twice), [FaultKind::Duplicate]);
    let two = |first: u64, second: u64| {
        read(&Writer::new(3, false, 2, 0).tensor("a", &[16], 0, first).tensor("b", &[16], 0, second).finish(256)).1
    };
    assert_eq!(two(0, 64), []);
    for (first, second, said) in [
        (64, 0, "`a` starts at byte 64 of the data, and the tensors listed before it end at 0"),
        (0, 96, "`b` starts at byte 96 of the data, and the tensors listed before it end at 64"),
    ] {
        let faults = two(first, second);
        assert_eq!((faults[0].kind, faults[0].message.as_str()), (FaultKind::Leftover, said));
    }
    let mut order = Writer::new(3, false, 3, 0);
    let order = order.tensor("a", &[16], 0, 0).tensor("b", &[8], 0, 64).tensor("c", &[0], 0, 64).finish(96);
    let faults = read(&order).1;
    assert_eq!(faults[1].message, "`c` is listed after tensors that follow it in the file");
    let mut fork = Writer::new(3, false, 3, 0);
    let fork = fork.tensor("a", &[16], 139, 0).tensor("b", &[16], 0, 320).tensor("c", &[1], 0, 384).finish(388);
    assert_eq!(kinds(&fork), [], "after a type of a fork the next offset is believed");
    let faults = two(0, 32);
    assert_eq!(
        (faults[0].kind, faults[0].message.as_str()),
        (FaultKind::Overlap, "`b` (32..96) shares bytes with `a` (0..64)")
    );
    assert_eq!(kinds(&Writer::new(3, false, 1, 0).tensor(&"n".repeat(63), &[1], 0, 0).finish(32)), []);
    assert_eq!(kinds(&Writer::new(3, false, 1, 0).tensor(&"n".repeat(64), &[1], 0, 0).finish(32)), [FaultKind::Name]);
    assert_eq!(one(&[32], 4, 0, 100), [FaultKind::Dtype], "a type that was removed");
    for (alignment, expected) in [(16, &[][..]), (0, &[FaultKind::Field]), (24, &[FaultKind::Field])] {
        let file = Writer::new(3, false, 0, 1).string("general.alignment").u32(4).u32(alignment).finish(64);
        assert_eq!(kinds(&file), expected, "{alignment}");
    }
    let text = Writer::new(3, false, 0, 1).text("general.alignment", "32").finish(64);
    assert_eq!(kinds(&text), [FaultKind::Field]);
    assert_eq!(kinds(&Writer::new(3, false, 0, 1).text("", "x").finish(64)), [FaultKind::Name]);
    let unknown = Writer::new(3, false, 0, 1).string("k").u32(13).finish(64);
    assert_eq!(kinds(&unknown), [FaultKind::Field]);
    assert_eq!(kinds(&Writer::new(7, false, 0, 0).finish(0)), [FaultKind::HeaderLength]);
}

#[test]
fn arrays_in_arrays_are_passed_over() {
    let mut writer = Writer::new(3, false, 0, 2);
    writer.string("k").u32(9).u32(9).length(2);
    writer.u32(8).length(1).string("x").u32(4).length(2).u32(1).u32(2);
    let bytes = writer.text("after", "here").finish(0);
    let (gguf, faults) = read(&bytes);
    assert_eq!(faults, []);
    assert_eq!(gguf.unwrap().get("after").and_then(Value::as_str), Some("here"));
    let mut writer = Writer::new(3, false, 0, 1);
    writer.string("k").u32(9);
    for _ in 0..100_000 {
        writer.u32(9).length(1);
    }
    assert_eq!(kinds(&writer.u32(4).length(0).finish(0)), [FaultKind::Limit]);
}

#[test]
fn no_mutation_breaks_the_reader() {
    let mut random = Random::new(7);
    for seed in [sample(1, false), sample(3, false), sample(3, true)] {
        for _ in 0..rounds(8_000) {
            read(&mutate(&seed, &mut random));
        }
    }
}

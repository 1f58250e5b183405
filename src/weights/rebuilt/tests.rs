//! Tensors that do not fit into their storages: what torch 2.15 says of each was seen by loading files like these.

use std::io::Cursor;

use crate::bytes::testing::zip;
use crate::source::RepoPath;
use crate::weights::examine;

/// A checkpoint `{"w": tensor}`, of which everything can be said.
#[derive(Clone)]
struct Made {
    size: Vec<i32>,
    stride: Vec<i32>,
    offset: i32,
    numel: i32,
    class: &'static str,
    what: &'static str,
    record: Option<usize>,
    small: Vec<(&'static str, &'static str)>,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            size: vec![2, 3],
            stride: vec![3, 1],
            offset: 0,
            numel: 6,
            class: "FloatStorage",
            what: "storage",
            record: Some(24),
            small: vec![("m/byteorder", "little"), ("m/version", "3\n")],
        }
    }
}

fn text(text: &str) -> Vec<u8> {
    [b"X".as_slice(), &(text.len() as u32).to_le_bytes(), text.as_bytes()].concat()
}

fn int(number: i32) -> Vec<u8> {
    [b"J".as_slice(), &number.to_le_bytes()].concat()
}

fn tuple(numbers: &[i32]) -> Vec<u8> {
    [b"(".to_vec(), numbers.iter().flat_map(|number| int(*number)).collect(), b"t".to_vec()].concat()
}

impl Made {
    /// The pickle; `rest` is what stands after the number of elements in the storage's id.
    fn pickle(&self, rest: &[u8]) -> Vec<u8> {
        let start = [b"\x80\x02}".to_vec(), text("w"), b"ctorch._utils\n_rebuild_tensor_v2\n((".to_vec()];
        let class = format!("ctorch\n{}\n", self.class).into_bytes();
        let id = [text(self.what), class, text("0"), text("cpu"), int(self.numel), rest.to_vec(), b"tQ".to_vec()];
        let place = [int(self.offset), tuple(&self.size), tuple(&self.stride)];
        let end = b"\x89ccollections\nOrderedDict\n)RtRs.".to_vec();
        [start.concat(), id.concat(), place.concat(), end].concat()
    }

    fn zip(&self) -> Vec<u8> {
        let (pickle, record) = (self.pickle(b""), vec![7; self.record.unwrap_or_default()]);
        let mut members = vec![("m/data.pkl", pickle.as_slice())];
        members.extend(self.record.map(|_| ("m/data/0", record.as_slice())));
        members.extend(self.small.iter().map(|(name, content)| (*name, content.as_bytes())));
        zip(&members)
    }

    fn legacy(&self, version: u16, keys: &[&str], count: i64, bytes: usize) -> Vec<u8> {
        let mut file = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M".to_vec();
        file.extend(version.to_le_bytes());
        file.extend(b".\x80\x02}X\x0d\0\0\0little_endian\x88s.");
        file.extend(self.pickle(b"N"));
        file.extend(b"\x80\x02](");
        keys.iter().for_each(|key| file.extend(text(key)));
        file.extend(b"e.");
        for _ in keys {
            file.extend(count.to_le_bytes());
            file.resize(file.len() + bytes, 7);
        }
        file
    }
}

/// The first fault of a file of this name.
fn said(bytes: &[u8]) -> String {
    let weight = examine(&RepoPath::new("model.pt"), Cursor::new(bytes), bytes.len() as u64).unwrap();
    weight.faults.first().map(|fault| fault.message.clone()).unwrap_or_default()
}

#[test]
fn a_tensor_fits_into_its_record() {
    let made = Made::default;
    for good in [
        made(),
        Made { size: vec![3, 2], stride: vec![1, 3], ..made() },
        Made { size: vec![1000, 6], stride: vec![0, 1], ..made() },
        Made { size: vec![0, 3], offset: 99, ..made() },
        Made { size: vec![], stride: vec![], offset: 5, ..made() },
        Made { class: "DoubleStorage", numel: 3, size: vec![3], stride: vec![1], ..made() },
        Made { small: vec![("m/.data/version", "10")], ..made() },
    ] {
        assert_eq!(said(&good.zip()), "");
    }
    for (bad, wanted) in [
        (Made { record: None, ..made() }, "`w` is in the record `data/0`, which is absent"),
        (Made { record: Some(20), ..made() }, "`w` has a storage of 24 bytes, and its record `data/0` has 20"),
        (Made { record: Some(28), ..made() }, "`w` has a storage of 24 bytes, and its record `data/0` has 28"),
        (Made { numel: 200, ..made() }, "`w` has a storage of 800 bytes, and its record `data/0` has 24"),
        (Made { numel: -6, ..made() }, "`w` has a storage of -6 elements"),
        (Made { size: vec![3, 3], ..made() }, "`w` needs 36 bytes of its storage, which has 24"),
        (Made { offset: 1, ..made() }, "`w` needs 28 bytes of its storage, which has 24"),
        (Made { stride: vec![-3, 1], ..made() }, "`w` has the stride -3, and torch allows none below 0"),
        (Made { size: vec![2, -3], ..made() }, "`w` has the size -3, and torch allows none below 0"),
        (Made { offset: -1, ..made() }, "`w` has the offset -1, and torch allows none below 0"),
        (Made { stride: vec![1], ..made() }, "`w` has 2 dimensions and 1 strides"),
        (Made { class: "QuadStorage", ..made() }, "`w` has a storage of type `QuadStorage`, which torch does not have"),
        (Made { what: "tensor", ..made() }, "`w` is in `tensor`, where torch knows storages"),
        (Made { small: vec![], ..made() }, "the archive has no member `version`"),
        (
            Made { small: vec![("m/version", "11")], ..made() },
            "the archive is of version 11, and torch 2.15 reads 1 to 10",
        ),
        (Made { small: vec![("m/version", "x\n")], ..made() }, "the member `version` says `x`, which is not a number"),
        (
            Made { small: vec![("m/version", "3"), ("m/byteorder", "little\n")], ..made() },
            "the member `byteorder` says `little\\n`, and torch knows `little` and `big`",
        ),
        (
            Made { small: vec![("m/version", "3"), ("m/.storage_alignment", "x")], ..made() },
            "the member `.storage_alignment` says `x`, which is not a number",
        ),
    ] {
        assert_eq!(said(&bad.zip()), wanted);
    }
}

#[test]
fn a_program_shares_storages_with_the_rest_of_its_archive() {
    let made = Made { record: None, ..Made::default() };
    let pickle = made.pickle(b"");
    let script = zip(&[("m/data.pkl", &pickle), ("m/code/a.py", b""), ("m/version", b"3")]);
    assert_eq!(said(&script), "");
}

#[test]
fn the_old_layout_is_what_its_pickles_say() {
    let made = Made::default();
    assert_eq!(said(&made.legacy(1001, &["0"], 6, 24)), "");
    for (bad, wanted) in [
        (made.legacy(1000, &["0"], 6, 24), "the layout is of version 1000, and torch reads 1001"),
        (made.legacy(1001, &["0"], 6, 20), "the file ends inside tensor data 1 of 1"),
        (made.legacy(1001, &["0"], 5, 20), "the storage `0` has 6 elements, and its numbers say 5"),
        (made.legacy(1001, &["0"], -6, 24), "the storage `0` has 6 elements, and its numbers say -6"),
        (made.legacy(1001, &["7"], 6, 24), "the list of storages names `7`, which no tensor uses"),
        (made.legacy(1001, &[], 6, 24), "the numbers of the storage `0` are not in the file"),
        (
            Made { size: vec![3, 3], ..made.clone() }.legacy(1001, &["0"], 6, 24),
            "`w` needs 36 bytes of its storage, which has 24",
        ),
    ] {
        assert_eq!(said(&bad), wanted);
    }
    let mut magic = made.legacy(1001, &["0"], 6, 24);
    magic[5] ^= 1;
    assert_eq!(said(&magic), "the first pickle is a number, and another one than torch begins its files with");
}

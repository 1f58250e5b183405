//! What is said of pickles in zips and in the old layout.

use std::io::{Cursor, Write};

use super::super::super::{Weight, examine};
use super::super::*;
use crate::bytes::Format;
use crate::bytes::testing::{Random, Sparse, mutate, zip};
use crate::source::RepoPath;

const CALL: &[u8] = b"\x80\x02cos\nsystem\n(X\x02\0\0\0idtR.";
const PLAIN: &[u8] = b"\x80\x02}.";

fn examined(bytes: &[u8]) -> Weight {
    examine(&RepoPath::new("model.bin"), Cursor::new(bytes), bytes.len() as u64).unwrap()
}

/// Member and offset of every dangerous import.
fn dangers(weight: &Weight) -> Vec<(Option<&str>, u64)> {
    let found = weight.pickles.found.iter();
    let imports = found.flat_map(|pickle| {
        pickle.scan.worst(Trust::Dangerous).into_iter().map(|import| (pickle.member.as_deref(), import.at))
    });
    imports.collect()
}

/// A legacy checkpoint with one storage of two floats.
fn legacy(object: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.\x80\x02}.".to_vec();
    bytes.extend(object);
    bytes.extend(b"\x80\x02]X\x01\0\0\x007a.");
    bytes.extend(2u64.to_le_bytes());
    bytes.extend([0; 8]);
    bytes
}

const TENSOR: &[u8] = b"\x80\x02(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x007X\x03\0\0\0cpuK\x02NtQ.";

#[test]
fn members_of_a_torch_zip_are_scanned_under_any_name() {
    for name in ["m/data.pkl", "m/constants.pkl", "m/readme", "m/data/x", "other/data.pkl"] {
        let members = [("m/data.pkl", PLAIN), (name, CALL), ("m/data/0", CALL), ("m/version", b"3\n")];
        let bytes = zip(&members[usize::from(name == "m/data.pkl")..]);
        let weight = examined(&bytes);
        let at = bytes.windows(CALL.len()).position(|window| window == CALL).unwrap() as u64 + 2;
        assert_eq!(dangers(&weight), [(Some(name), at)], "{name}");
        assert_eq!(weight.pickles.unread, [], "{name}");
    }
}

#[test]
fn deflated_members_are_unpacked() {
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&[CALL, &[0; 100_000]].concat()).unwrap();
    let packed = packer.finish().unwrap();
    let make = |content: &[u8], method: u8| {
        let mut bytes = zip(&[("m/data.pkl", content)]);
        let directory = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        bytes[directory + 10] = method;
        bytes[directory + 24..directory + 28].copy_from_slice(&100_026u32.to_le_bytes());
        bytes
    };
    let weight = examined(&make(&packed, 8));
    assert_eq!(dangers(&weight), [(Some("m/data.pkl"), 2)]);
    assert!(!weight.pickles.found[0].in_file);
    // Damaged, or packed in another way: said, and what came before it is kept.
    let mut damaged = packed.clone();
    *damaged.last_mut().unwrap() ^= 0xFF;
    damaged[packed.len() - 4] ^= 0xFF;
    assert_eq!(dangers(&examined(&make(&damaged, 8))).len(), 1);
    assert_eq!(examined(&make(b"\xFF\xFF\xFF", 8)).pickles.unread.len(), 1);
    assert_eq!(examined(&make(&packed, 12)).pickles.unread.len(), 1);
}

#[test]
fn every_pickle_of_the_old_layout_is_scanned() {
    let weight = examined(&legacy(TENSOR));
    assert_eq!((weight.format, weight.pickles.found[0].scan.streams.len()), (Format::TorchLegacy, 5));
    assert_eq!((dangers(&weight), weight.pickles.unread.len()), (vec![], 0));
    assert_eq!(weight.pickles.found[0].scan.refusal(), None);
    assert_eq!(dangers(&examined(&legacy(CALL))).len(), 1);
    let mut third = legacy(TENSOR);
    third.splice(25..25, b"cos\nsystem\n(tR0".iter().copied());
    assert_eq!(dangers(&examined(&third)).len(), 1, "{:?}", examined(&third).pickles);
    // Behind the storages.
    let mut behind = legacy(TENSOR);
    behind.extend(CALL);
    let weight = examined(&behind);
    assert_eq!((dangers(&weight), weight.pickles.unread.len()), (vec![(None, legacy(TENSOR).len() as u64 + 2)], 0));
}

#[test]
fn storages_are_not_read() {
    const SIZE: u64 = 1 << 30;
    // Legacy: a storage of a gibibyte.
    let mut head = legacy(TENSOR);
    head.truncate(head.len() - 16);
    head.extend(((SIZE - head.len() as u64 - 8) / 4).to_le_bytes());
    let size = head.len() as u64 + (SIZE - head.len() as u64) / 4 * 4;
    let mut file = Sparse::new(&head, size);
    let weight = examine(&RepoPath::new("model.bin"), &mut file, size).unwrap();
    assert_eq!((weight.format, weight.pickles.found[0].scan.streams.len()), (Format::TorchLegacy, 5));
    assert!(file.read_bytes() < 300_000, "{}", file.read_bytes());
}

#[test]
fn a_pickle_in_front_of_a_zip_is_both() {
    let bytes = [CALL, &zip(&[("m/data.pkl", PLAIN)])].concat();
    assert_eq!(dangers(&examined(&bytes)), [(None, 2)]);
    let bytes = [PLAIN, &zip(&[("m/data.pkl", CALL)])].concat();
    assert_eq!(dangers(&examined(&bytes)).len(), 1);
}

#[test]
fn torch_takes_storage_classes_from_anywhere_and_scripts_have_names_of_their_own() {
    let unknown = |bytes: &[u8]| {
        let weight = examined(bytes);
        weight.pickles.found.iter().map(|pickle| pickle.scan.worst(Trust::Unknown).len()).sum::<usize>()
    };
    let storage = b"\x80\x02cmy.cuda\nFloatStorage\n.".as_slice();
    let script = b"\x80\x02c__torch__.nn\nNet\n)\x81}b.".as_slice();
    assert_eq!([unknown(storage), unknown(&zip(&[("m/data.pkl", storage)]))], [1, 0]);
    assert_eq!(unknown(&zip(&[("m/data.pkl", script)])), 1);
    assert_eq!(unknown(&zip(&[("m/data.pkl", script), ("m/constants.pkl", PLAIN)])), 0);
    let storage = b"\x80\x02cos\nFloatStorage\n.".as_slice();
    assert_eq!(dangers(&examined(&zip(&[("m/data.pkl", storage)]))).len(), 1);
}

#[test]
fn no_mutation_breaks_the_scan() {
    let mut random = Random::new(79);
    for seed in [zip(&[("m/data.pkl", CALL), ("m/data/0", PLAIN)]), legacy(TENSOR), legacy(CALL)] {
        for _ in 0..3_000 {
            examined(&mutate(&seed, &mut random));
        }
    }
}

//! Each format by its content, and nothing else by mistake.

use std::io::Cursor;

use super::*;
use crate::bytes::HEAD_BYTES;
use crate::bytes::testing::{Random, Sparse, mutate, zip};

fn what(bytes: &[u8]) -> (Format, Vec<Format>) {
    let mut input = Input::new(Cursor::new(bytes), bytes.len() as u64).unwrap();
    let found = recognize(&mut input, None).unwrap();
    (found.format, found.also)
}

fn only(bytes: &[u8]) -> Format {
    let (format, also) = what(bytes);
    assert_eq!(also, []);
    format
}

fn safetensors() -> Vec<u8> {
    let header = br#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#;
    [&(header.len() as u64).to_le_bytes(), header.as_slice(), &[0x93, 0x2E]].concat()
}

fn tar(names: &[&str]) -> Vec<u8> {
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, [1; 5].as_slice())).collect();
    crate::bytes::testing::tar(&members)
}

/// A superblock of version 0 with eight-byte offsets, and the end of the file it promises.
fn hdf5(end: u64) -> Vec<u8> {
    let mut file = b"\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08\0\x04\0\x10\0\0\0\0\0".to_vec();
    file.extend([0; 8]);
    file.extend([0xFF; 8]);
    file.extend(end.to_le_bytes());
    file.resize(800, 0);
    file
}

/// `producer_name` and a graph with one node.
const ONNX: &[u8] = b"\x08\x08\x12\x02pt\x3a\x06\x0a\x04\x22\x02Op\x42\x04\x0a\x00\x10\x11";

#[test]
fn binary_formats_are_known_by_their_bytes() {
    let table: Vec<(Vec<u8>, Format)> = vec![
        (safetensors(), Format::Safetensors),
        (b"\x02\0\0\0\0\0\0\0{}".to_vec(), Format::Safetensors),
        (b"GGUF\x03\0\0\0".to_vec(), Format::Gguf),
        (b"tjgg\x03\0\0\0".to_vec(), Format::Ggml),
        (b"\x93NUMPY\x01\0v\0{".to_vec(), Format::Npy),
        (hdf5(800), Format::Hdf5),
        (b"7z\xbc\xaf\x27\x1c\0\x04".to_vec(), Format::SevenZip),
        (b"\x1f\x8b\x08\0\0\0".to_vec(), Format::Gzip),
        (b"BZh91AY&SY\x01".to_vec(), Format::Bzip2),
        (b"BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0BZh9".to_vec(), Format::Bzip2),
        (b"\x78\x9c\x03\0\0\0\0\x01\x78\x9c".to_vec(), Format::Zlib),
        ([b"\x78\x9c".as_slice(), &b"\0\0\0\xff\xff".repeat(900)].concat(), Format::Zlib),
        (b"\x5d\0\0\xC0\0\xff\xff\xff\xff\xff\xff\xff\xff\0".to_vec(), Format::Lzma),
        (b"\xfd7zXZ\0\0".to_vec(), Format::Xz),
        (b"\x28\xb5\x2f\xfd\x04".to_vec(), Format::Zstd),
        (b"\x04\x22\x4d\x18\x40".to_vec(), Format::Lz4),
        (b"\x78\x9c\x4b\x4c\x4a\x06\x00\x02\x4d\x01\x27".to_vec(), Format::Zlib),
        (b"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0".to_vec(), Format::Lzma),
        (b"\x1c\0\0\0TFL3\0\0".to_vec(), Format::TfLite),
        (ONNX.to_vec(), Format::Onnx),
        (b"\x81\xa6params\x81\xa1w\xc7\x05\x01\x93\x91\x01\xa1f\0".to_vec(), Format::Flax),
        (tar(&["sys_info", "pickle", "storages", "tensors"]), Format::TorchTar),
        (tar(&["./config.yaml", "./weights.ckpt"]), Format::Tar),
        (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.".to_vec(), Format::TorchLegacy),
        (b"\x80\x04\x95\x0a\0\0\0\0\0\0\0}\x94\x8c\x01a\x94K\x01s.".to_vec(), Format::Pickle),
        (b"(dp0\nVa\np1\nF1.5\ns.".to_vec(), Format::Pickle),
        (Vec::new(), Format::Empty),
        (vec![0; 5000], Format::Unknown),
        (b"\x08\x01\x12\x05\x0a\x03abc".to_vec(), Format::Unknown),
        (b"\x78\x9c\xff\xff\xff\xff".to_vec(), Format::Unknown),
    ];
    for (bytes, format) in table {
        assert_eq!(only(&bytes), format, "{bytes:?}");
    }
}

#[test]
fn a_zip_is_what_its_members_make_it() {
    let pickle: &[u8] = b"\x80\x02}.";
    for (members, format) in [
        (vec![("m/data.pkl", pickle), ("m/data/0", b"1"), ("m/version", b"3")], Format::TorchZip),
        (vec![("m/data.pkl", pickle), ("m/constants.pkl", pickle)], Format::TorchScript),
        (vec![("m/data.pkl", pickle), ("m/code/__torch__.py", b"")], Format::TorchScript),
        (vec![("metadata.json", b"{}"), ("config.json", b"{}"), ("model.weights.h5", b"")], Format::KerasZip),
        (vec![("a.npy", b"x"), ("b.npy", b"y")], Format::Npz),
        (vec![("model_index.json", b"{}"), ("vae/x.safetensors", b"")], Format::Dduf),
        (vec![("a.npy", b"x"), ("README", b"y")], Format::Zip),
        (vec![], Format::Zip),
    ] {
        assert_eq!(only(&zip(&members)), format, "{members:?}");
    }
    let cut = zip(&[("m/data.pkl", pickle), ("m/data/0", b"12345678")]);
    assert_eq!(only(&cut[..cut.len() - 30]), Format::TorchZip);
}

#[test]
fn two_formats_in_one_file_are_both_seen() {
    let pickle = b"\x80\x02cbuiltins\nprint\n(tR.".as_slice();
    let archive = zip(&[("m/data.pkl", b"\x80\x02}.")]);
    assert_eq!(what(&[pickle, &archive].concat()), (Format::Pickle, vec![Format::TorchZip]));
    assert_eq!(what(&[&safetensors(), archive.as_slice()].concat()), (Format::Safetensors, vec![Format::TorchZip]));
    assert_eq!(what(&[vec![0xAB; 9000], archive.clone()].concat()), (Format::TorchZip, vec![]));
    let mut shifted = pickle.to_vec();
    shifted.resize(8192, 0xAB);
    shifted.extend(hdf5(9000));
    assert_eq!(what(&shifted), (Format::Pickle, vec![Format::Hdf5]));
    // A header length that reads as a harmless pickle is only a length.
    let header =
        format!("{{\"a\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}{}}}", " ".repeat(0x2E4E - 53));
    let bytes = [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
    assert!(bytes.starts_with(b"N."), "{:x}", header.len());
    assert_eq!(only(&bytes), Format::Safetensors);
}

#[test]
fn the_end_of_a_file_is_not_read_where_no_reader_looks_there() {
    let bytes = [safetensors(), zip(&[("m/data.pkl", b"\x80\x02}.")])].concat();
    for (expected, also) in [(Some(Format::Safetensors), vec![]), (Some(Format::TorchZip), vec![Format::TorchZip])] {
        let mut input = Input::new(Cursor::new(&bytes), bytes.len() as u64).unwrap();
        assert_eq!(recognize(&mut input, expected.as_slice().into()).unwrap().also, also, "{expected:?}");
    }
}

#[test]
fn a_shifted_superblock_is_found() {
    for user_block in [512, 1024, 4096, 8192, 65_536] {
        let bytes = [vec![0xAB; user_block], hdf5(800 + user_block as u64)].concat();
        assert_eq!(only(&bytes), Format::Hdf5, "{user_block}");
    }
    assert_eq!(only(&[vec![0xAB; 700], hdf5(2000)].concat()), Format::Unknown);
}

#[test]
fn keras_leaves_its_name() {
    let mut bytes = hdf5(800);
    bytes.extend(b"\x0c\0keras_version\0\0\0");
    assert_eq!(only(&bytes), Format::KerasHdf5);
}

#[test]
fn texts_are_texts() {
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n", "ab".repeat(32));
    for (text, format) in [
        (pointer.as_str(), Format::LfsPointer),
        ("# Model\n\nWords, é, 日本.\n", Format::Text),
        ("{\"error\": \"x\"}", Format::ErrorMessage),
        ("{ \"error\":\"Entry not found\"}", Format::ErrorMessage),
        ("Entry not found", Format::ErrorMessage),
        ("{\"model_type\": \"bert\"}", Format::Text),
        ("<!DOCTYPE html>\n<html>", Format::WebPage),
        ("\n <HTML lang=en>", Format::WebPage),
        ("<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code>", Format::ErrorMessage),
        ("<?xml version=\"1.0\"?>\n<net name=\"x\">", Format::Text),
        ("PK is no zip", Format::Text),
        ("BZh is a word", Format::Text),
        ("x^2 + y^2", Format::Text),
        ("*.bin filter=lfs\n", Format::Text),
        ("configs\nmodels\n.gitignore\n", Format::Text),
    ] {
        assert_eq!(only(text.as_bytes()), format, "{text}");
    }
    // A character cut by the end of the head.
    let long = "a".repeat(HEAD_BYTES - 1) + &"é".repeat(50);
    assert_eq!(only(long.as_bytes()), Format::Text);
}

#[test]
fn a_text_costs_its_head_and_a_weight_little_more() {
    let cost = |head: &[u8]| {
        let mut input = Input::new(Sparse::new(head, 1 << 40), 1 << 40).unwrap();
        recognize(&mut input, None).unwrap();
        input.into_inner().read_bytes()
    };
    assert_eq!(cost("a word ".repeat(1000).as_bytes()), HEAD_BYTES as u64);
    assert!(cost(&safetensors()) < 80_000);
    assert!(cost(b"\x80\x02X\xff\xff\xff\xff") < 2_000_000);
}

/// The length of a header is any byte, so any opcode: that must not make a large file worth a longer look.
#[test]
fn safetensors_under_its_own_name_costs_its_head() {
    for length in 64..=0x2FF_u64 {
        let header = format!(
            "{{\"a\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}}}{}",
            " ".repeat(length as usize)
        );
        let head = [&length.to_le_bytes(), &header.as_bytes()[..length as usize]].concat();
        let mut input = Input::new(Sparse::new(&head, 1 << 40), 1 << 40).unwrap();
        assert_eq!(recognize(&mut input, Some(&[Format::Safetensors])).unwrap().format, Format::Safetensors);
        assert_eq!(input.into_inner().read_bytes(), HEAD_BYTES as u64, "{length}");
    }
}

#[test]
fn raw_numbers_are_unknown() {
    let mut random = Random::new(33);
    for _ in 0..3000 {
        let bytes: Vec<u8> = (0..300).flat_map(|_| ((random.next() >> 40) as f32 / 1e7 - 0.8).to_le_bytes()).collect();
        assert_eq!(only(&bytes), Format::Unknown, "{:?}", &bytes[..32]);
    }
}

#[test]
fn no_mutation_breaks_recognition() {
    let mut random = Random::new(34);
    let seeds = [
        safetensors(),
        hdf5(800),
        ONNX.to_vec(),
        tar(&["pickle", "storages"]),
        zip(&[("m/data.pkl", b"\x80\x02}.")]),
        b"\x81\xa6params\x81\xa1w\xc7\x05\x01\x93\x91\x01\xa1f\0".to_vec(),
        b"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0".to_vec(),
        b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.".to_vec(),
    ];
    for seed in seeds {
        for _ in 0..1500 {
            what(&mutate(&seed, &mut random));
        }
    }
}

#[test]
fn a_pickle_that_reads_as_text_is_known_by_its_name() {
    let bytes = [b"c".as_slice(), &b"a".repeat(5_000), b"\nsystem\n."].concat();
    let named = |expected| {
        let mut input = Input::new(Cursor::new(bytes.as_slice()), bytes.len() as u64).unwrap();
        recognize(&mut input, expected).unwrap().format
    };
    assert_eq!(named(None), Format::Text);
    assert_eq!(named(Some(&[Format::Pickle])), Format::Pickle);
}

//! One file, its name and its bytes.

use std::io::Cursor;

use super::*;
use crate::bytes::testing::{Sparse, zip};

fn see(path: &str, bytes: &[u8]) -> Weight {
    examine(&RepoPath::new(path), Cursor::new(bytes), bytes.len() as u64).unwrap()
}

fn kinds(path: &str, bytes: &[u8]) -> Vec<FaultKind> {
    see(path, bytes).faults.iter().map(|fault| fault.kind).collect()
}

const EMPTY_SAFETENSORS: &[u8] = b"\x02\0\0\0\0\0\0\0{}";

#[test]
fn a_good_file_of_its_name_has_no_fault() {
    let weight = see("unet/model.safetensors", EMPTY_SAFETENSORS);
    assert!(weight.faults.is_empty() && !weight.is_disguised());
    assert!(matches!(weight.contents, Contents::Safetensors(_)));
    let torch = zip(&[("m/data.pkl", b"\x80\x02}."), ("m/version", b"3\n")]);
    let weight = see("pytorch_model.bin", &torch);
    assert!(weight.faults.is_empty() && !weight.is_disguised());
    assert!(matches!(weight.contents, Contents::Zip(directory) if directory.members.len() == 2));
}

#[test]
fn only_a_name_that_promises_can_disguise() {
    let torch = zip(&[("m/data.pkl", b"\x80\x02}."), ("m/version", b"3\n")]);
    for (path, bytes, disguised) in [
        ("model.safetensors", torch.as_slice(), true),
        ("model.safetensors", b"\x80\x02}q\0.", true),
        ("model.safetensors", b"GGUF\x03\0\0\0", true),
        ("pytorch_model-00001-of-00002.bin", EMPTY_SAFETENSORS, true),
        ("model.onnx", &torch, true),
        ("model.pt", &torch, false),
        ("model.ckpt", b"\x89HDF\r\n\x1a\n\0", false),
        ("openvino_model.bin", EMPTY_SAFETENSORS, false),
        ("openvino_model.bin", &torch, false),
        ("weights.pkl", b"\x1f\x8b\x08\0\0", false),
        ("weights.pkl", &torch, false),
        ("a.npz", &zip(&[]), false),
        ("model.onnx", &[7; 100], false),
        ("model.safetensors", b"plain words", false),
        ("README.md", b"\x80\x02}q\0.", false),
    ] {
        assert_eq!(see(path, bytes).is_disguised(), disguised, "{path} {bytes:?}");
    }
}

#[test]
fn failed_downloads_and_unfinished_copies_are_faults() {
    for (path, bytes, expected) in [
        ("model.safetensors", b"<!DOCTYPE html><html>".as_slice(), vec![FaultKind::WrongFormat]),
        ("pytorch_model.bin", b"{\"error\":\"Not found\"}", vec![FaultKind::WrongFormat]),
        ("model.gguf", b"Entry not found", vec![FaultKind::WrongFormat]),
        ("model.pt", b"", vec![FaultKind::CutShort]),
        ("model.onnx", &[0; 600], vec![FaultKind::WrongFormat]),
        ("pytorch_model.bin", &[0; 600], vec![FaultKind::WrongFormat]),
        ("pytorch_model.bin", &[0], vec![]),
        ("model.gguf", &[0xAB; 600], vec![FaultKind::WrongFormat]),
        ("model.safetensors", &[0xAB; 600], vec![FaultKind::HeaderLength]),
        ("model.safetensors", b"\x40\0\0\0\0\0\0\0{\"a\":", vec![FaultKind::CutShort]),
        ("model.bin", b"", vec![]),
        ("pytorch_model.bin", b"plain words", vec![FaultKind::WrongFormat]),
        ("corpus.en-pt.pt", "Ol\u{e1}, mundo.".as_bytes(), vec![]),
        ("small.pkl", b"I5\n.", vec![]),
        ("index.html", b"<!DOCTYPE html>", vec![]),
        ("model.bin", &[0; 600], vec![]),
        ("model.onnx", &[0xAB; 600], vec![FaultKind::WrongFormat]),
    ] {
        assert_eq!(kinds(path, bytes), expected, "{path} {bytes:?}");
    }
}

const NOTHING: [bool; 0] = [];

/// The faults of a file in a folder with another one, and whether loading fails for them.
fn judged(path: &str, bytes: &[u8], neighbor: &str) -> Vec<bool> {
    let (path, weight) = (RepoPath::new(path), see(path, bytes));
    let beside = weight.beside(&path, &|name| (name == neighbor).then_some(1));
    weight.faults.iter().chain(&beside).map(|fault| fault.breaks).collect()
}

#[test]
fn content_that_no_reader_of_the_name_takes_is_said() {
    let noise: Vec<u8> = (0..6000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 23) as u8 | 0x80).collect();
    let elf = [b"\x7FELF\x02\x01\x01".as_slice(), &noise].concat();
    let pe = [b"MZ".as_slice(), &[0; 58], &[0x80, 0, 0, 0], &[0; 64], b"PE\0\0", &noise].concat();
    for name in ["a.onnx", "a.h5", "a.hdf5", "a.keras", "a.npz", "a.npy", "a.tflite", "pytorch_model.bin"] {
        for bytes in [&noise, &elf, &pe] {
            assert_eq!(judged(name, bytes, ""), [true], "{name} {:?}", &bytes[..8]);
        }
    }
    for name in ["a.pt", "a.pth", "a.ckpt", "a.pkl", "a.pickle", "a.joblib", "flax_model.msgpack"] {
        assert_eq!(judged(name, &noise, ""), [false], "{name}");
        assert_eq!(judged(name, &elf, ""), [true], "{name}");
        assert_eq!(judged(name, &pe, ""), [true], "{name}");
    }
    for name in ["vocab.bin", "model.bin", "openvino_model.bin", "lid.176.bin", "spiece.model", "weights.dat"] {
        assert_eq!(judged(name, &noise, ""), NOTHING, "{name}");
    }
    assert_eq!(judged("pytorch_model.bin", &noise, "pytorch_model.xml"), NOTHING, "the numbers of OpenVINO");
    let ours = [(b"ftrt".as_slice(), "engine.pt"), (b"\0\0\x1B", "m.ckpt"), (b"\x0A\x30\x0A\x06conv.w", "m.ckpt")];
    for (start, name) in ours {
        assert_eq!(judged(name, &[start, &noise].concat(), ""), NOTHING, "{name} {start:?}");
    }
}

#[test]
fn texts_and_zips_under_names_of_weights() {
    let text = b"These are the weights of my model, honestly.\n".as_slice();
    for name in ["model.pt", "best.pth", "last.ckpt", "model.pkl", "scaler.joblib"] {
        assert_eq!(judged(name, text, ""), [false], "{name}");
    }
    for name in ["train.pt", "distutils-precedence.pth", "counter.ckpt", "PklProject.pkl"] {
        assert_eq!(judged(name, text, ""), NOTHING, "{name}");
    }
    let other = zip(&[("readme.txt", b"x")]);
    assert_eq!(judged("pytorch_model.bin", &other, ""), [true]);
    assert_eq!(judged("a.keras", &other, ""), [true]);
    for name in ["a.pt", "a.pkl", "a.npz"] {
        assert_eq!(judged(name, &other, ""), [false], "{name}");
    }
    let package = zip(&[("m/.data/extern_modules", b""), ("m/m.pkl", b"\x80\x02}.")]);
    assert_eq!(judged("a.pt", &package, ""), NOTHING);
    let (config, weights) = (("config.json", b"{}".as_slice()), ("model.weights.h5", b"\x89HDF\r\n\x1a\n".as_slice()));
    assert_eq!(judged("a.keras", &zip(&[config, weights]), ""), NOTHING, "metadata is not needed");
    assert_eq!(judged("a.keras", &zip(&[config, ("metadata.json", b"{}")]), ""), [true], "weights are");
    assert_eq!(judged("a.keras", &zip(&[("config.json", b"{"), weights]), ""), [true], "not JSON");
}

#[test]
fn a_cut_short_archive_hdf5_or_onnx_is_a_fault() {
    let torch = zip(&[("m/data.pkl", b"\x80\x02}."), ("m/data/0", b"12345678")]);
    assert_eq!(kinds("pytorch_model.bin", &torch[..60]), [FaultKind::CutShort]);
    let mut hdf5 = b"\x89HDF\r\n\x1a\n\x02\x08\x08\0".to_vec();
    for address in [0, u64::MAX, 300, 48_u64] {
        hdf5.extend(address.to_le_bytes());
    }
    hdf5.resize(300, 0);
    assert_eq!(kinds("model.h5", &hdf5), []);
    assert_eq!(kinds("model.h5", &hdf5[..299]), [FaultKind::CutShort]);
    let onnx = b"\x08\x08\x12\x02pt\x3a\x06\x0a\x04\x22\x02Op\x42\x04\x0a\x00\x10\x11";
    assert_eq!(kinds("model.onnx", onnx), []);
    assert_eq!(kinds("model.onnx", &onnx[..12]), [FaultKind::CutShort]);
    assert_eq!(kinds("model.onnx", &onnx[..onnx.len() - 1]), [FaultKind::CutShort]);
}

#[test]
fn a_pointer_says_what_it_stands_for() {
    let text =
        format!("version https://git-lfs.github.com/spec/v1\r\noid sha256:{}\r\nsize 98765432\r\n", "0f".repeat(32));
    let weight = see("model.safetensors", text.as_bytes());
    assert!(weight.faults.is_empty() && !weight.is_disguised());
    assert!(matches!(weight.contents, Contents::Pointer(pointer) if pointer.size == 98_765_432));
    assert!(matches!(see("x.bin", &text.as_bytes()[..60]).contents, Contents::None));
}

#[test]
fn a_shard_of_terabytes_costs_its_header() {
    let header = br#"{"w":{"dtype":"U8","shape":[4000000000000],"data_offsets":[0,4000000000000]}}"#;
    let head = [&(header.len() as u64).to_le_bytes(), header.as_slice()].concat();
    let size = head.len() as u64 + 4_000_000_000_000;
    let mut reader = Sparse::new(&head, size);
    let weight = examine(&RepoPath::new("model-00001-of-00002.safetensors"), &mut reader, size).unwrap();
    assert!(weight.faults.is_empty(), "{:?}", weight.faults);
    assert!(reader.read_bytes() < 80_000, "{}", reader.read_bytes());
}

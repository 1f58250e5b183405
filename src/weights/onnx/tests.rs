//! Models written field by field, and that nothing in them breaks the reader.

use std::io::Cursor;

use super::super::Danger;
use super::*;
use crate::bytes::Fault;
use crate::bytes::testing::{Random, Sparse, mutate, rounds};
use crate::bytes::{FaultKind, Input};

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

fn bytes(field: u64, content: &[u8]) -> Vec<u8> {
    [varint(field << 3 | 2), varint(content.len() as u64), content.to_vec()].concat()
}

fn text(field: u64, content: &str) -> Vec<u8> {
    bytes(field, content.as_bytes())
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn pair(key: &str, value: &str) -> Vec<u8> {
    [text(1, key), text(2, value)].concat()
}

fn tensor(name: &str, dimensions: &[u64]) -> Vec<u8> {
    let packed: Vec<u8> = dimensions.iter().flat_map(|size| varint(*size)).collect();
    [bytes(1, &packed), number(2, 1), text(8, name)].concat()
}

fn external(name: &str, location: &str) -> Vec<u8> {
    let places = [pair("location", location), pair("offset", "4096"), pair("length", "16")];
    let places: Vec<u8> = places.iter().flat_map(|place| bytes(13, place)).collect();
    [tensor(name, &[4]), places, number(14, 1)].concat()
}

fn node(domain: &str, operator: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
    let attributes: Vec<u8> = attributes.iter().flat_map(|attribute| bytes(5, attribute)).collect();
    [text(1, "input"), text(4, operator), attributes, text(7, domain)].concat()
}

fn model(graph: &[u8], rest: &[u8]) -> Vec<u8> {
    [number(1, 10), text(2, "maker"), text(3, "1.2"), bytes(7, graph), rest.to_vec()].concat()
}

fn read(bytes: &[u8]) -> (Onnx, Vec<Fault>) {
    let mut input = Input::new(Cursor::new(bytes), bytes.len() as u64).unwrap();
    super::read(&mut input).unwrap()
}

fn sample() -> Vec<u8> {
    let branch = [bytes(1, &node("", "Add", &[])), bytes(5, &external("inner", "weights.data"))].concat();
    let constant = [text(1, "value"), bytes(5, &external("constant", "../c.data"))].concat();
    let graph = [
        bytes(1, &node("", "If", &[bytes(6, &branch)])),
        bytes(1, &node("", "Constant", &[constant])),
        bytes(1, &node("ai.onnx.contrib", "PyOp", &[])),
        bytes(1, &node("my.domain", "Mine", &[])),
        bytes(1, &node("local", "Defined", &[])),
        bytes(1, &node("com.microsoft", "FusedMatMul", &[])),
        bytes(5, &[tensor("w", &[3, 5]), bytes(9, &[0; 60])].concat()),
        bytes(15, &[bytes(1, &tensor("sparse", &[2])), bytes(2, &external("at", "s.data"))].concat()),
    ];
    let function = [text(1, "Defined"), bytes(7, &node("hidden", "Inside", &[])), text(10, "local")].concat();
    let opset = [text(1, "my.domain"), number(2, 3)].concat();
    let rest = [bytes(8, &opset), bytes(14, &pair("key", "value")), bytes(25, &function)];
    model(&graph.concat(), &rest.concat())
}

#[test]
fn a_model_is_read_with_its_sub_graphs_and_functions() {
    let (onnx, faults) = read(&sample());
    assert_eq!(faults, []);
    assert_eq!((onnx.ir_version, onnx.producer.as_str(), onnx.nodes), (10, "maker 1.2", 8));
    assert_eq!(onnx.opsets, [("my.domain".to_owned(), 3)]);
    assert_eq!(onnx.metadata, [("key".to_owned(), "value".to_owned())]);
    let foreign: Vec<_> = onnx.operators.keys().map(|(domain, name)| format!("{domain}:{name}")).collect();
    assert_eq!(foreign, ["ai.onnx.contrib:PyOp", "hidden:Inside", "my.domain:Mine"]);
    let names: Vec<_> = onnx.tensors.iter().map(|tensor| tensor.name.as_str()).collect();
    assert_eq!(names, ["inner", "w"]);
    assert_eq!((onnx.tensors[1].shape.as_slice(), onnx.tensor_count, onnx.parameters), (&[3, 5][..], 2, 19));
    assert_eq!(onnx.elements.into_iter().collect::<Vec<_>>(), [("F32", 19)]);
    let places: Vec<_> =
        onnx.external.iter().map(|found| (found.tensor.as_str(), found.location.as_str(), found.offset)).collect();
    let offset = Some(4096);
    assert_eq!(
        places,
        [("inner", "weights.data", offset), ("constant", "../c.data", offset), ("at", "s.data", offset)]
    );
}

#[test]
fn operators_that_need_code_are_told_by_who_brings_them() {
    let found = in_onnx(&read(&sample()).0);
    let told: Vec<_> = found.iter().map(|active| (active.danger, active.message.as_str())).collect();
    assert_eq!(
        told,
        [
            (Danger::MayRun, "the operator `PyOp` calls Python code"),
            (Danger::NeedsCode, "the operator `Inside` is of the domain `hidden`, which onnxruntime does not have"),
            (Danger::NeedsCode, "the operator `Mine` is of the domain `my.domain`, which onnxruntime does not have"),
        ]
    );
}

#[test]
fn dimensions_that_are_not_packed_are_read_and_the_last_location_counts() {
    let mut twice = external("w", "first");
    twice.extend(bytes(13, &pair("location", "second")));
    let unpacked = [number(1, 7), number(1, 2), number(2, 10), text(8, "v")].concat();
    let (onnx, _) = read(&model(&[bytes(5, &twice), bytes(5, &unpacked)].concat(), &[]));
    assert_eq!(onnx.external[0].location, "second");
    assert_eq!((onnx.tensors[1].shape.as_slice(), onnx.elements["F16"]), (&[7, 2][..], 14));
}

#[test]
fn pieces_of_one_tensor_are_merged_as_protobuf_does() {
    let (start, end) = (bytes(13, &pair("location", "/etc/passwd")), [number(14, 1), text(8, "t")].concat());
    let attribute = [text(1, "value"), bytes(5, &start), bytes(5, &end)].concat();
    let sparse = [bytes(1, &tensor("v", &[1])), bytes(2, &start), bytes(2, &end)].concat();
    let graph = [bytes(1, &node("", "Constant", &[attribute])), bytes(15, &sparse)].concat();
    let onnx = read(&model(&graph, &[])).0;
    let places: Vec<_> = onnx.external.iter().map(|found| (found.tensor.as_str(), found.location.as_str())).collect();
    assert_eq!(places, [("t", "/etc/passwd"), ("t", "/etc/passwd")]);
}

#[test]
fn onnx_is_known_as_protobuf_reads_it() {
    let graph = bytes(1, &node("", "Add", &[]));
    let is_onnx = |bytes: &[u8], is_named| {
        let mut input = Input::new(Cursor::new(bytes), bytes.len() as u64).unwrap();
        fields(&mut input, is_named).unwrap().is_onnx
    };
    let padded = [vec![0x08, 0x8A, 0x00], bytes(7, &graph)].concat();
    let unknown = [number(1, 10), text(1000, "x"), varint(1001 << 3 | 1), vec![0; 8], bytes(7, &graph)].concat();
    for model in [model(&graph, &[]), padded, unknown] {
        assert!(is_onnx(&model, true) && is_onnx(&model, false), "{model:?}");
    }
    let late = [text(2, "maker"), bytes(7, &graph), number(1, 10)].concat();
    assert!(is_onnx(&late, true) && !is_onnx(&late, false), "any order, under its name");
    for other in [b"MZ\x90\0\x03\0".as_slice(), b"\x7FELF\x02", &[0xAC, 0xED, 0, 5, 0x73], &number(1, 10), &[0; 64]] {
        assert!(!is_onnx(other, true), "{other:?}");
    }
}

#[test]
fn a_tensor_that_contradicts_itself_is_a_fault() {
    let said = |tensor: &[u8]| {
        let faults = read(&model(&bytes(5, tensor), &[])).1;
        faults.first().map(|fault| fault.message.clone()).unwrap_or_default()
    };
    let outside = |offset: &str, length: &str| {
        let places = [pair("location", "w.bin"), pair("offset", offset), pair("length", length)];
        let places: Vec<u8> = places.iter().flat_map(|place| bytes(13, place)).collect();
        said(&[tensor("w", &[4]), places, number(14, 1)].concat())
    };
    assert_eq!((outside("0", "16").as_str(), outside("64", "0").as_str()), ("", ""));
    assert_eq!(outside("0", "-1"), "the length of `w` in its data file is `-1`, which is not a number from 0 up");
    assert_eq!(outside("1e3", "16"), "the offset of `w` in its data file is `1e3`, which is not a number from 0 up");
    assert_eq!(outside("0", "15"), "`w` needs 16 bytes by its shape, and 15 are stated");
    let nowhere = said(&[tensor("w", &[4]), number(14, 1)].concat());
    assert_eq!(nowhere, "the bytes of `w` are in another file, which is not named");
    let raw = |dimensions: &[u64], length| said(&[tensor("w", dimensions), bytes(9, &vec![0; length])].concat());
    assert_eq!((raw(&[], 4), raw(&[2, 0], 0), raw(&[2, 3], 24)), Default::default());
    assert_eq!(raw(&[2, 3], 20), "`w` needs 24 bytes by its shape, and has 20");
    assert_eq!(raw(&[-1_i64 as u64], 4), "`w` has a dimension of -1, and no dimension is below 0");
    let packed = [number(1, 5), number(2, 22), text(8, "w"), bytes(9, &[0; 3])].concat();
    assert_eq!(said(&packed), "", "two numbers of four bits are one byte");
}

#[test]
fn data_in_other_files_must_be_there() {
    let onnx = read(&model(&[bytes(5, &external("a", "w.bin")), bytes(5, &external("b", "w.bin"))].concat(), &[])).0;
    let said = |size: Option<u64>| {
        let faults = beside(&onnx, &|path| size.filter(|_| path == "w.bin"));
        faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>()
    };
    assert_eq!(said(Some(4112)), Vec::<String>::new());
    assert_eq!(said(Some(4111)), ["`b` ends at byte 4,112 of `w.bin`, which has 4,111"]);
    assert_eq!(said(None), ["the bytes of 2 tensors are in `w.bin`, which is absent"]);
}

#[test]
fn negative_numbers_take_ten_bytes() {
    let attribute = [text(1, "axis"), number(3, -1_i64 as u64), number(20, 2)].concat();
    let (onnx, faults) = read(&model(&bytes(1, &node("x", "Op", &[attribute])), &[]));
    assert_eq!((faults, onnx.operators.len()), (vec![], 1));
}

#[test]
fn depth_costs_no_stack_and_ends_at_the_cap() {
    let mut graph = bytes(1, &node("deep", "Op", &[]));
    for _ in 0..MAX_DEPTH {
        graph = bytes(1, &node("", "If", &[bytes(6, &graph)]));
    }
    let (onnx, faults) = read(&model(&graph, &[]));
    assert_eq!((faults[0].kind, onnx.operators.len()), (FaultKind::Limit, 0));
}

#[test]
fn a_message_that_lies_about_its_length_is_damaged() {
    let mut broken = number(1, 10);
    broken.extend(bytes(7, &[0x0A, 0x7F, 0x22]));
    assert_eq!(read(&broken).1[0].kind, FaultKind::Syntax);
    broken = number(1, 10);
    broken.extend(bytes(7, &[0x0F]));
    assert_eq!(read(&broken).1[0].kind, FaultKind::Syntax);
    // A number of a graph that runs into what follows the graph.
    broken = number(1, 10);
    broken.extend(bytes(7, &[0x08, 0x80]));
    broken.extend(number(5, 1));
    assert_eq!(read(&broken).1[0].kind, FaultKind::Syntax);
}

#[test]
fn large_weights_are_passed_over() {
    let raw = 1_u64 << 36;
    let weight = [tensor("w", &[1 << 34]), varint(9 << 3 | 2), varint(raw)].concat();
    let length = weight.len() as u64 + raw;
    let graph = [varint(5 << 3 | 2), varint(length), weight].concat();
    let head = [number(1, 10), varint(7 << 3 | 2), varint(graph.len() as u64 + raw), graph].concat();
    let size = head.len() as u64 + raw;
    let mut input = Input::new(Sparse::new(&head, size), size).unwrap();
    let (onnx, faults) = super::read(&mut input).unwrap();
    assert_eq!((faults, onnx.parameters), (vec![], 1 << 34));
    assert!(input.into_inner().read_bytes() < 100_000);
}

#[test]
fn zeros_without_end_stop_at_the_caps() {
    // Field 0 with value 0, again and again: no field at all, and the longest walk there is.
    let head = [number(1, 10), varint(7 << 3 | 2), varint(1 << 40)].concat();
    let size = head.len() as u64 + (1 << 40);
    let mut input = Input::new(Sparse::new(&head, size), size).unwrap();
    let (_, faults) = super::read(&mut input).unwrap();
    assert_eq!(faults[0].kind, FaultKind::Limit);
}

#[test]
fn no_mutation_breaks_the_reader() {
    let mut random = Random::new(13);
    let seed = sample();
    for _ in 0..rounds(10_000) {
        let (onnx, _) = read(&mutate(&seed, &mut random));
        assert!(onnx.tensors.len() < 100 && onnx.held_bytes() < 100_000);
        in_onnx(&onnx);
    }
}

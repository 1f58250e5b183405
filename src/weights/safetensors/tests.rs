//! The reference crate is the oracle: what it refuses is a fault here, and what it accepts breaks nothing here.

use std::io::Cursor;

use super::*;
use crate::bytes::testing::{Random, mutate, rounds};

fn file(header: &str, data: usize) -> Vec<u8> {
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + data, 0);
    bytes
}

fn read(bytes: &[u8]) -> (Option<Header>, Vec<Fault>) {
    let mut input = Input::new(Cursor::new(bytes), bytes.len() as u64).unwrap();
    Header::read(&mut input).unwrap()
}

fn kinds(bytes: &[u8]) -> Vec<FaultKind> {
    // The headers below are written for people, and their length is what it is.
    read(bytes).1.iter().map(|fault| fault.kind).filter(|kind| *kind != FaultKind::Alignment).collect()
}

fn reference_accepts(bytes: &[u8]) -> bool {
    ::safetensors::SafeTensors::read_metadata(bytes).is_ok()
}

const GOOD: &str = r#"{"__metadata__":{"format":"pt"},"b":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},"a.é\u0041":{"dtype":"F4","shape":[4],"data_offsets":[12,14]},"s":{"dtype":"I64","shape":[],"data_offsets":[14,22]}}  "#;

#[test]
fn a_header_is_read() {
    let bytes = file(GOOD, 22);
    assert!(reference_accepts(&bytes));
    let (header, faults) = read(&bytes);
    let header = header.unwrap();
    assert!(faults.iter().all(|fault| fault.kind == FaultKind::Alignment), "{faults:?}");
    let tensors: Vec<_> = header.tensors().collect();
    let start = header.end();
    assert_eq!(start, 8 + GOOD.len() as u64);
    assert_eq!(
        tensors[0],
        Tensor { name: "b".into(), dtype: "F16".into(), shape: vec![2, 3], range: Some(start..start + 12) }
    );
    assert_eq!(tensors[1].name, "a.éA");
    assert_eq!((tensors[2].shape.len(), tensors[2].elements()), (0, 1));
    assert_eq!(header.metadata().collect::<Vec<_>>(), [("format".into(), "pt".into())]);
    assert_eq!((header.parameters(), header.tensor_bytes(), header.len()), (11, 22, 3));
    assert_eq!(header.dtypes().into_iter().collect::<Vec<_>>(), [(Dtype::F4, 4), (Dtype::F16, 6), (Dtype::I64, 1)]);
}

/// Header, bytes of data, what is found.
const TABLE: &[(&str, usize, &[FaultKind])] = &[
    ("{}", 0, &[]),
    (r#"{"__metadata__":null}"#, 0, &[]),
    (r#"{"__metadata__":{}}"#, 0, &[]),
    (
        r#"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"b":{"dtype":"U8","shape":[0,9],"data_offsets":[0,0]}}"#,
        0,
        &[],
    ),
    (" {}", 0, &[FaultKind::Syntax]),
    ("[]", 0, &[FaultKind::Syntax]),
    ("{", 0, &[FaultKind::Syntax]),
    ("{} x", 0, &[FaultKind::Syntax]),
    (r#"{"a":1}"#, 0, &[FaultKind::Field]),
    (r#"{"a":null}"#, 0, &[FaultKind::Field]),
    (r#"{"a":{"shape":[1],"data_offsets":[0,1]}}"#, 1, &[FaultKind::Field]),
    (r#"{"a":{}}"#, 0, &[FaultKind::Field, FaultKind::Field, FaultKind::Field]),
    (r#"{"a":{"dtype":"u8","shape":[1],"data_offsets":[0,1]}}"#, 1, &[FaultKind::Dtype]),
    (r#"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#, 1, &[FaultKind::Field]),
    (r#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, 1, &[FaultKind::Field]),
    (r#"{"a":{"dtype":"U8","shape":[-0],"data_offsets":[0,0]}}"#, 0, &[FaultKind::Field]),
    (r#"{"a":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}}"#, 1, &[FaultKind::Field]),
    (r#"{"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}"#, 1, &[FaultKind::Field]),
    (r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}"#, 1, &[FaultKind::Field]),
    (r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}"#, 1, &[FaultKind::Field]),
    (r#"{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 1, &[FaultKind::Field]),
    (r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":[{"y":1}]}}"#, 1, &[FaultKind::Field]),
    (r#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}}"#, 1, &[FaultKind::Size]),
    (r#"{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,1]}}"#, 1, &[FaultKind::Size]),
    (r#"{"a":{"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]}}"#, 0, &[FaultKind::Size]),
    (r#"{"a":{"dtype":"U8","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}"#, 0, &[]),
    (
        r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#,
        1,
        &[FaultKind::Size, FaultKind::Leftover, FaultKind::Leftover],
    ),
    (
        r#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
        3,
        &[FaultKind::Overlap],
    ),
    (
        r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}"#,
        3,
        &[FaultKind::Leftover],
    ),
    (r#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 1, &[FaultKind::CutShort]),
    (r#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 3, &[FaultKind::Leftover]),
    (
        r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
        1,
        &[FaultKind::Duplicate],
    ),
    (
        r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
        2,
        &[FaultKind::Duplicate, FaultKind::Leftover],
    ),
    (r#"{"__metadata__":{"a":1}}"#, 0, &[FaultKind::Field]),
    (r#"{"__metadata__":{"a":{"b":[]},"c":"d"}}"#, 0, &[FaultKind::Field]),
    (r#"{"__metadata__":[]}"#, 0, &[FaultKind::Field]),
    (r#"{"__metadata__":{"a":"1","a":"2"}}"#, 0, &[FaultKind::Duplicate]),
    (r#"{"__metadata__":{},"__metadata__":{}}"#, 0, &[FaultKind::Duplicate]),
    (r#"{"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 1, &[FaultKind::Name]),
    (r#"{"a\u0007":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 1, &[FaultKind::Name]),
    (r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},}"#, 1, &[FaultKind::Syntax]),
];

#[test]
fn each_fault_is_found_and_breaks_where_the_reference_refuses() {
    for (header, data, expected) in TABLE {
        let bytes = file(header, *data);
        assert_eq!(kinds(&bytes), *expected, "{header}");
        let breaks = read(&bytes).1.iter().any(|fault| fault.breaks);
        assert_eq!(breaks, !reference_accepts(&bytes), "{header}");
    }
}

#[test]
fn every_type_of_the_reference_is_known() {
    for dtype in Dtype::ALL {
        let header = format!(r#"{{"a":{{"dtype":"{dtype}","shape":[8],"data_offsets":[0,{}]}}}}"#, dtype.bits());
        let bytes = file(&header, dtype.bits() as usize);
        assert_eq!(kinds(&bytes), [], "{dtype}");
        assert!(reference_accepts(&bytes), "{dtype}");
    }
}

#[test]
fn the_length_of_the_header_is_checked_before_anything_is_read() {
    assert_eq!(kinds(b"abc"), [FaultKind::CutShort]);
    let mut bytes = file("{}", 0);
    bytes[0] = 9;
    assert_eq!(kinds(&bytes), [FaultKind::CutShort]);
    bytes[7] = 0x80;
    let (header, faults) = read(&bytes);
    assert!(header.is_none());
    assert_eq!((faults[0].kind, faults[0].offset), (FaultKind::HeaderLength, Some(0)));
    assert!(faults[0].message.contains("9,223,372,036,854,775,817"), "{}", faults[0].message);
    let mut bytes = file("{\"\u{e9}\":1}", 0);
    bytes[10] = b'x';
    let fault = &read(&bytes).1[0];
    assert_eq!((fault.kind, fault.offset), (FaultKind::Syntax, Some(11)));
}

#[test]
fn a_fault_names_tensor_bytes_and_cause() {
    let bytes = file(
        r#"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"v":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
        3,
    );
    let fault = &read(&bytes).1[0];
    assert_eq!(fault.message, "`v` (1..3) shares bytes with `w` (0..2)");
    let hole = file(
        r#"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"v":{"dtype":"U8","shape":[2],"data_offsets":[5,7]}}"#,
        7,
    );
    assert_eq!(read(&hole).1[0].message, "3 bytes between `w` (0..2) and `v` (5..7) belong to no tensor");
    assert_eq!((fault.tensor.as_deref(), fault.offset), (Some("v"), Some(bytes.len() as u64 - 2)));
    let short = file(r#"{"w":{"dtype":"U8","shape":[2000],"data_offsets":[0,2000]}}"#, 100);
    let fault = &read(&short).1[0];
    assert_eq!(fault.message, "the header promises 2,067 bytes, the file has 167");
}

/// Where this reader is stricter than the reference: entries that serde reads by accident of how it reads structs and
/// enums, written by no program.
#[test]
fn accidents_of_the_reference_are_refused() {
    for header in [r#"{"a":["U8",[1],[0,1]]}"#, r#"{"a":{"dtype":{"U8":null},"shape":[1],"data_offsets":[0,1]}}"#] {
        let bytes = file(header, 1);
        assert!(reference_accepts(&bytes), "{header}");
        assert_eq!(kinds(&bytes), [FaultKind::Field], "{header}");
    }
}

/// Compares both verdicts on one file; true if it was accepted.
fn agree(bytes: &[u8]) -> bool {
    let accepts = reference_accepts(bytes);
    let (header, mut faults) = read(bytes);
    faults.retain(|fault| fault.kind != FaultKind::Alignment);
    let shown = String::from_utf8_lossy(bytes);
    let breaks = faults.iter().any(|fault| fault.breaks);
    // A number that fits no f64 stops the reference even in a field that it ignores; here only the field is at fault.
    let huge_number = !breaks && !faults.is_empty() && shown.contains(['e', 'E']);
    assert!(accepts != breaks || (huge_number && !accepts), "{shown} {faults:?}");
    assert!(accepts || !faults.is_empty(), "{shown}");
    if let Some(header) = header {
        let _ = (header.parameters(), header.tensors().count(), header.metadata().count());
    }
    accepts
}

#[test]
fn the_reference_agrees_under_mutation() {
    const ALPHABET: &[u8] = b"0123489\"{}[]:, -.\\ueUIF_adnsx\n";
    let mut random = Random::new(5);
    for (header, data) in TABLE.iter().map(|(header, data, _)| (*header, *data)).chain([(GOOD, 22); 20]) {
        for _ in 0..rounds(60) {
            agree(&mutate(&file(header, data), &mut random));
            // One character of the header changes, in a frame that stays right.
            let mut changed = header.as_bytes().to_vec();
            let (at, byte) = (random.below(changed.len()), ALPHABET[random.below(ALPHABET.len())]);
            match random.below(3) {
                0 => changed.insert(at, byte),
                1 => drop(changed.remove(at)),
                _ => changed[at] = byte,
            }
            if let Ok(changed) = String::from_utf8(changed) {
                agree(&file(&changed, data));
            }
        }
    }
}

#[test]
fn the_reference_agrees_on_files_that_are_nearly_right() {
    let mut random = Random::new(6);
    let mut accepted = 0;
    for _ in 0..rounds(3000) {
        let mut entries = Vec::new();
        let mut start = 0;
        for index in 0..random.below(5) {
            let dtype = Dtype::ALL[random.below(Dtype::ALL.len())];
            let shape: Vec<u64> = (0..random.below(4)).map(|_| random.below(5) as u64).collect();
            let bits = shape.iter().product::<u64>() * dtype.bits();
            // One number of some is off by one, or a name is there already.
            let off = |random: &mut Random| i64::from(random.below(12) == 0);
            let (begin, end) = (start + off(&mut random), start + bits as i64 / 8 + off(&mut random));
            start += bits as i64 / 8;
            let name = if random.below(10) == 0 { 0 } else { index };
            entries
                .push(format!(r#""t{name}": {{"shape":{shape:?},"data_offsets":[{begin},{end}],"dtype":"{dtype}"}}"#));
        }
        if random.below(2) == 0 {
            entries.reverse();
        }
        let data = (start + i64::from(random.below(12) == 0)) as usize;
        accepted += u32::from(agree(&file(&format!("{{{}}}", entries.join(",")), data)));
    }
    assert!((rounds(500)..rounds(2500)).contains(&(accepted as usize)), "too few of either sort: {accepted}");
}

#[test]
fn numbers_that_start_between_their_places_are_told_and_tolerated() {
    for (pad, dtype, expected) in [(0, "F32", true), (1, "F32", false), (0, "U8", false), (0, "F4", false)] {
        let length = if dtype == "F4" { 8 } else { 4 };
        let bytes = if dtype == "F32" { 16 } else { 4 };
        let header = format!(r#"{{"w":{{"dtype":"{dtype}","shape":[{length}],"data_offsets":[0,{bytes}]}}}}"#);
        let wanted = header.len().div_ceil(8) * 8 + if pad == 0 { 2 } else { 0 };
        let (_, faults) = read(&file(&format!("{header:<wanted$}"), bytes));
        assert_eq!(faults.iter().any(|fault| fault.kind == FaultKind::Alignment), expected, "{dtype} {pad}");
        assert!(faults.iter().all(|fault| !fault.breaks));
    }
}

#[test]
fn a_large_file_costs_what_its_header_costs() {
    let header = r#"{"w":{"dtype":"F32","shape":[1000000,250000],"data_offsets":[0,1000000000000]}}"#;
    let head = file(header, 0);
    let size = head.len() as u64 + 1_000_000_000_000;
    let mut input = Input::new(crate::bytes::testing::Sparse::new(&head, size), size).unwrap();
    let (header, faults) = Header::read(&mut input).unwrap();
    assert!(faults.iter().all(|fault| fault.kind == FaultKind::Alignment), "{faults:?}");
    assert_eq!(header.unwrap().parameters(), 250_000_000_000);
    assert!(input.into_inner().read_bytes() < 10_000);
}

#[test]
fn many_faults_are_told_once_and_a_breaking_one_is_never_lost() {
    let tolerated: String =
        (0..50).map(|n| format!(r#""a{n}\u0001":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}},"#)).collect();
    let header = format!(r#"{{{tolerated}"z":{{"dtype":"U8","shape":[3],"data_offsets":[0,1]}}}}"#);
    let (_, faults) = read(&file(&header, 1));
    assert_eq!(faults.len(), crate::bytes::fault::MAX_FAULTS);
    assert!(faults.iter().any(|fault| fault.breaks));
}

#[test]
fn more_tensors_than_are_read_is_a_limit_not_a_verdict() {
    let entries: String = (0..=parse::MAX_TENSORS)
        .map(|n| format!(r#""{n}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}},"#))
        .collect();
    let header = format!("{{{}}}", entries.trim_end_matches(','));
    let (header, faults) = read(&file(&header, 0));
    assert!(header.is_none());
    assert_eq!((faults[0].kind, faults[0].breaks), (FaultKind::Limit, false));
}

//! What is a pickle, and above all what is not.

mod attacks;
mod hostile;
mod values;

use super::import::MAX_IMPORTS;
use super::machine::{MAX_INLINE_DEPTH, MAX_STACK};
use super::reader::Reader;
use super::scan::MAX_DEPTH;
use super::value::MAX_VALUES;
use super::walk::walk;
use super::*;
use crate::bytes::testing::{Random, mutate};

/// What a scan of bytes says.
fn scanned(bytes: &[u8]) -> Scan {
    scan(&mut Source::bytes(bytes, 0), Reading::Joblib).unwrap()
}

/// `module.name` and verdict of every import that is not known to be harmless, worst first.
fn findings(bytes: &[u8]) -> Vec<(String, Trust)> {
    let scan = scanned(bytes);
    scan.worst(Trust::Unknown).iter().map(|import| (import.reach.to_string(), import.verdict())).collect()
}

fn walked(bytes: &[u8]) -> End {
    walk(&mut Source::bytes(bytes, 0), u64::MAX).unwrap().end
}

/// Whole files, as `pickle.dumps` of CPython writes them.
const PICKLES: &[(&str, &[u8])] = &[
    ("(1, 1), protocol 1", b"K\x01q\x00h\x00\x86."),
    ("[1], protocol 0", b"(lp0\nI1\na."),
    ("{'a': 1.5}, protocol 0", b"(dp0\nVa\np1\nF1.5\ns."),
    ("{'a': [1, 2]}, protocol 2", b"\x80\x02}q\x00X\x01\x00\x00\x00aq\x01]q\x02(K\x01K\x02es."),
    (
        "['a', 1.5], protocol 4",
        b"\x80\x04\x95\x12\x00\x00\x00\x00\x00\x00\x00]\x94(\x8c\x01a\x94G?\xf8\x00\x00\x00\x00\x00\x00e.",
    ),
    ("a call, protocol 0", b"cbuiltins\nprint\n(S'hello'\ntR."),
    ("a call by INST", b"(S'hello'\nibuiltins\nprint\n."),
    ("a call, protocol 4", b"\x80\x04\x8c\x08builtins\x8c\x05print\x93)R."),
    ("a harmless stream, then a call", b"N.cbuiltins\nprint\n(tR."),
    ("a call after a number with an underscore", b"I1_0\n0cbuiltins\nprint\n(tR."),
    ("a call after other numbers", b"L0x_1fL\nI010\nI\x0B7\x0C\nF1_0.5\n0000cbuiltins\nprint\n(tR."),
];

#[test]
fn pickles_of_every_protocol_are_known() {
    for (name, bytes) in PICKLES {
        let is_text = std::str::from_utf8(bytes).is_ok();
        assert_eq!(judge(bytes, true, is_text), Verdict::Pickle, "{name}");
    }
}

#[test]
fn a_call_is_known_whatever_follows() {
    for (name, bytes) in PICKLES.iter().filter(|(name, _)| name.contains("call")) {
        let appended = [*bytes, b"\xff\xff raw bytes that are no opcodes"].concat();
        assert_eq!(judge(&appended, true, false), Verdict::Pickle, "{name}");
        let without_stop = [bytes.strip_suffix(b".").unwrap(), b"\xff\xff"].concat();
        assert_eq!(judge(&without_stop, true, false), Verdict::Pickle, "{name}");
    }
}

#[test]
fn a_first_value_of_any_size_hides_nothing() {
    let call = b"0cbuiltins\nprint\n(tR.".as_slice();
    let counted = [b"B\0\0\x30\0".as_slice(), &vec![b'a'; 3 << 20], call].concat();
    let line = [b"S'".as_slice(), &vec![b'a'; 3 << 20], b"'\n", call].concat();
    let streams = [b"N.".repeat(700_000), call.get(1..).unwrap().to_vec()].concat();
    for bytes in [counted, line, streams] {
        assert_eq!(judge(&bytes, true, true), Verdict::Pickle);
        assert_ne!(judge(bytes.get(..4096).unwrap(), false, true), Verdict::NotPickle);
    }
}

#[test]
fn ordinary_text_is_no_pickle() {
    for text in [
        "(c) 2024 The authors.\nAll rights reserved.\n",
        "configs\nmodels\n.gitignore\n",
        "cat\ndog\nbird\n",
        "Version 1.0\n.\nmore\n",
        "[1, 2, 3]\n",
        "{\"a\": 1}\n",
        "I\nam\n",
        "I1\nS'x'\n",
        "}.\n",
        "N.B. this is prose.",
        "]\n.",
        "# Title\n\nText.\n",
        "import torch\nprint(torch)\n",
        "(import numpy)\n",
        "Proudly presented.\n.",
        "2024.",
        "0.1.2\n",
        "",
    ] {
        assert_eq!(judge(text.as_bytes(), true, true), Verdict::NotPickle, "{text}");
    }
}

#[test]
fn numbers_are_no_pickle() {
    let mut random = Random::new(21);
    for _ in 0..20_000 {
        let bytes: Vec<u8> =
            (0..64).flat_map(|_| (random.next() as f32 / u64::MAX as f32 - 0.5).to_le_bytes()).collect();
        assert_ne!(judge(&bytes, false, false), Verdict::Pickle, "{bytes:?}");
    }
    // The length of a safetensors header can begin with an opcode and STOP.
    assert_eq!(judge(b"N.\0\0\0\0\0\0{\"a\":", false, false), Verdict::NotPickle);
    assert_eq!(judge(b"\x80\x02\0\0\0\0\0\0{\"a\":", false, false), Verdict::NotPickle);
}

#[test]
fn opcodes_come_with_their_arguments() {
    let bytes = b"\x80\x02cos\nname\nX\x02\x00\x00\x00ab\x8a\x01\xff.";
    let (mut source, mut reader, mut found) = (Source::bytes(bytes, 0), Reader::default(), Vec::new());
    while let Ok(op) = reader.next(&mut source).unwrap() {
        found.push((op.at, op.code.name, op.argument.to_vec()));
    }
    assert_eq!(
        found,
        [
            (0, "PROTO", b"\x02".as_slice()),
            (2, "GLOBAL", b"os\nname"),
            (11, "BINUNICODE", b"ab"),
            (18, "LONG1", b"\xff"),
            (21, "STOP", b""),
        ]
        .map(|(at, name, argument)| (at, name, argument.to_vec()))
    );
}

#[test]
fn lengths_that_lie_end_the_walk() {
    for bytes in [b"T\xff\xff\xff\xff".as_slice(), b"\x8b\x00\x00\x00\x80", b"\x8e\xff\xff\xff\xff\xff\xff\xff\xff"] {
        assert_eq!(walked(bytes), End::Broken(0), "{bytes:?}");
    }
    assert_eq!(walked(b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7f"), End::Cut);
    assert_eq!(walked(b"X\xff\xff\xff\xff"), End::Cut);
    assert_eq!(walked(b"cos"), End::Cut);
}

#[test]
fn the_stack_is_counted() {
    for (bytes, end) in [
        (b".".as_slice(), End::Broken(0)),
        (b"NR.", End::Broken(1)),
        (b"N(R.", End::Broken(2)),
        (b"t.", End::Broken(0)),
        (b"(0N.", End::Stopped),
        (b"N(NN1.", End::Stopped),
        (b"h\x00.", End::Broken(0)),
        (b"Nq\x05h\x05\x86.", End::Stopped),
        (b"K\x01K\x02\x93.", End::Broken(4)),
        (b"cos\nname\nU\x01b\x93.", End::Stopped),
        (b"U\x01aU\x01b\x93.", End::Stopped),
        (b"](NNe.", End::Stopped),
    ] {
        assert_eq!(walked(bytes), end, "{bytes:?}");
    }
}

#[test]
fn every_opcode_is_found_by_its_byte() {
    for (index, opcode) in opcode::OPCODES.iter().enumerate() {
        assert_eq!(Opcode::from_byte(opcode.byte), Some(opcode), "{index}: the table is sorted");
    }
    assert_eq!(Opcode::from_byte(0), None);
}

#[test]
fn no_mutation_breaks_the_walk() {
    let mut random = Random::new(9);
    for (_, seed) in PICKLES {
        for _ in 0..3_000 {
            let bytes = mutate(seed, &mut random);
            judge(&bytes, true, true);
            judge(&bytes, false, false);
        }
    }
}

//! Streams that are made to exhaust their reader.

use std::time::Duration;

use super::*;
use crate::bytes::testing::grows_evenly;

/// Nothing of these sizes takes longer, even in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

fn quickly(what: &str, bytes: &[u8]) -> Scan {
    let start = crate::testing::Stopwatch::start();
    let scan = scanned(bytes);
    assert!(start.elapsed() < PATIENCE, "{what} took {:?}", start.elapsed());
    scan
}

#[test]
fn nesting_and_sharing_cost_no_more_than_their_bytes() {
    const MANY: usize = 1_000_000;
    let call = b"cos\nsystem\n(tR.".as_slice();
    type Bytes = fn(usize) -> Vec<u8>;
    let streams: [(&str, Bytes); 8] = [
        ("marks", |many| b"(".repeat(many)),
        ("tuples in tuples", |many| [b"N".as_slice(), &b"\x85".repeat(many)].concat()),
        ("lists in lists", |many| [b"]".as_slice(), &b"]a".repeat(many)].concat()),
        ("tuples that share", |many| [b"N".as_slice(), &b"2\x86".repeat(many)].concat()),
        ("calls of calls", |many| [b"ca\nb\n".as_slice(), &b")R".repeat(many)].concat()),
        ("persistent ids of persistent ids", |many| [b"N".as_slice(), &b"Q".repeat(many)].concat()),
        ("memo entries", |many| [b"N".as_slice(), &b"\x94".repeat(many)].concat()),
        ("dicts that contain themselves", |many| [b"}q\0".as_slice(), &b"h\0h\0s".repeat(many / 4)].concat()),
    ];
    for (what, bytes) in streams {
        grows_evenly(what, MANY, |many| drop(scanned(&bytes(many))));
        // And what follows is seen all the same.
        let scan = scanned(&[bytes(MANY).as_slice(), call].concat());
        assert_eq!(scan.worst(Trust::Dangerous).len(), 1, "{what}");
    }
    // Shown, the shared tree is short.
    let shared = [b"cos\nsystem\nN".as_slice(), &b"2\x86".repeat(MANY), b"R."].concat();
    let scan = scanned(&shared);
    assert!(scan.worst(Trust::Dangerous)[0].call.as_ref().unwrap().arguments.len() < 200);
}

#[test]
fn what_does_not_fit_is_said_and_never_clean() {
    let steps = |scan: &Scan| scan.streams.iter().map(|stream| stream.opcodes).sum::<u64>();
    let scan = scanned(&b"N".repeat(MAX_STACK + 2));
    assert_eq!(steps(&scan), MAX_STACK as u64 + 1, "the first value beyond the cap ends the stream");
    assert!(scan.unread.is_some_and(|unread| unread.why.contains("stack")));
    // Values beyond the cap are plain data, and stay it.
    let items = MAX_VALUES + 1000;
    let many = [b"]".as_slice(), &b"M\xe8\x03a".repeat(items), b"."].concat();
    let scan = scanned(&many);
    assert_eq!(steps(&scan), 2 * items as u64 + 2);
    assert_eq!((scan.unread, scan.imports.list().len()), (None, 0));
    // A name among them that there was no room for is an import all the same.
    let hidden = [&many[..many.len() - 1], b"\x8c\x02os\x8c\x06system\x93)R."].concat();
    let scan = scanned(&hidden);
    assert!(scan.unread.is_some() && scan.worst(Trust::Unknown).len() == 1, "{scan:?}");
    let named = [&many[..many.len() - 1], b"cos\nsystem\n)R."].concat();
    assert_eq!(scanned(&named).worst(Trust::Dangerous).len(), 1);
}

#[test]
fn dangerous_imports_are_not_lost_among_many() {
    let mut bytes = Vec::new();
    for number in 0..3 * MAX_IMPORTS {
        bytes.extend(format!("cpackage{number}\nname\n0").bytes());
    }
    bytes.extend(b"cos\nsystem\n.");
    let scan = quickly("many imports", &bytes);
    assert_eq!(scan.worst(Trust::Dangerous).len(), 1);
    assert_eq!(scan.imports.omitted(), 2 * MAX_IMPORTS as u64);
}

#[test]
fn lengths_that_lie_allocate_nothing() {
    for bytes in [
        b"X\xff\xff\xff\xff".as_slice(),
        b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff",
        b"T\xff\xff\xff\xff",
        b"\x8b\xff\xff\xff\xff",
        b"\x96\xff\xff\xff\xff\xff\xff\xff\x7f\x80\x02",
        b"cos",
        b"cos\nsystem",
    ] {
        let scan = quickly("a lie", bytes);
        assert!(scan.unread.is_some() && scan.imports.list().is_empty(), "{bytes:?}");
    }
}

#[test]
fn names_of_many_dots_and_long_lines_are_quick() {
    let dots = [b"c".as_slice(), &b"a.".repeat(50_000), b"\n", &b"b.".repeat(50_000), b"\n0"].concat();
    let scan = quickly("dots", &[dots.repeat(20), b"N.".to_vec()].concat());
    assert_eq!((scan.imports.list().len(), scan.unread), (1, None));
    quickly("a line without an end", &[b"S'".as_slice(), &vec![b'x'; 10_000_000]].concat());
}

/// The bounded run of every test run, and as many as are wanted: `HF_RELEASE_LONG_TESTS=100 cargo test --lib hostile`
/// runs a hundred times as many.
fn rounds(usual: usize) -> usize {
    let factor = std::env::var("HF_RELEASE_LONG_TESTS").ok().and_then(|factor| factor.parse().ok());
    usual * factor.unwrap_or(1)
}

#[test]
fn no_mutation_breaks_the_machine() {
    let mut random = Random::new(77);
    let joblib = b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(X\x05\0\0\0shapeK\x02\x85X\x05\0\0\0dtypecnumpy\ndtype\nX\x02\0\0\0O8\x89\x88\x87Rub\x80\x02N.N.";
    let nested = b"\x80\x03ctorch.storage\n_load_from_bytes\nC\x1b\x80\x02cos\nsystem\n(X\x02\0\0\0idtR.N.\x85R.";
    let seeds: Vec<&[u8]> = PICKLES.iter().map(|(_, bytes)| *bytes).chain([joblib.as_slice(), nested]).collect();
    for seed in seeds {
        for _ in 0..rounds(4_000) {
            let bytes = mutate(seed, &mut random);
            let start = crate::testing::Stopwatch::start();
            let scan = scanned(&bytes);
            assert!(start.elapsed() < Duration::from_secs(1), "{bytes:?}");
            // A stream without an opcode that imports has no import, and the other way round nothing is invented.
            let could = bytes.iter().any(|byte| {
                matches!(
                    byte,
                    b'c' | b'i' | 0x93 | 0x82
                        ..=0x84 | b'R' | b'o' | b'b' | 0x81 | 0x92 | b'a' | b's' | b'e' | b'u' | 0x90
                )
            });
            assert!(could || scan.imports.list().is_empty(), "{bytes:?}");
            Listing::new(&mut Source::bytes(&bytes, 0)).for_each(|line| drop(line.unwrap()));
        }
    }
}

#[test]
fn random_opcodes_break_nothing() {
    let mut random = Random::new(78);
    let opcodes: Vec<u8> = opcode::OPCODES.iter().map(|opcode| opcode.byte).collect();
    for _ in 0..rounds(4_000) {
        let mut bytes = Vec::new();
        for _ in 0..random.below(200) {
            bytes.push(opcodes[random.below(opcodes.len())]);
            match random.below(4) {
                0 => bytes.extend(b"os\nsystem\n"),
                1 => bytes.extend((random.next() as u32 & 0x0F).to_le_bytes()),
                _ => {}
            }
        }
        scanned(&bytes);
    }
}

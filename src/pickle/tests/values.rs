//! What is known of values: joblib's arrays, what is shown, listings.

use super::*;

/// A `NumpyArrayWrapper` of two elements, as joblib writes it, then `after`.
fn wrapper(dtype: &str, padding: Option<u8>, after: &[u8]) -> Vec<u8> {
    wrapper_of(dtype, b"", padding, after)
}

/// The same with what follows the call that makes the element type.
fn wrapper_of(dtype: &str, state: &[u8], padding: Option<u8>, after: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x80\x02cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(".to_vec();
    let text = |bytes: &mut Vec<u8>, text: &str| {
        bytes.push(b'X');
        bytes.extend((text.len() as u32).to_le_bytes());
        bytes.extend(text.bytes());
    };
    text(&mut bytes, "shape");
    bytes.extend(b"K\x02\x85");
    text(&mut bytes, "dtype");
    bytes.extend(b"cnumpy\ndtype\n");
    text(&mut bytes, dtype);
    bytes.extend(b"\x89\x88\x87R");
    bytes.extend(state);
    text(&mut bytes, "numpy_array_alignment_bytes");
    bytes.extend(if padding.is_some() { b"K\x10".as_slice() } else { b"N" });
    bytes.extend(b"ub");
    if let Some(padding) = padding {
        bytes.push(padding);
        bytes.extend(std::iter::repeat_n(0xFF, usize::from(padding)));
    }
    bytes.extend(after);
    bytes
}

#[test]
fn raw_arrays_of_joblib_are_skipped() {
    let call = b"0cos\nsystem\n(tR.".as_slice();
    for (dtype, size) in [("f8", 16), ("<i4", 8), ("|b1", 2), ("U10", 80), ("S3", 6), ("c16", 32), ("M8", 16)] {
        for padding in [None, Some(0), Some(9)] {
            let array = [vec![b'c'; size], call.to_vec()].concat();
            let scan = scanned(&wrapper(dtype, padding, &array));
            assert_eq!(scan.worst(Trust::Unknown).len(), 1, "{dtype} {padding:?}");
            assert_eq!((scan.unread, scan.tail), (None, None), "{dtype} {padding:?}");
        }
    }
    let cut = scanned(&wrapper("f8", None, &[0; 15]));
    assert!(cut.unread.is_some());
    let unknown = scanned(&wrapper("V8", None, &[0; 16]));
    assert!(unknown.unread.is_some());
    let plain = |bytes: &[u8]| scan(&mut Source::bytes(bytes, 0), Reading::Plain).unwrap();
    let both = wrapper("f8", None, b"0cos\nsystem\n(tR..N.");
    assert_eq!((scanned(&both).has_arrays, scanned(&both).worst(Trust::Dangerous).len()), (true, 0));
    assert_eq!(plain(&both).worst(Trust::Dangerous).len(), 1);
    let framed =
        [b"\x80\x04\x95\xFF\0\0\0\0\0\0\0".as_slice(), wrapper("f8", None, &[0; 99]).get(2..).unwrap()].concat();
    assert!(scanned(&framed).unread.is_some(), "the array stands after the frame");
    let huge = scanned(&wrapper("U99999999999999999999", None, b""));
    assert!(huge.unread.is_some());
}

#[test]
fn the_state_of_an_element_type_has_the_last_word() {
    let call = b"0cos\nsystem\n(tR.".as_slice();
    let small = b"(K\x03S'|'\nNNNK\x03K\x01K\0tb".as_slice();
    for code in ["S1000", "U1000", "V1000", "a1000"] {
        let scan = scanned(&wrapper_of(code, small, None, &[&[0xFF; 6], call].concat()));
        assert_eq!((scan.worst(Trust::Dangerous).len(), scan.unread), (1, None), "{code}");
    }
    let objects = b"(K\x03S'<'\nNNNJ\xFF\xFF\xFF\xFFJ\xFF\xFF\xFF\xFFK\x01tb".as_slice();
    let scan = scanned(&wrapper_of("f8", objects, None, &[b"\x80\x02cos\nsystem\n(tR.".as_slice(), b"0N."].concat()));
    assert_eq!((scan.worst(Trust::Dangerous).len(), scan.unread), (1, None));
    let old = scanned(&wrapper_of("S4", b"(S'|'\nNNK\x07K\x01tb", None, &[0; 99]));
    assert!(old.unread.is_some(), "a state of another layout");
}

#[test]
fn arrays_of_objects_are_pickles_of_their_own() {
    let scan = scanned(&wrapper("O8", None, b"\x80\x02cos\nsystem\n(tR.0N."));
    assert_eq!(scan.worst(Trust::Dangerous).len(), 1);
    assert_eq!((scan.streams.len(), scan.unread, scan.tail), (1, None, None));
    let nested = (0..MAX_INLINE_DEPTH + 1)
        .fold(b"N.".to_vec(), |inner, _| wrapper("O8", None, &[inner, b"0N.".to_vec()].concat()));
    assert!(scanned(&nested).unread.is_some());
}

#[test]
fn arguments_are_shown_short_and_clean() {
    let shown = |bytes: &[u8]| {
        let scan = scanned(&[b"cos\nsystem\n".as_slice(), bytes, b"R."].concat());
        scan.worst(Trust::Dangerous)[0].call.clone().unwrap().arguments
    };
    assert_eq!(shown(b"(K\x01L-5L\nI01\nNF1.5\nt"), "(1, -5, True, None, 1.5)");
    assert_eq!(shown(b"(S'\\x1b[2Jit\\'s'\nC\x02\xffat"), "('\\u{1b}[2Jit\\'s', b'\\xffa')");
    assert_eq!(shown(b"(dS'k'\n]K\x02as\x85"), "({'k': [2]})");
    assert_eq!(shown(b"(cjson\nloads\ncx\ny\n(S'z'\ntRt"), "(json.loads, x.y('z'))");
    assert_eq!(shown(b"K\x01\x85\x85\x85\x85\x85\x85"), "(((((…),),),))");
    let long = shown(&[b"(".as_slice(), &b"S'abcdefghij'\n".repeat(50), b"t"].concat());
    assert!(long.len() < 130 && long.ends_with('…'), "{long}");
}

#[test]
fn a_listing_names_every_opcode_with_its_argument() {
    let bytes = b"\x80\x02cos\nsystem\nX\x02\0\0\0a\x1b\x8a\x01\xffG?\xf8\0\0\0\0\0\0J\xfe\xff\xff\xffC\x01\xffVz\\u0041\nq\x05I7\n.\xff";
    let mut source = Source::bytes(bytes, 100);
    let lines: Vec<String> = Listing::new(&mut source)
        .map(|line| {
            let line = line.unwrap();
            format!("{} {} {}", line.at, line.opcode, line.argument)
        })
        .collect();
    assert_eq!(
        lines,
        [
            "100 PROTO 2",
            "102 GLOBAL os system",
            "113 BINUNICODE 'a\\u{1b}'",
            "120 LONG1 -1",
            "123 BINFLOAT 1.5",
            "132 BININT -2",
            "137 SHORT_BINBYTES b'\\xff'",
            "140 UNICODE 'zA'",
            "149 BINPUT 5",
            "151 INT 7",
            "154 STOP ",
        ]
    );
}

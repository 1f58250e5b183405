//! Ways to run code from a pickle and to hide it, each with a harmless payload.

use super::*;

use Trust::{Dangerous, Unknown};

#[test]
fn every_way_to_call_is_seen_with_its_place() {
    for (bytes, opcode, at, arguments) in [
        (b"cos\nsystem\n(S'id'\ntR.".as_slice(), "REDUCE", 19, "('id')"),
        (b"(S'id'\nios\nsystem\n.", "INST", 7, "('id')"),
        (b"(cos\nsystem\nS'id'\no.", "OBJ", 18, "('id')"),
        (b"\x80\x02cos\nsystem\nX\x02\0\0\0id\x85\x81.", "NEWOBJ", 21, "('id')"),
        (b"\x80\x04cos\nsystem\n\x8c\x02id\x85}\x92.", "NEWOBJ_EX", 19, "('id')"),
        (b"\x80\x04\x8c\x02os\x8c\x06system\x93]\x8c\x01aa\x85R.", "REDUCE", 21, "(['a'])"),
    ] {
        let scan = scanned(bytes);
        let [import] = scan.worst(Dangerous)[..] else { panic!("{bytes:?}: {scan:?}") };
        assert_eq!(import.reach.to_string(), "os.system");
        let call = import.call.as_ref().unwrap();
        assert_eq!((call.opcode, call.at, call.arguments.as_str()), (opcode, at, arguments), "{bytes:?}");
        assert_eq!((import.calls, import.count, scan.unread), (1, 1, None));
    }
}

#[test]
fn hidden_names_are_found() {
    let os_system = [("os.system".to_owned(), Dangerous)];
    for (how, bytes) in [
        ("import alone", b"cos\nsystem\n.".as_slice()),
        ("module and name by the memo", b"\x80\x04\x8c\x06system\x94\x8c\x02os\x94h\x01h\0\x93."),
        ("name duplicated and dropped", b"\x80\x04\x8c\x02os\x8c\x06system20\x93."),
        ("memo overwritten after use", b"\x80\x02X\x02\0\0\0osq\0X\x04\0\0\0jsonq\x010h\0X\x06\0\0\0system\x93."),
        ("memo overwritten before use", b"\x80\x02X\x04\0\0\0jsonq\0X\x02\0\0\0osq\0h\0X\x06\0\0\0system\x93."),
        ("MEMOIZE counts entries", b"\x80\x04\x8c\x01xq\x05\x8c\x02os\x94h\x01\x8c\x06system\x93."),
        ("a huge memo index", b"\x80\x02X\x02\0\0\0osr\xff\xff\xff\xff0j\xff\xff\xff\xffX\x06\0\0\0system\x93."),
        ("a memo index in odd digits", b"Vos\np1_0\n0g 10 \nVsystem\n\x93."),
        ("escapes in a string", b"S'o\\x73'\nS'\\163ystem'\n\x93."),
        ("escapes in unicode", b"V\\u006fs\nVsystem\n\x93."),
        ("POP takes the mark", b"(0cos\nsystem\n."),
        ("POP_MARK drops decoys", b"cos\nsystem\n(cjson\nloads\n1."),
        ("a lying FRAME", b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f\x8c\x02os\x8c\x06system\x93."),
        ("frames and protocols in between", b"\x80\x04\x8c\x02os\x95\0\0\0\0\0\0\0\0\x80\0\x8c\x06system\x80\x05\x93."),
        ("a stream before it", b"N.cos\nsystem\n."),
        ("a stream before it that is no import", b"\x80\x02}.\x80\x02cos\nsystem\n."),
        ("a break after it", b"cos\nsystem\n(S'id'\ntR\xff\xff"),
        ("no STOP", b"cos\nsystem\n(S'id'\ntR"),
        ("below other values", b"cos\nsystem\nNNN."),
        ("in a tuple", b"cos\nsystem\n\x85\x85\x85."),
    ] {
        let found: Vec<_> = findings(bytes).into_iter().filter(|(_, trust)| *trust == Dangerous).collect();
        assert_eq!(found, os_system, "{how}");
    }
}

#[test]
fn names_are_read_as_python_reads_them() {
    for (bytes, reach, trust) in [
        (b"c__builtin__\neval\n.".as_slice(), "builtins.eval", Dangerous),
        (b"\x80\x03c__builtin__\neval\n.", "__builtin__.eval", Dangerous),
        (b"ccommands\ngetoutput\n.", "subprocess.getoutput", Dangerous),
        (b"cexceptions\nValueError\n.", "builtins.ValueError", Unknown),
        (b"\x80\x04\x8c\x07logging\x8c\x09os.system\x93.", "logging.os.system", Dangerous),
        (b"\x80\x04\x8c\x0bcollections\x8c\x14OrderedDict.fromkeys\x93.", "collections.OrderedDict.fromkeys", Unknown),
        (
            b"casyncio.unix_events\n_UnixSubprocessTransport._start\n.",
            "asyncio.unix_events._UnixSubprocessTransport._start",
            Dangerous,
        ),
        (b"cmy.module\n__builtins__\n.", "my.module.__builtins__", Dangerous),
        (b"ctorch.storage\n_load_from_bytes\n.", "torch.storage._load_from_bytes", Dangerous),
    ] {
        assert_eq!(findings(bytes), [(reach.to_owned(), trust)]);
    }
    assert_eq!(scanned(b"c__builtin__\neval\n.").imports.list()[0].written.as_deref(), Some("__builtin__.eval"));
    assert_eq!(findings(b"c__builtin__\nset\n(lp1\ntR."), []);
}

#[test]
fn what_cannot_be_told_is_never_harmless() {
    for bytes in [
        b"\x82\x07)R.".as_slice(),
        b"\x84\xff\xff\xff\x7f.",
        b"ccollections\nOrderedDict\n)RX\x01\0\0\0x\x93.",
        b"\x97X\x01\0\0\0x\x93.",
        b"\x97)R.",
        b"ccollections\nOrderedDict\n)R)R.",
        b"ccollections\nOrderedDict\n}b.",
        b"ccollections\nOrderedDict\nNNs.",
        b"ccollections\nOrderedDict\nNa.",
        b"Ppersistent\n)R.",
    ] {
        let found = findings(bytes);
        assert_eq!(found.iter().map(|(_, trust)| *trust).collect::<Vec<_>>(), [Unknown], "{bytes:?}: {found:?}");
    }
}

#[test]
fn getattr_gives_a_name_that_is_judged_and_nothing_else() {
    let getattr = |rest: &[u8]| findings(&[b"cbuiltins\ngetattr\n".as_slice(), rest].concat());
    let known = [("builtins.getattr".to_owned(), Unknown), ("a.B.c".to_owned(), Unknown), ("a.B".to_owned(), Unknown)];
    let found = getattr(b"(ca\nB\nS'c'\ntR.");
    assert!(found.len() == 3 && known.iter().all(|import| found.contains(import)), "{found:?}");
    // A method of an object.
    let method = getattr(b"(ca\nB\n)RS'c'\ntR.");
    assert!(method.len() == 3 && known.iter().all(|import| method.contains(import)), "{method:?}");
    // Through a module that another one contains.
    let through = getattr(b"(ca\nB\nS'os'\ntR.");
    assert!(through.contains(&("a.B.os".to_owned(), Dangerous)), "{through:?}");
    for rest in [
        b".".as_slice(),
        b"(ca\nB\nS'__globals__'\ntR.",
        b"(ca\nB\nS'__class__'\ntR.",
        b"(S'a'\nS'__class__'\ntR.",
        b"(S'a'\nca\nB\ntR.",
        b"(ca\nB\nca\nC\n)RtR.",
    ] {
        assert!(getattr(rest).iter().any(|(_, trust)| *trust == Dangerous), "{rest:?}");
    }
    // Methods of Python's own types, of the type and of a value.
    for rest in [b"(cbuiltins\nstr\nS'split'\ntR.".as_slice(), b"(S'-'\nS'join'\ntR.", b"(]S'append'\ntR."] {
        assert!(getattr(rest).iter().all(|(_, trust)| *trust == Unknown), "{rest:?}");
    }
    // Harmless in one call, handed to another function in the next.
    let handed = findings(b"cbuiltins\ngetattr\nq\0(ca\nB\nS'c'\ntR0cx\napply\n(h\0tR.");
    assert!(handed.contains(&("builtins.getattr".to_owned(), Dangerous)), "{handed:?}");
}

#[test]
fn what_a_nested_pickle_does_before_it_breaks_is_done() {
    let load = b"ctorch.storage\n_load_from_bytes\n";
    let nested = |inner: &[u8]| {
        let length = (inner.len() as u32).to_le_bytes();
        findings(&[b"\x80\x03".as_slice(), load, b"B", &length, inner, b"\x85R."].concat())
    };
    let payload = b"\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R".as_slice();
    for end in [b"".as_slice(), b".", b"\xff\xfe", b"0", b"h\x09"] {
        let found = nested(&[payload, end].concat());
        assert!(found.contains(&("os.system".to_owned(), Dangerous)), "{end:?}: {found:?}");
    }
    assert_eq!(nested(b"\x80\x02\xff\xfe numbers"), []);
    let late = [b"\x80\x02B\0\0\x30\0".as_slice(), &vec![b'a'; 3 << 20], b"0", payload.get(2..).unwrap()].concat();
    assert!(nested(&late).contains(&("os.system".to_owned(), Dangerous)));
    // Letters that the encoder leaves out.
    let dropped = |rest: &[u8]| {
        let text = "\u{80}\u{2}\u{1234}cos\nsystem\n(tR.".as_bytes();
        let start = [b"\x80\x02".as_slice(), load, b"c_codecs\nencode\nX", &(text.len() as u32).to_le_bytes(), text];
        findings(&[start.concat().as_slice(), rest, b"\x85R."].concat())
    };
    let found = dropped(b"X\x06\0\0\0latin1X\x06\0\0\0ignore\x87R");
    assert!(found.contains(&("os.system".to_owned(), Dangerous)), "{found:?}");
    assert!(found.contains(&("_codecs.encode".to_owned(), Dangerous)), "{found:?}");
    assert_eq!(findings(b"\x80\x02c_codecs\nencode\nX\x01\0\0\0aX\x06\0\0\0latin1\x86R."), []);
    let other = findings(b"\x80\x02c_codecs\nencode\nX\x01\0\0\0aX\x05\0\0\0rot13\x86R.");
    assert_eq!(other, [("_codecs.encode".to_owned(), Dangerous)]);
}

#[test]
fn cloudpickle_s_types_are_judged_by_their_names() {
    let types = |rest: &[u8]| {
        let found = findings(&[b"\x80\x03ccloudpickle.cloudpickle\n_builtin_type\n".as_slice(), rest].concat());
        found.into_iter().filter(|(_, trust)| *trust == Dangerous).map(|(name, _)| name).collect::<Vec<_>>()
    };
    let builtin_type = "cloudpickle.cloudpickle._builtin_type";
    for name in ["MethodType", "ModuleType", "NoneType"] {
        let call = [b"X".as_slice(), &(name.len() as u32).to_le_bytes(), name.as_bytes(), b"\x85R."].concat();
        assert!(types(&call).is_empty(), "{name}");
    }
    for name in ["CodeType", "FunctionType", "LambdaType", "new_class", "sys"] {
        let call = [b"X".as_slice(), &(name.len() as u32).to_le_bytes(), name.as_bytes(), b"\x85R."].concat();
        assert_eq!(types(&call), [format!("types.{name}")]);
    }
    // A name that is not in the file, more than one, and no call at all.
    assert!(types(b"\x97\x85R.").contains(&builtin_type.to_owned()));
    assert_eq!(types(b"X\x0a\0\0\0MethodTypeN\x86R."), [builtin_type]);
    assert_eq!(types(b"."), [builtin_type]);
}

#[test]
fn what_objects_keep_is_no_attack_until_it_is_called() {
    let print = |trust| [("builtins.print".to_owned(), trust)];
    assert_eq!(findings(b"}S'logger'\ncbuiltins\nprint\ns."), print(Unknown));
    assert_eq!(findings(b"cbuiltins\nprint\n(S'x'\ntR."), print(Dangerous));
}

#[test]
fn a_wrapped_function_is_followed() {
    let bytes = b"cfunctools\npartial\n(cos\nsystem\nS'id'\ntR)R.";
    let scan = scanned(bytes);
    let [system, partial] = scan.worst(Unknown)[..] else { panic!("{scan:?}") };
    assert_eq!((system.reach.to_string(), system.verdict(), system.calls), ("os.system".to_owned(), Dangerous, 1));
    assert_eq!((partial.reach.to_string(), partial.verdict()), ("functools.partial".to_owned(), Unknown));
}

#[test]
fn pickles_in_strings_are_read() {
    let inner = b"\x80\x02cos\nsystem\n(X\x02\0\0\0idtR.";
    let wrap = |bytes: &[u8]| [b"\x80\x03B".as_slice(), &(bytes.len() as u32).to_le_bytes(), bytes, b"."].concat();
    let scan = scanned(&wrap(inner));
    let [import] = scan.worst(Dangerous)[..] else { panic!("{scan:?}") };
    assert!(import.is_nested && import.at == 7 + 2, "{import:?}");
    assert_eq!(findings(&wrap(&wrap(inner))), [("os.system".to_owned(), Dangerous)]);
    // Bytes that only begin like one: tensor data, a cut one, no import.
    for other in [b"\x80\x02\0\0\0\0".as_slice(), b"\x80\x02cos\nsystem\n", b"\x80\x02}.", b"\x80\x02"] {
        assert_eq!(findings(&wrap(other)), [], "{other:?}");
        assert_eq!(scanned(&wrap(other)).unread, None);
    }
    // Deeper than is read.
    let deep = (0..MAX_DEPTH + 2).fold(inner.to_vec(), |bytes, _| wrap(&bytes));
    assert!(scanned(&deep).unread.is_some());
}

#[test]
fn tensors_pickled_as_bytes_are_known_when_the_bytes_are() {
    let load = |bytes: &[u8]| {
        let start = b"\x80\x03ctorch.storage\n_load_from_bytes\nB".as_slice();
        findings(&[start, &(bytes.len() as u32).to_le_bytes(), bytes, b"\x85R."].concat())
    };
    assert_eq!(load(b"\x80\x02ccollections\nOrderedDict\n)R.\0\0\0\0"), []);
    assert_eq!(load(b"\x80\x02cos\nsystem\n)R."), [("os.system".to_owned(), Dangerous)]);
    assert_eq!(load(b"PK\x03\x04"), [("torch.storage._load_from_bytes".to_owned(), Dangerous)]);
}

#[test]
fn bytes_after_stop_are_a_tail_and_not_a_verdict() {
    for (tail, at) in
        [(b"\xff\xff\xff".as_slice(), Some(2)), (b"c\x00\xfe\n\x80\n", Some(2)), (b"", None), (b"N.", None)]
    {
        let scan = scanned(&[b"N.", tail].concat());
        assert_eq!((scan.tail, scan.imports.list().len(), scan.unread), (at, 0, None), "{tail:?}");
    }
}

#[test]
fn weights_only_is_judged_as_torch_does() {
    let refusal =
        |bytes: &[u8]| scanned(bytes).refusal().map(|refusal| (refusal.at, refusal.opcode, refusal.import.clone()));
    assert_eq!(refusal(b"\x80\x02ccollections\nOrderedDict\n)RX\x01\0\0\0aK\x01s}b."), None);
    assert_eq!(refusal(b"\x80\x02c__builtin__\nset\n]\x85R."), None);
    assert_eq!(refusal(b"\x80\x02X\x07\0\0\0storageK\x01\x86Q."), None);
    for (bytes, at, opcode, import) in [
        (b"\x80\x04\x8c\x01a.".as_slice(), 2, "SHORT_BINUNICODE", None),
        (b"\x80\x02carg\nparse\n.", 2, "GLOBAL", Some("arg.parse")),
        (b"\x80\x02]]a}K\x01K\x02s0.", 11, "POP", None),
        (b"\x80\x02}K\x01K\x02s)R.", 9, "REDUCE", None),
        (b"\x80\x02ctorch\nSize\n)RK\x01K\x02s.", 20, "SETITEM", None),
        (b"\x80\x02}(K\x01e.", 6, "APPENDS", None),
        (b"\x80\x02}}b.", 4, "BUILD", None),
        (b"\x80\x02X\x01\0\0\0aQ.", 8, "BINPERSID", None),
        // A tuple that is not the id of a storage.
        (b"\x80\x02X\x06\0\0\0moduleK\x01\x86Q.", 16, "BINPERSID", None),
        (b"\x80\x02}", 0, "", None),
    ] {
        assert_eq!(refusal(bytes), Some((at, opcode, import.map(str::to_owned))), "{bytes:?}");
    }
}

//! Every container with a harmless payload in it, files as libraries write them, and that nothing breaks the search.

mod pickles;

use std::io::Cursor;
use std::time::Duration;

use super::super::{Weight, examine};
use super::*;
use crate::bytes::FaultKind;
use crate::bytes::testing::{self, Member, Random, Sparse, mutate, tar, zip, zip_of};
use crate::bytes::unpack::Packing;
use crate::bytes::unpack::tests::pack;
use crate::source::RepoPath;

/// `os.system('echo')`.
const BAD: &[u8] = b"\x80\x02cposix\nsystem\nX\x04\0\0\0echo\x85R.";
const GOOD: &[u8] = b"\x80\x02}q\0.";
/// A list of so many numbers: longer than what is read to recognize it.
const LONG: usize = 30_000;

fn long() -> Vec<u8> {
    let mut bytes = b"\x80\x02](".to_vec();
    bytes.extend(std::iter::repeat_n(*b"K\x07", LONG).flatten());
    bytes.extend(b"e.");
    bytes
}

/// The same of numbers that cannot be packed well.
fn noisy() -> Vec<u8> {
    let mut random = Random::new(9);
    let mut bytes = b"\x80\x02](".to_vec();
    bytes.extend((0..4 * LONG).flat_map(|_| [b'K', random.next() as u8]));
    bytes.extend(b"e.");
    bytes
}

fn see(name: &str, bytes: &[u8]) -> Weight {
    examine(&RepoPath::new(name), Cursor::new(bytes), bytes.len() as u64).unwrap()
}

/// The members in which the payload was found; the file itself is the empty name.
fn bad(name: &str, bytes: &[u8]) -> Vec<String> {
    let weight = see(name, bytes);
    let found = weight.pickles.found.into_iter();
    found
        .filter(|pickle| !pickle.scan.worst(Trust::Dangerous).is_empty())
        .map(|p| p.member.unwrap_or_default())
        .collect()
}

/// What was not read: who would read it, and its name.
fn unread(name: &str, bytes: &[u8]) -> Vec<(Access, String)> {
    let parts = see(name, bytes).pickles.unread.into_iter();
    parts.map(|part| (part.access, part.member.unwrap_or_default())).collect()
}

/// A torch zip whose pickle is this one.
fn torch_zip(pickle: &[u8]) -> Vec<u8> {
    zip(&[("m/data.pkl", pickle), ("m/data/0", b"01234567"), ("m/version", b"3\n")])
}

fn npy(descr: &str, content: &[u8]) -> Vec<u8> {
    let mut header = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}");
    header.push_str(&" ".repeat(117 - header.len()));
    header.push('\n');
    let start = [b"\x93NUMPY\x01\0".as_slice(), &(header.len() as u16).to_le_bytes()].concat();
    [start.as_slice(), header.as_bytes(), content].concat()
}

/// A checkpoint of the old layout with two storages of 16 bytes each, of which the second is not as large as it says by
/// `missing` bytes.
fn legacy(object: &[u8], missing: usize) -> Vec<u8> {
    let mut file = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.".to_vec();
    file.extend(b"\x80\x02}(X\x0d\0\0\0little_endian\x88u.");
    file.extend(b"\x80\x02]");
    for (class, key, count) in [("FloatStorage", b'1', 4), ("DoubleStorage", b'2', 2)] {
        file.extend(b"(X\x07\0\0\0storagectorch\n");
        file.extend(class.as_bytes());
        file.extend([b'\n', b'X', 1, 0, 0, 0, key]);
        file.extend([b'X', 3, 0, 0, 0, b'c', b'p', b'u', b'J', count, 0, 0, 0, b'N', b't', b'Q', b'a']);
    }
    file.extend(b"0");
    file.extend(object.strip_prefix(b"\x80\x02").unwrap());
    file.extend(b"\x80\x02](X\x01\0\0\x001X\x01\0\0\x002e.");
    for count in [4_u64, 2] {
        file.extend(count.to_le_bytes());
        file.extend([7; 16]);
    }
    file.truncate(file.len() - missing);
    file
}

#[test]
fn a_payload_is_found_in_every_container() {
    let member = |name: &str| vec![name.to_owned()];
    let whole = || vec![String::new()];
    assert_eq!(bad("m.pkl", BAD), whole());
    assert_eq!(bad("m.pt", &torch_zip(BAD)), member("m/data.pkl"));
    for packing in [Packing::Zlib, Packing::Gzip, Packing::Bzip2, Packing::Xz, Packing::Lzma] {
        assert_eq!(bad("m.joblib", &pack(packing, BAD)), whole(), "{packing:?}");
        assert_eq!(bad("m.joblib", &pack(packing, &pack(packing, BAD))), whole(), "{packing:?} twice");
        let halves = [pack(packing, &BAD[..5]), pack(packing, &BAD[5..])].concat();
        assert_eq!(bad("m.joblib", &halves), whole(), "{packing:?} in two streams");
    }
    assert_eq!(bad("m.npy", &npy("'|O'", BAD)), whole());
    assert_eq!(bad("m.npz", &zip(&[("x.npy", &npy("'|O'", BAD))])), member("x.npy"));
    let nemo = tar(&[("./model_config.yaml", b"a: 1\n"), ("./model_weights.ckpt", &torch_zip(BAD))]);
    assert_eq!(bad("m.nemo", &pack(Packing::Gzip, &nemo)), member("./model_weights.ckpt/m/data.pkl"));
    assert_eq!(bad("m.nemo", &nemo).len(), 1, "seen as a tar and as a zip with something in front");
    assert_eq!(bad("voices.zip", &zip(&[("voice.pth", &torch_zip(BAD))])), member("voice.pth/m/data.pkl"));
    assert_eq!(bad("m.pt", &legacy(BAD, 0)), whole());
    let old = [b"ZF0x64".as_slice(), &[b' '; 15], &pack(Packing::Zlib, BAD)].concat();
    assert_eq!(bad("m.joblib", &old), whole(), "joblib before 0.10");
    for method in [(8, Packing::Deflate), (12, Packing::Bzip2), (14, Packing::ZipLzma)] {
        let file = zip_of([Member::packed("m/data.pkl", BAD, method.0, pack(method.1, BAD))]);
        assert_eq!(bad("m.pt", &file), member("m/data.pkl"), "{method:?}");
    }
}

#[test]
fn a_payload_does_not_hide_under_a_name() {
    for name in ["m/extra.bin", "m/x", "m/code/a.py", "m/.data/y", "m/DATA.PKL", "m/data/x", "m/data/0/1"] {
        let members: [(&str, &[u8]); 3] = [("m/data.pkl", GOOD), (name, BAD), ("m/data/0", b"0123")];
        assert_eq!(bad("m.pt", &zip(&members)), [name], "{name}");
    }
    let twice: [(&str, &[u8]); 2] = [("m/data.pkl", GOOD), ("m/data.pkl", BAD)];
    assert_eq!(bad("m.pt", &zip(&twice)), ["m/data.pkl"], "the last of equal names");
    assert_eq!(bad("m.pt", &zip(&[twice[1], twice[0]])), ["m/data.pkl"], "the first of equal names");
    let mut marked = Member::stored("m/data.pkl", BAD);
    (marked.flags, marked.local_flags, marked.crc) = (1, 1, 0);
    assert_eq!(bad("m.pt", &zip_of([marked])), ["m/data.pkl"], "marked as encrypted, with another checksum");
    let mut lying = Member::packed("m/data.pkl", BAD, 8, pack(Packing::Deflate, BAD));
    lying.size = 3;
    assert_eq!(bad("m.pt", &zip_of([lying])), ["m/data.pkl"], "longer than it says");
}

#[test]
fn what_is_two_things_is_read_as_both() {
    let zip = torch_zip(BAD);
    assert_eq!(bad("m.pt", &[GOOD, &zip].concat()), ["m/data.pkl"]);
    assert_eq!(bad("m.pt", &[BAD, &torch_zip(GOOD)].concat()), [""]);
    assert_eq!(unread("m.pt", &[GOOD, &torch_zip(GOOD)].concat()), [], "the zip is what follows the pickle");
    let safetensors = b"\x02\0\0\0\0\0\0\0{}";
    assert_eq!(bad("m.bin", &[safetensors.as_slice(), &zip].concat()), ["m/data.pkl"]);
    assert_eq!(bad("m.bin", &[b"GGUF\x03\0\0\0".as_slice(), &[0; 16], &zip].concat()), ["m/data.pkl"]);
}

#[test]
fn the_oldest_torch_layout_is_followed() {
    let storages = [
        b"\x80\x02K\x01.".as_slice(),
        b"\x80\x02X\x01\0\0\x005X\x03\0\0\0cpuctorch\nFloatStorage\n\x87.",
        &2_u64.to_le_bytes(),
        &[0xFF; 8],
        b"\x80\x02].",
    ]
    .concat();
    let tensors = [b"\x80\x02K\x01.".as_slice(), b"\x80\x02X\x01\0\0\x009.", &1_u64.to_le_bytes(), &[0; 24]].concat();
    let members: Vec<(&str, &[u8])> =
        vec![("sys_info", GOOD), ("pickle", BAD), ("storages", &storages), ("tensors", &tensors)];
    let file = tar(&members);
    assert_eq!(bad("m.pt", &file), ["pickle"]);
    assert_eq!(unread("m.pt", &file), []);
    let payload = [storages.strip_suffix(b"].").unwrap(), &BAD[2..]].concat();
    let file = tar(&[("pickle", GOOD), ("storages", &payload), ("tensors", &tensors)]);
    assert_eq!(bad("m.pt", &file), ["storages"]);
    let file = tar(&[("pickle", GOOD), ("storages", &storages), ("tensors", &tensors[..10])]);
    assert_eq!(unread("m.pt", &file), [(Access::Loader, "tensors".to_owned())]);
    let longer = [storages.as_slice(), b"more"].concat();
    let file = tar(&[("pickle", GOOD), ("storages", &longer), ("tensors", &tensors)]);
    assert_eq!(unread("m.pt", &file), [(Access::Loader, "storages".to_owned())]);
}

#[test]
fn storages_of_the_old_layout_end_where_the_file_does() {
    let file = legacy(GOOD, 0);
    assert_eq!((unread("m.pt", &file), see("m.pt", &file).faults), (vec![], vec![]));
    let twice = [legacy(GOOD, 0), legacy(BAD, 0)].concat();
    assert_eq!((unread("m.pt", &twice), bad("m.pt", &twice)), (vec![], vec![String::new()]));
    let and_a_pickle = [legacy(GOOD, 0).as_slice(), BAD].concat();
    assert_eq!((unread("m.pt", &and_a_pickle), bad("m.pt", &and_a_pickle)), (vec![], vec![String::new()]));
    let and_more = [legacy(GOOD, 0).as_slice(), b"\0\x01\x02", BAD].concat();
    assert_eq!(unread("m.pt", &and_more), [(Access::Loader, String::new())]);
    for missing in [1, 16, 17, 24, 25] {
        let weight = see("m.pt", &legacy(GOOD, missing));
        let kinds: Vec<_> = weight.faults.iter().map(|fault| (fault.kind, fault.breaks)).collect();
        assert_eq!(kinds, [(FaultKind::CutShort, true)], "{missing}");
        assert_eq!(weight.pickles.unread, [], "one defect is told once");
    }
}

#[test]
fn what_a_loader_cannot_be_promised_is_never_clean() {
    let loader = || vec![(Access::Loader, String::new())];
    for packing in [Packing::Zlib, Packing::Gzip, Packing::Bzip2, Packing::Xz, Packing::Lzma] {
        let mut packed = pack(packing, &noisy());
        packed.truncate(packed.len() * 3 / 4);
        assert_eq!(unread("m.joblib", &packed), loader(), "{packing:?}");
    }
    let mut deep = BAD.to_vec();
    for _ in 0..9 {
        deep = pack(Packing::Gzip, &deep);
    }
    assert_eq!(unread("m.joblib", &deep), loader());
    let mut nested = torch_zip(BAD);
    for _ in 0..9 {
        nested = zip(&[("m.pt", &nested)]);
    }
    assert_eq!(unread("m.pt", &nested).len(), 1);
    assert_eq!(unread("m.pkl", &long()[..2000]), loader());
    assert_eq!(unread("m.pkl", &[GOOD, b"\0\0more"].concat()), [(Access::Hand, String::new())]);
    let broken = torch_zip(&long()[..2000]);
    assert_eq!(unread("m.pt", &broken), [(Access::Loader, "m/data.pkl".to_owned())]);
    assert_eq!(unread("m.pt", &torch_zip(b"no pickle at all")), [(Access::Loader, "m/data.pkl".to_owned())]);
    let mut packed = Member::stored("m/data.pkl", GOOD);
    packed.method = 99;
    assert_eq!(unread("m.pt", &zip_of([packed])), [(Access::Loader, "m/data.pkl".to_owned())]);
    assert_eq!(unread("m.npy", &npy("'|O'", b"\0\0\0")), loader());
    let in_zip = zip(&[("voice.pth", &long()[..2000])]);
    assert_eq!(unread("voices.zip", &in_zip), [(Access::Hand, "voice.pth".to_owned())]);
}

#[test]
fn what_was_found_before_the_bytes_break_off_counts() {
    for packing in [Packing::Zlib, Packing::Gzip, Packing::Xz] {
        let whole = pack(packing, &[&BAD[..BAD.len() - 1], &noisy()[2..]].concat());
        let broken = &whole[..whole.len() * 3 / 4];
        assert_eq!(bad("m.joblib", broken), [""], "{packing:?}");
        assert_eq!(unread("m.joblib", broken), [(Access::Loader, String::new())], "{packing:?}");
        // Only the checksum is missing.
        let unsealed = &whole[..whole.len() - 3];
        assert_eq!(unread("m.joblib", unsealed), [(Access::Hand, String::new())], "{packing:?}");
    }
    let start = pack(Packing::Gzip, GOOD);
    for length in 12..16 {
        assert_eq!(unread("m.pkl", &start[..length]), [(Access::Loader, String::new())], "{length}");
    }
    let padded = [pack(Packing::Gzip, GOOD), vec![1; 600]].concat();
    assert_eq!(unread("m.pkl", &padded), [(Access::Hand, String::new())], "the pickle itself was complete");
}

#[test]
fn a_pickle_that_unpacks_to_too_much_is_not_clean() {
    // A string of a quarter of a gigabyte, of which zlib makes a megabyte.
    let mut head = b"\x80\x04\x8e".to_vec();
    head.extend((1_u64 << 28).to_le_bytes());
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packer, &head).unwrap();
    for _ in 0..1 << 8 {
        std::io::Write::write_all(&mut packer, &[0; 1 << 20]).unwrap();
    }
    let bomb = packer.finish().unwrap();
    let weight = see("m.joblib", &bomb);
    let [part] = weight.pickles.unread.as_slice() else { panic!("{:?}", weight.pickles.unread) };
    assert_eq!((part.access, part.unread.why.as_str()), (Access::Loader, "it unpacks to more than is read"));
}

#[test]
fn a_pickle_under_another_name_has_the_allowance_of_its_size() {
    // More than any file may cost, and less than this one may.
    let mut random = Random::new(6);
    let piece: Vec<u8> = (0..1 << 20).map(|at| if at % 40 == 0 { random.next() as u8 } else { 0 }).collect();
    let pieces = (crate::bytes::unpack::BASE_WORK >> 20) + 16;
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut write = |bytes: &[u8]| std::io::Write::write_all(&mut packer, bytes).unwrap();
    write(b"\x80\x04\x8e");
    write(&(pieces << 20).to_le_bytes());
    (0..pieces).for_each(|_| write(&piece));
    write(b".");
    let file = packer.finish().unwrap();
    assert!(file.len() as u64 * crate::bytes::unpack::WORK_PER_BYTE > 20 << 20);
    assert_eq!(unread("embeddings.dat", &file), []);
}

#[test]
fn archives_of_other_things_are_looked_at_and_left_alone() {
    let pages: Vec<String> = (0..1200).map(|number| format!("img/{number}.txt")).collect();
    let members: Vec<(&str, &[u8])> = pages.iter().map(|name| (name.as_str(), b"a caption".as_slice())).collect();
    let dataset = unread("dataset.zip", &zip(&members));
    assert_eq!(dataset.iter().map(|(access, _)| *access).collect::<Vec<_>>(), [Access::Nobody], "one note");
    for file in [tar(&[("a.txt", b"words")]), pack(Packing::Gzip, b"{\"a\": 1}\n"), pack(Packing::Xz, &[7; 9000])] {
        assert_eq!((unread("data.gz", &file), bad("data.gz", &file)), (vec![], vec![]));
    }
    assert_eq!(bad("data.tar.gz", &pack(Packing::Gzip, &tar(&[("x.pkl", BAD)]))), ["x.pkl"]);
    let plain = npy("[('O', '<i4'), ('Other', '<f8')]", &[0; 12]);
    assert_eq!(unread("m.npy", &plain), [], "a field's name is no type");
    let arrays = [npy("'|O'", GOOD), npy("'|O'", BAD)].concat();
    assert_eq!((unread("m.npy", &arrays), bad("m.npy", &arrays)), (vec![], vec![String::new()]));
}

#[test]
fn checksums_and_sizes_are_compared_of_what_is_read() {
    let kinds = |file: &[u8]| see("m.pt", file).faults.iter().map(|f| (f.kind, f.breaks)).collect::<Vec<_>>();
    let version = || Member::stored("m/version", b"3\n");
    let mut member = Member::stored("m/data.pkl", GOOD);
    assert_eq!(kinds(&zip_of([member.clone(), version()])), []);
    member.crc ^= 1;
    assert_eq!(kinds(&zip_of([member, version()])), [(FaultKind::Checksum, false)], "torch loads it");
    for size in [GOOD.len() as u32 + 1, GOOD.len() as u32 - 1] {
        let mut member = Member::packed("m/data.pkl", GOOD, 8, pack(Packing::Deflate, GOOD));
        member.size = size;
        assert_eq!(kinds(&zip_of([member, version()])), [(FaultKind::Size, true)], "{size}");
    }
    let mut storage = Member::stored("m/data/0", b"0123");
    storage.crc ^= 1;
    assert_eq!(kinds(&zip_of([Member::stored("m/data.pkl", GOOD), storage, version()])), [], "storages are not read");
}

/// How many bytes are read of a file of a gigabyte with this start and end.
fn bytes_read(head: &[u8], tail: &[u8]) -> (u64, Weight) {
    let size = 1_u64 << 30;
    let mut reader = Sparse::new(head, size).ending(tail);
    let weight = examine(&RepoPath::new("pytorch_model.bin"), &mut reader, size).unwrap();
    (reader.read_bytes(), weight)
}

#[test]
fn a_gigabyte_of_storages_is_not_read() {
    // The zip: the pickle, a storage of almost all of it, and the directory.
    let small = torch_zip(BAD);
    let directory = small.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    let (content, mut tail) = (small[..directory].to_vec(), small[directory..].to_vec());
    let start = (1_u64 << 30) as u32 - tail.len() as u32;
    let storage = tail.windows(8).position(|name| name == b"m/data/0").unwrap() - 46;
    let size = start - content.len() as u32;
    tail[storage + 20..storage + 24].copy_from_slice(&size.to_le_bytes());
    tail[storage + 24..storage + 28].copy_from_slice(&size.to_le_bytes());
    let end = tail.len() - 22;
    tail[end + 16..end + 20].copy_from_slice(&start.to_le_bytes());
    let (read, weight) = bytes_read(&content, &tail);
    assert!(read < 100_000, "{read} bytes of the zip were read");
    assert_eq!(weight.pickles.found.len(), 1);
    assert_eq!(weight.pickles.unread, []);

    // The old layout: the second storage takes the rest.
    let mut head = legacy(BAD, 16);
    let rest = ((1_u64 << 30) - head.len() as u64) / 8;
    let at = head.len() - 8;
    head[at..].copy_from_slice(&rest.to_le_bytes());
    let count = head.windows(5).rposition(|count| count == b"J\x02\0\0\0").unwrap() + 1;
    head[count..count + 4].copy_from_slice(&(rest as u32).to_le_bytes());
    let aligned = (1_u64 << 30) - head.len() as u64 - rest * 8;
    let (read, weight) = bytes_read(&head, &[]);
    assert!(read < 200_000, "{read} bytes of the old layout were read");
    assert_eq!(weight.pickles.found.len(), 1);
    assert_eq!(weight.pickles.unread.len(), usize::from(aligned > 0), "{:?}", weight.pickles.unread);
}

#[test]
fn no_mutation_breaks_the_search() {
    let late = [long().as_slice(), BAD].concat();
    let seeds: Vec<(&str, Vec<u8>)> = vec![
        ("m.pt", torch_zip(BAD)),
        ("m.pt", zip_of([Member::packed("m/data.pkl", &late, 8, pack(Packing::Deflate, &late))])),
        ("m.pt", legacy(BAD, 0)),
        ("m.joblib", pack(Packing::Zlib, BAD)),
        ("m.joblib", pack(Packing::Xz, BAD)),
        ("m.npz", zip(&[("x.npy", &npy("'|O'", BAD))])),
        ("m.npy", npy("[('a', '<f4'), ('b', 'O')]", BAD)),
        ("m.nemo", pack(Packing::Gzip, &tar(&[("model_weights.ckpt", &torch_zip(BAD))]))),
        ("m.pt", tar(&[("pickle", BAD), ("storages", b"\x80\x02K\0.\x80\x02]."), ("tensors", b"\x80\x02K\0.")])),
        ("m.zip", zip(&[("a.zip", &zip(&[("b.pt", &torch_zip(BAD))]))])),
    ];
    let mut random = Random::new(77);
    for (name, seed) in &seeds {
        assert!(!bad(name, seed).is_empty(), "{name}");
        for round in 0..testing::rounds(400) {
            let file = mutate(seed, &mut random);
            let started = crate::testing::Stopwatch::start();
            see(name, &file);
            let took = started.elapsed();
            assert!(took < Duration::from_secs(1), "{name}, round {round}: {took:?}");
        }
    }
}

/// What Stable-Baselines3 saves, with these pickles in its fields.
fn baselines(fields: &[(&str, &[u8])]) -> Vec<u8> {
    let field = |(name, pickle): &(&str, &[u8])| {
        format!(r#""{name}": {{":type:": "<class 'type'>", ":serialized:": "{}"}}"#, base64(pickle))
    };
    let json = format!(r#"{{"gamma": 0.99, {}}}"#, fields.iter().map(field).collect::<Vec<_>>().join(", "));
    zip(&[("data", json.as_bytes()), ("_stable_baselines3_version", b"2.9.0")])
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let word = (0..3).fold(0, |word, at| word << 8 | u32::from(three.get(at).copied().unwrap_or_default()));
        for at in 0..4 {
            let letter = char::from(LETTERS[(word >> (18 - 6 * at)) as usize & 63]);
            text.push(if at <= three.len() { letter } else { '=' });
        }
    }
    text
}

/// The learning rate of models before 2.4, as cloudpickle 2.1 writes it: `constant_fn(0.0003)`.
const SCHEDULE: &str = "gAWV/AEAAAAAAACMF2Nsb3VkcGlja2xlLmNsb3VkcGlja2xllIwOX21ha2VfZnVuY3Rpb26Uk5QoaACMDV9idWlsdGluX3R5cGWUk5SMCENvZGVUeXBllIWUUpQoSwFLAEsASwFLAUsTQwiVAZcAiQFTAJROhZQpjAFflIWUjAh1dGlscy5weZSMBGZ1bmOUjBljb25zdGFudF9mbi48bG9jYWxzPi5mdW5jlEsDQwj4gADYDxKICpRDAJSMA3ZhbJSFlCl0lFKUfZSMCF9fbmFtZV9flIwIX19tYWluX1+Uc05OaACMEF9tYWtlX2VtcHR5X2NlbGyUk5QpUpSFlHSUUpSMHGNsb3VkcGlja2xlLmNsb3VkcGlja2xlX2Zhc3SUjBJfZnVuY3Rpb25fc2V0c3RhdGWUk5RoHX2UfZQoaBZoDYwMX19xdWFsbmFtZV9flGgOjA9fX2Fubm90YXRpb25zX1+UfZSMDl9fa3dkZWZhdWx0c19flE6MDF9fZGVmYXVsdHNfX5ROjApfX21vZHVsZV9flGgXjAdfX2RvY19flE6MC19fY2xvc3VyZV9flGgAjApfbWFrZV9jZWxslJOURz8zqSowVTJhhZRSlIWUjBdfY2xvdWRwaWNrbGVfc3VibW9kdWxlc5RdlIwLX19nbG9iYWxzX1+UfZR1hpSGUjAu";

#[test]
fn the_fields_of_stable_baselines_are_read() {
    let policy = b"\x80\x03cstable_baselines3.common.policies\nActorCriticPolicy\n.".as_slice();
    let bytes = baselines(&[("policy_class", policy), ("lr_schedule", BAD)]);
    assert_eq!(bad("model.zip", &bytes), ["data › lr_schedule"]);
    assert_eq!(see("model.zip", &bytes).pickles.unread, []);
    let plain = see("model.zip", &baselines(&[("policy_class", policy)]));
    let [pickle] = plain.pickles.found.as_slice() else { panic!("{:?}", plain.pickles) };
    assert!(pickle.is_setting && !pickle.in_file);
    assert_eq!(pickle.scan.worst(Trust::Unknown)[0].verdict(), Trust::Unknown);
    // Whatever else is beside it: a loader asks for `data` alone.
    let json = format!(r#"{{"lr": {{":serialized:": "{}"}}}}"#, base64(BAD));
    for members in [&[("data", json.as_bytes())][..], &[("m/data.pkl", GOOD), ("data", json.as_bytes())]] {
        assert_eq!(bad("model.zip", &zip(members)), ["data › lr"]);
    }
    // Of equal names Python reads the last.
    assert_eq!(bad("model.zip", &zip(&[("data", b"{}"), ("data", json.as_bytes())])), ["data › lr"]);
}

#[test]
fn functions_of_stable_baselines_do_nothing_until_they_are_called() {
    let schedule = format!(r#"{{"lr_schedule": {{":serialized:": "{SCHEDULE}"}}}}"#);
    let bytes = zip(&[("data", schedule.as_bytes())]);
    assert_eq!(bad("model.zip", &bytes), Vec::<String>::new());
    let seen = see("model.zip", &bytes);
    let imports = seen.pickles.found[0].scan.worst(Trust::Unknown);
    assert!(imports.iter().any(|import| import.reach.to_string() == "cloudpickle.cloudpickle._make_function"));
    // The same function, and a call of it.
    let function = b"ccloudpickle.cloudpickle\n_make_function\n(N}X\x01\0\0\0fNNtR".as_slice();
    let field = |rest: &[u8]| bad("model.zip", &baselines(&[("f", &[b"\x80\x02", function, rest].concat())]));
    assert_eq!(field(b"."), Vec::<String>::new());
    assert_eq!(field(b")R."), ["data › f"]);
    // A module that is handed out, and something of it.
    let module = b"cbuiltins\ngetattr\n(ccloudpickle.cloudpickle\nsubimport\nX\x02\0\0\0os\x85RX\x06\0\0\0systemtR.";
    assert_eq!(bad("model.zip", &baselines(&[("f", module)])), ["data › f"]);
    // Outside of such a field, the function alone is too much.
    assert_eq!(bad("model.pkl", &[b"\x80\x02", function, b"."].concat()), [""]);
}

#[test]
fn settings_that_cannot_be_read_are_told_where_they_are_some() {
    let cut = |json: &str| {
        let bytes = zip(&[("data", json.as_bytes()), ("_stable_baselines3_version", b"2.9.0")]);
        unread("model.zip", &bytes)
    };
    let data = [(Access::Loader, "data".to_owned())];
    assert_eq!(cut(r#"{"a": 1"#), data);
    assert_eq!(cut(r#"{"a": 1}"#), []);
    assert_eq!(cut(r#"{"a": {":serialized:": "gAJ9"}}"#), [(Access::Loader, "data › a".to_owned())]);
    // Any member may have that name.
    for other in ["{oops", "0 1 2 3", "{\"a\": 1"] {
        assert_eq!(unread("model.zip", &zip(&[("data", other.as_bytes())])), [], "{other}");
    }
    let long = format!(r#"{{"a": "{}"}}"#, "x".repeat(25 * 1024 * 1024));
    assert_eq!(cut(&long), data);
}

//! What git's files promise, byte by byte.

use super::index::{Entry, EntryKind};
use super::*;
use crate::release::{MAX_PATH_BYTES, RepoIdSource};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn an_index_is_signed_with_the_hash_of_its_repository() {
    assert_eq!(hex(&Hash::Sha1.of(b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hex(&Hash::Sha256.of(b"abc")), sha256);
}

/// One entry to write: path, mode, flags without the length, extended flags.
type Written<'p> = (&'p str, u32, u16, Option<u16>);

const FILE: u32 = 0o100_644;
const LINK: u32 = 0o120_000;
const GITLINK: u32 = 0o160_000;

fn write_index(version: u32, hash: Hash, entries: &[Written<'_>], extensions: &[u8]) -> Vec<u8> {
    let mut bytes = b"DIRC".to_vec();
    bytes.extend(version.to_be_bytes());
    bytes.extend((entries.len() as u32).to_be_bytes());
    let mut previous = "";
    for (path, mode, flags, extended) in entries {
        let start = bytes.len();
        for (at, field) in [0; 10].into_iter().enumerate() {
            let value: u32 = if at == 6 {
                *mode
            } else if at == 9 {
                path.len() as u32 * 3
            } else {
                field
            };
            bytes.extend(value.to_be_bytes());
        }
        bytes.extend(std::iter::repeat_n(7, if hash == Hash::Sha1 { 20 } else { 32 }));
        let extended_bit = if extended.is_some() { 0x4000 } else { 0 };
        bytes.extend((flags | extended_bit | path.len().min(0xFFF) as u16).to_be_bytes());
        bytes.extend(extended.iter().flat_map(|flags| flags.to_be_bytes()));
        if version == 4 {
            let shared = previous.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
            bytes.extend(variable(previous.len() - shared));
            bytes.extend(&path.as_bytes()[shared..]);
            bytes.push(0);
            previous = path;
        } else {
            bytes.extend(path.as_bytes());
            bytes.push(0);
            while !(bytes.len() - start).is_multiple_of(8) {
                bytes.push(0);
            }
        }
    }
    bytes.extend(extensions);
    sign(bytes, hash)
}

/// A number as version 4 writes it.
fn variable(mut number: usize) -> Vec<u8> {
    let mut bytes = vec![(number & 0x7F) as u8];
    while number > 0x7F {
        number = (number >> 7) - 1;
        bytes.insert(0, 0x80 | (number & 0x7F) as u8);
    }
    bytes
}

fn sign(mut bytes: Vec<u8>, hash: Hash) -> Vec<u8> {
    bytes.extend(hash.of(&bytes));
    bytes
}

fn extension(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [name.as_slice(), &(content.len() as u32).to_be_bytes(), content].concat()
}

fn names(index: &Index) -> Vec<String> {
    index.entries().iter().map(|entry| String::from_utf8_lossy(&entry.path).into_owned()).collect()
}

#[test]
fn every_version_is_read_with_either_hash() {
    let long = format!("a/{}/end", "x".repeat(300));
    let longer = format!("b/{}", "y".repeat(0xFFF - 1));
    for version in 2..=4 {
        for hash in [Hash::Sha1, Hash::Sha256] {
            let paths = [long.as_str(), "a.json", "b", &longer, "café", "z/1", "z/12", "z/2"];
            let mut sorted = paths;
            sorted.sort_unstable();
            let entries: Vec<Written<'_>> = sorted.iter().map(|path| (*path, FILE, 0, None)).collect();
            let bytes = write_index(version, hash, &entries, &extension(b"TREE", b"anything"));
            let index = Index::parse(&bytes, hash).unwrap_or_else(|error| panic!("{version} {hash:?}: {error}"));
            assert_eq!(names(&index), sorted, "{version} {hash:?}");
            assert!(index.entries().iter().all(|entry| entry.size == entry.path.len() as u32 * 3));
            assert_eq!(index.find(b"z/12"), Some(7 - 1));
            assert_eq!(index.find(b"z"), None);
        }
    }
}

#[test]
fn modes_and_flags_are_told_apart() {
    let entries: [Written<'_>; 7] = [
        ("assumed", FILE, 0x8000, None),
        ("intent", FILE, 0, Some(0x2000)),
        ("link", LINK, 0, None),
        ("merge", FILE, 0x1000, None),
        ("merge", FILE, 0x2000, None),
        ("module", GITLINK, 0, None),
        ("sparse", FILE, 0, Some(0x4000)),
    ];
    let index = Index::parse(&write_index(3, Hash::Sha1, &entries, b""), Hash::Sha1).unwrap();
    let plain = |path: &str| Entry {
        path: path.as_bytes().into(),
        kind: EntryKind::File,
        size: path.len() as u32 * 3,
        unmerged: false,
        skip_worktree: false,
        intent_to_add: false,
    };
    let expected = [
        plain("assumed"),
        Entry { intent_to_add: true, ..plain("intent") },
        plain("link"),
        Entry { unmerged: true, ..plain("merge") },
        Entry { kind: EntryKind::Submodule, ..plain("module") },
        Entry { skip_worktree: true, ..plain("sparse") },
    ];
    assert_eq!(index.entries(), expected);
}

#[test]
fn what_lies_below_a_folder_is_found_among_its_neighbours() {
    let entries = ["a-b/x", "a.b", "a/x", "ab/x", "b"].map(|path| (path, FILE, 0, None));
    let index = Index::parse(&write_index(2, Hash::Sha1, &entries, b""), Hash::Sha1).unwrap();
    for (folder, expected) in [("a", true), ("a-b", true), ("ab", true), ("a.b", false), ("b", false), ("", false)] {
        assert_eq!(index.has_below(folder.as_bytes()), expected, "{folder}");
    }
}

#[test]
fn a_checksum_of_zeros_is_not_checked_and_any_other_is() {
    let mut bytes = write_index(2, Hash::Sha1, &[("a", FILE, 0, None)], b"");
    let end = bytes.len() - 20;
    bytes[20] = 9;
    assert_eq!(Index::parse(&bytes, Hash::Sha1).unwrap_err(), IndexError::Checksum);
    bytes[end..].fill(0);
    assert!(Index::parse(&bytes, Hash::Sha1).is_ok());
}

#[test]
fn what_git_would_refuse_is_refused() {
    let parse = |bytes: &[u8]| Index::parse(bytes, Hash::Sha1).unwrap_err();
    assert_eq!(parse(b""), IndexError::NotAnIndex);
    assert_eq!(parse(&sign(b"PACK\0\0\0\x02\0\0\0\0".to_vec(), Hash::Sha1)), IndexError::NotAnIndex);
    assert_eq!(parse(&write_index(5, Hash::Sha1, &[], b"")), IndexError::Version(5));
    assert_eq!(parse(&sign(b"DIRC\0\0\0\x02\xff\xff\xff\xff".to_vec(), Hash::Sha1)), IndexError::TooLarge);
    assert_eq!(parse(&sign(b"DIRC\0\0\0\x02\0\0\0\x01".to_vec(), Hash::Sha1)), IndexError::Truncated);
    assert_eq!(parse(&write_index(2, Hash::Sha1, &[("a", 0o010_000, 0, None)], b"")), IndexError::BadEntry(0));
    for path in ["../x", "/x", "a//b", "a/", "", ".", "a/.git/x", "a/.GIT"] {
        for version in [2, 4] {
            let bytes = write_index(version, Hash::Sha1, &[(path, FILE, 0, None)], b"");
            assert_eq!(parse(&bytes), IndexError::BadPath(path.to_owned()));
        }
    }
    let with = |extensions: &[u8]| Index::parse(&write_index(2, Hash::Sha1, &[], extensions), Hash::Sha1);
    assert_eq!(with(&extension(b"link", &[1; 20])).unwrap_err(), IndexError::Split);
    assert!(with(&extension(b"link", &[0; 20])).is_ok());
    assert!(with(&extension(b"EOIE", &[1; 20])).is_ok());
    assert_eq!(with(&extension(b"abcd", b"")).unwrap_err(), IndexError::Extension("abcd".to_owned()));
    assert_eq!(with(b"TREE\xff\xff\xff\xff").unwrap_err(), IndexError::Truncated);
    assert_eq!(with(b"TR").unwrap_err(), IndexError::Truncated);
}

#[test]
fn a_path_cannot_grow_beyond_its_cap() {
    let longest = "x".repeat(MAX_PATH_BYTES);
    let too_long = "x".repeat(MAX_PATH_BYTES + 1);
    for version in [2, 4] {
        let parse =
            |path: &str| Index::parse(&write_index(version, Hash::Sha1, &[(path, FILE, 0, None)], b""), Hash::Sha1);
        assert!(parse(&longest).is_ok(), "{version}");
        assert_eq!(parse(&too_long).unwrap_err(), IndexError::BadEntry(0), "{version}");
    }
    // Piece by piece, each short.
    let half = "x".repeat(MAX_PATH_BYTES / 2 + 1);
    let whole = format!("{half}{half}");
    let entries = [(half.as_str(), FILE, 0, None), (whole.as_str(), FILE, 0, None)];
    assert_eq!(
        Index::parse(&write_index(4, Hash::Sha1, &entries, b""), Hash::Sha1).unwrap_err(),
        IndexError::BadEntry(1)
    );
}

/// Whatever the bytes are, parsing ends, does not panic, and keeps no more than the bytes can say.
#[test]
fn no_change_of_bytes_breaks_the_parser() {
    let mut state = 7_u64;
    let mut chance = move |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % limit
    };
    let entries: [Written<'_>; 4] = [
        ("a/long/path", FILE, 0, None),
        ("a/long/way", LINK, 0, Some(0x4000)),
        ("b", GITLINK, 0, None),
        ("c", FILE, 0, None),
    ];
    let mut good = 0;
    for version in 2..=4 {
        let sound = write_index(version, Hash::Sha1, &entries, &extension(b"TREE", b"tree"));
        for length in 0..sound.len() {
            let cut = sound[..length.saturating_sub(20)].to_vec();
            assert!(Index::parse(&cut, Hash::Sha1).is_err());
            Index::parse(&sign(cut, Hash::Sha1), Hash::Sha1).ok();
        }
        for _ in 0..4000 {
            let mut bytes = sound[..sound.len() - 20].to_vec();
            for _ in 0..=chance(3) {
                let at = chance(bytes.len());
                match chance(4) {
                    0 => bytes[at] ^= 1 << chance(8),
                    1 => bytes[at] = [0, 0x7F, 0x80, 0xFF][chance(4)],
                    2 => drop(bytes.remove(at)),
                    _ => bytes.insert(at, chance(256) as u8),
                }
            }
            let length = bytes.len();
            if let Ok(index) = Index::parse(&sign(bytes, Hash::Sha1), Hash::Sha1) {
                good += 1;
                assert!(index.entries().len() * 62 <= length);
                assert!(index.entries().is_sorted_by(|a, b| a.path < b.path));
            }
        }
    }
    assert!(good > 100, "the changes leave too little to parse: {good}");
}

#[test]
fn a_configuration_is_read_as_git_reads_it() {
    let config = Config::parse(
        "\u{feff}; comment\n\
         [core]\n\tbare = false\n\tquoted = \" a # b \" # c\n  plain =  two words ; comment\n\
         [Remote \"Or\\\"ig]in\"] url = one\n\
         \tURL = two\r\n\
         [remote.old]\nurl = long\\\n  value\\t\\\"x\\\"\n\
         [extensions]\nobjectFormat = sha256\nalone\n\
         [broken\nurl = three\n\
         = nothing\n",
    );
    assert_eq!(config.get("core", "quoted"), Some(" a # b "));
    assert_eq!(config.get("core", "plain"), Some("two words"));
    assert_eq!(config.get_in("remote", "Or\"ig]in", "url"), Some("two"));
    assert_eq!(config.get_in("remote", "old", "url"), Some("long  value\t\"x\""));
    assert_eq!(config.get("extensions", "objectformat"), Some("sha256"));
    assert_eq!(config.get("extensions", "alone"), Some("true"));
    assert_eq!(config.get("remote", "url"), None);
    assert_eq!(config.names_of("remote").collect::<Vec<_>>(), ["Or\"ig]in", "old"]);
}

fn id_of(config: &str) -> Option<String> {
    let id = repo_id(&Config::parse(config))?;
    assert_eq!(id.source, RepoIdSource::GitRemote);
    Some(id.to_string())
}

#[test]
fn the_remote_that_is_pushed_to_names_the_model() {
    let github = "[remote \"origin\"]\nurl = https://github.com/owner/code\n";
    let model = |remote: &str, id: &str| format!("[remote \"{remote}\"]\nurl = https://huggingface.co/{id}\n");
    assert_eq!(id_of(""), None);
    assert_eq!(id_of(github), None);
    assert_eq!(id_of(&model("origin", "a/b")).as_deref(), Some("a/b"));
    assert_eq!(id_of(&format!("{}{}", model("z", "c/d"), model("origin", "a/b"))).as_deref(), Some("a/b"));
    assert_eq!(id_of(&format!("{github}{}", model("hub", "a/b"))).as_deref(), Some("a/b"));
    assert_eq!(id_of(&format!("{github}{}{}", model("x", "a/b"), model("y", "c/d"))), None);
    assert_eq!(id_of(&format!("{github}{}{}", model("x", "a/b"), model("y", "a/b"))).as_deref(), Some("a/b"));
    assert_eq!(id_of(&format!("{}pushurl = git@hf.co:c/d\n", model("origin", "a/b"))).as_deref(), Some("c/d"));
}

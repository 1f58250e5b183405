//! Bytes on demand.

use super::*;
use crate::source::MAX_TEXT_BYTES;

#[test]
fn a_text_is_read_once_and_kept() {
    let sandbox = Sandbox::with(&[("README.md", "first")]);
    let release = sandbox.open();
    let first: *const SourceFile = release.text(FileId(0)).unwrap();
    sandbox.write("README.md", "second");
    let again = release.text(FileId(0)).unwrap();
    assert_eq!((again.text(), again.id(), again.path().as_str()), ("first", FileId(0), "README.md"));
    assert!(std::ptr::eq(first, again));
}

#[test]
fn threads_share_one_text() {
    let sandbox = Sandbox::with(&[("README.md", "shared")]);
    let release = sandbox.open();
    let read = || release.text(FileId(0)).unwrap() as *const SourceFile as usize;
    let places: Vec<usize> = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..4).map(|_| scope.spawn(read)).collect();
        readers.into_iter().map(|reader| reader.join().unwrap()).collect()
    });
    assert!(places.iter().all(|place| *place == places[0]));
}

#[test]
fn a_text_beyond_the_cap_is_refused_unread() {
    let sandbox = Sandbox::new();
    for (name, size) in [("fits", MAX_TEXT_BYTES), ("huge", MAX_TEXT_BYTES + 1), ("vast", 1 << 40)] {
        let file = fs::File::create(sandbox.path(name)).unwrap();
        if file.set_len(size).is_err() {
            return; // No sparse files here.
        }
    }
    let release = sandbox.open();
    let read = |name: &str| release.text(release.find(name).unwrap().id);
    assert_eq!(read("fits").unwrap().bytes().len() as u64, MAX_TEXT_BYTES);
    let expected = ReadError::TooLarge { path: RepoPath::new("huge"), size: MAX_TEXT_BYTES + 1 };
    assert_eq!(read("huge").unwrap_err(), &expected);
    assert!(matches!(read("vast"), Err(ReadError::TooLarge { size, .. }) if *size == 1 << 40));
    let failed: Vec<_> = release.failed_reads().map(|(id, _)| id).collect();
    assert_eq!(failed, [FileId(1), FileId(2)]);
}

#[test]
fn a_file_that_grew_past_the_cap_is_refused() {
    let sandbox = Sandbox::with(&[("log", "short".repeat(1000).as_str())]);
    let release = sandbox.open();
    fs::File::options().write(true).open(sandbox.path("log")).unwrap().set_len(MAX_TEXT_BYTES + 1).unwrap();
    assert!(matches!(release.text(FileId(0)), Err(ReadError::TooLarge { .. })));
}

#[test]
fn a_file_that_vanished_is_an_error_and_no_panic() {
    let sandbox = Sandbox::with(&[("README.md", "A lamp. ".repeat(1000).as_str())]);
    let release = sandbox.open();
    fs::remove_file(sandbox.path("README.md")).unwrap();
    let error = release.text(FileId(0)).unwrap_err();
    assert!(error.to_string().starts_with("`README.md` cannot be read: "), "{error}");
    assert!(!error.help().is_empty());
    assert_eq!(release.text(FileId(7)).unwrap_err(), &ReadError::NoSuchFile);
    assert!(release.reader(FileId(7)).is_err() && release.file(FileId(7)).is_none());
}

#[test]
fn a_reader_seeks() {
    use std::io::{Read, Seek, SeekFrom};
    let sandbox = Sandbox::with(&[("model.bin", "0123456789")]);
    let release = sandbox.open();
    let mut reader = release.reader(FileId(0)).unwrap();
    reader.seek(SeekFrom::Start(7)).unwrap();
    let mut end = String::new();
    reader.read_to_string(&mut end).unwrap();
    assert_eq!(end, "789");
}

#[test]
fn an_overlay_counts_in_the_place_of_the_disk() {
    use std::io::Read;
    let sandbox = Sandbox::with(&[("README.md", "old"), ("a.bin", "x"), ("b.tmp", "x"), ("sub/c.bin", "x")]);
    let texts = [
        ("README.md", "new text"),
        (".gitattributes", "*.bin filter=lfs\n"),
        (".gitignore", "*.tmp\n"),
        ("sub/index.json", "{}"),
        ("sub/d.tmp", "ignored"),
        ("z.bin", "new"),
    ];
    let overlay = texts.map(|(path, text)| (RepoPath::new(path), text.as_bytes().into())).into_iter().collect();
    let release = sandbox.open().over(overlay).unwrap();
    let files: Vec<_> = release.files().iter().map(|file| (file.path.as_str(), file.lfs_covered, file.size)).collect();
    assert_eq!(
        files,
        [
            (".gitattributes", false, 17),
            (".gitignore", false, 6),
            ("README.md", false, 8),
            ("a.bin", true, 1),
            ("sub/c.bin", true, 1),
            ("sub/index.json", false, 2),
            ("z.bin", true, 3),
        ]
    );
    let readme = release.find("README.md").unwrap().id;
    assert_eq!(release.text(readme).unwrap().text(), "new text");
    let mut bytes = String::new();
    release.reader(readme).unwrap().read_to_string(&mut bytes).unwrap();
    assert_eq!(bytes, "new text");
    assert_eq!(fs::read_to_string(sandbox.path("README.md")).unwrap(), "old");
}

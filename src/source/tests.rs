//! What positions promise.

use super::*;

fn file(bytes: &[u8]) -> SourceFile {
    SourceFile::new(FileId(0), RepoPath::new("README.md"), bytes.to_vec())
}

#[test]
fn columns_count_characters_and_skip_the_byte_order_mark() {
    let source = file("\u{feff}aé😀b\r\nx".as_bytes());
    assert_eq!(source.encoding(), &Encoding::Utf8WithBom);
    let b = source.text().find('b').unwrap() as u32;
    assert_eq!(source.position(b), Position { line: 1, column: 4 });
    assert_eq!(source.position(3), Position { line: 1, column: 1 });
    let x = source.text().find('x').unwrap() as u32;
    assert_eq!(source.position(x), Position { line: 2, column: 1 });
}

#[test]
fn a_byte_that_is_not_utf8_keeps_every_offset() {
    let source = file(b"a\xff\xfe\nb\xc3");
    assert_eq!(source.text(), "a??\nb?");
    assert_eq!(source.bytes(), b"a\xff\xfe\nb\xc3");
    assert_eq!(source.encoding(), &Encoding::Invalid(vec![1..3, 5..6]));
}

#[test]
fn utf16_is_told_apart() {
    assert_eq!(file(b"\xff\xfe-\0-\0-\0").encoding(), &Encoding::Utf16);
}

#[test]
fn line_ends_are_counted() {
    assert_eq!(LineEnds::of("a\nb"), LineEnds::Lf);
    assert_eq!(LineEnds::of("a\r\nb\r\n"), LineEnds::CrLf);
    assert_eq!(LineEnds::of("a\r\nb\n"), LineEnds::Mixed);
}

#[test]
fn the_end_of_the_text_has_a_position() {
    let source = file(b"ab\n");
    assert_eq!(source.position(3), Position { line: 2, column: 1 });
    assert_eq!(source.position(99), Position { line: 2, column: 1 });
    assert_eq!(source.lines().count(), 2);
}

#[test]
fn a_path_knows_its_parts() {
    let path = RepoPath::new("unet/model.fp16.SafeTensors");
    assert_eq!(
        (path.folder(), path.name(), path.extension().as_ref()),
        ("unet", "model.fp16.SafeTensors", "safetensors")
    );
    assert!(RepoPath::new("LICENSE").is_at_root());
    assert_eq!(RepoPath::new("LICENSE").extension(), "");
}

//! Git LFS: pointers by their content, coverage by `.gitattributes`.

use super::*;
use crate::release::lfs::parse;

const OID: &str = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";

fn pointer(text: &str) -> Option<LfsPointer> {
    parse(text.replace("OID", OID).as_bytes())
}

#[test]
fn a_pointer_is_read_strictly() {
    let version = "version https://git-lfs.github.com/spec/v1\n";
    let expected = Some(LfsPointer { oid: OID.to_owned(), size: 12345 });
    let good = |rest: &str| assert_eq!(pointer(&format!("{version}{rest}")), expected, "{rest}");
    good("oid sha256:OID\nsize 12345\n");
    good("oid sha256:OID\r\nsize 12345\r\n");
    good("oid sha256:OID\nsize 12345");
    good("ext-0-foo sha256:OID\noid sha256:OID\nsize 12345\n");
    let bad = |rest: &str| assert_eq!(pointer(&format!("{version}{rest}")), None, "{rest}");
    bad("");
    bad("oid sha256:OID\n");
    bad("size 12345\n");
    bad("size 12345\noid sha256:OID\n");
    bad("oid sha256:OID\noid sha256:OID\nsize 12345\n");
    bad("oid sha256:OID\nsize 12345\nsize 12345\n");
    bad("oid sha256:OIDa\nsize 12345\n");
    bad("oid sha1:OID\nsize 12345\n");
    bad("oid sha256:OID\nsize -1\n");
    bad("oid sha256:OID\nsize \n");
    bad("oid sha256:OID\nsize 99999999999999999999\n");
    bad("oid sha256:OID\n\nsize 12345\n");
    bad("oid sha256:OID\nsize 12345\nnote x\n");
    assert_eq!(pointer("version https://git-lfs.github.com/spec/v12\noid sha256:OID\nsize 1\n"), None);
}

#[test]
fn a_pointer_is_told_from_a_file_by_its_content() {
    let text = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{OID}\nsize 7\n");
    let sandbox = Sandbox::with(&[("model.bin", text.as_str()), ("card.md", "version of something else\n")]);
    sandbox.write("padded.bin", format!("{text}{}", "x".repeat(1024)));
    let release = sandbox.open();
    let sizes: Vec<_> = release.files().iter().map(|file| file.lfs.as_ref().map(|lfs| lfs.size)).collect();
    assert_eq!((paths(&release), sizes), (vec!["card.md", "model.bin", "padded.bin"], vec![None, Some(7), None]));
}

#[test]
fn the_last_line_and_the_nearest_file_win() {
    let sandbox = Sandbox::with(&[
        (
            ".gitattributes",
            "[attr]large filter=lfs diff=lfs merge=lfs -text\n\
             *.bin filter=lfs diff=lfs merge=lfs -text\r\n\
             small.bin -filter\n\
             weights/** large\n\
             unset.bin !filter\n\
             *.bin -text\n\
             other.bin filter=crypt\n\
             \"with space.txt\" filter=lfs\n\
             folder filter=lfs\n\
             !no.bin -filter\n\
             # *.md filter=lfs\n",
        ),
        ("sub/.gitattributes", "*.bin -filter\n/only.txt filter=lfs\n[attr]own filter=lfs\n*.x own\n"),
    ]);
    let covered = ["a.bin", "deep/a.bin", "weights/x/y.json", "with space.txt", "no.bin", "sub/only.txt"];
    let plain = [
        "small.bin",
        "unset.bin",
        "other.bin",
        "README.md",
        "folder/x",
        "sub/a.bin",
        "sub/deep/a.bin",
        "sub/deep/only.txt",
        "sub/a.x",
        "a.BIN",
    ];
    for path in covered.iter().chain(&plain) {
        sandbox.write(path, "");
    }
    let release = sandbox.open();
    for path in covered {
        assert!(release.find(path).unwrap().lfs_covered, "{path}");
    }
    for path in plain {
        assert!(!release.find(path).unwrap().lfs_covered, "{path}");
    }
}

//! Puts the lists of words into the program, so that nothing is read or sorted when it starts: see `words`.
//!
//! On Linux with glibc, spares the loader work that would cost more than checking a small repository does:
//!
//! - The program is linked at a fixed address: some 10,000 relocations less. The stack, the heap and all libraries stay
//!   at random addresses.
//! - The unwinder is linked in: one library less to find, map and bind. Rust's library asks for `libgcc_s`, and finds a
//!   linker script of that name here, which names the same code in archives.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    words();
    let target = |name: &str| std::env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    if target("OS") != "linux" || target("ENV") != "gnu" {
        return;
    }
    println!("cargo::rustc-link-arg-bins=-no-pie");
    let Some(folder) = std::env::var_os("OUT_DIR").map(PathBuf::from) else { return };
    if std::fs::write(folder.join("libgcc_s.so"), "INPUT(-lgcc_eh -lgcc)\n").is_ok() {
        println!("cargo::rustc-link-arg-bins=-L{}", folder.display());
    }
}

/// The folders with lists of words.
const WORDS: [&str; 2] = ["src/claims/words", "src/card/body/words"];

/// Writes each list as two slices: its phrases, and its phrases with their senses. The files of one name and several languages
/// are one list. The scenes stay where they are: only tests read them.
fn words() {
    let Some(out) = std::env::var_os("OUT_DIR").map(|folder| PathBuf::from(folder).join("words")) else { return };
    let mut lists: BTreeMap<String, (String, String)> = BTreeMap::new();
    for folder in WORDS {
        println!("cargo::rerun-if-changed={folder}");
        let Ok(entries) = fs::read_dir(folder) else { continue };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == "tsv"));
        paths.sort();
        for path in paths {
            let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.split('.').next());
            let list = lists.entry(name.unwrap_or_default().to_owned()).or_default();
            add(&path, list);
        }
    }
    fs::create_dir_all(&out).expect("OUT_DIR can be written");
    for (name, (phrases, senses)) in lists {
        fs::write(out.join(format!("{name}.phrases.rs")), format!("&[{phrases}]")).expect("OUT_DIR can be written");
        fs::write(out.join(format!("{name}.senses.rs")), format!("&[{senses}]")).expect("OUT_DIR can be written");
    }
}

/// Adds the rows of a file: phrase, sense and scene, separated by tabs.
fn add(path: &Path, (phrases, senses): &mut (String, String)) {
    let text = fs::read_to_string(path).expect("a list is text");
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        let mut columns = line.split('\t');
        let (Some(phrase), Some(sense), Some(_), None) =
            (columns.next(), columns.next(), columns.next(), columns.next())
        else {
            panic!("{}: a row is a phrase, a sense and a scene, separated by tabs: {line}", path.display());
        };
        // Writing to a string cannot fail.
        let _ = write!(phrases, "{phrase:?},");
        let _ = write!(senses, "({phrase:?}, {sense}),");
    }
}

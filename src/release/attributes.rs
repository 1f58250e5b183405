//! `.gitattributes`, as far as it says which files belong to git LFS (git, gitattributes).

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use super::globs::{Budget, Globs, GlobsBuilder};

/// Names that stand for several attributes (`[attr]lfs filter=lfs -text`), and what each says of LFS. Only the root's
/// file may define them.
pub(super) type Macros = HashMap<String, bool>;

/// Reads the lines that speak of `filter`: yes is LFS, no is something else or nothing. An error says why the file
/// cannot be used.
pub(super) fn parse(text: &str, folder: &Path, macros: &mut Macros, budget: &Budget) -> Result<Globs, String> {
    let mut globs = GlobsBuilder::new(folder);
    for line in text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((pattern, attributes)) = split_pattern(line) else { continue };
        let Some(lfs) = filter_of(attributes, macros) else { continue };
        if let Some(name) = pattern.strip_prefix("[attr]") {
            if folder.as_os_str().is_empty() {
                macros.insert(name.to_owned(), lfs);
            }
            continue;
        }
        // Git refuses patterns that say "all but".
        if !pattern.starts_with('!') {
            globs.add(&if lfs { pattern } else { format!("!{pattern}") }, budget);
        }
    }
    globs.build()
}

/// The line of the root's `.gitattributes` that gives a file to LFS, without its line end; nothing where no line does, or a
/// later line takes it back.
pub(crate) fn lfs_line(text: &str, path: &str) -> Option<Range<usize>> {
    let (mut macros, budget) = (Macros::new(), Budget::new());
    let mut found = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\r', '\n']);
        let globs = parse(line, Path::new(""), &mut macros, &budget).ok()?;
        match globs.decide(Path::new(path), false, &budget) {
            Some(true) => found = Some(start..start + line.len()),
            Some(false) => found = None,
            None => {}
        }
    }
    found
}

/// Pattern and attributes of a line; the pattern may stand in quotes, as in C.
fn split_pattern(line: &str) -> Option<(String, &str)> {
    let Some(quoted) = line.strip_prefix('"') else {
        let (pattern, attributes) = line.split_once([' ', '\t'])?;
        return Some((pattern.to_owned(), attributes));
    };
    let mut pattern = String::new();
    let mut letters = quoted.char_indices();
    loop {
        match letters.next()? {
            (at, '"') => return Some((pattern, quoted.get(at + 1..)?)),
            (_, '\\') => pattern.push(letters.next()?.1),
            (_, letter) => pattern.push(letter),
        }
    }
}

/// Whether a line's attributes end with `filter=lfs` (true), another filter or none (false), or do not speak of it.
fn filter_of(attributes: &str, macros: &Macros) -> Option<bool> {
    attributes
        .split_whitespace()
        .filter_map(|attribute| match attribute {
            "filter=lfs" => Some(true),
            "filter" | "-filter" | "!filter" => Some(false),
            other if other.starts_with("filter=") => Some(false),
            name => macros.get(name).copied(),
        })
        .next_back()
}

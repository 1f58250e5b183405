//! The changes as a unified diff that `git apply` and `patch -p1` take.
//!
//! The output is exact: bytes of the files stand in it as they are, control characters included, so that a pipe to
//! `git apply` gives the same files as writing them. Who shows it on a terminal must escape it first.

use std::collections::HashMap;
use std::ops::Range;

use crate::source::RepoPath;

use super::Change;

/// Lines shown around a change.
const CONTEXT: usize = 3;

/// How far apart the next common line may be, both sides together, before the rest counts as replaced. Bounds the cost
/// of a hunk to its square.
const MAX_DRIFT: usize = 512;

/// The diff of several files, sorted as given; empty when nothing differs.
pub fn unified<'c>(changes: impl IntoIterator<Item = &'c Change>) -> Vec<u8> {
    let mut out = Vec::new();
    for change in changes {
        file(change, &mut out);
    }
    out
}

fn file(change: &Change, out: &mut Vec<u8>) {
    let old = lines(change.before.as_deref().unwrap_or_default());
    let new = lines(&change.after);
    let changed = differences(&old, &new);
    if changed.is_empty() && change.before.is_some() {
        return;
    }
    let (from, to) = (quoted("a/", &change.path), quoted("b/", &change.path));
    if change.before.is_none() {
        // `git apply` knows an empty new file only by this header; `patch` skips it.
        out.extend_from_slice(format!("diff --git {from} {to}\nnew file mode 100644\n").as_bytes());
        if new.is_empty() {
            return;
        }
    }
    // A name with a space ends with a tab, so that `patch` does not take what follows for a date.
    let end = if change.path.as_str().contains(' ') { "\t\n" } else { "\n" };
    let from = if change.before.is_some() { format!("{from}{end}") } else { "/dev/null\n".to_owned() };
    out.extend_from_slice(format!("--- {from}+++ {to}{end}").as_bytes());
    for group in changed.chunk_by(|one, next| next.old.start - one.old.end <= 2 * CONTEXT) {
        hunk(group, &old, &new, out);
    }
}

/// A run of lines that others replace.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Difference {
    old: Range<usize>,
    new: Range<usize>,
}

fn hunk(group: &[Difference], old: &[&[u8]], new: &[&[u8]], out: &mut Vec<u8>) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return };
    let before = first.old.start.min(CONTEXT);
    let after = (old.len() - last.old.end).min(CONTEXT);
    let from = first.old.start - before..last.old.end + after;
    let to = first.new.start - before..last.new.end + after;
    out.extend_from_slice(format!("@@ -{} +{} @@\n", count(&from), count(&to)).as_bytes());
    let mut reached = from.start;
    for difference in group {
        write_lines(b' ', old, reached..difference.old.start, out);
        write_lines(b'-', old, difference.old.clone(), out);
        write_lines(b'+', new, difference.new.clone(), out);
        reached = difference.old.end;
    }
    write_lines(b' ', old, reached..from.end, out);
}

/// First line and number of lines, as a hunk's header spells them: an empty range names the line before it.
fn count(range: &Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        length => format!("{},{length}", range.start + 1),
    }
}

fn write_lines(sign: u8, lines: &[&[u8]], range: Range<usize>, out: &mut Vec<u8>) {
    for line in lines.get(range).unwrap_or_default() {
        out.push(sign);
        out.extend_from_slice(line);
        if !line.ends_with(b"\n") {
            out.extend_from_slice(b"\n\\ No newline at end of file\n");
        }
    }
}

/// The lines, each with its line break; the last one may have none.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// Where two texts differ: common lines at both ends are left out, and in between the nearest common line ends a
/// difference. Not always the shortest diff, but a correct one, and linear for the few, small edits of fixes.
fn differences<'t>(old: &[&'t [u8]], new: &[&'t [u8]]) -> Vec<Difference> {
    // Numbers for lines: from here on, comparing two lines costs the same whatever their length.
    let mut known: HashMap<&'t [u8], usize> = HashMap::new();
    let mut numbers = |lines: &[&'t [u8]]| -> Vec<usize> {
        lines
            .iter()
            .map(|line| {
                let next = known.len();
                *known.entry(line).or_insert(next)
            })
            .collect()
    };
    let (old, new) = (numbers(old), numbers(new));
    let mut found = Vec::new();
    let (mut at_old, mut at_new) = (0, 0);
    loop {
        let (rest_old, rest_new) = (tail(&old, at_old), tail(&new, at_new));
        let same = common(rest_old.iter(), rest_new.iter());
        (at_old, at_new) = (at_old + same, at_new + same);
        let (rest_old, rest_new) = (tail(&old, at_old), tail(&new, at_new));
        if rest_old.is_empty() && rest_new.is_empty() {
            return found;
        }
        let (gone, come) = nearest(rest_old, rest_new);
        found.push(Difference { old: at_old..at_old + gone, new: at_new..at_new + come });
        (at_old, at_new) = (at_old + gone, at_new + come);
    }
}

fn tail(lines: &[usize], from: usize) -> &[usize] {
    lines.get(from..).unwrap_or_default()
}

fn common<'l>(one: impl Iterator<Item = &'l usize>, other: impl Iterator<Item = &'l usize>) -> usize {
    one.zip(other).take_while(|(a, b)| a == b).count()
}

/// How many lines of each side come before the next lines that are equal: two in a row, or up to the end.
fn nearest(old: &[usize], new: &[usize]) -> (usize, usize) {
    for drift in 1..=MAX_DRIFT.min(old.len() + new.len()) {
        for gone in drift.saturating_sub(new.len())..=drift.min(old.len()) {
            let come = drift - gone;
            let (a, b) = (tail(old, gone), tail(new, come));
            let enough = a.len().min(b.len()).min(2);
            let at_end = a.is_empty() && b.is_empty();
            if at_end || (enough > 0 && common(a.iter().take(enough), b.iter()) == enough) {
                return (gone, come);
            }
        }
    }
    // Far apart: what remains at the end in common still is.
    let same = common(old.iter().rev(), new.iter().rev());
    (old.len() - same, new.len() - same)
}
/// A path as git writes it in a header: quoted, with escapes, when it contains a quote, a backslash, a control character
/// or anything beyond ASCII.
fn quoted(prefix: &str, path: &RepoPath) -> String {
    if path.as_str().bytes().all(is_plain) {
        return format!("{prefix}{path}");
    }
    let mut out = format!("\"{prefix}");
    for byte in path.as_str().bytes() {
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\{byte:03o}")),
        }
    }
    out.push('"');
    out
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

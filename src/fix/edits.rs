//! Edits as arithmetic on bytes.

use crate::diagnostic::Edit;
use crate::source::{Encoding, SourceFile, Span};

use super::Refusal;

/// Checks that edits are sorted, disjoint, and fit the text of a file; two inserts may share an offset.
///
/// # Errors
/// [`Refusal::Misfit`], or [`Refusal::NotText`] when a byte that is not UTF-8 would be replaced.
pub(super) fn check(file: &SourceFile, edits: &[Edit]) -> Result<(), Refusal> {
    let invalid = match file.encoding() {
        Encoding::Utf16 => return Err(Refusal::NotText),
        Encoding::Invalid(runs) => runs.as_slice(),
        Encoding::Utf8 | Encoding::Utf8WithBom => &[],
    };
    let mut reached = 0;
    for Edit { at, .. } in edits {
        let fits = at.file == file.id() && reached <= at.start && at.start <= at.end;
        if !fits || file.text().get(at.range()).is_none() {
            return Err(Refusal::Misfit);
        }
        // For an insert this means: strictly inside a run, which may be one character of another encoding.
        let next = invalid.get(invalid.partition_point(|run| run.end <= at.start));
        if next.is_some_and(|run| run.start < at.end) {
            return Err(Refusal::NotText);
        }
        reached = at.end;
    }
    Ok(())
}

/// The bytes of a file after edits. Works on the bytes, not on the text, so that what is not UTF-8 stays.
///
/// # Errors
/// As when the edits do not fit the file: [`Refusal::Misfit`] and [`Refusal::NotText`].
pub fn apply(file: &SourceFile, edits: &[Edit]) -> Result<Vec<u8>, Refusal> {
    check(file, edits)?;
    Ok(splice(file.bytes(), edits))
}

/// Applies sorted, disjoint edits without a look at what they replace.
pub(super) fn splice(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let grown: usize = edits.iter().map(|edit| edit.text.len()).sum();
    let mut out = Vec::with_capacity(bytes.len() + grown);
    let mut reached = 0;
    for Edit { at, text } in edits {
        out.extend_from_slice(bytes.get(reached..at.start as usize).unwrap_or_default());
        out.extend_from_slice(text.as_bytes());
        reached = at.end as usize;
    }
    out.extend_from_slice(bytes.get(reached..).unwrap_or_default());
    out
}

/// Where a span lies after sorted, disjoint edits, as offsets. An edit that touches its inside belongs to it; an insert
/// exactly at its start or end does not, unless the span is empty.
pub fn moved(span: Span, edits: &[Edit]) -> (u32, u32) {
    let (mut start, mut end) = (span.start, span.end.max(span.start));
    let (mut shift, mut growth) = (0_i64, 0_i64);
    for Edit { at, text } in edits {
        let grown = text.len() as i64 - i64::from(at.end - at.start);
        let inside = at.start < span.end && span.start < at.end;
        if inside || (span.is_empty() && at.is_empty() && at.start == span.start) {
            start = start.min(at.start);
            end = end.max(at.end);
            growth += grown;
        } else if at.end <= span.start {
            shift += grown;
        }
    }
    (offset(i64::from(start) + shift), offset(i64::from(end) + shift + growth))
}

/// Where the texts of sorted, disjoint edits stand afterwards, as offsets.
pub(super) fn written(edits: &[Edit]) -> impl Iterator<Item = (u32, u32)> {
    edits.iter().scan(0_i64, |shift, Edit { at, text }| {
        let start = i64::from(at.start) + *shift;
        *shift += text.len() as i64 - i64::from(at.end - at.start);
        Some((offset(start), offset(start + text.len() as i64)))
    })
}

/// As near as a file has it: edits that do not fit their file are refused elsewhere.
fn offset(place: i64) -> u32 {
    u32::try_from(place.max(0)).unwrap_or(u32::MAX)
}

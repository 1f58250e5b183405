//! Changes to the lists of a metadata block: items go, items come, and the rest stays byte for byte.
//!
//! As in [`super::edits`], `None` means that there is no safe way to make the change.

use super::FrontMatter;
use super::edits::{after_colon, covers_comment, is_one_line, key_of_value};
use crate::diagnostic::Edit;
use crate::source::tree::{Kind, NodeRef};
use crate::source::{SourceFile, Span};

/// Takes items out of a list, by their numbers in rising order: in a block list their lines, in a flow list the items and
/// their commas. A comment on the line of a block item stays, on a line of its own. Where no item is left, the list is
/// written as `[]`. Refused for items of several lines, and for items with an anchor or a tag.
pub fn remove_items(source: &SourceFile, matter: &FrontMatter, list: NodeRef<'_>, gone: &[usize]) -> Option<Vec<Edit>> {
    let Kind::Sequence { flow, .. } = list.stored().kind else { return None };
    let items: Vec<NodeRef<'_>> = list.items().collect();
    let removed: Vec<NodeRef<'_>> = gone.iter().filter_map(|index| items.get(*index).copied()).collect();
    let plain = |item: &NodeRef<'_>| item.stored().anchor.is_none() && item.stored().tag.is_none();
    if !matter.errors.is_empty() || removed.is_empty() || !removed.iter().all(plain) {
        return None;
    }
    let mut edits = Vec::new();
    if removed.len() == items.len() && flow {
        if !plain(&list) {
            return None;
        }
        edits.push(Edit { at: list.span(), text: "[]".to_owned() });
    } else if flow {
        edits = flow_runs(&items, gone)?.into_iter().map(|at| Edit { at, text: String::new() }).collect();
    } else {
        if removed.len() == items.len() {
            let colon = after_colon(source, key_of_value(matter, list)?)?;
            edits.push(Edit { at: Span::at(list.span().file, colon), text: " []".to_owned() });
        }
        for item in &removed {
            edits.push(Edit { at: item_line(source, matter, *item)?, text: String::new() });
        }
    }
    let is_clear = |edit: &Edit| !covers_comment(matter, edit.at) && !matter.lookup().has_anchor(edit.at, list.id());
    edits.iter().all(is_clear).then_some(edits)
}

/// The spans that take runs of items out of a flow list of which some stay.
fn flow_runs(items: &[NodeRef<'_>], gone: &[usize]) -> Option<Vec<Span>> {
    let mut spans = Vec::new();
    let mut runs = gone.chunk_by(|one, next| one + 1 == *next);
    runs.try_for_each(|run| {
        let (first, last) = (*run.first()?, *run.last()?);
        let (from, to) = (items.get(first)?.span(), items.get(last)?.span());
        spans.push(match first.checked_sub(1).and_then(|before| items.get(before)) {
            Some(before) => Span { start: before.span().end, end: to.end, ..from },
            None => Span { end: items.get(last + 1)?.span().start, ..from },
        });
        Some(())
    })?;
    Some(spans)
}

/// The line of an item of a block list; up to a comment, when it ends with one.
fn item_line(source: &SourceFile, matter: &FrontMatter, item: NodeRef<'_>) -> Option<Span> {
    let (text, span) = (source.text(), item.span());
    let start = text.get(..span.start as usize)?.rfind('\n')? + 1;
    let end = span.end as usize + text.get(span.end as usize..)?.find('\n')? + 1;
    let lead = text.get(start..span.start as usize)?;
    if lead.trim() != "-" || source.slice(span).contains('\n') {
        return None;
    }
    let tail = text.get(span.end as usize..end)?;
    if tail.trim().is_empty() {
        return Some(source.span(start, end));
    }
    let comment = span.end as usize + (tail.len() - tail.trim_start().len());
    let dash = start + lead.find('-')?;
    let is_comment = matter.comments.binary_search_by_key(&(comment as u32), |comment| comment.start).is_ok();
    is_comment.then(|| source.span(dash, comment))
}

/// Adds items, written as YAML of one line each, at the end of a list that has some.
pub fn append_items(source: &SourceFile, matter: &FrontMatter, list: NodeRef<'_>, items: &[String]) -> Option<Edit> {
    let Kind::Sequence { flow, .. } = list.stored().kind else { return None };
    let last = list.items().last()?;
    if !matter.errors.is_empty() || !items.iter().all(|item| is_one_line(item)) || last.text().is_none() {
        return None;
    }
    if flow {
        let text = items.iter().map(|item| format!(", {item}")).collect();
        return Some(Edit { at: Span::at(list.span().file, last.span().end), text });
    }
    let (text, end) = (source.text(), last.span().end as usize);
    let (start, _) = indentation_of_item(source, last)?;
    let line_end = end + text.get(end..)?.find('\n')? + 1;
    let lead = text.get(start..last.span().start as usize)?;
    let text = items.iter().map(|item| format!("{lead}{item}{}", matter.line_end())).collect();
    (!source.slice(last.span()).contains('\n')).then(|| Edit { at: source.span(line_end, line_end), text })
}

/// The start of the line of a block item, and what stands before its dash.
fn indentation_of_item<'s>(source: &'s SourceFile, item: NodeRef<'_>) -> Option<(usize, &'s str)> {
    let before = source.text().get(..item.span().start as usize)?;
    let start = before.rfind('\n')? + 1;
    let lead = before.get(start..)?;
    let (indent, rest) = lead.split_once('-')?;
    (indent.trim().is_empty() && rest.trim().is_empty()).then_some((start, indent))
}

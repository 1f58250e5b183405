//! Changes to a metadata block, each the smallest one: everything around it stays byte for byte.
//!
//! `None` means that there is no safe way to make the change; a caller then says so instead of fixing. Every function
//! refuses while the block has errors, because it is not known what a broken block means. The texts that a caller passes
//! as YAML are written as they are: [`scalar`] and [`quoted`] make one of a text.

pub use super::quote::{preferred, quoted, scalar};

use super::{Fence, Field, FrontMatter};
use crate::diagnostic::Edit;
use crate::source::tree::{Kind, NodeRef, Style};
use crate::source::{SourceFile, Span};

/// A place for new keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insertion {
    /// Where the text goes: an empty span at the start of a line.
    pub at: Span,
    /// What stands before each inserted line: the indentation of the other keys.
    pub indent: String,
    /// What ends each inserted line.
    pub line_end: &'static str,
}

/// Where new keys can go: after the last key and the comments below it, before the closing fence or a `...` line.
/// Above the first key when the last value keeps its trailing empty lines (`|+`), which lines below it would change.
pub fn insertion(source: &SourceFile, matter: &FrontMatter) -> Option<Insertion> {
    if !matter.errors.is_empty() {
        return None;
    }
    let line_end = matter.line_end();
    let (yaml, close) = match &matter.fence {
        Fence::Block(block) => (block.yaml, block.close.start),
        Fence::Empty { close, .. } => {
            return Some(Insertion { at: Span::at(close.file, close.start), indent: String::new(), line_end });
        }
        _ => return None,
    };
    let Some(root) = matter.tree.root() else {
        // `---` CRLF `---` is a block whose two fences share their line break.
        return Some(Insertion {
            at: Span::at(yaml.file, before_end_mark(source, yaml, close)),
            indent: String::new(),
            line_end,
        });
    };
    if matches!(root.kind(), Kind::Mapping { flow: true, .. } | Kind::Scalar { .. } | Kind::Sequence { .. }) {
        return None;
    }
    let first = root.pairs().next()?.0;
    let (line, indent) = indentation(source, first)?;
    let keeps = root.pairs().next_back().is_some_and(|(_, value)| keeps_blank_lines(source, matter, value));
    let at = if keeps { line } else { before_end_mark(source, yaml, close) };
    Some(Insertion { at: Span::at(yaml.file, at), indent: indent.to_owned(), line_end })
}

/// Adds lines with new top-level keys (`key: value`, line ends as `\n`, no final one).
pub fn insert_key(source: &SourceFile, matter: &FrontMatter, lines: &str) -> Option<Edit> {
    if let Some(braces) = empty_braces(matter) {
        let mut text = lines.lines().collect::<Vec<&str>>().join(matter.line_end());
        let rest = source.text().get(braces.end as usize..)?.lines().next().unwrap_or_default();
        if !rest.trim().is_empty() {
            text.push_str(matter.line_end());
        }
        return Some(Edit { at: braces, text });
    }
    let place = insertion(source, matter)?;
    let mut text = String::new();
    for line in lines.lines() {
        let indent = if line.is_empty() { "" } else { place.indent.as_str() };
        text.extend([indent, line, place.line_end]);
    }
    Some(Edit { at: place.at, text })
}

/// The place of `{}`, which huggingface_hub writes where a block has no key. Lines with keys can stand there instead.
fn empty_braces(matter: &FrontMatter) -> Option<Span> {
    let root = matter.tree.root().filter(|root| root.is_mapping() && root.pairs().next().is_none())?;
    let is_plain = root.stored().anchor.is_none() && root.stored().tag.is_none();
    (matter.errors.is_empty() && is_plain && !covers_comment(matter, root.span())).then(|| root.span())
}

/// Puts a whole block before the body of a card that has none and nothing that looks like one.
pub fn create_block(source: &SourceFile, matter: &FrontMatter, lines: &str) -> Option<Edit> {
    if matter.fence != (Fence::Missing { near: None }) {
        return None;
    }
    let line_end = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
    let mut text = format!("---{line_end}");
    for line in lines.lines() {
        text.extend([line, line_end]);
    }
    text.extend(["---", line_end]);
    let start = if source.text().starts_with('\u{feff}') { 3 } else { 0 };
    Some(Edit { at: source.span(start, start), text })
}

/// Writes YAML of one line in place of a value. Refuses values with an anchor or a tag, and block lists and mappings
/// that hold comments or do not stand below a key.
pub fn replace_value(source: &SourceFile, matter: &FrontMatter, value: NodeRef<'_>, yaml: &str) -> Option<Edit> {
    if value.span().is_empty() {
        return fill_empty(source, matter, value, yaml);
    }
    let stored = value.stored();
    let in_block = matter.errors.is_empty() && is_one_line(yaml) && stored.anchor.is_none() && stored.tag.is_none();
    if !in_block || matter.lookup().has_anchor(stored.span, value.id()) {
        return None;
    }
    match &stored.kind {
        Kind::Sequence { flow: false, .. } | Kind::Mapping { flow: false, .. } => {
            let colon = key_of_value(matter, value).map(|key| after_colon(source, key))??;
            let at = Span { start: colon, ..stored.span };
            (!covers_comment(matter, at)).then(|| Edit { at, text: format!(" {yaml}") })
        }
        _ => (!covers_comment(matter, stored.span)).then(|| Edit { at: stored.span, text: yaml.to_owned() }),
    }
}

/// Writes YAML of one line where a key or a dash has no value yet.
pub fn fill_empty(source: &SourceFile, matter: &FrontMatter, value: NodeRef<'_>, yaml: &str) -> Option<Edit> {
    let stored = value.stored();
    let before = source.text().get(..stored.span.start as usize)?;
    let bare =
        stored.span.is_empty() && stored.anchor.is_none() && stored.tag.is_none() && before.ends_with([':', '-']);
    (matter.errors.is_empty() && bare && is_one_line(yaml)).then(|| Edit { at: stored.span, text: format!(" {yaml}") })
}

/// Makes a mapping the only item of a list. Refuses one with an anchor or a tag of its own, and a block that shares a line
/// with its key.
pub fn wrap_in_list(source: &SourceFile, matter: &FrontMatter, value: NodeRef<'_>) -> Option<Edit> {
    let stored = value.stored();
    let Kind::Mapping { flow, .. } = &stored.kind else { return None };
    if !matter.errors.is_empty() || stored.anchor.is_some() || stored.tag.is_some() {
        return None;
    }
    if *flow {
        return Some(Edit { at: stored.span, text: format!("[{}]", source.slice(stored.span)) });
    }
    let (start, indent) = indentation(source, value.pairs().next()?.0)?;
    let at = Span { start, ..stored.span };
    let mut text = format!("{indent}- ");
    let mut lines = source.slice(at).get(indent.len()..)?.split_inclusive('\n');
    text.push_str(lines.next()?);
    for line in lines {
        text.extend([if line.trim().is_empty() { "" } else { "  " }, line]);
    }
    Some(Edit { at, text })
}

/// Gives a top-level key another name. Refuses when there is a key of that name.
pub fn rename_key(matter: &FrontMatter, field: Field<'_>, name: &str) -> Option<Edit> {
    let stored = field.key.stored();
    let plain = stored.anchor.is_none() && stored.tag.is_none() && matches!(stored.kind, Kind::Scalar { .. });
    let one_line = matches!(field.key.style(), Some(Style::Plain | Style::SingleQuoted | Style::DoubleQuoted));
    if !matter.errors.is_empty() || !plain || !one_line || stored.span.is_empty() || matter.get(name).is_some() {
        return None;
    }
    Some(Edit { at: stored.span, text: scalar(name, preferred(matter)) })
}

/// Takes a top-level key out, with the whole of its lines. Refuses the only key, keys that share a line, values that
/// an alias names, and neighbours that the change would reach.
pub fn remove_pair(source: &SourceFile, matter: &FrontMatter, field: Field<'_>) -> Option<Edit> {
    let root = matter.tree.root()?;
    let fields: Vec<Field<'_>> = matter.fields().collect();
    let index = fields.iter().position(|other| other.key.id() == field.key.id())?;
    let flow = matches!(root.kind(), Kind::Mapping { flow: true, .. });
    if !matter.errors.is_empty() || flow || fields.len() < 2 {
        return None;
    }
    let (start, _) = indentation(source, field.key)?;
    let end = field.value.span().end.max(after_colon(source, field.key)?);
    let removed = Span { start, end, ..field.key.span() };
    if matter.lookup().has_anchor(removed, root.id()) {
        return None;
    }
    let rest = source.text().get(end as usize..)?;
    let line_end = rest.find('\n').map_or(rest.len(), |at| at + 1);
    let behind = rest.get(..line_end)?.trim();
    if !(behind.is_empty() || behind.starts_with('#')) {
        return None;
    }
    // Lines below the removed key must not become text of a block scalar above it.
    let next = rest.get(line_end..)?.split('\n').next().unwrap_or_default();
    let above = index.checked_sub(1).and_then(|above| fields.get(above)).map(|field| field.value);
    let reached = above.is_some_and(|above| {
        let exposed = next.trim().is_empty() || next.starts_with([' ', '\t']);
        is_block_scalar(innermost_last(above)) && exposed || keeps_blank_lines(source, matter, above)
    });
    if reached {
        return None;
    }
    Some(Edit { at: Span { end: end + line_end as u32, ..removed }, text: String::new() })
}

fn is_block_scalar(value: NodeRef<'_>) -> bool {
    matches!(value.style(), Some(Style::Literal | Style::Folded))
}

/// Puts quotes around a scalar that has none, so that both readers take it for the text that is written. A value of
/// several lines becomes one line.
pub fn quote(matter: &FrontMatter, value: NodeRef<'_>) -> Option<Edit> {
    let stored = value.stored();
    match &stored.kind {
        Kind::Scalar { text, style: Style::Plain }
            if matter.errors.is_empty() && stored.tag.is_none() && !stored.span.is_empty() =>
        {
            Some(Edit { at: stored.span, text: quoted(text, preferred(matter)) })
        }
        _ => None,
    }
}

pub(super) fn is_one_line(yaml: &str) -> bool {
    !yaml.is_empty() && !yaml.contains(['\n', '\r']) && yaml.trim() == yaml
}

/// The start of a node's line and what stands before it there, when that is white space only.
pub(super) fn indentation<'s>(source: &'s SourceFile, node: NodeRef<'_>) -> Option<(u32, &'s str)> {
    let before = source.text().get(..node.span().start as usize)?;
    let start = before.rfind('\n').map_or(0, |found| found + 1);
    let indent = before.get(start..)?;
    indent.chars().all(|letter| letter == ' ').then_some((start as u32, indent))
}

/// The offset after the colon of a key.
pub(super) fn after_colon(source: &SourceFile, key: NodeRef<'_>) -> Option<u32> {
    let end = key.span().end;
    let rest = source.text().get(end as usize..)?;
    let gap = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    rest.get(gap..)?.starts_with(':').then_some(end + gap as u32 + 1)
}

/// Whether a comment starts inside a span. They stand in the order of the text.
pub(super) fn covers_comment(matter: &FrontMatter, span: Span) -> bool {
    let next = matter.comments.partition_point(|comment| comment.start < span.start);
    matter.comments.get(next).is_some_and(|comment| span.contains(comment.start))
}

/// The key to which a value belongs.
pub(super) fn key_of_value<'t>(matter: &'t FrontMatter, value: NodeRef<'_>) -> Option<NodeRef<'t>> {
    matter.tree.node(matter.lookup().key_of(value.id())?)
}

/// The value that ends last inside a value.
fn innermost_last(value: NodeRef<'_>) -> NodeRef<'_> {
    let mut node = value;
    // A tree is never deeper than its cap; the bound keeps a loop out whatever the tree contains.
    for _ in 0..=super::MAX_DEPTH * 2 {
        let stored_alias = matches!(node.stored().kind, Kind::Alias(_));
        let last = node.items().last().or_else(|| node.pairs().next_back().map(|(_, value)| value));
        match last {
            Some(last) if !stored_alias => node = last,
            _ => break,
        }
    }
    node
}

/// Whether a block scalar with `+` ends a value: its trailing empty lines are text.
fn keeps_blank_lines(source: &SourceFile, matter: &FrontMatter, value: NodeRef<'_>) -> bool {
    let last = innermost_last(value);
    let header = source.slice(last.span()).lines().next().unwrap_or_default();
    let stored_scalar = matches!(last.stored().kind, Kind::Scalar { style: Style::Literal | Style::Folded, .. });
    stored_scalar
        && header.split(['#', ' ']).next().is_some_and(|header| header.contains('+'))
        && matter.errors.is_empty()
}

/// The closing fence's place, or that of a `...` line that ends the document before it.
fn before_end_mark(source: &SourceFile, yaml: Span, close: u32) -> u32 {
    let mut at = yaml.start;
    for line in source.slice(yaml).split_inclusive('\n') {
        let ends =
            line.strip_prefix("...").is_some_and(|after| after.trim().is_empty() || after.starts_with([' ', '\t']));
        if ends {
            return at;
        }
        at += line.len() as u32;
    }
    close
}

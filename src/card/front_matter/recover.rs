//! Reading a whole block: once when it is sound, else in pieces cut at keys that start a line, so that one error
//! neither hides the next nor takes the good keys with it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::OnceLock;

use super::build::Builder;
use super::fence::{self, Block, Fence};
use super::key_line::{after_line, key_of, next_key_line};
use super::{FrontMatter, MAX_ERRORS, MAX_YAML_BYTES, YamlError, YamlErrorKind, explain, keys};
use crate::source::tree::{Kind, Node, NodeId, Tree};
use crate::source::{Encoding, SourceFile, Span};

pub(super) fn front_matter(source: &SourceFile) -> FrontMatter {
    let text = source.text();
    let fence = match source.encoding() {
        Encoding::Utf16 => Fence::Missing { near: None },
        _ => fence::find(source.id(), text),
    };
    let open = match &fence {
        Fence::Block(Block { open, .. }) | Fence::Empty { open, .. } | Fence::Unclosed { open, .. } => {
            open.end as usize
        }
        Fence::Missing { .. } => 0,
    };
    let first_break = text.get(open..).unwrap_or_default().find('\n').map(|at| open + at);
    let crlf = first_break.is_some_and(|at| text.get(..at).is_some_and(|before| before.ends_with('\r')));
    let mut found = FrontMatter {
        body_start: body_start(&fence, text) as u32,
        line_end: if crlf { "\r\n" } else { "\n" },
        fence,
        tree: Tree::new(source.id()),
        errors: Vec::new(),
        comments: Vec::new(),
        lost: Vec::new(),
        lookup: OnceLock::new(),
    };
    if let Fence::Block(block) = found.fence {
        read_block(source, block, &mut found);
    }
    found
}

/// Reads a whole file as one block, whose root may be a list.
pub(super) fn whole_file(source: &SourceFile) -> FrontMatter {
    let start = if source.text().starts_with('\u{feff}') { 3 } else { 0 };
    let mut found = lines(source, source.span(start, source.text().len()));
    found.errors.retain(|error| error.kind != YamlErrorKind::NotAMapping);
    found
}

/// Reads some lines of a file as one block.
pub(super) fn lines(source: &SourceFile, yaml: Span) -> FrontMatter {
    let (open, close) = (Span::at(yaml.file, yaml.start), Span::at(yaml.file, yaml.end));
    let block = Block { open, yaml, close, end: yaml.end };
    let mut found = FrontMatter {
        body_start: yaml.end,
        line_end: "\n",
        fence: Fence::Block(block),
        tree: Tree::new(source.id()),
        errors: Vec::new(),
        comments: Vec::new(),
        lost: Vec::new(),
        lookup: OnceLock::new(),
    };
    if !matches!(source.encoding(), Encoding::Utf16) {
        read_block(source, block, &mut found);
    }
    found
}

/// Where the Markdown starts. Below an opening fence that is never closed, lines that look like metadata are not prose.
fn body_start(fence: &Fence, text: &str) -> usize {
    match fence {
        Fence::Block(block) => block.end as usize,
        Fence::Missing { .. } => {
            if text.starts_with('\u{feff}') {
                3
            } else {
                0
            }
        }
        Fence::Empty { close, .. } => after_line(text, close.end as usize),
        Fence::Unclosed { open, .. } => {
            let mut at = after_line(text, open.end as usize);
            for line in text.get(at..).unwrap_or_default().split_inclusive('\n') {
                let yaml = line.starts_with(['-', ' ', '\t', '#', '.']) || key_of(line).is_some();
                if !yaml || line.starts_with("# ") || line.starts_with("##") {
                    break;
                }
                at += line.len();
            }
            at
        }
    }
}

fn read_block(source: &SourceFile, block: Block, found: &mut FrontMatter) {
    let text = source.text();
    let (start, end) = (block.yaml.start as usize, block.yaml.end as usize);
    if end.saturating_sub(start) > MAX_YAML_BYTES {
        let message = format!("the metadata block is longer than {} MiB and was not read", MAX_YAML_BYTES >> 20);
        found.errors.push(YamlError { span: block.open, message, kind: YamlErrorKind::TooLarge });
        return;
    }
    let mut errors = forbidden(source, block.yaml);
    let yaml = masked(text, &errors);
    let mut builder = Builder::new(text, Tree::new(source.id()));
    let mut parts = Vec::new();
    let mut at = start;
    loop {
        let (root, stop) = builder.read(&yaml, at, end);
        parts.extend(root);
        let Some(stop) = stop else { break };
        let error = explain::stop(source, block.yaml, at, stop);
        let next = next_key_line(&yaml, (error.span.start as usize).max(at), end);
        let last =
            matches!(error.kind, YamlErrorKind::TooLarge | YamlErrorKind::SecondDocument | YamlErrorKind::TooDeep);
        if !errors.iter().any(|known| same_line(text, known.span, error.span)) {
            errors.push(error);
        }
        match next {
            Some(next) if !last && errors.len() < MAX_ERRORS => at = next,
            _ => break,
        }
    }
    join(source, &mut builder, &parts, &mut errors);
    explain::templates(source, &mut builder.errors);
    errors.append(&mut builder.errors);
    errors.extend(keys::bad_tags(&builder.tree));
    errors.sort_by_key(|error| (error.span.start, error.span.end));
    errors.dedup_by(|next, kept| next.span == kept.span);
    errors.truncate(MAX_ERRORS);
    found.tree = builder.tree;
    found.comments = builder.comments;
    found.errors = errors;
    if !found.errors.is_empty() {
        found.lost = lost_keys(source, block.yaml, found);
    }
}

/// Makes one root of the roots of the pieces, and reports a root that is not a mapping.
fn join(source: &SourceFile, builder: &mut Builder<'_>, parts: &[NodeId], errors: &mut Vec<YamlError>) {
    let mut pairs = Vec::new();
    let mut span: Option<Span> = None;
    let mut whole = None;
    for id in parts {
        let Some(node) = builder.tree.node(*id) else { continue };
        let Kind::Mapping { pairs: found, .. } = &node.stored().kind else {
            if errors.is_empty() {
                errors.push(explain::not_a_mapping(source, node));
                builder.tree.set_root(*id);
            }
            continue;
        };
        if !found.is_empty() || parts.len() == 1 {
            pairs.extend(found.iter().copied());
            span = Some(span.map_or(node.span(), |span| span.to(node.span())));
            whole = Some(*id);
        }
    }
    match (parts.len(), whole, span) {
        (1, Some(id), _) => builder.tree.set_root(id),
        (_, Some(_), Some(span)) => {
            builder.errors.extend(keys::duplicates(&builder.tree, &pairs));
            let kind = Kind::Mapping { pairs, flow: false };
            let root = builder.tree.push(Node { span, kind, anchor: None, tag: None });
            builder.tree.set_root(root);
        }
        _ => {}
    }
}

/// Characters and bytes that YAML does not allow at all.
fn forbidden(source: &SourceFile, yaml: Span) -> Vec<YamlError> {
    let mut errors = Vec::new();
    if let Encoding::Invalid(runs) = source.encoding() {
        for run in runs.iter().filter(|run| run.start < yaml.end && run.end > yaml.start).take(MAX_ERRORS) {
            let span = Span::new(yaml.file, run.start.max(yaml.start)..run.end.min(yaml.end));
            let message = "these bytes are not UTF-8: save the file as UTF-8".to_owned();
            errors.push(YamlError { span, message, kind: YamlErrorKind::InvalidUtf8 });
        }
    }
    let letters = source.slice(yaml).char_indices().filter(|(_, letter)| !is_printable(*letter));
    for (at, letter) in letters.take(MAX_ERRORS) {
        let start = yaml.start as usize + at;
        let span = source.span(start, start + letter.len_utf8());
        let message = format!("YAML does not allow the control character U+{:04X}", letter as u32);
        errors.push(YamlError { span, message, kind: YamlErrorKind::ControlCharacter });
    }
    errors
}

/// The characters that YAML lets through.
fn is_printable(letter: char) -> bool {
    matches!(
        letter,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..
    )
}

/// The text with a letter in place of each forbidden byte, so that what is around it can still be read.
fn masked<'t>(text: &'t str, errors: &[YamlError]) -> Cow<'t, str> {
    if errors.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut whole = String::with_capacity(text.len());
    let mut at = 0;
    let mut spans: Vec<Span> = errors.iter().map(|error| error.span).collect();
    spans.sort();
    for span in spans {
        whole.push_str(text.get(at..span.start as usize).unwrap_or_default());
        whole.extend(std::iter::repeat_n('x', span.range().len()));
        at = span.end as usize;
    }
    whole.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(whole)
}

fn same_line(text: &str, one: Span, other: Span) -> bool {
    let (first, second) = if one.start <= other.start { (one, other) } else { (other, one) };
    let between = text.get(first.start as usize..second.start as usize).unwrap_or_default();
    !between.contains('\n')
}

/// The keys that start a line of the block and did not come into the tree.
fn lost_keys(source: &SourceFile, yaml: Span, found: &FrontMatter) -> Vec<Span> {
    let known: HashSet<u32> = found.fields().map(|field| field.key.span().start).collect();
    let values: Vec<Span> = found.fields().map(|field| field.value.span()).collect();
    let mut values = values.into_iter().peekable();
    let mut lost = Vec::new();
    let mut at = yaml.start as usize;
    for line in source.slice(yaml).split_inclusive('\n') {
        let start = at as u32;
        at += line.len();
        let Some(key) =
            line.split(':').next().filter(|key| line.contains(':') && !key.starts_with([' ', '\t', '#', '-']))
        else {
            continue;
        };
        while values.next_if(|value| value.end <= start).is_some() {}
        let inside = values.peek().is_some_and(|value| value.contains(start));
        if !inside && !known.contains(&start) {
            let open = usize::from(key.starts_with(['"', '\'']));
            let name = key.trim_matches(['"', '\'', ' ', '\t']);
            lost.push(source.span(start as usize + open, start as usize + open + name.len()));
        }
    }
    lost
}

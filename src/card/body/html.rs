//! A small reader of HTML: start tags with their attributes, comments, and the text between. Linear in its input.

use std::ops::Range;

use crate::source::Span;

/// A start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlElement {
    /// Its name in lower case.
    pub name: String,
    /// Its attributes in order.
    pub attributes: Vec<Attribute>,
    /// The tag, brackets included.
    pub span: Span,
}

/// An attribute of a start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name in lower case.
    pub name: String,
    /// Its value as written, without quotes; empty when it has none.
    pub value: String,
    /// Where the value is written, without quotes.
    pub span: Span,
}

impl HtmlElement {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}

/// What the reader meets, with byte ranges in the text that it was given.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    Start { name: String, attributes: Vec<(String, Range<usize>)>, range: Range<usize> },
    End { name: String, range: Range<usize> },
    Comment(Range<usize>),
    Text(Range<usize>),
}

/// Reads a piece of HTML.
pub(super) fn scan(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    let mut plain = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + found;
        let Some((end, item)) = tag(text, start) else {
            at = start + 1;
            continue;
        };
        if plain < start {
            items.push(Item::Text(plain..start));
        }
        at = end;
        if let Some(Item::Start { name, .. }) = &item
            && matches!(name.as_str(), "script" | "style")
        {
            let close = format!("</{name}");
            at += find_ignoring_case(text.get(at..).unwrap_or_default(), &close).unwrap_or(text.len() - at);
        }
        plain = at;
        items.extend(item);
    }
    if plain < text.len() {
        items.push(Item::Text(plain..text.len()));
    }
    items
}

/// What starts with the `<` at an offset, and where it ends. An item may be missing: a declaration says nothing.
fn tag(text: &str, start: usize) -> Option<(usize, Option<Item>)> {
    let rest = text.get(start..)?;
    if let Some(inner) = rest.strip_prefix("<!--") {
        let end = inner.find("-->").map_or(text.len(), |found| start + 4 + found + 3);
        return Some((end, Some(Item::Comment(start..end))));
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        let end = rest.find('>').map_or(text.len(), |found| start + found + 1);
        return Some((end, None));
    }
    let closing = rest.starts_with("</");
    let name_start = start + if closing { 2 } else { 1 };
    let after = text.get(name_start..)?;
    if !after.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let width = after.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-')).unwrap_or(after.len());
    let name = after.get(..width)?.to_ascii_lowercase();
    let mut at = name_start + width;
    let mut attributes = Vec::new();
    loop {
        let rest = text.get(at..)?;
        let bare = rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || letter == '/');
        let spaced = bare.len() < rest.len();
        at += rest.len() - bare.len();
        if bare.starts_with('>') {
            let range = start..at + 1;
            let item = if closing { Item::End { name, range } } else { Item::Start { name, attributes, range } };
            return Some((at + 1, Some(item)));
        }
        if !spaced {
            return None;
        }
        let (name, value, end) = attribute(text, at)?;
        attributes.push((name, value));
        at = end;
    }
}

/// An attribute at an offset: its name, its value's range, and where it ends.
fn attribute(text: &str, at: usize) -> Option<(String, Range<usize>, usize)> {
    let rest = text.get(at..)?;
    let width = rest.find(ends_a_name)?;
    if width == 0 {
        return None;
    }
    let name = rest.get(..width)?.to_ascii_lowercase();
    let after = rest.get(width..)?;
    let gap = after.len() - after.trim_start().len();
    let Some(value) = after.trim_start().strip_prefix('=') else {
        return Some((name, at + width..at + width, at + width));
    };
    let mut start = at + width + gap + 1;
    start += value.len() - value.trim_start().len();
    let value = value.trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'') => {
            let close = value.get(1..)?.find(quote)? + 1;
            Some((name, start + 1..start + close, start + close + 1))
        }
        _ => {
            let width =
                value.find(|letter: char| letter.is_ascii_whitespace() || matches!(letter, '>' | '<' | '"' | '\''))?;
            Some((name, start..start + width, start + width))
        }
    }
}

fn ends_a_name(letter: char) -> bool {
    letter.is_ascii_whitespace() || matches!(letter, '=' | '>' | '/' | '<' | '"' | '\'')
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    let wanted = wanted.as_bytes();
    text.as_bytes().windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted))
}

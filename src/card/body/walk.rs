//! From Markdown events to a [`Body`], in one pass.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use super::html::{self, Item};
use super::{Attribute, Body, CodeBlock, Heading, HtmlElement, Image, Link, LinkKind, MAX_LINK_TEXT, Prose, urls};
use crate::source::{SourceFile, Span};

pub(super) fn body(source: &SourceFile, start: usize) -> Body {
    let text = source.text().get(start..).unwrap_or_default();
    let span = source.span(start.min(source.text().len()), source.text().len());
    let mut walk = Walk::new(source, span);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        walk.event(event, start + range.start, start + range.end);
    }
    walk.finish()
}

struct Walk<'s> {
    source: &'s SourceFile,
    body: Body,
    /// The prose being read: where it starts and ends so far, and its text.
    prose: Option<(usize, usize, String)>,
    heading: Option<OpenHeading>,
    code: Option<CodeBlock>,
    /// The piece of running text that the last events were about; an address in it may come in several.
    run: Option<Range<usize>>,
    /// Links and images that are open, innermost last: where their text starts in `labels`.
    links: Vec<OpenLink>,
    /// How many of them are images.
    open_images: usize,
    /// The text of the links that are open.
    labels: String,
}

struct OpenHeading {
    level: u8,
    start: usize,
    text: String,
    /// An HTML heading: it ends with its own end tag.
    html: bool,
}

struct OpenLink {
    image: bool,
    kind: LinkKind,
    url: String,
    label: usize,
}

impl<'s> Walk<'s> {
    fn new(source: &'s SourceFile, span: Span) -> Self {
        let body = Body {
            span,
            headings: Vec::new(),
            code_blocks: Vec::new(),
            links: Vec::new(),
            images: Vec::new(),
            html: Vec::new(),
            comments: Vec::new(),
            code_spans: Vec::new(),
            tables: Vec::new(),
            prose: Vec::new(),
        };
        Self {
            source,
            body,
            prose: None,
            heading: None,
            code: None,
            run: None,
            links: Vec::new(),
            open_images: 0,
            labels: String::new(),
        }
    }

    fn slice(&self, start: usize, end: usize) -> &'s str {
        self.source.text().get(start..end).unwrap_or_default()
    }

    fn event(&mut self, event: Event<'_>, start: usize, end: usize) {
        if !matches!(event, Event::Text(_)) {
            self.end_run();
        }
        match event {
            Event::Start(tag) => self.start(tag, start, end),
            Event::End(tag) => self.end(tag, start, end),
            Event::Text(text) if self.code.is_some() => self.code_text(&text, start, end),
            Event::Text(text) => {
                self.run.get_or_insert(start..end).end = end;
                self.text(&text, start, end);
            }
            Event::Code(text) => {
                self.body.code_spans.push(self.source.span(start, end));
                self.text(&text, start, end);
            }
            Event::InlineHtml(_) => self.html(start, end),
            Event::SoftBreak | Event::HardBreak => self.text(" ", start, end),
            Event::Rule => self.flush(),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, start: usize, end: usize) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.close_heading(start);
                self.heading = Some(OpenHeading { level: number(level), start, text: String::new(), html: false });
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                self.code = Some(self.code_block(&kind, start, end));
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html(start, end);
            }
            Tag::Link { link_type, dest_url, .. } => self.open_link(false, link_type, &dest_url),
            Tag::Image { link_type, dest_url, .. } => self.open_link(true, link_type, &dest_url),
            Tag::Table(_) => {
                self.flush();
                self.body.tables.push(self.source.span(start, end));
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {}
            _ => self.flush(),
        }
    }

    fn end(&mut self, tag: TagEnd, start: usize, end: usize) {
        match tag {
            TagEnd::Heading(_) => self.close_heading(end),
            TagEnd::CodeBlock => {
                if let Some(code) = self.code.take() {
                    self.body.code_blocks.push(code);
                }
            }
            TagEnd::Link | TagEnd::Image => self.close_link(start, end),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
            // An HTML heading whose end tag is missing ends with the block that contains its text.
            TagEnd::Paragraph | TagEnd::HtmlBlock
                if self.heading.as_ref().is_some_and(|heading| heading.html && !heading.text.trim().is_empty()) =>
            {
                self.close_heading(end);
            }
            TagEnd::HtmlBlock => {}
            _ => self.flush(),
        }
    }

    /// Looks for addresses in the running text that ends here; one that is part of a link is that link's.
    fn end_run(&mut self) {
        if let Some(run) = self.run.take().filter(|_| self.links.len() == self.open_images) {
            self.bare_urls(run.start, run.end);
        }
    }

    /// Text that a reader sees.
    fn text(&mut self, text: &str, start: usize, end: usize) {
        if !self.links.is_empty() {
            self.labels.push_str(text);
        }
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
            return;
        }
        if self.open_images > 0 {
            return;
        }
        match &mut self.prose {
            Some((_, until, whole)) => {
                *until = end;
                whole.push_str(text);
            }
            None => {
                // Most paragraphs come in several pieces.
                let mut whole = String::with_capacity(text.len() + 64);
                whole.push_str(text);
                self.prose = Some((start, end, whole));
            }
        }
    }

    /// Ends the run of prose.
    fn flush(&mut self) {
        let Some((start, end, text)) = self.prose.take() else { return };
        if text.trim().is_empty() {
            return;
        }
        let span = self.source.span(start, end);
        self.body.prose.push(Prose { span, text });
    }

    fn close_heading(&mut self, end: usize) {
        let Some(heading) = self.heading.take() else { return };
        let span = self.source.span(heading.start, end.max(heading.start));
        let trimmed = self.source.slice(span).trim_end().len() as u32;
        let section = Span { start: span.end, end: span.end, ..span };
        let text = heading.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let span = Span { end: span.start + trimmed, ..span };
        self.body.headings.push(Heading::new(heading.level, text, span, section));
    }

    fn code_block(&self, kind: &CodeBlockKind<'_>, start: usize, end: usize) -> CodeBlock {
        let whole = self.slice(start, end);
        let (language, fenced) = match kind {
            CodeBlockKind::Fenced(info) => {
                let word =
                    info.split(|letter: char| letter.is_whitespace() || letter == ',').next().unwrap_or_default();
                let word = word.trim_matches(['{', '}', '.']).to_lowercase();
                ((!word.is_empty()).then_some(word), true)
            }
            CodeBlockKind::Indented => (None, false),
        };
        let closed = !fenced || ends_with_fence(whole);
        CodeBlock {
            language,
            span: self.source.span(start, end),
            content: self.source.span(start, start),
            text: String::new(),
            fenced,
            closed,
        }
    }

    fn code_text(&mut self, text: &str, start: usize, end: usize) {
        let span = self.source.span(start, end);
        if let Some(code) = &mut self.code {
            code.text.push_str(text);
            code.content = if code.content.is_empty() { span } else { code.content.to(span) };
        }
    }

    fn open_link(&mut self, image: bool, kind: LinkType, url: &str) {
        let kind = match kind {
            LinkType::Inline => LinkKind::Inline,
            LinkType::Autolink | LinkType::Email => LinkKind::Autolink,
            _ => LinkKind::Reference,
        };
        self.open_images += usize::from(image);
        self.links.push(OpenLink { image, kind, url: url.to_owned(), label: self.labels.len() });
    }

    fn close_link(&mut self, start: usize, end: usize) {
        let Some(open) = self.links.pop() else { return };
        self.open_images -= usize::from(open.image);
        let label = self.labels.get(open.label..).unwrap_or_default();
        let text = label.get(..label.floor_char_boundary(MAX_LINK_TEXT)).unwrap_or_default().to_owned();
        if self.links.is_empty() {
            self.labels.clear();
        }
        let span = self.source.span(start, end);
        let url_span = self.written_url(&open, start, end);
        if open.image {
            self.body.images.push(Image { alt: text, url: open.url, span, url_span });
        } else {
            self.body.links.push(Link { kind: open.kind, text, url: open.url, span, url_span });
        }
    }

    /// Where the address of a link stands: looked for near its end, so that nested images cost no more than flat ones.
    fn written_url(&self, open: &OpenLink, start: usize, end: usize) -> Option<Span> {
        if open.kind == LinkKind::Reference || open.url.is_empty() {
            return None;
        }
        let from = start.max(end.saturating_sub(open.url.len() + 256));
        let from = self.source.text().ceil_char_boundary(from);
        let tail = self.slice(from, end);
        let paren = match open.kind {
            LinkKind::Inline => tail.rfind("](").map_or(0, |at| at + 2),
            _ => 0,
        };
        let found = tail.get(paren..)?.find(open.url.as_str())?;
        let at = from + paren + found;
        Some(self.source.span(at, at + open.url.len()))
    }

    fn bare_urls(&mut self, start: usize, end: usize) {
        let text = self.slice(start, end);
        for range in urls::bare(text) {
            let url = text.get(range.clone()).unwrap_or_default().to_owned();
            let span = self.source.span(start + range.start, start + range.end);
            self.body.links.push(Link { kind: LinkKind::Bare, text: url.clone(), url, span, url_span: Some(span) });
        }
    }

    fn html(&mut self, start: usize, end: usize) {
        let text = self.slice(start, end);
        for item in html::scan(text) {
            match item {
                Item::Comment(range) => {
                    self.body.comments.push(self.source.span(start + range.start, start + range.end))
                }
                Item::Text(range) => {
                    let (from, to) = (start + range.start, start + range.end);
                    self.bare_urls(from, to);
                    self.text(self.slice(from, to), from, to);
                }
                Item::Start { name, attributes, range } => {
                    let at = start + range.start;
                    if let Some(level) = heading_level(&name) {
                        self.flush();
                        self.close_heading(at);
                        self.heading = Some(OpenHeading { level, start: at, text: String::new(), html: true });
                    } else if is_block(&name) {
                        self.flush();
                    }
                    let attributes = attributes
                        .into_iter()
                        .map(|(name, value)| Attribute {
                            name,
                            value: text.get(value.clone()).unwrap_or_default().to_owned(),
                            span: self.source.span(start + value.start, start + value.end),
                        })
                        .collect();
                    let span = self.source.span(at, start + range.end);
                    self.body.html.push(HtmlElement { name, attributes, span });
                }
                Item::End { name, range } => {
                    if heading_level(&name).is_some() && self.heading.as_ref().is_some_and(|heading| heading.html) {
                        self.close_heading(start + range.end);
                    } else if is_block(&name) {
                        self.flush();
                    }
                }
            }
        }
    }

    fn finish(mut self) -> Body {
        self.end_run();
        self.flush();
        // An HTML heading without an end would swallow the rest of the card: its start tag is all there is.
        let end = self.heading.as_ref().map(|heading| heading.start);
        if let Some(end) = end {
            self.close_heading(end);
        }
        self.body.headings.sort_by_key(|heading| heading.span.start);
        let mut open: Vec<usize> = Vec::new();
        let starts: Vec<(u8, u32)> =
            self.body.headings.iter().map(|heading| (heading.level, heading.span.start)).collect();
        for (index, (level, start)) in starts.into_iter().enumerate() {
            while let Some(last) = open.last().copied() {
                let Some(above) = self.body.headings.get_mut(last).filter(|above| above.level >= level) else { break };
                above.section.end = start.max(above.section.start);
                open.pop();
            }
            open.push(index);
        }
        for index in open {
            if let Some(heading) = self.body.headings.get_mut(index) {
                heading.section.end = self.body.span.end;
            }
        }
        self.body.links.sort_by_key(|link| link.span.start);
        self.body
    }
}

/// Whether a fenced block's last line is a closing fence: at least as long as the opening one, and nothing else.
fn ends_with_fence(whole: &str) -> bool {
    let marks = |line: &str| -> Option<(char, usize)> {
        let bare = line.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '>');
        let mark = bare.chars().next().filter(|first| matches!(first, '`' | '~'))?;
        Some((mark, bare.len() - bare.trim_start_matches(mark).len()))
    };
    let whole = whole.trim_end();
    let Some((first, _)) = whole.split_once('\n') else { return false };
    let last = whole.rsplit('\n').next().unwrap_or_default();
    let only_marks = |line: &str, mark: char| {
        line.trim_matches(|letter: char| letter.is_whitespace() || letter == '>' || letter == mark).is_empty()
    };
    match (marks(first), marks(last)) {
        (Some((mark, opening)), Some((other, closing))) => {
            mark == other && closing >= opening && only_marks(last, mark)
        }
        _ => false,
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ => None,
    }
}

/// Elements that part one run of prose from the next.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "br"
            | "li"
            | "ul"
            | "ol"
            | "td"
            | "th"
            | "tr"
            | "table"
            | "details"
            | "summary"
            | "blockquote"
            | "center"
            | "section"
            | "figure"
            | "figcaption"
            | "pre"
            | "hr"
            | "dt"
            | "dd"
    )
}

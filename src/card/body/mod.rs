//! The Markdown of a card as data with positions, read as CommonMark with tables, strikethrough, footnotes and task
//! lists, as the Hub shows it.
//!
//! Knows structure: headings and their sections, code, links, images, HTML, words. Does not know what a card should
//! say, except which texts are placeholders ([`placeholders`]) and which words people use as headings ([`headings`]).

pub mod headings;
mod html;
pub mod placeholders;
mod sections;
mod topics;
mod urls;
mod walk;
mod words;

#[cfg(test)]
mod tests;

pub use headings::Heading;
pub use html::{Attribute, HtmlElement};
pub use topics::Topic;

use crate::source::{SourceFile, Span};

/// How much of a link's or image's text is kept, in bytes: enough to name it.
pub const MAX_LINK_TEXT: usize = 1_000;

/// The body of a card.
#[derive(Debug)]
pub struct Body {
    /// All of it.
    pub span: Span,
    /// Headings in order, HTML ones (`<h1>`) included.
    pub headings: Vec<Heading>,
    /// Fenced and indented code.
    pub code_blocks: Vec<CodeBlock>,
    /// Links of every kind, images not included.
    pub links: Vec<Link>,
    /// Images of Markdown; those of HTML are in `html`.
    pub images: Vec<Image>,
    /// HTML start tags, outside of code and comments.
    pub html: Vec<HtmlElement>,
    /// HTML comments.
    pub comments: Vec<Span>,
    /// Inline code, backticks included.
    pub code_spans: Vec<Span>,
    /// Tables.
    pub tables: Vec<Span>,
    /// Runs of prose: what is neither code, heading, HTML tag nor comment.
    pub prose: Vec<Prose>,
    marks: sections::Marks,
}

/// A block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeBlock {
    /// The first word of the text behind the opening fence, in lower case and without braces; nothing for code by
    /// indentation and for fences without a language.
    pub language: Option<String>,
    /// All of it, fences included.
    pub span: Span,
    /// The lines of code as they stand in the file, with what quotes and lists put before them; empty when there are none.
    pub content: Span,
    /// The code, without the indentation of what it stands in; line ends as in the file.
    pub text: String,
    /// Fenced, rather than indented.
    pub fenced: bool,
    /// Whether a closing fence stands below it; always for indented code.
    pub closed: bool,
}

/// What kind of link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// `[text](url)`
    Inline,
    /// `[text][name]`, `[name]`
    Reference,
    /// `<https://…>`
    Autolink,
    /// An address that merely stands in the text; the Hub links it.
    Bare,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// How it is written.
    pub kind: LinkKind,
    /// Its text, without markup, cut at [`MAX_LINK_TEXT`].
    pub text: String,
    /// Where it leads, escapes undone.
    pub url: String,
    /// All of it.
    pub span: Span,
    /// Where the address is written, if it is written there as it is.
    pub url_span: Option<Span>,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its alternative text, cut at [`MAX_LINK_TEXT`].
    pub alt: String,
    /// Where it lies, escapes undone.
    pub url: String,
    /// All of it.
    pub span: Span,
    /// Where the address is written, if it is written there as it is.
    pub url_span: Option<Span>,
}

/// One paragraph, list item, table cell or text in HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prose {
    /// Where its text starts and ends, markup inside included.
    pub span: Span,
    /// Its text without markup.
    pub text: String,
    /// Its words, placeholders not counted.
    pub words: u32,
}

impl Body {
    /// Reads the file from an offset on.
    pub fn parse(source: &SourceFile, start: usize) -> Self {
        walk::body(source, start)
    }

    /// The section of a heading holds nothing but placeholders, comments and headings whose sections are as empty.
    pub fn section_is_empty(&self, heading: &Heading) -> bool {
        self.marks.content(heading.section) == 0
    }

    /// The words of prose in a heading's section, the headings below it not counted, placeholders neither.
    pub fn section_words(&self, heading: &Heading) -> usize {
        self.marks.words(heading.section)
    }

    /// The words of prose in the whole body.
    pub fn words(&self) -> usize {
        self.marks.words(self.span)
    }

    /// The words of prose above the first heading, whatever its level.
    pub fn words_before_first_heading(&self) -> usize {
        let end = self.headings.first().map_or(self.span.end, |heading| heading.span.start);
        self.marks.words(Span { end, ..self.span })
    }

    /// The words of prose above the first heading of level 2 or below: what many cards have instead of a section
    /// called description.
    pub fn introduction_words(&self) -> usize {
        let first = self.headings.iter().find(|heading| heading.level >= 2);
        self.marks.words(Span { end: first.map_or(self.span.end, |heading| heading.span.start), ..self.span })
    }

    /// The headings that people use for a topic.
    pub fn about(&self, topic: Topic) -> impl Iterator<Item = &Heading> {
        self.headings.iter().filter(move |heading| heading.topics().contains(&topic))
    }

    /// The code blocks that start inside a span, such as a heading's section.
    pub fn code_in(&self, span: Span) -> impl Iterator<Item = &CodeBlock> {
        self.code_blocks.iter().filter(move |code| span.contains(code.span.start))
    }
}

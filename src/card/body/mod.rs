//! The Markdown of a card as data with positions, read as CommonMark with tables, strikethrough, footnotes and task
//! lists, as the Hub shows it.
//!
//! Knows structure: headings and their sections, code, links, images, HTML. Does not know what a card should say, or
//! whether a text says anything; of words it knows only those that people use as headings (`topics`).

mod headings;
mod html;
mod plain_forms;
mod scripts;
mod topics;
mod urls;
mod walk;

#[cfg(test)]
mod tests;

pub use headings::Heading;
pub use html::{Attribute, HtmlElement};
pub(crate) use scripts::is_dense;
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
}

/// A block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeBlock {
    /// The first word of the text after the opening fence, in lower case and without braces; nothing for code by
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
}

impl Body {
    /// Reads the file from an offset on.
    pub fn parse(source: &SourceFile, start: usize) -> Self {
        walk::body(source, start)
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

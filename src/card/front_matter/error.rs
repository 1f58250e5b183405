//! What is wrong with a block of YAML, in words of our own.

use crate::source::Span;

/// One thing that keeps the Hub from reading the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// Where: the smallest text that has to change.
    pub span: Span,
    /// What is wrong and, where it is known, what to write instead: one sentence without a final dot.
    pub message: String,
    /// What sort of error.
    pub kind: YamlErrorKind,
}

/// Sorts of error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum YamlErrorKind {
    /// Not YAML, for a reason that has no kind of its own.
    Syntax,
    /// A colon and a space inside a value that has no quotes.
    ColonInValue,
    /// `key:value` without a space.
    NoSpaceAfterColon,
    /// A value that starts with a character that YAML reserves: `@`, a backtick, `%`, or a lone `*`, `&`, `!`.
    ReservedCharacter,
    /// A quote that is not closed, reported where it opens.
    UnclosedQuote,
    /// A `[` or `{` that is not closed, reported where it opens.
    UnclosedBracket,
    /// Text after a closing quote or bracket.
    TextAfterValue,
    /// Lines whose indentation does not fit those above.
    Indentation,
    /// A tab in the indentation.
    Tab,
    /// The same inside brackets, where js-yaml takes it and PyYAML does not.
    TabInFlow,
    /// `{{ … }}` of a template that was not filled in, with text around it; alone it is a [`Self::CollectionAsKey`].
    Template,
    /// A key that its mapping already has.
    DuplicateKey {
        /// The first one.
        first: Span,
    },
    /// A list or a mapping as a key.
    CollectionAsKey,
    /// The block is a list or a text, not keys with values.
    NotAMapping,
    /// `*name` without `&name` before it, or inside of what it names.
    UnknownAlias,
    /// A tag that the Hub's reader does not know, or that does not fit its value.
    UnknownTag,
    /// A `---` or `...` that ends the document before the block ends.
    SecondDocument,
    /// A character that YAML does not allow.
    ControlCharacter,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// More than [`super::MAX_DEPTH`] levels.
    TooDeep,
    /// More than [`super::MAX_YAML_BYTES`] or [`super::MAX_NODES`].
    TooLarge,
}

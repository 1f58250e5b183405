//! What can be wrong with a JSON text.

use std::ops::Range;

use thiserror::Error;

/// A mistake and its place.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{mistake}")]
pub struct JsonError {
    /// The bytes of the text that show it; never empty unless the text ends there.
    pub span: Range<u32>,
    /// What it is.
    pub mistake: Mistake,
}

/// What is wrong, in words for the author of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Mistake {
    /// The text is larger than positions can count (4 GiB).
    #[error("the text is too large")]
    TooLarge,
    /// Opens with U+FEFF.
    #[error("the file starts with a byte order mark, which JSON does not allow")]
    ByteOrderMark,
    /// Nothing but white space.
    #[error("the file is empty, but JSON needs one value")]
    Empty,
    /// Ends inside a value, list or object.
    #[error("the file ends before its last bracket is closed")]
    UnexpectedEnd,
    /// `[1,]`
    #[error("JSON does not allow a comma before a closing bracket")]
    TrailingComma,
    /// `'a'`
    #[error("JSON strings need double quotes")]
    SingleQuotes,
    /// `//`, `/* */` or `#`
    #[error("JSON does not allow comments")]
    Comment,
    /// `NaN`, `Infinity`, `-Infinity`
    #[error("NaN and Infinity are not JSON: Python reads them, the Hub does not")]
    NotANumber,
    /// `True`, `False`, `None`
    #[error("JSON spells these true, false and null")]
    PythonWord,
    /// Any other bare word or character where a value is expected.
    #[error("this is not a JSON value")]
    NotAValue,
    /// `{a: 1}`
    #[error("a key must be a string in double quotes")]
    BadKey,
    /// `[1 2]`
    #[error("a comma is missing before this")]
    MissingComma,
    /// `{"a" 1}`
    #[error("a colon is missing between key and value")]
    MissingColon,
    /// `{"a": }` or `[,1]`
    #[error("a value is missing here")]
    MissingValue,
    /// `[1}`
    #[error("this bracket does not match the opening bracket")]
    WrongBracket,
    /// `01`, `1.`, `+1`, `.5`, `1e`
    #[error("this is not a JSON number")]
    BadNumber,
    /// A string without its closing quote.
    #[error("this string is never closed")]
    OpenString,
    /// A raw line break, tab or other control character in a string.
    #[error("a line break, tab or control character in a string must be written as an escape such as \\n")]
    ControlCharacter,
    /// `"\x"`
    #[error("JSON does not have this escape: write a backslash as \\\\")]
    BadEscape,
    /// `"\ud800"` without its other half.
    #[error("half of a surrogate pair is not a character")]
    LoneSurrogate,
    /// Nested deeper than [`super::MAX_DEPTH`].
    #[error("nested too deeply")]
    TooDeep,
    /// Something after the one value.
    #[error("text follows the end of the JSON value")]
    AfterEnd,
}

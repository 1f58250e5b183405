//! The pull parser.

use std::borrow::Cow;
use std::ops::Range;

use super::strings::{error, is_word, number, string};
use super::{JsonError, Mistake};

/// How many objects and lists may be open at once: as many as `serde_json`, and with it the safetensors reader,
/// allows.
pub const MAX_DEPTH: u32 = 127;

/// Which texts are JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// RFC 8259, strings in Unicode.
    Strict,
    /// What Python's `json` reads and writes by default: also `NaN`, `Infinity`, `-Infinity` and lone surrogates
    /// (which read as U+FFFD here).
    Python,
}

/// One step through a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Event<'t> {
    /// The bytes it stands on: a string with its quotes, a single bracket, a number, a word.
    pub span: Range<u32>,
    /// What it is.
    pub kind: EventKind<'t>,
}

/// What a step is.
#[derive(Clone, Debug, PartialEq)]
pub enum EventKind<'t> {
    /// `{`
    ObjectStart,
    /// `}`
    ObjectEnd,
    /// `[`
    ArrayStart,
    /// `]`
    ArrayEnd,
    /// A key, escapes undone; its value follows.
    Key(Cow<'t, str>),
    /// A string, escapes undone.
    String(Cow<'t, str>),
    /// A number as it is written.
    Number(&'t str),
    /// `true` or `false`
    Bool(bool),
    /// `null`
    Null,
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Value,
    FirstItem,
    FirstKey,
    Key,
    CommaOrEnd,
    Nothing,
}

/// Reads a text event by event. After an error, [`Parser::next`] may be called again: it goes on where the meaning is
/// plain (a comma too many, a comment, `NaN`, an unknown word) and otherwise gives `None`.
#[derive(Debug)]
pub struct Parser<'t> {
    text: &'t str,
    at: usize,
    dialect: Dialect,
    expect: Expect,
    /// One bit for each open bracket, the innermost lowest: 1 for an object.
    open: u128,
    depth: u32,
    stuck: bool,
}

impl<'t> Parser<'t> {
    /// A parser at the start of a text. A byte order mark is an error of its own, after which reading goes on.
    pub fn new(text: &'t str, dialect: Dialect) -> Self {
        Self { text, at: 0, dialect, expect: Expect::Value, open: 0, depth: 0, stuck: false }
    }

    /// How many objects and lists are open.
    pub fn depth(&self) -> u32 {
        self.depth
    }

    /// The next event; `None` at the end of the text, or where reading cannot go on.
    #[expect(clippy::should_implement_trait, reason = "an iterator that may go on after an error invites mistakes")]
    pub fn next(&mut self) -> Option<Result<Event<'t>, JsonError>> {
        if self.stuck {
            return None;
        }
        if self.at == 0 {
            if u32::try_from(self.text.len()).is_err() {
                return Some(self.stop(0, 0, Mistake::TooLarge));
            }
            if self.text.starts_with('\u{feff}') {
                self.at = 3;
                return Some(Err(error(0, 3, Mistake::ByteOrderMark)));
            }
        }
        loop {
            self.skip_space();
            let Some(byte) = self.byte() else { return self.end() };
            if matches!(byte, b'/' | b'#') && self.comment_length() > 0 {
                let start = self.at;
                self.at += self.comment_length();
                return Some(Err(error(start, self.at, Mistake::Comment)));
            }
            match (self.expect, byte) {
                (Expect::Value | Expect::FirstItem, b'{' | b'[') => return Some(self.enter(byte)),
                (Expect::FirstItem, b']') | (Expect::FirstKey, b'}') => return Some(Ok(self.leave(byte))),
                (Expect::CommaOrEnd, b']' | b'}') if self.closes(byte) => return Some(Ok(self.leave(byte))),
                (_, b']' | b'}') => return Some(Err(self.unfit_bracket(byte))),
                (Expect::CommaOrEnd, b',') => {
                    self.at += 1;
                    self.expect = if self.in_object() { Expect::Key } else { Expect::Value };
                }
                (Expect::FirstKey | Expect::Key, b'"') => return Some(self.key()),
                (Expect::FirstKey | Expect::Key, _) => {
                    let mistake = if byte == b'\'' { Mistake::SingleQuotes } else { Mistake::BadKey };
                    return Some(self.stop(self.at, self.at + self.word_length(), mistake));
                }
                (Expect::Value | Expect::FirstItem, b',') => {
                    return Some(self.stop(self.at, self.at + 1, Mistake::MissingValue));
                }
                (Expect::Value | Expect::FirstItem, _) => return Some(self.scalar(byte)),
                (Expect::CommaOrEnd, _) => {
                    return Some(self.stop(self.at, self.at + self.word_length(), Mistake::MissingComma));
                }
                (Expect::Nothing, _) => {
                    return Some(self.stop(self.at, self.at + self.word_length(), Mistake::AfterEnd));
                }
            }
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn in_object(&self) -> bool {
        self.depth > 0 && self.open & 1 == 1
    }

    fn closes(&self, byte: u8) -> bool {
        self.depth > 0 && self.in_object() == (byte == b'}')
    }

    /// The length of the bare word here, at least one character.
    fn word_length(&self) -> usize {
        let word = self.rest().bytes().take_while(|byte| is_word(*byte)).count();
        if word > 0 { word } else { self.rest().chars().next().map_or(0, char::len_utf8) }
    }

    fn comment_length(&self) -> usize {
        let rest = self.rest();
        if rest.starts_with('#') || rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            0
        }
    }

    fn event(&mut self, end: usize, kind: EventKind<'t>) -> Event<'t> {
        let span = self.at as u32..end as u32;
        self.at = end;
        Event { span, kind }
    }

    /// An error after which nothing more is read.
    fn stop<T>(&mut self, start: usize, end: usize, mistake: Mistake) -> Result<T, JsonError> {
        self.stuck = true;
        Err(error(start, end, mistake))
    }

    fn end(&mut self) -> Option<Result<Event<'t>, JsonError>> {
        self.stuck = true;
        let mistake = match (self.expect, self.depth) {
            (Expect::Nothing, _) => return None,
            (_, 0) => Mistake::Empty,
            _ => Mistake::UnexpectedEnd,
        };
        Some(Err(error(self.text.len(), self.text.len(), mistake)))
    }

    fn enter(&mut self, byte: u8) -> Result<Event<'t>, JsonError> {
        if self.depth >= MAX_DEPTH {
            return self.stop(self.at, self.at + 1, Mistake::TooDeep);
        }
        let object = byte == b'{';
        self.depth += 1;
        self.open = self.open << 1 | u128::from(object);
        let (expect, kind) = if object {
            (Expect::FirstKey, EventKind::ObjectStart)
        } else {
            (Expect::FirstItem, EventKind::ArrayStart)
        };
        self.expect = expect;
        Ok(self.event(self.at + 1, kind))
    }

    fn leave(&mut self, byte: u8) -> Event<'t> {
        self.depth -= 1;
        self.open >>= 1;
        self.after_value();
        let kind = if byte == b'}' { EventKind::ObjectEnd } else { EventKind::ArrayEnd };
        self.event(self.at + 1, kind)
    }

    fn after_value(&mut self) {
        self.expect = if self.depth == 0 { Expect::Nothing } else { Expect::CommaOrEnd };
    }

    /// A closing bracket where none is due. After a comma the bracket is taken the next time.
    fn unfit_bracket(&mut self, byte: u8) -> JsonError {
        let after_comma = match self.expect {
            Expect::Key => true,
            Expect::Value => self.depth > 0 && !self.in_object(),
            _ => false,
        };
        let mistake = match self.expect {
            _ if after_comma && self.closes(byte) => {
                self.expect = Expect::CommaOrEnd;
                let before = self.text.get(..self.at).unwrap_or_default();
                let comma = before.trim_end_matches([' ', '\t', '\n', '\r']).rfind(',').unwrap_or(self.at);
                return error(comma, comma + 1, Mistake::TrailingComma);
            }
            Expect::Nothing => Mistake::AfterEnd,
            Expect::Value if self.depth == 0 => Mistake::NotAValue,
            Expect::Value if self.closes(byte) => {
                self.expect = Expect::CommaOrEnd;
                return error(self.at, self.at + 1, Mistake::MissingValue);
            }
            _ => Mistake::WrongBracket,
        };
        self.stuck = true;
        error(self.at, self.at + 1, mistake)
    }

    fn key(&mut self) -> Result<Event<'t>, JsonError> {
        let (key, end) = self.string()?;
        let event = self.event(end, EventKind::Key(key));
        self.skip_space();
        match self.byte() {
            Some(b':') => {
                self.at += 1;
                self.expect = Expect::Value;
                Ok(event)
            }
            None => self.stop(self.at, self.at, Mistake::UnexpectedEnd),
            Some(_) => self.stop(self.at, self.at + self.word_length(), Mistake::MissingColon),
        }
    }

    fn string(&mut self) -> Result<(Cow<'t, str>, usize), JsonError> {
        let read = string(self.text, self.at, self.dialect == Dialect::Python);
        self.stuck |= read.is_err();
        read
    }

    fn scalar(&mut self, byte: u8) -> Result<Event<'t>, JsonError> {
        let (end, kind) = match byte {
            b'"' => {
                let (text, end) = self.string()?;
                (end, EventKind::String(text))
            }
            b'-' if self.rest().starts_with("-Infinity") => return self.word("-Infinity".len()),
            b'-' | b'+' | b'.' | b'0'..=b'9' => {
                let end = number(self.text.as_bytes(), self.at).inspect_err(|_| self.stuck = true)?;
                (end, EventKind::Number(self.text.get(self.at..end).unwrap_or_default()))
            }
            b'\'' => return self.stop(self.at, self.at + 1, Mistake::SingleQuotes),
            _ => return self.word(self.word_length()),
        };
        self.after_value();
        Ok(self.event(end, kind))
    }

    /// A bare word where a value is due. An unknown one takes the value's place, and reading goes on after it.
    fn word(&mut self, length: usize) -> Result<Event<'t>, JsonError> {
        let end = self.at + length;
        let word = self.text.get(self.at..end).unwrap_or_default();
        let mistake = match word {
            "true" | "false" | "null" => {
                let kind = if word == "null" { EventKind::Null } else { EventKind::Bool(word == "true") };
                self.after_value();
                return Ok(self.event(end, kind));
            }
            "NaN" | "Infinity" | "-Infinity" if self.dialect == Dialect::Python => {
                self.after_value();
                return Ok(self.event(end, EventKind::Number(word)));
            }
            "NaN" | "Infinity" | "-Infinity" => Mistake::NotANumber,
            "True" | "False" | "None" => Mistake::PythonWord,
            _ => return self.stop(self.at, end, Mistake::NotAValue),
        };
        let start = self.at;
        self.at = end;
        self.after_value();
        Err(error(start, end, mistake))
    }
}

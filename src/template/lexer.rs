//! From a template's text to the tokens of its expressions.

use std::borrow::Cow;
use std::ops::Range;

/// One token of an expression or statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'t> {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind<'t>,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind<'t> {
    Name(&'t str),
    /// A string, escapes undone.
    String(Cow<'t, str>),
    /// A number, as it is written.
    Number(&'t str),
    /// One character of punctuation; `**`, `//` and comparisons come as two.
    Sign(char),
}

impl Token<'_> {
    pub(super) fn is(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    pub(super) fn name(&self) -> Option<&str> {
        match self.kind {
            Kind::Name(name) => Some(name),
            _ => None,
        }
    }
}

/// How many tokens of one block are given at once; real blocks have hundreds. A longer one comes in pieces.
const MAX_TOKENS: usize = 20_000;

/// How many tokens of a piece the next one begins with, so that nothing is cut in two.
const OVERLAP: usize = 200;

/// Walks the blocks of a template.
pub(super) struct Blocks<'t> {
    text: &'t str,
    at: usize,
    unfinished: Option<Piece<'t>>,
}

/// The start of a block whose end was not reached.
struct Piece<'t> {
    end: &'static [u8; 2],
    /// How many brackets are open.
    open: u32,
    tokens: Vec<Token<'t>>,
}

impl Piece<'_> {
    fn new(end: &'static [u8; 2]) -> Self {
        Self { end, open: 0, tokens: Vec::new() }
    }
}

impl<'t> Blocks<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, unfinished: None }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Goes after the next `end`; to the end of the text where there is none.
    fn pass(&mut self, end: &str) {
        self.at = self.rest().find(end).map_or(self.text.len(), |found| self.at + found + end.len());
    }

    /// The tokens of the next `{{ … }}` or `{% … %}`, and whether it is a statement. What stands in comments and between
    /// `raw` and `endraw` is text. `None` at the end of the template.
    pub(super) fn next(&mut self) -> Option<(Vec<Token<'t>>, bool)> {
        if let Some(piece) = self.unfinished.take() {
            return Some((self.tokens(piece), false));
        }
        loop {
            let open = self.rest().find('{')?;
            self.at += open + 1;
            match self.text.as_bytes().get(self.at) {
                Some(b'#') => self.pass("#}"),
                Some(b'{') => {
                    self.at += 1;
                    self.pass_sign();
                    return Some((self.tokens(Piece::new(b"}}")), false));
                }
                Some(b'%') => {
                    self.at += 1;
                    self.pass_sign();
                    let tokens = self.tokens(Piece::new(b"%}"));
                    if matches!(tokens.as_slice(), [only] if only.name() == Some("raw")) {
                        self.pass("endraw");
                        self.pass("%}");
                        continue;
                    }
                    return Some((tokens, true));
                }
                _ => {}
            }
        }
    }

    /// A `-` or `+` directly after the opening bracket is about white space.
    fn pass_sign(&mut self) {
        self.at += usize::from(matches!(self.text.as_bytes().get(self.at), Some(b'-' | b'+')));
    }

    /// Reads to the block's end, which counts only outside of brackets, as in Jinja.
    fn tokens(&mut self, piece: Piece<'t>) -> Vec<Token<'t>> {
        let Piece { end, mut open, mut tokens } = piece;
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            let start = self.at;
            if tokens.len() >= MAX_TOKENS {
                let kept = tokens.get(MAX_TOKENS - OVERLAP..).unwrap_or_default().to_vec();
                self.unfinished = Some(Piece { end, open, tokens: kept });
                return tokens;
            }
            let next = |offset: usize| bytes.get(start + offset).copied();
            if open == 0 && byte == end[0] && next(1) == Some(end[1]) {
                self.at += 2;
                return tokens;
            }
            let kind = match byte {
                b' ' | b'\t' | b'\n' | b'\r' => {
                    self.at += 1;
                    continue;
                }
                b'"' | b'\'' => match string(self.text, start) {
                    Some((text, end)) => {
                        self.at = end;
                        Kind::String(text)
                    }
                    None => {
                        self.at = bytes.len();
                        return tokens;
                    }
                },
                b'0'..=b'9' => {
                    let digits = bytes.iter().skip(start).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_');
                    self.at += digits.count();
                    Kind::Number(self.text.get(start..self.at).unwrap_or_default())
                }
                _ => {
                    let rest = self.rest();
                    let length: usize =
                        rest.chars().take_while(|c| *c == '_' || c.is_alphanumeric()).map(char::len_utf8).sum();
                    let sign = rest.chars().next().unwrap_or_default();
                    self.at += if length > 0 { length } else { sign.len_utf8() };
                    match sign {
                        '(' | '[' | '{' => open += 1,
                        ')' | ']' | '}' => open = open.saturating_sub(1),
                        _ => {}
                    }
                    match self.text.get(start..start + length) {
                        Some(name) if length > 0 => Kind::Name(name),
                        _ => Kind::Sign(sign),
                    }
                }
            };
            tokens.push(Token { range: start..self.at, kind });
        }
        tokens
    }
}

/// The string whose quote stands at `start`, and the offset after it. Escapes are Python's, as Jinja has them.
fn string(text: &str, start: usize) -> Option<(Cow<'_, str>, usize)> {
    let bytes = text.as_bytes();
    let quote = *bytes.get(start)?;
    let mut at = start + 1;
    let mut has_escapes = false;
    loop {
        match *bytes.get(at)? {
            b'\\' => {
                has_escapes = true;
                at += 2;
            }
            byte if byte == quote => break,
            _ => at += 1,
        }
    }
    let inner = text.get(start + 1..at)?;
    Some((if has_escapes { Cow::Owned(unescaped(inner)) } else { Cow::Borrowed(inner) }, at + 1))
}

fn unescaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        result.push_str(before);
        let mut letters = escape.chars();
        let letter = letters.next().unwrap_or_default();
        rest = letters.as_str();
        let digits = match letter {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        if digits > 0
            && let Some((code, after)) = rest.split_at_checked(digits)
            && let Some(found) = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)
        {
            result.push(found);
            rest = after;
            continue;
        }
        match letter {
            '0'..='7' => {
                let length = escape.bytes().take(3).take_while(|digit| (b'0'..=b'7').contains(digit)).count();
                let (code, after) = escape.split_at_checked(length).unwrap_or_default();
                result.extend(u32::from_str_radix(code, 8).ok().and_then(char::from_u32));
                rest = after;
            }
            'N' => match rest.strip_prefix('{').and_then(|name| name.split_once('}')) {
                Some((name, after)) => {
                    let is_underscore = name.eq_ignore_ascii_case("low line");
                    result.push(if is_underscore { '_' } else { char::REPLACEMENT_CHARACTER });
                    rest = after;
                }
                None => result.push_str("\\N"),
            },
            'n' => result.push('\n'),
            't' => result.push('\t'),
            'r' => result.push('\r'),
            '\n' => {}
            '\\' | '\'' | '"' => result.push(letter),
            _ => result.extend(['\\', letter]),
        }
    }
    result.push_str(rest);
    result
}

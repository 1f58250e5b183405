//! What a string expression made of constants says: `'__cla' ~ 'ss__'`, `['__', 'init', '__']|join`, `'ssalc'[::-1]`.
//!
//! A small evaluator of what hides a name, not of Jinja: it knows the operations that turn strings into strings, and gives up
//! on everything else. Nothing is called, and no result grows beyond [`MAX_TEXT`].

use std::collections::HashMap;

use super::lexer::{Kind, Token};

/// The longest result in bytes: no name is longer, and prompts may be.
const MAX_TEXT: usize = 200;

/// How many tokens one expression may take, so that many failing ones cost little.
const MAX_TOKENS: usize = 100;

/// How many lists and brackets may be open at once.
const MAX_NESTING: u32 = 8;

/// A value that is known.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Text(String),
    List(Vec<String>),
}

/// The variables of a template that were set to constant strings.
pub(super) type Constants<'t> = HashMap<&'t str, String>;

/// An expression that is constant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Constant {
    /// What it says.
    pub(super) text: String,
    /// How many tokens it takes.
    pub(super) length: usize,
}

/// Reads the longest constant expression at the start of the tokens, if it is a string.
pub(super) fn constant<'t>(tokens: &[Token<'t>], known: &Constants<'t>) -> Option<Constant> {
    let tokens = tokens.get(..MAX_TOKENS.min(tokens.len()))?;
    let mut reader = Reader { tokens, at: 0, known };
    match reader.sum(0)? {
        Value::Text(text) => Some(Constant { text, length: reader.at }),
        Value::List(_) => None,
    }
}

struct Reader<'r, 't> {
    tokens: &'r [Token<'t>],
    at: usize,
    known: &'r Constants<'t>,
}

impl<'r, 't> Reader<'r, 't> {
    fn peek(&self) -> Option<&'r Token<'t>> {
        self.tokens.get(self.at)
    }

    fn eat(&mut self, sign: char) -> bool {
        let found = self.peek().is_some_and(|token| token.is(sign));
        self.at += usize::from(found);
        found
    }

    /// Operands joined by `~` and `+`. What cannot be read after an operator stays where it is.
    fn sum(&mut self, depth: u32) -> Option<Value> {
        let mut value = self.operand(depth)?;
        loop {
            let before = self.at;
            if !self.eat('~') && !self.eat('+') {
                return Some(value);
            }
            let (Value::Text(text), Some(Value::Text(more))) = (&mut value, self.operand(depth)) else {
                self.at = before;
                return Some(value);
            };
            if text.len() + more.len() > MAX_TEXT {
                return None;
            }
            text.push_str(&more);
        }
    }

    /// A string, a known variable, a list or something in brackets, with the filters and methods after it.
    fn operand(&mut self, depth: u32) -> Option<Value> {
        if depth > MAX_NESTING {
            return None;
        }
        let token = self.peek()?;
        self.at += 1;
        let mut value = match &token.kind {
            Kind::String(text) => {
                let mut text = short(text)?;
                // Strings side by side are one, as in Python.
                while let Some(Token { kind: Kind::String(more), .. }) = self.peek() {
                    self.at += 1;
                    text.push_str(more);
                    text = short(&text)?;
                }
                Value::Text(text)
            }
            Kind::Name(name) => Value::Text(self.known.get(name)?.clone()),
            Kind::Sign(open @ ('(' | '[')) => self.list(*open, depth)?,
            _ => return None,
        };
        loop {
            let before = self.at;
            match self.changed(&value, depth) {
                Some(changed) => value = changed,
                None => {
                    self.at = before;
                    return Some(value);
                }
            }
        }
    }

    fn list(&mut self, open: char, depth: u32) -> Option<Value> {
        let close = if open == '(' { ')' } else { ']' };
        let mut items = Vec::new();
        let mut commas = 0;
        while !self.eat(close) {
            let value = self.sum(depth + 1)?;
            if open == '(' && commas == 0 && self.eat(close) {
                return Some(value);
            }
            let Value::Text(text) = value else { return None };
            items.push(text);
            let more = self.eat(',');
            commas += usize::from(more);
            if !more && !self.peek()?.is(close) {
                return None;
            }
        }
        Some(Value::List(items))
    }

    /// The value after one more filter, method or reversal; `None` when there is none, or one that is not known.
    fn changed(&mut self, value: &Value, depth: u32) -> Option<Value> {
        if self.eat('[') {
            // Only `[::-1]`.
            let reverses = self.eat(':') && self.eat(':') && self.eat('-') && self.peek()?.kind == Kind::Number;
            self.at += 1;
            let Value::Text(text) = value else { return None };
            return (reverses && self.eat(']')).then(|| Value::Text(text.chars().rev().collect()));
        }
        let is_filter = self.eat('|');
        if !is_filter && !self.eat('.') {
            return None;
        }
        let operation = self.peek()?.name()?.to_owned();
        self.at += 1;
        let arguments = if self.eat('(') { self.arguments(depth)? } else { Vec::new() };
        let first = arguments.first();
        let text = match (value, operation.as_str()) {
            (Value::List(items), "join") if is_filter => items.join(first.and_then(as_text).unwrap_or_default()),
            // `'-'.join([…])`
            (Value::Text(glue), "join") => match first? {
                Value::List(items) => items.join(glue),
                Value::Text(_) => return None,
            },
            (Value::Text(text), "replace") => {
                text.replace(as_text(first?)?, arguments.get(1).and_then(as_text).unwrap_or_default())
            }
            (Value::Text(text), "format") => formatted(text, &arguments),
            (Value::Text(text), "reverse") => text.chars().rev().collect(),
            (Value::Text(text), "lower") => text.to_lowercase(),
            (Value::Text(text), "upper") => text.to_uppercase(),
            (Value::Text(text), "trim" | "strip" | "lstrip" | "rstrip" | "string" | "safe") => text.trim().to_owned(),
            _ => return None,
        };
        Some(Value::Text(short(&text)?))
    }

    /// Constant arguments up to the closing bracket.
    fn arguments(&mut self, depth: u32) -> Option<Vec<Value>> {
        let mut arguments = Vec::new();
        while !self.eat(')') {
            arguments.push(self.sum(depth + 1)?);
            if !self.eat(',') && !self.peek()?.is(')') {
                return None;
            }
        }
        Some(arguments)
    }
}

fn as_text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        Value::List(_) => None,
    }
}

/// `%s` and `{}` filled in order, which is all that hiding a name takes.
fn formatted(text: &str, arguments: &[Value]) -> String {
    let mut result = text.to_owned();
    for argument in arguments.iter().filter_map(as_text) {
        let hole = if result.contains("%s") { "%s" } else { "{}" };
        result = result.replacen(hole, argument, 1);
    }
    result
}

fn short(text: &str) -> Option<String> {
    (text.len() <= MAX_TEXT).then(|| text.to_owned())
}

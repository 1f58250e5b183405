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
    Number(i64),
}

/// The variables of a template that were set to constant strings, those of a namespace as `ns.name`.
pub(super) type Constants = HashMap<String, String>;

/// An expression that is constant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Constant {
    /// What it says.
    pub(super) text: String,
    /// How many tokens it takes.
    pub(super) length: usize,
}

/// Reads the longest constant expression at the start of the tokens, if it is a string.
pub(super) fn constant(tokens: &[Token<'_>], known: &Constants) -> Option<Constant> {
    let tokens = tokens.get(..MAX_TOKENS.min(tokens.len()))?;
    let mut reader = Reader { tokens, at: 0, known };
    match reader.sum(0)? {
        Value::Text(text) => Some(Constant { text, length: reader.at }),
        Value::List(_) | Value::Number(_) => None,
    }
}

/// What a loop over a constant goes through: the letters of a string, or the items of a list, side by side.
pub(super) fn pieces(tokens: &[Token<'_>], known: &Constants) -> Option<Vec<String>> {
    let tokens = tokens.get(..MAX_TOKENS.min(tokens.len()))?;
    match (Reader { tokens, at: 0, known }).sum(0)? {
        Value::Text(text) => Some(text.chars().map(String::from).collect()),
        Value::List(items) => Some(items),
        Value::Number(_) => None,
    }
}

struct Reader<'r, 't> {
    tokens: &'r [Token<'t>],
    at: usize,
    known: &'r Constants,
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

    /// Operands joined by `~` and `+`, or filled in by `%`. What cannot be read after an operator stays where it is.
    fn sum(&mut self, depth: u32) -> Option<Value> {
        let mut value = self.operand(depth)?;
        loop {
            let before = self.at;
            if self.eat('%') {
                let (Value::Text(text), Some(filling)) = (&value, self.operand(depth)) else {
                    self.at = before;
                    return Some(value);
                };
                let arguments = match filling {
                    Value::List(items) => items.into_iter().map(Value::Text).collect(),
                    one => vec![one],
                };
                value = Value::Text(short(&formatted(text, &arguments))?);
                continue;
            }
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
            Kind::Number(digits) => Value::Number(digits.parse().ok()?),
            Kind::Name("dict") if self.eat('(') => self.keys('=', ')')?,
            Kind::Name(name) => self.variable(name)?,
            Kind::Sign('{') => self.keys(':', '}')?,
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

    /// A variable that was set to a constant, or an entry of a namespace.
    fn variable(&mut self, name: &str) -> Option<Value> {
        if let [dot, entry, ..] = self.tokens.get(self.at..)?
            && dot.is('.')
            && let Some(text) = self.known.get(&format!("{name}.{}", entry.name()?))
        {
            self.at += 2;
            return Some(Value::Text(text.clone()));
        }
        Some(Value::Text(self.known.get(name)?.clone()))
    }

    /// The keys of `dict(a=…, b=…)` and `{'a': …}`, whatever their values are: joined, they are a name.
    fn keys(&mut self, equals: char, close: char) -> Option<Value> {
        let mut keys = Vec::new();
        while !self.eat(close) {
            let key = match &self.peek()?.kind {
                Kind::Name(name) => (*name).to_owned(),
                Kind::String(text) => short(text)?,
                _ => return None,
            };
            self.at += 1;
            if !self.eat(equals) {
                return None;
            }
            keys.push(key);
            while !self.peek()?.is(',') && !self.peek()?.is(close) {
                self.at += 1;
            }
            self.eat(',');
        }
        Some(Value::List(keys))
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
            match value {
                Value::Text(text) => items.push(text),
                Value::Number(number) => items.push(number.to_string()),
                Value::List(_) => return None,
            }
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
            return self.slice(value);
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
                Value::Text(_) | Value::Number(_) => return None,
            },
            (Value::Text(text), "replace") => {
                text.replace(as_text(first?)?, arguments.get(1).and_then(as_text).unwrap_or_default())
            }
            (Value::Text(text), "format") => formatted(text, &arguments),
            (Value::Text(text), "reverse") => text.chars().rev().collect(),
            (Value::Text(text), "lower") => text.to_lowercase(),
            (Value::Text(text), "upper") => text.to_uppercase(),
            (Value::Text(text), "list") => return Some(Value::List(text.chars().map(String::from).collect())),
            (Value::List(items), "list") => return Some(Value::List(items.clone())),
            (Value::List(items), "reverse") => return Some(Value::List(items.iter().rev().cloned().collect())),
            (Value::List(items), "first") => items.first()?.clone(),
            (Value::List(items), "last") => items.last()?.clone(),
            (Value::Text(text), "first") => text.chars().next()?.to_string(),
            (Value::Text(text), "last") => text.chars().next_back()?.to_string(),
            (Value::Text(text), "trim" | "strip" | "lstrip" | "rstrip" | "string" | "safe") => text.trim().to_owned(),
            _ => return None,
        };
        Some(Value::Text(short(&text)?))
    }

    /// `[2]`, `[1:-1]`, `[::-1]` of a string or list.
    fn slice(&mut self, value: &Value) -> Option<Value> {
        let items: Vec<String> = match value {
            Value::Text(text) => text.chars().map(String::from).collect(),
            Value::List(items) => items.clone(),
            Value::Number(_) => return None,
        };
        let mut bounds = [None; 3];
        let mut colons = 0;
        while !self.eat(']') {
            if self.eat(':') {
                colons += 1;
                continue;
            }
            let sign = if self.eat('-') { -1 } else { 1 };
            let Kind::Number(digits) = self.peek()?.kind else { return None };
            self.at += 1;
            *bounds.get_mut(colons)? = Some(sign * digits.parse::<i64>().ok()?);
        }
        let length = items.len() as i64;
        let from_start = |bound: i64| if bound < 0 { bound.saturating_add(length) } else { bound }.clamp(0, length);
        if colons == 0 {
            let index = bounds[0].map(|index| if index < 0 { index + length } else { index })?;
            return items.get(usize::try_from(index).ok()?).cloned().map(Value::Text);
        }
        let step = bounds[2].unwrap_or(1);
        let (start, end) = (bounds[0].map(from_start), bounds[1].map(from_start));
        let order: Vec<i64> = match step {
            0 => return None,
            1.. => (start.unwrap_or(0)..end.unwrap_or(length)).collect(),
            _ => (end.map_or(0, |end| end + 1)..start.map_or(length, |start| (start + 1).min(length))).rev().collect(),
        };
        let every = usize::try_from(step.unsigned_abs()).ok()?;
        let kept = order.into_iter().step_by(every).filter_map(|at| items.get(usize::try_from(at).ok()?).cloned());
        Some(match value {
            Value::List(_) => Value::List(kept.collect()),
            _ => Value::Text(kept.collect()),
        })
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
        Value::List(_) | Value::Number(_) => None,
    }
}

/// `%s`, `%c` and `{}` filled in order, which is all that hiding a name takes.
fn formatted(text: &str, arguments: &[Value]) -> String {
    const HOLES: &[&str] = &["%s", "%c", "{:c}", "{}"];
    let mut result = text.to_owned();
    for argument in arguments {
        let Some((at, hole)) = HOLES.iter().filter_map(|hole| Some((result.find(hole)?, hole))).min() else { break };
        let is_letter = hole.contains('c');
        let filling = match argument {
            Value::Text(text) => text.clone(),
            Value::Number(code) if is_letter => {
                u32::try_from(*code).ok().and_then(char::from_u32).map_or_else(String::new, String::from)
            }
            Value::Number(number) => number.to_string(),
            Value::List(_) => continue,
        };
        result.replace_range(at..at + hole.len(), &filling);
    }
    result
}

fn short(text: &str) -> Option<String> {
    (text.len() <= MAX_TEXT).then(|| text.to_owned())
}

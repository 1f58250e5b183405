//! The checks, block by block.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::constant::{Constants, constant, pieces};
use super::lexer::{Blocks, Kind, Token};
use super::names::{
    internal_field, internal_path, is_called, is_dunder, is_foreign, is_internal_attribute, is_internal_name,
};
use super::{Goal, MAX_REACHES, MAX_TEMPLATE_BYTES, Reach};

/// How long a string may grow in a loop, in bytes: no name is longer.
const MAX_GROWN: usize = 200;

/// How many tokens an index may have that is looked at as a whole.
const MAX_INDEX: usize = 8;

/// How many variables are remembered as constants or as the template's own.
const MAX_VARIABLES: usize = 1000;

/// Everything in a template that reaches out of the conversation, in order, at most [`MAX_REACHES`] places; one that is
/// certain is never lost to others. Text after [`MAX_TEMPLATE_BYTES`] is not read.
pub fn scan(text: &str) -> Vec<Reach> {
    let text = text.get(..text.floor_char_boundary(MAX_TEMPLATE_BYTES)).unwrap_or_default();
    let mut scanner = Scanner::default();
    let mut blocks = Blocks::new(text);
    while let Some((tokens, is_statement)) = blocks.next() {
        scanner.block(&tokens, is_statement);
    }
    scanner.finish()
}

#[derive(Default)]
struct Scanner<'t> {
    found: Vec<Reach>,
    constants: Constants,
    /// The variables of loops over constants, and what they go through.
    pieces: HashMap<&'t str, Vec<String>>,
    /// Variables and entries of namespaces that grow by strings.
    built: HashSet<String>,
    /// Names that the template binds itself, or asks about with `is defined` before it uses them.
    bound: HashSet<&'t str>,
}

impl<'t> Scanner<'t> {
    fn block(&mut self, tokens: &[Token<'t>], is_statement: bool) {
        if is_statement {
            self.statement(tokens);
        }
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let before = at.checked_sub(1).and_then(|index| tokens.get(index));
            let after = tokens.get(at + 1..).unwrap_or_default();
            let is_attribute = before.is_some_and(|sign| sign.is('.'));
            match &token.kind {
                Kind::Name(name) if is_attribute => self.attribute(name, token),
                Kind::Name("map") if before.is_some_and(|sign| sign.is('|')) => self.mapped(after),
                Kind::Name("attr") if before.is_some_and(|sign| sign.is('|')) => self.attr(after),
                Kind::Name(name) => self.variable(name, token, before, after),
                Kind::Sign('[') if before.is_some_and(ends_a_value) => self.subscript(after),
                _ => {}
            }
            at += self.constant(tokens, at).max(1);
        }
    }

    /// `map('attr', name)` and `map(attribute=name)`, with a name that is not a constant.
    fn mapped(&mut self, after: &[Token<'t>]) {
        let argument = match after {
            [open, Token { kind: Kind::String(filter), .. }, comma, rest @ ..]
                if open.is('(') && filter == "attr" && comma.is(',') =>
            {
                rest
            }
            [open, attribute, equals, rest @ ..]
                if open.is('(') && attribute.name() == Some("attribute") && equals.is('=') =>
            {
                rest
            }
            _ => return,
        };
        let is_read = constant(argument, &self.constants).is_some();
        if let Some(first) = argument.first().filter(|first| !is_read && !matches!(first.kind, Kind::Number(_))) {
            self.push(Goal::Computed, "", first.range.clone());
        }
    }

    /// `x.name`
    fn attribute(&mut self, name: &str, token: &Token<'t>) {
        if is_internal_attribute(name) {
            self.push(Goal::Internal, name, token.range.clone());
        }
    }

    /// A string that says such a name, spelled out or put together. Gives how many tokens it took.
    fn constant(&mut self, tokens: &[Token<'t>], at: usize) -> usize {
        let rest = tokens.get(at..).unwrap_or_default();
        let starts = rest.first().is_some_and(|token| {
            matches!(token.kind, Kind::String(_) | Kind::Sign('[' | '(' | '{') | Kind::Name("dict"))
                || is_known(rest, &self.constants)
        });
        let is_attribute = at.checked_sub(1).and_then(|index| tokens.get(index)).is_some_and(|sign| sign.is('.'));
        if !starts || is_attribute {
            return 0;
        }
        if let Some(Token { range, kind: Kind::String(text) }) = rest.first()
            && let Some(field) = internal_field(text)
            && matches!(rest.get(1..3), Some([dot, format]) if dot.is('.') && matches!(format.name(), Some("format" | "format_map")))
        {
            self.push(Goal::Internal, field, range.clone());
        }
        let Some(constant) = constant(rest, &self.constants) else { return 0 };
        let parts = rest.get(..constant.length).unwrap_or_default();
        // A name in plain sight, whatever is done with it.
        let named = parts.iter().filter(|_| parts.len() > 1);
        let mut named = named.filter_map(|part| match &part.kind {
            Kind::String(text) if internal_path(text) => Some((part.range.clone(), text.to_string())),
            _ => None,
        });
        if let Some((range, name)) = named.next() {
            let is_plain = range.len() == name.len() + 2;
            self.push(if is_plain { Goal::Internal } else { Goal::Hidden }, &name, range);
            return 0;
        }
        if internal_path(&constant.text)
            && let (Some(first), Some(last)) = (parts.first(), parts.last())
        {
            let range = first.range.start..last.range.end;
            // In plain sight when the one token has the length of its text and two quotes.
            let is_plain = parts.len() == 1 && range.len() == constant.text.len() + 2;
            self.push(if is_plain { Goal::Internal } else { Goal::Hidden }, &constant.text, range);
        }
        // A constant alone in brackets is looked at again from within: its own parts may matter.
        if rest.first().is_some_and(|token| matches!(token.kind, Kind::String(_))) { constant.length } else { 0 }
    }

    fn statement(&mut self, tokens: &[Token<'t>]) {
        let Some(keyword) = tokens.first() else { return };
        match keyword.name() {
            Some(name @ ("include" | "import" | "extends" | "from")) => {
                self.push(Goal::Template, name, keyword.range.clone());
            }
            Some("set" | "for" | "macro" | "call" | "with") => self.bind(tokens),
            _ => {}
        }
    }

    /// Remembers what a statement gives a name to: the names before `=` or `in`, and all parameters of a macro.
    fn bind(&mut self, tokens: &[Token<'t>]) {
        self.assign(tokens);
        let is_macro = tokens.first().and_then(Token::name) == Some("macro");
        let ends = |token: &Token<'_>| !is_macro && (token.is('=') || token.name() == Some("in"));
        let end = tokens.iter().position(ends).unwrap_or(tokens.len());
        for token in tokens.iter().take(end).skip(1) {
            if let Kind::Name(name) = token.kind
                && self.bound.len() < MAX_VARIABLES
            {
                self.bound.insert(name);
            }
        }
    }

    /// What a variable or an entry of a namespace says after `set`, and what a loop goes through.
    fn assign(&mut self, tokens: &[Token<'t>]) {
        if let [for_, Token { kind: Kind::Name(name), .. }, in_, rest @ ..] = tokens
            && for_.name() == Some("for")
            && in_.name() == Some("in")
            && let Some(found) = pieces(rest, &self.constants)
            && self.pieces.len() < MAX_VARIABLES
        {
            self.pieces.insert(name, found);
        }
        let (target, rest) = match tokens {
            [set, Token { kind: Kind::Name(name), .. }, equals, rest @ ..]
                if set.name() == Some("set") && equals.is('=') =>
            {
                ((*name).to_owned(), rest)
            }
            [set, space, dot, entry, equals, rest @ ..]
                if set.name() == Some("set") && dot.is('.') && equals.is('=') =>
            {
                let (Some(space), Some(entry)) = (space.name(), entry.name()) else { return };
                (format!("{space}.{entry}"), rest)
            }
            _ => return,
        };
        let rest = rest.get(..rest_without_sign(rest)).unwrap_or_default();
        self.namespace(&target, rest);
        if self.constants.len() >= MAX_VARIABLES || self.built.len() >= MAX_VARIABLES {
            self.constants.remove(&target);
            return;
        }
        // Only what the whole statement says; anything else makes the variable unknown again.
        match constant(rest, &self.constants).filter(|constant| constant.length == rest.len()) {
            Some(constant) => {
                self.constants.insert(target, constant.text);
            }
            None => self.grow(target, rest),
        }
    }

    /// `namespace(name='…')`
    fn namespace(&mut self, target: &str, rest: &[Token<'t>]) {
        if rest.first().and_then(Token::name) != Some("namespace") {
            return;
        }
        for (at, token) in rest.iter().enumerate().skip(2) {
            let (Some(entry), Some(equals)) = (token.name(), rest.get(at + 1)) else { continue };
            let value = rest.get(at + 2..).unwrap_or_default();
            if let Some(constant) = constant(value, &self.constants).filter(|_| equals.is('=')) {
                let after = value.get(constant.length);
                if after.is_some_and(|sign| sign.is(',') || sign.is(')')) && self.constants.len() < MAX_VARIABLES {
                    self.constants.insert(format!("{target}.{entry}"), constant.text);
                }
            }
        }
    }

    /// `{% set name = name ~ letter %}`: with the letters of a loop over a constant, what comes of it is known.
    fn grow(&mut self, target: String, rest: &[Token<'t>]) {
        let length = 1 + 2 * target.matches('.').count();
        let is_target = |tokens: &[Token<'_>]| {
            let names: Vec<&str> = tokens.iter().filter_map(Token::name).collect();
            tokens.len() == length && names.join(".") == target
        };
        let joins = |token: &Token<'_>| token.is('~') || token.is('+');
        let piece = |token: &Token<'t>| token.name().and_then(|name| self.pieces.get(name));
        let before = self.constants.get(&target).cloned();
        let grown = match rest {
            [start @ .., join, letter] if joins(join) && is_target(start) => {
                piece(letter).map(|pieces| before.clone().unwrap_or_default() + &pieces.concat())
            }
            [letter, join, end @ ..] if joins(join) && is_target(end) => piece(letter).map(|pieces| {
                pieces.iter().rev().map(String::as_str).collect::<String>() + before.as_deref().unwrap_or_default()
            }),
            _ => None,
        };
        let mentions = (0..rest.len()).any(|at| rest.get(at..at + length).is_some_and(is_target));
        let is_text = rest.iter().any(|token| token.is('~')) || (before.is_some() && rest.iter().any(joins));
        if mentions && is_text {
            self.built.insert(target.clone());
        }
        match grown.filter(|grown| grown.len() <= MAX_GROWN) {
            Some(grown) => self.constants.insert(target, grown),
            None => self.constants.remove(&target),
        };
    }

    /// `|attr(…)`: its argument is a name of Python's, whatever the value is.
    fn attr(&mut self, after: &[Token<'t>]) {
        let Some((open, inside)) = after.split_first() else { return };
        let argument = constant(inside, &self.constants);
        let whole =
            argument.filter(|found| inside.get(found.length).is_some_and(|token| token.is(')') || token.is(',')));
        match (whole, inside.first()) {
            (Some(found), Some(first)) => {
                let last = inside.get(found.length.saturating_sub(1)).unwrap_or(first);
                // What names a known internal is reported where the string is read.
                if !internal_path(&found.text) && (is_internal_attribute(&found.text) || found.text.starts_with('_')) {
                    let goal = if is_internal_attribute(&found.text) { Goal::Internal } else { Goal::Computed };
                    self.push(goal, &found.text, first.range.start..last.range.end);
                }
            }
            (None, Some(first)) if open.is('(') => self.push(Goal::Computed, "", first.range.clone()),
            _ => {}
        }
    }

    /// `x[…]`: with a constant between the brackets, an attribute by another spelling.
    fn subscript(&mut self, inside: &[Token<'t>]) {
        let length = inside.iter().take(MAX_INDEX).position(|token| token.is(']')).unwrap_or(0);
        let index = inside.get(..length).unwrap_or_default();
        let Some(found) = constant(inside, &self.constants) else {
            let is_built = index.iter().all(|token| token.name().is_some() || token.is('.'))
                && self.built.contains(&index.iter().filter_map(Token::name).collect::<Vec<_>>().join("."));
            if let Some(first) = index.first().filter(|_| is_built) {
                self.push(Goal::Computed, "", first.range.clone());
            }
            return;
        };
        let closes = inside.get(found.length).is_some_and(|token| token.is(']'));
        let (Some(first), Some(last)) = (inside.first(), inside.get(found.length.saturating_sub(1))) else { return };
        // A dictionary may have a key `__index_level_0__`; built from parts it is not a key any more.
        if closes && found.length > 1 && is_dunder(&found.text) && !internal_path(&found.text) {
            self.push(Goal::Hidden, &found.text, first.range.start..last.range.end);
        }
    }

    fn variable(&mut self, name: &'t str, token: &Token<'t>, before: Option<&Token<'t>>, after: &[Token<'t>]) {
        let is_keyword =
            after.first().is_some_and(|sign| sign.is('=')) && !after.get(1).is_some_and(|sign| sign.is('='));
        let is_filter = before.is_some_and(|sign| sign.is('|') || sign.name() == Some("is"));
        // `dict(__class__=1)|first`
        if is_internal_name(name) {
            self.push(Goal::Internal, name, token.range.clone());
            return;
        }
        if is_keyword || is_filter || self.bound.contains(name) {
            return;
        }
        if is_foreign(name) {
            let asks = matches!(after, [is, defined, ..] if is.name() == Some("is") && defined.name() == Some("defined"))
                || matches!(after, [is, not, defined, ..]
                    if is.name() == Some("is") && not.name() == Some("not") && defined.name() == Some("defined"));
            if asks {
                self.bound.insert(name);
            } else {
                self.push(Goal::Global, name, token.range.clone());
            }
        } else if is_called(name) && after.first().is_some_and(|sign| sign.is('.') || sign.is('[') || sign.is('|'))
            || name == "lipsum"
        {
            self.push(Goal::Global, name, token.range.clone());
        }
    }

    fn push(&mut self, goal: Goal, name: &str, range: Range<usize>) {
        let reach = Reach { goal, name: name.to_owned(), range };
        if self.found.iter().any(|other| other.range == reach.range) {
            return;
        }
        if self.found.len() < MAX_REACHES {
            self.found.push(reach);
        } else if goal.is_certain() && !self.found.iter().any(|other| other.goal.is_certain()) {
            self.found.pop();
            self.found.push(reach);
        }
    }

    fn finish(mut self) -> Vec<Reach> {
        self.found.sort_by_key(|reach| reach.range.start);
        self.found
    }
}

/// How many tokens a value has, a `-` or `+` of white space control at its end aside.
fn rest_without_sign(tokens: &[Token<'_>]) -> usize {
    tokens.len() - usize::from(tokens.last().is_some_and(|token| token.is('-') || token.is('+')))
}

fn is_known(tokens: &[Token<'_>], constants: &Constants) -> bool {
    let Some(name) = tokens.first().and_then(Token::name) else { return false };
    let entry = match tokens {
        [_, dot, entry, ..] if dot.is('.') => entry.name(),
        _ => None,
    };
    constants.contains_key(name) || entry.is_some_and(|entry| constants.contains_key(&format!("{name}.{entry}")))
}

/// Whether a `[` behind this token is a subscript and not a list.
fn ends_a_value(token: &Token<'_>) -> bool {
    const WORDS: &[&str] = &["and", "elif", "else", "if", "in", "is", "not", "or", "return"];
    match &token.kind {
        Kind::Name(name) => !WORDS.contains(name),
        Kind::String(_) => true,
        Kind::Number(_) => false,
        Kind::Sign(sign) => matches!(sign, ')' | ']' | '}'),
    }
}

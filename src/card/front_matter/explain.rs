//! From the parser's refusal to a sentence that an author can act on, at the place where the mistake was made: the
//! parser often notices it only lines later.

use granit_parser::ErrorKind as Refusal;

use super::build::{OpenBracket, Stop};
use super::key_line::key_of;
use super::{MAX_DEPTH, MAX_NODES, YamlError, YamlErrorKind};
use crate::source::tree::{NodeRef, Style};
use crate::source::{SourceFile, Span};

/// Explains why reading stopped; `from` is where this piece of the block starts.
pub(super) fn stop(source: &SourceFile, yaml: Span, from: usize, stop: Stop) -> YamlError {
    let scene = Scene { source, text: source.text(), from, end: yaml.end as usize };
    match stop {
        Stop::Refused { kind, at, open, last } => scene.refused(&kind, at.min(scene.end), &open, last),
        Stop::SecondDocument { at } => scene.second_document(at),
        Stop::TooLarge { at } => {
            let message = format!("the metadata block has more than {MAX_NODES} values, and the rest was not read");
            scene.error(at, at, YamlErrorKind::TooLarge, message)
        }
    }
}

/// A block whose outermost value has no keys.
pub(super) fn not_a_mapping(source: &SourceFile, root: NodeRef<'_>) -> YamlError {
    let span = root.span();
    let scene = Scene { source, text: source.text(), from: span.start as usize, end: span.end as usize };
    let (start, line) = scene.line(scene.from);
    if root.style() == Some(Style::Plain)
        && let Some(error) = scene.missing_space(start, line)
    {
        return error;
    }
    let what = if root.is_sequence() { "a list" } else { "text" };
    let message = format!("the metadata block is {what}, but the Hub needs `key: value` lines");
    YamlError { span, message, kind: YamlErrorKind::NotAMapping }
}

/// `{base_model}`: one word in braces is what a program was to replace.
fn is_variable(text: &str) -> bool {
    let name = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).map(str::trim);
    name.is_some_and(|name| {
        !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    })
}

/// A mapping as a key of a mapping is nearly always `{{ … }}`: says so.
pub(super) fn templates(source: &SourceFile, errors: &mut [YamlError]) {
    for error in errors.iter_mut().filter(|error| error.kind == YamlErrorKind::CollectionAsKey) {
        let (start, end) = (error.span.start as usize, error.span.end as usize);
        let text = source.text();
        let doubled =
            text.get(..start).is_some_and(|before| before.ends_with('{')) && source.slice(error.span).starts_with('{');
        if doubled {
            let closed = text.get(end..).is_some_and(|after| after.starts_with('}'));
            *error = YamlError {
                span: source.span(start - 1, end + usize::from(closed)),
                message: UNFILLED.to_owned(),
                // js-yaml reads it as a key of another name, and PyYAML rejects it.
                kind: YamlErrorKind::CollectionAsKey,
            };
        } else if is_variable(source.slice(error.span)) {
            error.message = UNFILLED.to_owned();
        }
    }
}

const UNFILLED: &str = "a placeholder of a template is not filled in";

struct Scene<'s> {
    source: &'s SourceFile,
    text: &'s str,
    from: usize,
    end: usize,
}

impl<'s> Scene<'s> {
    fn error(&self, start: usize, end: usize, kind: YamlErrorKind, message: impl Into<String>) -> YamlError {
        YamlError { span: self.source.span(start, end.max(start)), message: message.into(), kind }
    }

    /// The line around an offset: where it starts, and its text without the line end.
    fn line(&self, at: usize) -> (usize, &'s str) {
        let start = self
            .text
            .get(self.from..at)
            .and_then(|before| before.rfind('\n'))
            .map_or(self.from, |found| self.from + found + 1);
        let rest = self.text.get(start..self.end).unwrap_or_default();
        (start, rest.split(['\r', '\n']).next().unwrap_or_default())
    }

    /// The last line with any text above an offset.
    fn line_above(&self, at: usize) -> Option<(usize, &'s str)> {
        let mut start = self.line(at).0;
        while start > self.from {
            let (above, line) = self.line(start - 1);
            if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
                return Some((above, line));
            }
            if above >= start {
                break;
            }
            start = above;
        }
        None
    }

    fn refused(&self, kind: &Refusal, at: usize, open: &[OpenBracket], last: usize) -> YamlError {
        use YamlErrorKind as Kind;
        let (line_start, line) = self.line(at);
        if let Some(error) = self.template(line_start, line) {
            return error;
        }
        let flow = open.iter().find(|bracket| bracket.flow);
        match kind {
            Refusal::RecursionLimitExceeded => {
                return self.error(
                    at,
                    at + 1,
                    Kind::TooDeep,
                    format!("more than {MAX_DEPTH} levels are nested here, and the Hub stops reading"),
                );
            }
            Refusal::UnclosedQuotedScalar | Refusal::DocumentIndicatorInQuotedScalar => {
                let opening = self.quote_after(last).unwrap_or(at);
                return self.unclosed_quote(opening);
            }
            Refusal::InvalidTrailingSingleQuotedScalar | Refusal::InvalidTrailingDoubleQuotedScalar => {
                return self.after_quote(at, last);
            }
            Refusal::UnknownQuotedScalarEscape | Refusal::InvalidQuotedScalarHexEscape => {
                let message = "unknown escape: write a backslash twice inside double quotes, or use single quotes";
                return self.escape(at, message);
            }
            Refusal::TabNotAllowed
            | Refusal::TabInBlockIndentation
            | Refusal::TabInIndentation
            | Refusal::TabInPlainScalar
            | Refusal::TabAtBlockScalarStart => {
                return self.tab(at, flow.is_some());
            }
            _ => {}
        }
        if let Some(bracket) = flow
            && !self.is_on_one_line(bracket.at, at)
        {
            return self.unclosed_bracket(bracket.at);
        }
        if line.get(..line.len() - line.trim_start().len()).is_some_and(|indent| indent.contains('\t')) {
            return self.tab(line_start, false);
        }
        if let Some(error) = self.reserved(line_start, line) {
            return error;
        }
        match kind {
            Refusal::MappingValueNotAllowed | Refusal::InvalidMappingValueWhitespace => {
                self.second_colon(at, line_start, line)
            }
            Refusal::UnexpectedEofFlowMapping
            | Refusal::UnexpectedEofFlowSequence
            | Refusal::UnexpectedEofImplicitFlowMapping
            | Refusal::UnclosedFlowCollection { .. } => self.unclosed_bracket(flow.map_or(at, |bracket| bracket.at)),
            Refusal::MisplacedFlowCollectionEnd | Refusal::MismatchedFlowCollectionEnd { .. } => {
                self.error(at, at + 1, Kind::Syntax, "this bracket has no opening bracket")
            }
            _ if flow.is_some() => {
                let start = flow.map_or(at, |bracket| bracket.at);
                let end = line_start + line.trim_end().len();
                let message = "separate the items between brackets with commas, and put texts with `:`, `,` or brackets in quotes";
                self.error(start, end, Kind::Syntax, message)
            }
            _ => self.layout(line_start, line),
        }
    }

    /// `{{ name }}` of a template engine: YAML sees a mapping in a mapping.
    fn template(&self, line_start: usize, line: &str) -> Option<YamlError> {
        let start = line.find("{{").or_else(|| line.find("{%"))?;
        let end = line.find("}}").or_else(|| line.find("%}")).map_or(line.trim_end().len(), |end| end + 2);
        Some(self.error(line_start + start, line_start + end, YamlErrorKind::Template, UNFILLED))
    }

    fn is_on_one_line(&self, start: usize, end: usize) -> bool {
        !self.text.get(start..end.min(self.end)).unwrap_or_default().contains('\n')
    }

    /// The quote that opens the first value after `last`.
    fn quote_after(&self, last: usize) -> Option<usize> {
        let rest = self.text.get(last..self.end)?;
        let found = rest.find(['"', '\''])?;
        let before = rest.get(..found)?;
        before
            .chars()
            .all(|letter| letter.is_whitespace() || matches!(letter, ':' | '-' | ',' | '[' | '{' | '?'))
            .then_some(last + found)
    }

    fn unclosed_quote(&self, at: usize) -> YamlError {
        let (start, line) = self.line(at);
        let quote = self
            .text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .filter(|quote| matches!(quote, '"' | '\''))
            .unwrap_or('"');
        let message = format!("the quote `{quote}` is never closed");
        self.error(at, start + line.trim_end().len(), YamlErrorKind::UnclosedQuote, message)
    }

    fn unclosed_bracket(&self, at: usize) -> YamlError {
        let (start, line) = self.line(at);
        let bracket = self.text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or('[');
        let message = format!("the bracket `{bracket}` is never closed");
        self.error(at, start + line.trim_end().len(), YamlErrorKind::UnclosedBracket, message)
    }

    /// Text after a closing quote. When the quoted text runs over a line that starts with a key, the quote was meant
    /// to end before it.
    fn after_quote(&self, at: usize, last: usize) -> YamlError {
        let opening = self.quote_after(last);
        if let Some(opening) = opening {
            let inside = self.text.get(opening..at).unwrap_or_default();
            if inside.split('\n').skip(1).any(|line| key_of(line).is_some() || key_of(line.trim_start()).is_some()) {
                return self.unclosed_quote(opening);
            }
        }
        let (start, line) = self.line(at);
        let end = start + line.trim_end().len();
        let message = "text after the closing quote: put the whole value in one pair of quotes, and write a single quote twice inside single quotes";
        self.error(
            opening.filter(|opening| *opening >= start).unwrap_or(at),
            end,
            YamlErrorKind::TextAfterValue,
            message,
        )
    }

    fn escape(&self, at: usize, message: &str) -> YamlError {
        let (start, line) = self.line(at);
        let offset = at.saturating_sub(start);
        let slash = line.get(offset..).and_then(|rest| rest.find('\\')).map_or(offset, |found| offset + found);
        let width = line.get(slash..).map_or(1, |rest| rest.chars().take(2).map(char::len_utf8).sum());
        self.error(start + slash, start + slash + width, YamlErrorKind::Syntax, message)
    }

    fn tab(&self, at: usize, in_flow: bool) -> YamlError {
        let (start, line) = self.line(at);
        let tab = line.find('\t').unwrap_or(at.saturating_sub(start));
        let width = line.get(tab..).map_or(0, |rest| rest.len() - rest.trim_start_matches('\t').len());
        let kind = if in_flow { YamlErrorKind::TabInFlow } else { YamlErrorKind::Tab };
        self.error(start + tab, start + tab + width, kind, "use spaces: YAML does not allow tabs for indentation")
    }

    /// A value that starts with a character that YAML keeps for itself.
    fn reserved(&self, line_start: usize, line: &str) -> Option<YamlError> {
        let value = value_start(line);
        let rest = line.get(value..)?;
        let first = rest.chars().next()?;
        let lone =
            rest.len() == 1 || rest.starts_with("**") || rest.get(1..2).is_some_and(|next| next.trim().is_empty());
        let wrong =
            matches!(first, '@' | '`' | '%') || (matches!(first, '*' | '&') && lone) || (matches!(first, '|' | '>'));
        if !wrong {
            return None;
        }
        let after = rest.get(1..).unwrap_or_default().trim_end_matches([' ', '\t', '\r', ',', ']']);
        let message = match first {
            '@' if is_owner_and_name(after) => format!("a value cannot start with `@`: write `{after}`"),
            _ => format!("a value cannot start with `{first}`: put it in quotes"),
        };
        let end = line_start + line.trim_end().len();
        Some(self.error(line_start + value, end, YamlErrorKind::ReservedCharacter, message))
    }

    /// A colon where none can be: inside a value, below a value, or after a line that has no colon of its own.
    fn second_colon(&self, at: usize, line_start: usize, line: &str) -> YamlError {
        let value = value_start(line);
        let offset = at.saturating_sub(line_start);
        if value < offset && value > 0 && line.get(..value).is_some_and(|before| before.contains(':')) {
            let end = line_start + end_of_value(line);
            let message = "a colon and a space inside a value: put the value in quotes";
            return self.error(line_start + value, end, YamlErrorKind::ColonInValue, message);
        }
        let indent = line.len() - line.trim_start().len();
        if let Some((above, text)) = self.line_above(line_start) {
            let above_indent = text.len() - text.trim_start().len();
            if let Some(error) = self.missing_space(above, text) {
                return error;
            }
            if indent > above_indent && text.contains(": ") {
                let end = line_start + line.trim_end().len();
                let message = "this line is indented deeper than the line above, which already has a value";
                return self.error(line_start + indent, end, YamlErrorKind::Indentation, message);
            }
            if !text.contains(':') {
                return self.layout(above, text);
            }
        }
        self.layout(line_start, line)
    }

    /// `key:value`.
    fn missing_space(&self, line_start: usize, line: &str) -> Option<YamlError> {
        let start = line.len() - line.trim_start_matches([' ', '-']).len();
        let (key, value) = line.get(start..)?.split_once(':')?;
        let word = !key.is_empty() && key.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'));
        if !word || value.is_empty() || value.starts_with([' ', '\t', '/']) {
            return None;
        }
        let colon = line_start + start + key.len();
        let message = format!("a space is missing after `{key}:`");
        Some(self.error(colon, colon + 1, YamlErrorKind::NoSpaceAfterColon, message))
    }

    /// A line that does not fit where it stands.
    fn layout(&self, line_start: usize, line: &str) -> YamlError {
        if let Some(error) = self.missing_space(line_start, line) {
            return error;
        }
        let indent = line.len() - line.trim_start().len();
        let (start, end) = (line_start + indent, line_start + line.trim_end().len());
        let bare = line.trim();
        if bare.is_empty() {
            return self.error(start, end, YamlErrorKind::Syntax, "the block ends where a value is expected");
        }
        if bare == "-" || bare.starts_with("- ") {
            let message = "this list item is not indented like the items above it";
            return self.error(start, end, YamlErrorKind::Indentation, message);
        }
        if !bare.contains(':') {
            return self.error(
                start,
                end,
                YamlErrorKind::Syntax,
                "this line is neither `key: value` nor part of a value",
            );
        }
        if indent > 0 {
            let message = "this line is not indented like the other keys of its level";
            return self.error(start, end, YamlErrorKind::Indentation, message);
        }
        self.error(start, end, YamlErrorKind::Syntax, "this line does not fit here")
    }

    fn second_document(&self, at: usize) -> YamlError {
        let before = self.text.get(self.from..at).unwrap_or_default();
        let marker = before.rfind("---").or_else(|| before.rfind("...")).map_or(at, |found| self.from + found);
        let message = "the Hub stops reading the metadata here, but more text follows: a block is one YAML document";
        self.error(marker, marker + 3, YamlErrorKind::SecondDocument, message)
    }
}

/// Where the value of a line starts: after list dashes, and after the first colon that is followed by a space.
fn value_start(line: &str) -> usize {
    let bare = line.trim_start_matches([' ', '\t', '-']);
    let start = line.len() - bare.len();
    match bare.find(": ") {
        Some(colon) => {
            let value = bare.get(colon + 1..).unwrap_or_default();
            start + colon + 1 + (value.len() - value.trim_start().len())
        }
        None => start,
    }
}

/// Where the value of a line ends: before a comment and the spaces in front of it.
fn end_of_value(line: &str) -> usize {
    line.find(" #").map_or(line, |comment| line.get(..comment).unwrap_or(line)).trim_end().len()
}
/// Whether a text is two words with a slash between, as in `@owner/name`.
fn is_owner_and_name(text: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    text.split_once('/').is_some_and(|(owner, name)| is_word(owner) && is_word(name))
}

//! Where the metadata block is: the two `---` lines, found as the Hub finds them, and the near misses that explain
//! why a card that looks as if it had metadata has none.
//!
//! The Hub's pattern is `^\s*---(\r\n|\r|\n)`, the shortest text, then `(\r\n|\r|\n)---[ \t]*(\r\n|\n|$)`, where `\s`
//! is JavaScript's white space, a byte order mark included (source: hub-docs and huggingface_hub 2.4.0).

use crate::source::{FileId, Span};

/// The fence of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fence {
    /// A block that the Hub takes; what is in it may still be empty.
    Block(Block),
    /// `---` and directly below it `---`: the Hub wants a line between them and sees no block.
    Empty {
        /// The opening dashes.
        open: Span,
        /// The closing dashes.
        close: Span,
    },
    /// No opening line at the start of the file.
    Missing {
        /// What comes near to one.
        near: Option<NearMiss>,
    },
    /// An opening line and no closing one: the Hub sees no block.
    Unclosed {
        /// The opening dashes.
        open: Span,
        /// What was probably meant to close it.
        near: Option<NearMiss>,
    },
}

/// A closed block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The opening dashes.
    pub open: Span,
    /// The YAML, without the line break before the closing fence.
    pub yaml: Span,
    /// The closing dashes.
    pub close: Span,
    /// Where the body starts: after the closing fence's line.
    pub end: u32,
}

/// Something that a person takes for a fence and the Hub does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The text in question.
    pub span: Span,
    /// What is the matter with it.
    pub why: Why,
}

/// Why a near miss is not a fence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// Spaces after the opening dashes.
    SpaceAfterOpening,
    /// Something else after the opening dashes, such as `---yaml`.
    TextAfterOpening,
    /// More than three dashes.
    TooManyDashes,
    /// The closing dashes are indented.
    IndentedClosing,
    /// Something after the closing dashes.
    TextAfterClosing,
    /// `...` where the closing `---` should be.
    ClosedByDots,
    /// A line end that is only `\r`, as on old Macs.
    OldMacLineEnd,
    /// A metadata block below other text; the span covers it, both fences included.
    LowerDown,
    /// A metadata block below an HTML comment at the start of the file; the span covers the block.
    AfterComment,
}

/// White space by JavaScript's `\s`.
pub(crate) fn is_js_space(letter: char) -> bool {
    matches!(
        letter,
        '\t' | '\n' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

/// Finds the fence of a text.
pub fn find(file: FileId, text: &str) -> Fence {
    let span = |start: usize, end: usize| Span::new(file, start as u32..end as u32);
    let start = text.find(|letter| !is_js_space(letter)).unwrap_or(text.len());
    let rest = text.get(start..).unwrap_or_default();
    let after = rest.strip_prefix("---").filter(|after| after.starts_with(['\r', '\n']));
    let Some(after) = after else {
        return Fence::Missing { near: near_opening(file, text, start).or_else(|| lower_block(file, text)) };
    };
    let open = span(start, start + 3);
    let first_break = start + 3;
    let yaml = first_break + if after.starts_with("\r\n") { 2 } else { 1 };
    // Between `---\r\n---` the Hub's pattern may still split the line break and take `\n---` for the closing fence.
    let found = closing_from(text, yaml).or_else(|| {
        let split = after.starts_with("\r\n").then_some(first_break + 1)?;
        closing_at(text, split).map(|close| (split, close))
    });
    if let Some((at, close)) = found {
        let block = Block {
            open,
            yaml: span(yaml.min(at), at),
            close: span(close.dashes, close.dashes + 3),
            end: close.end as u32,
        };
        return Fence::Block(block);
    }
    if let Some(end) = closing_line(text, yaml) {
        return Fence::Empty { open, close: span(yaml, end.min(yaml + 3)) };
    }
    Fence::Unclosed { open, near: near_closing(file, text, yaml) }
}

struct Closing {
    dashes: usize,
    end: usize,
}

/// The first closing fence whose line break stands at `from` or later, and where that line break stands.
fn closing_from(text: &str, from: usize) -> Option<(usize, Closing)> {
    let breaks = text.bytes().enumerate().skip(from).filter(|(_, byte)| matches!(byte, b'\r' | b'\n'));
    breaks.map(|(at, _)| at).find_map(|at| closing_at(text, at).map(|close| (at, close)))
}

/// A closing fence whose line break stands exactly at `at`.
fn closing_at(text: &str, at: usize) -> Option<Closing> {
    let rest = text.get(at..)?;
    let width = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with(['\r', '\n'])) };
    if width == 0 {
        return None;
    }
    closing_line(text, at + width).map(|end| Closing { dashes: at + width, end })
}

/// The end of a line `---` with spaces after it, if there is one at `at`.
fn closing_line(text: &str, at: usize) -> Option<usize> {
    let after = text.get(at..)?.strip_prefix("---")?;
    let tail = after.trim_start_matches([' ', '\t']);
    let end = text.len() - tail.len();
    if tail.is_empty() {
        Some(end)
    } else if tail.starts_with("\r\n") {
        Some(end + 2)
    } else {
        tail.starts_with('\n').then_some(end + 1)
    }
}

/// The lines of a text from an offset: where each starts and what it contains, without its end.
fn lines_from(text: &str, from: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = from;
    text.get(from..).unwrap_or_default().split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim_end_matches(['\r', '\n']))
    })
}

/// Judges a first line that starts with dashes, and only when metadata follows it: a text may open with a rule.
fn near_opening(file: FileId, text: &str, start: usize) -> Option<NearMiss> {
    let (_, line) = lines_from(text, start).next()?;
    let after = line.strip_prefix("---")?;
    let next = lines_from(text, start).skip(1).find(|(_, line)| !line.trim().is_empty())?;
    if !looks_like_key(next.1) {
        return None;
    }
    let why = if after.trim().is_empty() {
        Why::SpaceAfterOpening
    } else if after.starts_with('-') {
        Why::TooManyDashes
    } else {
        Why::TextAfterOpening
    };
    Some(NearMiss { span: Span::new(file, start as u32..(start + line.len()) as u32), why })
}

/// The first line that was probably meant to close the block. Looked for only while lines look like YAML.
fn near_closing(file: FileId, text: &str, from: usize) -> Option<NearMiss> {
    for (start, line) in lines_from(text, from) {
        let bare = line.trim();
        let why = if let Some(after) = line.strip_prefix("---") {
            if after.starts_with('-') {
                Why::TooManyDashes
            } else if after.starts_with('\r') {
                Why::OldMacLineEnd
            } else {
                Why::TextAfterClosing
            }
        } else if bare == "---" {
            Why::IndentedClosing
        } else if line.trim_end() == "..." {
            Why::ClosedByDots
        } else if line.contains("\r---") {
            Why::OldMacLineEnd
        } else {
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let end = start + line.trim_end().len();
        return Some(NearMiss { span: Span::new(file, (start + indent) as u32..end as u32), why });
    }
    None
}

/// Whether a line reads `word:` or `word: something`, as a line of metadata does.
fn looks_like_key(line: &str) -> bool {
    let Some((key, rest)) = line.split_once(':') else { return false };
    !key.is_empty()
        && key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key.chars().all(is_key_letter)
        && (rest.is_empty() || rest.starts_with([' ', '\t']))
}

fn is_key_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-')
}

/// A metadata block further down: a line `---`, a line that looks like a key of a model card, a closing `---`. Code
/// blocks are ignored, so that an example of metadata is not mistaken for metadata.
fn lower_block(file: FileId, text: &str) -> Option<NearMiss> {
    let mut fence: Option<&str> = None;
    let mut open: Option<(usize, bool)> = None;
    for (start, line) in lines_from(text, 0) {
        let bare = line.trim_start();
        if let Some(mark) = fence {
            if bare.starts_with(mark) {
                fence = None;
            }
            continue;
        }
        if bare.starts_with("```") || bare.starts_with("~~~") {
            fence = bare.get(..3);
            open = None;
            continue;
        }
        let is_rule = line.trim_end() == "---";
        match open {
            Some((from, true)) if is_rule => {
                let end = start + line.trim_end().len();
                let before = text.get(..from).unwrap_or_default().trim_matches(is_js_space);
                let why = if is_one_comment(before) { Why::AfterComment } else { Why::LowerDown };
                return Some(NearMiss { span: Span::new(file, from as u32..end as u32), why });
            }
            Some((_, true)) => {}
            _ if is_rule => open = Some((start, false)),
            Some((from, false)) => {
                open = (bare.is_empty() || bare.starts_with('#')).then_some((from, false));
                if looks_like_card_key(line) {
                    open = Some((from, true));
                }
            }
            None => {}
        }
    }
    None
}

/// Whether a text is HTML comments and white space only.
fn is_one_comment(text: &str) -> bool {
    let mut rest = text;
    while let Some(after) = rest.strip_prefix("<!--") {
        let Some((_, tail)) = after.split_once("-->") else { return false };
        rest = tail.trim_start_matches(is_js_space);
    }
    rest.is_empty() && !text.is_empty()
}

/// The keys that open the metadata of nearly every card: proof enough that a block lower down is metadata.
fn looks_like_card_key(line: &str) -> bool {
    const KEYS: [&str; 14] = [
        "annotations_creators",
        "base_model",
        "datasets",
        "inference",
        "language",
        "library_name",
        "license",
        "metrics",
        "model-index",
        "pipeline_tag",
        "tags",
        "thumbnail",
        "widget",
        "language_creators",
    ];
    looks_like_key(line) && line.split(':').next().is_some_and(|key| KEYS.contains(&key))
}

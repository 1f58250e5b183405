//! Metadata that stands where the Hub does not look for it: lines of keys at the top of a card without fences, or below the
//! fence that closes the block.
//!
//! Prose has colons, too. Lines count as metadata only when they begin with a key of the Hub's, are YAML as a whole, and have
//! several such keys or one with a value that only metadata has.

use super::placeholders::stands_in;
use crate::card::Card;
use crate::card::front_matter::fence::Why;
use crate::card::front_matter::{Fence, Field, FrontMatter};
use crate::evidence::is_id;
use crate::hub::{fields, languages, libraries, licenses, tasks};
use crate::source::tree::NodeRef;
use crate::source::{Encoding, SourceFile, Span};

/// How many lines of prose may stand above a block for it to be the card's own, and not one that the text quotes.
const MAX_PROSE_LINES: usize = 3;

/// The longest line of prose between two blocks, in bytes: what is left of a picture, not a paragraph.
const MAX_REMNANT: usize = 60;

/// Metadata that the Hub does not read.
#[derive(Debug)]
pub(crate) struct Misplaced {
    /// The lines of the keys, with their line ends and without fences.
    pub(crate) lines: Span,
    /// Those lines with what fences them: `---` lines, or the lines of a code block. All that goes where the lines are moved.
    pub(crate) whole: Span,
    /// Where they stand.
    pub(crate) place: Place,
    /// Their keys.
    pub(crate) keys: Vec<String>,
    /// Those of the keys that the block above has, too.
    pub(crate) repeated: Vec<String>,
    /// Whether they are YAML without errors, so that they can be moved.
    pub(crate) is_sound: bool,
}

/// Where metadata stands that is misplaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// At the top of the file, without `---` lines.
    Unfenced,
    /// In a code block at the top of the file.
    CodeBlock,
    /// Lower down in a file without a block; whether it is the card's own block beyond doubt.
    Lower {
        /// Below a comment alone.
        after_comment: bool,
        /// Whether little text stands above it.
        is_own: bool,
    },
    /// Below the block's closing fence, with nothing but empty lines and fences between.
    BelowFence,
    /// In a second block, below the first and little else.
    SecondBlock,
}

impl Misplaced {
    /// The misplaced metadata of a card, if it has some.
    pub(crate) fn of(card: &Card<'_>) -> Option<Self> {
        let (source, matter) = (card.source(), &card.front_matter);
        if *source.encoding() == Encoding::Utf16 {
            return None;
        }
        match &matter.fence {
            Fence::Missing { near: Some(near) } if matches!(near.why, Why::LowerDown | Why::AfterComment) => {
                lower(source, near.span, near.why == Why::AfterComment)
            }
            Fence::Missing { near: Some(_) } | Fence::Unclosed { .. } => None,
            Fence::Missing { near: None } => unfenced(source).or_else(|| code_block(source)),
            Fence::Empty { close, .. } => below(source, matter, *close, close.end as usize),
            Fence::Block(block) if matter.errors.is_empty() => {
                below(source, matter, block.close, block.close.end as usize)
            }
            Fence::Block(_) => None,
        }
    }
}

/// A line: where it starts, where the next one starts, and its text without the line end.
struct Line<'t> {
    start: usize,
    end: usize,
    text: &'t str,
}

fn lines_from(text: &str, from: usize) -> impl Iterator<Item = Line<'_>> {
    let mut at = from;
    text.get(from..).unwrap_or_default().split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        Line { start, end: at, text: line.trim_end_matches(['\r', '\n']) }
    })
}

fn is_fence(line: &str) -> bool {
    line.trim_end() == "---"
}

/// Lines that begin with a key of the Hub and go on as YAML does.
struct Run {
    start: usize,
    end: usize,
    /// The `---` line that ends them.
    close: Option<(usize, usize)>,
}

/// The run that starts with the first line that is not empty, at `from` or later.
fn run(text: &str, from: usize) -> Option<Run> {
    let mut found: Option<Run> = None;
    let (mut is_open, mut gap) = (false, false);
    for line in lines_from(text, from) {
        let bare = line.text.trim();
        if bare.is_empty() {
            gap = found.is_some();
            continue;
        }
        if is_fence(line.text) {
            let run = found.as_mut()?;
            run.close = Some((line.start, line.end));
            break;
        }
        let nested = line.text.starts_with([' ', '\t']) || line.text.starts_with("- ") || line.text == "-";
        match key_of(line.text) {
            Some((key, value)) if fields::get(key).is_some() || (found.is_some() && !gap) => {
                let value = value.trim();
                is_open = value.is_empty() || value.starts_with(['|', '>', '#', '[', '{']);
            }
            None if found.is_some() && nested && (is_open || !gap) => {}
            _ => break,
        }
        gap = false;
        found.get_or_insert(Run { start: line.start, end: line.end, close: None }).end = line.end;
    }
    found
}

/// The plain key with which a line starts, and what follows its colon.
fn key_of(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    (plain && !key.starts_with(['-', '.']) && (value.is_empty() || value.starts_with([' ', '\t'])))
        .then_some((key, value))
}

/// The keys of some lines, whether they are sound, and whether they are metadata beyond doubt.
struct Reading {
    keys: Vec<String>,
    is_sound: bool,
    is_metadata: bool,
}

fn read(source: &SourceFile, lines: Span) -> Reading {
    let part = FrontMatter::parse_lines(source, lines);
    let is_block = part.fields().next().is_some_and(|field| field.key.span().start == lines.start);
    let read = part.fields().filter_map(|field| field.key.text());
    let lost = part.lost.iter().map(|key| source.slice(*key));
    let keys: Vec<String> = read.chain(lost).map(str::to_owned).collect();
    let known = keys.iter().filter(|key| fields::get(key).is_some()).count();
    let has_markup = part.fields().any(|field| field.value.text().is_some_and(|text| text.contains("<br")));
    let has_proof = part.fields().any(is_proof);
    let is_metadata = known * 2 >= keys.len() && !has_markup && has_proof;
    Reading { keys, is_sound: is_block && part.errors.is_empty(), is_metadata }
}

/// Whether a field has a value that is metadata and would not stand in prose.
fn is_proof(field: Field<'_>) -> bool {
    let Some(key) = field.key.text() else { return false };
    let one = field.value.as_str().filter(|_| !field.value.is_sequence());
    let texts: Vec<&str> =
        one.into_iter().chain(field.value.items().filter_map(NodeRef::as_str)).map(str::trim).collect();
    let all = |is_right: fn(&str) -> bool| !texts.is_empty() && texts.iter().all(|text| is_right(text));
    let is_filled = |text: &str| !text.is_empty() && !stands_in(key, text);
    match key {
        "license" => all(|text| licenses::is_id(text) || licenses::suggest(text).is_some()),
        "language" => all(|text| languages::name(text).is_some() || languages::suggest(text).is_some()),
        "pipeline_tag" => all(|text| tasks::get(text).is_some()),
        "library_name" => all(|text| libraries::get(text).is_some()),
        "base_model" => all(|text| is_id(text) && text.contains('/')),
        "datasets" | "tags" | "metrics" => field.value.is_sequence() && texts.iter().all(|text| is_filled(text)),
        "widget" | "model-index" => field.value.items().any(NodeRef::is_mapping),
        _ => false,
    }
}

/// Keys at the top of the file, or directly below its title, without fences.
fn unfenced(source: &SourceFile) -> Option<Misplaced> {
    let text = source.text();
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let first = lines_from(text, start).find(|line| !line.text.trim().is_empty())?;
    let below_title = first.text.starts_with("# ");
    let run = run(text, if below_title { first.end } else { start })?;
    // With its closing line, such a block lacks the opening one alone.
    if run.close.is_some() {
        return None;
    }
    let lines = source.span(run.start, run.end);
    let Reading { keys, is_sound, is_metadata } = read(source, lines);
    let known = keys.iter().filter(|key| fields::get(key).is_some()).count();
    if !is_metadata || (below_title && known < 2) {
        return None;
    }
    let place = if below_title { Place::Lower { after_comment: false, is_own: true } } else { Place::Unfenced };
    Some(Misplaced { lines, whole: lines, place, keys, repeated: Vec::new(), is_sound })
}

/// A code block at the top of the file that has the metadata in it, with or without fences of its own.
fn code_block(source: &SourceFile) -> Option<Misplaced> {
    let text = source.text();
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let open = lines_from(text, start).find(|line| !line.text.trim().is_empty())?;
    let language = open.text.strip_prefix("```")?.trim();
    if !["", "yaml", "yml"].contains(&language) {
        return None;
    }
    let inner = lines_from(text, open.end).find(|line| !line.text.trim().is_empty())?;
    let is_fenced = is_fence(inner.text);
    let run = run(text, if is_fenced { inner.end } else { open.end })?;
    let after = run.close.map_or(run.end, |(_, end)| end);
    let close = lines_from(text, after).find(|line| !line.text.trim().is_empty())?;
    if close.text.trim_end() != "```" || is_fenced != run.close.is_some() {
        return None;
    }
    let lines = source.span(run.start, run.end);
    let Reading { keys, is_sound, is_metadata } = read(source, lines);
    let known = keys.iter().filter(|key| fields::get(key).is_some()).count();
    let whole = source.span(open.start, close.end);
    let found = Misplaced { lines, whole, place: Place::CodeBlock, keys, repeated: Vec::new(), is_sound };
    (is_metadata && known >= 2).then_some(found)
}

/// A block below other text, in a file that begins with none.
fn lower(source: &SourceFile, block: Span, after_comment: bool) -> Option<Misplaced> {
    let text = source.text();
    let open = lines_from(text, block.start as usize).next()?;
    let close = text.get(..block.end as usize)?.rfind('\n')? + 1;
    let close_end = lines_from(text, close).next()?.end;
    let lines = source.span(open.end, close.max(open.end));
    let Reading { keys, is_sound, is_metadata } = read(source, lines);
    let above = lines_from(text, 0).take_while(|line| line.start < open.start);
    let prose = above.filter(|line| !is_frame(line.text)).count();
    let is_own = is_metadata && (after_comment || prose <= MAX_PROSE_LINES);
    let place = Place::Lower { after_comment, is_own };
    Some(Misplaced { lines, whole: source.span(open.start, close_end), place, keys, repeated: Vec::new(), is_sound })
}

/// Whether a line is empty, a heading, a rule, a picture, a comment or HTML: what stands around text.
fn is_frame(line: &str) -> bool {
    let bare = line.trim();
    bare.is_empty() || bare.starts_with(['#', '<', '!', '[']) || bare.chars().all(|c| c == '-') || bare.ends_with("-->")
}

/// Keys below the closing fence of a block.
fn below(source: &SourceFile, matter: &FrontMatter, close: Span, after: usize) -> Option<Misplaced> {
    let text = source.text();
    let mut fences = 0;
    let mut remnant = false;
    for line in lines_from(text, after).filter(|line| !line.text.trim().is_empty()) {
        if is_fence(line.text) {
            fences += 1;
        } else if key_of(line.text).is_some_and(|(key, _)| fields::get(key).is_some()) {
            break;
        } else if is_frame(line.text) || (!remnant && line.text.len() <= MAX_REMNANT) {
            remnant = true;
            fences = 0;
        } else {
            return None;
        }
    }
    let start =
        lines_from(text, after).find(|line| key_of(line.text).is_some_and(|(key, _)| fields::get(key).is_some()))?;
    let run = run(text, start.start)?;
    let lines = source.span(run.start, run.end);
    let Reading { keys, is_sound, is_metadata } = read(source, lines);
    let repeated: Vec<String> = keys.iter().filter(|key| matter.get(key).is_some()).cloned().collect();
    // Below a title, lines without fences are text, and a block that repeats the card's keys is one that the text quotes.
    if !is_metadata || (remnant && (fences == 0 || run.close.is_none() || !repeated.is_empty())) {
        return None;
    }
    let (place, whole) = match remnant {
        true => (Place::SecondBlock, second_block(source, &run)?),
        false => {
            let start = lines_from(text, close.start as usize).next()?.end;
            let end = run.close.map_or(run.end, |(_, end)| end);
            (Place::BelowFence, source.span(start, end))
        }
    };
    Some(Misplaced { lines, whole, place, keys, repeated, is_sound })
}

/// A second block with both of its fences.
fn second_block(source: &SourceFile, run: &Run) -> Option<Span> {
    let (_, end) = run.close?;
    let above = source.text().get(..run.start)?.trim_end();
    Some(source.span(above.rfind('\n')? + 1, end))
}

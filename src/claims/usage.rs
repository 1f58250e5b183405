//! The code of a card that a reader can run, and where it would stand.

use super::placeholders::{UNKNOWN_BASE, UNKNOWN_ID, stands_in};
use super::sections::{introduction_end, sections};
use crate::card::Card;
use crate::card::body::{Body, CodeBlock, Heading, Topic};
use crate::source::{List, Span, word_list};

/// Languages of blocks that are programs or commands. Others (`bibtex`, `diff`, `json`, `yaml`, `mermaid`) are read, not run.
static PROGRAMS: List = word_list!("programs");

/// Languages that say nothing about what is in the block.
static PLAIN: List = word_list!("plain_languages");

/// What code or a command starts a line with where the language is not stated.
static STARTS: List = word_list!("code_starts");

/// Calls that load a model, wherever they stand in a line.
static CALLS: List = word_list!("code_calls");

/// Commands that only prepare, without the signs before them.
static INSTALLS: List = word_list!("installs");

/// How a command inside a sentence starts.
static COMMANDS: List = word_list!("inline_commands");

/// Commands and scripts that train.
static TRAINING_COMMANDS: List = word_list!("training_commands");

/// Calls of a program that trains.
static TRAINERS: List = word_list!("trainers");

/// Calls of a program that cleans text.
static CLEANINGS: List = word_list!("cleanings");

/// Calls that use a model, whatever its library.
static USES: List = word_list!("uses");

/// What a heading about usage says when the code would stand below it.
static HEADINGS: List = word_list!("usage_headings");

/// The heading below which the missing code would stand; nothing when there is code, or no such heading.
pub(crate) fn heading_without_code<'c>(card: &'c Card<'_>) -> Option<&'c Heading> {
    heading(card.body()).filter(|_| !has_code(card))
}

/// Whether a card has code that a reader can run.
pub(crate) fn has_code(card: &Card<'_>) -> bool {
    let body = card.body();
    let mut spans = body.code_spans.iter().map(|span| card.source().slice(*span).trim_matches(['`', ' ']));
    body.code_blocks.iter().any(is_runnable) || spans.any(is_command)
}

/// Where the code would stand: below "How to use", not below "Uses", which is about purposes.
pub(super) fn heading(body: &Body) -> Option<&Heading> {
    sections(body, Topic::Usage).find(|heading| {
        let text = heading.text.to_lowercase();
        HEADINGS.phrases().any(|word| text.contains(word))
    })
}

/// Whether a block is written in a language of programs or commands.
pub(crate) fn is_program(code: &CodeBlock) -> bool {
    code.language.as_deref().is_some_and(|language| PROGRAMS.contains(language))
}

/// Whether the language of a fence says nothing about what is in it.
pub(super) fn is_plain(language: &str) -> bool {
    PLAIN.contains(language)
}

fn is_runnable(code: &CodeBlock) -> bool {
    if has_unknown_id(&code.text) {
        return false;
    }
    let lines = || code.text.lines().map(str::trim).filter(|line| !line.is_empty());
    if only_prepares(code) {
        return false;
    }
    if is_program(code) {
        // To install the library is not to use the model.
        return lines().any(|line| !is_filler(line) && !is_install(line));
    }
    code.language.as_deref().is_none_or(is_plain)
        && lines().any(|line| {
            let starts = STARTS.phrases().any(|start| line.starts_with(start)) && !is_install(line);
            starts || CALLS.phrases().any(|call| line.contains(call))
        })
}

/// Whether a card has code that trains or cleans text.
pub(crate) fn only_prepares_in(card: &Card<'_>) -> bool {
    card.body().code_blocks.iter().any(only_prepares)
}

/// Whether a block trains, cleans text or lists values, and does nothing with the model besides.
fn only_prepares(code: &CodeBlock) -> bool {
    let calls = |list: &List| list.phrases().any(|call| code.text.contains(call));
    if calls(&CALLS) {
        return false;
    }
    if code.language.as_deref().is_some_and(|language| PYTHON.contains(&language)) {
        let trains = || calls(&TRAINERS) || (calls(&CLEANINGS) && !code.text.contains("model"));
        return lists_values(&code.text) || (trains() && !calls(&USES));
    }
    let mut trained = false;
    let mut goes_on = false;
    for line in code.text.lines().map(|line| line.trim_start_matches(['$', '!', '%', '>', ' ', '\t'])) {
        let is_whole_command = !goes_on;
        goes_on = line.trim_end().ends_with('\\');
        if TRAINING_COMMANDS.phrases().any(|command| line.contains(command)) {
            trained = true;
        } else if is_whole_command && !is_filler(line.trim()) && !is_install(line) && !sets_up(line) {
            return false;
        }
    }
    trained
}

/// Names of the language whose blocks are told apart by what they call.
const PYTHON: [&str; 3] = ["python", "py", "python3"];

/// Whether each line of a program gives a name to a value that stands there, and at least one does.
fn lists_values(code: &str) -> bool {
    let mut lines = code.lines().map(str::trim).filter(|line| !is_filler(line)).peekable();
    lines.peek().is_some()
        && lines.all(|line| {
            let value = line.split_once('=').map(|(name, value)| (name.trim_end(), value.trim()));
            value.is_some_and(|(name, value)| {
                name.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
                    && value
                        .starts_with(|first: char| first.is_ascii_digit() || matches!(first, '"' | '\'' | '[' | '-'))
                    && !value.contains('(')
            })
        })
}

/// Whether a line of a shell prepares a command: a variable, a folder, a script's first line.
fn sets_up(line: &str) -> bool {
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_');
    ["export ", "mkdir ", "git clone ", "wget ", "unzip ", "tar ", "source ", "#!"]
        .iter()
        .any(|start| line.starts_with(start))
        || line.split_once('=').is_some_and(|(name, _)| is_name(name))
}

/// A notebook that a reader opens and runs: linked where the code would stand, or by a badge at the top.
pub(crate) fn links_notebook(body: &Body) -> bool {
    let section = heading(body);
    let end = introduction_end(body);
    let is_shown = |at: u32| at < end || section.is_some_and(|heading| heading.section.contains(at));
    body.links.iter().any(|link| is_shown(link.span.start) && is_notebook(&link.url))
}

fn is_notebook(url: &str) -> bool {
    url.contains("colab.research.google.com/") || url.contains(".ipynb")
}

/// Whether an id has to be filled in before the code runs.
pub(crate) fn has_unknown_id(code: &str) -> bool {
    [UNKNOWN_ID, UNKNOWN_BASE].iter().any(|id| code.contains(id))
}

/// The ids in calls that load a model which only examples have, and [`UNKNOWN_ID`] wherever it stands.
pub(crate) fn unknown_ids(card: &Card<'_>) -> Vec<Span> {
    let source = card.source();
    let mut found = Vec::new();
    for content in card.body().code_blocks.iter().map(|code| code.content) {
        let mut at = content.start as usize;
        for line in source.slice(content).split_inclusive('\n') {
            let from = at;
            at += line.len();
            // Every id has a slash, and few lines of code do.
            if !line.contains('/') {
                continue;
            }
            let loads = CALLS.phrases().any(|call| line.contains(call));
            let mut start = from;
            for part in line.split_inclusive(|letter: char| !is_of_id(letter)) {
                let word = part.trim_end_matches(|letter: char| !is_of_id(letter));
                let is_own = [UNKNOWN_ID, UNKNOWN_BASE].contains(&word);
                if is_own || (loads && is_example(word)) {
                    found.push(source.span(start, start + word.len()));
                }
                start += part.len();
            }
        }
    }
    found
}

/// Whether a word is the id of an example: `your-username/lamp`, `<owner>/<name>`. A mark such as `</s>` is none.
fn is_example(word: &str) -> bool {
    let is_name = |part: &str| {
        let bare = part.strip_prefix('<').and_then(|part| part.strip_suffix('>')).unwrap_or(part);
        bare.len() >= 3 && !bare.contains(['<', '>', '/'])
    };
    word.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name)) && stands_in("base_model", word)
}

/// Braces are none of them: `f"{owner}/{name}"` has values.
fn is_of_id(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '/' | '-' | '_' | '.' | '<' | '>')
}

/// Comments, an ellipsis, an import: nothing happens yet. After an import on the same line something may.
fn is_filler(line: &str) -> bool {
    if ["import ", "from "].iter().any(|start| line.starts_with(start)) {
        return line.split_once(';').is_none_or(|(_, rest)| is_filler(rest.trim()));
    }
    line.is_empty()
        || ["#", "//"].iter().any(|start| line.starts_with(start))
        || matches!(line, "..." | "…" | "pass" | "```")
}

fn is_install(line: &str) -> bool {
    let line = line.trim_start_matches(['$', '!', '%', '>', ' ']);
    INSTALLS.phrases().any(|start| line.starts_with(start))
}

/// A command inside a sentence, such as `` `ollama run hf.co/owner/name` ``.
fn is_command(code: &str) -> bool {
    COMMANDS.phrases().any(|start| code.starts_with(start))
}

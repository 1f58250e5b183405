//! Values in Python's notation, short.

use super::import::Imports;
use super::value::{Arena, Id, Value};

/// About how many characters are shown of a value.
const LONGEST: usize = 100;

/// How many characters of one string are shown.
const LONGEST_TEXT: usize = 60;

/// How deep a value is shown.
const DEEPEST: usize = 4;

/// What is left to write.
enum Piece {
    Value(Id, usize),
    /// The arguments of a call: a tuple, without the comma that a single item has.
    Arguments(Id, usize),
    Word(&'static str),
}

/// A call's arguments as Python would write them; `…` for what is unknown, deep or long.
pub(super) fn shown(arena: &Arena, imports: &Imports, id: Id) -> String {
    let mut text = String::new();
    let mut pieces = vec![Piece::Arguments(id, 0)];
    while let Some(piece) = pieces.pop() {
        if text.len() > LONGEST {
            text.push('…');
            break;
        }
        let is_call = matches!(piece, Piece::Arguments(..));
        let (id, depth) = match piece {
            Piece::Word(word) => {
                text.push_str(word);
                continue;
            }
            Piece::Value(id, depth) | Piece::Arguments(id, depth) => (id, depth),
        };
        let (open, close) = match arena.get(id) {
            Value::Tuple(_) => ("(", ")"),
            Value::List(_) => ("[", "]"),
            Value::Dict(_) | Value::Set(_) => ("{", "}"),
            Value::Frozenset(_) => ("frozenset({", "})"),
            Value::Made { callee, arguments } if depth < DEEPEST => {
                pieces.extend([Piece::Arguments(arguments, depth + 1), Piece::Value(callee, depth + 1)]);
                continue;
            }
            Value::Persistent(pid) if depth < DEEPEST => {
                text.push_str("persistent ");
                pieces.push(Piece::Value(pid, depth + 1));
                continue;
            }
            plain => {
                push_plain(&mut text, arena, imports, id, plain);
                continue;
            }
        };
        text.push_str(open);
        let items = arena.items(id);
        if depth >= DEEPEST && !items.is_empty() {
            text.push('…');
            text.push_str(close);
            continue;
        }
        let is_dict = matches!(arena.get(id), Value::Dict(_));
        let is_single = !is_call && items.len() == 1 && matches!(arena.get(id), Value::Tuple(_));
        pieces.push(Piece::Word(close));
        if is_single {
            pieces.push(Piece::Word(","));
        }
        let shown = items.iter().take(LONGEST);
        for (index, item) in shown.enumerate().collect::<Vec<_>>().into_iter().rev() {
            pieces.push(Piece::Value(*item, depth + 1));
            match index {
                0 => {}
                _ if is_dict && index % 2 == 1 => pieces.push(Piece::Word(": ")),
                _ => pieces.push(Piece::Word(", ")),
            }
        }
    }
    text
}

fn push_plain(text: &mut String, arena: &Arena, imports: &Imports, id: Id, value: Value) {
    match value {
        Value::None => text.push_str("None"),
        Value::Bool(true) => text.push_str("True"),
        Value::Bool(false) => text.push_str("False"),
        Value::Int(number) => text.push_str(&number.to_string()),
        Value::Float(number) => text.push_str(&format!("{number:?}")),
        Value::Text(_) => push_quoted(text, "", arena.text(id).unwrap_or_default()),
        Value::Bytes(_) => {
            let bytes = arena.bytes(id).unwrap_or_default();
            let start = bytes.get(..LONGEST_TEXT + 1).unwrap_or(bytes);
            push_quoted(text, "b", &start.escape_ascii().to_string());
        }
        Value::Global(number) => match imports.get(number) {
            Some(import) => text.push_str(&import.reach.to_string()),
            None => text.push('…'),
        },
        _ => text.push('…'),
    }
}

fn push_quoted(text: &mut String, prefix: &str, content: &str) {
    text.push_str(prefix);
    text.push('\'');
    for letter in content.chars().take(LONGEST_TEXT) {
        match letter {
            '\'' => text.push_str("\\'"),
            letter if letter.is_control() => text.extend(letter.escape_default()),
            letter => text.push(letter),
        }
    }
    text.push_str(if content.chars().nth(LONGEST_TEXT).is_some() { "…'" } else { "'" });
}

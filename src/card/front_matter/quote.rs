//! Writing a text as a YAML scalar of one line.

use super::FrontMatter;
use crate::source::reading::Reading;
use crate::source::tree::{Kind, Node, Style, Tree};
use crate::source::{FileId, Span};

/// Writes a text so that both readers read it as that text: without quotes where that is safe, else in quotes.
pub fn scalar(text: &str, preferred: Style) -> String {
    if is_safe_plain(text) && reads_as_text(text) { text.to_owned() } else { quoted(text, preferred) }
}

/// Writes a text in quotes: the preferred ones unless the text contains that quote or needs escapes.
pub fn quoted(text: &str, preferred: Style) -> String {
    let needs_escapes =
        text.chars().any(|letter| letter.is_control() || matches!(letter, '\u{feff}' | '\u{2028}' | '\u{2029}'));
    let single = preferred == Style::SingleQuoted && !text.contains('\'') || text.contains(['"', '\\']);
    if needs_escapes || !single {
        let mut whole = String::with_capacity(text.len() + 2);
        whole.push('"');
        for letter in text.chars() {
            match letter {
                '"' | '\\' => whole.extend(['\\', letter]),
                '\n' => whole.push_str("\\n"),
                '\r' => whole.push_str("\\r"),
                '\t' => whole.push_str("\\t"),
                _ if letter.is_control() || matches!(letter, '\u{feff}' | '\u{2028}' | '\u{2029}') => {
                    whole.push_str(&format!("\\u{:04X}", letter as u32));
                }
                _ => whole.push(letter),
            }
        }
        whole.push('"');
        return whole;
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// The quotes that a document uses more, double ones when it uses none.
pub fn preferred(matter: &FrontMatter) -> Style {
    matter.lookup().quotes
}

/// Whether a text can stand without quotes anywhere, between brackets too.
fn is_safe_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let indicator = "-?:,[]{}#&*!|>'\"%@`=<.";
    let starts_well = !indicator.contains(first) && !first.is_whitespace();
    let ends_well = !text.ends_with(|last: char| last == ':' || last.is_whitespace());
    let clean = !text.chars().any(|letter| {
        letter.is_control()
            || matches!(letter, ',' | '[' | ']' | '{' | '}' | '\u{feff}' | '\u{85}' | '\u{2028}' | '\u{2029}')
    });
    starts_well && ends_well && clean && !text.contains(": ") && !text.contains(" #")
}

fn reads_as_text(text: &str) -> bool {
    let mut tree = Tree::new(FileId(0));
    let kind = Kind::Scalar { text: text.to_owned(), style: Style::Plain };
    let id = tree.push(Node { span: Span::at(FileId(0), 0), kind, anchor: None, tag: None });
    tree.node(id).is_some_and(|node| node.hub() == Reading::Text && node.python() == Reading::Text)
}

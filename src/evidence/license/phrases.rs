//! Model licenses, by their title and the phrases that stand in them alone.
//!
//! `phrases.tsv`: one license a row. A title is one of several words between `|`; `~` in it stands for up to
//! [`GAP`] characters of anything. Recognized means: the title near the start, at least one phrase, and no phrase of a
//! license that resembles it.

use super::Recognized;

const TABLE: &str = include_str!("phrases.tsv");

/// How much of the text is searched for a title, in characters.
const TITLE_WITHIN: usize = 1500;

/// What `~` in a title stands for at most, in bytes.
const GAP: usize = 24;

/// What the phrases say.
pub(super) enum Verdict {
    /// This license and no other.
    One(Recognized),
    /// Several licenses, or an excerpt of one: nothing can be said, and no other test may say more.
    Unclear,
    /// None of these.
    None,
}

pub(super) fn recognize(text: &str) -> Verdict {
    let text = normalized(text);
    let title_end = text.char_indices().nth(TITLE_WITHIN).map_or(text.len(), |(at, _)| at);
    let head = text.get(..title_end).unwrap_or_default();
    let mut found: Option<Recognized> = None;
    let mut excerpt = false;
    for row in TABLE.lines().skip(1) {
        let mut columns = row.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        let (key, id, titles, phrases, anti) = (next(), next(), next(), next(), next());
        let hits = list(phrases).filter(|phrase| text.contains(phrase)).count();
        if hits == 0 || list(anti).any(|phrase| text.contains(phrase)) {
            continue;
        }
        if !list(titles).any(|title| has_title(head, title)) {
            excerpt |= hits > 1;
        } else if found.replace(Recognized { id, name: (id == "other").then_some(key), whole: true }).is_some() {
            return Verdict::Unclear;
        }
    }
    match found {
        Some(license) => Verdict::One(license),
        None if excerpt => Verdict::Unclear,
        None => Verdict::None,
    }
}

fn list(column: &'static str) -> impl Iterator<Item = &'static str> {
    column.split('|').filter(|phrase| !phrase.is_empty())
}

/// Straight quotes, no Markdown signs and no HTML tags, single spaces, lower case.
fn normalized(text: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '‘' | '’' => normal.push('\''),
            '“' | '”' => normal.push('"'),
            '*' | '_' | '#' | '`' | '\\' | '\u{feff}' => {}
            '<' => {
                // A tag is closed nearby and opens with a letter or a slash; else it is a sign, as in `<500`.
                let after = rest.as_str();
                let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
                match after.bytes().take(200).position(|byte| byte == b'>') {
                    Some(end) if is_tag => rest = after.get(end + 1..).unwrap_or_default().chars(),
                    _ => normal.push('<'),
                }
            }
            c if c.is_whitespace() => {
                if !normal.ends_with(' ') {
                    normal.push(' ');
                }
            }
            c => normal.extend(c.to_lowercase()),
        }
    }
    normal
}

/// Whether the title, `~` for a gap, stands in the text.
fn has_title(text: &str, title: &str) -> bool {
    let mut pieces = title.split('~');
    let first = pieces.next().unwrap_or_default();
    text.match_indices(first).any(|(at, _)| {
        let mut at = at + first.len();
        pieces.clone().all(|piece| {
            let end = text.floor_char_boundary(at + GAP + piece.len());
            match text.get(at..end).and_then(|window| window.find(piece)) {
                Some(found) => {
                    at += found + piece.len();
                    true
                }
                None => false,
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        assert!(has_title("the llama 2 community license agreement", "llama 2 community license"));
        assert!(has_title("tii falcon llm license", "tii falcon~license"));
        assert!(!has_title("tii falcon, about which nobody ever wrote a license", "tii falcon~license"));
        assert!(!has_title("", "a~b") && !has_title("a", "a~b"));
    }

    #[test]
    fn normal_form() {
        assert_eq!(normalized("# **A**  “b”\r\n<b>C</b> x < 5 "), " a \"b\" c x < 5 ");
        assert_eq!(normalized("<"), "<");
        assert_eq!(normalized("< é"), "< é");
    }

    #[test]
    fn the_table_is_well_formed() {
        for row in TABLE.lines().skip(1) {
            let columns: Vec<_> = row.split('\t').collect();
            assert_eq!(columns.len(), 5, "{row}");
            assert!(crate::hub::licenses::is_id(columns[1]), "{row}");
            assert!(!columns[2].is_empty() && !columns[3].is_empty(), "{row}");
            for phrase in columns[2..].iter().flat_map(|column| column.split('|')) {
                let plain = phrase.replace('~', "");
                assert_eq!(normalized(&plain).trim(), plain.trim(), "{row}");
            }
        }
    }
}

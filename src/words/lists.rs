//! The parts that sentences are made of: a value in backticks, `a, b or c`, `1 file` and `2 files`.

/// How much of a value a message quotes, in characters.
const QUOTED: usize = 60;

/// A value in backticks, cut when it is long, on one line.
pub fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTED).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    if text.chars().nth(QUOTED).is_some() {
        shown.push('…');
    }
    // A backtick inside would end the quotation.
    if shown.contains('`') { format!("`` {shown} ``") } else { format!("`{shown}`") }
}

/// `a`, `a or b`, `a, b or c`.
pub fn either<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    joined(words, "or")
}

/// `a`, `a and b`, `a, b and c`.
pub fn all_of<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    joined(words, "and")
}

fn joined<T: AsRef<str>>(words: impl IntoIterator<Item = T>, last: &str) -> String {
    let words: Vec<T> = words.into_iter().collect();
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.as_ref().to_owned(),
        Some((end, start)) => {
            let start: Vec<&str> = start.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", start.join(", "), end.as_ref())
        }
    }
}

/// `1 file`, `2 files`.
pub fn count(number: usize, singular: &str) -> String {
    if number == 1 { format!("1 {singular}") } else { format!("{number} {singular}s") }
}

/// How many places of one finding are labeled. More are hard to read, and only counted.
pub const MAX_LABELS: usize = 20;

/// ` (7 more are not listed)`, when more than [`MAX_LABELS`] places belong to one finding; else nothing.
pub fn unlisted(places: usize) -> String {
    match places.saturating_sub(MAX_LABELS) {
        0 => String::new(),
        1 => " (1 more is not listed)".to_owned(),
        more => format!(" ({more} more are not listed)"),
    }
}

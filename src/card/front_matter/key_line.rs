//! Lines that start with a key: where a block that is broken can be taken up again.

/// The key with which a line starts, if it starts with one: `license` of `license: mit`, quotes left in place.
pub(super) fn key_of(line: &str) -> Option<&str> {
    let quote = line.chars().next().filter(|first| matches!(first, '"' | '\''));
    let colon = match quote {
        Some(quote) => {
            let close = line.get(1..)?.find(quote)? + 1;
            let gap = line.get(close + 1..)?;
            close + 1 + (gap.len() - gap.trim_start_matches([' ', '\t']).len())
        }
        None => line.find(':')?,
    };
    let after = line.get(colon..)?.strip_prefix(':')?;
    let key = line.get(..colon)?.trim_end_matches([' ', '\t']);
    let plain = !key.is_empty() && key.chars().all(is_key_letter) && !key.starts_with([' ', '-', '.']);
    let bounded = after.is_empty() || after.starts_with([' ', '\t', '\r', '\n']);
    ((quote.is_some() || plain) && bounded).then_some(key)
}

fn is_key_letter(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | ' ' | '<')
}

/// The start of the first line below the one at `from` that starts with a key.
pub(super) fn next_key_line(text: &str, from: usize, end: usize) -> Option<usize> {
    let mut at = after_line(text.get(..end)?, from);
    for line in text.get(at..end)?.split_inclusive('\n') {
        // `key:value` is a key whose author forgot the space: it gets an error of its own.
        let forgot = line.split_once(':').is_some_and(|(key, value)| {
            !value.starts_with("//")
                && !key.is_empty()
                && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        });
        if forgot || key_of(line).is_some() {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// The start of the line below the one at `at`.
pub(super) fn after_line(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.find('\n').map_or(rest.len(), |found| found + 1)
}

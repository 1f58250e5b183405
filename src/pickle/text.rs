//! Arguments in text form, as Python reads them.

/// A whole number in digits: white space around it, a sign and underscores between digits are allowed.
pub(super) fn whole(bytes: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(bytes).ok()?.trim().trim_end_matches('L');
    text.replace('_', "").parse().ok()
}

/// The content of a string in quotes with backslash escapes; bytes beyond ASCII stand for the characters of Latin-1.
pub(super) fn quoted(bytes: &[u8]) -> String {
    let trimmed = bytes.trim_ascii();
    let inside = trimmed.get(1..trimmed.len().saturating_sub(1)).unwrap_or_default();
    let mut text = String::new();
    let mut rest = inside;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'\\' {
            text.push(char::from(*first));
            continue;
        }
        let Some((escape, after)) = rest.split_first() else { break };
        rest = after;
        match escape {
            b'n' => text.push('\n'),
            b't' => text.push('\t'),
            b'r' => text.push('\r'),
            b'a' => text.push('\x07'),
            b'b' => text.push('\x08'),
            b'f' => text.push('\x0C'),
            b'v' => text.push('\x0B'),
            b'\n' => {}
            b'\\' | b'\'' | b'"' => text.push(char::from(*escape)),
            b'x' => rest = code(rest, 2, 16, &mut text),
            b'0'..=b'7' => {
                let digits = after.iter().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                let all = inside.get(inside.len() - after.len() - 1..).unwrap_or_default();
                rest = code(all, digits + 1, 8, &mut text);
            }
            other => text.extend(['\\', char::from(*other)]),
        }
    }
    text
}

/// A line with `\u` and `\U` escapes, else Latin-1.
pub(super) fn raw_unicode(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = match (*first, after.first()) {
            (b'\\', Some(b'u')) => code(after.get(1..).unwrap_or_default(), 4, 16, &mut text),
            (b'\\', Some(b'U')) => code(after.get(1..).unwrap_or_default(), 8, 16, &mut text),
            _ => {
                text.push(char::from(*first));
                after
            }
        };
    }
    text
}

/// Reads a character's number and gives the rest.
fn code<'b>(bytes: &'b [u8], digits: usize, radix: u32, text: &mut String) -> &'b [u8] {
    let Some((number, rest)) = bytes.split_at_checked(digits) else { return bytes };
    let number = std::str::from_utf8(number).ok().and_then(|number| u32::from_str_radix(number, radix).ok());
    text.push(number.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_python_reads_them() {
        for (text, number) in [("12", Some(12)), (" +1_0 ", Some(10)), ("-7L", Some(-7)), ("x", None), ("", None)] {
            assert_eq!(whole(text.as_bytes()), number, "{text}");
        }
    }

    #[test]
    fn escapes_cannot_hide_a_name() {
        assert_eq!(quoted(br"'o\x73'"), "os");
        assert_eq!(quoted(br#""\157s\n\q\\" "#), "os\n\\q\\");
        assert_eq!(quoted(b"'\\"), "");
        assert_eq!(quoted(b"'"), "");
        assert_eq!(raw_unicode(br"\u006fs\U0000006f\x"), "oso\\x");
        assert_eq!(raw_unicode(b"\\u00"), "00");
        assert_eq!(raw_unicode(b"\xE9"), "é");
    }
}

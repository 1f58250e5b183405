//! Arguments in text form, as Python reads them.

/// A whole number in text form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole {
    /// One that is kept.
    Small(i64),
    /// One beyond 64 bits.
    Big,
}

/// How the digits of a number are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digits {
    /// As in Python's source, and with a zero in front as in C: the arguments of INT and LONG.
    Literal,
    /// Decimal, whatever stands in front: the indices of GET and PUT.
    Decimal,
}

/// A whole number where any of CPython's readers takes the text for one: `_pickle.c` reads INT by C's `strtol` and then by
/// `PyLong_FromString`, for which a NUL ends the text; Python 2 takes an `L` after it.
pub(super) fn whole(bytes: &[u8], digits: Digits) -> Option<Whole> {
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = std::str::from_utf8(trimmed(bytes)).ok()?;
    let text = if digits == Digits::Literal { text.strip_suffix(['L', 'l']).unwrap_or(text) } else { text };
    // What stood before the `L` may end with white space as well.
    let text = std::str::from_utf8(trimmed(text.as_bytes())).ok()?;
    let (is_negative, text) = match text.as_bytes().first() {
        Some(b'-') => (true, text.get(1..)?),
        Some(b'+') => (false, text.get(1..)?),
        _ => (false, text),
    };
    let (radix, text) = match (digits, text.get(..2)) {
        (Digits::Literal, Some("0x" | "0X")) => (16, after_prefix(text)),
        (Digits::Literal, Some("0o" | "0O")) => (8, after_prefix(text)),
        (Digits::Literal, Some("0b" | "0B")) => (2, after_prefix(text)),
        (Digits::Literal, _) if text.starts_with('0') && text.bytes().any(|byte| !matches!(byte, b'0' | b'_')) => {
            (8, text)
        }
        _ => (10, text),
    };
    // An underscore stands between two digits only.
    let is_sound = text.split('_').all(|part| !part.is_empty() && part.chars().all(|digit| digit.is_digit(radix)));
    let digits = text.replace('_', "");
    let number = i128::from_str_radix(&digits, radix).map(|number| if is_negative { -number } else { number });
    is_sound.then(|| number.ok().and_then(|number| i64::try_from(number).ok()).map_or(Whole::Big, Whole::Small))
}

/// After `0x` and its like, one underscore may stand before the first digit.
fn after_prefix(text: &str) -> &str {
    let digits = text.get(2..).unwrap_or_default();
    digits.strip_prefix('_').unwrap_or(digits)
}

/// A number with a fraction, as `float` in Python or the C reader takes it.
pub(super) fn decimal(bytes: &[u8]) -> Option<f64> {
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = std::str::from_utf8(trimmed(bytes)).ok()?;
    let is_between_digits = |at: usize| {
        let neighbors = [at.checked_sub(1), Some(at + 1)].map(|at| at.and_then(|at| text.as_bytes().get(at)));
        neighbors.iter().all(|byte| byte.is_some_and(u8::is_ascii_digit))
    };
    let is_sound = text.match_indices('_').all(|(at, _)| is_between_digits(at));
    text.replace('_', "").parse().ok().filter(|_| is_sound)
}

/// Without what C takes for white space, the vertical tab included.
fn trimmed(bytes: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0B;
    let start = bytes.iter().position(|byte| !is_space(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    bytes.get(start..end).unwrap_or_default()
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
            // Two in a row are two, and what follows is text.
            (b'\\', Some(b'\\')) => {
                text.push_str("\\\\");
                after.get(1..).unwrap_or_default()
            }
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
    // In octal, Python keeps the low eight bits.
    let number = if radix == 8 { number.map(|number| number & 0xFF) } else { number };
    text.push(number.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_python_reads_them() {
        let small = |number| Some(Whole::Small(number));
        for (text, number) in [
            ("12", small(12)),
            (" +1_0 ", small(10)),
            ("-7L", small(-7)),
            ("1_0L", small(10)),
            ("0x1F", small(31)),
            ("0x_1f", small(31)),
            ("-0b1_1", small(-3)),
            ("0o17", small(15)),
            ("017", small(15)),
            ("00", small(0)),
            ("0_0", small(0)),
            ("\x0B7\x0C\r", small(7)),
            ("7\0os", small(7)),
            ("12 L", small(12)),
            ("9223372036854775807", small(i64::MAX)),
            ("9223372036854775808", Some(Whole::Big)),
            ("123456789012345678901234567890123456789012345678901234567890", Some(Whole::Big)),
            ("x", None),
            ("", None),
            ("_1", None),
            ("1_", None),
            ("1__0", None),
            ("0x", None),
            ("0x__1", None),
            ("09", None),
            ("1 0", None),
            ("+-1", None),
            ("1.0", None),
        ] {
            assert_eq!(whole(text.as_bytes(), Digits::Literal), number, "{text}");
        }
        for (text, number) in [("010", small(10)), ("1_0", small(10)), ("0x1", None), ("1L", None)] {
            assert_eq!(whole(text.as_bytes(), Digits::Decimal), number, "{text}");
        }
        for (text, number) in [
            ("1.5", Some(1.5)),
            (" 1_0.5e1_0\x0B", Some(10.5e10)),
            ("1.", Some(1.0)),
            (".5", Some(0.5)),
            ("-Infinity", Some(f64::NEG_INFINITY)),
            ("1.5\0x", Some(1.5)),
            ("1_.5", None),
            ("_1", None),
            ("e5", None),
            ("0x1", None),
            ("", None),
        ] {
            assert_eq!(decimal(text.as_bytes()), number, "{text}");
        }
        assert!(decimal(b"nan").is_some_and(f64::is_nan));
    }

    #[test]
    fn escapes_cannot_hide_a_name() {
        assert_eq!(quoted(br"'o\x73'"), "os");
        assert_eq!(quoted(br#""\157s\n\q\\" "#), "os\n\\q\\");
        assert_eq!(quoted(br"'\557s'"), "os", "Python keeps the low eight bits");
        assert_eq!(quoted(b"'\\"), "");
        assert_eq!(quoted(b"'"), "");
        assert_eq!(raw_unicode(br"\u006fs\U0000006f\x"), "oso\\x");
        assert_eq!(raw_unicode(br"\\u006fs"), r"\\u006fs");
        assert_eq!(raw_unicode(b"\\u00"), "00");
        assert_eq!(raw_unicode(b"\xE9"), "é");
    }
}

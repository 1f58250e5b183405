//! Pickles in what Stable-Baselines3 saves: a zip whose member `data` is JSON, with cloudpickles as base64 in it.
//!
//! Loading it unpickles the text under `:serialized:` of every object of the top level (`json_to_data` of
//! stable_baselines3 2.9). Classes, spaces and schedules of every model stand there, so most of what they import says
//! nothing; see `Scan::read_by_stable_baselines`.

use std::io::{self, Read};

use super::search::{MAX_PARTS, Part, Search};
use super::{Access, Pickle};
use crate::pickle::{self, Reading, Source};
use crate::source::json::{Dialect, Event, EventKind, Parser};

/// The member's name.
pub(super) const MEMBER: &str = "data";

/// A member that such zips have beside it, and others hardly.
pub(super) const VERSION_MEMBER: &str = "_stable_baselines3_version";

/// How many bytes of the JSON are read. The bounds of large pictures, as numbers, come to some megabytes.
const MAX_BYTES: u64 = 24 * 1024 * 1024;

/// How many characters of a field's name are shown.
const LONGEST_NAME: usize = 80;

/// Scans the pickles of a member named [`MEMBER`], if it is what Stable-Baselines3 writes; `is_known` says that the zip
/// is one of its own.
pub(super) fn scan(search: &mut Search<'_>, part: &Part<'_>, is_known: bool) -> io::Result<()> {
    let mut bytes = Vec::new();
    let read = part.content.open().and_then(|opened| opened.take(MAX_BYTES).read_to_end(&mut bytes));
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return Ok(());
    }
    let mut unread = read.err().map(|error| search.reason(&error));
    if bytes.len() as u64 == MAX_BYTES {
        unread.get_or_insert("it is larger than what is read".to_owned());
    }
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            unread.get_or_insert("it is not text in UTF-8".to_owned());
            bytes.get(..error.valid_up_to()).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or_default()
        }
    };
    let mut found = 0;
    let mut fields = Fields::new(text);
    while let Some((name, serialized)) = fields.next() {
        found += 1;
        if found > MAX_PARTS {
            unread.get_or_insert("it has more fields than are looked at".to_owned());
            break;
        }
        let shown: String = name.chars().take(LONGEST_NAME).collect();
        let member = part.member.as_ref().map(|member| format!("{member} › {shown}"));
        let pickle = decoded(&serialized);
        let mut scan = pickle::scan(&mut Source::bytes(&pickle, 0), Reading::Plain)?;
        scan.read_by_stable_baselines();
        if let Some(unread) = &scan.unread {
            search.pickles.skip(member.as_deref(), Access::Loader, unread.clone());
        }
        search.pickles.add(Pickle { member, in_file: false, is_setting: true, scan });
    }
    if fields.is_odd {
        unread.get_or_insert("it is not JSON that can be read to its end".to_owned());
    }
    // A member of that name may be anything.
    if let Some(why) = unread.filter(|_| is_known || found > 0) {
        let part = Part { access: Access::Loader, ..part.clone() };
        search.skip(&part, None, why);
    }
    Ok(())
}

/// The texts under `:serialized:`, each with the name of its field.
struct Fields<'t> {
    parser: Parser<'t>,
    /// The last key of the top level.
    name: String,
    /// Whether Python would refuse the text.
    is_odd: bool,
}

impl<'t> Fields<'t> {
    fn new(text: &'t str) -> Self {
        Self { parser: Parser::new(text, Dialect::Python), name: String::new(), is_odd: false }
    }

    fn next(&mut self) -> Option<(String, std::borrow::Cow<'t, str>)> {
        let mut is_serialized = false;
        loop {
            match self.parser.next() {
                Some(Ok(Event { kind: EventKind::Key(key), .. })) => match self.parser.depth() {
                    1 => self.name = key.into_owned(),
                    depth => is_serialized = depth == 2 && key == ":serialized:",
                },
                Some(Ok(Event { kind: EventKind::String(text), .. })) if is_serialized => {
                    return Some((self.name.clone(), text));
                }
                Some(Ok(_)) => is_serialized = false,
                Some(Err(_)) => self.is_odd = true,
                None => {
                    self.is_odd |= self.parser.depth() > 0;
                    return None;
                }
            }
        }
    }
}

/// What base64 stands for, as Python reads it: other characters are skipped. Older versions stop at the padding
/// and newer ones do not, which gives the same bytes and more.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.bytes() {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        held = held << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_python_reads_it() {
        for (text, wanted) in [
            ("", b"".as_slice()),
            ("aGVsbG8=", b"hello"),
            ("aGVs\nbG8", b"hello"),
            ("a-G*V_s bG8=", b"hello"),
            ("+/+/", b"\xFB\xFF\xBF"),
            ("Q", b""),
        ] {
            assert_eq!(decoded(text), wanted, "{text}");
        }
        assert!(decoded("aGVsbG8=d29ybGQ=").starts_with(b"hello"));
    }

    #[test]
    fn fields_are_those_that_a_load_reads() {
        let fields = |text| {
            let mut fields = Fields::new(text);
            let mut found = Vec::new();
            while let Some((name, text)) = fields.next() {
                found.push(format!("{name}={text}"));
            }
            (found, fields.is_odd)
        };
        let text = r#"{"a": {":type:": "x", ":serialized:": "QQ", "q": "no"}, "b": [":serialized:", "no"], "c": "no",
            "d": {"e": {":serialized:": "no"}, ":serialized\u003a": "Qg", "f": NaN}, "g": {":serialized:": ["no"]}}"#;
        assert_eq!(fields(text), (vec!["a=QQ".to_owned(), "d=Qg".to_owned()], false));
        assert_eq!(fields(r#"{"a": {":serialized:": "QQ""#), (vec!["a=QQ".to_owned()], true));
    }
}

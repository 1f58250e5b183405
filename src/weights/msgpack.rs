//! Enough of msgpack to know Flax weights.

/// How deep maps may nest before the walk gives up.
const MAX_DEPTH: usize = 64;

/// Whether the head of a file is a map of text keys that leads to one of Flax's arrays (extension type 1 to 3, or its
/// marker for arrays in pieces). Other msgpack is not recognized: it could be anything.
pub(super) fn is_flax(head: &[u8]) -> bool {
    flax(head).unwrap_or(false)
}

/// Whether a file begins as a list or map in msgpack, which every document of some size is.
pub(super) fn opens(head: &[u8]) -> bool {
    matches!(head, [0x80 | 0x90] | [0x81..=0x8F | 0x91..=0x9F | 0xDC..=0xDF, ..])
}

/// None where the bytes are not msgpack, or end first.
fn flax(head: &[u8]) -> Option<bool> {
    // For each open map or list: how many items are left, and whether it is a map at a key.
    let mut open: Vec<(u64, bool)> = Vec::new();
    let mut at = 0;
    loop {
        let first = *head.get(at)?;
        at += 1;
        let is_key = match open.last_mut() {
            Some((left @ 1.., is_map)) => {
                *left -= 1;
                *is_map && *left % 2 == 1
            }
            Some(_) => {
                open.pop();
                at -= 1;
                continue;
            }
            None => false,
        };
        let one = || big_endian(head, at, 1);
        let two = || big_endian(head, at, 2);
        let four = || big_endian(head, at, 4);
        let (width, kind) = match first {
            0x80..=0x8F => (0, Item::Map(u64::from(first & 0x0F))),
            0xDE => (2, Item::Map(two()?)),
            0xDF => (4, Item::Map(four()?)),
            0x90..=0x9F => (0, Item::List(u64::from(first & 0x0F))),
            0xDC => (2, Item::List(two()?)),
            0xDD => (4, Item::List(four()?)),
            0xA0..=0xBF => (0, Item::Text(u64::from(first & 0x1F))),
            0xD9 => (1, Item::Text(one()?)),
            0xDA => (2, Item::Text(two()?)),
            0xDB => (4, Item::Text(four()?)),
            0xC4 => (1, Item::Other(one()?)),
            0xC5 => (2, Item::Other(two()?)),
            0xC6 => (4, Item::Other(four()?)),
            0xC7 => (1, Item::Extension),
            0xC8 => (2, Item::Extension),
            0xC9 => (4, Item::Extension),
            0xD4..=0xD8 => (0, Item::Extension),
            0xC0 | 0xC2 | 0xC3 | 0x00..=0x7F | 0xE0..=0xFF => (0, Item::Other(0)),
            0xCC | 0xD0 => (0, Item::Other(1)),
            0xCD | 0xD1 => (0, Item::Other(2)),
            0xCA | 0xCE | 0xD2 => (0, Item::Other(4)),
            0xCB | 0xCF | 0xD3 => (0, Item::Other(8)),
            0xC1 => return None,
        };
        at += width;
        match kind {
            _ if open.is_empty() && !matches!(kind, Item::Map(1..)) => return Some(false),
            Item::Text(length) => {
                let end = at.checked_add(usize::try_from(length).ok()?)?;
                let text = std::str::from_utf8(head.get(at..end)?).ok()?;
                if is_key && text == "__msgpack_chunked_array__" {
                    return Some(true);
                }
                at = end;
            }
            _ if is_key => return Some(false),
            Item::Map(pairs) => open.push((pairs.checked_mul(2)?, true)),
            Item::List(items) => open.push((items, false)),
            Item::Other(length) => at = at.checked_add(usize::try_from(length).ok()?)?,
            Item::Extension => return Some(matches!(head.get(at), Some(1..=3))),
        }
        if open.len() > MAX_DEPTH {
            return None;
        }
    }
}

fn big_endian(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    Some(bytes.get(at..at + width)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

enum Item {
    Map(u64),
    List(u64),
    Text(u64),
    Other(u64),
    Extension,
}

//! The groups and datasets of an HDF5 file: how large datasets claim to be, and what lies in other files.
//!
//! Read are object headers, the tables and links of groups, and no numbers. Only files whose addresses and lengths have eight
//! bytes are followed, as every writer of weights has them; groups that keep their links in a heap of their own are not.

use std::collections::HashSet;
use std::io::{self, Read, Seek};

use super::super::active::{Active, Actives, Danger};
use crate::bytes::fault::{Fault, FaultKind, Faults, shown};
use crate::bytes::input::{Input, u16_at, u32_at, u64_at};
use crate::words::grouped;

/// How many objects are looked at. The largest models have some thousand layers.
const MAX_OBJECTS: usize = 20_000;

/// How many bytes of one header, table or heap are read.
const MAX_BLOCK: usize = 64 * 1024;

/// How many blocks of one header are followed.
const MAX_BLOCKS: usize = 64;

/// How deep the tables of one group may be.
const MAX_TABLES: usize = 10_000;

/// No dataset of weights takes more: a terabyte of numbers.
const MOST_BYTES: u128 = 1 << 40;

/// What compression makes of zeros at best, and some more.
const BEST_RATIO: u128 = 1100;

const DAMAGED: &str = "Save the file again. Readers make room for this many numbers, so loading fails.";
const ELSEWHERE: &str =
    "Save the model again with its numbers in this file. Loading it reads that file on the machine of your users.";

/// An object that waits, with its path.
struct Waiting {
    address: u64,
    path: String,
}

/// What is wrong with the datasets of a file whose superblock starts here, and in `active`, what leads to other files.
pub(in crate::weights) fn check<R: Read + Seek>(
    input: &mut Input<R>,
    start: u64,
    active: &mut Actives,
) -> io::Result<Vec<Fault>> {
    let mut walk = Walk { base: start, faults: Faults::default(), active, waiting: Vec::new(), input };
    let Some(root) = walk.root()? else { return Ok(Vec::new()) };
    let mut seen = HashSet::new();
    walk.waiting.push(Waiting { address: root, path: String::new() });
    while let Some(object) = walk.waiting.pop() {
        if seen.len() >= MAX_OBJECTS {
            let message = format!("the file has more than {} groups and datasets", grouped(MAX_OBJECTS as u64));
            walk.faults.push(Fault::new(FaultKind::Limit, message, "Check the rest by other means. It was not read."));
            break;
        }
        if seen.insert(object.address) {
            walk.object(&object)?;
        }
    }
    Ok(walk.faults.into_vec())
}

struct Walk<'i, 'a, R> {
    input: &'i mut Input<R>,
    base: u64,
    faults: Faults,
    active: &'a mut Actives,
    waiting: Vec<Waiting>,
}

/// What the header of one dataset says.
#[derive(Default)]
struct Dataset {
    elements: Option<u128>,
    bytes: Option<u128>,
    /// Where its numbers are, and how many bytes, where they lie in one piece.
    piece: Option<(u64, u64)>,
}

impl<R: Read + Seek> Walk<'_, '_, R> {
    fn read(&mut self, address: u64, length: usize) -> io::Result<Vec<u8>> {
        match self.base.checked_add(address) {
            Some(at) => self.input.read(at, length),
            None => Ok(Vec::new()),
        }
    }

    /// The address of the root's header.
    fn root(&mut self) -> io::Result<Option<u64>> {
        let block = self.read(0, 128)?;
        Ok(match block.get(8) {
            // The root stands in a symbol table entry after the addresses.
            Some(0) if block.get(13..15) == Some(&[8, 8]) => u64_at(&block, 64),
            Some(1) if block.get(13..15) == Some(&[8, 8]) => u64_at(&block, 68),
            Some(2 | 3) if block.get(9..11) == Some(&[8, 8]) => u64_at(&block, 36),
            _ => None,
        })
    }

    fn object(&mut self, object: &Waiting) -> io::Result<()> {
        let mut dataset = Dataset::default();
        for (kind, message) in self.messages(object.address)? {
            match kind {
                0x01 => dataset.elements = elements(&message),
                0x03 => dataset.bytes = u32_at(&message, 4).map(u128::from),
                0x06 => self.link(&message, object),
                0x07 => self.elsewhere(&object.path, "has its numbers in other files"),
                0x08 => match (message.first(), message.get(1)) {
                    (Some(3 | 4), Some(1)) => dataset.piece = u64_at(&message, 2).zip(u64_at(&message, 10)),
                    (Some(4), Some(3)) => self.elsewhere(&object.path, "is put together from other datasets"),
                    _ => {}
                },
                0x11 => {
                    if let (Some(table), Some(heap)) = (u64_at(&message, 0), u64_at(&message, 8)) {
                        self.table(table, heap, object)?;
                    }
                }
                _ => {}
            }
        }
        if let Some(fault) = dataset.fault(&object.path, self.input.size(), self.base) {
            self.faults.push(fault.tensor(object.path.as_str()));
        }
        Ok(())
    }

    fn elsewhere(&mut self, path: &str, what: &str) {
        self.active.push(Active::new(Danger::MayRun, format!("the dataset {} {what}", shown(path)), ELSEWHERE));
    }

    /// The messages of an object's header.
    fn messages(&mut self, address: u64) -> io::Result<Vec<(u16, Vec<u8>)>> {
        let head = self.read(address, 64)?;
        let mut found = Vec::new();
        let (mut blocks, is_new, has_order) = match head.as_slice() {
            [b'O', b'H', b'D', b'R', 2, flags, ..] => {
                let width = 1_usize << (flags & 3);
                let at = 6 + if flags & 0x20 > 0 { 16 } else { 0 } + if flags & 0x10 > 0 { 4 } else { 0 };
                let size = number(head.get(at..at + width).unwrap_or_default());
                (vec![(address.saturating_add((at + width) as u64), size)], true, flags & 4 > 0)
            }
            [1, 0, ..] => {
                let size = u64::from(u32_at(&head, 8).unwrap_or_default());
                (vec![(address.saturating_add(16), size)], false, false)
            }
            _ => return Ok(found),
        };
        let mut done = 0;
        while let Some((at, size)) = blocks.pop() {
            done += 1;
            if done > MAX_BLOCKS {
                break;
            }
            let bytes = self.read(at, usize::try_from(size).unwrap_or(MAX_BLOCK).min(MAX_BLOCK))?;
            let mut rest = bytes.as_slice();
            if is_new {
                rest = rest.strip_prefix(b"OCHK").unwrap_or(rest);
            }
            while let Some((kind, flags, message, after)) = message(rest, is_new, has_order) {
                rest = after;
                // A shared message stands elsewhere.
                if flags & 2 > 0 {
                    continue;
                }
                match (kind, u64_at(message, 0), u64_at(message, 8)) {
                    (0x10, Some(at), Some(size)) => blocks.push((at, size)),
                    _ => found.push((kind, message.to_vec())),
                }
            }
        }
        Ok(found)
    }

    /// A link of a group.
    fn link(&mut self, message: &[u8], group: &Waiting) {
        let Some(&flags) = message.get(1).filter(|_| message.first() == Some(&1)) else { return };
        let mut at = 2;
        let kind = if flags & 8 > 0 { message.get(at).copied().unwrap_or_default() } else { 0 };
        at += usize::from(flags & 8 > 0) + if flags & 4 > 0 { 8 } else { 0 } + usize::from(flags & 0x10 > 0);
        let width = 1_usize << (flags & 3);
        let Ok(length) = usize::try_from(number(message.get(at..at + width).unwrap_or_default())) else { return };
        at += width;
        let Some(end) = at.checked_add(length) else { return };
        let path = below(&group.path, message.get(at..end).unwrap_or_default());
        match kind {
            0 => {
                let address = u64_at(message, end);
                self.waiting.extend(address.map(|address| Waiting { address, path }));
            }
            64 => {
                let target = message.get(end + 3..).unwrap_or_default();
                let file = target.split(|byte| *byte == 0).next().unwrap_or_default();
                let file = String::from_utf8_lossy(file);
                let text = format!("the link {} leads to another file, {}", shown(&path), shown(&file));
                self.active.push(Active::new(Danger::MayRun, text, ELSEWHERE));
            }
            _ => {}
        }
    }

    /// The entries of a group of the old kind: a tree of tables, and a heap of names.
    fn table(&mut self, root: u64, heap: u64, group: &Waiting) -> io::Result<()> {
        let head = self.read(heap, 32)?;
        let (Some(length), Some(at)) = (u64_at(&head, 8), u64_at(&head, 24)) else { return Ok(()) };
        if !head.starts_with(b"HEAP") {
            return Ok(());
        }
        let names = self.read(at, usize::try_from(length).unwrap_or(MAX_BLOCK).min(MAX_BLOCK))?;
        let (mut nodes, mut seen) = (vec![root], HashSet::new());
        while let Some(node) = nodes.pop() {
            if seen.len() >= MAX_TABLES || !seen.insert(node) {
                continue;
            }
            let head = self.read(node, 24)?;
            let count = usize::from(u16_at(&head, 6).unwrap_or_default());
            if head.starts_with(b"TREE\0") {
                let entries = self.read(node.saturating_add(24), (count * 16 + 8).min(MAX_BLOCK))?;
                nodes.extend((0..count).filter_map(|entry| u64_at(&entries, entry * 16 + 8)));
            } else if head.starts_with(b"SNOD") {
                let entries = self.read(node.saturating_add(8), (count * 40).min(MAX_BLOCK))?;
                for entry in entries.chunks_exact(40) {
                    let (Some(name), Some(address)) = (u64_at(entry, 0), u64_at(entry, 8)) else { continue };
                    let name = usize::try_from(name).ok().and_then(|name| names.get(name..)).unwrap_or_default();
                    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
                    // A soft link is a path inside the file.
                    if u32_at(entry, 16) != Some(2) && self.waiting.len() < MAX_OBJECTS {
                        self.waiting.push(Waiting { address, path: below(&group.path, name) });
                    }
                }
            }
        }
        Ok(())
    }
}

impl Dataset {
    /// What is wrong with it in a file of so many bytes.
    fn fault(&self, path: &str, size: u64, base: u64) -> Option<Fault> {
        let (elements, bytes) = (self.elements?, self.bytes?);
        let needed = elements.saturating_mul(bytes);
        if needed > MOST_BYTES.max(u128::from(size) * BEST_RATIO) {
            let count = u64::try_from(elements).map_or_else(|_| "more numbers than can be counted".to_owned(), grouped);
            let message =
                format!("{} has {count} elements, and the whole file has {} bytes", shown(path), grouped(size));
            return Some(Fault::new(FaultKind::Size, message, DAMAGED));
        }
        let (at, stored) = self.piece.filter(|(at, _)| *at != u64::MAX)?;
        let end = base.checked_add(at).and_then(|at| at.checked_add(stored));
        if end.is_some_and(|end| end <= size) {
            return None;
        }
        let message = format!("{} ends beyond the end of the file, which has {} bytes", shown(path), grouped(size));
        let help = "Upload the file again from the original. It was cut short, or is damaged.";
        Some(Fault::new(FaultKind::CutShort, message, help).at(size))
    }
}

/// The next message of a block: its kind, flags and content, and what follows it.
fn message(bytes: &[u8], is_new: bool, has_order: bool) -> Option<(u16, u8, &[u8], &[u8])> {
    let (kind, length, flags, start) = if is_new {
        (u16::from(*bytes.first()?), u16_at(bytes, 1)?, *bytes.get(3)?, if has_order { 6 } else { 4 })
    } else {
        (u16_at(bytes, 0)?, u16_at(bytes, 2)?, *bytes.get(4)?, 8)
    };
    let end = start + usize::from(length);
    Some((kind, flags, bytes.get(start..end)?, bytes.get(end..)?))
}

/// How many elements a dataspace has; one where it has no dimensions.
fn elements(message: &[u8]) -> Option<u128> {
    let rank = usize::from(*message.get(1)?);
    let start = match message.first()? {
        1 => 8,
        // Of a dataspace without elements the fourth byte says so.
        2 if message.get(3) == Some(&2) => return Some(0),
        2 => 4,
        _ => return None,
    };
    let mut sizes = (0..rank).map(|dimension| u64_at(message, start + dimension * 8));
    sizes.try_fold(1_u128, |product, size| Some(product.saturating_mul(u128::from(size?))))
}

/// A little-endian number of up to eight bytes.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn below(path: &str, name: &[u8]) -> String {
    /// How long a path may become.
    const LONGEST: usize = 1024;
    let name = String::from_utf8_lossy(name);
    let path = if path.is_empty() { name.into_owned() } else { format!("{path}/{name}") };
    path.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::bytes::testing::{Random, mutate, rounds};

    /// A header of the old kind with these messages, at a multiple of eight.
    fn header(messages: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let mut body = Vec::new();
        for (kind, content) in messages {
            body.extend(kind.to_le_bytes());
            body.extend((content.len() as u16).to_le_bytes());
            body.extend([0; 4]);
            body.extend(content);
        }
        let mut bytes = vec![1, 0];
        bytes.extend((messages.len() as u16).to_le_bytes());
        bytes.extend([1, 0, 0, 0]);
        bytes.extend((body.len() as u32).to_le_bytes());
        bytes.extend([0; 4]);
        bytes.extend(body);
        bytes
    }

    fn link(name: &str, kind: u8, target: &[u8]) -> (u16, Vec<u8>) {
        (6, [&[1, 8, kind, name.len() as u8], name.as_bytes(), target].concat())
    }

    /// A file with a dataset `w` of these dimensions, in one piece, and other links.
    fn file(dimensions: &[u64], piece: (u64, u64), more: &[(u16, Vec<u8>)]) -> Vec<u8> {
        const DATASET: u64 = 1024;
        let mut bytes = b"\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08\0".to_vec();
        bytes.resize(64, 0);
        bytes.extend(96_u64.to_le_bytes());
        bytes.resize(96, 0);
        let mut links = vec![link("w", 0, &DATASET.to_le_bytes())];
        links.extend_from_slice(more);
        bytes.extend(header(&links));
        bytes.resize(DATASET as usize, 0);
        let sizes: Vec<u8> = dimensions.iter().flat_map(|size| size.to_le_bytes()).collect();
        let space = [&[2, dimensions.len() as u8, 0, 1], sizes.as_slice()].concat();
        let layout = [&[3, 1], piece.0.to_le_bytes().as_slice(), &piece.1.to_le_bytes()].concat();
        bytes.extend(header(&[(1, space), (3, vec![0x11, 0, 0, 0, 4, 0, 0, 0]), (8, layout)]));
        bytes.resize(2048, 0);
        bytes
    }

    fn said(bytes: &[u8]) -> Vec<String> {
        let mut input = Input::new(Cursor::new(bytes), bytes.len() as u64).unwrap();
        let mut active = Actives::default();
        let faults = check(&mut input, 0, &mut active).unwrap();
        let found = active.into_vec().into_iter().map(|active| active.message);
        faults.into_iter().map(|fault| fault.message).chain(found).collect()
    }

    #[test]
    fn datasets_fit_into_the_file() {
        assert_eq!(said(&file(&[3, 4], (1500, 48), &[])), Vec::<String>::new());
        assert_eq!(said(&file(&[1 << 37], (u64::MAX, 0), &[])), Vec::<String>::new(), "room that is not taken yet");
        assert_eq!(
            said(&file(&[1_000_000_000, 1_000_000_000], (u64::MAX, 0), &[])),
            ["`w` has 1,000,000,000,000,000,000 elements, and the whole file has 2,048 bytes"]
        );
        let cut = ["`w` ends beyond the end of the file, which has 2,048 bytes"];
        assert_eq!(said(&file(&[3, 4], (2001, 48), &[])), cut);
        assert_eq!(said(&file(&[3, 4], (u64::MAX - 8, 48), &[])), cut);
    }

    #[test]
    fn what_lies_in_other_files_is_named() {
        let outside = link("x", 64, b"\x10\0\0/etc/passwd\0/y\0");
        let soft = link("s", 1, b"\x02\0/w");
        assert_eq!(
            said(&file(&[3], (1500, 12), &[soft, outside])),
            ["the link `x` leads to another file, `/etc/passwd`"]
        );
    }

    #[test]
    fn groups_that_contain_themselves_end() {
        let itself = link("again", 0, &96_u64.to_le_bytes());
        assert_eq!(said(&file(&[3], (1500, 12), &[itself])), Vec::<String>::new());
    }

    #[test]
    fn no_mutation_breaks_the_walk() {
        let seed = file(&[3, 4], (1500, 48), &[link("x", 64, b"\x05\0\0f\0/y\0")]);
        let mut random = Random::new(31);
        for _ in 0..rounds(4000) {
            said(&mutate(&seed, &mut random));
        }
    }
}

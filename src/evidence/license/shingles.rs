//! The licenses of SPDX, by the share of their three-word runs ("shingles") in a text.
//!
//! `spdx.tsv`: one text a row: the Hub's id, one in how many hashes was kept (long texts are sampled), how many these are,
//! and the hashes in hexadecimal, sorted. It contains no license's words. Thresholds as measured on some 4,000 license files: no wrong
//! verdict among them.

use super::Recognized;

const TABLE: &str = include_str!("spdx.tsv");

/// Shorter texts are a reference to a license, not its text.
const FEWEST_WORDS: usize = 20;

/// Runs of words that a file may hold beside its license: a title, whose work it is, a name in a clause.
const MOST_ADDED: usize = 120;

/// So many hashes of a license are compared first: sorted hashes are a random sample, and a text that contains less than
/// half of them is far from holding the 88 % that any verdict needs.
const PROBE: usize = 32;

/// Words in a run.
const RUN: usize = 3;

/// How a license's text and a file overlap.
#[derive(Clone, Copy, Debug)]
struct Overlap {
    id: &'static str,
    row: usize,
    /// The share of the license that stands in the file.
    cover: f64,
    /// The share of the file that is the license.
    purity: f64,
    dice: f64,
    /// How many runs of words of the file are not the license's.
    foreign: usize,
}

pub(super) fn recognize(text: &str) -> Option<Recognized> {
    let words = Words::of(text);
    if words.len() < FEWEST_WORDS {
        return None;
    }
    let file: Vec<u32> = words.hashes().collect();
    let known = Glance::of(&file);
    let mut sampled: Vec<(u32, Vec<u32>)> = Vec::new();
    let mut overlaps: Vec<Overlap> = Vec::new();
    for (row, (id, every, hashes)) in table().enumerate() {
        if !known.may_hold_half(hashes.clone().take(PROBE)) {
            continue;
        }
        if sampled.iter().all(|(other, _)| *other != every) {
            sampled.push((every, sorted(sample(file.iter().copied(), every))));
        }
        let Some((_, part)) = sampled.iter().find(|(other, _)| *other == every) else { continue };
        let license: Vec<u32> = hashes.collect();
        let probe = license.get(..PROBE).unwrap_or(&license);
        if common(probe, part) * 2 < probe.len() {
            continue;
        }
        let shared = common(&license, part);
        let foreign = (part.len() - shared) * every as usize;
        let both = shared as f64;
        let of = |whole: usize| if whole == 0 { 0.0 } else { both / whole as f64 };
        let dice = 2.0 * both / (license.len() + part.len()).max(1) as f64;
        let overlap = Overlap { id, row, cover: of(license.len()), purity: of(part.len()), dice, foreign };
        // Of a license's texts (with and without its appendix), the nearest counts.
        match overlaps.iter_mut().find(|known| known.id == id) {
            Some(known) if known.dice < dice => *known = overlap,
            Some(_) => {}
            None => overlaps.push(overlap),
        }
    }
    overlaps.sort_by(|a, b| b.dice.total_cmp(&a.dice));
    let best = *overlaps.first()?;
    let next = overlaps.get(1).map_or(0.0, |next| next.dice);
    let several = overlaps.iter().skip(1).any(|other| other.cover >= 0.95 && !stands_in(other.row, best.row));
    if several {
        return None;
    }
    if best.cover >= 0.95 && best.purity < 0.80 {
        return Some(Recognized { id: best.id, name: None, whole: false });
    }
    let near = best.dice >= 0.93 || best.dice >= 0.86 && best.dice >= next + 0.03;
    // A clause more, or an exception: the license is there, and what it means was changed.
    let added = best.foreign > MOST_ADDED || best.cover >= 0.97 && best.purity < 0.9;
    let whole = !added;
    (best.cover >= 0.88 && best.purity >= 0.80 && near).then_some(Recognized { id: best.id, name: None, whole })
}

/// Id, one in how many hashes, hashes. A row says how many it has, so that the next is found without reading it through.
fn table() -> impl Iterator<Item = (&'static str, u32, impl ExactSizeIterator<Item = u32> + Clone)> {
    let mut rest = TABLE.split_once('\n').map_or("", |(_, rows)| rows);
    std::iter::from_fn(move || {
        let mut columns = rest.splitn(4, '\t');
        let (id, every, count) =
            (columns.next()?, columns.next()?.parse().ok()?, columns.next()?.parse::<usize>().ok()?);
        let (hashes, after) = columns.next()?.split_at_checked(count * HEX)?;
        rest = after.strip_prefix('\n').unwrap_or(after);
        Some((id, every, hashes.as_bytes().chunks(HEX).map(number)))
    })
}

/// Digits of a hash in the table.
const HEX: usize = 8;

/// The number that hexadecimal digits write. The digits are the table's own, and thousands of them are read.
fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, digit| number << 4 | u32::from((digit & 0xF) + 9 * (digit >> 6)))
}

/// The hashes of a file as a set that may hold others, too: enough to see that it is far from a license.
struct Glance(Vec<u64>);

impl Glance {
    fn of(hashes: &[u32]) -> Self {
        // Sixteen bits for each hash leave one in sixteen to chance.
        let mut bits = vec![0_u64; (hashes.len() / 4).next_power_of_two()];
        for hash in hashes {
            let (word, bit) = Self::place(bits.len(), *hash);
            if let Some(word) = bits.get_mut(word) {
                *word |= bit;
            }
        }
        Self(bits)
    }

    /// Whether at least half of some hashes may be there.
    fn may_hold_half(&self, hashes: impl ExactSizeIterator<Item = u32>) -> bool {
        let mut may_lack = hashes.len() / 2 + 1;
        for hash in hashes {
            let (word, bit) = Self::place(self.0.len(), hash);
            if self.0.get(word).is_none_or(|word| word & bit == 0) {
                may_lack -= 1;
                if may_lack == 0 {
                    return false;
                }
            }
        }
        true
    }

    /// The word and the bit of a hash among so many words, a power of two.
    fn place(words: usize, hash: u32) -> (usize, u64) {
        ((hash as usize / 64) & (words - 1), 1 << (hash % 64))
    }
}

/// Whether nearly all of one license's text stands in another's, as BSD-2-Clause does in BSD-3-Clause.
fn stands_in(inner: usize, outer: usize) -> bool {
    let (Some((_, _, inner)), Some((_, _, outer))) = (table().nth(inner), table().nth(outer)) else { return false };
    // Both in the coarsest sample.
    let inner: Vec<u32> = sample(inner, COARSEST).collect();
    let outer: Vec<u32> = sample(outer, COARSEST).collect();
    common(&inner, &outer) as f64 >= 0.9 * inner.len() as f64
}

/// The sample of the longest texts: one hash in so many.
const COARSEST: u32 = 4;

/// The words of a text, in lower case, without lines that say whose copyright it is.
struct Words {
    /// Each word with a space after it.
    text: Vec<u8>,
    /// Where each word starts, and where the last one ends.
    starts: Vec<usize>,
}

impl Words {
    fn of(text: &str) -> Self {
        let mut words = Self { text: Vec::with_capacity(text.len() + 1), starts: vec![0] };
        for line in text.lines() {
            let opening = line.trim_start_matches(|c: char| c.is_whitespace() || "#*>-•\u{feff}".contains(c));
            let opens = |mark: &str| opening.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
            if ["copyright", "(c)", "©"].into_iter().any(opens) {
                continue;
            }
            let mut is_inside = false;
            for byte in line.bytes().chain([b' ']) {
                if byte.is_ascii_alphanumeric() {
                    words.text.push(byte.to_ascii_lowercase());
                } else if is_inside {
                    words.text.push(b' ');
                    words.starts.push(words.text.len());
                }
                is_inside = byte.is_ascii_alphanumeric();
            }
        }
        words
    }

    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The hashes of every run of words.
    fn hashes(&self) -> impl Iterator<Item = u32> {
        let runs = self.starts.iter().zip(self.starts.iter().skip(RUN));
        runs.map(|(start, end)| hash(self.text.get(*start..*end).unwrap_or_default()))
    }
}

/// FNV-1a, 32 bits.
fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn sample(hashes: impl Iterator<Item = u32>, every: u32) -> impl Iterator<Item = u32> {
    hashes.filter(move |hash| every < 2 || hash % every == 0)
}

/// In order, each once.
fn sorted(hashes: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut hashes: Vec<u32> = hashes.collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// How many numbers two sorted lists share.
fn common(a: &[u32], b: &[u32]) -> usize {
    let mut b = b.iter().peekable();
    let mut shared = 0;
    for number in a {
        while b.next_if(|other| *other < number).is_some() {}
        shared += usize::from(b.peek() == Some(&number));
    }
    shared
}

#[cfg(test)]
mod generate;

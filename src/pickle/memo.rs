//! The unpickler's memo.

use std::collections::HashMap;

use super::value::{Arena, Id, Kind};

/// How many entries of a memo are kept. The largest checkpoints have about half as many.
pub const MAX_MEMO: usize = 2 * 1024 * 1024;

/// How many entries are kept whose index is out of order. Python's own pickler writes none.
pub const MAX_STRAY: usize = 64 * 1024;

/// The widest gap between entries that is still in order.
const WIDEST_GAP: usize = 1024;

/// Values under numbers. Python counts them up from 0; others may leave gaps, go back and overwrite.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// Entries from 0 on, with few gaps: Python 2 counts from 1.
    dense: Vec<Id>,
    /// Those beyond a wide gap.
    stray: HashMap<u64, Id>,
    /// How many entries there are.
    count: u64,
    /// How many of them there was no room for.
    dropped: u64,
    /// The highest index so far.
    highest: Option<u64>,
    /// Whether the number of entries, which is the index of the next `MEMOIZE`, is no longer known.
    is_uncounted: bool,
}

impl Memo {
    /// Sets an entry, or overwrites it.
    pub(super) fn put(&mut self, index: u64, id: Id) {
        let near = usize::try_from(index).ok().filter(|index| *index < MAX_MEMO);
        let is_new = self.highest.is_none_or(|highest| index > highest);
        self.highest = self.highest.max(Some(index));
        if let Some(slot) = self.stray.get_mut(&index) {
            *slot = id;
            return;
        }
        match near.filter(|index| *index < self.dense.len() + WIDEST_GAP) {
            Some(index) => {
                if self.dense.len() <= index {
                    self.dense.resize(index + 1, Id::ABSENT);
                }
                if let Some(slot) = self.dense.get_mut(index) {
                    self.count += u64::from(*slot == Id::ABSENT);
                    *slot = id;
                }
            }
            None if self.stray.len() < MAX_STRAY => {
                self.stray.insert(index, id);
                self.count += 1;
            }
            None => {
                // Among those dropped, one may be this one again.
                self.is_uncounted |= !is_new;
                self.dropped += 1;
                self.count += 1;
            }
        }
    }

    /// `MEMOIZE`: the index is the number of entries, not a counter of its own.
    pub(super) fn memoize(&mut self, id: Id) {
        self.put(self.count, id);
    }

    /// An entry; none where it was never set, for which the unpickler raises.
    pub(super) fn get(&self, index: u64) -> Option<Id> {
        if self.is_uncounted {
            return Some(Arena::lost(Kind::Any));
        }
        let dense = usize::try_from(index).ok().and_then(|index| self.dense.get(index));
        let found = dense.filter(|id| **id != Id::ABSENT).or_else(|| self.stray.get(&index)).copied();
        found.or_else(|| (self.dropped > 0).then(|| Arena::lost(Kind::Any)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(memo: &Memo, index: u64) -> Option<Id> {
        memo.get(index)
    }

    #[test]
    fn entries_are_overwritten_and_memoize_counts_them() {
        let (mut memo, mut arena) = (Memo::default(), Arena::default());
        let ids: Vec<Id> = ["a", "b", "c", "d"].map(|text| arena.add_text(text)).to_vec();
        memo.put(7, ids[0]);
        memo.memoize(ids[1]);
        memo.put(7, ids[2]);
        memo.memoize(ids[3]);
        assert_eq!([7, 1, 2, 0].map(|index| kept(&memo, index)), [Some(ids[2]), Some(ids[1]), Some(ids[3]), None]);
        memo.put(1 << 33, ids[0]);
        memo.put(1, ids[0]);
        memo.memoize(ids[1]);
        assert_eq!([1, 1 << 33, 4].map(|index| kept(&memo, index)), [Some(ids[0]), Some(ids[0]), Some(ids[1])]);
    }

    #[test]
    fn without_room_nothing_known_is_wrong() {
        let (mut memo, mut arena) = (Memo::default(), Arena::default());
        let first = arena.add_text("first");
        memo.memoize(first);
        let all = (MAX_MEMO + MAX_STRAY) as u64;
        for _ in 0..all {
            memo.memoize(Arena::NONE);
        }
        assert_eq!((memo.get(0), memo.get(all - 1)), (Some(first), Some(Arena::NONE)));
        assert_eq!(memo.get(all), Some(Arena::lost(Kind::Any)));
        let mut memo = Memo::default();
        memo.put(1 << 40, first);
        for index in 0..MAX_STRAY as u64 + 1 {
            memo.put((1 << 39) - index, Arena::NONE);
        }
        // The count is uncertain now, so it is not known whether an entry was overwritten.
        assert_eq!(memo.get(1 << 40), Some(Arena::lost(Kind::Any)));
    }
}

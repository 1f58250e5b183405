//! How many fixes a rule offers for one card.

use std::cell::Cell;

/// How many values of one card a rule offers to change: each is planned, written and proven, and a made card could
/// ask for a million of them.
const FIXES: usize = 200;

/// How many fixes a rule may still offer for one card.
pub(super) struct FixRoom(Cell<usize>);

impl FixRoom {
    /// Room for as many as a person could have caused.
    pub(super) fn new() -> Self {
        Self(Cell::new(FIXES))
    }

    /// Whether there is room for `number` more changes; if so, it is taken.
    pub(super) fn take(&self, number: usize) -> bool {
        let left = self.0.get().checked_sub(number);
        if let Some(left) = left {
            self.0.set(left);
        }
        left.is_some()
    }
}

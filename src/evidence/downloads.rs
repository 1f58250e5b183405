//! The files whose requests the Hub counts as downloads.

use crate::hub::count_rule::CountRule;
use crate::release::{File, Release};

/// The files that a rule counts, in the release's order.
pub fn counted(release: &Release, rule: CountRule) -> impl Iterator<Item = &File> {
    release.files().iter().filter(move |file| rule.counts(file.path.as_str()))
}

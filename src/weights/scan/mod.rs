//! What a file contains in pickles, whatever it is wrapped in.
//!
//! `visit` goes through a file and what is inside it, one part after the other and without recursion; `search` keeps the
//! parts that wait. What is or may be a pickle goes to the pickle machine; [`Pickles`] keeps what was seen, what was not
//! read, and which reader would have read it. Storages are skipped, never read. A new container is a new file here and a
//! line in `visit`.

mod checked;
mod legacy;
mod names;
mod npy;
mod promise;
mod records;
mod search;
mod settings;
mod tar;
mod torch_tar;
mod visit;
mod zip;

use std::io::{self, Read, Seek};

use super::recognize::Recognized;
use crate::bytes::fault::{Fault, FaultKind};
use crate::bytes::{Format, Input};
use crate::pickle::{Scan, Trust, Unread};
pub(super) use names::{is_storage, is_torch_pickle};
use search::Search;

/// How many pickles of one file are described. More are read all the same, and only dangerous ones are kept.
pub const MAX_PICKLES: usize = 256;

/// How many imports of one file are kept, worst first.
pub const MAX_KEPT_IMPORTS: usize = 512;

/// Every pickle of a file, and what may hold one and was not read.
#[derive(Clone, Debug, Default)]
pub struct Pickles {
    /// The pickles, in the order in which they were met.
    pub found: Vec<Pickle>,
    /// Parts that may hold a pickle and were not read to their end.
    pub unread: Vec<UnreadPart>,
}

/// One pickle of a file: one or more streams back to back.
#[derive(Clone, Debug)]
pub struct Pickle {
    /// The member of the archive; none where the file itself is the pickle.
    pub member: Option<String>,
    /// Whether the offsets in the scan are those of the file. Of a member that was unpacked they count from its start.
    pub in_file: bool,
    /// Whether it is a field of what Stable-Baselines3 saves, which keeps classes and functions in pickles by design.
    pub is_setting: bool,
    /// What was seen.
    pub scan: Scan,
}

/// A part of a file that may hold a pickle and was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadPart {
    /// The member of the archive; none for the file itself.
    pub member: Option<String>,
    /// Who would read it.
    pub access: Access,
    /// Where and why.
    pub unread: Unread,
}

/// Who would read a part of a file, and so unpickle what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// No loader: an archive of other things.
    Nobody,
    /// A person who unpacks it, or a program that reads on where loaders stop.
    Hand,
    /// A loader that is given the file as it is.
    Loader,
}

impl Pickles {
    /// Whether something that a loader reads was not looked into, the file itself or a part of it.
    pub fn hides_from_loader(&self) -> bool {
        self.unread.iter().any(|part| part.access == Access::Loader)
    }

    /// The fault of a file that torch tells from its own old layout by the first pickle: a number, and another one than torch's.
    pub(super) fn wrong_magic(&self) -> Option<Fault> {
        let whole = self.found.iter().find(|pickle| pickle.member.is_none() && pickle.in_file)?;
        let [first, _, ..] = whole.scan.streams.as_slice() else { return None };
        let message = "the first pickle is a number, and another one than torch begins its files with";
        let help = "Save the checkpoint again with `torch.save`. torch rejects this one.";
        first.is_number.then(|| Fault::new(FaultKind::HeaderLength, message, help).at(first.start))
    }

    /// Takes what was seen of a part. A zip inside a tar is seen twice, as what the tar contains and as a zip with something
    /// around it; the same bytes are kept once.
    fn add(&mut self, mut pickle: Pickle) {
        let is_same = |other: &Pickle| other.in_file && place(&other.scan) == place(&pickle.scan);
        if pickle.in_file && self.found.iter().any(is_same) {
            return;
        }
        let kept: usize = self.found.iter().map(|pickle| pickle.scan.imports.list().len()).sum();
        pickle.scan.imports.keep_worst(MAX_KEPT_IMPORTS.saturating_sub(kept).max(1));
        let is_worth_it = self.found.len() < MAX_PICKLES || !pickle.scan.worst(Trust::Dangerous).is_empty();
        if is_worth_it && self.found.len() < 2 * MAX_PICKLES {
            self.found.push(pickle);
        }
    }

    /// Takes a part that was not read. What a loader would read is never lost to other parts.
    fn skip(&mut self, member: Option<&str>, access: Access, unread: Unread) {
        let part = UnreadPart { member: member.map(str::to_owned), access, unread };
        if self.unread.contains(&part) {
            return;
        }
        if self.unread.len() < MAX_PICKLES {
            self.unread.push(part);
        } else if let Some(other) = self.unread.iter_mut().find(|other| other.access < access) {
            *other = part;
        }
    }
}

/// Where the streams of a pickle begin and end, and what was not read of it.
fn place(scan: &Scan) -> Option<(u64, u64, Option<&Unread>)> {
    Some((scan.streams.first()?.start, scan.streams.last()?.end, scan.unread.as_ref()))
}

/// Reads every pickle of a file named `name`, and says what is wrong with the containers that hold them. A file that
/// contains none costs nothing.
///
/// # Errors
/// What the reader reports.
pub(super) fn pickles<R: Read + Seek>(
    name: &str,
    input: &mut Input<R>,
    recognized: &Recognized,
) -> io::Result<(Pickles, Vec<Fault>)> {
    let mut formats = vec![recognized.format];
    formats.extend(&recognized.also);
    if !formats.iter().any(|format| may_hold_pickles(*format)) {
        return Ok((Pickles::default(), Vec::new()));
    }
    Search::file(name, input).run(&formats)
}

/// Whether a file of the format can hold a pickle. What is of no known format may be a container of another kind.
fn may_hold_pickles(format: Format) -> bool {
    format.holds_pickle()
        || format.is_zip()
        || format.is_compressed()
        || matches!(format, Format::Npy | Format::Tar | Format::Unknown)
}

#[cfg(test)]
mod tests;

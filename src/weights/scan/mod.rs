//! What a file holds in pickles, whatever it is wrapped in.
//!
//! One function a container: given an [`Input`] and what was recognised, it hands the parts that are or may be pickles to
//! the pickle machine and adds to [`Pickles`] what was seen and what was not read. Storages are skipped, never read. A new
//! container is a new file here and a line in `pickles`.

mod legacy;
mod zip;

use std::io::{self, Read, Seek};

use super::pickle::{self, Scan, Source, Trust, Unread};
use super::recognise::Recognised;
use super::{Format, Input};

/// How many pickles of one file are described. More are read all the same, and only dangerous ones are kept.
pub const MAX_PICKLES: usize = 256;

/// How many imports of one file are kept, worst first.
pub const MAX_KEPT_IMPORTS: usize = 512;

/// How many bytes of one member are unpacked.
pub const MAX_UNPACKED_BYTES: u64 = 1024 * 1024 * 1024;

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
    /// What was seen.
    pub scan: Scan,
}

/// A part of a file that may hold a pickle and was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadPart {
    /// The member of the archive; none for the file itself.
    pub member: Option<String>,
    /// Where and why.
    pub unread: Unread,
}

impl Pickles {
    /// Takes what was seen of a part, and of what was not read of it.
    pub(super) fn add(&mut self, member: Option<&str>, in_file: bool, mut scan: Scan) {
        let member = member.map(str::to_owned);
        if let Some(unread) = &scan.unread {
            self.skip(member.as_deref(), unread.at, unread.why.clone());
        }
        let kept: usize = self.found.iter().map(|pickle| pickle.scan.imports.list().len()).sum();
        scan.imports.keep_worst(MAX_KEPT_IMPORTS.saturating_sub(kept).max(1));
        let is_worth_it = self.found.len() < MAX_PICKLES || !scan.worst(Trust::Dangerous).is_empty();
        if is_worth_it && self.found.len() < 2 * MAX_PICKLES {
            self.found.push(Pickle { member, in_file, scan });
        }
    }

    /// Takes a part that was not read.
    pub(super) fn skip(&mut self, member: Option<&str>, at: u64, why: impl Into<String>) {
        if self.unread.len() < MAX_PICKLES {
            let unread = Unread { at, why: why.into() };
            self.unread.push(UnreadPart { member: member.map(str::to_owned), unread });
        }
    }
}

/// Reads every pickle of a file. A file that holds none costs nothing.
///
/// # Errors
/// What the reader reports.
pub(super) fn pickles<R: Read + Seek>(input: &mut Input<R>, recognised: &Recognised) -> io::Result<Pickles> {
    let mut pickles = Pickles::default();
    // Every reader that matches runs: a pickle in front of a zip is both.
    for format in [recognised.format].iter().chain(&recognised.also) {
        match format {
            Format::Pickle => plain(input, &mut pickles)?,
            Format::TorchLegacy => legacy::scan(input, &mut pickles)?,
            _ if format.is_zip() => {
                if let Some(directory) = &recognised.zip {
                    zip::scan(input, directory, *format, &mut pickles)?;
                }
            }
            _ => {}
        }
    }
    Ok(pickles)
}

/// A file that is a pickle itself, or several back to back.
fn plain<R: Read + Seek>(input: &mut Input<R>, pickles: &mut Pickles) -> io::Result<()> {
    let end = input.size();
    let scan = pickle::scan(&mut Source::part(input, 0, end))?;
    if let Some(at) = scan.tail {
        pickles.skip(None, at, "what follows the pickle is none");
    }
    pickles.add(None, true, scan);
    Ok(())
}

#[cfg(test)]
mod tests;

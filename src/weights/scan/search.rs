//! The parts of a file that wait to be looked at, and what was seen of those before.

use std::collections::VecDeque;
use std::io::{self, Read, Seek};

use super::super::recognize::{by_opcodes, glance, has_protocol};
use super::checked::{Checked, Checksum};
use super::names::is_unpickled;
use super::promise::Promise;
use super::{Access, Pickle, Pickles, may_hold_pickles};
use crate::bytes::fault::Faults;
use crate::bytes::unpack::{Allowance, BASE_WORK, Content, HeadEnd};
use crate::bytes::{Format, HEAD_BYTES, Input};
use crate::pickle::{self, Glimpse, MAX_JUDGED_BYTES, Machine, Reading, Scan, Source, Unread};

/// How many parts of one file are looked at.
pub(super) const MAX_PARTS: usize = 10_000;

/// How many of them where no loader reads the file: an archive of other things.
pub(super) const MAX_PARTS_ASIDE: usize = 1_000;

/// How deep archives may stand in one another: a gzip'd tar of a deflated zip of arrays is three deep.
const MAX_NESTING: usize = 6;

/// A part that waits to be looked at.
#[derive(Clone)]
pub(super) struct Part<'i> {
    pub(super) content: Content<'i>,
    /// Its name in the archives around it; none for the file itself.
    pub(super) member: Option<String>,
    /// What it is; none where that is not known yet.
    pub(super) format: Option<Format>,
    pub(super) access: Access,
    /// Whether it is unpickled whatever it looks like.
    pub(super) must_be_pickle: bool,
    /// What the zip around it says of it.
    pub(super) promise: Option<Promise>,
    /// How many archives are around it.
    pub(super) depth: usize,
}

impl<'i> Part<'i> {
    /// A part of this one, of which nothing is known yet but its bytes and who reads it.
    pub(super) fn inner(&self, content: Content<'i>, access: Access) -> Self {
        let member = self.member.clone();
        Self { content, member, format: None, access, must_be_pickle: false, promise: None, depth: self.depth + 1 }
    }

    /// A member of this part, with its name.
    pub(super) fn named(&self, content: Content<'i>, name: &str, access: Access) -> Self {
        let member = match &self.member {
            Some(outer) => format!("{outer}/{name}"),
            None => name.to_owned(),
        };
        Self { member: Some(member), ..self.inner(content, access) }
    }

    /// Who reads a member of this part, as far as its name says: a plain archive is opened by hand only.
    pub(super) fn access_by_name(&self, name: &str) -> Access {
        match (is_unpickled(name, Format::Unknown), self.access) {
            (false, _) => Access::Nobody,
            (true, Access::Nobody) => Access::Hand,
            (true, access) => access,
        }
    }

    /// What the bytes contain as a pickle, in every reading, and the checksum of those that the first reading read. `look` is
    /// given what the first stream gives.
    pub(super) fn scan(&self, look: impl FnMut(&Machine<'_>)) -> io::Result<(Scan, Checksum)> {
        let (mut source, sum) = self.source()?;
        let mut scan = pickle::scan_with(&mut source, Reading::Joblib, look)?;
        if scan.has_arrays {
            let (mut source, _) = self.source()?;
            scan.read_plainly(pickle::scan(&mut source, Reading::Plain)?);
        }
        Ok((scan, sum))
    }

    /// The bytes, from the first one, as the pickle machine takes them, and the checksum of those that are read.
    pub(super) fn source(&self) -> io::Result<(Source<'i>, Checksum)> {
        let (feed, sum) = Checked::new(self.content.open()?);
        Ok((Source::new(feed, self.content.offset().unwrap_or(0)), sum))
    }
}

/// The parts that wait, and what was seen so far.
pub(super) struct Search<'i> {
    pub(super) whole: Part<'i>,
    pub(super) name: String,
    pub(super) waiting: VecDeque<Part<'i>>,
    parts: usize,
    /// The size of a file whose name no loader reads, as long as it has less of an allowance for it.
    pub(super) withheld: Option<u64>,
    pub(super) pickles: Pickles,
    pub(super) faults: Faults,
}

impl<'i> Search<'i> {
    /// Of a whole file.
    pub(super) fn file<R: Read + Seek>(name: &str, input: &'i mut Input<R>) -> Self {
        // What no loader reads is not worth more than a moment.
        let is_loaded = is_unpickled(name, Format::Unknown);
        let withheld = (!is_loaded).then_some(input.size());
        let content = match is_loaded {
            true => Content::file(input),
            false => Content::allowed(input, Allowance::of(BASE_WORK)),
        };
        let whole = Part {
            content,
            member: None,
            format: None,
            access: Access::Nobody,
            must_be_pickle: false,
            promise: None,
            depth: 0,
        };
        let (pickles, faults) = (Pickles::default(), Faults::default());
        Self { whole, name: name.to_owned(), waiting: VecDeque::new(), parts: 0, withheld, pickles, faults }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.whole.content.allowance().is_spent()
    }

    /// Why reading stopped, in words.
    pub(super) fn reason(&self, error: &io::Error) -> String {
        if self.is_spent() {
            "it unpacks to more than is read".to_owned()
        } else if error.kind() == io::ErrorKind::UnexpectedEof {
            "its compressed bytes break off".to_owned()
        } else {
            "its compressed bytes are damaged, or ask for too much memory".to_owned()
        }
    }

    /// Notes that a part was not read, from some offset of it on.
    pub(super) fn skip(&mut self, part: &Part<'_>, at: Option<u64>, why: impl Into<String>) {
        let at = at.or(part.content.offset()).unwrap_or(0);
        self.pickles.skip(part.member.as_deref(), part.access, Unread { at, why: why.into() });
    }

    /// Notes that a part was not read since too many archives are around it. Nothing honest is as deep as that, so it counts
    /// as read by those that read the file.
    pub(super) fn skip_nested(&mut self, part: Part<'i>) {
        let outermost = if is_unpickled(&self.name, Format::Unknown) { Access::Loader } else { Access::Hand };
        let access = part.access.max(outermost);
        self.skip(&Part { access, ..part }, None, "archives are nested deeper than is read");
    }

    /// Puts a part of another one on the list.
    pub(super) fn push(&mut self, part: Part<'i>, outer: &Part<'i>) {
        let most = if part.access == Access::Loader { MAX_PARTS } else { MAX_PARTS_ASIDE };
        if part.depth > MAX_NESTING {
            self.skip_nested(part);
        } else if self.parts >= most {
            // One note stands for all.
            let all = Part { access: part.access, ..outer.clone() };
            self.skip(&all, None, "it has more members than are looked at");
        } else {
            self.parts += 1;
            self.waiting.push_back(part);
        }
    }

    /// Takes what was seen of a part, and why reading it stopped, if it did.
    pub(super) fn add(&mut self, part: &Part<'_>, sum: &Checksum, mut scan: Scan) -> io::Result<()> {
        let error = sum.take_error();
        let mut access = part.access;
        if let Some(error) = &error {
            // A loader stops where the pickle ends.
            access = if scan.unread.is_some() { access } else { access.min(Access::Hand) };
            let at = scan.streams.last().map_or(0, |stream| stream.end);
            scan.unread = Some(Unread { at, why: self.reason(error) });
        }
        if let Some(unread) = &scan.unread {
            self.pickles.skip(part.member.as_deref(), access, unread.clone());
        }
        let in_file = part.content.offset().is_some();
        self.pickles.add(Pickle { member: part.member.clone(), in_file, is_setting: false, scan });
        error.filter(|_| in_file).map_or(Ok(()), Err)
    }
}

/// What a part is, by as much of its start as that takes. Of what breaks off early only a pickle or a container is known.
///
/// # Errors
/// What the file's reader or an unpacker reports.
pub(super) fn recognize(content: &Content<'_>) -> io::Result<Format> {
    let (head, end) = content.head(HEAD_BYTES)?;
    match (glance(&head, matches!(end, HeadEnd::Complete)), end) {
        (Some(format), HeadEnd::Broken(_)) if may_hold_pickles(format) && format != Format::Unknown => Ok(format),
        (_, HeadEnd::Broken(_)) if has_protocol(&head) => Ok(Format::Pickle),
        (_, HeadEnd::Broken(error)) => Err(error),
        (Some(format), _) => Ok(format),
        (None, _) => {
            let (feed, sum) = Checked::new(content.open()?);
            let format = by_opcodes(&head, &mut Source::new(Glimpse::new(feed, MAX_JUDGED_BYTES), 0))?;
            match sum.take_error() {
                Some(error) if format != Format::Pickle && !has_protocol(&head) => Err(error),
                Some(_) => Ok(Format::Pickle),
                None => Ok(format),
            }
        }
    }
}

//! Going through a file and what is inside it.

use std::collections::VecDeque;
use std::io::{self, Read, Seek};

use super::super::recognise::{glance, has_protocol};
use super::checked::{Checked, Checksum};
use super::names::{ARCHIVES, is_unpickled, other_container};
use super::zip::Promise;
use super::{Access, Pickle, Pickles, legacy, may_hold_pickles, npy, tar, zip};
use crate::bytes::fault::{Fault, Faults};
use crate::bytes::unpack::{Allowance, BASE_WORK, Content, HeadEnd, Packing};
use crate::bytes::{Format, HEAD_BYTES, Input};
use crate::pickle::{self, Scan, Source, Unread};

/// How many parts of one file are looked at.
pub(super) const MAX_PARTS: usize = 10_000;

/// How many of them where no loader reads the file: an archive of other things.
pub(super) const MAX_PARTS_ASIDE: usize = 1_000;

/// How deep archives may stand in one another: a gzip'd tar of a deflated zip of arrays is three deep.
const MAX_NESTING: usize = 6;

/// How much is read to tell whether a part is a pickle.
const WINDOWS: [usize; 3] = [HEAD_BYTES, 64 * 1024, pickle::MAX_WINDOW_BYTES];

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

    /// The bytes, from the first one, as the pickle machine takes them, and the checksum of those that are read.
    pub(super) fn source(&self) -> io::Result<(Source<'i>, Checksum)> {
        let (feed, sum) = Checked::new(self.content.open()?);
        Ok((Source::new(feed, self.content.offset().unwrap_or(0)), sum))
    }
}

/// The parts that wait, and what was seen so far.
pub(super) struct Search<'i> {
    whole: Part<'i>,
    name: String,
    waiting: VecDeque<Part<'i>>,
    parts: usize,
    /// The size of a file whose name no loader reads, as long as it has less of an allowance for it.
    withheld: Option<u64>,
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

    /// Reads the file as each of its formats, the first of which is what its usual readers see.
    pub(super) fn run(mut self, formats: &[Format]) -> io::Result<(Pickles, Vec<Fault>)> {
        for (index, format) in formats.iter().enumerate() {
            let is_pickle = format.holds_pickle() || *format == Format::Npz || *format == Format::Npy;
            let is_first = index == 0;
            let access = match is_first && (is_pickle || is_unpickled(&self.name, *format)) {
                true => Access::Loader,
                // A second format is read by whoever takes the file for that.
                false if is_pickle && format.is_zip() => Access::Loader,
                false => Access::Nobody,
            };
            let whole = Part { format: Some(*format), access, ..self.whole.clone() };
            self.waiting.push_back(whole);
        }
        while let Some(part) = self.waiting.pop_front() {
            if let Err(error) = self.visit(&part) {
                // The file itself cannot be read, or what is packed in it is not sound.
                if part.content.offset().is_some() && !self.is_spent() {
                    return Err(error);
                }
                self.skip(&part, None, self.reason(&error));
            }
        }
        self.explain_tails(formats);
        Ok((self.pickles, self.faults.into_vec()))
    }

    fn is_spent(&self) -> bool {
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

    /// Puts a part of another one on the list.
    pub(super) fn push(&mut self, part: Part<'i>, outer: &Part<'i>) {
        let most = if part.access == Access::Loader { MAX_PARTS } else { MAX_PARTS_ASIDE };
        if part.depth > MAX_NESTING {
            self.skip(&part, None, "archives stand in one another deeper than is read");
        } else if self.parts >= most {
            // One note stands for all.
            let all = Part { access: part.access, ..outer.clone() };
            self.skip(&all, None, "it has more members than are looked at");
        } else {
            self.parts += 1;
            self.waiting.push_back(part);
        }
    }

    fn visit(&mut self, part: &Part<'i>) -> io::Result<()> {
        let format = match part.format {
            Some(format) => format,
            None => recognise(&part.content)?,
        };
        match format {
            Format::TorchLegacy => legacy::scan(self, part),
            Format::Pickle => self.plain(part),
            Format::TorchTar | Format::Tar => tar::scan(self, part),
            Format::Npy => npy::scan(self, part),
            Format::SevenZip | Format::Zstd | Format::Lz4 => {
                self.unopened(part, format.name());
                Ok(())
            }
            _ if format.is_zip() => zip::scan(self, part),
            _ => match Packing::of(format) {
                Some(packing) => self.packed(part, packing),
                None => self.unknown(part, format),
            },
        }
    }

    /// One or more pickles back to back.
    fn plain(&mut self, part: &Part<'i>) -> io::Result<()> {
        let (mut source, sum) = part.source()?;
        let mut scan = pickle::scan(&mut source)?;
        if let Some(is_script) = part.promise.as_ref().and_then(Promise::read_by_torch) {
            scan.read_by_torch(is_script);
        }
        let tail = scan.tail;
        self.add(part, &sum, scan)?;
        if let Some(promise) = &part.promise {
            promise.check(&sum, self);
        }
        if let Some(at) = tail {
            let part = Part { access: part.access.min(Access::Hand), ..part.clone() };
            self.skip(&part, Some(at), "the bytes after the pickle are not a pickle");
        }
        Ok(())
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

    /// What is packed as a whole: a pickle as joblib writes it, or a tar. What is anything else is not unpacked.
    fn packed(&mut self, part: &Part<'i>, packing: Packing) -> io::Result<()> {
        let Some(content) = part.content.unpacked(packing) else {
            self.skip(part, None, "compressed streams stand in one another deeper than is read");
            return Ok(());
        };
        let mut inner = part.inner(content, part.access);
        let format = match recognise(&inner.content) {
            Ok(format) => format,
            Err(error) => {
                // Two bytes make a zlib stream by chance.
                if part.access == Access::Loader {
                    self.skip(part, None, self.reason(&error));
                }
                return Ok(());
            }
        };
        if matches!(format, Format::Pickle | Format::TorchLegacy) {
            inner.access = Access::Loader;
            // What turns out to be a pickle is worth all the work that its size allows.
            if let Some(size) = self.withheld.take() {
                self.whole.content.allowance().add_for(size);
            }
        }
        inner.format = Some(format);
        inner.must_be_pickle = part.must_be_pickle;
        self.push(inner, part);
        Ok(())
    }

    /// A container that is not opened.
    fn unopened(&mut self, part: &Part<'i>, what: &str) {
        let name = part.member.as_deref().unwrap_or(&self.name).to_ascii_lowercase();
        let by_hand = ARCHIVES.iter().any(|extension| name.rsplit_once('.').is_some_and(|(_, own)| own == *extension));
        let access = if by_hand { part.access.max(Access::Hand) } else { part.access };
        // A compressed text or table is no matter of pickles.
        if access > Access::Nobody {
            let part = Part { access, ..part.clone() };
            self.skip(&part, None, format!("it is {what}, which is not opened"));
        }
    }

    /// What is of no format that holds pickles.
    fn unknown(&mut self, part: &Part<'i>, format: Format) -> io::Result<()> {
        if part.must_be_pickle {
            return self.plain(part);
        }
        if format != Format::Unknown {
            return Ok(());
        }
        let (head, _) = part.content.head(HEAD_BYTES)?;
        if let Some(what) = other_container(&head) {
            self.unopened(part, what);
        } else if let Some(start) = zfile(&head).filter(|_| part.access == Access::Loader) {
            let inner = part.inner(part.content.part(start, u64::MAX), part.access);
            self.push(Part { format: Some(Format::Zlib), ..inner }, part);
        }
        Ok(())
    }

    /// A zip behind a pickle was read as a zip: its bytes are no tail that nobody looked at.
    fn explain_tails(&mut self, formats: &[Format]) {
        if formats.iter().skip(1).any(|format| format.is_zip()) {
            self.pickles.unread.retain(|part| part.member.is_some() || part.access != Access::Hand);
        }
    }
}

/// What joblib wrote before 0.10: `ZF`, the length in hexadecimal, and a zlib stream. Gives where the stream starts.
fn zfile(head: &[u8]) -> Option<u64> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 19..=22;
    let starts = head.starts_with(b"ZF0x");
    LENGTHS.filter(|_| starts).find(|at| head.get(*at) == Some(&0x78)).map(|at| at as u64)
}

/// What a part is, by as much of its start as that takes. Of what breaks off early only a pickle or a container is known.
///
/// # Errors
/// What the file's reader or an unpacker reports.
pub(super) fn recognise(content: &Content<'_>) -> io::Result<Format> {
    for window in WINDOWS {
        let (head, end) = content.head(window)?;
        let format = glance(&head, matches!(end, HeadEnd::Complete));
        match (format, end) {
            (Some(format), HeadEnd::Broken(_)) if may_hold_pickles(format) && format != Format::Unknown => {
                return Ok(format);
            }
            (_, HeadEnd::Broken(_)) if has_protocol(&head) => return Ok(Format::Pickle),
            (_, HeadEnd::Broken(error)) => return Err(error),
            (Some(format), _) => return Ok(format),
            (None, _) => {}
        }
    }
    Ok(Format::Unknown)
}

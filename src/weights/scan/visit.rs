//! Going through a file and what is inside it: each part to the reader of its format.

use std::io;

use super::names::{ARCHIVES, is_unpickled, other_container, other_objects};
use super::promise::Promise;
use super::search::{Part, Search, recognize};
use super::{Access, Pickles, legacy, npy, tar, zip};
use crate::bytes::fault::Fault;
use crate::bytes::unpack::Packing;
use crate::bytes::{Format, HEAD_BYTES};

impl<'i> Search<'i> {
    /// Reads the file as each of its formats, the first of which is what its usual readers see.
    pub(super) fn run(mut self, formats: &[Format]) -> io::Result<(Pickles, Vec<Fault>)> {
        for (index, format) in formats.iter().enumerate() {
            let is_pickle = format.holds_pickle() || *format == Format::Npz || *format == Format::Npy;
            let is_first = index == 0;
            let access = match is_first && (is_pickle || is_unpickled(&self.name, *format)) {
                true => Access::Loader,
                // A second format is read by programs that take the file for that.
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

    fn visit(&mut self, part: &Part<'i>) -> io::Result<()> {
        let format = match part.format {
            Some(format) => format,
            None => recognize(&part.content)?,
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
        let mut unkept = Vec::new();
        let (mut scan, sum) = part.scan(|machine| {
            unkept = part.promise.as_ref().map(|promise| promise.unkept(machine)).unwrap_or_default();
        })?;
        unkept.into_iter().for_each(|fault| self.faults.push(fault));
        if let Some(is_script) = part.promise.as_ref().and_then(Promise::read_by_torch) {
            scan.read_by_torch(is_script);
        }
        let tail = scan.tail;
        self.add(part, &sum, scan)?;
        if let Some(fault) = part.promise.as_ref().and_then(|promise| promise.broken(&sum)) {
            self.faults.push(fault);
        }
        if let Some(at) = tail {
            let part = Part { access: part.access.min(Access::Hand), ..part.clone() };
            self.skip(&part, Some(at), "the bytes after the pickle are not a pickle");
        }
        Ok(())
    }

    /// What is packed as a whole: a pickle as joblib writes it, or a tar. What is anything else is not unpacked.
    fn packed(&mut self, part: &Part<'i>, packing: Packing) -> io::Result<()> {
        let Some(content) = part.content.unpacked(packing) else {
            self.skip(part, None, "compressed streams are nested deeper than is read");
            return Ok(());
        };
        let mut inner = part.inner(content, part.access);
        let format = match recognize(&inner.content) {
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
        if format == Format::Unknown && part.access == Access::Loader && part.member.is_none() {
            let part = Part { access: Access::Hand, ..part.clone() };
            self.skip(&part, None, "what it unpacks to is of no known format");
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
        // A compressed text or table has nothing to do with pickles.
        if access > Access::Nobody {
            let part = Part { access, ..part.clone() };
            self.skip(&part, None, format!("it is {what}, which is not opened"));
        }
    }

    /// What is of no format that contains pickles.
    fn unknown(&mut self, part: &Part<'i>, format: Format) -> io::Result<()> {
        if part.must_be_pickle {
            return self.plain(part);
        }
        if format != Format::Unknown {
            return Ok(());
        }
        let (head, _) = part.content.head(HEAD_BYTES)?;
        let name = part.member.as_deref().unwrap_or(&self.name);
        if let Some(what) = other_objects(name, &head) {
            // Who loads them runs what they bring along, whatever the file's name.
            let access = if part.member.is_none() { Access::Loader } else { part.access };
            self.unopened(&Part { access, ..part.clone() }, what);
        } else if let Some(what) = other_container(&head) {
            self.unopened(part, what);
        } else if let Some(start) = zfile(&head).filter(|_| part.access == Access::Loader) {
            let inner = part.inner(part.content.part(start, u64::MAX), part.access);
            self.push(Part { format: Some(Format::Zlib), ..inner }, part);
        }
        Ok(())
    }

    /// A zip after a pickle was read as a zip: its bytes are not an unread tail.
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

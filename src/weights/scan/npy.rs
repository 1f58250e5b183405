//! Arrays of Python objects: a pickle after the header.

use std::io;

use super::super::npy::Npy;
use super::Access;
use super::search::{Part, Search, recognize};
use crate::bytes::fault::{Fault, shown};
use crate::bytes::{Format, Input};

/// Scans the pickle of an array, if it has one. numpy reads exactly that; other arrays may follow it in the file.
pub(super) fn scan<'i>(search: &mut Search<'i>, part: &Part<'i>) -> io::Result<()> {
    let (mut replay, length) = part.content.replay()?;
    let mut input = Input::new(&mut replay, length)?;
    let (npy, faults) = Npy::read(&mut input)?;
    // Of the file itself they are reported with its header.
    if part.promise.is_some() && part.access == Access::Loader {
        for fault in &faults {
            let member = shown(part.member.as_deref().unwrap_or_default());
            search.faults.push(Fault { message: format!("in {member}, {}", fault.message), ..fault.clone() });
        }
    }
    let Some(npy) = npy else {
        if faults.is_empty() {
            search.skip(part, None, "its header is longer than what is read");
        }
        // numpy reads headers that are spelled in ways not known here.
        let Some(start) = Npy::elements_at(input.head()) else { return Ok(()) };
        let mut elements = part.inner(part.content.part(start, u64::MAX), part.access);
        elements.format = Some(Format::Pickle);
        if recognize(&elements.content)? == Format::Pickle {
            search.push(elements, part);
        }
        return Ok(());
    };
    if !npy.is_pickled() {
        return Ok(());
    }
    let elements = Part { depth: part.depth, ..part.inner(part.content.part(npy.start, u64::MAX), part.access) };
    // In a list of fields, the letter may be one of a name.
    let is_plain = npy.descr.len() <= 4;
    let found = recognize(&elements.content)?;
    if !is_plain && !matches!(found, Format::Pickle | Format::TorchLegacy) {
        let part = Part { access: part.access.min(Access::Hand), ..part.clone() };
        if npy.holds_objects() {
            search.skip(&part, None, "its objects are not a pickle that can be read");
        }
        return Ok(());
    }
    let (scan, sum) = elements.scan(|_| ())?;
    let tail = scan.tail;
    search.add(&elements, &sum, scan)?;
    if let Some(at) = tail {
        let start = at.saturating_sub(part.content.offset().unwrap_or(0));
        let start = if part.content.offset().is_some() { start } else { npy.start.saturating_add(at) };
        let rest = part.inner(part.content.part(start, u64::MAX), part.access.min(Access::Hand));
        match recognize(&rest.content)? {
            Format::Npy => search.push(rest, part),
            _ => search.skip(&rest, Some(at), "the bytes after the array are not a pickle"),
        }
    }
    Ok(())
}

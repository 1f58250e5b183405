//! Pickles among the members of a tar.

use std::io;

use super::super::recognize::glance;
use super::search::{MAX_PARTS, MAX_PARTS_ASIDE, Part, Search};
use super::{Access, may_hold_pickles, torch_tar};
use crate::bytes::tar::{Entry, MAX_HEADERS, TarEnd, walk};
use crate::bytes::{Format, Input};

/// Looks at every member that may be a pickle or hold one.
pub(super) fn scan<'i>(search: &mut Search<'i>, part: &Part<'i>) -> io::Result<()> {
    let (mut replay, length) = part.content.replay()?;
    let mut input = Input::new(&mut replay, length)?;
    let mut members: Vec<(Entry, Option<Format>)> = Vec::new();
    let mut names = 0_u8;
    let most = if part.access == Access::Loader { MAX_HEADERS } else { MAX_PARTS_ASIDE };
    let end = walk(&mut input, most, |entry, head| {
        names |= torch_tar::role(&entry.name).map_or(0, |role| role as u8);
        // A torch member counts whatever it looks like.
        let format = glance(head, head.len() as u64 == entry.size);
        let is_wanted = torch_tar::role(&entry.name).is_some() || format.is_none_or(may_hold_pickles);
        if is_wanted && members.len() <= MAX_PARTS {
            members.push((entry, format));
        }
    })?;
    let is_torch = torch_tar::is_torch(names);
    for (entry, format) in members {
        let content = part.content.part(entry.start, entry.size);
        let access = part.access_by_name(&entry.name);
        let mut inner = part.named(content, &entry.name, access);
        inner.format = format;
        match torch_tar::role(&entry.name).filter(|_| is_torch) {
            Some(role) => {
                inner.access = Access::Loader;
                torch_tar::scan(search, &inner, role)?;
            }
            None => search.push(inner, part),
        }
    }
    match end {
        TarEnd::More(at) => search.skip(part, Some(at), "it has more members than are looked at"),
        // An archive of other things is not read by a loader.
        TarEnd::Cut(at) if part.access > Access::Nobody => {
            search.skip(part, Some(at), "a member of it ends beyond the end of the archive");
        }
        TarEnd::Cut(_) | TarEnd::Here(_) => {}
    }
    Ok(())
}

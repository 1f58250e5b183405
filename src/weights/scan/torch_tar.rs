//! torch 0.1: a tar with pickles, in two members with raw numbers between them.

use std::io;

use super::super::rebuilt::{class_of, element_size};
use super::legacy::Streams;
use super::search::{Part, Search};
use crate::pickle::Source;

/// What a member of the tar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Role {
    /// One pickle.
    Pickle = 1,
    /// A count, then for each storage a pickle, the number of elements and the elements; then the views.
    Storages = 2,
    /// A count, then for each tensor a pickle and its shape.
    Tensors = 4,
    /// One pickle, of the machine that wrote the file.
    System = 8,
}

/// The member of this name.
pub(super) fn role(name: &str) -> Option<Role> {
    Some(match name.strip_prefix("./").unwrap_or(name) {
        "pickle" => Role::Pickle,
        "storages" => Role::Storages,
        "tensors" => Role::Tensors,
        "sys_info" => Role::System,
        _ => return None,
    })
}

/// Whether a tar with members of these roles is torch's.
pub(super) fn is_torch(roles: u8) -> bool {
    roles & Role::Pickle as u8 != 0 && roles & (Role::Storages as u8 | Role::Tensors as u8) != 0
}

/// Scans one member.
pub(super) fn scan<'i>(search: &mut Search<'i>, part: &Part<'i>, role: Role) -> io::Result<()> {
    let (mut source, sum) = part.source()?;
    let mut streams = Streams::default();
    let sound = match role {
        Role::Pickle | Role::System => streams.next(&mut source, |_| ())?.is_some(),
        Role::Storages => storages(&mut streams, &mut source)?,
        Role::Tensors => tensors(&mut streams, &mut source)?,
    };
    let at = source.position();
    let is_left = sound && !source.peek(1)?.is_empty();
    let has_reason = streams.is_unread();
    search.add(part, &sum, streams.into_scan())?;
    if (!sound && !has_reason) || is_left {
        search.skip(part, Some(at), "its layout is not that of torch 0.1");
    }
    Ok(())
}

/// Whether the layout held to its end.
fn storages(streams: &mut Streams, source: &mut Source<'_>) -> io::Result<bool> {
    let Some(count) = streams.next(source, |machine| machine.result().and_then(|id| machine.arena().size(id)))? else {
        return Ok(false);
    };
    // The pickles take bytes, so a count that lies ends with them.
    for _ in 0..count.unwrap_or(0) {
        let size = streams.next(source, |machine| {
            let items = machine.result().map(|id| machine.arena().items(id)).unwrap_or_default();
            let &[_, _, class] = items else { return None };
            class_of(machine, class).and_then(element_size)
        })?;
        let elements = source.array()?.map(u64::from_le_bytes);
        let (Some(Some(size)), Some(elements)) = (size, elements) else { return Ok(false) };
        let Some(bytes) = size.checked_mul(elements) else { return Ok(false) };
        if !source.skip(bytes)? {
            return Ok(false);
        }
    }
    Ok(streams.next(source, |_| ())?.is_some())
}

fn tensors(streams: &mut Streams, source: &mut Source<'_>) -> io::Result<bool> {
    let Some(count) = streams.next(source, |machine| machine.result().and_then(|id| machine.arena().size(id)))? else {
        return Ok(false);
    };
    for _ in 0..count.unwrap_or(0) {
        if streams.next(source, |_| ())?.is_none() {
            return Ok(false);
        }
        // The number of dimensions and four unused bytes; sizes, strides and an offset of eight bytes each.
        let Some(dimensions) = source.array()?.map(u64::from_le_bytes) else { return Ok(false) };
        let numbers = (dimensions & u64::from(u32::MAX)) * 2 + 1;
        if !source.skip(numbers * 8)? {
            return Ok(false);
        }
    }
    Ok(true)
}

//! Pickles among the members of a zip.

use std::io;

use super::super::recognize::zip_kind;
use super::names::{is_storage, is_torch_pickle};
use super::promise::Promise;
use super::records::Records;
use super::search::{Part, Search};
use super::{Access, settings};
use crate::bytes::zip::Directory;
use crate::bytes::{Format, Input};

/// Looks at every member but torch's storages: a pickle can have any name, and of equal names each is looked at.
pub(super) fn scan<'i>(search: &mut Search<'i>, part: &Part<'i>) -> io::Result<()> {
    let (mut replay, length) = part.content.replay()?;
    let mut input = Input::new(&mut replay, length)?;
    let (Some(directory), _) = Directory::read(&mut input)? else {
        // Of a whole file the missing directory is a fault of its own.
        if part.member.is_some() {
            search.skip(part, None, "it is a zip without its directory");
        }
        return Ok(());
    };
    let format = zip_kind(&directory);
    let is_torch = matches!(format, Format::TorchZip | Format::TorchScript);
    // What is wrong with an archive inside another matters where a loader reads it.
    let is_told = part.member.is_none() || part.access == Access::Loader;
    let is_of_baselines = directory.has(settings::VERSION_MEMBER);
    // Python's reader takes the last of equal names, and opens no zip inside another.
    let settings_at = directory.members.iter().rposition(|member| member.name == settings::MEMBER);
    let settings_at = settings_at.filter(|_| part.member.is_none());
    let is_loaded = is_told && !part.promise.as_ref().is_some_and(Promise::is_in_torch);
    let records = (is_torch && is_loaded).then(|| Records::of(&directory, format));
    if let Some(records) = &records {
        let faults = records.check_members(&directory, &part.content, &mut input)?;
        faults.into_iter().for_each(|fault| search.faults.push(fault));
    }
    for (index, member) in directory.members.into_iter().enumerate() {
        if member.name.ends_with('/') || (is_torch && is_storage(&member.name)) {
            continue;
        }
        let must_be_pickle = is_torch && is_torch_pickle(&member.name);
        let access = match must_be_pickle || (format == Format::Npz && member.name.ends_with(".npy")) {
            true => Access::Loader,
            false => part.access_by_name(&member.name),
        };
        let (local, fault) = member.local(&mut input, format)?;
        if let Some(fault) = fault.filter(|_| is_told) {
            search.faults.push(fault);
        }
        let content = local.as_ref().and_then(|local| member.content(&part.content, local.start));
        let Some(content) = content else {
            let inner = part.named(part.content.part(member.offset, 0), &member.name, access);
            match local.is_some() && member.is_known_packing() {
                true => search.skip_nested(inner),
                false => search.skip(&inner, None, format!("it cannot be unpacked (method {})", member.method)),
            }
            continue;
        };
        let mut inner = part.named(content, &member.name, access);
        if settings_at == Some(index) {
            settings::scan(search, &inner, is_of_baselines)?;
        }
        inner.must_be_pickle = must_be_pickle;
        let records = records.clone().filter(|records| records.belong_to(&member));
        inner.promise = Some(Promise::new(member, format, is_told, records));
        search.push(inner, part);
    }
    Ok(())
}

//! Pickles among the members of a zip.

use std::io;
use std::rc::Rc;

use super::super::recognise::zip_kind;
use super::checked::Checksum;
use super::names::{is_storage, is_torch_pickle, is_unpickled};
use super::search::{Part, Search};
use super::{Access, settings};
use crate::bytes::zip::{Directory, Member};
use crate::bytes::{Format, Input};

/// A member that is compared, once it was read, with what the zip says of it.
#[derive(Clone)]
pub(super) struct Promise {
    member: Rc<Member>,
    /// The format of the zip.
    format: Format,
    /// Whether what is wrong is worth telling.
    is_told: bool,
}

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
        let content = local.and_then(|local| member.content(&part.content, local.start));
        let Some(content) = content else {
            let inner = part.named(part.content.part(member.offset, 0), &member.name, access);
            search.skip(&inner, None, format!("it cannot be unpacked (method {})", member.method));
            continue;
        };
        let mut inner = part.named(content, &member.name, access);
        if settings_at == Some(index) {
            settings::scan(search, &inner, is_of_baselines)?;
        }
        inner.must_be_pickle = must_be_pickle;
        inner.promise = Some(Promise { member: Rc::new(member), format, is_told });
        search.push(inner, part);
    }
    Ok(())
}

impl Part<'_> {
    /// Who reads a member of this part, as far as its name tells: nobody opens a plain archive but by hand.
    pub(super) fn access_by_name(&self, name: &str) -> Access {
        match (is_unpickled(name, Format::Unknown), self.access) {
            (false, _) => Access::Nobody,
            (true, Access::Nobody) => Access::Hand,
            (true, access) => access,
        }
    }
}

impl Promise {
    /// Whether torch reads the member, and then whether it is of a TorchScript program.
    pub(super) fn read_by_torch(&self) -> Option<bool> {
        let is_script = self.format == Format::TorchScript;
        let is_read = is_torch_pickle(&self.member.name) || (is_script && self.member.name.ends_with("pkl"));
        (is_script || self.format == Format::TorchZip).then_some(is_script).filter(|_| is_read)
    }

    /// Compares what was read with what the zip says.
    pub(super) fn check(&self, sum: &Checksum, search: &mut Search<'_>) {
        if !self.is_told {
            return;
        }
        if let Some(bytes) = sum.bytes().filter(|bytes| *bytes != self.member.size) {
            search.faults.push(self.member.bad_size(bytes));
        } else if sum.crc().is_some_and(|crc| crc != self.member.crc) {
            search.faults.push(self.member.bad_checksum(self.format));
        }
    }
}

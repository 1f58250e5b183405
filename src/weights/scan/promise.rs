//! What a zip says of a member, to be compared with its bytes once they were read.

use std::rc::Rc;

use super::checked::Checksum;
use super::names::is_torch_pickle;
use super::records::Records;
use crate::bytes::zip::Member;
use crate::bytes::{Fault, Format};
use crate::pickle::Machine;

/// A member that is compared, once it was read, with what the zip says of it.
#[derive(Clone)]
pub(super) struct Promise {
    member: Rc<Member>,
    /// The format of the zip.
    format: Format,
    /// Whether what is wrong is worth reporting.
    is_reported: bool,
    /// The storages, where the member is the pickle that torch loads.
    records: Option<Records>,
}

impl Promise {
    /// Of a member of a zip of this format.
    pub(super) fn new(member: Member, format: Format, is_reported: bool, records: Option<Records>) -> Self {
        Self { member: Rc::new(member), format, is_reported, records }
    }

    /// Whether the member lies in a zip of torch, whose readers open no zip inside it.
    pub(super) fn is_in_torch(&self) -> bool {
        matches!(self.format, Format::TorchZip | Format::TorchScript)
    }

    /// What is wrong between the pickle and its storages.
    pub(super) fn unkept(&self, machine: &Machine<'_>) -> Vec<Fault> {
        self.records.as_ref().filter(|_| self.is_reported).map(|records| records.check(machine)).unwrap_or_default()
    }

    /// Whether torch reads the member, and then whether it is of a TorchScript program.
    pub(super) fn read_by_torch(&self) -> Option<bool> {
        let is_script = self.format == Format::TorchScript;
        let is_read = is_torch_pickle(&self.member.name) || (is_script && self.member.name.ends_with("pkl"));
        (is_script || self.format == Format::TorchZip).then_some(is_script).filter(|_| is_read)
    }

    /// What is wrong when what was read is compared with what the zip says.
    pub(super) fn broken(&self, sum: &Checksum) -> Option<Fault> {
        if !self.is_reported {
            None
        } else if let Some(bytes) = sum.bytes().filter(|bytes| *bytes != self.member.size) {
            Some(self.member.bad_size(bytes))
        } else {
            sum.crc().filter(|crc| *crc != self.member.crc).map(|_| self.member.bad_checksum(self.format))
        }
    }
}

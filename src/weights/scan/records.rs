//! What a torch zip says in its small members, and how long its records are.

use std::collections::HashMap;
use std::io;
use std::rc::Rc;

use super::super::rebuilt::{Layout, Walk, check};
use crate::bytes::fault::{Fault, FaultKind, shown};
use crate::bytes::unpack::Content;
use crate::bytes::zip::{Directory, Local, Member};
use crate::bytes::{Format, Input};
use crate::pickle::Machine;

const DAMAGED: &str = "Save the checkpoint again with `torch.save`. torch rejects this one.";

/// The versions of the layout that torch 2.15 reads (`caffe2/serialize/versions.h`).
const VERSIONS: std::ops::RangeInclusive<u64> = 1..=10;

/// How many bytes of a small member are read.
const MAX_BYTES: usize = 256;

/// The lengths of the records beside one `data.pkl`.
#[derive(Clone)]
pub(super) struct Records {
    /// By lower-case name: torch does not mind the case of letters.
    sizes: Rc<HashMap<String, u64>>,
    root: String,
    layout: Layout,
}

impl Records {
    /// Of a zip of this format.
    pub(super) fn of(directory: &Directory, format: Format) -> Self {
        // Of equal names torch takes the first.
        let members = directory.members.iter().rev();
        let sizes = members.map(|member| (member.name.to_ascii_lowercase(), member.size)).collect();
        let root = directory.members.first().and_then(|member| member.name.split('/').next()).unwrap_or_default();
        let layout = if format == Format::TorchScript { Layout::Script } else { Layout::Zip };
        Self { sizes: Rc::new(sizes), root: root.to_ascii_lowercase(), layout }
    }

    /// Whether a member is the pickle whose storages these are.
    pub(super) fn belong_to(&self, member: &Member) -> bool {
        member.name.to_ascii_lowercase() == format!("{}/data.pkl", self.root)
    }

    /// What is wrong between the pickle and its storages.
    pub(super) fn check(&self, machine: &Machine<'_>) -> Vec<Fault> {
        let Some(result) = machine.result() else { return Vec::new() };
        let record =
            |key: &str| self.sizes.get(format!("{}/data/{}", self.root, key.to_ascii_lowercase()).as_str()).copied();
        check(&Walk::new(machine), result, self.layout, &record)
    }

    /// What is wrong with the small members that torch reads first.
    pub(super) fn check_members<R: io::Read + io::Seek>(
        &self,
        directory: &Directory,
        archive: &Content<'_>,
        input: &mut Input<R>,
    ) -> io::Result<Vec<Fault>> {
        let mut faults = Vec::new();
        let mut read = |name: &str| -> io::Result<Option<String>> {
            let wanted = format!("{}/{name}", self.root);
            let member = directory.members.iter().find(|member| member.name.eq_ignore_ascii_case(&wanted));
            let Some(member) = member else { return Ok(None) };
            let Some(local) = Local::read(input, member.offset)? else { return Ok(None) };
            let Some(content) = member.content(archive, local.start) else { return Ok(None) };
            let head = content.head(MAX_BYTES).map(|(head, _)| head).unwrap_or_default();
            Ok(Some(String::from_utf8_lossy(&head).into_owned()))
        };
        let mut wrong = |message: String| faults.push(Fault::new(FaultKind::Field, message, DAMAGED));
        let version = match read(".data/version")? {
            Some(version) => Some(version),
            None => read("version")?,
        };
        match version {
            None => wrong("the archive has no member `version`".to_owned()),
            Some(text) => match leading_number(&text) {
                Some(number) if VERSIONS.contains(&number) => {}
                Some(number) => {
                    let (first, last) = (VERSIONS.start(), VERSIONS.end());
                    wrong(format!("the archive is of version {number}, and torch 2.15 reads {first} to {last}"));
                }
                None => wrong(format!("the member `version` says {}, which is not a number", shown(text.trim()))),
            },
        }
        if let Some(order) = read("byteorder")?.filter(|order| !matches!(order.as_str(), "little" | "big")) {
            wrong(format!(
                "the member `byteorder` says {}, and torch knows `little` and `big`",
                shown(&order.escape_debug().to_string())
            ));
        }
        if let Some(text) = read(".storage_alignment")?.filter(|text| text.trim().parse::<i64>().is_err()) {
            wrong(format!("the member `.storage_alignment` says {}, which is not a number", shown(text.trim())));
        }
        Ok(faults)
    }
}

/// The number at the start of a text, as C reads it.
fn leading_number(text: &str) -> Option<u64> {
    let text = text.trim_start();
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

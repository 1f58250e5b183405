//! Where a zip's readers would refuse it, or would read different things.

use std::collections::HashSet;
use std::io::{self, Read, Seek};

use super::directory::CUT_SHORT;
use super::{DEFLATED, Directory, LOCAL_BYTES, Local, METHODS, Member, STORED};
use crate::bytes::fault::{Fault, FaultKind, Faults, shown};
use crate::bytes::{Format, Input};
use crate::words::grouped;

/// Encryption, patched data, strong encryption and a hidden directory: what torch's reader and Python's refuse. Torch
/// before 2.6 skipped them.
const REFUSED_FLAGS: u16 = 0x1 | 0x20 | 0x40 | 0x2000;

/// Whether torch's own reader opens the format; else Python's `zipfile` does.
fn is_torch(format: Format) -> bool {
    matches!(format, Format::TorchZip | Format::TorchScript)
}

const RESAVE: &str = "Save the file again with the library that wrote it, and upload that.";
const SMUGGLES: &str = "Save the file again with the library that wrote it. A scanner and a loader can see different content in this file.";

impl Directory {
    /// What the directory alone shows, for the reader of this format. The bytes of the file's `head` tell whether
    /// something stands in front of the archive.
    pub(crate) fn check(&self, format: Format, head: &[u8]) -> Vec<Fault> {
        let mut faults = Faults::default();
        self.check_start(format, head, &mut faults);
        for member in &self.members {
            if faults.is_full() {
                break;
            }
            if let Some(fault) = member.check(format) {
                faults.push(fault);
            }
        }
        self.check_names(format, &mut faults);
        self.check_places(&mut faults);
        faults.into_vec()
    }

    /// Torch and numpy look at the first four bytes; torch also wants every place to count from the file's start.
    fn check_start(&self, format: Format, head: &[u8], faults: &mut Faults) {
        if self.is_inner {
            let message = "the zip has no directory at its end, only that of a zip stored inside it";
            faults.push(Fault::new(FaultKind::CutShort, message, CUT_SHORT).at(0));
            return;
        }
        let opens = head.starts_with(b"PK");
        if opens && (self.prefix == 0 || !is_torch(format)) {
            return;
        }
        let message = match self.prefix {
            0 => "the file does not begin as the zip that it is at its end".to_owned(),
            prefix => format!("{} bytes come before the zip", grouped(prefix)),
        };
        let fault = Fault::new(FaultKind::Leftover, message, SMUGGLES).at(0);
        let breaks = is_torch(format) || format == Format::Npz;
        faults.push(if breaks { fault } else { fault.tolerated() });
    }

    /// Two members of one name: torch takes the first, Python the last. Torch wants one folder for all.
    fn check_names(&self, format: Format, faults: &mut Faults) {
        let mut seen = HashSet::new();
        let root = self.members.first().map(|member| root(&member.name));
        let mut is_told = false;
        for member in &self.members {
            let name = member.name.as_str();
            // Names that are not UTF-8 may only look alike; a folder is not content.
            let counts = !name.contains('\u{FFFD}') && !name.ends_with('/');
            if counts && !seen.insert(name) {
                let message = format!("the name {} occurs twice in the zip", shown(name));
                let help = "Save the file again with the library that wrote it. Readers and scanners may take different ones of the two.";
                faults.push(Fault::new(FaultKind::Duplicate, message, help).at(member.offset).tolerated());
            }
            let is_outside = root.is_some_and(|wanted| wanted.is_none() || root_of(member) != wanted);
            if is_torch(format) && is_outside && !is_told {
                is_told = true;
                let folder = root.flatten().map_or_else(|| "any folder".to_owned(), shown);
                let message = format!("the member {} is outside of {folder}", shown(name));
                let help = "Save the file again with `torch.save`. Torch rejects an archive whose members are not in one folder.";
                faults.push(Fault::new(FaultKind::Name, message, help).at(member.offset));
            }
        }
    }

    /// Members that claim the same bytes. The local headers may be longer than what the directory shows; that only
    /// hides an overlap.
    fn check_places(&self, faults: &mut Faults) {
        let mut members: Vec<&Member> = self.members.iter().collect();
        members.sort_by_key(|member| member.offset);
        let mut last: Option<(&Member, u64)> = None;
        for member in members {
            let end = member.offset.saturating_add(LOCAL_BYTES + member.name.len() as u64);
            let end = end.saturating_add(member.compressed);
            if let Some((before, _)) = last.filter(|(_, end)| member.offset < *end) {
                let message = format!("the members {} and {} share bytes", shown(&before.name), shown(&member.name));
                faults.push(Fault::new(FaultKind::Overlap, message, SMUGGLES).at(member.offset).tolerated());
                return;
            }
            last = Some((member, end));
        }
    }
}

impl Member {
    fn check(&self, format: Format) -> Option<Fault> {
        let known: &[u16] = if is_torch(format) { &[STORED, DEFLATED] } else { METHODS };
        let what = if self.flags & REFUSED_FLAGS != 0 {
            format!("is marked as encrypted or patched (flags {:#x})", self.flags)
        } else if !known.contains(&self.method) {
            format!("is packed with method {}", self.method)
        } else if self.method == STORED && self.size != self.compressed {
            let fault = Fault::new(
                FaultKind::Size,
                format!(
                    "the member {} is not packed, and claims {} bytes in the file and {} outside it",
                    shown(&self.name),
                    grouped(self.compressed),
                    grouped(self.size)
                ),
                RESAVE,
            );
            let fault = fault.at(self.offset);
            return Some(if is_torch(format) { fault } else { fault.tolerated() });
        } else {
            return None;
        };
        let message = format!("the member {} {what}", shown(&self.name));
        let help = "Save the file again with the library that wrote it. The format's own reader rejects this one.";
        Some(Fault::new(FaultKind::Field, message, help).at(self.offset))
    }

    /// Reads the local header, and says where it contradicts the directory. None where there is none.
    pub(crate) fn local<R: Read + Seek>(
        &self,
        input: &mut Input<R>,
        format: Format,
    ) -> io::Result<(Option<Local>, Option<Fault>)> {
        let Some(local) = Local::read(input, self.offset)? else {
            let message = format!("there is no header where the zip lists {}", shown(&self.name));
            return Ok((None, Some(Fault::new(FaultKind::Syntax, message, RESAVE).at(self.offset))));
        };
        if local.name == self.name {
            return Ok((Some(local), None));
        }
        let message = format!(
            "the zip's directory names {}, and the member's own header {}",
            shown(&self.name),
            shown(&local.name)
        );
        let fault = Fault::new(FaultKind::Name, message, SMUGGLES).at(self.offset);
        // Torch goes by the directory; Python's reader refuses the member.
        let fault = if is_torch(format) { fault.tolerated() } else { fault };
        Ok((Some(local), Some(fault)))
    }

    /// The content, read to its end, has another length than the directory says: torch refuses it, or reads a part of it.
    pub(crate) fn bad_size(&self, bytes: u64) -> Fault {
        let message = format!(
            "the member {} unpacks to {} bytes, and the zip says {}",
            shown(&self.name),
            grouped(bytes),
            grouped(self.size)
        );
        Fault::new(FaultKind::Size, message, RESAVE).at(self.offset)
    }

    /// The content, read to its end, has another checksum than the directory says.
    pub(crate) fn bad_checksum(&self, format: Format) -> Fault {
        let message = format!("the member {} does not match its checksum", shown(&self.name));
        let help = "Upload the file again from the original. Bytes have changed since it was written, and Python's zip reader rejects it.";
        let fault = Fault::new(FaultKind::Checksum, message, help).at(self.offset);
        if is_torch(format) { fault.tolerated() } else { fault }
    }
}

/// The folder a member stands in, counted from the top.
fn root(name: &str) -> Option<&str> {
    name.split_once('/').map(|(root, _)| root)
}

fn root_of(member: &Member) -> Option<&str> {
    root(&member.name)
}

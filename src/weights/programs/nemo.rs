//! NeMo archives: a tar with `model_config.yaml`, whose `_target_` entries NeMo makes with Hydra (CVE-2025-23304).

use std::io::{self, Cursor, Read, Seek};

use super::super::active::{Active, Actives, Danger};
use super::{MAX_TEXT_BYTES, named, unread};
use crate::bytes::fault::{Fault, shown};
use crate::bytes::tar::{Entry, walk};
use crate::bytes::unpack::{Content, Packing};
use crate::bytes::{Format, Input};
use crate::source::{FileId, SourceFile};
use crate::targets::{Worth, in_yaml};

/// How many members are looked at. Real archives have up to a few hundred.
const MAX_MEMBERS: usize = 10_000;

/// How many configurations are read.
const MAX_CONFIGS: usize = 32;

/// How much of a compressed archive is unpacked: the configuration comes before the weights.
const MAX_UNPACKED_BYTES: usize = 16 * 1024 * 1024;

const CLASS: &str =
    "Write plain values instead of this tag. Safe readers of YAML reject it, and others import the class.";

/// Reads the configurations of an archive.
pub(super) fn scan<R: Read + Seek>(
    input: &mut Input<R>,
    format: Format,
    found: &mut Actives,
) -> io::Result<Option<Fault>> {
    if format == Format::Tar {
        return in_tar(input, found);
    }
    let Some(content) = Content::file(input).unpacked(Packing::Gzip) else { return Ok(None) };
    // Damaged compression is a fault of the file, and reported as such.
    let Ok((bytes, _)) = content.head(MAX_UNPACKED_BYTES) else { return Ok(None) };
    let size = bytes.len() as u64;
    in_tar(&mut Input::new(Cursor::new(bytes), size)?, found)
}

fn in_tar<R: Read + Seek>(input: &mut Input<R>, found: &mut Actives) -> io::Result<Option<Fault>> {
    let mut configs: Vec<Entry> = Vec::new();
    walk(input, MAX_MEMBERS, |entry, _| {
        let name = entry.name.to_ascii_lowercase();
        if (name.ends_with(".yaml") || name.ends_with(".yml")) && configs.len() < MAX_CONFIGS {
            configs.push(entry);
        }
    })?;
    let mut fault = None;
    for entry in configs {
        let is_whole = entry.size <= MAX_TEXT_BYTES as u64;
        let bytes = if is_whole { input.read(entry.start, entry.size as usize)? } else { Vec::new() };
        let source = SourceFile::new(FileId(0), entry.name.as_str().into(), bytes);
        match in_yaml(&source).filter(|_| is_whole) {
            Some(targets) => {
                for target in targets {
                    let place = format!("the configuration {}", shown(&entry.name));
                    found.extend(match target.worth {
                        Worth::Ordinary => {
                            let message = format!("{place} names the class {} in a tag", shown(&target.name));
                            Some(Active::new(Danger::NeedsCode, message, CLASS))
                        }
                        worth => named(&place, &target.name, worth),
                    });
                }
            }
            None => fault = Some(unread(&format!("the configuration {}", shown(&entry.name)))),
        }
    }
    Ok(fault)
}

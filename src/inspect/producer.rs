//! Which program wrote a file, where its header does not hold that among the tensors: small members of archives.

use std::io::{self, Read, Seek, SeekFrom};

use super::text::entry;
use crate::bytes::Format;
use crate::bytes::zip::{Directory, Member};
use crate::weights::{Contents, Weight};

/// The longest member that is read.
const MAX_MEMBER_BYTES: u64 = 4096;

/// What a file says of its producer.
pub(super) fn metadata<R: Read + Seek>(weight: &Weight, reader: &mut R) -> io::Result<Vec<(String, String)>> {
    match (&weight.contents, weight.format) {
        (Contents::Zip(directory), Format::TorchZip | Format::TorchScript) => torch(directory, reader),
        (Contents::Zip(directory), Format::KerasZip) => keras(directory, reader),
        _ => Ok(Vec::new()),
    }
}

/// `version` and `byteorder`, which stand beside `data.pkl` in one folder of the archive.
fn torch<R: Read + Seek>(directory: &Directory, reader: &mut R) -> io::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for name in ["version", "byteorder"] {
        let ends = |member: &&Member| member.name.split_once('/').is_some_and(|(_, rest)| rest == name);
        if let Some(text) =
            directory.members.iter().find(ends).map(|member| content(member, reader)).transpose()?.flatten()
        {
            found.push(entry(
                &format!("torch {}", name.trim_start_matches(".data/").trim_start_matches('.')),
                text.trim(),
            ));
        }
    }
    Ok(found)
}

/// `metadata.json` of a `.keras` archive.
fn keras<R: Read + Seek>(directory: &Directory, reader: &mut R) -> io::Result<Vec<(String, String)>> {
    let member = directory.members.iter().find(|member| member.name == "metadata.json");
    let Some(text) = member.map(|member| content(member, reader)).transpose()?.flatten() else { return Ok(Vec::new()) };
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(&text) else { return Ok(Vec::new()) };
    let shown = fields.iter().filter_map(|(key, value)| Some(entry(key, value.as_str()?)));
    Ok(shown.take(16).collect())
}

/// The content of a small member that is stored as it is; none for any other.
fn content<R: Read + Seek>(member: &Member, reader: &mut R) -> io::Result<Option<String>> {
    if member.method != 0 || member.compressed > MAX_MEMBER_BYTES || member.flags & 1 != 0 {
        return Ok(None);
    }
    // The local header: its name and its extra field are as long as it says, and the content follows.
    let mut header = [0; 30];
    reader.seek(SeekFrom::Start(member.offset))?;
    if reader.read_exact(&mut header).is_err() || !header.starts_with(b"PK\x03\x04") {
        return Ok(None);
    }
    let [.., name_low, name_high, extra_low, extra_high] = header;
    let length =
        u64::from(u16::from_le_bytes([name_low, name_high])) + u64::from(u16::from_le_bytes([extra_low, extra_high]));
    let Some(start) = member.offset.checked_add(30 + length) else { return Ok(None) };
    reader.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    reader.take(member.compressed).read_to_end(&mut bytes)?;
    Ok(String::from_utf8(bytes).ok())
}

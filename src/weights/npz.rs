//! The arrays of a numpy zip: the header of each member, and never its numbers.

use std::io::{self, Cursor, Read, Seek};
use std::ops::Range;

use super::npy;
use super::npy::{MAX_HEADER_CHARACTERS, Npy};
use crate::bytes::Input;
use crate::bytes::unpack::Content;
use crate::bytes::zip::{Directory, Local};

/// How many arrays of one archive are listed.
pub const MAX_ARRAYS: usize = 10_000;

/// The start of a member, in which its header stands.
const HEAD_BYTES: usize = 64 + MAX_HEADER_CHARACTERS;

/// One array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Array {
    /// The member's name without `.npy`, as `numpy.load` gives it.
    pub name: String,
    /// What its header says; offsets count from the start of the member.
    pub header: Npy,
    /// Where the member starts in the file; none where it is packed.
    pub start: Option<u64>,
    /// The bytes of the member's content.
    pub size: u64,
}

impl Array {
    /// The numbers' bytes in the file; none where they are packed.
    pub fn range(&self) -> Option<Range<u64>> {
        let start = self.start?;
        let (first, end) = (start.checked_add(self.header.start)?, start.checked_add(self.size)?);
        (first <= end).then_some(first..end)
    }
}

/// The arrays in the order of the directory. Members that are no arrays, or cannot be unpacked, are left out.
///
/// # Errors
/// What the reader reports.
pub fn arrays<R: Read + Seek>(input: &mut Input<R>, directory: &Directory) -> io::Result<Vec<Array>> {
    let mut found = Vec::new();
    for member in directory.members.iter().take(MAX_ARRAYS) {
        let Some(local) = Local::read(input, member.offset)? else { continue };
        let archive = Content::file(input);
        let Some(content) = member.content(&archive, local.start) else { continue };
        let head = match content.head(HEAD_BYTES) {
            Ok((head, _)) => head,
            Err(_) if content.offset().is_none() => continue,
            Err(error) => return Err(error),
        };
        if !head.starts_with(npy::MAGIC) {
            continue;
        }
        // What the header promises is compared with the whole file elsewhere; here is only its start.
        let length = head.len() as u64;
        if let (Some(header), _) = Npy::read(&mut Input::new(Cursor::new(head), length)?)? {
            let name = member.name.strip_suffix(".npy").unwrap_or(&member.name).to_owned();
            found.push(Array { name, header, start: content.offset(), size: member.size });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::source::RepoPath;
    use crate::weights::{Contents, examine};

    #[test]
    fn arrays_that_numpy_wrote() {
        for (name, places) in [("arrays.npz", true), ("arrays-deflated.npz", false)] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/weights/good").join(name);
            let bytes = fs::read(path).unwrap();
            let size = bytes.len() as u64;
            let weight = examine(&RepoPath::new(name), Cursor::new(&bytes), size).unwrap();
            let Contents::Zip(directory) = &weight.contents else { panic!("{weight:?}") };
            let found = arrays(&mut Input::new(Cursor::new(&bytes), size).unwrap(), directory).unwrap();
            let first = found.first().unwrap();
            assert_eq!(
                (first.name.as_str(), first.header.descr.as_str(), first.header.shape.as_slice()),
                ("a", "<f4", [6].as_slice())
            );
            assert_eq!(first.start.is_some(), places, "{name}");
            assert_eq!(first.range().is_some(), places, "{name}");
            if let Some(range) = first.range() {
                let numbers: Vec<u8> = (0..6).flat_map(|number| (number as f32).to_le_bytes()).collect();
                assert_eq!(bytes[range.start as usize..range.end as usize], numbers, "`numpy.arange(6)`");
            }
        }
    }
}

//! The arrays of a numpy zip: the header of each member, and never its numbers.

use std::io::{self, Cursor, Read, Seek};
use std::ops::Range;

use super::npy::{MAX_HEADER_CHARACTERS, Npy};
use super::{Tensor, npy};
use crate::bytes::Input;
use crate::bytes::unpack::Content;
use crate::bytes::zip::{Directory, Local};

/// How many arrays of one archive are listed.
pub const MAX_ARRAYS: usize = 10_000;

/// The start of a member, in which its header stands.
const HEAD_BYTES: usize = 64 + MAX_HEADER_CHARACTERS;

/// The arrays in the order of the directory. Members that are not arrays, or cannot be unpacked, are left out.
///
/// # Errors
/// What the reader reports.
pub fn tensors<R: Read + Seek>(input: &mut Input<R>, directory: &Directory) -> io::Result<Vec<Tensor>> {
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
            // The member's name without `.npy`, as `numpy.load` gives it.
            let name = member.name.strip_suffix(".npy").unwrap_or(&member.name).to_owned();
            let tensor = header.tensor(member.size);
            let start = content.offset();
            let range = start.zip(tensor.range).and_then(|(start, range)| moved(&range, start));
            found.push(Tensor { name, range, ..tensor });
        }
    }
    Ok(found)
}

/// A range of a part of the file, as a range of the file.
pub(super) fn moved(range: &Range<u64>, by: u64) -> Option<Range<u64>> {
    Some(range.start.checked_add(by)?..range.end.checked_add(by)?)
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
            let found = tensors(&mut Input::new(Cursor::new(&bytes), size).unwrap(), directory).unwrap();
            let first = found.first().unwrap();
            assert_eq!(
                (first.name.as_str(), first.dtype.as_ref(), first.shape.as_slice()),
                ("a", "<f4", [6].as_slice())
            );
            assert_eq!(first.range.is_some(), places, "{name}");
            if let Some(range) = &first.range {
                let numbers: Vec<u8> = (0..6).flat_map(|number| (number as f32).to_le_bytes()).collect();
                assert_eq!(bytes[range.start as usize..range.end as usize], numbers, "`numpy.arange(6)`");
            }
        }
    }
}

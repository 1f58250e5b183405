//! Where links lead, and which may be followed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::file::Link;

/// The folders in which a link may end, as absolute paths without links.
pub(super) struct Bounds {
    root: PathBuf,
    blobs: Vec<PathBuf>,
}

/// What a link leads to.
pub(super) enum Target {
    File {
        link: Link,
        size: u64,
    },
    Folder,
    /// A pipe, a socket, a device.
    Special,
    /// A file that is not to be read.
    Elsewhere(PathBuf),
    /// Nothing, or in circles.
    Nowhere(io::Error),
}

impl Bounds {
    /// Only the folder itself.
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root, blobs: Vec::new() }
    }

    /// The folder, and the blobs of the Hub's cache it belongs to: its model's own, and those that models share
    /// (huggingface_hub 2.4.0, `utils/_shared_blobs.py`: `<cache>/blobs/<2 digits>/<hash>`).
    pub(super) fn of_snapshot(root: PathBuf) -> Self {
        let model = root.ancestors().nth(2);
        let places = [model, model.and_then(Path::parent)];
        let blobs = places.into_iter().flatten().filter_map(|place| fs::canonicalize(place.join("blobs")).ok());
        Self { blobs: blobs.collect(), root }
    }

    /// Follows a link to its end without opening anything.
    pub(super) fn resolve(&self, link: &Path) -> Target {
        let resolved = fs::canonicalize(link).and_then(|end| fs::metadata(&end).map(|metadata| (end, metadata)));
        let (end, metadata) = match resolved {
            Ok(found) => found,
            Err(error) => return Target::Nowhere(error),
        };
        if metadata.is_dir() {
            return Target::Folder;
        }
        if !metadata.is_file() {
            return Target::Special;
        }
        let link = if self.is_inside(&end) {
            Link::Inside(end)
        } else if self.blobs.iter().any(|blobs| end.starts_with(blobs)) {
            Link::Blob(end)
        } else {
            return Target::Elsewhere(end);
        };
        Target::File { link, size: metadata.len() }
    }

    /// `.git` is not part of the release: its configuration may hold a token.
    fn is_inside(&self, end: &Path) -> bool {
        end.strip_prefix(&self.root).is_ok_and(|inside| inside.iter().all(|part| !part.eq_ignore_ascii_case(".git")))
    }
}

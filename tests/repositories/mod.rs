//! The fixtures, and copies of them that a test may change.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of the fixtures that are whole repositories.
#[allow(dead_code, reason = "not every test goes through all")]
pub(crate) fn fixtures() -> Vec<String> {
    let folders = fs::read_dir(root().join("fixtures")).unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<String> = folders
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && name != "__pycache__" && name != "weights")
        .collect();
    names.sort();
    assert!(names.len() > 10, "{names:?}");
    names
}

/// A copy of a fixture in a place of its own, where it is a plain folder, as `hf upload` would send it.
#[allow(dead_code, reason = "some tests copy other folders")]
pub(crate) fn copy(name: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join(name);
    copy_folder(&root().join("fixtures").join(name), &target);
    (folder, target)
}

/// Copies all that is in a folder.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).map(drop).unwrap();
        }
    }
}

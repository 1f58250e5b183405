use std::fs;
use std::path::Path;

use crate::fix::Change;
use crate::fix::write::{WriteError, check, write};
use crate::source::RepoPath;

fn change(path: &str, before: Option<&str>, after: &str) -> Change {
    let bytes = |text: &str| text.as_bytes().into();
    Change { path: RepoPath::new(path), before: before.map(bytes), after: bytes(after) }
}

/// The names in a folder: nothing temporary may be among them.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_changed_and_a_new_file_are_written() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("sub")).unwrap();
    fs::write(root.path().join("sub/a.txt"), "old").unwrap();
    write(root.path(), &change("sub/a.txt", Some("old"), "new\r\n")).unwrap();
    write(root.path(), &change("b.txt", None, "fresh")).unwrap();
    assert_eq!(fs::read(root.path().join("sub/a.txt")).unwrap(), b"new\r\n");
    assert_eq!(fs::read(root.path().join("b.txt")).unwrap(), b"fresh");
    assert_eq!(
        (names(root.path()), names(&root.path().join("sub"))),
        (vec!["b.txt".into(), "sub".into()], vec!["a.txt".into()])
    );
}

#[test]
fn a_file_that_changed_in_the_meantime_is_left() {
    let root = tempfile::tempdir().unwrap();
    for now in ["other", "old and more", "ol", ""] {
        fs::write(root.path().join("a.txt"), now).unwrap();
        let error = write(root.path(), &change("a.txt", Some("old"), "new")).unwrap_err();
        assert!(matches!(error, WriteError::Changed(_)), "{error:?}");
        assert_eq!(fs::read_to_string(root.path().join("a.txt")).unwrap(), now);
    }
    fs::remove_file(root.path().join("a.txt")).unwrap();
    let error = write(root.path(), &change("a.txt", Some("old"), "new")).unwrap_err();
    assert!(matches!(error, WriteError::Changed(_)), "{error:?}");
    assert!(names(root.path()).is_empty());
}

#[test]
fn a_new_file_never_replaces_one() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("a.txt"), "mine").unwrap();
    fs::create_dir(root.path().join("folder")).unwrap();
    for path in ["a.txt", "folder"] {
        let error = write(root.path(), &change(path, None, "new")).unwrap_err();
        assert!(matches!(error, WriteError::Exists(_)), "{error:?}");
    }
    assert_eq!(fs::read_to_string(root.path().join("a.txt")).unwrap(), "mine");
    assert_eq!(names(root.path()), ["a.txt", "folder"]);
}

#[test]
fn nothing_is_written_outside_the_repository() {
    let outer = tempfile::tempdir().unwrap();
    let root = outer.path().join("repository");
    fs::create_dir_all(root.join(".git")).unwrap();
    fs::write(outer.path().join("a.txt"), "old").unwrap();
    fs::write(root.join(".git/config"), "old").unwrap();
    let absolute = outer.path().join("a.txt").to_str().unwrap().to_owned();
    for path in ["../a.txt", "sub/../../a.txt", &absolute, ".git/config", ".GIT/config", "", ".", "a//b"] {
        for before in [Some("old"), None] {
            let error = write(&root, &change(path, before, "new")).unwrap_err();
            assert!(matches!(error, WriteError::Outside(_)), "{path}: {error:?}");
        }
    }
    assert_eq!(names(outer.path()), ["a.txt", "repository"]);
    assert_eq!(fs::read_to_string(outer.path().join("a.txt")).unwrap(), "old");
}

#[test]
fn a_folder_that_is_not_there_is_not_made() {
    let root = tempfile::tempdir().unwrap();
    assert!(matches!(write(root.path(), &change("sub/a.txt", None, "new")), Err(WriteError::Io { .. })));
    assert!(names(root.path()).is_empty());
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn no_link_is_written_through() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("repository");
        fs::create_dir_all(root.join("real")).unwrap();
        fs::write(outer.path().join("a.txt"), "old").unwrap();
        fs::write(root.join("real/a.txt"), "old").unwrap();
        symlink(outer.path().join("a.txt"), root.join("file-link.txt")).unwrap();
        symlink("real", root.join("folder-link")).unwrap();
        symlink("nowhere", root.join("dangling.txt")).unwrap();
        for path in ["file-link.txt", "folder-link/a.txt", "dangling.txt"] {
            let error = write(&root, &change(path, Some("old"), "new")).unwrap_err();
            assert!(matches!(error, WriteError::Link(_)), "{path}: {error:?}");
            assert!(check(&root, &RepoPath::new(path), true).is_err());
        }
        for path in ["folder-link/new.txt", "dangling.txt"] {
            assert!(write(&root, &change(path, None, "new")).is_err(), "{path}");
        }
        assert_eq!(fs::read_to_string(outer.path().join("a.txt")).unwrap(), "old");
        assert_eq!(fs::read_to_string(root.join("real/a.txt")).unwrap(), "old");
        assert_eq!(names(&root), ["dangling.txt", "file-link.txt", "folder-link", "real"]);
        assert_eq!(names(&root.join("real")), ["a.txt"]);
    }

    #[test]
    fn the_root_may_be_a_link() {
        let outer = tempfile::tempdir().unwrap();
        fs::create_dir(outer.path().join("real")).unwrap();
        fs::write(outer.path().join("real/a.txt"), "old").unwrap();
        symlink("real", outer.path().join("link")).unwrap();
        write(&outer.path().join("link"), &change("a.txt", Some("old"), "new")).unwrap();
        assert_eq!(fs::read_to_string(outer.path().join("real/a.txt")).unwrap(), "new");
    }

    #[test]
    fn the_mode_is_kept_and_a_read_only_file_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("a.txt");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o754)).unwrap();
        let owner = fs::metadata(&file).unwrap().uid();
        write(root.path(), &change("a.txt", Some("old"), "new")).unwrap();
        let now = fs::metadata(&file).unwrap();
        assert_eq!((now.mode() & 0o7777, now.uid()), (0o754, owner));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
        assert!(matches!(check(root.path(), &RepoPath::new("a.txt"), true), Err(WriteError::ReadOnly(_))));
        assert!(matches!(write(root.path(), &change("a.txt", Some("new"), "x")), Err(WriteError::ReadOnly(_))));
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(names(root.path()), ["a.txt"]);
    }

    #[test]
    fn only_regular_files_are_written() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("a.txt")).unwrap();
        let error = write(root.path(), &change("a.txt", Some("old"), "new")).unwrap_err();
        assert!(matches!(error, WriteError::NotAFile(_)), "{error:?}");
    }
}

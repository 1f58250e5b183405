//! A git checkout is its index and what `git add --all` would add.

use super::*;

macro_rules! need_git {
    ($sandbox:expr, $arguments:expr) => {
        if $sandbox.git(&$arguments).is_none() {
            return;
        }
    };
}

fn tracking(release: &Release) -> Vec<(&str, Tracking)> {
    release.files().iter().map(|file| (file.path.as_str(), file.tracking)).collect()
}

#[test]
fn a_tracked_file_is_pushed_even_when_it_is_ignored() {
    let sandbox = Sandbox::with(&[
        ("README.md", "card"),
        ("weights/model.bin", ""),
        ("weights/extra.bin", ""),
        ("runs/old.log", ""),
        ("notes.txt", ""),
        ("private/key", ""),
        (".gitignore", "*.bin\nruns/\n"),
        ("sub/.gitignore", "*\n!kept\n"),
        ("sub/gone", ""),
        ("sub/kept", ""),
    ]);
    need_git!(sandbox, ["init"]);
    sandbox.git(&["add", "README.md", "sub/kept"]);
    sandbox.git(&["add", "--force", "weights/model.bin"]);
    sandbox.write(".git/info/exclude", "private\n");
    let release = sandbox.open();
    assert_eq!(release.origin(), Origin::GitCheckout);
    assert_eq!(
        tracking(&release),
        [
            (".gitignore", Tracking::Untracked),
            ("README.md", Tracking::Tracked),
            ("notes.txt", Tracking::Untracked),
            ("sub/kept", Tracking::Tracked),
            ("weights/model.bin", Tracking::Tracked),
        ]
    );
    assert!(release.problems().is_empty());
}

#[test]
fn a_file_git_has_and_the_disk_has_not_is_missing() {
    let sandbox = Sandbox::with(&[(".gitattributes", "*.bin filter=lfs"), ("a.bin", "12345"), ("sparse", "")]);
    need_git!(sandbox, ["init"]);
    sandbox.git(&["-c", "filter.lfs.clean=cat", "-c", "filter.lfs.required=false", "add", "."]);
    sandbox.git(&["update-index", "--skip-worktree", "sparse"]);
    sandbox.write("announced", "");
    sandbox.git(&["add", "--intent-to-add", "announced"]);
    assert_eq!(tracking(&sandbox.open())[2], ("announced", Tracking::Untracked));
    for name in ["a.bin", "sparse", "announced"] {
        fs::remove_file(sandbox.path(name)).unwrap();
    }
    let release = sandbox.open();
    let missing: Vec<_> = release.files().iter().map(|file| (file.path.as_str(), file.missing)).collect();
    assert_eq!(missing, [(".gitattributes", false), ("a.bin", true), ("sparse", true)]);
    let gone = release.find("a.bin").unwrap();
    assert!(gone.lfs_covered && gone.size == 5);
    assert!(matches!(release.text(gone.id), Err(ReadError::Missing { .. })));
    assert!(matches!(release.reader(gone.id), Err(ReadError::Missing { .. })));
    assert_eq!(problems(&release), [("a.bin", ProblemKind::Missing)]);
}

#[test]
fn worktrees_submodules_and_nested_repositories_are_told_apart() {
    let origin = Sandbox::with(&[("README.md", "")]);
    need_git!(origin, ["init"]);
    origin.git(&["add", "."]);
    origin.git(&["commit", "-m", "first"]);
    let sandbox = Sandbox::with(&[("main/README.md", ""), ("main/.git-not", "")]);
    let main = sandbox.path("main");
    git(&main, &["init"], b"");
    git(&main, &["remote", "add", "origin", "git@hf.co:owner/name"], b"");
    git(&main, &["submodule", "add", origin.path("").to_str().unwrap(), "module"], b"");
    git(&main, &["add", "."], b"");
    git(&main, &["commit", "-m", "first"], b"");
    git(&main, &["worktree", "add", "../tree"], b"");
    git(&main, &["clone", origin.path("").to_str().unwrap(), "nested"], b"");
    sandbox.write("main/.git/info/exclude", "secret\n");
    sandbox.write("tree/secret", "");
    sandbox.write("tree/new", "");

    let release = sandbox.open_at("main");
    assert_eq!(paths(&release), [".git-not", ".gitmodules", "README.md"]);
    assert_eq!(left_out(&release), [("module", Why::Submodule), ("nested", Why::NestedRepository)]);

    let release = sandbox.open_at("tree");
    assert_eq!(release.origin(), Origin::GitCheckout);
    assert_eq!(paths(&release), [".git-not", ".gitmodules", "README.md", "new"]);
    assert_eq!(release.repo_id().unwrap().to_string(), "owner/name");

    let release = sandbox.open_at("main/module");
    assert_eq!(tracking(&release), [("README.md", Tracking::Tracked)]);
}

#[test]
fn an_unfinished_merge_is_said() {
    let sandbox = Sandbox::with(&[("README.md", "base\n")]);
    need_git!(sandbox, ["init"]);
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-m", "base"]);
    sandbox.git(&["checkout", "-b", "other"]);
    sandbox.write("README.md", "theirs\n");
    sandbox.git(&["commit", "-am", "theirs"]);
    sandbox.git(&["checkout", "main"]);
    sandbox.write("README.md", "ours\n");
    sandbox.git(&["commit", "-am", "ours"]);
    sandbox.git(&["merge-base", "main", "other"]);
    // Exits with 1, as it must.
    Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "merge", "other"])
        .current_dir(sandbox.path(""))
        .output()
        .unwrap();
    let release = sandbox.open();
    assert_eq!(tracking(&release), [("README.md", Tracking::Tracked)]);
    assert_eq!(problems(&release), [("README.md", ProblemKind::Unmerged)]);
}

#[test]
fn every_form_of_the_index_that_git_writes_is_read() {
    let forms: [&[&[&str]]; 5] = [
        &[&["update-index", "--index-version", "2"]],
        &[&["update-index", "--skip-worktree", "b/2"], &["update-index", "--no-skip-worktree", "b/2"]],
        &[&["update-index", "--index-version", "4"]],
        &[&["update-index", "--index-version", "4"], &["update-index", "--skip-worktree", "b/2"]],
        &[&["config", "index.skipHash", "true"], &["update-index", "--force-write-index"]],
    ];
    for hash in ["sha1", "sha256"] {
        for form in forms {
            let sandbox =
                Sandbox::with(&[("a-very-long-name/of/a/file.json", ""), ("b/1", ""), ("b/2", ""), ("c", "")]);
            need_git!(sandbox, ["init", "--object-format", hash]);
            sandbox.git(&["add", "."]);
            for command in form {
                sandbox.git(command);
            }
            let release = sandbox.open();
            let expected = ["a-very-long-name/of/a/file.json", "b/1", "b/2", "c"];
            assert_eq!(paths(&release), expected, "{hash} {form:?}");
            assert!(release.files().iter().all(|file| file.tracking == Tracking::Tracked), "{hash} {form:?}");
            assert!(release.problems().is_empty(), "{hash} {form:?} {:?}", release.problems());
        }
    }
}

#[test]
fn a_split_index_is_said_and_the_files_are_still_listed() {
    let sandbox = Sandbox::with(&[("README.md", ""), ("ignored.bin", ""), (".gitignore", "*.bin")]);
    need_git!(sandbox, ["init"]);
    sandbox.git(&["add", "README.md"]);
    sandbox.git(&["update-index", "--split-index"]);
    let release = sandbox.open();
    assert_eq!(tracking(&release), [(".gitignore", Tracking::Untracked), ("README.md", Tracking::Untracked)]);
    assert_eq!(problems(&release), [(".git/index", ProblemKind::BadIndex)]);
    assert!(release.problems()[0].message.contains("split"));
}

#[test]
fn a_sparse_index_names_the_folders_it_leaves_in_git() {
    let sandbox = Sandbox::with(&[("in/1", ""), ("out/2", ""), ("out/deep/3", "")]);
    need_git!(sandbox, ["init"]);
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-m", "first"]);
    sandbox.git(&["sparse-checkout", "init", "--cone", "--sparse-index"]);
    sandbox.git(&["sparse-checkout", "set", "in"]);
    let release = sandbox.open();
    assert_eq!(paths(&release), ["in/1"]);
    assert_eq!(left_out(&release), [("out", Why::Sparse)]);
    assert!(release.problems().is_empty(), "{:?}", release.problems());
}

#[test]
fn a_damaged_index_is_said() {
    let sandbox = Sandbox::with(&[("README.md", "")]);
    need_git!(sandbox, ["init"]);
    sandbox.git(&["add", "."]);
    let mut bytes = fs::read(sandbox.path(".git/index")).unwrap();
    bytes[70] ^= 1;
    sandbox.write(".git/index", &bytes);
    let release = sandbox.open();
    assert_eq!(tracking(&release), [("README.md", Tracking::Untracked)]);
    assert_eq!(problems(&release), [(".git/index", ProblemKind::BadIndex)]);
}

#[cfg(unix)]
#[test]
fn a_tracked_path_behind_a_linked_folder_is_not_read() {
    let outside = Sandbox::with(&[("secret", "token")]);
    let sandbox = Sandbox::with(&[("sub/secret", "")]);
    need_git!(sandbox, ["init"]);
    sandbox.git(&["add", "."]);
    fs::remove_dir_all(sandbox.path("sub")).unwrap();
    sandbox.link("sub", outside.path("").to_str().unwrap());
    let release = sandbox.open();
    assert!(release.find("sub/secret").unwrap().missing);
    assert!(matches!(release.text(FileId(0)), Err(ReadError::Missing { .. })));
    assert_eq!(left_out(&release), [("sub", Why::FolderLink)]);
}

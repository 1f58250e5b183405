//! A plain folder is what `hf upload` would send.

use super::*;

#[test]
fn everything_is_sent_but_git_and_the_download_record() {
    let sandbox = Sandbox::with(&[
        ("README.md", ""),
        (".hidden", ""),
        (".config/x.json", ""),
        ("unet/model.safetensors", ""),
        ("unet/.git", "gitdir: nowhere"),
        ("vendored/.git/HEAD", ""),
        ("vendored/code.py", ""),
        (".cache/huggingface/download/README.md.metadata", ""),
        (".cache/other", ""),
        ("sub/.cache/huggingface", ""),
        ("huggingface/x", ""),
        (".gitignored", ""),
    ]);
    let release = sandbox.open();
    assert_eq!(release.origin(), Origin::Folder);
    assert_eq!(
        paths(&release),
        [
            ".cache/other",
            ".config/x.json",
            ".gitignored",
            ".hidden",
            "README.md",
            "huggingface/x",
            "unet/model.safetensors",
            "vendored/code.py"
        ]
    );
    assert!(release.files().iter().all(|file| file.tracking == Tracking::Plain));
    assert!(release.problems().is_empty() && release.left_out().is_empty());
}

#[test]
fn only_the_root_ignore_file_reaches_the_hub() {
    let sandbox = Sandbox::with(&[
        (".gitignore", "\u{feff}*.log\n!kept.log\nbuild/\n/only-here\n# a comment\n"),
        ("a.log", ""),
        ("kept.log", ""),
        ("deep/b.log", ""),
        ("deep/only-here", ""),
        ("only-here", ""),
        ("build/kept.log", ""),
        ("runs/.gitignore", "*\n"),
        ("runs/events", ""),
    ]);
    let release = sandbox.open();
    assert_eq!(paths(&release), [".gitignore", "deep/only-here", "kept.log", "runs/.gitignore", "runs/events"]);
    assert!(!release.folder_named("build"));
}

#[test]
fn a_subfolder_of_a_checkout_is_a_folder() {
    let sandbox = Sandbox::with(&[("model/README.md", ""), (".gitignore", "*.md")]);
    if sandbox.git(&["init"]).is_none() {
        return;
    }
    let release = sandbox.open_at("model");
    assert_eq!((release.origin(), paths(&release)), (Origin::Folder, vec!["README.md"]));
}

#[test]
fn files_are_found_by_their_exact_name() {
    let sandbox = Sandbox::with(&[("readme.md", "x"), ("a/b", ""), ("a-b", ""), ("a.b", "")]);
    fs::create_dir_all(sandbox.path("README.md")).unwrap();
    let release = sandbox.open();
    assert_eq!(paths(&release), ["a-b", "a.b", "a/b", "readme.md"]);
    for (at, file) in release.files().iter().enumerate() {
        assert_eq!(file.id, FileId(at as u32));
        assert_eq!(release.find(file.path.as_str()).unwrap().id, file.id);
    }
    assert!(release.find("README.md").is_none() && release.find("").is_none() && release.find("a").is_none());
    assert!(release.folder_named("README.md") && release.folder_named("a") && !release.folder_named("readme.md"));
}

#[test]
fn what_is_no_folder_is_no_release() {
    let sandbox = Sandbox::with(&[("README.md", "")]);
    let open = |path: &str| Release::open(&sandbox.path(path), &Options::default()).unwrap_err();
    let missing = open("nowhere");
    assert!(matches!(missing, OpenError::NotFound { .. }), "{missing}");
    let file = open("README.md");
    assert!(matches!(file, OpenError::NotAFolder { .. }), "{file}");
    assert!(file.to_string().ends_with("README.md` is not a folder") && !file.help().is_empty());
    let options = Options { repo_id: Some("a/b/c".to_owned()) };
    let id = Release::open(&sandbox.path(""), &options).unwrap_err();
    assert_eq!(id.to_string(), "`a/b/c` is not the id of a model");
}

#[test]
fn a_dot_git_that_is_no_repository_is_said() {
    let sandbox = Sandbox::with(&[(".git/config", "[remote \"origin\"]\nurl = https://hf.co/a/b"), ("README.md", "")]);
    let release = sandbox.open();
    assert_eq!((release.origin(), paths(&release)), (Origin::Folder, vec!["README.md"]));
    assert_eq!(problems(&release), [(".git", ProblemKind::BadGit)]);
    assert_eq!(release.repo_id(), None);
}

#[test]
fn the_flag_names_the_repository() {
    let options = Options { repo_id: Some("https://huggingface.co/owner/name".to_owned()) };
    let sandbox = Sandbox::new();
    let release = Release::open(&sandbox.path(""), &options).unwrap();
    let id = release.repo_id().unwrap();
    assert_eq!((id.to_string().as_str(), id.source), ("owner/name", RepoIdSource::Flag));
}

#[test]
fn folders_too_deep_and_patterns_too_many_are_said() {
    let sandbox = Sandbox::new();
    let deep = "d/".repeat(MAX_DEPTH);
    sandbox.write(&format!("{deep}in"), "");
    sandbox.write(&format!("{deep}d/out"), "");
    sandbox.write("many/.gitattributes", "*.bin filter=lfs\n".repeat(MAX_PATTERNS + 1));
    sandbox.write("many/x.bin", "");
    let release = sandbox.open();
    assert_eq!(paths(&release), [format!("{deep}in").as_str(), "many/.gitattributes", "many/x.bin"]);
    let too_deep = format!("{deep}d");
    let expected = [(too_deep.as_str(), ProblemKind::TooDeep), ("many/.gitattributes", ProblemKind::BadPatterns)];
    assert_eq!(problems(&release), expected);
    assert!(!release.find("many/x.bin").unwrap().lfs_covered);
}

#[test]
fn a_long_file_of_attributes_counts_up_to_what_the_hub_takes() {
    let sandbox = Sandbox::with(&[("x.bin", ""), ("far/x.bin", "")]);
    let mut text: String = (0..20_000).map(|n| format!("folder/part-{n}.bin filter=lfs diff=lfs\n")).collect();
    text.push_str("x.bin filter=lfs\n");
    sandbox.write(".gitattributes", &text);
    sandbox.write("far/.gitattributes", "#".repeat(MAX_ATTRIBUTES_BYTES as usize + 1));
    let release = sandbox.open();
    assert!(text.len() > 512 * 1024 && release.find("x.bin").unwrap().lfs_covered);
    assert_eq!(problems(&release), [("far/.gitattributes", ProblemKind::BadPatterns)]);
}

#[cfg(unix)]
#[test]
fn names_that_are_not_unicode_are_kept() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    let folder = sandbox.path("").join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    if fs::create_dir(&folder).is_err() {
        return; // Some file systems only take Unicode.
    }
    fs::write(folder.join("notes.txt"), "text").unwrap();
    let release = sandbox.open();
    assert_eq!(paths(&release), ["caf\u{fffd}/notes.txt"]);
    assert_eq!(release.text(FileId(0)).unwrap().text(), "text");
}

#[cfg(unix)]
#[test]
fn pipes_are_left_out_and_never_opened() {
    let sandbox = Sandbox::with(&[("README.md", "")]);
    for pipe in ["pipe", ".gitignore", ".gitattributes"] {
        if !Command::new("mkfifo").arg(sandbox.path(pipe)).status().is_ok_and(|status| status.success()) {
            return;
        }
    }
    sandbox.link("through", "pipe");
    let release = sandbox.open();
    assert_eq!(paths(&release), ["README.md"]);
    let names = [".gitattributes", ".gitignore", "pipe", "through"];
    assert_eq!(left_out(&release), names.map(|name| (name, Why::NotAFile)));
}

//! Which links are followed.
#![cfg(unix)]

use super::*;

#[test]
fn a_link_is_followed_inside_the_folder_only() {
    let outside = Sandbox::with(&[("secret", "token")]);
    let sandbox = Sandbox::with(&[("real.md", "text"), (".git/config", "token"), ("sub/x", "")]);
    sandbox.link("README.md", "real.md");
    sandbox.link("sub/up.md", "../README.md");
    sandbox.link("token", ".git/config");
    sandbox.link("leaves", outside.path("secret").to_str().unwrap());
    sandbox.link("relative", "../../../../../../../../etc/hostname");
    sandbox.link("broken", "nothing");
    sandbox.link("circle", "circle");
    sandbox.link("folder", "sub");
    sandbox.link("outer", outside.path("").to_str().unwrap());
    sandbox.link("sub/again", "..");
    let release = sandbox.open();
    assert_eq!(paths(&release), ["README.md", "real.md", "sub/up.md", "sub/x"]);
    let real = fs::canonicalize(sandbox.path("real.md")).unwrap();
    for linked in ["README.md", "sub/up.md"] {
        let file = release.find(linked).unwrap();
        assert_eq!((file.link.as_ref(), file.size), (Some(&Link::Inside(real.clone())), 4));
        assert_eq!(release.text(file.id).unwrap().text(), "text");
    }
    assert_eq!(release.find("real.md").unwrap().link, None);
    let of = |kind| problems(&release).into_iter().filter(|found| found.1 == kind).map(|found| found.0).collect();
    let dead: Vec<_> = of(ProblemKind::DeadLink);
    let leaving: Vec<_> = of(ProblemKind::LinkLeaves);
    assert_eq!(dead.iter().filter(|path| **path != "relative").count(), 2, "{dead:?}");
    assert!(leaving.contains(&"leaves") && leaving.contains(&"token"), "{leaving:?}");
    assert_eq!(left_out(&release), ["folder", "outer", "sub/again"].map(|path| (path, Why::FolderLink)));
}

#[test]
fn an_ignored_link_is_not_looked_at() {
    let sandbox = Sandbox::with(&[(".gitignore", "broken\n")]);
    sandbox.link("broken", "nothing");
    assert!(sandbox.open().problems().is_empty());
}

#[test]
fn a_linked_attributes_file_counts_for_an_upload() {
    let sandbox = Sandbox::with(&[("attributes", "*.bin filter=lfs\n"), ("x.bin", "")]);
    sandbox.link(".gitattributes", "attributes");
    assert!(sandbox.open().find("x.bin").unwrap().lfs_covered);
}

#[test]
fn a_snapshot_of_the_cache_is_read_through_its_blobs() {
    let sandbox = Sandbox::with(&[
        ("models--owner--some-name/blobs/abc", "the card"),
        ("models--owner--some-name/refs/main", "rev"),
        ("models--other--model/blobs/abc", "of another"),
        ("blobs/ab/shared", "shared by models"),
    ]);
    let model = "models--owner--some-name";
    let snapshot = format!("{model}/snapshots/rev");
    sandbox.link(&format!("{model}/blobs/def"), "../../blobs/ab/shared");
    sandbox.link(&format!("{snapshot}/README.md"), "../../blobs/abc");
    sandbox.link(&format!("{snapshot}/sub/shared"), "../../../blobs/def");
    sandbox.link(&format!("{snapshot}/other"), "../../../models--other--model/blobs/abc");
    let release = sandbox.open_at(&snapshot);
    assert_eq!(release.origin(), Origin::Snapshot);
    let id = release.repo_id().unwrap();
    assert_eq!((id.to_string().as_str(), id.source), ("owner/some-name", RepoIdSource::CacheFolder));
    assert_eq!(paths(&release), ["README.md", "sub/shared"]);
    assert!(release.files().iter().all(|file| matches!(file.link, Some(Link::Blob(_)))));
    assert_eq!(release.text(FileId(0)).unwrap().text(), "the card");
    assert_eq!(release.text(FileId(1)).unwrap().text(), "shared by models");
    assert_eq!(problems(&release), [("other", ProblemKind::LinkLeaves)]);
}

//! What a release promises, on real folders.

mod checkout;
mod folder;
mod links;
mod oracle;
mod pointers;
mod reading;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::*;

/// A folder that vanishes with the test.
struct Sandbox {
    root: TempDir,
}

impl Sandbox {
    fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    fn with(files: &[(&str, &str)]) -> Self {
        let sandbox = Self::new();
        for (path, text) in files {
            sandbox.write(path, text);
        }
        sandbox
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.root.path().join(inside)
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    #[cfg(unix)]
    fn link(&self, path: &str, target: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
    }

    fn open(&self) -> Release {
        self.open_at("")
    }

    fn open_at(&self, inside: &str) -> Release {
        Release::open(&self.path(inside), &Options::default()).unwrap()
    }

    /// Runs git in the folder, away from the configuration of the user who runs the tests; `None` when there is no git.
    fn git(&self, arguments: &[&str]) -> Option<String> {
        git(self.root.path(), arguments, &[])
    }
}

fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> Option<String> {
    use std::io::Write;
    let started = Command::new("git")
        .args(["-c", "core.excludesFile=", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"])
        .args(["-c", "user.name=Test", "-c", "user.email=test@example.org"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", if cfg!(windows) { "NUL" } else { "/dev/null" })
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_WORK_TREE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = started else {
        // Not `eprintln!`, which the test harness would swallow.
        writeln!(std::io::stderr(), "SKIPPED: a test needs git, and there is none").unwrap();
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn paths(release: &Release) -> Vec<&str> {
    release.files().iter().map(|file| file.path.as_str()).collect()
}

fn problems(release: &Release) -> Vec<(&str, ProblemKind)> {
    release.problems().iter().map(|problem| (problem.path.as_str(), problem.kind)).collect()
}

fn left_out(release: &Release) -> Vec<(&str, Why)> {
    release.left_out().iter().map(|left| (left.path.as_str(), left.why)).collect()
}

//! The id of a model on the Hub, and the places where it can be read.

use std::fmt;

use thiserror::Error;

/// Where an id was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepoIdSource {
    /// `--repo-id`.
    Flag,
    /// A remote in `.git/config`.
    GitRemote,
    /// The folder's name in the Hub's cache.
    CacheFolder,
}

/// A model's id. Prints as `owner/name`, or `name` alone for the few old ones that have no owner (`gpt2`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepoId {
    /// User or organization.
    pub owner: Option<String>,
    /// The repository.
    pub name: String,
    /// Where it was read.
    pub source: RepoIdSource,
}

impl fmt::Display for RepoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(owner) = &self.owner {
            write!(f, "{owner}/")?;
        }
        f.write_str(&self.name)
    }
}

/// `--repo-id` has a value that no model can have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{value}` is not the id of a model")]
pub struct BadRepoId {
    /// What was given.
    pub value: String,
}

/// The longest owner or name (huggingface_hub 2.4.0, `REPO_ID_REGEX`).
const MAX_PART_BYTES: usize = 96;

const HUB_HOSTS: [&str; 3] = ["huggingface.co", "hf.co", "www.huggingface.co"];

/// First path parts that say "this is not a model".
const OTHER_KINDS: [&str; 4] = ["datasets", "spaces", "kernels", "buckets"];

impl RepoId {
    /// From `--repo-id`: an id, or the address of a model's page.
    ///
    /// # Errors
    /// When it is neither.
    pub fn from_flag(value: &str) -> Result<Self, BadRepoId> {
        let trimmed = value.trim();
        Self::from_path(trimmed, RepoIdSource::Flag)
            .or_else(|| Self::from_address(trimmed, RepoIdSource::Flag))
            .ok_or_else(|| BadRepoId { value: value.to_owned() })
    }

    /// From the address of a git remote, if it is a model on the Hub. What stands before `@` may be a token and is
    /// dropped unread.
    pub(super) fn from_remote(address: &str) -> Option<Self> {
        Self::from_address(address.trim(), RepoIdSource::GitRemote)
    }

    /// From a folder of the Hub's cache: `models--owner--name`.
    pub(super) fn from_cache_folder(folder: &str) -> Option<Self> {
        let id = folder.strip_prefix("models--")?;
        Self::from_path(&id.replacen("--", "/", 1), RepoIdSource::CacheFolder)
    }

    fn from_address(address: &str, source: RepoIdSource) -> Option<Self> {
        let (host, path) = match address.split_once("://") {
            Some(("https" | "http" | "ssh" | "git" | "git+ssh", rest)) => rest.split_once('/')?,
            Some(_) => return None,
            // `user@host:path`, the short form of ssh.
            None => address.split_once(':')?,
        };
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let host = host.split_once(':').map_or(host, |(host, _)| host);
        if !HUB_HOSTS.iter().any(|hub| hub.eq_ignore_ascii_case(host)) {
            return None;
        }
        let path = path.trim_matches('/');
        Self::from_path(path.strip_suffix(".git").unwrap_or(path), source)
    }

    /// From `owner/name` or `name`, by the Hub's rules for names.
    fn from_path(path: &str, source: RepoIdSource) -> Option<Self> {
        let (owner, name) = match path.split_once('/') {
            Some((owner, name)) => (Some(owner), name),
            None => (None, path),
        };
        let kind = owner.unwrap_or(name);
        let valid = owner.is_none_or(is_name) && is_name(name) && !OTHER_KINDS.contains(&kind);
        (valid && !name.ends_with(".git")).then(|| Self {
            owner: owner.map(str::to_owned),
            name: name.to_owned(),
            source,
        })
    }
}

/// ASCII letters, digits, `-`, `_` and `.`. It neither begins nor ends with `-` or `.`, and has no `--` or `..`.
fn is_name(part: &str) -> bool {
    part.len() <= MAX_PART_BYTES
        && part.bytes().all(is_inside)
        && part.bytes().next().is_some_and(is_at_end)
        && part.bytes().next_back().is_some_and(is_at_end)
        && !part.contains("--")
        && !part.contains("..")
}

fn is_inside(byte: u8) -> bool {
    is_at_end(byte) || matches!(byte, b'-' | b'.')
}

fn is_at_end(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(address: &str) -> Option<String> {
        RepoId::from_remote(address).map(|id| id.to_string())
    }

    #[test]
    fn every_spelling_of_a_remote_is_understood() {
        for address in [
            "https://huggingface.co/owner/name",
            "https://huggingface.co/owner/name.git",
            "https://huggingface.co/owner/name/",
            "https://user:secret@huggingface.co/owner/name",
            "https://HuggingFace.co:443/owner/name",
            "http://hf.co/owner/name",
            "git@hf.co:owner/name",
            "git@hf.co:owner/name.git",
            "git@hf.co:/owner/name",
            "hf.co:owner/name",
            "ssh://git@hf.co/owner/name",
            "ssh://git@hf.co:22/owner/name",
        ] {
            assert_eq!(remote(address).as_deref(), Some("owner/name"), "{address}");
        }
        assert_eq!(remote("https://huggingface.co/gpt2").as_deref(), Some("gpt2"));
    }

    #[test]
    fn what_is_no_model_on_the_hub_has_no_id() {
        for address in [
            "",
            "https://github.com/owner/name",
            "https://huggingface.co.example.org/owner/name",
            "https://example.org/huggingface.co/owner",
            "https://huggingface.co@example.org/owner/name",
            "https://huggingface.co/",
            "https://huggingface.co/datasets/owner/name",
            "https://huggingface.co/datasets/squad",
            "https://huggingface.co/spaces/owner/name",
            "git@hf.co:datasets/owner/name",
            "file:///huggingface.co/owner/name",
            "/srv/git/owner/name",
            "C:\\models\\name",
        ] {
            assert_eq!(remote(address), None, "{address}");
        }
    }

    #[test]
    fn names_follow_the_rules_of_the_hub() {
        let longest = "n".repeat(96);
        for good in ["owner/name", "gpt2", "a/b.c-d_e", "_x/y_", "0/1", &format!("{longest}/{longest}")] {
            assert_eq!(RepoId::from_flag(good).unwrap().to_string(), good);
        }
        let too_long = "n".repeat(97);
        for bad in [
            "",
            "/",
            "a/",
            "/b",
            "a/b/c",
            "-a/b",
            "a/b-",
            "a/.b",
            "a/b.",
            "a--b/c",
            "a/b..c",
            "a/b.git",
            "a b/c",
            "é/x",
            "datasets/x",
            &too_long,
        ] {
            assert_eq!(RepoId::from_flag(bad), Err(BadRepoId { value: bad.to_owned() }));
        }
    }

    #[test]
    fn a_folder_of_the_cache_names_its_model() {
        let of = |folder| RepoId::from_cache_folder(folder).map(|id| id.to_string());
        assert_eq!(of("models--owner--name").as_deref(), Some("owner/name"));
        assert_eq!(of("models--gpt2").as_deref(), Some("gpt2"));
        assert_eq!(of("models--owner--some--name"), None);
        assert_eq!(of("datasets--owner--name"), None);
        assert_eq!(of("name"), None);
    }
}

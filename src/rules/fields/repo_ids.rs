//! What is wrong with a text in the place of a repository's id.

use crate::evidence::{is_id, looks_like_a_path};

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault<'t> {
    /// The address of a page on the Hub, and the id in it.
    Address(&'t str),
    /// An id after a word such as `datasets/`.
    Prefix(&'t str),
    /// An id after the `@` with which people name each other.
    Mention(&'t str),
    /// Another address.
    ForeignAddress,
    /// A path on a disk, which cannot be an id.
    Path,
    /// An id by its form, but `output/checkpoint-500` is more likely a folder.
    LikelyPath,
    /// Several ids with commas between them.
    SeveralIds,
    /// A space: a title or a sentence.
    Prose,
    /// More than one slash, or one at an end.
    Slashes,
    /// A character that no id has.
    Character(char),
    /// What only huggingface_hub is known to reject: `--`, `..`, `.git`, a `-` or `.` at an end, more than 96 letters.
    Form,
}

/// The words before an id in the addresses of datasets and models.
const DATASETS: &str = "datasets/";
const MODELS: &str = "models/";

/// What is wrong with `text` as a value of `key`; nothing when it is an id. Names without an owner are ids, since a few
/// old repositories have none.
pub(crate) fn fault<'t>(key: &str, text: &'t str) -> Option<Fault<'t>> {
    let prefix = if key == "datasets" { DATASETS } else { MODELS };
    let inside = text.strip_prefix(prefix).filter(|rest| is_id(rest) && rest.contains('/'));
    if let Some(id) = inside {
        return Some(Fault::Prefix(id));
    }
    let mentioned = text.strip_prefix('@').filter(|rest| is_id(rest) && rest.contains('/'));
    if let Some(id) = mentioned {
        return Some(Fault::Mention(id));
    }
    if is_id(text) {
        return (looks_like_a_path(text) && text.contains('/') && key != "datasets").then_some(Fault::LikelyPath);
    }
    Some(if text.contains("://") || text.starts_with("huggingface.co/") || text.starts_with("hf.co/") {
        id_in_address(text, key == "datasets").map_or(Fault::ForeignAddress, Fault::Address)
    } else if ids_between_commas(text).is_some() {
        Fault::SeveralIds
    } else if is_path(text) {
        Fault::Path
    } else if text.contains(char::is_whitespace) {
        Fault::Prose
    } else if let Some(odd) = text.chars().find(|c| !c.is_ascii_alphanumeric() && !"-_./".contains(*c)) {
        Fault::Character(odd)
    } else if text.split('/').count() > 2 || text.split('/').any(str::is_empty) {
        Fault::Slashes
    } else {
        Fault::Form
    })
}

/// The ids of a text like `a/b, c/d`: two or more, each with an owner.
pub(crate) fn ids_between_commas(text: &str) -> Option<Vec<&str>> {
    let ids: Vec<&str> = text.split(',').map(str::trim).collect();
    (ids.len() > 1 && ids.iter().all(|id| id.contains('/') && is_id(id))).then_some(ids)
}

/// What cannot be anything but a path: an absolute or relative one, or one with backslashes.
fn is_path(text: &str) -> bool {
    let drive = text.get(1..3).is_some_and(|colon| matches!(colon, ":\\" | ":/"));
    drive
        || text.contains('\\')
        || text.starts_with(['/', '~', '$'])
        || text.starts_with("./")
        || text.starts_with("../")
}

/// The id in an address of the Hub: `https://huggingface.co/owner/name/tree/main`. Nothing for pages of another kind.
fn id_in_address(address: &str, dataset: bool) -> Option<&str> {
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = path.strip_prefix("www.").unwrap_or(path);
    let path = path.strip_prefix("huggingface.co/").or_else(|| path.strip_prefix("hf.co/"))?;
    let path = path.split(['?', '#']).next()?.trim_end_matches('/');
    let path = if dataset { path.strip_prefix(DATASETS)? } else { path };
    let mut parts = path.split('/');
    let (owner, name) = (parts.next()?, parts.next()?);
    let view = parts.next().is_none_or(|view| ["tree", "blob", "resolve", "raw", "viewer"].contains(&view));
    let id = path.get(..owner.len() + 1 + name.len())?;
    (view && is_id(id) && !NO_OWNERS.contains(&owner)).then_some(id)
}

/// First parts of the Hub's addresses that are not an owner.
const NO_OWNERS: [&str; 14] = [
    "api",
    "blog",
    "buckets",
    "collections",
    "datasets",
    "docs",
    "kernels",
    "learn",
    "models",
    "organizations",
    "papers",
    "posts",
    "spaces",
    "tasks",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_no_fault() {
        for id in ["gpt2", "google-bert/bert-base-uncased", "a/b.c_d-1", "_x/y", "common_voice", "results"] {
            assert_eq!(fault("base_model", id), None, "{id}");
        }
        for id in ["data/lamps", "squad", "models/lamps"] {
            assert_eq!(fault("datasets", id), None, "{id}");
        }
    }

    #[test]
    fn faults() {
        for (text, expected) in [
            ("https://huggingface.co/a/b", Fault::Address("a/b")),
            ("http://hf.co/a/b/tree/main?x=1", Fault::Address("a/b")),
            ("huggingface.co/a/b/", Fault::Address("a/b")),
            ("https://huggingface.co/datasets/a/b", Fault::ForeignAddress),
            ("https://huggingface.co/a/b/c", Fault::ForeignAddress),
            ("https://huggingface.co.example.com/a/b", Fault::ForeignAddress),
            ("https://example.com/a/b", Fault::ForeignAddress),
            ("models/a/b", Fault::Prefix("a/b")),
            ("@a/b", Fault::Mention("a/b")),
            ("@a", Fault::Character('@')),
            ("@a/b/c", Fault::Character('@')),
            ("./out", Fault::Path),
            ("../out", Fault::Path),
            ("/tmp/base-model", Fault::Path),
            ("~/x", Fault::Path),
            ("C:\\x\\y", Fault::Path),
            ("out\\x", Fault::Path),
            ("output/checkpoint-500", Fault::LikelyPath),
            ("a/b, c/d", Fault::SeveralIds),
            ("Wikipedia, Common Crawl", Fault::Prose),
            ("lamp bert base", Fault::Prose),
            ("a/b@main", Fault::Character('@')),
            ("ä/b", Fault::Character('ä')),
            ("a/b/c", Fault::Slashes),
            ("a/", Fault::Slashes),
            ("a--b/c", Fault::Form),
            ("a/b.git", Fault::Form),
            ("a/-b", Fault::Form),
        ] {
            assert_eq!(fault("base_model", text), Some(expected), "{text}");
        }
        assert_eq!(fault("datasets", "https://huggingface.co/datasets/a/b/viewer"), Some(Fault::Address("a/b")));
        assert_eq!(fault("datasets", "datasets/a/b"), Some(Fault::Prefix("a/b")));
    }
}

//! What has the form of a model's id, and what is a path on somebody's disk.

/// The longest owner or name (huggingface_hub 2.4.0, `REPO_ID_REGEX`).
const MAX_PART_BYTES: usize = 96;

/// Whether the text is shaped like `owner/name`, or like one of the old names without an owner, by the rules of
/// huggingface_hub: letters, digits, `-`, `_`, `.`; no `--` or `..`, and neither `-` nor `.` at an end; not `.git` at the end.
pub fn is_id(text: &str) -> bool {
    let mut parts = text.split('/');
    let (first, second, third) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    third.is_none()
        && is_part(first)
        && second.is_none_or(is_part)
        && !text.contains("--")
        && !text.contains("..")
        && !text.ends_with(".git")
}

fn is_part(part: &str) -> bool {
    (1..=MAX_PART_BYTES).contains(&part.len())
        && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && !part.starts_with(['-', '.'])
        && !part.ends_with(['-', '.'])
}

/// Whether the text is a path on a disk, or looks as much like one as like an id: `./out`, `/tmp/x`, `C:\x`,
/// `outputs/checkpoint-500`.
pub fn looks_like_a_path(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let drive = lower.get(1..2) == Some(":") && lower.starts_with(|c: char| c.is_ascii_alphabetic());
    if drive || lower.starts_with(['/', '.', '~', '\\', '$']) || lower.contains('\\') || lower.contains("://") {
        return true;
    }
    let first = lower.split('/').next().unwrap_or_default();
    let last = lower.rsplit('/').next().unwrap_or_default();
    let alone = first == lower;
    (!alone && FOLDERS.contains(&first)) || is_checkpoint(last) || (alone && FOLDERS.contains(&last))
}

/// First parts that are folders far more often than owners.
const FOLDERS: &[&str] = &[
    "artifacts",
    "base_model",
    "cache",
    "checkpoint",
    "checkpoints",
    "ckpt",
    "ckpts",
    "content",
    "data",
    "exp",
    "experiments",
    "export",
    "home",
    "kaggle",
    "local",
    "logs",
    "merged",
    "merged_model",
    "mnt",
    "model",
    "model_dir",
    "models",
    "my_model",
    "out",
    "output",
    "output_dir",
    "outputs",
    "pretrained",
    "result",
    "results",
    "root",
    "run",
    "runs",
    "save",
    "saved",
    "saved_model",
    "saved_models",
    "saves",
    "temp",
    "tmp",
    "train",
    "trained",
    "users",
    "weights",
    "workspace",
];

/// `checkpoint-500`, `checkpoint_best`, `epoch-3`, `step_100`.
fn is_checkpoint(name: &str) -> bool {
    let numbered = |word: &str| {
        name.strip_prefix(word).and_then(|rest| rest.strip_prefix(['-', '_'])).is_some_and(|rest| {
            !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()) || ["best", "last", "final"].contains(&rest)
        })
    };
    ["checkpoint", "ckpt", "epoch", "step", "global_step"].into_iter().any(numbered)
}

/// The id in an address of a model's page on the Hub (`dataset` for that of a dataset).
pub(crate) fn id_in_url(url: &str, datasets: bool) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let path = rest.strip_prefix("huggingface.co/").or_else(|| rest.strip_prefix("hf.co/"))?;
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let path = if datasets { path.strip_prefix("datasets/")? } else { path.strip_prefix("models/").unwrap_or(path) };
    let mut parts = path.split('/');
    let (owner, name) = (parts.next()?, parts.next()?);
    // What follows an id is a view of the repository, never a part of the id.
    if parts.next().is_some_and(|view| !["tree", "blob", "resolve", "raw", "discussions", "commits"].contains(&view)) {
        return None;
    }
    let id = path.get(..owner.len() + 1 + name.len())?;
    (is_id(id) && !RESERVED.contains(&owner)).then_some(id)
}

/// First parts of the Hub's addresses that are not owners.
const RESERVED: &[&str] = &[
    "api",
    "blog",
    "buckets",
    "chat",
    "collections",
    "datasets",
    "docs",
    "enterprise",
    "join",
    "kernels",
    "learn",
    "login",
    "models",
    "new",
    "organizations",
    "papers",
    "posts",
    "pricing",
    "settings",
    "spaces",
    "tasks",
    "welcome",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        for id in ["gpt2", "openai-community/gpt2", "a/b.c_d-1", "Qwen/Qwen2.5-7B"] {
            assert!(is_id(id), "{id}");
        }
        for text in
            ["", "/", "a/", "/a", "a/b/c", "a b", "a--b/c", "-a/b", "a/b.", "a/b.git", "ä/b", "a/..", "./a", "~/a"]
        {
            assert!(!is_id(text), "{text}");
        }
        assert!(is_id(&"a".repeat(96)) && !is_id(&"a".repeat(97)));
    }

    #[test]
    fn paths() {
        for path in [
            "/tmp/x",
            "./x",
            "../x",
            "~/x",
            r"C:\x",
            "C:/x",
            r"out\x",
            "output/model",
            "outputs/checkpoint-500",
            "someone/checkpoint-500",
            "results",
            "models/llama",
            "checkpoint-10",
            "epoch_3",
            "checkpoint-best",
            "s3://b/k",
        ] {
            assert!(looks_like_a_path(path), "{path}");
        }
        for id in [
            "gpt2",
            "meta-llama/Llama-3.2-1B",
            "someone/checkpoint-merge",
            "data-owner/x",
            "a/models",
            "someone/step-audio",
        ] {
            assert!(!looks_like_a_path(id), "{id}");
        }
    }

    #[test]
    fn addresses() {
        let model = |url| id_in_url(url, false);
        assert_eq!(model("https://huggingface.co/a/b"), Some("a/b"));
        assert_eq!(model("http://www.huggingface.co/a/b/tree/main?x#y"), Some("a/b"));
        assert_eq!(model("https://hf.co/a/b/"), Some("a/b"));
        assert_eq!(id_in_url("https://huggingface.co/datasets/a/b", true), Some("a/b"));
        for url in [
            "https://huggingface.co/datasets/a/b",
            "https://huggingface.co/spaces/a/b",
            "https://huggingface.co/docs/transformers",
            "https://huggingface.co/a",
            "https://huggingface.co/None",
            "https://huggingface.co/",
            "https://example.com/a/b",
            "https://huggingface.co.example.com/a/b",
            "https://huggingface.co/papers/2401.00001",
            "a/b",
        ] {
            assert_eq!(model(url), None, "{url}");
        }
        assert_eq!(id_in_url("https://huggingface.co/a/b", true), None);
    }
}

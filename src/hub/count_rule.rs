//! Which files of a repository count as a download: the Hub's rule of a library, as text in a table, read anew at
//! each question (a rule is a handful of words). It knows paths only, never file contents.
//!
//! A rule is alternatives joined by `|`; each is conditions joined by `&`, all of which must be true of one file.

use std::fmt::Write as _;

/// The files that count for a repository without a registered library (hub-docs, models-download-stats.md).
const DEFAULT: &str = "path:config.json|path:config.yaml|path:hyperparams.yaml|path:params.json|path:meta.yaml";
/// Extensions of files that are pickles or containers of one; the reading of `pickle-weights`.
const PICKLE: [&str; 7] = ["bin", "ckpt", "joblib", "pickle", "pkl", "pt", "pth"];

/// A library's rule for counting downloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountRule(&'static str);

/// One condition on a path from the repository's root, with `/` between folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    /// The whole path.
    Path(&'static str),
    /// The text after the file name's last dot.
    Extension(&'static str),
    /// The file name without its extension.
    Stem(&'static str),
    /// The folder, exactly, with a slash at its end.
    Folder(&'static str),
    /// A file at the root with this extension (how the Hub counts diffusers).
    RootExtension(&'static str),
    /// Any file that is not at the root.
    InFolder,
}

impl CountRule {
    /// The rule of libraries without a rule of their own, and of models without a library.
    pub const DEFAULT: Self = Self(DEFAULT);

    pub(super) fn new(text: &'static str) -> Self {
        if text.is_empty() { Self::DEFAULT } else { Self(text) }
    }

    /// Whether this is the rule of a library without a rule of its own.
    #[must_use]
    pub fn is_default(self) -> bool {
        self == Self::DEFAULT
    }

    /// Whether a request for the file at `path` (from the repository's root) counts as a download. GGUF files always do.
    #[must_use]
    pub fn counts(self, path: &str) -> bool {
        Condition::Extension("gguf").holds(path) || self.alternatives().any(|mut all| all.all(|c| c.holds(path)))
    }

    /// Whether every file that this rule counts is a pickle, so that a repository of safe weights can never meet it.
    #[must_use]
    pub fn wants_pickle(self) -> bool {
        self.alternatives().all(|mut all| {
            all.any(|condition| match condition {
                Condition::Path(path) => name(path).1.is_some_and(|e| PICKLE.contains(&e)),
                Condition::Extension(e) | Condition::RootExtension(e) => PICKLE.contains(&e),
                _ => false,
            })
        })
    }

    /// Whether any file can meet this rule (two rules of the Hub name an extension with a dot in it, which no file has).
    #[must_use]
    pub fn can_be_met(self) -> bool {
        self.alternatives().any(|mut all| all.all(Condition::can_hold))
    }

    /// The rule in words, to follow "counts requests for": "`config.json` or any file ending in `.keras`".
    #[must_use]
    pub fn describe(self) -> String {
        let mut said: Vec<String> = Vec::new();
        for all in self.alternatives() {
            let conditions: Vec<_> = all.collect();
            said.push(describe(&conditions));
        }
        let mut text = String::new();
        let last = said.len().saturating_sub(1);
        for (i, one) in said.iter().enumerate() {
            let before = if i == 0 {
                ""
            } else if i == last {
                " or "
            } else {
                ", "
            };
            // Writing to a String cannot fail.
            let _ = write!(text, "{before}{one}");
        }
        text
    }

    fn alternatives(self) -> impl Iterator<Item = impl Iterator<Item = Condition>> {
        self.0.split('|').map(|all| all.split('&').filter_map(Condition::read))
    }
}

impl Condition {
    fn read(word: &'static str) -> Option<Self> {
        let (kind, value) = word.split_once(':')?;
        Some(match kind {
            "path" => Self::Path(value),
            "extension" => Self::Extension(value),
            "stem" => Self::Stem(value),
            "folder" => Self::Folder(value),
            "root-extension" => Self::RootExtension(value),
            "in-folder" => Self::InFolder,
            _ => return None,
        })
    }

    fn holds(self, path: &str) -> bool {
        let (folder, file) = path.rsplit_once('/').map_or(("", path), |(folder, file)| (folder, file));
        let (stem, extension) = name(file);
        match self {
            Self::Path(whole) => path == whole,
            Self::Extension(e) => extension == Some(e),
            Self::Stem(s) => stem == s,
            Self::Folder(f) => f.strip_suffix('/') == Some(folder) && !folder.is_empty(),
            Self::RootExtension(e) => folder.is_empty() && !path.starts_with('/') && extension == Some(e),
            Self::InFolder => path.contains('/'),
        }
    }

    fn can_hold(self) -> bool {
        !matches!(self, Self::Extension(e) if e.contains('.'))
    }
}

/// A file name, or path, cut at its last dot.
fn name(file: &str) -> (&str, Option<&str>) {
    let file = file.rsplit_once('/').map_or(file, |(_, file)| file);
    file.rsplit_once('.').map_or((file, None), |(stem, extension)| (stem, Some(extension)))
}

fn describe(conditions: &[Condition]) -> String {
    let mut stem = None;
    let mut extension = None;
    let mut place = String::new();
    for condition in conditions {
        match *condition {
            Condition::Path(path) => return format!("`{path}`"),
            Condition::Extension(e) if !condition.can_hold() => {
                return format!(
                    "a file whose extension is `{e}` (no file has such an extension, because it contains a dot)"
                );
            }
            Condition::Extension(e) => extension = Some(e),
            Condition::RootExtension(e) => {
                extension = Some(e);
                place.push_str(" outside folders");
            }
            Condition::Stem(s) => stem = Some(s),
            Condition::Folder(f) => {
                let _ = write!(place, " directly in `{f}`");
            }
            Condition::InFolder => place.push_str(" inside a folder"),
        }
    }
    let what = match (stem, extension) {
        (Some(stem), Some(extension)) => format!("any `{stem}.{extension}`"),
        (Some(stem), None) => format!("any file named `{stem}`, with any extension,"),
        (None, Some(extension)) => format!("any file ending in `.{extension}`"),
        (None, None) => "any file".to_owned(),
    };
    (what + &place).trim_end_matches(',').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(rule: &'static str, paths: &[&str]) -> Vec<bool> {
        paths.iter().map(|path| CountRule::new(rule).counts(path)).collect()
    }

    #[test]
    fn each_condition() {
        assert_eq!(counted("path:a/b.json", &["a/b.json", "b.json", "x/a/b.json"]), [true, false, false]);
        assert_eq!(
            counted("extension:pt", &["m.pt", "a/b/m.x.pt", "pt", "m.PT", "m.pt2", "a.pt/m"]),
            [true, true, false, false, false, false]
        );
        assert_eq!(
            counted("stem:config", &["config.json", "x/config", "config.old.json", "aconfig.json"]),
            [true, true, false, false]
        );
        assert_eq!(
            counted("folder:c/&extension:pt", &["c/m.pt", "m.pt", "a/c/m.pt", "c/d/m.pt", "c/m"]),
            [true, false, false, false, false]
        );
        assert_eq!(
            counted("root-extension:bin", &["m.bin", ".bin", "a/m.bin", "m.binary"]),
            [true, true, false, false]
        );
        assert_eq!(
            counted("stem:model&extension:mil&in-folder:", &["a/model.mil", "model.mil", "a/model.bin"]),
            [true, false, false]
        );
    }

    #[test]
    fn one_file_must_meet_all_conditions_and_one_alternative_is_enough() {
        let rule = "stem:config&extension:json|extension:keras";
        assert_eq!(counted(rule, &["config.json", "config.yaml", "m.json", "m.keras"]), [true, false, false, true]);
    }

    #[test]
    fn gguf_always_counts_and_no_rule_means_the_default() {
        assert_eq!(counted("path:x", &["a/model.gguf", "gguf", "model.GGUF"]), [true, false, false]);
        assert_eq!(
            counted("", &["config.json", "meta.yaml", "sub/config.json", "model.safetensors"]),
            [true, true, false, false]
        );
        assert!(CountRule::new("").is_default());
    }

    #[test]
    fn pickles() {
        for rule in
            ["path:sklearn_model.joblib", "extension:pt|extension:ckpt", "extension:pt&folder:c/", "path:a/m.pth"]
        {
            assert!(CountRule::new(rule).wants_pickle(), "{rule}");
        }
        for rule in ["", "extension:pt|extension:onnx", "path:pt", "stem:pt", "extension:pt2", "extension:.pth"] {
            assert!(!CountRule::new(rule).wants_pickle(), "{rule}");
        }
    }

    #[test]
    fn words() {
        let said = |rule| CountRule::new(rule).describe();
        assert_eq!(said("path:config.json|extension:keras"), "`config.json` or any file ending in `.keras`");
        assert_eq!(said("path:a|path:b|root-extension:bin"), "`a`, `b` or any file ending in `.bin` outside folders");
        assert_eq!(said("stem:config&extension:json"), "any `config.json`");
        assert_eq!(said("stem:model&extension:mil&in-folder:"), "any `model.mil` inside a folder");
        assert_eq!(said("extension:pt&folder:checkpoints/"), "any file ending in `.pt` directly in `checkpoints/`");
        assert_eq!(said("stem:config"), "any file named `config`, with any extension");
        assert!(said("extension:.pth").contains("no file has such an extension"));
        assert!(!CountRule::new("extension:.pth").can_be_met());
        assert!(CountRule::DEFAULT.can_be_met());
    }
}

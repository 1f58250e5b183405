//! What the names of weight files and their folders say, for rules that compare files.

use crate::release::Release;
use crate::source::RepoPath;

/// `model` of `pytorch_model-00001-of-00002.bin`, `model.fp16.safetensors` and `model.safetensors`.
pub(super) fn stem(path: &RepoPath) -> String {
    let name = path.name().to_ascii_lowercase().replace("pytorch_model", "model");
    let stem = name.split('.').next().unwrap_or_default();
    without_shard(stem).to_owned()
}

/// A name without its extension and without its number among shards: `small_v1.0` of `small_v1.0-00001-of-00002.bin`. Files of
/// one folder that share it are one set of weights.
pub(super) fn series(path: &RepoPath) -> String {
    let name = path.name().to_ascii_lowercase();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    without_shard(stem).to_owned()
}

fn without_shard(stem: &str) -> &str {
    match stem.rsplit_once("-of-").and_then(|(start, last)| Some((start.rsplit_once('-')?, last))) {
        Some(((start, first), last)) if is_number(first) && is_number(last.split('.').next().unwrap_or_default()) => {
            start
        }
        _ => stem,
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit())
}

/// Whether a path lies in what a training run saved on its way: `checkpoint-500/`, `global_step200/`, `epoch_3/`.
pub(super) fn in_checkpoint(path: &str) -> bool {
    path.split('/').any(|folder| {
        let folder = folder.to_ascii_lowercase();
        ["checkpoint", "ckpt", "global_step", "step", "epoch", "iter"].iter().any(|word| {
            let rest = folder.strip_prefix(word).map(|rest| rest.trim_start_matches(['-', '_']));
            rest.is_some_and(|rest| rest.bytes().next().is_none_or(|first| first.is_ascii_digit()))
        })
    })
}

/// The words of a name: `control`, `v11p`, `sd15` of `control_v11p-sd15`.
pub(super) fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(['-', '_', '.', ' ', '/']).filter(|word| !word.is_empty())
}

/// The words that tell the sizes of one architecture apart.
const SIZES: &[&str] =
    &["nano", "tiny", "mini", "small", "base", "medium", "large", "huge", "giant", "xlarge", "xxlarge", "xl", "xxl"];

/// Whether a word is a size: `small`, `xl`, `7b`, `350m`.
pub(super) fn is_size(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let counted = word.strip_suffix(['b', 'm']).is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()) && number.len() <= 4
    });
    SIZES.contains(&word.as_str()) || counted
}

/// A name with its sizes left out, and the sizes: `whisper-*` and `tiny` of `whisper-tiny`. None where it has no size.
pub(super) fn without_size(name: &str) -> Option<(String, String)> {
    let (sizes, others): (Vec<&str>, Vec<&str>) = words(name).partition(|word| is_size(word));
    (!sizes.is_empty()).then(|| (others.join("-").to_ascii_lowercase(), sizes.join("-").to_ascii_lowercase()))
}

/// The folder of a file of this name, wherever there is one that no training run left: `adapter_config.json` gives the
/// folders of adapters.
pub(super) fn folders_with<'r>(release: &'r Release, name: &str) -> Vec<&'r str> {
    let files = release.files().iter().filter(|file| file.path.name() == name);
    files.map(|file| file.path.folder()).filter(|folder| !in_checkpoint(folder)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_one_series() {
        for (path, wanted) in [
            ("model-00001-of-00002.safetensors", "model"),
            ("a/Small_v1.0-00001-of-00002.bin", "small_v1.0"),
            ("model.fp16.safetensors", "model.fp16"),
            ("out-of-place.bin", "out-of-place"),
        ] {
            assert_eq!(series(&RepoPath::new(path)), wanted, "{path}");
        }
    }

    #[test]
    fn what_training_saved_on_its_way_is_known_by_its_folder() {
        for folder in ["checkpoint-500", "a/checkpoint-1", "global_step200", "epoch_3", "step-10/unet", "ckpt"] {
            assert!(in_checkpoint(folder), "{folder}");
        }
        for folder in ["", "steps", "small", "iterative", "checkpoints-best"] {
            assert!(!in_checkpoint(folder), "{folder}");
        }
    }

    #[test]
    fn sizes_are_words_of_their_own() {
        assert_eq!(without_size("whisper-tiny"), Some(("whisper".to_owned(), "tiny".to_owned())));
        assert_eq!(without_size("Llama_7B"), Some(("llama".to_owned(), "7b".to_owned())));
        for name in ["baseline", "model", "unet", "v11p", "12", "b"] {
            assert_eq!(without_size(name), None, "{name}");
        }
    }
}

//! What training tools record of their runs: the datasets, and the model that they began with. Weak: a record may be of
//! another run, and a name in it one on somebody's disk.

use super::Evidence;
use super::repo_name::{is_id, looks_like_a_path};
use crate::configs::{Configs, Spanned};
use crate::diagnostic::Label;

/// A key of a file at the root, with the key above it where there is one.
struct Record {
    path: &'static str,
    above: Option<&'static str>,
    key: &'static str,
}

const DATASETS: &[Record] = &[
    // LeRobot.
    Record { path: "train_config.json", above: Some("dataset"), key: "repo_id" },
    // AutoTrain.
    Record { path: "training_params.json", above: None, key: "data_path" },
];

const BASES: &[Record] = &[
    // AutoTrain.
    Record { path: "training_params.json", above: None, key: "model" },
    // AutoGPTQ: what it quantized.
    Record { path: "quantize_config.json", above: None, key: "model_name_or_path" },
];

/// The datasets of training runs.
pub(super) fn datasets(configs: &Configs<'_>) -> Vec<Evidence<String>> {
    read(configs, DATASETS)
}

/// The models that runs began with.
pub(super) fn bases(configs: &Configs<'_>) -> Vec<Evidence<String>> {
    read(configs, BASES)
}

fn read(configs: &Configs<'_>, records: &[Record]) -> Vec<Evidence<String>> {
    let found = records.iter().filter_map(|record| Some((record, record.text(configs)?)));
    let ids = found.filter(|(_, (text, _))| text.contains('/') && is_id(text) && !looks_like_a_path(text));
    ids.map(|(record, (text, span))| {
        Evidence::weak(text.to_owned(), Label::at(span, format!("`{}` of the training run", record.key)))
    })
    .collect()
}

impl Record {
    fn text<'c>(&self, configs: &'c Configs<'_>) -> Option<Spanned<'c>> {
        let config = configs.at(self.path)?;
        match self.above {
            Some(above) => config.string_in(above, self.key),
            None => config.string(self.key),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::evidence::tests::json;

    #[test]
    fn data_sets_of_runs() {
        for (path, text, ids) in [
            ("train_config.json", r#"{"dataset": {"repo_id": "lerobot/pusht"}}"#, &["lerobot/pusht"][..]),
            ("training_params.json", r#"{"data_path": "stanfordnlp/imdb", "model": "a/b"}"#, &["stanfordnlp/imdb"]),
            ("training_params.json", r#"{"data_path": "data/train"}"#, &[]),
            ("training_params.json", r#"{"data_path": "imdb"}"#, &[]),
            ("train_config.json", r#"{"dataset": "a/b", "repo_id": "c/d"}"#, &[]),
        ] {
            let found = json(path, text).datasets;
            assert!(found.iter().all(|found| !found.is_strong()));
            assert_eq!(found.iter().map(|found| found.value.as_str()).collect::<Vec<_>>(), ids, "{text}");
        }
    }

    #[test]
    fn models_that_runs_began_with() {
        for (path, text, ids) in [
            (
                "training_params.json",
                r#"{"model": "google-bert/bert-base-uncased"}"#,
                &["google-bert/bert-base-uncased"][..],
            ),
            ("quantize_config.json", r#"{"bits": 4, "model_name_or_path": "a/b"}"#, &["a/b"]),
            ("quantize_config.json", r#"{"bits": 4, "model_name_or_path": "models/b"}"#, &[]),
            ("quantize_config.json", r#"{"bits": 4, "model_name_or_path": null}"#, &[]),
        ] {
            let found = json(path, text).base_models;
            assert!(found.iter().all(|found| !found.is_strong()));
            assert_eq!(found.iter().map(|found| found.value.as_str()).collect::<Vec<_>>(), ids, "{text}");
        }
    }
}

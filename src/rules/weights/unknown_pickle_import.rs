//! `unknown-pickle-import`: a pickle that imports what is not known to be harmless.

use crate::checklist;
use crate::claims::{claims, stated};
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::is_training_state;
use crate::pickle::{Import, Reach, Trust};
use crate::release::File;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::weights::Weight;

pub(crate) struct UnknownPickleImport;

static META: Meta = Meta {
    name: "unknown-pickle-import",
    section: Section::Weights,
    level: Level::Warning,
    effect: Effect::LosesReach,
    item: checklist::WEIGHTS_SAFETENSORS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("unknown_pickle_import.md"),
};

/// How many imports are named.
const MAX_NAMED: usize = 5;

/// What to do about pickles with imports of these packages. The first hit counts.
const WRITERS: &[(&[&str], &str)] = &[
    (
        &["__main__", "__mp_main__"],
        "Save plain tensors instead. `__main__` is the script that wrote the file, and your users do not have it.",
    ),
    (
        &["transformers", "trl", "accelerate", "deepspeed"],
        "Delete this file before you upload. Loading it runs code, and using the model does not need it.",
    ),
    (
        &["sklearn", "skops", "setfit", "imblearn"],
        "Save it with `skops.io.dump` instead. Your users can read that file without running code.",
    ),
    (
        &["xgboost"],
        "Save it with `save_model(\"model.json\")` of XGBoost instead. Loading that file does not run code.",
    ),
    (
        &["lightgbm"],
        "Save it with `booster_.save_model(\"model.txt\")` of LightGBM instead. Loading that file does not run code.",
    ),
    (
        &["catboost"],
        "Save it with `save_model(\"model.cbm\")` of CatBoost instead. Loading that file does not run code.",
    ),
    (
        &["fastai", "fastcore", "fastprogress"],
        "Publish the weights as safetensors beside it. `Learner.export` of fastai writes the whole learner, and loading it runs code.",
    ),
    (
        &["pytorch_lightning", "lightning", "lightning_fabric", "omegaconf", "hydra"],
        "Publish only `state_dict`, as safetensors. Lightning writes objects of the trainer into its checkpoints, and loading them runs code.",
    ),
    (
        &["ultralytics", "models", "utils", "yolov5"],
        "Say in the card which package and version load the file. YOLO checkpoints contain the whole model as Python objects.",
    ),
    (
        &["torch", "torchvision", "timm", "torchaudio"],
        "Save it with `safetensors.torch.save_model(model, path)`. `torch.save(model)` writes the classes, too, and loading them runs code.",
    ),
    (
        &["numpy", "pandas", "scipy"],
        "Save numbers in a format without code, such as safetensors or JSON. Loading this file runs code of these packages.",
    ),
];

/// The same, for the fields of what Stable-Baselines3 saves.
const SETTINGS: &str = "Name the versions of these packages in the card. Stable-Baselines3 has no other format for the classes \
                        and functions of a model.";

impl Rule for UnknownPickleImport {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let (left, others): (Vec<Unknown<'_>>, Vec<_>) = cx
            .weights()
            .all()
            .filter_map(|(file, weight)| Unknown::of(file, weight))
            .partition(Unknown::is_left_by_training);
        // What a run writes into each of its folders is one thing to delete.
        match left.as_slice() {
            [] => {}
            [only] => only.report(cx, out),
            [first, rest @ ..] => several(first, rest, out),
        }
        others.iter().for_each(|unknown| unknown.report(cx, out));
    }
}

/// A file and what it imports that is not known to be harmless.
struct Unknown<'w> {
    file: &'w File,
    /// Those that are kept, what cannot even be named first; at least one.
    found: Vec<&'w Import>,
    first: &'w Import,
    /// How many there are.
    count: u64,
    /// All are fields of what Stable-Baselines3 saves, which has no other format.
    is_by_design: bool,
}

impl<'w> Unknown<'w> {
    fn of(file: &'w File, weight: &'w Weight) -> Option<Self> {
        let all = weight.pickles.found.iter().flat_map(|pickle| {
            let imports = pickle.scan.imports.list().iter().filter(|import| import.verdict() == Trust::Unknown);
            imports.map(|import| (pickle.is_setting, import))
        });
        let (settings, mut found): (Vec<bool>, Vec<&Import>) = all.unzip();
        let omitted: u64 = weight.pickles.found.iter().map(|pickle| pickle.scan.imports.omitted()).sum();
        found.sort_by_key(|import| matches!(import.reach, Reach::Named { .. }));
        let first = *found.first()?;
        let count = found.len() as u64 + omitted;
        Some(Self { file, first, count, found, is_by_design: settings.iter().all(|is_setting| *is_setting) })
    }

    fn is_left_by_training(&self) -> bool {
        is_training_state(self.file.path.name())
    }

    /// The first imports with their places.
    fn shown(&self) -> String {
        let shown = self.found.iter().take(MAX_NAMED).map(|import| format!("{} at byte {}", named(import), import.at));
        let shown: Vec<String> = shown.collect();
        match self.count - shown.len() as u64 {
            0 => shown.join(", "),
            more => format!("{}, and {more} more", shown.join(", ")),
        }
    }

    /// One finding a file, with the first of its imports.
    fn report(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let (path, first) = (&self.file.path, named(self.first));
        let message = match self.count - 1 {
            0 => format!("`{path}` imports {first}, which is not known to be harmless"),
            1 => format!("`{path}` imports {first} and another name that are not known to be harmless"),
            others => format!("`{path}` imports {first} and {others} other names that are not known to be harmless"),
        };
        let (level, advice) = match self.is_by_design {
            true => (Level::Info, SETTINGS),
            false => (if self.is_usual(cx) { Level::Info } else { Level::Warning }, writer(&self.found)),
        };
        out.push(out.finding_at(level, message, Label::file(self.file.id, self.shown())).help(advice));
    }

    /// Whether the library of the release saves its models in this way, and the file imports only what such a model is made of.
    fn is_usual(&self, cx: &Context<'_>) -> bool {
        let known = |import: &&Import| match &import.reach {
            Reach::Named { module, .. } => {
                module.split('.').next().is_some_and(|package| OF_SKLEARN.contains(&package))
            }
            _ => false,
        };
        self.found.len() as u64 == self.count && self.found.iter().all(known) && saves_pickles(cx)
    }
}

/// The files of one run, or of several, that training wrote.
fn several(first: &Unknown<'_>, rest: &[Unknown<'_>], out: &mut Sink<'_>) {
    let message = format!(
        "{} files of training runs import names that are not known to be harmless, such as {} in `{}`",
        rest.len() + 1,
        named(first.first),
        first.file.path
    );
    let finding = out.finding(message, Label::file(first.file.id, first.shown()));
    let finding = finding.also(rest.iter().map(|unknown| Label::file(unknown.file.id, unknown.shown())));
    out.push(finding.help(LEFT_BY_TRAINING));
}

const LEFT_BY_TRAINING: &str =
    "Delete these files before you upload. Loading them runs code, and using the model does not need them.";

/// Packages of which models of scikit-learn are made.
const OF_SKLEARN: [&str; 6] = ["sklearn", "setfit", "numpy", "scipy", "joblib", "imblearn"];

/// Libraries that save a model, or its head, as a pickle.
const SAVE_PICKLES: [&str; 2] = ["setfit", "sklearn"];

/// Whether the library of the release saves its models, or their heads, as pickles.
fn saves_pickles(cx: &Context<'_>) -> bool {
    let said = claims(cx, "library_name").into_iter().map(|(_, name)| name.to_owned());
    let tagged = stated::libraries_in_tags(cx).into_iter().map(|(_, library)| library.key.to_owned());
    let shown = cx.facts().library.iter().map(|library| library.value.clone());
    said.chain(tagged).chain(shown).any(|library| SAVE_PICKLES.contains(&library.as_str()))
}

fn named(import: &Import) -> String {
    match &import.reach {
        Reach::Named { .. } => format!("`{}`", import.reach),
        other => other.to_string(),
    }
}

/// What to do, by the packages that the file imports.
fn writer(found: &[&Import]) -> &'static str {
    let imports = |package: &&str| {
        found.iter().any(|import| match &import.reach {
            Reach::Named { module, .. } => module.split('.').next() == Some(package),
            _ => false,
        })
    };
    let row = WRITERS.iter().find(|(packages, _)| packages.iter().any(imports));
    row.map_or("Publish the content in a format without code, such as safetensors or JSON. Loading this file runs code of these packages.", |(_, help)| help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::testing::zip;
    use crate::rules::testing::check;

    #[test]
    fn what_runs_leave_in_many_folders_is_one_finding() {
        let module = b"\x80\x02ctransformers.training_args\nTrainingArguments\n.".as_slice();
        let files: Vec<(String, &[u8])> =
            (0..40).map(|step| (format!("checkpoint-{step}/training_args.bin"), module)).collect();
        let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), *bytes)).collect();
        let found = check(&UnknownPickleImport, &files).found;
        assert_eq!(found.len(), 1);
        assert!(found[0].message.starts_with("40 files of training runs"), "{}", found[0].message);
        assert_eq!((found[0].related.len(), found[0].unlisted), (19, 20));
        let said = check(&UnknownPickleImport, &[("training_args.bin", module), ("model.bin", module)]).said();
        assert_eq!(said.len(), 2, "{said:?}");
    }

    #[test]
    fn the_head_of_a_setfit_model_is_a_note() {
        let head = b"\x80\x02csklearn.linear_model\nLogisticRegression\n.".as_slice();
        let other = b"\x80\x02csklearn.linear_model\nLogisticRegression\n0cmine.net\nNet\n.".as_slice();
        let level = |more: (&str, &[u8]), head: &[u8]| {
            check(&UnknownPickleImport, &[more, ("model_head.pkl", head)]).found[0].level
        };
        for more in [
            ("config_setfit.json", b"{}".as_slice()),
            ("README.md", b"---\nlibrary_name: sklearn\n---\n"),
            ("README.md", b"---\ntags: [setfit]\n---\n"),
        ] {
            assert_eq!(level(more, head), Level::Info, "{more:?}");
            assert_eq!(level(more, other), Level::Warning, "{more:?}");
        }
        assert_eq!(level(("notes.txt", b""), head), Level::Warning);
    }

    #[test]
    fn what_stable_baselines_cannot_avoid_is_an_info() {
        // `stable_baselines3.common.buffers.RolloutBuffer`.
        let json = br#"{"rollout_buffer_class": {":serialized:": "gAJjc3RhYmxlX2Jhc2VsaW5lczMuY29tbW9uLmJ1ZmZlcnMKUm9sbG91dEJ1ZmZlcgou"}}"#;
        let module = b"\x80\x02cmy.models\nNet\n.".as_slice();
        let plain = zip(&[("data", json)]);
        let said = check(&UnknownPickleImport, &[("ppo.zip", plain)]).said();
        let [said] = said.as_slice() else { panic!("{said:?}") };
        assert!(said.starts_with("info `ppo.zip` imports `stable_baselines3.common.buffers.RolloutBuffer`"), "{said}");
        let more = check(&UnknownPickleImport, &[("ppo.zip", zip(&[("data", json), ("net.pkl", module)]))]).said();
        assert!(more[0].starts_with("warning `ppo.zip` imports"), "{more:?}");
    }
}

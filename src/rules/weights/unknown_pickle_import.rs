//! `unknown-pickle-import`: a pickle that imports what is not known to be harmless.

use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::release::File;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::weights::Weight;
use crate::weights::pickle::{Import, Reach, Trust};

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

/// Who writes pickles with imports of these packages, and what to do about it. The first hit counts.
const WRITERS: &[(&[&str], &str)] = &[
    (
        &["__main__", "__mp_main__"],
        "`__main__` is the script that wrote the file: nobody else has it, so nobody else can load this. Save plain tensors instead, or move the class into a package",
    ),
    (
        &["transformers", "trl", "accelerate", "deepspeed"],
        "the Trainer of transformers keeps its arguments in such a file; to use the model nobody needs it: leave it out of the release",
    ),
    (
        &["sklearn", "skops", "setfit", "imblearn"],
        "a fitted scikit-learn object is written so, and needs the same version of scikit-learn; `skops.io.dump` writes one that can be read without running code",
    ),
    (&["xgboost"], "`save_model(\"model.json\")` of xgboost writes a file that holds no code"),
    (&["lightgbm"], "`booster_.save_model(\"model.txt\")` of LightGBM writes a file that holds no code"),
    (&["catboost"], "`save_model(\"model.cbm\")` of CatBoost writes a file that holds no code"),
    (
        &["fastai", "fastcore", "fastprogress"],
        "`Learner.export` of fastai writes the whole learner; publish the weights as safetensors beside it",
    ),
    (
        &["pytorch_lightning", "lightning", "lightning_fabric", "omegaconf", "hydra"],
        "Lightning writes its checkpoints so, with the trainer's own objects; publish `state_dict` alone, as safetensors",
    ),
    (
        &["ultralytics", "models", "utils", "yolov5"],
        "YOLO checkpoints hold the whole model as Python objects: only its own code can load them",
    ),
    (
        &["torch", "torchvision", "timm", "torchaudio"],
        "`torch.save(model)` writes the whole module with its classes; `safetensors.torch.save_model(model, path)` writes the tensors alone",
    ),
    (&["numpy", "pandas", "scipy"], "where numbers are all that it holds, a format without code can hold them as well"),
];

impl Rule for UnknownPickleImport {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        for (file, weight) in cx.weights().all() {
            report(file, weight, out);
        }
    }
}

/// One finding a file, with the first of its imports.
fn report(file: &File, weight: &Weight, out: &mut Sink<'_>) {
    let all = weight.pickles.found.iter().flat_map(|pickle| pickle.scan.imports.list());
    let mut found: Vec<&Import> = all.filter(|import| import.verdict() == Trust::Unknown).collect();
    let omitted: u64 = weight.pickles.found.iter().map(|pickle| pickle.scan.imports.omitted()).sum();
    // What cannot even be named comes first.
    found.sort_by_key(|import| matches!(import.reach, Reach::Named { .. }));
    let Some(first) = found.first() else { return };
    let others = found.len() as u64 - 1 + omitted;
    let message = match others {
        0 => format!("`{}` imports {}, which is not known to be harmless", file.path, named(first)),
        1 => format!("`{}` imports {} and another name that are not known to be harmless", file.path, named(first)),
        _ => format!(
            "`{}` imports {} and {others} other names that are not known to be harmless",
            file.path,
            named(first)
        ),
    };
    let shown: Vec<String> =
        found.iter().take(MAX_NAMED).map(|import| format!("{} at byte {}", named(import), import.at)).collect();
    let more = found.len() as u64 + omitted - shown.len() as u64;
    let label = match more {
        0 => shown.join(", "),
        more => format!("{}, and {more} more", shown.join(", ")),
    };
    let help = format!(
        "loading the file imports these packages and runs code of theirs, which many tools refuse or warn of; {}",
        writer(&found)
    );
    out.push(out.finding_at(Level::Warning, message, Label::file(file.id, label)).help(help));
}

fn named(import: &Import) -> String {
    match &import.reach {
        Reach::Named { .. } => format!("`{}`", import.reach),
        other => other.to_string(),
    }
}

/// Who writes such files.
fn writer(found: &[&Import]) -> &'static str {
    let imports = |package: &&str| {
        found.iter().any(|import| match &import.reach {
            Reach::Named { module, .. } => module.split('.').next() == Some(package),
            _ => false,
        })
    };
    let row = WRITERS.iter().find(|(packages, _)| packages.iter().any(imports));
    row.map_or("publish what it holds in a format without code, such as safetensors or JSON", |(_, help)| help)
}

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

/// The same, for the fields of what Stable-Baselines3 saves.
const SETTINGS: &str = "Stable-Baselines3 keeps the classes and functions of every model so, and has no other format: name in \
                        the card the versions of these packages, and load such files only from people you trust";

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
    let all = weight.pickles.found.iter().flat_map(|pickle| {
        let imports = pickle.scan.imports.list().iter().filter(|import| import.verdict() == Trust::Unknown);
        imports.map(|import| (pickle.is_setting, import))
    });
    let (settings, mut found): (Vec<bool>, Vec<&Import>) = all.unzip();
    // Who saves with Stable-Baselines3 has no choice.
    let is_by_design = settings.iter().all(|is_setting| *is_setting);
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
    let (level, advice) = match is_by_design {
        true => (Level::Info, SETTINGS),
        false => (Level::Warning, writer(&found)),
    };
    let help = format!(
        "loading the file imports these packages and runs code of theirs, which many tools refuse or warn of; {advice}"
    );
    out.push(out.finding_at(level, message, Label::file(file.id, label)).help(help));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;
    use crate::weights::testing::zip;

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

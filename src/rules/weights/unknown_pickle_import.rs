//! `unknown-pickle-import`: a pickle that imports what is not known to be harmless.

use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
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
    // Stable-Baselines3 has no other format.
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
    out.push(out.finding_at(level, message, Label::file(file.id, label)).help(advice));
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

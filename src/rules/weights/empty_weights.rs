//! `empty-weights`: weights that contain nothing, or no weights where a config names a model.

mod absent;

use crate::checklist;
use crate::diagnostic::{Effect, Label, Level, Place};
use crate::evidence::WeightFile;
use crate::pickle::Trust;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::weights::Hollow;
use crate::words::grouped;

pub(crate) struct EmptyWeights;

static META: Meta = Meta {
    name: "empty-weights",
    section: Section::Weights,
    level: Level::Error,
    effect: Effect::BreaksUsers,
    item: checklist::READY_LOADS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("empty_weights.md"),
};

impl Rule for EmptyWeights {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        for found in cx.weights().files() {
            // A dangerous file is to be deleted anyway.
            let mut pickles = found.weight.pickles.found.iter();
            let is_dangerous = pickles.any(|pickle| !pickle.scan.worst(Trust::Dangerous).is_empty());
            if let Some(hollow) = cx.weights().hollow(found.file.id).filter(|_| !is_dangerous) {
                report(found, hollow, out);
            }
        }
        if let Some(label) = absent::absent(cx) {
            out.push(
                out.finding("the repository has no weights, and `config.json` names a model", label).help(NO_FILE),
            );
        }
    }
}

fn report(found: WeightFile<'_>, hollow: &Hollow, out: &mut Sink<'_>) {
    let (path, file) = (&found.file.path, found.file.id);
    let (message, help) = match hollow {
        Hollow::NoTensors => (format!("`{path}` has no tensors"), NO_TENSORS),
        Hollow::NoElements { count, of, .. } => (
            format!("{} of {} tensors of `{path}` have no elements", grouped(*count as u64), grouped(*of as u64)),
            PLACEHOLDERS,
        ),
        Hollow::ZeroFile { count: 1 } => (format!("the matrix of `{path}` is zero bytes"), ZEROS),
        Hollow::ZeroFile { count } => (format!("`{path}` is zero bytes in {} matrices", grouped(*count as u64)), ZEROS),
        Hollow::ZeroLayers { first, count: 1 } => {
            (format!("all matrices of the layer `{first}` of `{path}` are zero bytes"), ZEROS)
        }
        Hollow::ZeroLayers { first, count } => (
            format!("all matrices of {} layers of `{path}` are zero bytes, first `{first}`", grouped(*count as u64)),
            ZEROS,
        ),
    };
    let label = match hollow {
        Hollow::NoElements { first: Some(name), .. } => {
            Label::new(Place::Tensor { file, name: name.clone() }, "the first of them")
        }
        _ => Label::file(file, ""),
    };
    out.push(out.finding(message, label).help(help));
}

const NO_FILE: &str =
    "Add the weights to the folder, and check that `.gitignore` does not list them. Otherwise loading fails.";

const NO_TENSORS: &str = "Save the weights again, and compare the size of the file before you upload it. Otherwise loading fails, or the model answers at random.";

const PLACEHOLDERS: &str =
    "Save the weights of all processes together, as `zero_to_fp32.py` of DeepSpeed does. Otherwise loading fails.";

const ZEROS: &str =
    "Copy the file again from the original, and compare checksums. Otherwise these parts of the model compute nothing.";

//! `disguised-format`: a good file whose extension names another format.

use crate::bytes::Format;
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::WeightFile;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::RepoPath;
use crate::words::either;

pub(crate) struct DisguisedFormat;

static META: Meta = Meta {
    name: "disguised-format",
    section: Section::Weights,
    level: Level::Error,
    effect: Effect::BreaksUsers,
    item: checklist::WEIGHTS_SAFETENSORS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("disguised_format.md"),
};

impl Rule for DisguisedFormat {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        for (file, weight) in cx.weights().all() {
            let found = WeightFile { file, weight };
            // A file that is broken, or that cannot be searched, has a finding already.
            let is_broken = weight.faults.iter().any(|fault| fault.breaks) || weight.pickles.hides_from_loader();
            if !is_broken && weight.is_misnamed(&file.path) {
                report(found, out);
            }
        }
    }
}

/// Why a name matters.
const BY_EXTENSION: &str = "Loaders choose the reader by the extension, so they fail on this file.";

/// Code that makes safetensors of a pickle.
fn conversion(path: &RepoPath) -> String {
    format!(
        "import torch\nfrom safetensors.torch import save_file\n\nsave_file(torch.load({:?}, weights_only=True), {:?})",
        path.as_str(),
        path.as_str()
    )
}

fn report(found: WeightFile<'_>, out: &mut Sink<'_>) {
    let format = found.weight.format;
    let path = &found.file.path;
    let promised = found.weight.expected.and_then(|formats| formats.first()).copied();
    let trusted = promised == Some(Format::Safetensors);
    let message = match promised {
        Some(promised) => format!("`{path}` is {}, not {}", format.name(), promised.name()),
        None => format!("`{path}` is {}", format.name()),
    };
    let extensions = either(format.extensions().iter().map(|extension| format!("`.{extension}`")));
    let stem = path.name().rsplit_once('.').map_or(path.name(), |(stem, _)| stem);
    let correct = format.extensions().first().map(|extension| format!("{stem}.{extension}"));
    let smuggles = trusted && format.holds_pickle();
    let label = match extensions.is_empty() || smuggles {
        true => String::new(),
        false => format!("named `.{}`, should be {extensions}", path.extension()),
    };
    let (level, help) = if smuggles {
        let help = "Convert the pickle to safetensors as below, do not rename it. Your users trust `.safetensors` to contain no code, and its readers reject this file."
            .to_owned();
        (Level::Error, help)
    } else {
        let help = match correct {
            Some(name) => format!("Rename it to `{name}`. {BY_EXTENSION}"),
            None => format!("Save it in the format of its name. {BY_EXTENSION}"),
        };
        (Level::Warning, help)
    };
    let finding = out.finding_at(level, message, Label::file(found.file.id, label)).help(help);
    out.push(if smuggles { finding.code(&conversion(path)) } else { finding });
}

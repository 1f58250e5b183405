//! `disguised-format`: a good file whose extension names another format.

use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::WeightFile;
use crate::rules::values::either;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::weights::Format;

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
            // A file that is broken, or that nobody can look into, has a finding already.
            let is_broken = weight.faults.iter().any(|fault| fault.breaks) || weight.pickles.hides_from_loader();
            if !is_broken && is_disguised(found) {
                report(found, out);
            }
        }
    }
}

/// Any `.bin` may hold anything, but no reader looks there for a format that has an extension of its own.
fn is_disguised(found: WeightFile<'_>) -> bool {
    let own_extension = matches!(found.weight.format, Format::Safetensors | Format::Gguf);
    found.weight.is_disguised() || (own_extension && found.file.path.extension() == "bin")
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
    let smuggles = trusted && format.holds_pickle();
    let label = match extensions.is_empty() || smuggles {
        true => String::new(),
        false => format!("named `.{}`, should be {extensions}", path.extension()),
    };
    let (level, help) = if smuggles {
        let help = "the name promises a file that holds no code, and this one may; safetensors readers refuse it. Convert it (`safetensors.torch.save_file(torch.load(path, weights_only=True), new_path)`), do not rename it";
        (Level::Error, help)
    } else {
        let help = "loaders choose their reader by the extension and fail on this file: give it the name of what it is, or save it in the format of its name";
        (Level::Warning, help)
    };
    out.push(out.finding_at(level, message, Label::file(found.file.id, label)).help(help));
}

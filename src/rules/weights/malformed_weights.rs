//! `malformed-weights`: a weight file that its own readers reject, or read in different ways.

use crate::bytes::{Fault, FaultKind, Format};
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level, Place};
use crate::evidence::WeightFile;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};

pub(crate) struct MalformedWeights;

static META: Meta = Meta {
    name: "malformed-weights",
    section: Section::Weights,
    level: Level::Error,
    effect: Effect::BreaksUsers,
    item: checklist::READY_LOADS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("malformed_weights.md"),
};

impl Rule for MalformedWeights {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        for (file, weight) in cx.weights().all() {
            let found = WeightFile { file, weight };
            if !holds_weights(found) {
                continue;
            }
            let (limits, mut faults): (Vec<Fault>, Vec<Fault>) =
                faults(found).into_iter().partition(|fault| fault.kind == FaultKind::Limit);
            for limit in limits {
                out.skip(format!("{}: {}", found.file.path, limit.message));
            }
            // What breaks comes first; among equals, what was met first.
            faults.sort_by_key(|fault| (!fault.breaks, fault.kind == FaultKind::Alignment));
            report(found, &faults, out);
        }
        for (_, why) in cx.weights().failed() {
            out.skip(why);
        }
    }
}

/// Whether the file is about weights at all: a damaged archive of examples is not reported here.
pub(super) fn holds_weights(found: WeightFile<'_>) -> bool {
    let foreign = matches!(found.weight.format, Format::Zip | Format::Tar | Format::Unknown);
    found.weight.expected.is_some() || !foreign
}

fn faults(found: WeightFile<'_>) -> Vec<Fault> {
    let path = &found.file.path;
    let weight = &found.weight;
    // A `.bin` may contain many things, but never the answer of a server.
    let is_answer = matches!(weight.format, Format::WebPage | Format::ErrorMessage);
    if is_answer && weight.expected.is_none() && path.extension() == "bin" {
        let message = format!("the file is {}", weight.format.name());
        let help = "Fetch the file again. A download failed, and its answer was saved in place of the weights.";
        return vec![Fault::new(FaultKind::WrongFormat, message, help).at(0)];
    }
    weight.faults.clone()
}

/// One finding a file: saving it again fixes all of its faults.
fn report(found: WeightFile<'_>, faults: &[Fault], out: &mut Sink<'_>) {
    let Some((first, others)) = faults.split_first() else { return };
    let level = match first {
        _ if first.breaks => Level::Error,
        _ if faults.iter().all(|fault| fault.kind == FaultKind::Alignment) => Level::Info,
        _ => Level::Warning,
    };
    let primary = label(found, first, where_is(first));
    let mut finding = out.finding_at(level, first.message.as_str(), primary).help(first.help);
    for fault in others {
        finding.related.push(label(found, fault, fault.message.clone()));
    }
    out.push(finding);
}

fn where_is(fault: &Fault) -> String {
    match fault.offset {
        Some(0) | None => String::new(),
        Some(offset) => format!("at byte {offset}"),
    }
}

fn label(found: WeightFile<'_>, fault: &Fault, text: String) -> Label {
    let file = found.file.id;
    let place = match &fault.tensor {
        Some(name) => Place::Tensor { file, name: name.clone() },
        None => Place::File(file),
    };
    Label::new(place, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn all_faults_of_a_file_are_one_finding_and_the_worst_gives_its_level() {
        let header = br#"{"a\u0007":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,2]},"c":{"dtype":"U8","shape":[2],"data_offsets":[2,3]}}"#;
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header);
        bytes.extend([0; 3]);
        let outcome = check(&MalformedWeights, &[("model.safetensors", bytes)]);
        let [finding] = outcome.found.as_slice() else { panic!("{:?}", outcome.said()) };
        assert_eq!((finding.level, finding.related.len()), (Level::Error, 2));
        assert!(finding.message.starts_with("`b` of shape [2]"), "{}", finding.message);
        assert!(matches!(&finding.primary.place, Place::Tensor { name, .. } if name == "b"));
    }

    #[test]
    fn files_that_are_no_weights_are_not_judged() {
        let page = "<!DOCTYPE html><html></html>";
        let files = [
            ("index.html", page),
            ("config.json", "{\"error\": 1}"),
            ("vocab.bin", "plain text"),
            ("data.zip", "PK\x03\x04"),
        ];
        assert_eq!(check(&MalformedWeights, &files).said(), Vec::<String>::new());
        assert_eq!(check(&MalformedWeights, &[("weights.bin", page)]).said(), ["error the file is a web page"]);
    }
}

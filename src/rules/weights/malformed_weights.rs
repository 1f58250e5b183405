//! `malformed-weights`: a weight file that its own readers reject, or read in different ways.

use std::collections::{BTreeMap, HashMap};

use crate::bytes::{Fault, FaultKind, Format};
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level, Place};
use crate::evidence::WeightFile;
use crate::release::Release;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::source::{FileId, RepoPath};
use crate::weights::Contents;
use crate::weights::gguf::{Gguf, Value, split};

use super::outside::escape;

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
        let mut of_sets = gguf_sets(cx);
        for (file, weight) in cx.weights().all() {
            let found = WeightFile { file, weight };
            if !holds_weights(found) {
                report_archive(found, out);
                continue;
            }
            let beside = weight.beside(&file.path, &|path| size_of(cx.release(), &file.path, path));
            let beside = beside.into_iter().chain(of_sets.remove(&file.id));
            let (limits, mut faults): (Vec<Fault>, Vec<Fault>) =
                weight.faults.iter().cloned().chain(beside).partition(|fault| fault.kind == FaultKind::Limit);
            for limit in limits {
                out.skip(format!("{}: {}", found.file.path, limit.message));
            }
            // What breaks comes first; among equals, what was met first.
            faults.sort_by_key(|fault| (!fault.breaks, fault.kind == FaultKind::Alignment));
            report(found, &faults, out);
        }
    }
}

/// Whether the file is about weights at all, so that its faults keep the model from loading.
pub(super) fn holds_weights(found: WeightFile<'_>) -> bool {
    let foreign = matches!(found.weight.format, Format::Zip | Format::Tar | Format::Unknown);
    found.weight.expected.is_some() || !foreign
}

/// An archive of other things that is damaged, or of pickles under another name: a warning, since loading the model may work
/// all the same.
fn report_archive(found: WeightFile<'_>, out: &mut Sink<'_>) {
    let is_archive = matches!(found.weight.format, Format::Zip | Format::Tar);
    if !is_archive || !found.weight.is_about_weights(&found.file.path) {
        return;
    }
    let faults = found.weight.faults.iter().filter(|fault| fault.kind != FaultKind::Limit);
    let Some(fault) = faults.max_by_key(|fault| fault.breaks) else { return };
    let finding = out.finding_at(Level::Warning, fault.message.as_str(), label(found, fault, where_is(fault)));
    out.push(finding.help(fault.help));
}

/// A part of a GGUF model: its number, its file, and what its header says.
type Part<'w> = (u64, FileId, &'w Gguf);

/// What is wrong between the parts of a GGUF model, at the first of them. Of a set with a part that is absent or wrong by
/// itself nothing is said.
fn gguf_sets(cx: &Context<'_>) -> HashMap<FileId, Fault> {
    let mut sets: BTreeMap<(&str, &str), Vec<Part<'_>>> = BTreeMap::new();
    for (file, weight) in cx.weights().all() {
        let Contents::Gguf(gguf) = &weight.contents else { continue };
        let name = file.path.name();
        if let (Some((number, of)), false) = (split::part(name), weight.faults.iter().any(|fault| fault.breaks)) {
            let whole = name.len() - format!("{number:05}-of-{of:05}.gguf").len();
            let stem = name.get(..whole).unwrap_or_default();
            sets.entry((file.path.folder(), stem)).or_default().push((number, file.id, gguf));
        }
    }
    let mut faults = HashMap::new();
    for mut parts in sets.into_values() {
        parts.sort_unstable_by_key(|(number, ..)| *number);
        let Some((_, first, gguf)) = parts.first().copied() else { continue };
        let count = gguf.get("split.count").and_then(Value::as_u64);
        let is_whole = count == Some(parts.len() as u64) && (1..).zip(&parts).all(|(at, (number, ..))| at == *number);
        let headers: Vec<&Gguf> = parts.iter().map(|(_, _, gguf)| *gguf).collect();
        faults.extend(split::check_whole(&headers).filter(|_| is_whole).map(|fault| (first, fault)));
    }
    faults
}

/// The bytes of a file that another one names. `path-escapes-repository` reports a path that leads out.
fn size_of(release: &Release, from: &RepoPath, path: &str) -> Option<u64> {
    if escape(path, "").is_some() { Some(u64::MAX) } else { release.size_beside(from, path) }
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
    fn data_that_onnx_keeps_elsewhere_is_looked_up_from_the_folder_of_the_model() {
        let field = |number: u8, content: &[u8]| [&[number << 3 | 2, content.len() as u8], content].concat();
        let place = [field(1, b"location"), field(2, b"./w.data")].concat();
        let tensor = [field(1, &[4]), vec![2 << 3, 1], field(8, b"w"), field(13, &place), vec![14 << 3, 1]].concat();
        let model = [vec![8, 10], field(7, &field(5, &tensor))].concat();
        let said = |data: Option<(&str, usize)>| {
            let data = data.map(|(path, length)| (path, vec![7; length]));
            let files: Vec<_> = [("onnx/model.onnx", model.clone())].into_iter().chain(data).collect();
            check(&MalformedWeights, &files).said()
        };
        assert_eq!(said(Some(("onnx/w.data", 16))), Vec::<String>::new());
        let absent = ["error the bytes of `w` are in `./w.data`, which is absent"];
        assert_eq!(
            (said(None), said(Some(("w.data", 16)))),
            (absent.map(str::to_owned).to_vec(), absent.map(str::to_owned).to_vec())
        );
        assert_eq!(said(Some(("onnx/w.data", 15))), ["error `w` ends at byte 16 of `./w.data`, which has 15"]);
    }

    #[test]
    fn files_that_are_no_weights_are_not_judged() {
        let page = "<!DOCTYPE html><html></html>";
        let files = [("index.html", page), ("config.json", "{\"error\": 1}"), ("vocab.bin", "plain text")];
        assert_eq!(check(&MalformedWeights, &files).said(), Vec::<String>::new());
        let damaged = check(&MalformedWeights, &[("data.zip", "PK\x03\x04")]);
        assert_eq!(damaged.said(), ["warning the zip has no directory at its end"]);
        assert_eq!(check(&MalformedWeights, &[("weights.bin", page)]).said(), ["error the file is a web page"]);
    }
}

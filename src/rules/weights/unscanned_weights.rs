//! `unscanned-weights`: a part of a file that may contain a pickle and was not read.

use crate::bytes::{FaultKind, Format};
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::evidence::WeightFile;
use crate::pickle::Trust;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::weights::Unseen;
use crate::weights::scan::{Access, UnreadPart};

use super::malformed_weights::holds_weights;

pub(crate) struct UnscannedWeights;

static META: Meta = Meta {
    name: "unscanned-weights",
    section: Section::Weights,
    level: Level::Error,
    effect: Effect::BreaksUsers,
    item: checklist::WEIGHTS_SAFETENSORS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("unscanned_weights.md"),
};

impl Rule for UnscannedWeights {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        for (file, weight) in cx.weights().all() {
            let found = WeightFile { file, weight };
            // `malformed-weights` reports a damaged file, and a dangerous one is to be deleted anyway.
            let is_spared = !holds_weights(found) && weight.pickles.hides_from_loader();
            let is_broken = !is_spared && weight.faults.iter().any(|fault| fault.breaks);
            let mut pickles = weight.pickles.found.iter();
            let is_dangerous = pickles.any(|pickle| !pickle.scan.worst(Trust::Dangerous).is_empty());
            if !is_broken && !is_dangerous {
                match weight.pickles.unread.is_empty() {
                    false => report(found, out),
                    true => say_unseen(found, out),
                }
            }
        }
    }
}

/// What else was not looked at: no fault of the file, and not reported as clean. `disguised-format` reports a format that
/// the name does not promise, and `malformed-weights` a limit.
fn say_unseen(found: WeightFile<'_>, out: &mut Sink<'_>) {
    let (path, weight) = (&found.file.path, found.weight);
    let is_told = weight.is_misnamed(path) || weight.format == Format::LfsPointer;
    let is_limited = holds_weights(found) && weight.faults.iter().any(|fault| fault.kind == FaultKind::Limit);
    if is_told || is_limited || !weight.is_about_weights(path) {
        return;
    }
    match weight.unseen() {
        Some(Unseen::Part(why)) => out.skip(format!("`{path}` was not read: {why}")),
        Some(Unseen::Format) => out.unread_format(format!("the content of `{path}` is {}", weight.what())),
        None => {}
    }
}

/// One finding a file. What loaders do not unpickle is a skip: not a fault, and not reported as clean.
fn report(found: WeightFile<'_>, out: &mut Sink<'_>) {
    let path = &found.file.path;
    let mut parts: Vec<&UnreadPart> = found.weight.pickles.unread.iter().collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.access));
    let Some((first, others)) = parts.split_first() else { return };
    let what = match &first.member {
        None => format!("`{path}` was not searched for code to its end: {}", first.unread.why),
        Some(member) => format!("`{member}` in `{path}` was not searched for code to its end: {}", first.unread.why),
    };
    let (level, help) = match first.access {
        Access::Nobody => return out.skip(what),
        Access::Hand => (
            Level::Warning,
            "Publish the files themselves, or remove the part that does not belong there. Loaders do not read it, but unpacking it may run code.",
        ),
        Access::Loader => (
            Level::Error,
            "Publish the weights as safetensors, or save them without the outer archive. Loading this file can run code that scanners cannot see.",
        ),
    };
    let finding = out.finding_at(level, what, Label::file(found.file.id, place(first))).help(help);
    let others = others.iter().filter(|part| part.access > Access::Nobody).map(|part| {
        let text = match (&part.member, place(part)) {
            (None, at) if at.is_empty() => part.unread.why.clone(),
            (None, at) => format!("{} ({at})", part.unread.why),
            (Some(member), _) => format!("`{member}`: {}", part.unread.why),
        };
        Label::file(found.file.id, text)
    });
    out.push(finding.also(others));
}

fn place(part: &UnreadPart) -> String {
    match part.unread.at {
        0 => String::new(),
        at => format!("from byte {at} on"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    /// What is said of the pickles of one file.
    fn said(path: &str, bytes: &[u8]) -> Vec<String> {
        let outcome = check(&UnscannedWeights, &[(path, bytes)]);
        let skipped = outcome.skipped.into_iter().filter(|why| why.contains("searched for code"));
        outcome.found.iter().map(|finding| finding.level.as_str().to_owned()).chain(skipped).collect()
    }

    #[test]
    fn what_no_reader_looked_at_is_said() {
        let noise: Vec<u8> = (0..6000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let tflite = [&b"\x1c\0\0\0TFL3"[..], &noise].concat();
        let skipped = |path: &str, bytes: &[u8]| check(&UnscannedWeights, &[(path, bytes)]).skipped;
        assert_eq!(skipped("model.tflite", &tflite), ["the content of `model.tflite` is TensorFlow Lite"]);
        let container = b"7z\xBC\xAF\x27\x1C\0\x04......";
        let why = "`a.model` was not read: it is a 7z archive, in which no weights were found";
        assert_eq!(skipped("a.model", container), [why]);
        for path in ["notes.txt", "data.7z.txt", "vocab.json"] {
            assert_eq!(skipped(path, &noise), Vec::<String>::new(), "{path}");
        }
    }

    #[test]
    fn containers_that_are_not_opened_count_where_a_loader_is_given_them() {
        let containers: [&[u8]; 4] = [
            b"7z\xBC\xAF\x27\x1C\0\x04......",
            b"\x28\xB5\x2F\xFD......",
            b"\x04\x22\x4D\x18......",
            b"Rar!\x1A\x07\x01\0...",
        ];
        for bytes in containers {
            for path in ["model.pt", "pytorch_model.bin", "m.ckpt", "m.joblib", "m.pkl", "weights.bin"] {
                assert_eq!(said(path, bytes), ["error"], "{path} {bytes:?}");
            }
            for path in ["data/train.jsonl.zst", "notes.txt", "model.onnx", "a.lz4"] {
                assert_eq!(said(path, bytes), Vec::<String>::new(), "{path} {bytes:?}");
            }
        }
        assert_eq!(said("m.pkl.zst", b"\x28\xB5\x2F\xFD......"), ["error"]);
        assert_eq!(said("weights.7z", b"7z\xBC\xAF\x27\x1C\0\x04......"), ["warning"]);
    }

    #[test]
    fn files_of_other_programs_are_no_matter_of_pickles() {
        let noise: Vec<u8> = (0..6000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let with = |start: &[u8]| [start, noise.as_slice()].concat();
        for (path, bytes) in [
            ("vocab.bin", with(b"\x05\0\0\0hello")),
            ("model.bin", with(b"\x06\0\0\0\x10TransformerSpec")),
            ("lid.176.bin", with(b"\xBA\x16\x4F\x2F\x0C\0\0\0")),
            ("stories15M.bin", with(b"\x20\x01\0\0\0\x03\0\0\x06\0\0\0")),
            ("ggml-base.bin", with(b"lmgg")),
            ("openvino_model.bin", noise.clone()),
            ("spiece.model", with(b"\n\x0e\n\x05<unk>")),
            ("engine.pt", with(b"ftrt")),
            ("model.ckpt.index", with(b"\0\0\x01")),
            ("model.ckpt.data-00000-of-00001", noise.clone()),
            ("model.ckpt", noise.clone()),
            ("flax_model.msgpack", with(b"\x81\xa6params\x81")),
            ("model.mlmodel", with(b"\x08\x01\x12\x05")),
            ("saved_model.pb", with(b"\x08\x01\x12\x05")),
            ("raw.bin", with(b"\x78\x01")),
            ("raw.bin", with(b"\x5D\0\0\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF")),
            ("zeros.bin", vec![0; 9000]),
            ("corpus.pt", b"Ol\xC3\xA1, mundo\n".to_vec()),
            ("easy-install.pth", b"./lib\n".to_vec()),
            ("config.pkl", b"amends \"base.pkl\"\nsize = 3\n".to_vec()),
        ] {
            assert_eq!(said(path, &bytes), Vec::<String>::new(), "{path}");
        }
    }

    #[test]
    fn what_dangerous_pickle_speaks_of_is_told_once() {
        assert_eq!(said("m.pkl", b"\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R"), Vec::<String>::new());
    }

    #[test]
    fn a_damaged_archive_is_told_once() {
        assert_eq!(said("pytorch_model.bin", b"PK\x03\x04 cut short, as an upload leaves it"), Vec::<String>::new());
    }
}

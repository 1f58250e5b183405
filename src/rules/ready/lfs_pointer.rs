//! `lfs-pointer`: the small text of git-lfs where the file itself should be.

use std::collections::BTreeSet;

use crate::bytes::Format;
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level};
use crate::release::{File, Origin, Release};
use crate::rules::{Context, Meta, Needs, README, Rule, Section, Sink};
use crate::source::FileId;
use crate::words::{MAX_LABELS, size};

pub(crate) struct LfsPointer;

static META: Meta = Meta {
    name: "lfs-pointer",
    section: Section::Ready,
    level: Level::Error,
    effect: Effect::BreaksUsers,
    item: checklist::READY_LOADS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("lfs_pointer.md"),
};

impl Rule for LfsPointer {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        let release = cx.release();
        // By content, too: a pointer that an editor changed is still not the file.
        let is_pointer = |file: &File| {
            let format = cx.weights().get(file.id).map(|weight| weight.format);
            // Of a card that a pattern gives to git-lfs, `card-under-lfs` speaks.
            let is_card = file.path.as_str() == README && file.lfs_covered;
            !is_card && (file.lfs.is_some() || format == Some(Format::LfsPointer))
        };
        let mut pointers: Vec<&File> = release.files().iter().filter(|file| is_pointer(file)).collect();
        if pointers.len() > 1 {
            // What keeps the model from loading comes first, before logs and images.
            let weights: BTreeSet<FileId> = cx.weights().files().map(|weight| weight.file.id).collect();
            pointers.sort_by_key(|file| !weights.contains(&file.id));
        }
        // Git sends the text, and git-lfs the file, if this or another clone has it.
        let is_carried = |file: &&File| release.origin() == Origin::GitCheckout && file.lfs_covered;
        let (carried, bare): (Vec<&File>, Vec<&File>) = pointers.into_iter().partition(is_carried);
        report(release, &bare, Level::Error, out);
        report(release, &carried, Level::Info, out);
        for file in carried {
            out.skip(format!("{} is a git-lfs pointer here: its content was not checked", file.path));
        }
    }
}

/// One finding for all: one command fetches them all.
fn report(release: &Release, files: &[&File], level: Level, out: &mut Sink<'_>) {
    let mut labels = files.iter().take(MAX_LABELS).map(|file| label(release, file));
    let (Some(first), Some(primary)) = (files.first(), labels.next()) else { return };
    let message = match files.len() {
        1 => format!("`{}` is a git-lfs pointer, not the file itself", first.path),
        many => format!("{many} files are git-lfs pointers, not the files themselves"),
    };
    let help = match (level, release.origin()) {
        (Level::Info, _) => "Run `git lfs pull` to have the content checked. git-lfs pushes the files if it has them.",
        (_, Origin::GitCheckout) => {
            "Run `git lfs track` for these paths, then `git lfs pull`. Otherwise git pushes this text as the file, and loading fails."
        }
        _ => {
            "Run `git lfs pull` in the clone, and copy the files again. Otherwise the upload sends this text, and loading fails."
        }
    };
    let effect = if level == Level::Error { Effect::BreaksUsers } else { Effect::LosesReach };
    let mut finding = out.finding_at(level, message, primary).effect(effect).help(help).also(labels);
    // The text of a pointer that is only counted is not read.
    finding.unlisted = files.len().saturating_sub(MAX_LABELS);
    out.push(finding);
}

fn label(release: &Release, file: &File) -> Label {
    let text = file.lfs.as_ref().map_or_else(String::new, |pointer| format!("stands for {}", size(pointer.size)));
    let Ok(source) = release.text(file.id) else { return Label::file(file.id, text) };
    let line = source.text().lines().next().map_or(0, str::len);
    Label::at(source.span(0, line), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check, check_folder};

    const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 4500000000\n";

    #[test]
    fn one_finding_stands_for_all_and_labels_the_first() {
        let files: Vec<(String, &str)> = (0..25).map(|n| (format!("model-{n:02}.safetensors"), POINTER)).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let outcome = check(&LfsPointer, &files);
        assert_eq!(outcome.said(), ["error 25 files are git-lfs pointers, not the files themselves"]);
        let [finding] = outcome.found.as_slice() else { panic!() };
        assert_eq!((finding.related.len(), finding.unlisted), (19, 5));
        assert_eq!(finding.primary.text, "stands for 4.5 GB");
    }

    #[test]
    fn weights_come_before_logs() {
        let outcome = check(&LfsPointer, &[("events.out.tfevents.1", POINTER), ("model.safetensors", POINTER)]);
        let [finding] = outcome.found.as_slice() else { panic!() };
        assert_eq!(finding.primary.place.file(), Some(FileId(1)));
    }

    #[test]
    fn in_a_checkout_that_gives_the_file_to_lfs_it_is_only_not_checked() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join(".git/objects")).unwrap();
        std::fs::write(folder.path().join(".git/config"), "").unwrap();
        std::fs::write(folder.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        std::fs::write(folder.path().join(".gitattributes"), "*.safetensors filter=lfs diff=lfs merge=lfs -text\n")
            .unwrap();
        for name in ["model.safetensors", "pytorch_model.bin"] {
            std::fs::write(folder.path().join(name), POINTER).unwrap();
        }
        let outcome = check_folder(&LfsPointer, folder.path());
        assert_eq!(
            outcome.said(),
            [
                "error `pytorch_model.bin` is a git-lfs pointer, not the file itself",
                "info `model.safetensors` is a git-lfs pointer, not the file itself"
            ]
        );
        assert_eq!(outcome.skipped, ["model.safetensors is a git-lfs pointer here: its content was not checked"]);
    }
}

//! `path-escapes-repository`: a file names another one that lies outside the repository.

use super::outside::{Escape, escape};
use crate::checklist;
use crate::diagnostic::{Effect, Label, Level, Place};
use crate::evidence::remote_code::references;
use crate::release::ProblemKind;
use crate::rules::{Context, Meta, Needs, Rule, Section, Sink};
use crate::weights::Contents;
use crate::weights::index::Index;
use crate::words::quoted;

pub(crate) struct PathEscapesRepository;

static META: Meta = Meta {
    name: "path-escapes-repository",
    section: Section::Weights,
    level: Level::Error,
    effect: Effect::BreaksUsers,
    item: checklist::READY_LOADS,
    needs: Needs::Files,
    fix: None,
    since: "0.1.0",
    docs: include_str!("path_escapes_repository.md"),
};

impl Rule for PathEscapesRepository {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, cx: &Context<'_>, out: &mut Sink<'_>) {
        links(cx, out);
        indexes(cx, out);
        modules(cx, out);
        external_data(cx, out);
    }
}

/// A link that leads out: the release does not follow it, so it is not a file of the repository.
fn links(cx: &Context<'_>, out: &mut Sink<'_>) {
    for problem in cx.release().problems().iter().filter(|problem| problem.kind == ProblemKind::LinkLeaves) {
        let help = "Replace the link by the file itself. git pushes a link that is broken for your users, and `hf upload` \
                    publishes the file on your machine.";
        let label = Label::new(Place::Absent(problem.path.clone()), "");
        out.push(out.finding(problem.message.as_str(), label).help(help));
    }
}

/// The shards that an index names. One finding an index.
fn indexes(cx: &Context<'_>, out: &mut Sink<'_>) {
    for file in cx.release().files().iter().filter(|file| file.path.name().ends_with(".index.json")) {
        let Some(config) = cx.configs().json(file.id) else { continue };
        let index = Index::from_tree(config.tree());
        let leaving = index.weights.iter().filter_map(|line| Some((line, escape(&line.shard, file.path.folder())?)));
        let leaving: Vec<_> = leaving.collect();
        let Some((line, why)) = leaving.first() else { continue };
        let message = format!("the shard {} of `{}` {}", quoted(&line.shard), file.path, why.sentence());
        let help =
            "Name the shard as it lies beside the index. Your users do not have a file at this path, so loading fails.";
        let labels = leaving.iter().map(|(line, _)| Label::at(line.shard_span, ""));
        push(out, message, labels, help);
    }
}

/// The modules that `auto_map` names.
fn modules(cx: &Context<'_>, out: &mut Sink<'_>) {
    for reference in references(cx.release(), cx.configs()) {
        let folder = cx.path(reference.span.file).map_or("", |path| path.folder());
        // Dots alone do not lead out: only the slashes of `...x` count.
        let Some(why) = escape(&reference.module, folder) else { continue };
        let message = format!("the module {} {}", quoted(&reference.module), why.sentence());
        let help = "Name a module of the repository. With `trust_remote_code=True`, `transformers` runs the file at this path on your users' machines.";
        push(out, message, [Label::at(reference.span, "")], help);
    }
}

/// The files in which ONNX keeps the bytes of tensors: below the model's own folder, or no reader opens them.
fn external_data(cx: &Context<'_>, out: &mut Sink<'_>) {
    for (file, weight) in cx.weights().all() {
        let Contents::Onnx(onnx) = &weight.contents else { continue };
        let leaving: Vec<_> =
            onnx.external.iter().filter_map(|found| Some((found, escape(&found.location, "")?))).collect();
        let Some((first, why)) = leaving.first() else { continue };
        let why = if *why == Escape::Climbs { "leads outside the model's folder" } else { why.sentence() };
        let message = format!("the data of `{}` in {} {why}", file.path, quoted(&first.location));
        let help = "Save the model again with its data beside it. Current ONNX readers reject this path, and older ones read \
                    your users' own files (CVE-2024-27318).";
        let labels = leaving.iter().map(|(found, _)| {
            Label::new(Place::Tensor { file: file.id, name: found.tensor.clone() }, found.location.as_str())
        });
        push(out, message, labels, help);
    }
}

/// Reports a finding at several places, the first of which is the primary one.
fn push(out: &mut Sink<'_>, message: String, labels: impl IntoIterator<Item = Label>, help: &str) {
    let mut labels = labels.into_iter();
    let Some(primary) = labels.next() else { return };
    out.push(out.finding(message, primary).help(help).also(labels));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check, check_folder};

    #[test]
    fn every_shard_that_leaves_is_labelled_in_one_finding() {
        let index = r#"{"weight_map": {"a": "../x.safetensors", "b": "C:\\x.safetensors", "c": "model.safetensors"}}"#;
        let outcome = check(&PathEscapesRepository, &[("model.safetensors.index.json", index)]);
        assert_eq!(
            outcome.said(),
            ["error the shard `../x.safetensors` of `model.safetensors.index.json` leads outside the repository"]
        );
        assert_eq!(outcome.found[0].related.len(), 1);
        let place = outcome.found[0].related[0].place.span().unwrap();
        assert_eq!(&index[place.range()], r#""C:\\x.safetensors""#);
        let inside = [("sub/model.safetensors.index.json", r#"{"weight_map": {"a": "../x.safetensors"}}"#)];
        assert!(check(&PathEscapesRepository, &inside).found.is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leaves_is_a_finding_at_its_path() {
        let outside = tempfile::NamedTempFile::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("model.safetensors")).unwrap();
        let outcome = check_folder(&PathEscapesRepository, folder.path());
        assert_eq!(outcome.found[0].primary.place, Place::Absent("model.safetensors".into()));
        assert!(outcome.said()[0].starts_with("error the link `model.safetensors` leads outside the repository"));
    }
}

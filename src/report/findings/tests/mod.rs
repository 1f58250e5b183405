//! What the formats promise.

mod any_text;
mod formats;
mod human;
mod place;
mod style;
mod summary;

use super::*;
use crate::diagnostic::{Effect, Fix, Label, Lack, Place, Safety};
use crate::fix::Refusal;
use crate::report::{ColorChoice, Graphics, Terminal};
use crate::source::{FileId, RepoPath, SourceFile, Span};

/// The files of a repository, numbered in order.
struct Shelf(Vec<SourceFile>);

impl Shelf {
    fn of(files: &[(&str, &str)]) -> Self {
        let file = |(index, (path, text)): (usize, &(&str, &str))| {
            SourceFile::new(FileId(index as u32), RepoPath::new(path), text.as_bytes().to_vec())
        };
        Self(files.iter().enumerate().map(file).collect())
    }

    /// The span of the first `needle` of a file.
    fn find(&self, file: usize, needle: &str) -> Span {
        let start = self.0[file].text().find(needle).unwrap();
        self.0[file].span(start, start + needle.len())
    }
}

impl Files for Shelf {
    fn path(&self, file: FileId) -> Option<&RepoPath> {
        self.0.get(file.0 as usize).map(SourceFile::path)
    }

    fn source(&self, file: FileId) -> Option<&SourceFile> {
        self.0.get(file.0 as usize).filter(|source| source.path().extension() != "safetensors")
    }
}

fn named(rule: &'static str, item: &'static str, finding: Diagnostic) -> Diagnostic {
    Diagnostic { rule, item, ..finding }
}

/// A repository of which nothing is said yet.
fn empty<'a>(path: &'a str, files: &'a Shelf, checked: usize) -> Repository<'a> {
    Repository {
        path,
        in_workspace: path,
        files,
        checked,
        findings: &[],
        muted: &[],
        skipped: &[],
        problems: &[],
        fixed: &[],
        refused: &[],
        models: None,
    }
}

fn applied(title: &str, path: &str) -> Applied {
    Applied { rule: "a-rule", path: path.into(), title: title.into(), placeholder: false }
}

fn refused(title: &str, why: &str) -> Refused {
    let reason = Refusal::NotWritable(why.into());
    Refused { rule: "a-rule", path: "README.md".into(), title: title.into(), reason }
}

/// A run over one repository.
fn run<'a>(files: &'a Shelf, findings: Vec<Diagnostic>) -> Run<'a> {
    let exit = if findings.iter().any(|finding| finding.level > Level::Info) { Exit::Findings } else { Exit::Clean };
    let mut repository = empty(".", files, files.0.len());
    repository.findings = findings.leak();
    Run {
        version: "0.1.0",
        data: "2026-08-22",
        repositories: vec![repository],
        exit,
        fail_on: Some(Level::Warning),
        manual: |rule| Some(format!("{rule}.md")),
        quiet: false,
        statistics: false,
    }
}

fn print(format: Format, style: Style, run: &Run<'_>) -> String {
    let mut out = Vec::new();
    format.reporter(style).write(run, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn drawn(width: usize) -> Style {
    Style { color: false, graphics: Graphics::Unicode, width }
}

/// A repository with a finding of every kind.
fn release() -> Shelf {
    Shelf::of(&[
        (
            "README.md",
            "\u{feff}---\r\nlicense: Apache-2.0\r\ntags:\r\n\t- 日本語モデル\r\n- a\r\n- b\r\n- c\r\n- d\r\n---\r\n# 🤗 Model\r\n",
        ),
        ("LICENSE", "\n                Apache License\n          Version 2.0, January 2004\n"),
        ("unet/model.safetensors", ""),
        ("config.json", "{\n  \"model_type\": \"llama\",\n  \"torch_dtype\": \"float16\"\n}"),
    ])
}

/// A finding of every kind in [`release`].
fn findings(shelf: &Shelf) -> Vec<Diagnostic> {
    let end = shelf.0[3].text().len();
    vec![
        named(
            "unknown-license",
            "discover.license",
            Diagnostic::new(
                Level::Error,
                "`Apache-2.0` is not a license id of the Hub",
                Label::at(shelf.find(0, "Apache-2.0"), "did you mean `apache-2.0`?"),
            )
            .effect(Effect::BlocksPush)
            .related(Label::at(shelf.find(1, "Apache License"), "the text of the license"))
            .related(Label::at(shelf.find(1, "Version 2.0"), "its version"))
            .related(Label::new(Place::Absent(RepoPath::new("NOTICE")), "not there"))
            .help("the push is refused until this is one of the 83 ids of the Hub's list")
            .fix(Some(Fix::new("write `apache-2.0`", Safety::Safe))),
        ),
        named(
            "unclear-tags",
            "discover.tags",
            Diagnostic::new(
                Level::Info,
                "the tags say nothing",
                Label::at(shelf.find(0, "- a\r\n- b\r\n- c\r\n- d\r\n---\r\n"), "all of them"),
            ),
        ),
        named(
            "wide-tag",
            "discover.tags",
            Diagnostic::new(
                Level::Warning,
                "`日本語モデル` is not a tag that anyone searches for",
                Label::at(shelf.find(0, "日本語モデル"), "tags are English"),
            )
            .related(Label::at(shelf.find(0, "🤗"), ""))
            .fix(Some(Fix::new("remove it", Safety::Unsafe))),
        ),
        named(
            "missing-base-model",
            "discover.base-model",
            Diagnostic::new(
                Level::Warning,
                "the base model is not named",
                Label::new(Place::Absent(RepoPath::new("adapter_config.json")), ""),
            )
            .effect(Effect::BreaksUsers)
            .fix(Some(Fix::new("insert `base_model:`", Safety::Safe).placeholder())),
        ),
        named(
            "mixed-dtypes",
            "weights.dtype",
            Diagnostic::new(
                Level::Error,
                "one tensor is F64, the other 290 are F16",
                Label::new(
                    Place::Tensor { file: FileId(2), name: "mid_block.\u{1b}[31m.weight".into() },
                    "holds 8 bytes a number",
                ),
            )
            .effect(Effect::BreaksUsers)
            .related(Label::at(shelf.find(3, "\"float16\""), "the configuration promises this"))
            .related(Label::file(FileId(2), "")),
        ),
        named(
            "missing-key",
            "use.config",
            Diagnostic::new(
                Level::Warning,
                "`architectures` is missing",
                Label::at(shelf.0[3].span(end, end), "insert it before this"),
            ),
        ),
    ]
}

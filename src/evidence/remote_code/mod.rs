//! The Python files of a release that loading it imports: those that `auto_map` names, and what they import of each other.

mod references;

use std::collections::HashSet;

pub use references::{Gate, Reference, references};

use crate::code::{Import, MAX_CODE_BYTES, Module};
use crate::configs::Configs;
use crate::diagnostic::Label;
use crate::release::{File, Release};
use crate::source::{FileId, Span};

/// How many files are read. The largest published models bring some thirty.
pub const MAX_MODULES: usize = 200;

/// A Python file that is imported when the model is loaded.
#[derive(Clone, Debug)]
pub struct RemoteModule {
    /// The file.
    pub file: FileId,
    /// What imports it: `auto_map` in a configuration, or a line of another module.
    pub because: Label,
    /// When it runs.
    pub gate: Gate,
    /// What it does when it is imported, or why that is unknown.
    pub module: Result<Module, String>,
}

/// The modules in the order in which they are met. Reads nothing where there is no Python file.
pub fn modules(release: &Release, configs: &Configs<'_>) -> Vec<RemoteModule> {
    if !release.files().iter().any(is_python) {
        return Vec::new();
    }
    let mut open = named(release, configs);
    let mut seen: HashSet<FileId> = open.iter().map(|(file, ..)| file.id).collect();
    let mut found = Vec::new();
    let mut next = 0;
    while let Some((file, because, gate)) = open.get(next).cloned() {
        next += 1;
        let module = read(release, file);
        for import in module.iter().flat_map(|module| &module.imports) {
            for target in targets(release, file, import) {
                if seen.len() < MAX_MODULES && seen.insert(target.id) {
                    let span = Span::new(file.id, import.range.range());
                    open.push((target, Label::at(span, format!("imports `{}`", target.path)), gate));
                }
            }
        }
        found.push(RemoteModule { file: file.id, because, gate, module });
    }
    found
}

/// The function that replaces `generate`, which transformers finds by its place.
pub const CUSTOM_GENERATE: &str = "custom_generate/generate.py";

/// The files that run because of their place or because a configuration names them, each once.
fn named<'r>(release: &'r Release, configs: &Configs<'_>) -> Vec<(&'r File, Label, Gate)> {
    let mut found: Vec<(&File, Label, Gate)> = Vec::new();
    for reference in references(release, configs) {
        let Some(file) = reference.file(release) else { continue };
        if found.len() < MAX_MODULES && found.iter().all(|(known, ..)| known.id != file.id) {
            found.push((file, Label::at(reference.span, "imported when the model is loaded"), reference.gate));
        }
    }
    // diffusers takes the repository's own pipeline where it is told to.
    let pipeline = release.find("model_index.json").and_then(|_| release.find("pipeline.py"));
    for file in release.find(CUSTOM_GENERATE).into_iter().chain(pipeline) {
        if found.iter().all(|(known, ..)| known.id != file.id) {
            found.push((file, Label::file(file.id, "imported when the model is loaded"), Gate::Flag));
        }
    }
    found
}

/// How many folders deep a dotted name is followed.
const MAX_FOLDERS: usize = 16;

/// The files that an import may mean: a module, or a package, and the packages around it.
fn targets<'r>(release: &'r Release, from: &'r File, import: &Import) -> impl Iterator<Item = &'r File> {
    let mut folder = Some(from.path.folder());
    for _ in 1..import.level {
        folder =
            folder.filter(|folder| !folder.is_empty()).map(|folder| folder.rsplit_once('/').map_or("", |(up, _)| up));
    }
    let dots = import.module.match_indices('.').map(|(at, _)| at).chain([import.module.len()]);
    let names = dots.filter_map(|end| import.module.get(..end)).take(MAX_FOLDERS);
    let paths = names.filter_map(move |name| Some(joined(folder?, &name.replace('.', "/"))));
    // Each folder on the way runs its own `__init__.py`.
    let files = paths.flat_map(|path| [format!("{path}.py"), joined(&path, "__init__.py")]);
    files.filter_map(|path| release.find(&path))
}

fn joined(folder: &str, path: &str) -> String {
    match (folder, path) {
        ("", path) => path.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, path) => format!("{folder}/{path}"),
    }
}

fn is_python(file: &File) -> bool {
    file.path.extension() == "py"
}

fn read(release: &Release, file: &File) -> Result<Module, String> {
    if file.lfs.is_some() {
        return Err("it is a git-lfs pointer".to_owned());
    }
    if file.size > MAX_CODE_BYTES as u64 {
        return Err(crate::code::Unread::TooLong.to_string());
    }
    let source = release.text(file.id).map_err(ToString::to_string)?;
    Module::read(source.text()).map_err(|why| why.to_string())
}
